//! 重复件: linking, taking back, promoting; and splitting mixed matters (规则 Art 14, 26, 27;
//! rules 1.8; M33, M37). A repeat is linked, never dropped: it keeps its own number and history.

use std::collections::BTreeSet;

use super::Decision;
use crate::ids::ReportId;
use crate::report::command::NewFacts;
use crate::report::event::Event;
use crate::report::refusal;
use crate::report::state::Report;

pub(super) fn link(report: &Report, to: ReportId, new_facts: NewFacts) -> Decision {
    if report.repeat_of.is_some() {
        return Err(refusal::already_linked());
    }
    Ok(match new_facts {
        NewFacts::None => vec![Event::Linked { to, new_facts: false }],
        // Art 27 makes new evidence a duty to check: with new facts it counts as first-time.
        NewFacts::Some => vec![Event::Linked { to, new_facts: true }, Event::Promoted],
    })
}

pub(super) fn unlink(report: &Report) -> Decision {
    if report.repeat_of.is_none() {
        return Err(refusal::not_linked());
    }
    Ok(vec![Event::Unlinked])
}

pub(super) fn promote(report: &Report) -> Decision {
    if report.repeat_of.is_none() {
        return Err(refusal::not_linked());
    }
    if report.promoted {
        return Err(refusal::already_promoted());
    }
    Ok(vec![Event::Promoted])
}

/// Both halves are tracked: the new reports are registered by `office`, this one goes on.
pub(super) fn split(report: &Report, into: &[ReportId]) -> Decision {
    if report.dispatched.is_some() {
        return Err(refusal::split_not_now());
    }
    let distinct: BTreeSet<_> = into.iter().collect();
    if into.is_empty() || distinct.len() != into.len() {
        return Err(refusal::split_into_nothing());
    }
    Ok(vec![Event::Split { into: into.to_vec() }])
}
