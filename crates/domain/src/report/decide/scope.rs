//! 受理 and 不予受理, the duty that follows, the second person on "no substance", and telling
//! the reporter of acceptance (规则 Art 13, 26; 条例 Art 19, 22, 23; M29, M30).

use super::{Context, Decision};
use crate::report::command::Confirmed;
use crate::report::event::Event;
use crate::report::refusal::{self, Refusal};
use crate::report::state::Report;
use crate::rules::KindScope;
use crate::words::{Art13Duty, Edition, Ground, Kind, Stage, TellingWay};

/// Whether the scope can be decided, or decided otherwise, now.
fn open_to_decision(report: &Report) -> Result<(), Refusal> {
    match report.stage {
        Stage::AwaitingSigning => return Err(refusal::sign_first()),
        Stage::AwaitingInstruction => return Err(refusal::waiting_for_instruction()),
        // Fresh, reopened, returned for want of substance, or with substance added since.
        Stage::AwaitingJudgement => return Ok(()),
        _ => {}
    }
    if report.dispatched.is_some() {
        return Err(refusal::scope_decided_and_gone());
    }
    match &report.scope {
        Some(scope) if scope.ground.is_some() && scope.duty.is_none() => Err(refusal::scope_duty_done()),
        _ => Ok(()),
    }
}

pub(super) fn accept(report: &Report, kind: Kind, context: &Context<'_>) -> Decision {
    open_to_decision(report)?;
    let rule = context.edition_rules().kind(kind).ok_or_else(refusal::kind_not_in_edition)?;
    if rule.scope == KindScope::Outside {
        return Err(refusal::kind_only_refused());
    }
    if report.accepted() == Some(true) && report.kind == Some(kind) && report.stage != Stage::AwaitingJudgement {
        return Err(refusal::already_accepted());
    }
    Ok(vec![Event::ScopeDecided { kind, ground: None, duty: None }])
}

pub(super) fn refuse(report: &Report, kind: Kind, ground: Ground, context: &Context<'_>) -> Decision {
    open_to_decision(report)?;
    let edition = context.edition_rules();
    edition.kind(kind).ok_or_else(refusal::kind_not_in_edition)?;
    let rule = edition.ground(ground).ok_or_else(refusal::ground_not_in_edition)?;
    if !rule.kinds.contains(&kind) {
        return Err(refusal::ground_does_not_fit());
    }
    if report.acceptance_told_on.is_some() {
        return Err(refusal::acceptance_was_told());
    }
    if rule.confirmers.is_empty() {
        let duty = edition.duty_of(rule, report.channel);
        return Ok(vec![Event::ScopeDecided { kind, ground: Some(ground), duty: Some(duty) }]);
    }
    // M30: one proposes, another confirms.
    if report.no_substance_proposed.is_some() {
        return Err(refusal::no_substance_waiting());
    }
    context.staff()?;
    Ok(vec![Event::NoSubstanceProposed])
}

pub(super) fn confirm_no_substance(report: &Report, confirmed: Confirmed, context: &Context<'_>) -> Decision {
    let proposer = report.no_substance_proposed.as_ref().ok_or_else(refusal::no_substance_not_proposed)?;
    open_to_decision(report)?;
    let (staff, role) = context.staff()?;
    if staff == proposer {
        return Err(refusal::second_person());
    }
    let edition = context.edition_rules();
    let rule = edition.ground(Ground::NameOnly).ok_or_else(refusal::ground_not_in_edition)?;
    if !rule.confirmers.contains(&role) {
        return Err(refusal::second_person_role());
    }
    Ok(vec![match confirmed {
        Confirmed::Yes => Event::ScopeDecided {
            kind: Kind::NoSubstance,
            ground: Some(Ground::NameOnly),
            duty: Some(edition.duty_of(rule, report.channel)),
        },
        Confirmed::No => Event::NoSubstanceDeclined,
    }])
}

/// The forwarding or telling of Art 13 was done. Keeping a record owes nobody anything.
pub(super) fn do_duty(report: &Report) -> Decision {
    match report.scope.as_ref().and_then(|scope| scope.duty) {
        Some(duty @ (Art13Duty::Forward | Art13Duty::Tell)) => Ok(vec![Event::DutyDone { duty }]),
        Some(Art13Duty::KeepRecord) | None => Err(refusal::no_duty_owed()),
    }
}

/// 简易办理 (2016 办法): a first-time petition with clear facts, before it is answered.
pub(super) fn use_simple(report: &Report) -> Decision {
    if report.simple {
        return Err(refusal::simple_already());
    }
    let petition = report.kind.is_none_or(|kind| kind == Kind::Petition) && report.accepted() != Some(false);
    if report.edition != Edition::Xf || !petition || report.is_repeat() || report.answered_on.is_some() {
        return Err(refusal::simple_only_first_petition());
    }
    Ok(vec![Event::SimpleUsed])
}

/// 规则 Art 26, 条例 Art 23: told once; a repeat is not told again.
pub(super) fn tell_acceptance(report: &Report, way: TellingWay) -> Decision {
    if report.accepted() != Some(true) {
        return Err(refusal::not_accepted_yet());
    }
    if report.is_repeat() {
        return Err(refusal::repeat_not_told());
    }
    if !report.is_signed() {
        return Err(refusal::no_one_to_tell());
    }
    if report.acceptance_told_on.is_some() {
        return Err(refusal::already_told());
    }
    if way == TellingWay::System && !report.code_alive {
        return Err(refusal::code_gone());
    }
    Ok(vec![Event::AcceptanceTold { way }])
}
