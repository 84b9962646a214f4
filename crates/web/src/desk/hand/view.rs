//! A registration form and its answers as the page shows them. One renderer for every form: what
//! is asked stands in `rules/forms` alone.

use domain::registration::{Answers, Fault, blocks, key_of};
use domain::rules::{Field, FieldKind, FormRules, Need, Seal, Section, ValueList};
use domain::words::Lang;
use jiff::civil::DateTime;

use super::values::{Choice, Values, initials};
use crate::desk::page::{BlockView, InputView, OptionView, SectionView};

/// The hidden field that says how many blocks of a section the page shows.
pub fn count_key(section: &Section) -> String {
    format!("count.{}", section.id)
}

/// How many blocks are shown: what is filled, and what was asked for besides.
pub fn shown_blocks(section: &Section, answers: &Answers) -> u8 {
    let asked: u8 = answers.first(&count_key(section)).parse().unwrap_or(1);
    blocks(section, answers).max(asked).clamp(1, section.repeat)
}

/// What an empty form begins with.
pub fn defaults(form: &FormRules, now: DateTime, me: &str) -> Answers {
    let mut answers = Answers::default();
    for section in &form.sections {
        for field in &section.field {
            let Some(default) = &field.default else { continue };
            let value = match default.as_str() {
                "today" => now.date().to_string(),
                "now" => minute(now),
                "me" => me.to_owned(),
                other => other.to_owned(),
            };
            answers.set(&key_of(section, field, 1), value);
        }
    }
    answers
}

/// A time as a browser's field takes it.
fn minute(time: DateTime) -> String {
    format!("{}T{:02}:{:02}", time.date(), time.hour(), time.minute())
}

/// Names of the persons and units entered so far, for the problems that concern them.
pub fn subject_names(form: &FormRules, answers: &Answers) -> Vec<String> {
    let Some(section) = form.sections.iter().find(|s| s.id == "subjects") else { return Vec::new() };
    (1..=shown_blocks(section, answers))
        .map(|n| {
            let name = answers.first(&format!("name{n}"));
            if name.is_empty() { answers.first(&format!("unit{n}")).to_owned() } else { name.to_owned() }
        })
        .collect()
}

/// Every section of the page.
pub fn sections(
    form: &FormRules,
    answers: &Answers,
    faults: &[Fault],
    values: &Values<'_>,
    lang: Lang,
) -> Vec<SectionView> {
    let looks = |field: &Field| field.name == "text" || form.text_from.contains(&field.name);
    let view = |section: &Section| {
        let count = shown_blocks(section, answers);
        let block = |n: u8| BlockView {
            n,
            inputs: section
                .field
                .iter()
                .map(|f| InputView { looks: looks(f), ..input(section, f, n, answers, faults, values, lang) })
                .collect(),
        };
        SectionView {
            id: section.id.clone(),
            heading: section.heading(lang).to_owned(),
            repeats: section.repeats(),
            may_more: count < section.repeat,
            count,
            count_key: count_key(section),
            blocks: (1..=count).map(block).collect(),
        }
    };
    form.sections.iter().map(view).collect()
}

fn input(
    section: &Section,
    field: &Field,
    n: u8,
    answers: &Answers,
    faults: &[Fault],
    values: &Values<'_>,
    lang: Lang,
) -> InputView {
    let key = key_of(section, field, n);
    let given = answers.all(&key);
    let chosen = |code: &str| given.iter().any(|v| v.trim() == code);
    let of_block_default = n > 1 && given.is_empty();
    let options = if field.is_chosen() { values.of_field(field) } else { Vec::new() };
    let is_default = |code: &str| of_block_default && field.default.as_deref() == Some(code);
    let options: Vec<OptionView> = options
        .into_iter()
        .map(|Choice { code, label }| OptionView {
            chosen: chosen(&code) || is_default(&code),
            initials: initials(&label),
            code,
            label,
        })
        .collect();
    InputView {
        looks: false,
        label: field.label(lang).to_owned(),
        kind: kind_of(field),
        value: given.first().cloned().unwrap_or_default(),
        ticked: chosen("yes"),
        blank: !options.iter().any(|o| o.chosen),
        options,
        must: match field.need {
            Need::Optional => "",
            // What is needed only under a condition carries no mark; its sentence comes when it is.
            _ if field.when.is_some() || field.unless.is_some() => "",
            Need::Save => "●",
            Need::Submit => "◐",
        },
        identity: field.sealed == Seal::Identity,
        help: field.help(lang).to_owned(),
        error: faults.iter().find(|f| f.key == key).map(|f| f.text(lang).to_owned()).unwrap_or_default(),
        width: field.width,
        max: field.max.unwrap_or_default(),
        rows: if field.name == "text" { 8 } else { 2 },
        offers: match field.list {
            Some(ValueList::Units) if !field.is_chosen() => "units",
            Some(ValueList::Organs) if !field.is_chosen() => "organs",
            _ => "",
        },
        fills: field.fills.as_ref().map(|name| format!("{name}1")).unwrap_or_default(),
        key,
    }
}

const fn kind_of(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Text | FieldKind::Period => "text",
        FieldKind::Long | FieldKind::List => "long",
        FieldKind::Number => "number",
        FieldKind::Date => "date",
        FieldKind::Time => "datetime-local",
        FieldKind::Choice => "choice",
        FieldKind::Multi => "multi",
        FieldKind::Tick => "tick",
    }
}
