//! `rules/forms`: what is asked when a letter, a visit, a call or a transferred item is registered
//! by hand. A file lists sections of fields; the shared file is read into each form, and a field a
//! form defines itself stands in place of the shared one of the same name.
//!
//! It knows how a form looks and what it demands; how answers are read is `crate::registration`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;

use super::{RulesError, parse};
use crate::words::{Channel, Edition, Form, Lang};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// One line, at most `max` characters.
    Text,
    /// Several lines, at most `max` characters together.
    Long,
    /// One thing a line, at most `max` lines of 100 characters.
    List,
    /// A whole number, at most `max`.
    Number,
    /// A day.
    Date,
    /// A day, a month or a year alone: 2025, 2025-03, 2025-03-18.
    Period,
    /// Day and time, to the minute.
    Time,
    /// One value of a list.
    Choice,
    /// Several values of a list.
    Multi,
    /// Ticked or not.
    Tick,
}

/// When a field must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// ●: whenever it is kept as more than a draft.
    Save,
    /// ◐: before it is submitted.
    Submit,
    /// ○
    #[default]
    Optional,
}

/// Where a value rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seal {
    /// Under the report's content key.
    #[default]
    Content,
    /// In the identity envelope, which three parties open.
    Identity,
    /// In a plain column the register has anyway; only the fields the program knows by name.
    Clear,
}

/// Lists that stand elsewhere: in other rules files, in the directory, or among the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValueList {
    /// 来源, words of the program.
    Sources,
    /// 渠道, words of the program.
    Channels,
    /// 紧急程度, `rules/marks`.
    Urgency,
    /// 紧急事由, `rules/marks`.
    UrgencyReasons,
    /// 密级, `rules/marks`.
    Secrecy,
    /// 职级, `rules/ranks`.
    Ranks,
    /// 问题类别, `rules/problems`.
    Problems,
    /// 行业领域, `rules/sectors`.
    Sectors,
    /// 专项标签, `rules/ledgers`.
    Ledgers,
    /// 拟办意见, `rules/opinions`.
    Opinions,
    /// 属地, `rules/divisions`.
    Divisions,
    /// Members of staff.
    Staff,
    /// Units of the directory, offered for a text.
    Units,
    /// Other organs of the directory, offered for a text.
    Organs,
    /// The persons and units entered on the same form, by number.
    Subjects,
}

/// One value of a list that stands in the form itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Stored spelling; never reused.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The channel such a report came by, where it is not the form's.
    #[serde(default)]
    pub channel: Option<Channel>,
}

/// Holds where a field has one of these values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// A field of the same block, or else of the form.
    pub field: String,
    /// Its values.
    pub is: Vec<String>,
}

/// A value that may be chosen only to be told why it cannot be registered here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// The value.
    pub code: String,
    /// Why and what to do instead.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name in forms and in the sealed part; never reused for something else.
    pub name: String,
    /// Label in Chinese.
    pub zh: String,
    /// Label in English.
    pub en: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: FieldKind,
    /// Limit; see [`FieldKind`].
    #[serde(default)]
    pub max: Option<u32>,
    /// When it must be filled.
    #[serde(default)]
    pub need: Need,
    /// Only in this edition.
    #[serde(default)]
    pub edition: Option<Edition>,
    /// Where its value rests.
    #[serde(default)]
    pub sealed: Seal,
    /// Values of its own.
    #[serde(default)]
    pub values: Vec<Value>,
    /// Values that stand elsewhere: to choose from, or offered for a text.
    #[serde(default)]
    pub list: Option<ValueList>,
    /// What an empty form shows: a value, `today`, `now` or `me`.
    #[serde(default)]
    pub default: Option<String>,
    /// It must be filled only where this holds.
    #[serde(default)]
    pub when: Option<Condition>,
    /// It is not asked for where this holds.
    #[serde(default)]
    pub unless: Option<Condition>,
    /// What stands in its place where it is not asked for; `{field}` is filled with that answer.
    #[serde(default)]
    pub skipped: Option<String>,
    /// A value with which nothing is registered.
    #[serde(default)]
    pub refuse: Option<Refused>,
    /// A day that cannot lie ahead.
    #[serde(default)]
    pub past: bool,
    /// Checked as a citizen identity number (GB 11643) where this holds.
    #[serde(default)]
    pub identity_number: Option<Condition>,
    /// Its answer is offered for this field too, while that one is empty.
    #[serde(default)]
    pub fills: Option<String>,
    /// Hidden from who handles an anonymous report: it could tell who wrote.
    #[serde(default)]
    pub may_identify: bool,
    /// Columns of the page it takes, of four.
    #[serde(default = "one")]
    pub width: u8,
    /// What to write, one sentence in Chinese.
    #[serde(default)]
    pub help_zh: String,
    /// The same in English.
    #[serde(default)]
    pub help_en: String,
}

const fn one() -> u8 {
    1
}

impl Field {
    /// Its label in a language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// What to write; empty where the label says it all.
    pub fn help(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.help_zh,
            Lang::En => &self.help_en,
        }
    }

    /// Whether it takes its value from a list.
    pub fn is_chosen(&self) -> bool {
        matches!(self.kind, FieldKind::Choice | FieldKind::Multi)
    }
}

/// Fields that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Name.
    pub id: String,
    /// Heading in Chinese.
    pub zh: String,
    /// Heading in English.
    pub en: String,
    /// It may be filled so many times; 1 for once.
    #[serde(default = "one")]
    pub repeat: u8,
    /// Nothing of it is asked for where this holds.
    #[serde(default)]
    pub unless: Option<Condition>,
    /// Its fields.
    pub field: Vec<Field>,
}

impl Section {
    /// Its heading in a language.
    pub fn heading(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Whether it is filled several times.
    pub fn repeats(&self) -> bool {
        self.repeat > 1
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    effective: Date,
    source: String,
    #[serde(default)]
    channel: Option<Channel>,
    #[serde(default)]
    order: Vec<String>,
    #[serde(default)]
    text_from: Vec<String>,
    section: Vec<Section>,
}

/// One form: the sections of its file and of the shared one, in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRules {
    /// Which.
    pub form: Form,
    /// Version of its file.
    pub version: String,
    /// How such reports come, unless a field or a value says otherwise.
    pub channel: Channel,
    /// Fields whose answers make up the text while it is empty.
    pub text_from: Vec<String>,
    /// Sections.
    pub sections: Vec<Section>,
}

impl FormRules {
    /// The form as an edition shows it.
    pub fn of(&self, edition: Edition) -> Self {
        let mut own = self.clone();
        for section in &mut own.sections {
            section.field.retain(|f| f.edition.is_none_or(|only| only == edition));
        }
        own
    }

    /// The form without some of its fields.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.sections.iter_mut().for_each(|section| section.field.retain(|f| !names.contains(&f.name.as_str())));
        self
    }

    /// A field by its name, with its section.
    pub fn field(&self, name: &str) -> Option<(&Section, &Field)> {
        self.sections.iter().find_map(|s| s.field.iter().find(|f| f.name == name).map(|f| (s, f)))
    }
}

/// The fields the program itself reads, with what they must be: name, kind, where it rests, and
/// the section it must stand in for repeated ones.
const BOUND: &[(&str, FieldKind, Seal, &str)] = &[
    ("received_on", FieldKind::Date, Seal::Clear, ""),
    ("source", FieldKind::Choice, Seal::Clear, ""),
    ("urgency", FieldKind::Choice, Seal::Clear, ""),
    ("signing", FieldKind::Choice, Seal::Clear, ""),
    ("secrecy", FieldKind::Choice, Seal::Content, ""),
    ("division", FieldKind::Choice, Seal::Content, ""),
    ("title", FieldKind::Text, Seal::Content, ""),
    ("text", FieldKind::Long, Seal::Content, ""),
    ("digest", FieldKind::Long, Seal::Content, ""),
    ("reporter_name", FieldKind::Text, Seal::Identity, ""),
    ("reporter_contact", FieldKind::Text, Seal::Identity, ""),
    ("name", FieldKind::Text, Seal::Content, "subjects"),
    ("unit", FieldKind::Text, Seal::Content, "subjects"),
    ("post", FieldKind::Text, Seal::Content, "subjects"),
    ("rank", FieldKind::Choice, Seal::Content, "subjects"),
    ("about", FieldKind::Choice, Seal::Content, "allegations"),
    ("problem", FieldKind::Choice, Seal::Content, "allegations"),
    ("summary", FieldKind::Text, Seal::Content, "allegations"),
];

/// Plain columns a form may fill besides.
const MAY_BE_CLEAR: &[(&str, FieldKind)] =
    &[("channel", FieldKind::Choice), ("superior_due", FieldKind::Date), ("platform_number", FieldKind::Text)];

/// 五维标签: fields that fill [`crate::content::Tags`], where a form has them.
pub const TAGS: [&str; 5] = ["tag_person", "tag_place", "tag_event", "tag_object", "tag_organ"];

/// The names the program keeps in places of their own; everything else goes into the registration.
pub(crate) fn is_bound(name: &str) -> bool {
    // 密级 is checked and then kept with the rest.
    let bound = name != "secrecy" && BOUND.iter().any(|(n, ..)| *n == name);
    bound || MAY_BE_CLEAR.iter().any(|(n, _)| *n == name) || TAGS.contains(&name)
}

/// Names of the fields that steer a page and are never those of a form.
const TAKEN: &[&str] = &["csrf", "token", "draft", "form", "file", "count", "do"];

pub(super) fn read(files: &BTreeMap<String, String>) -> Result<BTreeMap<Form, FormRules>, RulesError> {
    let shared_path = "forms/shared.toml";
    let shared: File = parse(files, shared_path)?;
    let mut forms = BTreeMap::new();
    for form in Form::ALL {
        let path = format!("forms/{form}.toml");
        let own: File = parse(files, &path)?;
        let wrong = |problem: String| RulesError::new(&path, problem);
        for file in [&shared, &own] {
            if file.version.trim().is_empty() || file.source.trim().is_empty() || file.effective.year() < 1949 {
                return Err(wrong(
                    "`version`, `effective` and `source` say where the form comes from; fill them".into(),
                ));
            }
        }
        let mine: BTreeSet<&str> = own.section.iter().flat_map(|s| &s.field).map(|f| f.name.as_str()).collect();
        let mut sections = Vec::new();
        for id in &own.order {
            if let Some(section) = own.section.iter().find(|s| s.id == *id) {
                sections.push(section.clone());
            } else if let Some(section) = shared.section.iter().find(|s| s.id == *id) {
                let mut section = section.clone();
                section.field.retain(|f| !mine.contains(f.name.as_str()));
                sections.push(section);
            } else {
                return Err(wrong(format!(
                    "`order` names the section {id}, which neither this file nor {shared_path} has"
                )));
            }
        }
        if let Some(lost) = own.section.iter().find(|s| !own.order.contains(&s.id)) {
            return Err(wrong(format!("the section {} stands nowhere in `order`; add it there", lost.id)));
        }
        let channel = own.channel.ok_or_else(|| wrong("`channel` is missing; say how such reports come".into()))?;
        let rules = FormRules { form: *form, version: own.version, channel, text_from: own.text_from, sections };
        check(&rules).map_err(wrong)?;
        forms.insert(*form, rules);
    }
    check_conditions(&forms)?;
    Ok(forms)
}

fn check(form: &FormRules) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for section in &form.sections {
        if !(1..=9).contains(&section.repeat) {
            return Err(format!("section {}: `repeat` is 1 to 9", section.id));
        }
        for field in &section.field {
            let name = &field.name;
            let plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if !plain || name.is_empty() || name.len() > 30 || TAKEN.contains(&name.as_str()) {
                return Err(format!(
                    "field {name}: a name is up to 30 small letters and underlines, and not one of the page's own"
                ));
            }
            if !seen.insert(name.as_str()) {
                return Err(format!("field {name} stands twice; give one of them another name"));
            }
            check_field(field).map_err(|problem| format!("field {name}: {problem}"))?;
        }
    }
    for (name, kind, seal, section) in BOUND {
        let Some((stands, field)) = form.field(name) else {
            return Err(format!("field {name} is missing; the register needs it"));
        };
        if field.kind != *kind || field.sealed != *seal || field.edition.is_some() {
            return Err(format!("field {name}: the program reads it; its type, `sealed` and edition are fixed"));
        }
        if stands.repeats() == section.is_empty() || (!section.is_empty() && stands.id != *section) {
            return Err(format!("field {name} stands in the wrong section; put it where the release has it"));
        }
    }
    for name in &form.text_from {
        if form.field(name).is_none() {
            return Err(format!("`text_from` names the field {name}, which this form does not have"));
        }
    }
    let targets = form.sections.iter().flat_map(|s| &s.field).filter_map(|f| f.fills.as_deref());
    for target in targets {
        if form.field(target).is_none() {
            return Err(format!("`fills` names the field {target}, which this form does not have"));
        }
    }
    Ok(())
}

fn check_field(field: &Field) -> Result<(), String> {
    use FieldKind as K;
    if field.zh.trim().is_empty() || field.en.trim().is_empty() {
        return Err("it needs a label in both languages".into());
    }
    if field.help_zh.is_empty() != field.help_en.is_empty() {
        return Err("the help stands in one language only; write the other".into());
    }
    if field.need != Need::Optional && field.help_zh.is_empty() {
        return Err("it must be filled, so it needs `help_zh` and `help_en` that say what to write".into());
    }
    if matches!(field.kind, K::Text | K::Long | K::List | K::Number) != field.max.is_some_and(|max| max > 0) {
        return Err("`max` belongs to text, long, list and number, and to nothing else".into());
    }
    if field.is_chosen() && field.values.is_empty() == field.list.is_none() {
        return Err("a choice needs either `values` or `list`".into());
    }
    if !field.is_chosen() && !field.values.is_empty() {
        return Err("only a choice has `values`".into());
    }
    let mut codes = BTreeSet::new();
    if let Some(twice) = field.values.iter().find(|v| !codes.insert(v.code.as_str())) {
        return Err(format!("the code {} stands twice; give one of them another", twice.code));
    }
    let clear = BOUND.iter().any(|(n, _, s, _)| *n == field.name && *s == Seal::Clear)
        || MAY_BE_CLEAR.iter().any(|(n, k)| *n == field.name && *k == field.kind);
    if (field.sealed == Seal::Clear) != clear {
        return Err("`sealed = \"clear\"` is for the register's own columns alone; anything else is sealed".into());
    }
    if !(1..=4).contains(&field.width) {
        return Err("`width` is 1 to 4".into());
    }
    Ok(())
}

/// A condition names a field of this form, or of another one that shares the section.
fn check_conditions(forms: &BTreeMap<Form, FormRules>) -> Result<(), RulesError> {
    let known = |name: &str| forms.values().any(|f| f.field(name).is_some());
    for (form, rules) in forms {
        for section in &rules.sections {
            let of_fields = section.field.iter().flat_map(|f| [&f.when, &f.unless, &f.identity_number]);
            for condition in of_fields.chain([&section.unless]).flatten() {
                if !known(&condition.field) || condition.is.is_empty() {
                    let problem = format!(
                        "section {}: a condition names the field {}, which no form has",
                        section.id, condition.field
                    );
                    return Err(RulesError::new(format!("forms/{form}.toml"), problem));
                }
            }
        }
    }
    Ok(())
}
