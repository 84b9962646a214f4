//! `rules/clocks/{jw,xf}.toml`: which events start, stop and cancel which clock. It matches
//! conditions against facts by name and knows neither reports nor dates.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Deserialize;

use super::RulesError;
use crate::calendar::Limit;
use crate::report::Event;
use crate::report::facts::{Facts, vocabulary};
use crate::words::{Basis, Lang, Role};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockFile {
    clock: Vec<ClockRule>,
}

/// One clock as the law sets it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
    /// Stable name, stored in events.
    pub id: String,
    /// 名称
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// On what it rests.
    pub basis: Basis,
    /// How long; absent only where `given = "only"`.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Whether a date written in a letter or a 批示 sets the last day.
    #[serde(default)]
    pub given: Option<Given>,
    /// What starts it.
    pub starts: Vec<StartRule>,
    /// What counts as done.
    pub stops: Vec<Condition>,
    /// What makes it fall away.
    #[serde(default)]
    pub cancels: Vec<Condition>,
    /// Whether and how it may be extended.
    #[serde(default)]
    pub extend: Option<ExtendRule>,
    /// What happened on day 0, in Chinese, after the date: 收到.
    pub since_zh: String,
    /// What happened on day 0, in English, before the date: received.
    pub since_en: String,
    /// The next step told to the reporter, with `{due}` for the day; absent: not told.
    #[serde(default)]
    pub public_zh: Option<String>,
    /// The same in English.
    #[serde(default)]
    pub public_en: Option<String>,
    /// Law and article.
    pub source: String,
    /// The first day on which it applies.
    pub effective: Date,
    /// What is not certain about the source, for those who put the rules in force.
    #[serde(default)]
    pub doubt: Option<String>,
}

/// How a date given in a letter or a 批示 bears on a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// The law's limit, or the given day if that is earlier.
    Earlier,
    /// The given day alone; without one the clock does not start.
    Only,
}

/// From which day a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartFrom {
    /// The day of the event.
    #[default]
    Day,
    /// 收到日期.
    ReceivedOn,
    /// The day of the scope decision.
    DecidedOn,
    /// Only for what fell away with a link and goes on without it: the day from which this clock ran,
    /// with any extension it had. What had ended before, or never ran, does not begin.
    Before,
}

/// An event, and what must hold after it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Condition {
    /// Name of the event.
    pub on: String,
    /// Facts by name, each with the values that fit. All must fit.
    #[serde(flatten)]
    pub when: BTreeMap<String, Vec<String>>,
}

/// A condition that starts a clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StartRule {
    /// From which day it counts.
    #[serde(default)]
    pub from: StartFrom,
    /// When.
    #[serde(flatten)]
    pub condition: Condition,
}

/// How a clock may be extended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtendRule {
    /// At most so much after the last day of the law.
    pub max: Limit,
    /// The roles that may approve it.
    pub approvers: Vec<Role>,
    /// How often.
    pub times: u8,
}

impl Condition {
    /// Whether the event and everything after it fit.
    pub(crate) fn fits(&self, event: &str, facts: &Facts) -> bool {
        self.on == event
            && self.when.iter().all(|(name, values)| {
                facts.get(name.as_str()).is_some_and(|fact| values.iter().any(|value| value == fact))
            })
    }

    fn check(&self, place: &str) -> Result<(), String> {
        if !Event::NAMES.contains(&self.on.as_str()) {
            return Err(format!("{place}: `on = \"{}\"` is no event; use one of {}", self.on, Event::NAMES.join(", ")));
        }
        for (name, values) in &self.when {
            let Some(known) = vocabulary(name) else {
                return Err(format!("{place}: `{name}` is not something a condition can ask"));
            };
            if let Some(value) = values.iter().find(|value| !known.contains(&value.as_str())) {
                return Err(format!("{place}: `{name}` cannot be \"{value}\"; use one of {}", known.join(", ")));
            }
        }
        Ok(())
    }
}

impl ClockRule {
    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// What happened on day 0, for `Due::explain_since`.
    pub fn since(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.since_zh,
            Lang::En => &self.since_en,
        }
    }

    /// The sentence told to the reporter about the next step.
    pub fn public(&self, lang: Lang) -> Option<&str> {
        match lang {
            Lang::Zh => self.public_zh.as_deref(),
            Lang::En => self.public_en.as_deref(),
        }
    }
}

/// Checks a file of clocks.
pub(super) fn read(path: &str, file: ClockFile) -> Result<Vec<ClockRule>, RulesError> {
    let mut ids = BTreeSet::new();
    for clock in &file.clock {
        let id = &clock.id;
        let fail = |problem: String| Err(RulesError::new(path, format!("clock `{id}`, {problem}")));
        if !ids.insert(id) {
            return fail("key `id`: another clock has this name; each needs its own".to_owned());
        }
        match (clock.limit, clock.given) {
            (None, Some(Given::Only)) | (Some(_), None | Some(Given::Earlier)) => {}
            (Some(_), Some(Given::Only)) => {
                return fail("key `limit`: leave it out where `given = \"only\"`".to_owned());
            }
            (None, _) => {
                return fail("key `limit` is missing, for example limit = \"15wd\"".to_owned());
            }
        }
        if clock.starts.is_empty() || clock.stops.is_empty() {
            return fail("keys `starts` and `stops` each need at least one event".to_owned());
        }
        let public = [&clock.public_zh, &clock.public_en];
        if public.iter().filter(|text| text.is_some()).count() == 1 {
            return fail("keys `public_zh` and `public_en`: write both or neither".to_owned());
        }
        if public.into_iter().flatten().any(|text| !text.contains("{due}")) {
            return fail("keys `public_zh` and `public_en` must say `{due}` where the day belongs".to_owned());
        }
        if clock.extend.as_ref().is_some_and(|extend| extend.approvers.is_empty() || extend.times == 0) {
            return fail("key `extend`: name at least one of `approvers`, and `times` of at least 1".to_owned());
        }
        let starts =
            clock.starts.iter().map(|start| &start.condition).enumerate().map(|(n, c)| (format!("starts[{n}]"), c));
        let stops = clock.stops.iter().enumerate().map(|(n, c)| (format!("stops[{n}]"), c));
        let cancels = clock.cancels.iter().enumerate().map(|(n, c)| (format!("cancels[{n}]"), c));
        for (place, condition) in starts.chain(stops).chain(cancels) {
            if let Err(problem) = condition.check(&format!("key {place}")) {
                return fail(problem);
            }
        }
    }
    Ok(file.clock)
}
