//! The tags of a report and what a registration form asked for besides, on the report's page: label
//! and value, in the order of the form. Who is shown what of an anonymous report is decided here.

use domain::directory::OfficeKind;
use domain::registration::key_of;
use domain::rules::{Field, FormRules, Section};
use domain::words::{Form, Signing};
use office::report::OpenReport;

use super::hand::Values;
use super::site::Seated;

/// Label and value of every tag and of every answer under the seal that this viewer may see.
pub fn lines(seat: &Seated, open: &OpenReport) -> Vec<(String, String)> {
    let voice = seat.voice();
    let tags = open.narrative.tags.all().filter(|(_, words)| !words.is_empty());
    let tags = tags.map(|(name, words)| (voice.t(&format!("field-{name}")), words.join("、")));
    tags.chain(of_form(seat, open)).collect()
}

fn of_form(seat: &Seated, open: &OpenReport) -> Vec<(String, String)> {
    let Some(kept) = &open.narrative.registration else { return Vec::new() };
    let Ok(form) = kept.form.parse::<Form>() else { return Vec::new() };
    let rules = seat.hall().rules();
    let form: FormRules = rules.form(form).of(seat.organ.edition());
    let subjects = open.narrative.subjects.iter().map(|s| s.name.clone().unwrap_or_default()).collect();
    let values = Values::new(seat.voice(), &seat.organ, &rules, seat.hall().clock.today(), subjects);
    // Whence a letter came could tell a handler who wrote it.
    let hidden = open.state.signing == Signing::Anonymous && seat.me.kind != OfficeKind::Petition;
    let mut lines = Vec::new();
    for section in &form.sections {
        for n in 1..=section.repeat {
            for field in section.field.iter().filter(|f| !(hidden && f.may_identify)) {
                let Some(given) = kept.fields.get(&key_of(section, field, n)) else { continue };
                lines.push((label(seat, section, field, n), said(seat, &values, field, given)));
            }
        }
    }
    lines
}

fn label(seat: &Seated, section: &Section, field: &Field, n: u8) -> String {
    let label = field.label(seat.lang);
    if section.repeats() { format!("{} {n} {label}", section.heading(seat.lang)) } else { label.to_owned() }
}

/// The words of what was answered; a value that is on no list any more shows its code.
fn said(seat: &Seated, values: &Values<'_>, field: &Field, given: &[String]) -> String {
    if field.kind == domain::rules::FieldKind::Tick {
        return seat.voice().t("verdict-yes");
    }
    if !field.is_chosen() {
        return given.join("\n").replace('T', if field.kind == domain::rules::FieldKind::Time { " " } else { "T" });
    }
    let known = values.of_field(field);
    let word = |code: &String| known.iter().find(|c| c.code == *code).map_or_else(|| code.clone(), |c| c.label.clone());
    given.iter().map(word).collect::<Vec<_>>().join("、")
}
