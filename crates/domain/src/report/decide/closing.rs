//! 办结 and 重开: a report is closed when nothing the law owes anybody is left (规则 Art 13, 14,
//! 17, 26, 27; 条例 Art 23, 32), and opened again only for a cause.

use super::{Context, Decision};
use crate::report::event::Event;
use crate::report::refusal::{self, Refusal};
use crate::report::state::Report;
use crate::rules::{AnswerNeed, FindingNeed};
use crate::words::{Art13Duty, DispatchWay, ReopenCause, Stage};

pub(super) fn close(report: &Report, context: &Context<'_>) -> Decision {
    match close_blockers(report, context).into_iter().next() {
        Some(blocker) => Err(blocker),
        None => Ok(vec![Event::Closed]),
    }
}

/// Everything that keeps the report from being closed, in the order in which it is best done.
/// Empty: it may be closed (or is closed already).
pub fn close_blockers(report: &Report, context: &Context<'_>) -> Vec<Refusal> {
    let mut blockers = Vec::new();
    let mut block = |blocks: bool, why: fn() -> Refusal| {
        if blocks {
            blockers.push(why().in_edition(context.edition));
        }
    };
    block(report.stage == Stage::AwaitingSigning, refusal::sign_first);
    block(report.stage == Stage::AwaitingInstruction, refusal::close_instruction_waiting);
    block(report.stage == Stage::AwaitingApproval, refusal::close_approval_waiting);
    block(report.instruction_open, refusal::close_instruction_unanswered);
    block(report.open_objections > 0, refusal::close_objection_open);
    block(report.unchecked_evidence > 0, refusal::close_evidence_unchecked);
    // Art 14: a repeat is registered and kept for reference; the first one carries the answer.
    if report.is_repeat() {
        return blockers;
    }
    // Two-way: closed once the department has answered, whatever its scope (M34).
    block(
        report.dispatched == Some(DispatchWay::TwoWay) && !report.two_way_answered,
        refusal::close_two_way_unanswered,
    );
    let Some(scope) = &report.scope else {
        // Sent up under seal before anybody judged it: Art 15 wants nothing more from here.
        block(!report.handed_away(), refusal::close_scope_undecided);
        return blockers;
    };
    if scope.ground.is_some() {
        let owed = matches!(scope.duty, Some(Art13Duty::Forward | Art13Duty::Tell));
        block(owed && !report.handed_away(), refusal::close_duty_owed);
        // Substance was added after 13(3), or it was opened again: it is judged anew.
        block(report.stage == Stage::AwaitingJudgement, refusal::close_scope_undecided);
        return blockers;
    }
    block(report.stage == Stage::AwaitingJudgement, refusal::close_scope_undecided);
    block(report.dispatched.is_none(), refusal::close_not_dispatched);
    // For good at another organ: that organ tells, finds and answers (规则 Art 14–16, 条例 Art 22).
    if report.handed_away() || report.dispatched == Some(DispatchWay::TwoWay) {
        return blockers;
    }
    if let Some(kind) = report.kind.and_then(|kind| context.edition_rules().kind(kind)) {
        let must = |need: AnswerNeed| match need {
            // Without a code there is no way left to an anonymous reporter.
            AnswerNeed::Always => report.is_signed() || report.code_alive,
            AnswerNeed::Signed => report.is_signed(),
            AnswerNeed::Optional | AnswerNeed::Elsewhere => false,
        };
        block(must(kind.notice) && report.acceptance_told_on.is_none(), refusal::close_not_told);
        block(kind.finding == FindingNeed::Each && !report.all_found(), refusal::close_findings_missing);
        block(must(kind.answer) && report.answered_on.is_none(), refusal::close_not_answered);
    }
    blockers
}

pub(super) fn reopen(report: &Report, cause: ReopenCause) -> Decision {
    if report.closed_on.is_none() {
        return Err(refusal::not_closed());
    }
    if cause == ReopenCause::ObjectionUpheld && report.objections == 0 {
        return Err(refusal::no_objection_made());
    }
    Ok(vec![Event::Reopened { cause }])
}
