//! What people wrote: the sealed part of an event, as plain structures before sealing.
//!
//! These types never stand in a table. `office` serialises them to JSON and `seal` turns the JSON
//! into an envelope; the register's plain columns never repeat a word of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::words::{Disposition, Finding, Rank};

/// 反映人's words and who they are about; sealed with `Received` and replaced by corrections.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Narrative {
    /// Title, at most 60 characters; may be empty.
    pub title: String,
    /// The text as given.
    pub text: String,
    /// 被反映人/单位.
    pub subjects: Vec<Subject>,
    /// 问题条目: empty at intake; the clerk or the funnel's draft fills it.
    pub allegations: Vec<Allegation>,
    /// 内容摘要, at most 500 characters.
    pub digest: Option<Digest>,
    /// Files attached.
    #[serde(default)]
    pub files: Vec<Attachment>,
    /// Division code of the matter's place (GB/T 2260), where known.
    pub division: Option<String>,
    /// Where it came from in words, for transferred items (organ, document number).
    pub source_note: Option<String>,
    /// Exact time of entry, Unix microseconds; only ever sealed.
    pub entered_at: i64,
    /// 五维标签
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    pub tags: Tags,
    /// What else the form asked for, where it was registered by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<Registration>,
}

/// Answers of a registration form (`rules/forms`) that have no place of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Which form, as [`crate::words::Form`] spells it.
    pub form: String,
    /// Version of the form's file.
    pub version: String,
    /// Values by field; a field of the second person or problem is called `alias2`.
    pub fields: BTreeMap<String, Vec<String>>,
}

impl Narrative {
    /// The words in which somebody of the staff may be named as concerned: title, text, digest,
    /// summaries, and of a registration form what it says about persons.
    pub fn naming(&self) -> impl Iterator<Item = &str> {
        let digest = self.digest.iter().map(|d| d.text.as_str());
        let summaries = self.allegations.iter().map(|a| a.summary.as_str());
        let form = self.registration.iter().flat_map(|r| r.naming());
        let tags = self.tags.all().flat_map(|(_, words)| words).map(String::as_str);
        [self.title.as_str(), self.text.as_str()].into_iter().chain(digest).chain(summaries).chain(tags).chain(form)
    }
}

/// 五维标签 (人、地、事、物、组织): what a report speaks of, suggested by the funnel and put right by people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tags {
    /// 人
    pub persons: Vec<String>,
    /// 地
    pub places: Vec<String>,
    /// 事
    pub events: Vec<String>,
    /// 物
    pub objects: Vec<String>,
    /// 组织
    pub organs: Vec<String>,
}

impl Tags {
    /// Words in one dimension at most.
    pub const MOST: usize = 8;

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Each dimension by the name of its field in forms, in the order of the page.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &Vec<String>)> {
        let words = [&self.persons, &self.places, &self.events, &self.objects, &self.organs];
        crate::rules::TAGS.into_iter().zip(words)
    }

    /// The dimension with this field's name.
    pub fn of_mut(&mut self, field: &str) -> Option<&mut Vec<String>> {
        let at = crate::rules::TAGS.iter().position(|name| *name == field)?;
        let words = [&mut self.persons, &mut self.places, &mut self.events, &mut self.objects, &mut self.organs];
        words.into_iter().nth(at)
    }

    /// Words as a person writes them in one line, each once and not more than [`Tags::MOST`].
    pub fn split(written: &str) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for word in written.split(['、', '，', ',', '；', ';', '\n']).map(str::trim).filter(|w| !w.is_empty()) {
            if words.len() < Self::MOST && words.iter().all(|w| w != word) {
                words.push(word.to_owned());
            }
        }
        words
    }
}

impl Registration {
    /// Answers that say who is concerned or who is to keep away. Who signed an instruction or to
    /// whom an envelope was addressed is named there for another reason.
    const NAMING: [&str; 5] = ["who", "what", "proof", "wants", "recusal_asked"];

    /// The answers in which somebody of the staff may be named as concerned.
    pub fn naming(&self) -> impl Iterator<Item = &str> {
        let concerned = |name: &str| Self::NAMING.contains(&name) || name.starts_with("alias");
        self.fields.iter().filter(move |(name, _)| concerned(name)).flat_map(|(_, texts)| texts).map(String::as_str)
    }
}

/// 被反映人 or 被反映单位.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// 姓名
    #[serde(default)]
    pub name: Option<String>,
    /// 单位
    #[serde(default)]
    pub unit: Option<String>,
    /// 职务
    #[serde(default)]
    pub post: Option<String>,
    /// 职级
    #[serde(default)]
    pub rank: Option<Rank>,
}

/// One problem, about one subject; truth is recorded per allegation (M102).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allegation {
    /// 1, 2, 3 … within the report; never reused.
    pub id: u16,
    /// Index into `Narrative::subjects`, if known.
    pub subject: Option<usize>,
    /// Problem class code of `rules/problems`, if judged.
    pub problem: Option<String>,
    /// 问题概述, at most 200 characters.
    pub summary: String,
}

/// 内容摘要.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// At most 500 characters.
    pub text: String,
    /// 机拟: offered by the program and not yet touched by a person.
    pub drafted: bool,
}

/// Who the reporter is: the identity envelope's content. An anonymous report seals a dummy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the person or unit.
    pub name: String,
    /// One way to reach her.
    pub contact: String,
    /// What else a clerk was told of her, by field of `rules/forms`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub further: BTreeMap<String, Vec<String>>,
}

/// A text a member of staff wrote (拟办意见, 批示, finding's reasons, feedback, note), sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffText {
    /// The words.
    pub text: String,
    /// Further fields by name, e.g. `organ` for the competent organ named to the reporter.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
}

impl StaffText {
    const DISPOSITION: &str = "disposition";
    const BASIS: &str = "basis";

    /// 拟答复 (xf) with what it says to the request and the law it rests on, one article a line.
    #[must_use]
    pub fn deciding(mut self, disposition: Disposition, basis: &str) -> Self {
        self.fields.insert(Self::DISPOSITION.to_owned(), disposition.as_str().to_owned());
        self.fields.insert(Self::BASIS.to_owned(), basis.trim().to_owned());
        self
    }

    /// What a drafted reply says to the request; `None` where nobody decided.
    pub fn disposition(&self) -> Option<Disposition> {
        self.fields.get(Self::DISPOSITION)?.parse().ok()
    }

    /// The law a drafted reply rests on, one entry each; empty where nobody named any.
    pub fn basis(&self) -> Vec<String> {
        let lines = self.fields.get(Self::BASIS).map_or("", String::as_str).lines();
        lines.map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// Reasons of one finding, sealed beside the plain `Finding`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingText {
    /// Which allegation.
    pub allegation: u16,
    /// The finding, repeated inside the seal so that it is self-contained.
    pub finding: Finding,
    /// Reasons.
    pub reasons: String,
}

/// An attached file; its bytes are a sealed blob, its name and type stand only here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Blob id, 32 hexadecimal digits.
    pub blob: String,
    /// File name as given, cleaned of paths and control characters.
    pub name: String,
    /// Media type as sniffed, never as claimed.
    pub media_type: String,
    /// Bytes of the plain file.
    pub size: u64,
    /// SHA-256 of the plain file, hexadecimal.
    pub sha256: String,
}
