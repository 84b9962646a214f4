//! What one report adds to the daily figures, and how an event moves that.
//!
//! A figure belongs to the day the catalogue gives it: 收到日期 for what is counted over received
//! reports, the day of closing for what is closed, the due or stopping day for clocks. A later
//! decision therefore restates the past, as the catalogue demands, and nothing is counted twice.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clock::{Basis, Clock};
use crate::report::{Recorded, Report};
use crate::words::{DispatchWay, Kind, Signing};

/// A change of one counter on one day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tally {
    /// The day the figure belongs to; often earlier than the day of the event.
    pub day: Date,
    /// Which counter, e.g. `received/channel=web`.
    pub key: String,
    /// By how much.
    pub delta: i64,
}

/// Counters by day and key.
pub type Counts = BTreeMap<(Date, String), i64>;

/// What the event changes. `before` is `None` for the first event of a report.
///
/// The tallies of all events of a report add up to [`counted`] of its last state.
pub fn tallies(before: Option<&Report>, recorded: &Recorded, after: &Report) -> Vec<Tally> {
    debug_assert!(before.is_some() == (after.version > 1), "one event at a time: {}", recorded.event.name());
    let mut change = counted(after);
    for (place, count) in before.map(counted).unwrap_or_default() {
        *change.entry(place).or_default() -= count;
    }
    change.into_iter().filter(|(_, delta)| *delta != 0).map(|((day, key), delta)| Tally { day, key, delta }).collect()
}

/// Everything a report in this state adds to the figures.
pub fn counted(report: &Report) -> Counts {
    let mut counts = Counts::new();
    // 径送: never counted, and taken out again if it was found half-way.
    if report.dispatched == Some(DispatchWay::DirectSeal) {
        return counts;
    }
    let mut add = |day: Date, key: String, count: i64| {
        if count != 0 {
            *counts.entry((day, key)).or_default() += count;
        }
    };
    let received = report.received_on;
    add(received, "received".into(), 1);
    add(received, format!("received/channel={}", report.channel), 1);
    add(received, format!("received/source={}", report.source), 1);
    if let Some(kind) = report.kind {
        add(received, format!("received/kind={kind}"), 1);
        if kind == Kind::Accusation {
            let first = report.repeat_of.is_none() || report.promoted;
            add(received, format!("accusation/{}", if first { "first" } else { "repeat" }), 1);
            if report.signing == Signing::NamedVerified {
                add(received, "accusation/named".into(), 1);
            }
        }
    }
    if let Some(scope) = &report.scope {
        add(received, "scoped".into(), 1);
        if let Some(ground) = scope.ground {
            add(received, format!("scoped/ground={ground}"), 1);
        }
        if report.kind == Some(Kind::NoSubstance) {
            add(received, "scoped/no_substance".into(), 1);
        }
    }
    for finding in report.findings.values() {
        add(received, format!("finding/{finding}"), 1);
    }
    if let Some(closed) = report.closed_on {
        add(closed, "closed".into(), 1);
        if let Some(scope) = report.scope.as_ref().filter(|s| s.ground.is_none()) {
            let days = i64::from((closed - scope.on).get_days()).max(0);
            add(closed, format!("closed_after/{days}"), 1);
        }
    }
    for clock in &report.clocks {
        if let Some((day, end)) = end_of(clock) {
            add(day, format!("clock/{}/{}/{end}", clock.basis, clock.id), 1);
        }
    }
    counts
}

/// `due in P`: the last day, or the day it was stopped, whichever came first. A clock that fell
/// away, or that only says how long a right lasts, owes nothing.
fn end_of(clock: &Clock) -> Option<(Date, &'static str)> {
    if clock.cancelled_on.is_some() || clock.basis == Basis::Window {
        return None;
    }
    let last = clock.last_day();
    Some(match clock.stopped_on {
        Some(stopped) if stopped <= last => (stopped, "met"),
        Some(_) => (last, "late"),
        None => (last, "running"),
    })
}
