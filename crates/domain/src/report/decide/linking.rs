//! 重复件: linking, taking back, promoting; and splitting mixed matters (规则 Art 14, 26, 27;
//! rules 1.8; M33, M37). A repeat is linked, never dropped: it keeps its own number and history.

use std::collections::BTreeSet;

use super::Decision;
use crate::ids::ReportId;
use crate::report::command::NewFacts;
use crate::report::event::Event;
use crate::report::refusal::{self, Refusal};
use crate::report::state::Report;

/// Whether reports are linked to one that is to become a repeat itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// At least one is, promoted or not.
    Some,
    /// None is.
    None,
}

/// Whether a report may be linked to `target`, itself having `repeats`: what else than the report
/// itself the lawfulness of [`crate::report::Command::Link`] hangs on. Both must still hold when the
/// link is committed.
///
/// A repeat is closed without scope, finding or answer because the first one carries them (规则
/// Art 14). So the first one must carry them: it is no repeat itself, and whoever carries them for
/// others does not hand them on.
///
/// # Errors
/// The reason in words, and what to do instead.
pub fn may_link(repeats: Repeats, target: &Report) -> Result<(), Refusal> {
    if target.is_repeat() {
        return Err(refusal::link_to_a_repeat());
    }
    match repeats {
        Repeats::Some => Err(refusal::link_has_repeats()),
        Repeats::None => Ok(()),
    }
}

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
