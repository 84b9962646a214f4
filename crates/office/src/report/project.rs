//! The plain row of a report, as a function of its state: what lists and filters may see.
//!
//! It is used at every append and again by `fsck`, which is why it takes nothing but the folded
//! state, the number and the rules the clocks were started under.

use domain::clock::{Basis, Clock};
use domain::ids::{ReportId, ReportNumber};
use domain::report::{Event, Recorded, Report};
use domain::rules::Rules;
use domain::words::{Colour, Stage};
use jiff::civil::Date;
use store::{Awaits, ClockRow, ClockState, NextDue, PaperRow, Projection, ReportRow};

/// Projects a report's state onto the rows of its lists.
pub fn project(
    report: ReportId,
    number: &ReportNumber,
    state: &Report,
    events: &[Recorded],
    rules: &Rules,
) -> Projection {
    let clocks = state.clocks.iter().zip(1..).map(|(clock, seq)| clock_row(clock, seq, rules)).collect::<Vec<_>>();
    let papers = events
        .iter()
        .zip(1..)
        .filter_map(|(recorded, version)| match &recorded.event {
            Event::PaperIssued { paper, number } => {
                Some(PaperRow { version, paper: paper.clone(), number: number.clone(), day: recorded.day })
            }
            _ => None,
        })
        .collect();
    Projection {
        report: ReportRow {
            report,
            number: number.clone(),
            version: state.version,
            received_on: state.received_on,
            channel: state.channel,
            source: state.source,
            signing: state.signing,
            urgency: state.urgency,
            kind: state.kind,
            ground: state.scope.as_ref().and_then(|s| s.ground),
            stage: state.stage,
            office: state.office.clone(),
            holder: state.holder.clone(),
            watcher: state.watcher.clone(),
            assignee: state.assignee.clone(),
            dispatched: state.dispatched,
            repeat_of: state.repeat_of,
            platform_number: state.platform_number.clone(),
            answered_on: state.answered_on,
            rating: state.rating,
            files: u32::from(state.files),
            closed_on: state.closed_on,
            last_on: state.last_on,
            returned_on: returned_on(state, events),
            settled_on: state.closed_on.filter(|_| !state.owes_reporter()),
            awaits: awaits(state, rules),
            message_on: state.message_on,
            next: NextDue::of(&clocks),
        },
        clocks,
        recused: in_order(&state.recused),
        papers,
    }
}

/// Whose word it waits for, while it does.
fn awaits(state: &Report, rules: &Rules) -> Option<Awaits> {
    let reviewed = state.open_objections > 0 && !rules.edition(state.edition).review_by.is_empty();
    match state.stage {
        Stage::AwaitingInstruction => state.presented_to.map(Awaits::Role),
        Stage::AwaitingJudgement => state.no_substance_proposed.as_ref().map(|_| Awaits::SecondPerson),
        _ => reviewed.then_some(Awaits::Reviewer),
    }
}

/// As the store reads them back: in the order of the alphabet, because a set has none of its own.
fn in_order(tokens: &[String]) -> Vec<String> {
    let mut tokens = tokens.to_vec();
    tokens.sort_unstable();
    tokens
}

/// The day it came back, if it was neither sent on nor closed since.
fn returned_on(state: &Report, events: &[Recorded]) -> Option<Date> {
    if state.closed_on.is_some() || state.dispatched.is_some() {
        return None;
    }
    let last = events
        .iter()
        .rev()
        .find(|recorded| matches!(recorded.event, Event::Returned { .. } | Event::Dispatched { .. } | Event::Closed))?;
    matches!(last.event, Event::Returned { .. }).then_some(last.day)
}

fn clock_row(clock: &Clock, seq: u32, rules: &Rules) -> ClockRow {
    let due_on = clock.last_day();
    let state =
        if clock.is_running() && clock.basis != Basis::Window { ClockState::Running } else { ClockState::Stopped };
    ClockRow {
        seq,
        clock: clock.id.clone(),
        basis: clock.basis.as_str().to_owned(),
        started_on: clock.started_on,
        due_on,
        yellow_on: first_day(clock, rules, &[Colour::Yellow, Colour::Red]),
        red_on: first_day(clock, rules, &[Colour::Red]),
        state,
        stopped_on: clock.stopped_on.or(clock.cancelled_on),
    }
}

/// The first day on which a running clock shows one of the colours: colours only ever get worse,
/// so the day is found by halving.
fn first_day(clock: &Clock, rules: &Rules, colours: &[Colour]) -> Option<Date> {
    let shows = |day: Date| clock.colour(day, rules).is_some_and(|c| colours.contains(&c));
    let last = clock.last_day().tomorrow().ok()?;
    if !shows(last) {
        return None;
    }
    let (mut low, mut high) = (0, clock.started_on.until(last).ok()?.get_days());
    while low < high {
        let middle = low + (high - low) / 2;
        let day = clock.started_on.checked_add(jiff::Span::new().days(middle)).ok()?;
        if shows(day) { high = middle } else { low = middle + 1 }
    }
    clock.started_on.checked_add(jiff::Span::new().days(low)).ok()
}
