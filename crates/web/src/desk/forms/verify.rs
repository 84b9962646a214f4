//! 实名核实: what is asked of whoever looked into a name, and what it comes to.

use domain::report::Command;
use domain::words::{ContactWay, Signing};
use office::report::Act;

use super::{Maker, Missing, Need, Pairs, one};
use crate::answers::value;
use crate::desk::page::FieldView;
use crate::public::draft::clean;

/// The three questions of 实名核实: who she is, whether she filed it herself, the main points.
const QUESTIONS: [&str; 3] = ["asked_identity", "asked_herself", "asked_matter"];
/// What may be answered to each.
const ASKED: [&str; 3] = ["yes", "no", "unreached"];

fn question_label(question: &str) -> &'static str {
    match question {
        "asked_identity" => "field-asked_identity",
        "asked_herself" => "field-asked_herself",
        _ => "field-asked_matter",
    }
}

impl Maker<'_> {
    pub(super) fn verification(&self) -> Vec<FieldView> {
        let results = [Signing::NamedVerified, Signing::FalseName, Signing::NamedPending];
        let answers = || ASKED.map(|word| (word.to_owned(), self.voice.t(&format!("asked-{word}")))).to_vec();
        let asked = QUESTIONS.map(|question| self.choice(question, answers()));
        [
            self.choice("contact_way", self.words(ContactWay::ALL)),
            self.field("verified_at", "datetime-local", Need::Must),
        ]
        .into_iter()
        .chain(asked)
        .chain([self.choice("signing", self.words(&results)), self.long("text", Need::May)])
        .collect()
    }

    /// 实名核实: how, when, what was asked and what came out, under the seal; who asked is the event's.
    pub(super) fn verified(&self, pairs: &Pairs) -> Result<Act, Missing> {
        let way: ContactWay = one(pairs, "contact_way")?;
        let at: jiff::civil::DateTime =
            value(pairs, "verified_at").parse().map_err(|_| Missing("field-verified_at"))?;
        if at.date() > self.seat.hall().clock.today() {
            return Err(Missing("verify-in-future"));
        }
        let mut fields =
            std::collections::BTreeMap::from([("way".to_owned(), way.to_string()), ("at".to_owned(), at.to_string())]);
        let mut said = vec![self.voice.word(&way), format!("{} {:02}:{:02}", at.date(), at.hour(), at.minute())];
        for question in QUESTIONS {
            let answer = value(pairs, question);
            if !ASKED.contains(&answer) {
                return Err(Missing(question_label(question)));
            }
            fields.insert(question.to_owned(), answer.to_owned());
            let label = self.voice.t(&format!("field-{question}"));
            said.push(format!("{label}：{}", self.voice.t(&format!("asked-{answer}"))));
        }
        let note = clean(value(pairs, "text"));
        said.extend(Some(note).filter(|note| !note.is_empty()));
        let signing = one(pairs, "signing")?;
        // 实名已核 says that the three questions were answered with yes.
        if signing == Signing::NamedVerified && QUESTIONS.iter().any(|question| value(pairs, question) != "yes") {
            return Err(Missing("verify-contradicts"));
        }
        let mut act = Act::plain(Command::VerifyName { signing });
        act.text = Some(domain::content::StaffText { text: said.join("；"), fields });
        act.seen = value(pairs, "seen").parse().ok();
        Ok(act)
    }
}
