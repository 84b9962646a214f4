//! Answers to a registration form: which fields are asked for, what is still wrong with them in a
//! sentence that says what to write, and what they come to once they are right.
//!
//! It reads no clock and no directory: today and the values of the lists are arguments. How a
//! form looks is `crate::rules`; how it is shown is the screen's.

mod check;
mod complete;

use std::collections::BTreeMap;

use crate::rules::{Field, FieldCondition, FormRules, Section};
use crate::words::Lang;

pub use check::{CheckAgainst, check};
pub use complete::{Completed, Signed, complete};

/// Values by the name a page gives the field: `title`, or `name2` for the second person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers(BTreeMap<String, Vec<String>>);

impl Answers {
    /// From pairs of a submitted form, in its order; empty values are none.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut answers = Self::default();
        for (name, value) in pairs {
            if !value.trim().is_empty() {
                answers.0.entry(name).or_default().push(value);
            }
        }
        answers
    }

    /// The first value; empty for none.
    pub fn first(&self, key: &str) -> &str {
        self.0.get(key).and_then(|v| v.first()).map_or("", |v| v.trim())
    }

    /// Every value.
    pub fn all(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// Gives a field one value in place of what it had.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.0.insert(key.to_owned(), vec![value.into()]);
    }
}

/// The name a page gives a field of the `n`th block of its section, from 1.
pub fn key_of(section: &Section, field: &Field, n: u8) -> String {
    if section.repeats() { format!("{}{n}", field.name) } else { field.name.clone() }
}

/// Something to put right before it can be registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field, as the page names it.
    pub key: String,
    /// What to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Fault {
    /// The sentence in a language.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// How often a repeated section is filled: up to the last block with anything in it, at least 1.
pub fn blocks(section: &Section, answers: &Answers) -> u8 {
    if !section.repeats() {
        return 1;
    }
    (1..=section.repeat).rev().find(|n| !is_blank(section, *n, answers)).unwrap_or(1)
}

/// Whether nothing was entered into a block beyond what an empty form shows.
pub fn is_blank(section: &Section, n: u8, answers: &Answers) -> bool {
    section.field.iter().all(|field| {
        let given = answers.first(&key_of(section, field, n));
        given.is_empty() || field.default.as_deref() == Some(given)
    })
}

/// Whether a condition holds for the `n`th block of a section.
fn holds(form: &FormRules, section: &Section, n: u8, condition: &FieldCondition, answers: &Answers) -> bool {
    let own = section.field.iter().find(|f| f.name == condition.field).map(|f| key_of(section, f, n));
    let key = own.or_else(|| form.field(&condition.field).map(|(s, f)| key_of(s, f, 1)));
    key.is_some_and(|key| answers.all(&key).iter().any(|value| condition.is.contains(value)))
}

/// Whether a field is asked for at all.
pub fn is_asked(form: &FormRules, section: &Section, field: &Field, n: u8, answers: &Answers) -> bool {
    ![&section.unless, &field.unless].into_iter().flatten().any(|c| holds(form, section, n, c, answers))
}

/// Whether a field's need applies, given what else was answered.
fn is_needed(form: &FormRules, section: &Section, field: &Field, n: u8, answers: &Answers) -> bool {
    is_asked(form, section, field, n, answers)
        && field.when.as_ref().is_none_or(|c| holds(form, section, n, c, answers))
}

/// Carries answers over to the fields they fill, where those are still empty: the six questions of
/// a call make up its text, its first person and its first problem.
pub fn carry_over(form: &FormRules, answers: &mut Answers) {
    for field in form.sections.iter().flat_map(|s| &s.field) {
        let Some((section, target)) = field.fills.as_deref().and_then(|name| form.field(name)) else { continue };
        let given = answers.first(&field.name).to_owned();
        let key = key_of(section, target, 1);
        let fits = target.max.is_none_or(|max| given.chars().count() <= max as usize);
        if fits && !given.is_empty() && given != "不详" && answers.first(&key).is_empty() {
            answers.set(&key, given);
        }
    }
    if answers.first("text").is_empty() {
        let lines: Vec<String> = form
            .text_from
            .iter()
            .filter_map(|name| {
                let given = answers.first(name);
                let (_, field) = form.field(name)?;
                // The office reads it: its labels are Chinese.
                (!given.is_empty()).then(|| format!("【{}】{given}", field.zh))
            })
            .collect();
        if !lines.is_empty() {
            answers.set("text", lines.join("\n"));
        }
    }
}
