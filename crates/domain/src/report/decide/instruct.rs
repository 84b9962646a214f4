//! 呈批 and 批示 (M101): an opinion goes up to a post, that post's words come down.

use jiff::civil::Date;

use super::{Context, Decision};
use crate::report::command::Confirmed;
use crate::report::event::Event;
use crate::report::refusal;
use crate::report::state::Report;
use crate::words::{Role, Stage, Urgency};

/// 拟办意见 → 室主任 → 分管领导 → 主要领导; each step is a presentation of its own.
pub(super) fn present(report: &Report, to: Role, context: &Context<'_>) -> Decision {
    let (_, role) = context.staff()?;
    if !matches!(to, Role::Head | Role::Leader | Role::Chief) {
        return Err(refusal::present_to_whom());
    }
    if to == role {
        return Err(refusal::present_to_self());
    }
    match report.stage {
        Stage::AwaitingPresentation | Stage::AwaitingDispatch => {}
        // 紧急即时呈批 (M9): danger does not wait for the scope decision.
        Stage::AwaitingJudgement if report.urgency != Urgency::Normal => {}
        // The post is vacant, or its holder must not see it: another is asked.
        Stage::AwaitingInstruction if report.presented_to.is_some_and(|asked| asked != to) => {}
        Stage::AwaitingInstruction => return Err(refusal::already_presented()),
        _ => return Err(refusal::not_presentable(report)),
    }
    Ok(vec![Event::Presented { to }])
}

/// Only the post it was presented to instructs. `No` sends it back with the leader's words.
pub(super) fn instruct(report: &Report, due: Option<Date>, verdict: Confirmed, context: &Context<'_>) -> Decision {
    let to = report.presented_to.ok_or_else(refusal::not_presented)?;
    let (_, role) = context.staff()?;
    if role != to {
        return Err(refusal::not_presented_to_you(to));
    }
    if due.is_some_and(|due| due < context.today) {
        return Err(refusal::due_before_today());
    }
    Ok(vec![match verdict {
        Confirmed::Yes => Event::Instructed { due, agreed: true },
        Confirmed::No => Event::Instructed { due: None, agreed: false },
    }])
}

pub(super) fn answer(report: &Report) -> Decision {
    if !report.instruction_open {
        return Err(refusal::nothing_to_answer());
    }
    Ok(vec![Event::InstructionAnswered])
}
