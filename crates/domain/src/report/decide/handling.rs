//! Handling: extending a clock, contacts, 处置方式 and findings (规则 Art 17, 21; 条例 Art 34;
//! M47, M51, M102).

use jiff::civil::Date;

use super::{Context, Decision, is_own_work};
use crate::report::event::Event;
use crate::report::refusal;
use crate::report::state::Report;
use crate::rules::FindingNeed;
use crate::words::{ContactWay, Disposal, ExtensionGround, Finding, Kind, Stage};

/// The law says how far and who approves; the approver is the one who gives the command.
pub(super) fn extend(
    report: &Report,
    id: &str,
    until: Date,
    ground: ExtensionGround,
    context: &Context<'_>,
) -> Decision {
    let clock = report.clock(id).ok_or_else(refusal::clock_not_running)?;
    let rule = context.rules.clock(context.edition, id).ok_or_else(refusal::clock_not_extendable)?;
    let extend = rule.extend.as_ref().ok_or_else(refusal::clock_not_extendable)?;
    let (_, role) = context.staff()?;
    if !extend.approvers.contains(&role) {
        return Err(refusal::extend_approver(&extend.approvers, &rule.source));
    }
    if clock.extensions >= extend.times {
        return Err(refusal::extended_enough());
    }
    // Late is late: an extension cannot hide a limit already missed.
    if context.today > clock.last_day() {
        return Err(refusal::extend_overdue());
    }
    if until <= clock.last_day() {
        return Err(refusal::extend_not_later());
    }
    let latest = context.rules.calendar().due(clock.last_day(), extend.max).date;
    if until > latest {
        return Err(refusal::extend_too_far(latest, &rule.source));
    }
    Ok(vec![Event::Extended { clock: id.to_owned(), until, ground }])
}

/// A separate contact with the reporter; never together with those she reports (M47).
pub(super) fn record_contact(report: &Report, way: ContactWay) -> Decision {
    if way == ContactWay::Thread && !report.code_alive {
        return Err(refusal::contact_code_gone());
    }
    Ok(vec![Event::ContactHeld { way }])
}

/// Only the way and the day: the investigation itself stays in the case system (rules 4).
pub(super) fn dispose(report: &Report, way: Disposal, context: &Context<'_>) -> Decision {
    if !context.edition_rules().disposals.contains(&way) {
        return Err(refusal::no_disposal_here());
    }
    if report.kind != Some(Kind::Accusation) || report.accepted() != Some(true) {
        return Err(refusal::disposal_only_accusation());
    }
    if report.stage != Stage::InHandling {
        return Err(refusal::not_handled(report));
    }
    is_own_work(report, context)?;
    Ok(vec![Event::Disposed { way }])
}

pub(super) fn record_finding(report: &Report, allegation: u16, finding: Finding, context: &Context<'_>) -> Decision {
    if report.stage != Stage::InHandling {
        return Err(refusal::not_handled(report));
    }
    let rule = report.kind.and_then(|kind| context.edition_rules().kind(kind));
    if report.accepted() != Some(true) || rule.is_none_or(|rule| rule.finding == FindingNeed::None) {
        return Err(refusal::no_finding_for_kind());
    }
    if !report.allegation_ids().contains(&allegation) {
        return Err(refusal::no_such_allegation());
    }
    is_own_work(report, context)?;
    Ok(vec![Event::FindingRecorded { allegation, finding }])
}
