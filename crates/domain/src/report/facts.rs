//! What a condition in `rules/clocks` can ask: facts about an event and about the report after it,
//! by name and as words. It knows the names and their values, not what any rule makes of them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::event::{Event, Holder};
use super::state::Report;
use crate::words::*;

/// Facts by name.
pub(crate) type Facts = BTreeMap<&'static str, &'static str>;

const YES_NO: &[&str] = &["yes", "no"];
const COUNT: &[&str] = &["none", "1", "2", "more"];
const WHERE: &[&str] = &["office", "organ", "outside", "none"];

/// The values a fact can have; `None` for a name nobody knows.
pub(crate) fn vocabulary(name: &str) -> Option<&'static [&'static str]> {
    static WORDS: OnceLock<BTreeMap<&'static str, Vec<&'static str>>> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        fn with_none<T: Copy>(all: &[T], word: fn(T) -> &'static str) -> Vec<&'static str> {
            all.iter().copied().map(word).chain(["none"]).collect()
        }
        BTreeMap::from([
            ("signing", Signing::ALL.iter().map(|w| w.as_str()).collect()),
            ("source", Source::ALL.iter().map(|w| w.as_str()).collect()),
            ("channel", Channel::ALL.iter().map(|w| w.as_str()).collect()),
            ("urgency", Urgency::ALL.iter().map(|w| w.as_str()).collect()),
            ("stage", Stage::ALL.iter().map(|w| w.as_str()).collect()),
            ("kind", with_none(Kind::ALL, Kind::as_str)),
            ("duty", with_none(Art13Duty::ALL, Art13Duty::as_str)),
            ("dispatched", with_none(DispatchWay::ALL, DispatchWay::as_str)),
            ("way", with_none(DispatchWay::ALL, DispatchWay::as_str)),
            ("disposal", with_none(Disposal::ALL, Disposal::as_str)),
            ("accepted", vec!["yes", "no", "undecided"]),
            ("findings", vec!["all", "some", "none"]),
            ("repeat", YES_NO.to_vec()),
            ("told", YES_NO.to_vec()),
            ("answered", YES_NO.to_vec()),
            ("simple", YES_NO.to_vec()),
            ("presented", YES_NO.to_vec()),
            ("handed_away", YES_NO.to_vec()),
            ("contacts", vec!["none", "some"]),
            ("objection", vec!["open", "none"]),
            ("objections", COUNT.to_vec()),
            ("evidence", vec!["unchecked", "none"]),
            ("to", WHERE.to_vec()),
            ("verdict", vec!["yes", "no", "none"]),
            ("due", vec!["given", "none"]),
        ])
    });
    words.get(name).map(Vec::as_slice)
}

fn yes_no(held: bool) -> &'static str {
    if held { "yes" } else { "no" }
}

/// The facts of `event` and of the report after it.
pub(crate) fn facts(after: &Report, event: &Event) -> Facts {
    let findings = match (after.all_found(), after.findings.is_empty()) {
        (_, true) => "none",
        (true, false) => "all",
        (false, false) => "some",
    };
    let accepted = match after.accepted() {
        None => "undecided",
        Some(accepted) => yes_no(accepted),
    };
    let objections = match after.objections {
        0 => "none",
        1 => "1",
        2 => "2",
        _ => "more",
    };
    let (way, to) = match event {
        Event::Dispatched { way, to, .. } => (way.as_str(), where_is(to)),
        _ => ("none", "none"),
    };
    let verdict = match event {
        Event::Instructed { agreed: verdict, .. }
        | Event::FeedbackApproved { approved: verdict }
        | Event::ReplyApproved { approved: verdict } => yes_no(*verdict),
        _ => "none",
    };
    Facts::from([
        ("signing", after.signing.as_str()),
        ("source", after.source.as_str()),
        ("channel", after.channel.as_str()),
        ("urgency", after.urgency.as_str()),
        ("stage", after.stage.as_str()),
        ("kind", after.kind.map_or("none", Kind::as_str)),
        ("duty", after.scope.as_ref().and_then(|scope| scope.duty).map_or("none", Art13Duty::as_str)),
        ("dispatched", after.dispatched.map_or("none", DispatchWay::as_str)),
        ("way", way),
        ("disposal", after.disposal.map_or("none", Disposal::as_str)),
        ("accepted", accepted),
        ("findings", findings),
        ("repeat", yes_no(after.is_repeat())),
        ("told", yes_no(after.acceptance_told_on.is_some())),
        ("answered", yes_no(after.answered_on.is_some())),
        ("simple", yes_no(after.simple)),
        ("presented", yes_no(after.presented_to.is_some() || after.instructed)),
        ("handed_away", yes_no(after.handed_away())),
        ("contacts", if after.contacts == 0 { "none" } else { "some" }),
        ("objection", if after.open_objections == 0 { "none" } else { "open" }),
        ("objections", objections),
        ("evidence", if after.unchecked_evidence == 0 { "none" } else { "unchecked" }),
        ("to", to),
        ("verdict", verdict),
        ("due", if event.given_due().is_some() { "given" } else { "none" }),
    ])
}

fn where_is(holder: &Holder) -> &'static str {
    match holder {
        Holder::Office { .. } => "office",
        Holder::Organ { .. } => "organ",
        Holder::Outside { .. } => "outside",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_a_vocabulary_with_its_value() {
        let (report, recorded) = crate::report::testing::received();
        for (name, value) in facts(&report, &recorded.event) {
            let words = vocabulary(name).unwrap_or_else(|| panic!("{name} has no vocabulary"));
            assert!(words.contains(&value), "{name} = {value}");
        }
    }
}
