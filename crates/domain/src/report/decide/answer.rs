//! 反馈 (jw) and 答复 (xf): draft, approval, delivery; objections and the rating
//! (规则 Art 27; 条例 Art 32, 35, 36; rules 2.5; M51, M98).

use super::{Context, Decision, is_own_work};
use crate::report::command::{Confirmed, Review};
use crate::report::event::Event;
use crate::report::refusal;
use crate::report::state::Report;
use crate::rules::{AnswerForm, AnswerNeed, FindingNeed, RatingRule};
use crate::words::{Rating, Stage, TellingWay};

pub(super) fn draft(report: &Report, context: &Context<'_>) -> Decision {
    let rules = context.edition_rules();
    if report.stage != Stage::InHandling || report.accepted() != Some(true) {
        return Err(refusal::not_handled(report));
    }
    let kind = report.kind.and_then(|kind| rules.kind(kind)).ok_or_else(refusal::decide_scope_first)?;
    if kind.answer == AnswerNeed::Elsewhere {
        return Err(refusal::answered_elsewhere());
    }
    if kind.finding == FindingNeed::Each && !report.all_found() {
        return Err(refusal::findings_missing());
    }
    if report.unchecked_evidence > 0 {
        return Err(refusal::check_evidence_first());
    }
    context.staff()?;
    is_own_work(report, context)?;
    Ok(vec![match rules.answer {
        AnswerForm::Feedback => Event::FeedbackDrafted,
        AnswerForm::Reply => Event::ReplyDrafted,
    }])
}

/// Another person than the drafter, in a post the edition names.
pub(super) fn approve(report: &Report, verdict: Confirmed, context: &Context<'_>) -> Decision {
    if report.stage != Stage::AwaitingApproval {
        return Err(refusal::nothing_drafted());
    }
    let (staff, role) = context.staff()?;
    if report.answer_drafted_by.as_ref() == Some(staff) {
        return Err(refusal::own_draft());
    }
    let rules = context.edition_rules();
    if !rules.answer_approvers.contains(&role) {
        return Err(refusal::approver_role());
    }
    let approved = match verdict {
        Confirmed::Yes => true,
        Confirmed::No => false,
    };
    Ok(vec![match rules.answer {
        AnswerForm::Feedback => Event::FeedbackApproved { approved },
        AnswerForm::Reply => Event::ReplyApproved { approved },
    }])
}

pub(super) fn deliver(report: &Report, way: TellingWay, context: &Context<'_>) -> Decision {
    if report.answered_on.is_some() {
        return Err(refusal::already_answered());
    }
    if report.stage != Stage::AwaitingFeedback || !report.answer_approved {
        return Err(refusal::answer_not_approved());
    }
    let rules = context.edition_rules();
    if !rules.answer_ways.contains(&way) {
        return Err(refusal::telling_way());
    }
    if way == TellingWay::System && !report.code_alive {
        return Err(refusal::code_gone());
    }
    // Nobody looks for an anonymous reporter (Art 29): the code is the way back.
    if way != TellingWay::System && !report.is_signed() {
        return Err(refusal::anonymous_by_code());
    }
    is_own_work(report, context)?;
    Ok(vec![match rules.answer {
        AnswerForm::Feedback => Event::FeedbackDelivered { way },
        AnswerForm::Reply => Event::ReplyDelivered { way },
    }])
}

/// 异议. The 规则 sets no limit and neither do we; the 条例 gives thirty days for 复查 and again
/// for 复核, and then it is ended.
pub(super) fn object(report: &Report, context: &Context<'_>) -> Decision {
    if report.answered_on.is_none() {
        return Err(refusal::nothing_to_object_to());
    }
    if report.open_objections > 0 {
        return Err(refusal::objection_open());
    }
    let rules = context.edition_rules();
    if rules.objections.is_some_and(|most| report.objections >= most) {
        return Err(refusal::objections_used_up());
    }
    if let Some(window) = &rules.objection_window
        && report.clock(window).is_none_or(|clock| context.today > clock.last_day())
    {
        return Err(refusal::objection_window_over());
    }
    Ok(vec![Event::Objected])
}

/// What is said to an objection. Where it is a 复查 or 复核, whoever gave the answer does not judge it
/// himself (条例 Art 35, 36).
pub(super) fn explain(report: &Report, review: Review, context: &Context<'_>) -> Decision {
    if report.open_objections == 0 {
        return Err(refusal::no_open_objection());
    }
    let reviewers = &context.edition_rules().review_by;
    if reviewers.is_empty() && review == Review::Superior {
        return Err(refusal::no_review_in_edition());
    }
    // Whoever sends her to the superior organ judges nothing.
    if !reviewers.is_empty() && review == Review::Here {
        let (staff, role) = context.staff()?;
        if !reviewers.contains(&role) {
            return Err(refusal::reviewer_role());
        }
        if report.is_party_to_answer(staff) {
            return Err(refusal::reviewer_is_party());
        }
    }
    Ok(vec![Event::ObjectionExplained])
}

/// Voluntary, once, after the result; accusations are not open to it in xf (rules 2.5).
pub(super) fn rate(report: &Report, rating: Rating, context: &Context<'_>) -> Decision {
    let rule = report.kind.and_then(|kind| context.edition_rules().kind(kind));
    if rule.is_some_and(|rule| rule.rating == RatingRule::Never) {
        return Err(refusal::not_rated());
    }
    if report.rating.is_some() {
        return Err(refusal::rate_once());
    }
    if rule.is_none() || report.answered_on.is_none() {
        return Err(refusal::rate_after_result());
    }
    Ok(vec![Event::Rated { rating }])
}
