//! The public pages' templates: one struct per page with what it shows. They know nothing of
//! requests, of the register or of time.

use std::ops::Deref;
use std::sync::Arc;

use askama::Template;
use domain::words::{Rank, Rating};
use jiff::civil::Date;
use office::log::TrustedLog;
use triage::caution::Caution;

use super::draft::Draft;
use crate::assets;
use crate::locale::{self, Lang, Voice};

/// What every public page shows: language, organ, and where it is.
#[derive(Debug, Clone)]
pub struct PublicPage {
    /// Language and edition.
    pub voice: Voice,
    /// Name of the organ in this language.
    pub organ: String,
    /// Address of this page without the language prefix, for the link to the other language.
    pub here: String,
    /// Address under which this organ's pages stand, `/` and its code.
    pub base: String,
    /// Places to choose from, each before those within it.
    pub divisions: Arc<Vec<Place>>,
    /// Kinds of problem in plain words, each with its code.
    pub problems: Arc<Vec<(String, String)>>,
}

/// A place to choose: the organ's own division or one of the two levels within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Division code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Name of the place it lies in, below the organ's own; empty where there is none.
    pub above: String,
}

impl Place {
    /// Its name with that of the place it lies in, as a list without groups shows it.
    pub fn label(&self) -> String {
        format!("{}{}", self.above, self.name)
    }
}

impl Deref for PublicPage {
    type Target = Voice;
    fn deref(&self) -> &Voice {
        &self.voice
    }
}

impl PublicPage {
    /// Value of the `lang` attribute.
    pub fn tag(&self) -> &'static str {
        locale::tag(self.voice.lang)
    }

    /// An address of this site in the page's language.
    pub fn link(&self, path: &str) -> String {
        format!("{}{}{}", self.base, locale::prefix(self.voice.lang), path.trim_end_matches('/'))
    }

    /// The hashed address of an embedded file.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }

    fn other(&self) -> Lang {
        match self.voice.lang {
            Lang::Zh => Lang::En,
            Lang::En => Lang::Zh,
        }
    }

    /// `lang` of the other language.
    pub fn other_tag(&self) -> &'static str {
        locale::tag(self.other())
    }

    /// This page in the other language; a page reached by POST leads to its start.
    pub fn other_language(&self) -> String {
        format!("{}{}{}", self.base, locale::prefix(self.other()), self.here.trim_end_matches('/'))
    }

    /// Ranks to choose from, in words, the unknown one left to the caller.
    pub fn ranks(&self) -> Vec<(&'static str, String)> {
        Rank::ALL.iter().filter(|r| **r != Rank::Unknown).map(|r| (r.as_str(), self.voice.word(r))).collect()
    }

    /// Ratings to choose from.
    pub fn ratings(&self) -> Vec<(&'static str, String)> {
        Rating::ALL.iter().map(|r| (r.as_str(), self.voice.word(r))).collect()
    }

    /// Places to choose from, those of one county together; the first of a group is the county itself.
    pub fn places(&self) -> Vec<&[Place]> {
        let mut groups: Vec<&[Place]> = Vec::new();
        let mut from = 0;
        for at in 1..=self.divisions.len() {
            if self.divisions.get(at).is_none_or(|next| next.above.is_empty()) {
                groups.push(&self.divisions[from..at]);
                from = at;
            }
        }
        groups
    }

    /// Name of a division, or its code where it is not in the list.
    pub fn division_name(&self, code: &str) -> String {
        self.divisions.iter().find(|place| place.code == code).map_or_else(|| code.to_owned(), Place::label)
    }

    /// A kind of problem in plain words, or its code where it is not in the list.
    pub fn problem_name(&self, code: &str) -> String {
        self.problems.iter().find(|(c, _)| c == code).map_or_else(|| code.to_owned(), |(_, name)| name.clone())
    }
}

/// A sentence about one field; `field` is the id to jump to, empty for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Id of the input.
    pub field: String,
    /// What to do.
    pub text: String,
}

/// Which organ: shown where several keep their registers here.
#[derive(Template)]
#[template(path = "public/organs.html")]
pub struct Organs {
    /// Frame; its organ is empty.
    pub p: PublicPage,
    /// Address and name of each.
    pub organs: Vec<(String, String)>,
}

/// The first page.
#[derive(Template)]
#[template(path = "public/home.html")]
pub struct Home {
    /// Frame.
    pub p: PublicPage,
}

/// 使用须知.
#[derive(Template)]
#[template(path = "public/guide.html")]
pub struct Guide {
    /// Frame.
    pub p: PublicPage,
}

/// 凭证核验: everything the browser needs to check a proof by itself.
#[derive(Template)]
#[template(path = "public/verify.html")]
pub struct Verify {
    /// Frame.
    pub p: PublicPage,
    /// Keys of the logs published here.
    pub logs: Vec<TrustedLog>,
    /// Whom the page believes, as lines of a policy (C2SP tlog-policy); empty before any publication.
    pub policy: String,
}

impl Verify {
    /// What the script says, by key; names in braces are filled in by it.
    fn words(&self) -> Vec<(&'static str, String)> {
        let fill = |(key, names): &(&'static str, &[&str])| {
            let args: Vec<(&str, String)> = names.iter().map(|name| (*name, format!("{{{name}}}"))).collect();
            (*key, self.p.ta(key, &args))
        };
        SAID_BY_THE_VERIFIER.iter().map(fill).collect()
    }

    /// Hexadecimal digits in groups of eight.
    fn grouped(&self, digits: &str) -> String {
        digits.as_bytes().chunks(8).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }
}

/// Keys of what `verify.js` says, each with the names it fills in.
const SAID_BY_THE_VERIFIER: &[(&str, &[&str])] = &[
    ("verify-busy", &[]),
    ("verify-step-read-filing", &["day"]),
    ("verify-step-read-paper", &["day"]),
    ("verify-step-opening", &[]),
    ("verify-step-promise", &["origin", "due"]),
    ("verify-step-signature", &["origin", "size"]),
    ("verify-step-witnesses", &["count", "names"]),
    ("verify-step-no-witness", &[]),
    ("verify-step-included", &["index", "size", "hashes"]),
    ("verify-step-file", &[]),
    ("verify-sound-filing", &["day"]),
    ("verify-sound-paper", &["day"]),
    ("verify-sound-paper-alone", &["day"]),
    ("verify-sound-promise", &["due"]),
    ("verify-not-sound", &[]),
    ("verify-commitment", &["commitment"]),
    ("verify-key-here", &["name"]),
    ("verify-key-given", &["name"]),
    ("verify-scanned", &["tenant", "day"]),
    ("verify-fault-format", &["place"]),
    ("verify-fault-long", &[]),
    ("verify-fault-missing", &["place"]),
    ("verify-fault-opening", &[]),
    ("verify-fault-note", &["place"]),
    ("verify-fault-unsigned", &["names"]),
    ("verify-fault-signature", &["name"]),
    ("verify-fault-origin", &["found", "expected"]),
    ("verify-fault-disagrees", &[]),
    ("verify-fault-quorum", &["quorum", "found"]),
    ("verify-fault-range", &[]),
    ("verify-fault-length", &["expected", "found"]),
    ("verify-fault-root", &[]),
    ("verify-fault-filing", &[]),
    ("verify-fault-other", &[]),
    ("verify-fault-scanned", &[]),
    ("verify-fault-key", &[]),
    ("verify-fault-witness-key", &["name"]),
    ("verify-fault-log-key", &["name"]),
    ("verify-fault-policy", &["name"]),
    ("verify-fault-no-key", &[]),
    ("verify-choose", &[]),
    ("verify-choose-pdf", &[]),
    ("verify-choose-swapped", &[]),
    ("verify-choose-empty", &[]),
    ("verify-choose-other", &[]),
    ("verify-choose-unreadable", &[]),
];

/// Step 1: who it is about.
#[derive(Template)]
#[template(path = "public/who.html")]
pub struct Who {
    /// Frame.
    pub p: PublicPage,
    /// Her answers so far.
    pub d: Draft,
    /// What is still to be put right.
    pub errors: Vec<FieldError>,
}

/// Step 2: what happened, files, signing.
#[derive(Template)]
#[template(path = "public/what.html")]
pub struct What {
    /// Frame.
    pub p: PublicPage,
    /// Her answers so far.
    pub d: Draft,
    /// What is still to be put right.
    pub errors: Vec<FieldError>,
}

/// Step 3: look it over, with what may give her away.
#[derive(Template)]
#[template(path = "public/review.html")]
pub struct Review {
    /// Frame.
    pub p: PublicPage,
    /// Her answers.
    pub d: Draft,
    /// What is still to be put right.
    pub errors: Vec<FieldError>,
    /// Places that may give her away.
    pub cautions: Vec<Caution>,
    /// Her text in pieces; `true` marks one that may give her away.
    pub pieces: Vec<(String, bool)>,
    /// The ticket, paid for by solving its puzzle where scripts run.
    pub ticket: String,
    /// How many leading zero bits the solution needs.
    pub bits: u8,
}

/// The short wait of a browser without scripts.
#[derive(Template)]
#[template(path = "public/wait.html")]
pub struct Wait {
    /// Frame.
    pub p: PublicPage,
    /// Everything she wrote.
    pub pairs: Vec<(String, String)>,
    /// The wait ticket.
    pub ticket: String,
    /// Files were chosen and have to be chosen again.
    pub files: bool,
    /// Seconds to wait.
    pub seconds: u32,
}

impl Wait {
    /// The class that runs the bar for about as long as the wait.
    fn bar(&self) -> String {
        let steps = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];
        let fitting = steps.into_iter().find(|s| *s >= self.seconds).unwrap_or(600);
        format!("dw-bar_{fitting}")
    }
}

/// The query code.
#[derive(Template)]
#[template(path = "public/code.html")]
pub struct Code {
    /// Frame.
    pub p: PublicPage,
    /// Key of the sentence above the code: a first code, or a new one.
    pub lead: &'static str,
    /// The code, 20 characters.
    pub code: String,
    /// The report's number.
    pub number: String,
    /// Day of receipt.
    pub received_on: Date,
}

impl Code {
    /// The code in fives.
    fn fives(&self) -> Vec<String> {
        let plain: Vec<char> = self.code.chars().filter(char::is_ascii_alphanumeric).collect();
        plain.chunks(5).map(|c| c.iter().collect()).collect()
    }

    /// The code letter by letter, for a screen reader.
    fn spoken(&self) -> String {
        let letters: Vec<String> =
            self.fives().iter().map(|five| five.chars().map(String::from).collect::<Vec<_>>().join(" ")).collect();
        self.p.t1("code-spoken", "code", letters.join(", "))
    }
}

/// Entering the code.
#[derive(Template)]
#[template(path = "public/enter.html")]
pub struct Enter {
    /// Frame.
    pub p: PublicPage,
    /// What she typed, to be corrected.
    pub code: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// What she wrote on the page before, which could not be taken.
    pub kept: String,
}

/// One line of the timeline.
#[derive(Debug, Clone)]
pub struct Step {
    /// The day.
    pub on: Date,
    /// What happened, in plain words.
    pub text: String,
}

/// One message of the thread.
#[derive(Debug, Clone)]
pub struct Message {
    /// The day.
    pub on: Date,
    /// From the office; else from her.
    pub from_office: bool,
    /// Plain text.
    pub text: String,
}

/// What the status page shows of a report. Never narrative, evidence, name or contact.
#[derive(Debug, Clone)]
pub struct Status {
    /// The code, so that her next step carries it.
    pub code: String,
    /// One-time token of the form that replaces the code.
    pub once: String,
    /// How much she did herself when this page was made: a form sent twice carries it twice.
    pub acts: u32,
    /// The number.
    pub number: String,
    /// Where it stands, in plain words.
    pub state: String,
    /// The next steps with their dates, in plain words.
    pub next: Vec<String>,
    /// What happened so far.
    pub timeline: Vec<Step>,
    /// Messages both ways.
    pub messages: Vec<Message>,
    /// Evidence may be added.
    pub may_add: bool,
    /// An objection may be made.
    pub may_object: bool,
    /// The work may be rated.
    pub may_rate: bool,
}

/// What she wrote that could not be taken, so that nothing is lost.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// A message.
    pub message: String,
    /// Words with evidence.
    pub evidence: String,
    /// An objection.
    pub objection: String,
}

impl Kept {
    /// All of it, to be read and copied.
    pub fn words(&self) -> String {
        let all = [&self.message, &self.evidence, &self.objection];
        all.into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>().join("\n")
    }
}

/// The status page.
#[derive(Template)]
#[template(path = "public/status.html")]
pub struct StatusPage {
    /// Frame.
    pub p: PublicPage,
    /// What is shown.
    pub s: Status,
    /// What went wrong.
    pub errors: Vec<FieldError>,
    /// What was just done, in words; empty for nothing.
    pub done: String,
    /// Texts that could not be taken.
    pub kept: Kept,
}

/// The neutral page after 快速离开.
#[derive(Template)]
#[template(path = "public/away.html")]
pub struct Away {
    /// Frame.
    pub p: PublicPage,
}

/// A page that only says something.
#[derive(Template)]
#[template(path = "public/message.html")]
pub struct Said {
    /// Frame.
    pub p: PublicPage,
    /// Heading.
    pub heading: String,
    /// What to know or do.
    pub text: String,
    /// What she wrote, where it could not be taken.
    pub kept: String,
}

impl Said {
    /// A sentence, with nothing of hers to be kept.
    pub const fn new(p: PublicPage, heading: String, text: String) -> Self {
        Self { p, heading, text, kept: String::new() }
    }
}

/// Nothing could be stored: her text is on the page, and a button to try again.
#[derive(Template)]
#[template(path = "public/problem.html")]
pub struct Problem {
    /// Frame.
    pub p: PublicPage,
    /// What happened and what to do.
    pub sentence: String,
    /// Where the button submits to, without the language prefix.
    pub action: &'static str,
    /// Everything she wrote, for the button.
    pub pairs: Vec<(String, String)>,
    /// Files were chosen and have to be chosen again.
    pub files: bool,
    /// Her text, to be read and copied.
    pub said: String,
}
