//! `decide`: a command becomes events, or a refusal in words that says what to do. One file per
//! group of verbs. Nothing here reads the time, a database or a text; who may give which command
//! by role and office is `permission`'s, and only what the law itself ties to a person is asked
//! here (who instructs, who confirms, who approves).

mod answer;
mod closing;
mod dispatch;
mod handling;
mod instruct;
mod intake;
mod linking;
mod scope;
mod thread;

use jiff::civil::Date;

use super::clocking;
use super::command::Command;
use super::event::{Actor, Event, Recorded};
use super::evolve::evolve;
use super::refusal::{self, Refusal};
use super::state::Report;
use crate::clock::{self, Applied};
use crate::ids::StaffId;
use crate::rules::{EditionRules, Rules};
use crate::words::{CommandKind, Edition, Role};

pub use closing::close_blockers;
pub use linking::{Repeats, may_link};

/// Everything outside the report that a decision depends on.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The civil day in the organ's zone.
    pub today: Date,
    /// Now, in Unix microseconds; not recorded for a reporter's own acts.
    pub at: i64,
    /// Who acts.
    pub actor: Actor,
    /// The rules in force.
    pub rules: &'a Rules,
    /// The organ's edition.
    pub edition: Edition,
}

impl<'a> Context<'a> {
    fn edition_rules(&self) -> &'a EditionRules {
        self.rules.edition(self.edition)
    }

    /// The member of staff who acts; a refusal if it is the reporter or the program.
    fn staff(&self) -> Result<(&StaffId, Role), Refusal> {
        match &self.actor {
            Actor::Staff { staff, role, .. } => Ok((staff, *role)),
            Actor::Reporter => Err(refusal::not_for_reporter()),
            Actor::System => Err(refusal::only_staff()),
        }
    }
}

/// What a verb answers.
type Decision = Result<Vec<Event>, Refusal>;

/// Answers a command. `report` is `None` for an empty stream, where only `Command::Receive` is
/// lawful. The events come in order, each with the changes to the clocks decided with it; nothing
/// else follows from a command, and a refusal changes nothing.
pub fn decide(report: Option<&Report>, command: &Command, context: &Context<'_>) -> Result<Vec<Recorded>, Refusal> {
    lawful(report, command, context).map_err(|refusal| refusal.in_edition(context.edition))
}

fn lawful(report: Option<&Report>, command: &Command, context: &Context<'_>) -> Result<Vec<Recorded>, Refusal> {
    may_at_all(command.kind(), &context.actor)?;
    let events = match (report, command) {
        (None, Command::Receive(receive)) => intake::receive(receive, context)?,
        (None, _) => return Err(refusal::not_registered()),
        (Some(_), Command::Receive(_)) => return Err(refusal::already_registered()),
        (Some(report), command) => existing(report, command, context)?,
    };
    let mut state = report.cloned();
    let mut recorded = Vec::with_capacity(events.len());
    for event in events {
        let (next, one) = record(state, event, context)?;
        state = Some(next);
        recorded.push(one);
    }
    Ok(recorded)
}

/// Whether somebody of this sort can give the command at all (M98: nobody rates for a reporter).
fn may_at_all(command: CommandKind, actor: &Actor) -> Result<(), Refusal> {
    use CommandKind as K;
    match (actor, command) {
        (
            Actor::Reporter,
            K::Receive | K::AddEvidence | K::Object | K::Rate | K::SendMessage | K::ReplaceCode | K::DestroyCode,
        ) => Ok(()),
        (Actor::Reporter, _) => Err(refusal::not_for_reporter()),
        (Actor::System, K::Receive | K::Judge | K::IssuePaper | K::Recuse) => Ok(()),
        (Actor::System, _) => Err(refusal::only_staff()),
        (Actor::Staff { .. }, K::Judge) => Err(refusal::only_system()),
        (Actor::Staff { .. }, K::Rate | K::ReplaceCode | K::DestroyCode) => Err(refusal::only_reporter()),
        (Actor::Staff { .. }, _) => Ok(()),
    }
}

/// What may still happen to a closed report: she keeps her thread and her rights, and what the
/// law owes her for them is still done (规则 Art 27).
fn may_after_closing(command: CommandKind) -> bool {
    use CommandKind as K;
    matches!(
        command,
        K::SendMessage
            | K::AddEvidence
            | K::CheckEvidence
            | K::Object
            | K::ExplainObjection
            | K::Rate
            | K::ReplaceCode
            | K::DestroyCode
            | K::IssuePaper
            | K::SetPlatformNumber
            | K::Reopen
            | K::Recuse
    )
}

fn existing(report: &Report, command: &Command, context: &Context<'_>) -> Decision {
    if report.edition != context.edition {
        return Err(refusal::other_edition());
    }
    if context.today < report.last_on {
        return Err(refusal::clock_behind());
    }
    if report.closed_on.is_some() && !may_after_closing(command.kind()) {
        return Err(refusal::closed());
    }
    match command {
        Command::Receive(_) => Err(refusal::already_registered()),
        Command::Judge { models, abstained } => Ok(intake::judge(models, *abstained, context)),
        Command::SignFor => intake::sign_for(report),
        Command::AddEvidence { files } => Ok(intake::add_evidence(report, *files)),
        Command::CheckEvidence => intake::check_evidence(report),
        Command::Correct { channel, source, signing, urgency, allegations, recused } => intake::correct(
            report,
            Event::Corrected {
                channel: *channel,
                source: *source,
                signing: *signing,
                urgency: *urgency,
                allegations: *allegations,
                recused: recused.as_ref().map(|more| more.tokens().to_vec()),
            },
        ),
        Command::Recuse { recused, basis } => intake::recuse(report, recused, *basis, context),
        Command::VerifyName { signing } => intake::verify_name(report, *signing),
        Command::Accept { kind } => scope::accept(report, *kind, context),
        Command::Refuse { kind, ground } => scope::refuse(report, *kind, *ground, context),
        Command::ConfirmNoSubstance { confirmed } => scope::confirm_no_substance(report, *confirmed, context),
        Command::DoDuty => scope::do_duty(report),
        Command::UseSimple => scope::use_simple(report),
        Command::TellAcceptance { way } => scope::tell_acceptance(report, *way),
        Command::Present { to } => instruct::present(report, *to, context),
        Command::Instruct { due, verdict } => instruct::instruct(report, *due, *verdict, context),
        Command::AnswerInstruction => instruct::answer(report),
        Command::Link { to, new_facts } => linking::link(report, *to, *new_facts),
        Command::Unlink => linking::unlink(report),
        Command::Promote => linking::promote(report),
        Command::Split { into } => linking::split(report, into),
        Command::Dispatch { way, to, watcher, ground, due } => dispatch::dispatch(
            report,
            dispatch::Order { way: *way, to, watcher: watcher.as_ref(), ground: *ground, due: *due },
            context,
        ),
        Command::AnswerTwoWay => dispatch::answer_two_way(report),
        Command::Return { ground } => dispatch::send_back(report, *ground, context),
        Command::Assign { staff } => dispatch::assign(report, staff),
        Command::Extend { clock, until, ground } => handling::extend(report, clock, *until, *ground, context),
        Command::RecordContact { way } => handling::record_contact(report, *way),
        Command::Dispose { way } => handling::dispose(report, *way, context),
        Command::RecordFinding { allegation, finding } => {
            handling::record_finding(report, *allegation, *finding, context)
        }
        Command::DraftAnswer => answer::draft(report, context),
        Command::ApproveAnswer { verdict } => answer::approve(report, *verdict, context),
        Command::DeliverAnswer { way } => answer::deliver(report, *way, context),
        Command::Object => answer::object(report, context),
        Command::ExplainObjection { review } => answer::explain(report, *review, context),
        Command::Rate { rating } => answer::rate(report, *rating, context),
        Command::SendMessage => thread::send_message(report, context),
        Command::IssuePaper { paper, number } => thread::issue_paper(paper, number.as_deref(), context),
        Command::SetPlatformNumber { number } => thread::set_platform_number(report, number),
        Command::ReplaceCode => thread::replace_code(report),
        Command::DestroyCode => thread::destroy_code(report),
        Command::Close => closing::close(report, context),
        Command::Reopen { cause } => closing::reopen(report, *cause),
    }
}

/// Records one event: who and when, what it does to the clocks, and the state after it.
fn record(before: Option<Report>, event: Event, context: &Context<'_>) -> Result<(Report, Recorded), Refusal> {
    // A reporter's own acts carry the day only (architecture, Tables).
    let at = match context.actor {
        Actor::Reporter => None,
        Actor::Staff { .. } | Actor::System => Some(context.at),
    };
    let mut recorded = Recorded { day: context.today, at, actor: context.actor.clone(), event, clocks: Vec::new() };
    let mut after = evolve(before, &recorded).map_err(|error| refusal::broken_history(&error))?;
    recorded.clocks = clocking::changes(&after, &recorded.event, context.today, context.rules);
    for change in &recorded.clocks {
        let applied = clock::apply(&mut after.clocks, change);
        debug_assert_eq!(applied, Applied::Yes, "clocking only changes clocks that run");
    }
    Ok((after, recorded))
}

/// M51, M52: once a handler is named, no other handler does his work.
fn is_own_work(report: &Report, context: &Context<'_>) -> Result<(), Refusal> {
    match (&context.actor, &report.assignee) {
        (Actor::Staff { staff, role: Role::Handler, .. }, Some(named)) if staff != named => {
            Err(refusal::not_the_handler())
        }
        _ => Ok(()),
    }
}
