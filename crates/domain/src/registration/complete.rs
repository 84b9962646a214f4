//! Answers in order become what the register takes: its own columns, the narrative, the identity,
//! and under the seal everything else the form asked for.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Answers, Fault, blocks, is_asked, is_blank, key_of};
use crate::content::{Allegation, Identity, Registration, Subject, Tags};
use crate::rules::{FieldKind, FormRules, Seal, Section, TAGS, is_bound};
use crate::words::{Channel, Form, Source, Urgency};

/// Whether it is signed, and who looked into that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// 匿名
    No,
    /// 实名待核
    Unverified,
    /// 上级已核: not verified a second time.
    VerifiedAbove,
}

/// A form in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Completed {
    /// Which form.
    pub form: Form,
    /// 收到日期
    pub received_on: Date,
    /// 渠道
    pub channel: Channel,
    /// 来源
    pub source: Source,
    /// 紧急程度
    pub urgency: Urgency,
    /// The date in a superior's letter.
    pub superior_due: Option<Date>,
    /// 平台编号, 上级编号
    pub platform_number: Option<String>,
    /// 标题
    pub title: String,
    /// 原文、笔录
    pub text: String,
    /// 内容摘要, where the clerk wrote one.
    pub digest: Option<String>,
    /// 被反映人、单位
    pub subjects: Vec<Subject>,
    /// 反映问题
    pub allegations: Vec<Allegation>,
    /// 属地
    pub division: Option<String>,
    /// 来文机关、文号
    pub source_note: Option<String>,
    /// 署名
    pub signed: Signed,
    /// Who the reporter is, if she signed.
    pub identity: Option<Identity>,
    /// 五维标签
    pub tags: Tags,
    /// Everything else.
    pub registration: Registration,
}

/// Reads answers that [`super::check`] found in order.
///
/// # Errors
/// A field of the register itself cannot be read, which [`super::check`] would have said.
pub fn complete(form: &FormRules, answers: &Answers) -> Result<Completed, Fault> {
    let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    let unread = |key: &str| Fault {
        key: key.to_owned(),
        zh: "这一项没有读懂，请重新选择或填写。".to_owned(),
        en: "This field could not be read; choose or write it again.".to_owned(),
    };
    let signed = match answers.first("signing") {
        "anonymous" => Signed::No,
        "named_verified" => Signed::VerifiedAbove,
        _ => Signed::Unverified,
    };
    let (subjects, stands_at) = subjects(form, answers);
    let none_given = |text: &&str| !matches!(*text, "" | "无" | "none");
    let note = [answers.first("from_organ"), answers.first("document_number")];
    Ok(Completed {
        form: form.form,
        received_on: answers.first("received_on").parse().map_err(|_| unread("received_on"))?,
        channel: channel(form, answers),
        source: answers.first("source").parse().map_err(|_| unread("source"))?,
        urgency: answers.first("urgency").parse().map_err(|_| unread("urgency"))?,
        superior_due: answers.first("superior_due").parse().ok(),
        platform_number: Some(answers.first("platform_number")).filter(none_given).map(str::to_owned),
        title: text_of(form, answers, "title"),
        text: text_of(form, answers, "text"),
        digest: some(answers.first("digest")),
        allegations: allegations(form, answers, &stands_at),
        subjects,
        division: some(answers.first("division")).filter(|d| d != "unknown"),
        source_note: some(&note.into_iter().filter(none_given).collect::<Vec<_>>().join(" ")),
        signed,
        identity: (signed != Signed::No).then(|| Identity {
            name: answers.first("reporter_name").to_owned(),
            contact: answers.first("reporter_contact").to_owned(),
            further: rest(form, answers, Seal::Identity),
        }),
        tags: tags(answers),
        registration: Registration {
            form: form.form.to_string(),
            version: form.version.clone(),
            fields: rest(form, answers, Seal::Content),
        },
    })
}

fn tags(answers: &Answers) -> Tags {
    let mut tags = Tags::default();
    for name in TAGS {
        if let Some(words) = tags.of_mut(name) {
            *words = Tags::split(answers.first(name));
        }
    }
    tags
}

/// A text, or what stands in its place where it is not asked for.
fn text_of(form: &FormRules, answers: &Answers, name: &str) -> String {
    let Some((section, field)) = form.field(name) else { return String::new() };
    if is_asked(form, section, field, 1, answers) {
        return answers.first(name).to_owned();
    }
    let mut text = field.skipped.clone().unwrap_or_default();
    for other in form.sections.iter().flat_map(|s| &s.field) {
        text = text.replace(&format!("{{{}}}", other.name), answers.first(&other.name));
    }
    text
}

/// The channel chosen, else that of a chosen value, else the form's.
fn channel(form: &FormRules, answers: &Answers) -> Channel {
    if let Ok(chosen) = answers.first("channel").parse()
        && form.field("channel").is_some()
    {
        return chosen;
    }
    let fields = form.sections.iter().filter(|s| !s.repeats()).flat_map(|s| &s.field);
    let of_value = fields
        .filter(|f| f.kind == FieldKind::Choice)
        .find_map(|f| f.values.iter().find(|v| v.code == answers.first(&f.name)).and_then(|v| v.channel));
    of_value.unwrap_or(form.channel)
}

fn section<'a>(form: &'a FormRules, id: &str) -> Option<&'a Section> {
    form.sections.iter().find(|s| s.id == id)
}

/// The persons and units that have a name, a unit or a post, and where each block went.
pub(super) fn subjects(form: &FormRules, answers: &Answers) -> (Vec<Subject>, BTreeMap<u8, usize>) {
    let mut subjects = Vec::new();
    let mut at = BTreeMap::new();
    let Some(section) = section(form, "subjects").filter(|s| is_shown(form, s, answers)) else {
        return (subjects, at);
    };
    for n in 1..=blocks(section, answers) {
        let given = |name: &str| Some(answers.first(&format!("{name}{n}")).to_owned()).filter(|t| !t.is_empty());
        let subject = Subject {
            name: given("name"),
            unit: given("unit"),
            post: given("post"),
            rank: given("rank").and_then(|r| r.parse().ok()),
        };
        if subject.name.is_some() || subject.unit.is_some() || subject.post.is_some() {
            at.insert(n, subjects.len());
            subjects.push(subject);
        }
    }
    (subjects, at)
}

fn allegations(form: &FormRules, answers: &Answers, subjects: &BTreeMap<u8, usize>) -> Vec<Allegation> {
    let nothing =
        Allegation { id: 1, subject: subjects.values().next().copied(), problem: None, summary: String::new() };
    let Some(section) = section(form, "allegations").filter(|s| is_shown(form, s, answers)) else {
        return vec![nothing];
    };
    (1..=blocks(section, answers))
        .filter(|n| *n == 1 || !is_blank(section, *n, answers))
        .zip(1u16..)
        .map(|(n, id)| Allegation {
            id,
            subject: answers
                .first(&format!("about{n}"))
                .parse()
                .ok()
                .and_then(|about: u8| subjects.get(&about).copied()),
            problem: Some(answers.first(&format!("problem{n}")).to_owned()).filter(|p| !p.is_empty() && p != "unknown"),
            summary: answers.first(&format!("summary{n}")).to_owned(),
        })
        .collect()
}

fn is_shown(form: &FormRules, section: &Section, answers: &Answers) -> bool {
    section.field.first().is_some_and(|field| is_asked(form, section, field, 1, answers))
}

/// The answers without a place of their own, that rest where `sealed` says.
fn rest(form: &FormRules, answers: &Answers, sealed: Seal) -> BTreeMap<String, Vec<String>> {
    let mut rest = BTreeMap::new();
    for section in &form.sections {
        for n in 1..=blocks(section, answers) {
            for field in section.field.iter().filter(|f| f.sealed == sealed && !is_bound(&f.name)) {
                let key = key_of(section, field, n);
                let values = answers.all(&key);
                let empty = section.repeats() && n > 1 && is_blank(section, n, answers);
                if !values.is_empty() && !empty && is_asked(form, section, field, n, answers) {
                    rest.insert(key, values.iter().map(|v| v.trim().to_owned()).collect());
                }
            }
        }
    }
    rest
}
