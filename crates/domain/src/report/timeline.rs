//! The report's course in plain words for the reporter. It tells what was done and the day of the
//! next step; never who on the staff did it, which office has it, what was found about whom, or
//! that another report of the same matter exists.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::{Actor, Event, Recorded};
use super::evolve::evolve;
use super::state::Report;
use crate::calendar::day_in_words;
use crate::rules::Rules;
use crate::words::*;

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// The day; for the next step, its last day.
    pub on: Date,
    /// Stable name of the line, `snake_case`; the last one may be `next_step`.
    pub kind: String,
    /// The sentence.
    pub text: String,
}

/// What she may know of what happened, in order, and last the next step with its day, if the law
/// or the organ's own promise names one.
pub fn timeline(events: &[Recorded], rules: &Rules, lang: Lang) -> Vec<TimelineEntry> {
    let mut entries = Vec::new();
    let mut report = None;
    for recorded in events {
        // A broken history is fsck's to report; what happened before it still stands.
        let Ok(after) = evolve(report.take(), recorded) else {
            return entries;
        };
        if let Some((kind, text)) = line(recorded, &after, rules, lang) {
            entries.push(TimelineEntry { on: recorded.day, kind: kind.to_owned(), text });
        }
        report = Some(after);
    }
    entries.extend(report.and_then(|report| next_step(&report, rules, lang)));
    entries
}

/// The clock she waits for: the law's before the organ's promise, that before her own right to ask.
fn next_step(report: &Report, rules: &Rules, lang: Lang) -> Option<TimelineEntry> {
    let told = report.clocks.iter().filter(|clock| clock.is_running()).filter_map(|clock| {
        let sentence = rules.clock(report.edition, &clock.id)?.public(lang)?;
        Some((clock.basis, clock.last_day(), sentence, clock))
    });
    let (_, due, sentence, clock) = told.min_by_key(|(basis, due, sentence, _)| (*basis, *due, *sentence))?;
    let sentence = sentence.replace("{due}", &day_in_words(due, lang));
    let why = clock.explain(report.edition, rules, lang);
    let text = match lang {
        Lang::Zh => format!("{sentence}这一天是这样算出的：{why}。"),
        Lang::En => format!("{sentence} How this day is reckoned: {why}."),
    };
    Some(TimelineEntry { on: due, kind: "next_step".to_owned(), text })
}

/// 复查 comes first, 复核 after it (《信访工作条例》 Art 35, 36).
fn review_of(objections: u16) -> (&'static str, &'static str) {
    if objections > 1 { ("复核", "a final review") } else { ("复查", "a review") }
}

fn line(recorded: &Recorded, after: &Report, rules: &Rules, lang: Lang) -> Option<(&'static str, String)> {
    let say = |zh: &str, en: &str| match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    };
    let by_reporter = recorded.actor == Actor::Reporter;
    Some(match &recorded.event {
        Event::Received { .. } => {
            ("received", say("我们收到了您反映的情况并已登记。", "We received your report and registered it."))
        }
        Event::EvidenceAdded { .. } if by_reporter => {
            ("evidence_added", say("收到您补充的材料。", "Your further material arrived."))
        }
        Event::EvidenceChecked => {
            ("evidence_checked", say("您补充的新证据已经核查。", "The new evidence you gave was checked."))
        }
        Event::ScopeDecided { ground: None, .. } => ("accepted", say("决定受理。", "It was accepted.")),
        Event::ScopeDecided { ground: Some(Ground::NameOnly), .. } => (
            "more_needed",
            say(
                "目前的内容还不够具体，暂不能受理。请补充时间、地点、经过或者线索，我们会重新研判。",
                "What we have is not specific enough to be accepted yet. Please add when, where, how, or where to look; it will be judged again.",
            ),
        ),
        Event::ScopeDecided { ground: Some(ground), .. } => {
            let rule = rules.edition(after.edition).ground(*ground)?;
            let zh = format!("决定不予受理：{}({})。", rule.zh, rule.article);
            let en = format!("It was not accepted: {} ({}).", rule.en, rule.article);
            ("not_accepted", say(&zh, &en))
        }
        Event::DutyDone { duty: Art13Duty::Forward } => {
            ("forwarded", say("已转送有权处理的机关、单位。", "It was forwarded to the competent organ."))
        }
        Event::DutyDone { .. } => {
            ("told_where", say("已告知您向有权处理的机关、单位反映。", "You were told which organ to turn to."))
        }
        Event::SimpleUsed => ("simple", say("本件适用简易办理程序。", "It takes the simple procedure.")),
        Event::AcceptanceTold { .. } => {
            ("acceptance_told", say("已告知您受理情况。", "You were told that it is accepted."))
        }
        Event::Dispatched { .. } if after.handed_away() => {
            ("passed_on", say("已按管辖规定转有权机关处理。", "It was passed on to the organ competent for it."))
        }
        Event::Dispatched { .. } => {
            ("in_handling", say("已交承办单位办理。", "It was given to the office that handles it."))
        }
        Event::Extended { clock, until, .. } => {
            // She is told only about clocks she was told of before.
            rules.clock(after.edition, clock)?.public(lang)?;
            let day = day_in_words(*until, lang);
            let zh = format!("经批准，办理期限延长至{day}。");
            let en = format!("With approval, the time limit was extended to {day}.");
            ("extended", say(&zh, &en))
        }
        Event::ContactHeld { .. } => {
            ("contact", say("工作人员与您进行了联系。", "The staff were in contact with you."))
        }
        Event::FeedbackDelivered { .. } => ("result", say("已向您反馈处理结果。", "You were told the result.")),
        Event::ReplyDelivered { .. } => ("result", say("已向您作出书面答复。", "You were answered in writing.")),
        Event::Objected if after.edition == Edition::Xf => {
            let (zh, en) = review_of(after.objections);
            ("objected", say(&format!("收到您的{zh}请求。"), &format!("Your request for {en} arrived.")))
        }
        Event::ObjectionExplained if after.edition == Edition::Xf => {
            let (zh, en) = review_of(after.objections.saturating_sub(after.open_objections));
            (
                "objection_explained",
                say(&format!("已就您的{zh}请求作出答复。"), &format!("Your request for {en} was answered.")),
            )
        }
        Event::Objected => ("objected", say("收到您提出的异议。", "Your objection arrived.")),
        Event::ObjectionExplained => {
            ("objection_explained", say("已就您的异议作出说明。", "Your objection was answered."))
        }
        Event::Rated { .. } => ("rated", say("收到您的评价，谢谢。", "Your rating arrived; thank you.")),
        Event::MessageSent { from_office: true } => {
            ("message", say("您有一条新的留言。", "There is a message for you."))
        }
        Event::MessageSent { from_office: false } => ("message_sent", say("您发送了一条留言。", "You sent a message.")),
        Event::CodeReplaced => {
            ("code_replaced", say("查询码已更换，旧码失效。", "Your code was replaced; the old one no longer works."))
        }
        Event::Closed => ("closed", say("已办结。", "It was closed.")),
        Event::Reopened { .. } => ("reopened", say("已重新启动办理。", "It was opened again.")),
        // Internal steps: who looked, presented, instructed, linked or was named is not hers to carry.
        Event::Judged { .. }
        | Event::SignedFor
        | Event::EvidenceAdded { .. }
        | Event::Corrected { .. }
        | Event::Recused { .. }
        | Event::NameVerified { .. }
        | Event::NoSubstanceProposed
        | Event::NoSubstanceDeclined
        | Event::Presented { .. }
        | Event::Instructed { .. }
        | Event::InstructionAnswered
        | Event::Linked { .. }
        | Event::Unlinked
        | Event::Promoted
        | Event::Split { .. }
        | Event::TwoWayAnswered
        | Event::Returned { .. }
        | Event::Assigned { .. }
        | Event::Disposed { .. }
        | Event::FindingRecorded { .. }
        | Event::FeedbackDrafted
        | Event::FeedbackApproved { .. }
        | Event::ReplyDrafted
        | Event::ReplyApproved { .. }
        | Event::PaperIssued { .. }
        | Event::PlatformNumberSet { .. }
        | Event::CodeDestroyed => return None,
    })
}
