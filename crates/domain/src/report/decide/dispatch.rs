//! 分办: 径送、移送、转送、交办 and 双向移交; answering, returning, naming a handler
//! (规则 Art 14–17, 20; 条例 Art 22, 23; M32, M34, M52).

use jiff::civil::Date;

use super::{Context, Decision};
use crate::ids::{OfficeId, StaffId};
use crate::report::event::{Event, Holder};
use crate::report::refusal::{self, Refusal};
use crate::report::state::Report;
use crate::rules::TwoWayRule;
use crate::words::{Art13Duty, AssignGround, Basis, DispatchWay, ReturnGround, Signing, Stage};

/// The particulars of one dispatch.
pub(super) struct Order<'a> {
    pub(super) way: DispatchWay,
    pub(super) to: &'a Holder,
    pub(super) watcher: Option<&'a OfficeId>,
    pub(super) ground: Option<AssignGround>,
    pub(super) due: Option<Date>,
}

pub(super) fn dispatch(report: &Report, order: Order<'_>, context: &Context<'_>) -> Decision {
    let edition = context.edition_rules();
    if !edition.ways.contains(&order.way) {
        return Err(refusal::way_not_in_edition());
    }
    if report.dispatched.is_some() {
        return Err(refusal::already_dispatched());
    }
    match order.way {
        // Art 15: what concerns a superior's cadre goes up at once, unread by anybody further.
        DispatchWay::DirectSeal => {}
        DispatchWay::TwoWay => may_two_way(report, &order, context)?,
        DispatchWay::Move | DispatchWay::Forward | DispatchWay::Assign => may_dispatch(report)?,
    }
    if *order.to == report.holder || *order.to == (Holder::Office { office: report.office.clone() }) {
        return Err(refusal::already_there());
    }
    if let Some(roles) = edition.instruct_first.get(&order.way)
        && !report.instructed_by.is_some_and(|role| roles.contains(&role))
    {
        return Err(refusal::instruct_first(roles));
    }
    // What is linked to an earlier report goes the way of that one, whose name was looked into.
    let unnamed = report.signing == Signing::NamedPending && !report.name_checked && report.repeat_of.is_none();
    if unnamed && edition.name_first.contains(&order.way) {
        return Err(refusal::name_first());
    }
    let (mut ground, mut due, mut watcher) = (None, None, None);
    match order.way {
        DispatchWay::Assign => {
            let given = order.ground.filter(|given| edition.assign_grounds.contains(given));
            ground = Some(given.ok_or_else(refusal::assign_ground_needed)?);
            due = order.due;
            assign_due(due, context)?;
        }
        DispatchWay::TwoWay => watcher = order.watcher.cloned(),
        DispatchWay::DirectSeal | DispatchWay::Move | DispatchWay::Forward => {}
    }
    let mut events = vec![Event::Dispatched { way: order.way, to: order.to.clone(), watcher, ground, due }];
    // A two-way transfer forwards to the competent organ: that is the duty of Art 13.
    if order.way == DispatchWay::TwoWay
        && report.scope.as_ref().and_then(|scope| scope.duty) == Some(Art13Duty::Forward)
    {
        events.push(Event::DutyDone { duty: Art13Duty::Forward });
    }
    Ok(events)
}

fn may_dispatch(report: &Report) -> Result<(), Refusal> {
    match (report.stage, report.accepted()) {
        (Stage::AwaitingSigning, _) => Err(refusal::sign_first()),
        (Stage::AwaitingInstruction, _) => Err(refusal::waiting_for_instruction()),
        (_, Some(false)) => Err(refusal::refused_not_dispatched()),
        (Stage::AwaitingPresentation | Stage::AwaitingDispatch, Some(true)) => Ok(()),
        _ => Err(refusal::decide_scope_first()),
    }
}

/// M34: what is out of scope goes to the competent department, and an office of ours follows it.
fn may_two_way(report: &Report, order: &Order<'_>, context: &Context<'_>) -> Result<(), Refusal> {
    match report.stage {
        Stage::AwaitingSigning => return Err(refusal::sign_first()),
        Stage::AwaitingInstruction => return Err(refusal::waiting_for_instruction()),
        Stage::AwaitingJudgement => return Err(refusal::decide_scope_first()),
        _ => {}
    }
    let kind =
        report.kind.and_then(|kind| context.edition_rules().kind(kind)).ok_or_else(refusal::decide_scope_first)?;
    if kind.two_way == TwoWayRule::Never {
        return Err(refusal::accusation_not_two_way());
    }
    if order.watcher.is_none() {
        return Err(refusal::watcher_needed());
    }
    Ok(())
}

/// A date in the letter may be earlier than the law's, never later.
fn assign_due(due: Option<Date>, context: &Context<'_>) -> Result<(), Refusal> {
    let Some(due) = due else { return Ok(()) };
    let law = context
        .rules
        .clocks(context.edition)
        .iter()
        .filter(|rule| rule.basis == Basis::Legal && rule.given.is_some())
        .filter(|rule| {
            let assign = [DispatchWay::Assign.as_str().to_owned()];
            rule.starts.iter().any(|start| start.condition.when.get("way").is_some_and(|ways| *ways == assign))
        })
        .filter_map(|rule| rule.limit)
        .map(|limit| context.rules.calendar().due(context.today, limit).date)
        .min();
    if due <= context.today || law.is_some_and(|law| due > law) {
        return Err(refusal::assign_due_too_late());
    }
    Ok(())
}

pub(super) fn answer_two_way(report: &Report) -> Decision {
    if report.dispatched != Some(DispatchWay::TwoWay) {
        return Err(refusal::not_two_way());
    }
    if report.two_way_answered {
        return Err(refusal::two_way_already_answered());
    }
    Ok(vec![Event::TwoWayAnswered])
}

/// 退回: 规则 Art 17 asks for the 分管领导's approval, 条例 Art 23 for haste and agreement. Who
/// may approve is the edition's data; the approver is the one who gives the command.
pub(super) fn send_back(report: &Report, ground: ReturnGround, context: &Context<'_>) -> Decision {
    match report.dispatched {
        None => return Err(refusal::not_handled(report)),
        Some(DispatchWay::DirectSeal) => return Err(refusal::sealed_not_returned()),
        Some(_) if report.stage != Stage::InHandling => return Err(refusal::not_handled(report)),
        Some(_) => {}
    }
    if !report.findings.is_empty() {
        return Err(refusal::found_not_returned());
    }
    if let Some(rule) = context.edition_rules().returns.iter().find(|rule| rule.ground == ground) {
        let (_, role) = context.staff()?;
        if !rule.approvers.is_empty() && !rule.approvers.contains(&role) {
            return Err(refusal::return_approver(&rule.approvers, &rule.article));
        }
        if let Some(window) = &rule.window
            && report.clock(window).is_none_or(|clock| context.today > clock.last_day())
        {
            return Err(refusal::return_window_over());
        }
    }
    Ok(vec![Event::Returned { ground }])
}

/// 承办人; the first one named keeps the first responsibility (M52).
pub(super) fn assign(report: &Report, staff: &StaffId) -> Decision {
    // Whoever had it may be gone before the answer is delivered, or when something is owed after closing.
    match report.stage {
        Stage::InHandling | Stage::AwaitingFeedback => {}
        Stage::Closed if report.owes_reporter() => {}
        _ => return Err(refusal::not_handled(report)),
    }
    if !matches!(report.holder, Holder::Office { .. }) {
        return Err(refusal::not_held_here());
    }
    if report.assignee.as_ref() == Some(staff) {
        return Err(refusal::already_assigned());
    }
    Ok(vec![Event::Assigned { staff: staff.clone() }])
}
