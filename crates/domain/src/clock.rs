//! 时限: clocks that events start, stop, extend and cancel. A clock knows its own dates; which
//! events move it is decided from `rules/clocks` when the event is decided, and stored with it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{Limit, Unit, day_in_words, days_between};
use crate::rules::Rules;
pub use crate::words::Basis;
use crate::words::{Colour, Edition, Lang};

/// One clock of one report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Its id in `rules/clocks`.
    pub id: String,
    /// On what it rests.
    pub basis: Basis,
    /// Day 0.
    pub started_on: Date,
    /// The limit it was started with.
    pub limit: Limit,
    /// Last day in time, before any extension.
    pub due: Date,
    /// Last day in time after the latest extension.
    pub extended_until: Option<Date>,
    /// How often it was extended.
    pub extensions: u8,
    /// Day on which what it waited for was done.
    pub stopped_on: Option<Date>,
    /// Day on which it fell away without being met or missed.
    pub cancelled_on: Option<Date>,
}

/// What one event did to the clocks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ClockChange {
    /// It began.
    Started {
        /// Its id in `rules/clocks`.
        id: String,
        /// On what it rests.
        basis: Basis,
        /// Day 0.
        from: Date,
        /// How long.
        limit: Limit,
        /// Last day in time.
        due: Date,
    },
    /// What it waited for was done.
    Stopped {
        /// Which clock.
        id: String,
        /// On which day.
        on: Date,
    },
    /// It got a later last day.
    Extended {
        /// Which clock.
        id: String,
        /// The new last day.
        until: Date,
    },
    /// What it waited for is no longer owed.
    Cancelled {
        /// Which clock.
        id: String,
        /// On which day.
        on: Date,
    },
}

impl ClockChange {
    /// The id of the clock it changes.
    pub fn id(&self) -> &str {
        match self {
            Self::Started { id, .. }
            | Self::Stopped { id, .. }
            | Self::Extended { id, .. }
            | Self::Cancelled { id, .. } => id,
        }
    }
}

impl Clock {
    /// Whether it still runs.
    pub fn is_running(&self) -> bool {
        self.stopped_on.is_none() && self.cancelled_on.is_none()
    }

    /// The last day in time, extensions included.
    pub fn last_day(&self) -> Date {
        self.extended_until.unwrap_or(self.due)
    }

    /// Its colour on a day (M43); thresholds are `rules/clocks/colours.toml`. `None` once it no
    /// longer runs, and for a `Basis::Window`, which threatens nobody.
    ///
    /// What remains is counted in working days for limits of working days, else in calendar days.
    pub fn colour(&self, today: Date, rules: &Rules) -> Option<Colour> {
        if !self.is_running() || self.basis == Basis::Window {
            return None;
        }
        let last = self.last_day();
        if today > last {
            return Some(Colour::Red);
        }
        let count = |from: Date, to: Date| match self.limit.unit {
            Unit::WorkingDays => i64::from(rules.calendar().working_days_after(from, to)),
            _ => days_between(from, to).max(0),
        };
        let (total, left) = (count(self.started_on, last), count(today.max(self.started_on), last));
        Some(rules.colours().colour(left, total))
    }

    /// Days left until the last day: working days for limits of working days, else calendar days.
    /// 0 on the last day and after it.
    pub fn days_left(&self, today: Date, rules: &Rules) -> i64 {
        match self.limit.unit {
            Unit::WorkingDays => i64::from(rules.calendar().working_days_after(today, self.last_day())),
            _ => days_between(today, self.last_day()).max(0),
        }
    }

    /// How its last day came about, in one sentence: the reckoning of the law from the day that
    /// started it, or the day a letter or 批示 gave, and then any extension.
    pub fn explain(&self, edition: Edition, rules: &Rules, lang: Lang) -> String {
        let due = rules.calendar().due(self.started_on, self.limit);
        let rule = rules.clock(edition, &self.id);
        // A day that a letter or a 批示 gave was not reckoned: it is told as given.
        let given = rule.is_some_and(|rule| rule.given.is_some() && rule.limit != Some(self.limit));
        let last = day_in_words(self.due, lang);
        let mut text = match (rule.map(|rule| rule.since(lang)), lang) {
            (Some(since), Lang::Zh) if given => {
                format!("{}{since}，来文或者批示所定期限 → {last}", day_in_words(self.started_on, lang))
            }
            (Some(since), Lang::En) if given => {
                format!(
                    "{since} {}, by the day the letter or instruction gives → {last}",
                    day_in_words(self.started_on, lang)
                )
            }
            (Some(since), _) if due.date == self.due => due.explain_since(lang, since),
            (None, _) if due.date == self.due => due.explain(lang),
            (_, Lang::Zh) => format!("按当时的规则，期限为{last}"),
            (_, Lang::En) => format!("set by the rules of the time: {last}"),
        };
        if let Some(until) = self.extended_until {
            let until = day_in_words(until, lang);
            text += &match lang {
                Lang::Zh => format!("；经批准延期至{until}"),
                Lang::En => format!("; with approval extended to {until}"),
            };
        }
        text
    }

    /// Calendar days by which it is late today, or was late when it stopped; 0 if in time,
    /// cancelled, or a window that merely ran out.
    pub fn overdue_days(&self, today: Date) -> u32 {
        if self.basis == Basis::Window || self.cancelled_on.is_some() {
            return 0;
        }
        let end = self.stopped_on.unwrap_or(today);
        u32::try_from(days_between(self.last_day(), end)).unwrap_or(0)
    }
}

/// Applies one change to the clocks of a report. Every change but `Started` speaks of the clock of
/// that id that runs; false if there is none, which is a broken history.
#[must_use]
pub(crate) fn apply(clocks: &mut Vec<Clock>, change: &ClockChange) -> Applied {
    if let ClockChange::Started { id, basis, from, limit, due } = change {
        clocks.push(Clock {
            id: id.clone(),
            basis: *basis,
            started_on: *from,
            limit: *limit,
            due: *due,
            extended_until: None,
            extensions: 0,
            stopped_on: None,
            cancelled_on: None,
        });
        return Applied::Yes;
    }
    let Some(clock) = clocks.iter_mut().rev().find(|clock| clock.id == change.id() && clock.is_running()) else {
        return Applied::NoSuchClock;
    };
    match change {
        ClockChange::Started { .. } => {}
        ClockChange::Stopped { on, .. } => clock.stopped_on = Some(*on),
        ClockChange::Cancelled { on, .. } => clock.cancelled_on = Some(*on),
        ClockChange::Extended { until, .. } => {
            clock.extended_until = Some(*until);
            clock.extensions = clock.extensions.saturating_add(1);
        }
    }
    Applied::Yes
}

/// Whether a change found the clock it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applied {
    /// It did.
    Yes,
    /// No clock of that id runs.
    NoSuchClock,
}

/// The two clocks a list shows side by side: "到期日 · 剩余（法定） / (地方)".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockPair<'a> {
    /// The worst running legal clock.
    pub legal: Option<&'a Clock>,
    /// The worst running stretch clock.
    pub stretch: Option<&'a Clock>,
}

impl<'a> ClockPair<'a> {
    /// The pair among a report's clocks: of each basis the one with the worst colour, among
    /// equals the one that ends soonest.
    pub fn of(clocks: &'a [Clock], today: Date, rules: &Rules) -> Self {
        let worst = |basis| {
            clocks
                .iter()
                .filter(|clock| clock.basis == basis)
                .filter_map(|clock| Some((clock.colour(today, rules)?, clock)))
                .min_by_key(|(colour, clock)| (std::cmp::Reverse(*colour), clock.last_day()))
                .map(|(_, clock)| clock)
        };
        Self { legal: worst(Basis::Legal), stretch: worst(Basis::Stretch) }
    }

    /// The clock that counts: the legal one wins (M41); a stretch clock only where no legal one
    /// runs. What is overdue is decided by this one, and no stretch clock may hide it.
    pub fn ruling(self) -> Option<&'a Clock> {
        self.legal.or(self.stretch)
    }
}
