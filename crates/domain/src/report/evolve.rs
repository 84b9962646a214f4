//! `evolve`: folds one event into the state. It trusts that `decide` let the event happen, needs
//! no rules, and refuses only what cannot be a history at all.

use super::event::{Actor, Event, Holder, Recorded};
use super::state::{Report, Scope};
use crate::clock::{self, Applied, ClockChange};
use crate::ids::StaffId;
use crate::words::*;

/// A list of events that cannot be the history of one report. `fsck` reports it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// The first event is not `received`.
    #[error("the history begins with `{0}` instead of `received`")]
    NotReceived(&'static str),
    /// `received` stands somewhere else than first.
    #[error("event {0} is a second `received`")]
    ReceivedTwice(u32),
    /// A change speaks of a clock that does not run.
    #[error("event {version} changes the clock `{clock}`, which does not run")]
    NoSuchClock {
        /// Version of the event.
        version: u32,
        /// Id of the clock.
        clock: String,
    },
    /// The event's day is before the one before it.
    #[error("event {0} has an earlier day than the event before it")]
    DayRunsBackwards(u32),
}

/// The state after all events; `None` for an empty stream.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Result<Option<Report>, HistoryError> {
    events.into_iter().try_fold(None, |report, recorded| evolve(report, recorded).map(Some))
}

/// The state after one more event.
pub fn evolve(report: Option<Report>, recorded: &Recorded) -> Result<Report, HistoryError> {
    let mut report = match (report, &recorded.event) {
        (None, Event::Received { .. }) => begin(recorded)?,
        (None, other) => return Err(HistoryError::NotReceived(other.name())),
        (Some(report), Event::Received { .. }) => {
            return Err(HistoryError::ReceivedTwice(report.version + 1));
        }
        (Some(mut report), event) => {
            report.version += 1;
            if recorded.day < report.last_on {
                return Err(HistoryError::DayRunsBackwards(report.version));
            }
            report.last_on = recorded.day;
            happen(&mut report, recorded, event);
            report
        }
    };
    for change in &recorded.clocks {
        if clock::apply(&mut report.clocks, change) == Applied::NoSuchClock {
            return Err(HistoryError::NoSuchClock { version: report.version, clock: change.id().to_owned() });
        }
    }
    if let Event::Linked { .. } = recorded.event {
        let fell_away = |change: &&ClockChange| matches!(change, ClockChange::Cancelled { .. });
        report.set_aside = recorded.clocks.iter().filter(fell_away).map(|change| change.id().to_owned()).collect();
    }
    Ok(report)
}

fn begin(recorded: &Recorded) -> Result<Report, HistoryError> {
    let Event::Received {
        edition,
        received_on,
        channel,
        source,
        signing,
        urgency,
        office,
        allegations,
        files,
        recused,
        superior_due: _,
        rules: _,
    } = &recorded.event
    else {
        return Err(HistoryError::NotReceived(recorded.event.name()));
    };
    let transferred = matches!(
        source,
        Source::SuperiorTransfer | Source::SuperiorAssign | Source::DepartmentTransfer | Source::SubordinateReport
    );
    Ok(Report {
        version: 1,
        edition: *edition,
        received_on: *received_on,
        channel: *channel,
        source: *source,
        signing: *signing,
        name_checked: false,
        urgency: *urgency,
        office: office.clone(),
        kind: None,
        stage: if transferred { Stage::AwaitingSigning } else { Stage::AwaitingJudgement },
        holder: Holder::Office { office: office.clone() },
        watcher: None,
        dispatched: None,
        two_way_answered: false,
        simple: false,
        dispatches: 0,
        assignee: None,
        first_assignee: None,
        scope: None,
        no_substance_proposed: None,
        presented_to: None,
        instructed: false,
        instructed_by: None,
        instruction_open: false,
        repeat_of: None,
        set_aside: Vec::new(),
        promoted: false,
        allegations: *allegations,
        findings: std::collections::BTreeMap::new(),
        disposal: None,
        answer_drafted_by: None,
        answer_approved: false,
        parties: Vec::new(),
        answered_on: None,
        acceptance_told_on: None,
        objections: 0,
        open_objections: 0,
        unchecked_evidence: 0,
        message_on: None,
        rating: None,
        files: *files,
        contacts: 0,
        code_alive: true,
        platform_number: None,
        recused: recused.clone(),
        clocks: Vec::new(),
        closed_on: None,
        last_on: recorded.day,
    })
}

/// The member of staff who acted, if it was one.
fn staff(actor: &Actor) -> Option<(&StaffId, Role)> {
    match actor {
        Actor::Staff { staff, role, .. } => Some((staff, *role)),
        Actor::Reporter | Actor::System => None,
    }
}

/// Who was kept away stays away; every token stands once.
fn join(recused: &mut Vec<String>, more: &[String]) {
    for token in more {
        if !recused.contains(token) {
            recused.push(token.clone());
        }
    }
}

/// Whoever handles a report, finds, drafts, approves or reviews is party to its answer.
fn take_part(report: &mut Report, recorded: &Recorded, event: &Event) {
    let actor = staff(&recorded.actor).map(|(who, _)| who);
    let party = match event {
        Event::Assigned { staff } => Some(staff),
        Event::Disposed { .. }
        | Event::FindingRecorded { .. }
        | Event::FeedbackDrafted
        | Event::ReplyDrafted
        | Event::FeedbackApproved { approved: true }
        | Event::ReplyApproved { approved: true }
        | Event::ObjectionExplained => actor,
        _ => None,
    };
    if let Some(who) = party.filter(|who| !report.parties.contains(who)) {
        report.parties.push(who.clone());
    }
}

fn happen(report: &mut Report, recorded: &Recorded, event: &Event) {
    take_part(report, recorded, event);
    match event {
        // A suggestion and a correspondence change nothing the law asks about.
        Event::Received { .. } | Event::Judged { .. } | Event::PaperIssued { .. } | Event::CodeReplaced => {}
        Event::MessageSent { from_office: true } => report.message_on = None,
        Event::MessageSent { from_office: false } => {
            report.message_on.get_or_insert(recorded.day);
        }
        Event::SignedFor => report.stage = Stage::AwaitingJudgement,
        Event::EvidenceAdded { files, after_finding } => evidence(report, *files, *after_finding),
        Event::EvidenceChecked => report.unchecked_evidence = 0,
        Event::Corrected { channel, source, signing, urgency, allegations, recused } => {
            report.channel = channel.unwrap_or(report.channel);
            report.source = source.unwrap_or(report.source);
            // Another name is to be looked into anew.
            report.name_checked &= signing.is_none();
            report.signing = signing.unwrap_or(report.signing);
            report.urgency = urgency.unwrap_or(report.urgency);
            report.allegations = allegations.unwrap_or(report.allegations);
            join(&mut report.recused, recused.as_deref().unwrap_or_default());
        }
        Event::Recused { recused, basis: _ } => join(&mut report.recused, recused),
        Event::NameVerified { signing } => (report.signing, report.name_checked) = (*signing, true),
        // It is judged anew, whatever was decided before, until a second person said yes or no.
        Event::NoSubstanceProposed => {
            report.no_substance_proposed = staff(&recorded.actor).map(|(who, _)| who.clone());
            report.stage = Stage::AwaitingJudgement;
        }
        Event::NoSubstanceDeclined => {
            report.no_substance_proposed = None;
            report.stage = after_scope(report);
        }
        Event::ScopeDecided { kind, ground, duty } => {
            report.kind = Some(*kind);
            report.no_substance_proposed = None;
            report.scope = Some(Scope { ground: *ground, duty: *duty, on: recorded.day });
            report.stage = after_scope(report);
        }
        Event::DutyDone { .. } => {
            if let Some(scope) = &mut report.scope {
                scope.duty = None;
            }
            if report.dispatched.is_none() {
                report.stage = Stage::AwaitingFeedback;
            }
        }
        Event::SimpleUsed => report.simple = true,
        Event::AcceptanceTold { .. } => report.acceptance_told_on = Some(recorded.day),
        Event::Presented { to } => {
            report.presented_to = Some(*to);
            report.stage = Stage::AwaitingInstruction;
        }
        Event::Instructed { due, agreed } => instructed(report, recorded, due.is_some(), *agreed),
        Event::InstructionAnswered => report.instruction_open = false,
        // With new facts it is first-time from the start: its clocks run on as they were.
        Event::Linked { to, new_facts } => {
            report.repeat_of = Some(*to);
            report.promoted = *new_facts;
        }
        Event::Unlinked => {
            report.repeat_of = None;
            report.promoted = false;
        }
        Event::Promoted => report.promoted = true,
        Event::Split { .. } => {}
        Event::Dispatched { way, to, watcher, .. } => {
            report.dispatched = Some(*way);
            report.dispatches = report.dispatches.saturating_add(1);
            report.holder = to.clone();
            report.watcher.clone_from(watcher);
            report.two_way_answered = false;
            report.assignee = None;
            // Sealed upward, it waits for nobody's word here.
            (report.presented_to, report.no_substance_proposed) = (None, None);
            report.stage = Stage::InHandling;
        }
        Event::TwoWayAnswered => report.two_way_answered = true,
        Event::Returned { ground } => {
            report.holder = Holder::Office { office: report.office.clone() };
            report.dispatched = None;
            report.watcher = None;
            report.assignee = None;
            // What was said to have no substance, or lies with another organ, is judged anew.
            let judge_again = matches!(ground, ReturnGround::NoSubstance) || report.scope.is_none();
            report.stage = if judge_again { Stage::AwaitingJudgement } else { Stage::AwaitingDispatch };
        }
        Event::Assigned { staff } => name_handler(report, staff),
        Event::Extended { .. } => {}
        Event::ContactHeld { .. } => report.contacts = report.contacts.saturating_add(1),
        Event::Disposed { way } => {
            report.disposal = Some(*way);
            first_to_act(report, recorded);
        }
        Event::FindingRecorded { allegation, finding } => {
            report.findings.insert(*allegation, *finding);
            first_to_act(report, recorded);
        }
        Event::FeedbackDrafted | Event::ReplyDrafted => {
            report.answer_drafted_by = staff(&recorded.actor).map(|(who, _)| who.clone());
            report.answer_approved = false;
            report.stage = Stage::AwaitingApproval;
            first_to_act(report, recorded);
        }
        Event::FeedbackApproved { approved } | Event::ReplyApproved { approved } => {
            report.answer_approved = *approved;
            report.stage = if *approved { Stage::AwaitingFeedback } else { Stage::InHandling };
            if !approved {
                report.answer_drafted_by = None;
            }
        }
        Event::FeedbackDelivered { .. } | Event::ReplyDelivered { .. } => report.answered_on = Some(recorded.day),
        Event::Objected => {
            report.objections = report.objections.saturating_add(1);
            report.open_objections = report.open_objections.saturating_add(1);
        }
        Event::ObjectionExplained => {
            report.open_objections = report.open_objections.saturating_sub(1);
        }
        Event::Rated { rating } => report.rating = Some(*rating),
        Event::PlatformNumberSet { number } => report.platform_number = Some(number.clone()),
        // Nothing reaches her any more that could answer what she wrote.
        Event::CodeDestroyed => (report.code_alive, report.message_on) = (false, None),
        Event::Closed => {
            report.closed_on = Some(recorded.day);
            report.stage = Stage::Closed;
        }
        Event::Reopened { .. } => reopened(report),
    }
}

/// Where a report stands once its scope is decided.
fn after_scope(report: &Report) -> Stage {
    let Some(scope) = &report.scope else {
        return Stage::AwaitingJudgement;
    };
    match (scope.ground, scope.duty) {
        (None, _) if report.dispatched.is_some() => Stage::InHandling,
        (None, _) if report.presented_to.is_some() => Stage::AwaitingInstruction,
        (None, _) if report.instructed => Stage::AwaitingDispatch,
        (None, _) => Stage::AwaitingPresentation,
        (Some(_), Some(Art13Duty::Forward)) => Stage::AwaitingDispatch,
        (Some(_), _) => Stage::AwaitingFeedback,
    }
}

fn instructed(report: &mut Report, recorded: &Recorded, report_back: bool, agreed: bool) {
    report.presented_to = None;
    if agreed {
        report.instructed = true;
        // A head's word does not take back what a leader said before.
        let role = staff(&recorded.actor).map(|(_, role)| role);
        report.instructed_by = report.instructed_by.max(role);
        report.instruction_open |= report_back;
        report.stage = after_scope(report);
    } else {
        report.stage = match after_scope(report) {
            Stage::AwaitingDispatch if report.accepted() == Some(true) => Stage::AwaitingPresentation,
            stage => stage,
        };
    }
}

fn evidence(report: &mut Report, files: u16, after_finding: bool) {
    report.files = report.files.saturating_add(files);
    if after_finding {
        report.unchecked_evidence = report.unchecked_evidence.saturating_add(1);
    }
    // 13(3) with substance added can become acceptable: it is judged again.
    let name_only = report.scope.as_ref().is_some_and(|scope| scope.ground == Some(Ground::NameOnly));
    if name_only && report.closed_on.is_none() {
        report.stage = Stage::AwaitingJudgement;
    }
}

fn name_handler(report: &mut Report, staff: &StaffId) {
    report.assignee = Some(staff.clone());
    report.first_assignee.get_or_insert_with(|| staff.clone());
}

/// 首办责任 (M52): a handler who acts before anybody was named has taken it on.
fn first_to_act(report: &mut Report, recorded: &Recorded) {
    if let (None, Some((who, Role::Handler))) = (&report.assignee, staff(&recorded.actor)) {
        let who = who.clone();
        name_handler(report, &who);
    }
}

fn reopened(report: &mut Report) {
    report.closed_on = None;
    report.answer_drafted_by = None;
    report.answer_approved = false;
    // A new answer has its own people; what is still objected to was the old one's.
    if report.open_objections == 0 {
        report.parties.clear();
    }
    report.answered_on = None;
    // A new answer opens the way to review anew; only what is still open counts.
    report.objections = report.open_objections;
    report.stage = match report.accepted() {
        _ if report.dispatched.is_some() => Stage::InHandling,
        Some(true) => Stage::AwaitingDispatch,
        Some(false) | None => Stage::AwaitingJudgement,
    };
}
