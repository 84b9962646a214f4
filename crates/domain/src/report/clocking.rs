//! Which changes to the clocks an event brings: `rules/clocks` asked about the facts of one event.
//! It decides dates and nothing else; `evolve` later only repeats what was decided here.

use jiff::civil::Date;

use super::event::Event;
use super::facts::facts;
use super::state::Report;
use crate::calendar::{Limit, Unit, days_between};
use crate::clock::ClockChange;
use crate::rules::{ClockRule, Given, Rules, StartFrom};
use crate::words::Basis;

/// The changes `event` brings on `today`. `after` is the report after the event, with the clocks
/// as they ran before it.
pub(super) fn changes(after: &Report, event: &Event, today: Date, rules: &Rules) -> Vec<ClockChange> {
    let facts = facts(after, event);
    let name = event.name();
    let list = rules.clocks(after.edition);
    let mut changes = Vec::new();
    let mut ended: Vec<&str> = Vec::new();
    if let Event::Extended { clock, until, .. } = event {
        changes.push(ClockChange::Extended { id: clock.clone(), until: *until });
    }
    for clock in after.clocks.iter().filter(|clock| clock.is_running()) {
        let rule = list.iter().find(|rule| rule.id == clock.id);
        let stops = rule.is_some_and(|rule| rule.stops.iter().any(|c| c.fits(name, &facts)));
        let cancels = rule.is_some_and(|rule| rule.cancels.iter().any(|c| c.fits(name, &facts)));
        // Once closed, nothing is owed any more; a right to ask for review goes on.
        let closes = matches!(event, Event::Closed) && clock.basis != Basis::Window;
        if stops {
            changes.push(ClockChange::Stopped { id: clock.id.clone(), on: today });
        } else if cancels || closes {
            changes.push(ClockChange::Cancelled { id: clock.id.clone(), on: today });
        } else {
            continue;
        }
        ended.push(&clock.id);
    }
    for rule in list {
        let runs = after.clock(&rule.id).is_some() && !ended.contains(&rule.id.as_str());
        if runs || rule.effective > today {
            continue;
        }
        let Some(start) = rule.starts.iter().find(|start| {
            let goes_on = start.from != StartFrom::Before || after.set_aside.contains(&rule.id);
            goes_on && start.condition.fits(name, &facts)
        }) else {
            continue;
        };
        let last = after.clocks.iter().rfind(|clock| clock.id == rule.id);
        let from = match start.from {
            StartFrom::Day => today,
            StartFrom::ReceivedOn => after.received_on,
            StartFrom::DecidedOn => after.scope.as_ref().map_or(today, |scope| scope.on),
            StartFrom::Before => last.map_or(today, |clock| clock.started_on),
        };
        let Some((limit, due)) = end(rule, from, event.given_due(), rules) else {
            continue;
        };
        changes.push(ClockChange::Started { id: rule.id.clone(), basis: rule.basis, from, limit, due });
        if let StartFrom::Before = start.from
            && let Some(until) = last.and_then(|clock| clock.extended_until)
        {
            changes.push(ClockChange::Extended { id: rule.id.clone(), until });
        }
        // Where one event ends a clock and begins it anew, the new one runs.
        let anew = ended.contains(&rule.id.as_str());
        if !anew && rule.stops.iter().any(|c| c.fits(name, &facts)) {
            changes.push(ClockChange::Stopped { id: rule.id.clone(), on: today });
        }
    }
    changes
}

/// The limit and last day of a clock that begins on `from`.
fn end(rule: &ClockRule, from: Date, given: Option<Date>, rules: &Rules) -> Option<(Limit, Date)> {
    let law = rule.limit.map(|limit| (limit, rules.calendar().due(from, limit).date));
    // A given day is a fact of a letter: it is not moved off a day off.
    let given = given.filter(|day| rule.given.is_some() && *day >= from).map(|day| {
        let days = u16::try_from(days_between(from, day)).unwrap_or(u16::MAX);
        (Limit::new(days, Unit::Days), day)
    });
    match (law, given) {
        (Some(law), Some(given)) if given.1 < law.1 => Some(given),
        (Some(law), _) => Some(law),
        (None, given) => given.filter(|_| rule.given == Some(Given::Only)),
    }
}
