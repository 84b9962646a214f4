//! The report's course in plain words for the reporter.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Recorded;
use crate::rules::Rules;
use crate::words::Lang;

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// The day; for the next step, its last day.
    pub on: Date,
    /// Stable name of the line.
    pub kind: String,
    /// The sentence.
    pub text: String,
}

/// What she may know of what happened, in order, and the next step with its day.
pub fn timeline(events: &[Recorded], rules: &Rules, lang: Lang) -> Vec<TimelineEntry> {
    let _ = (events, rules, lang);
    todo!()
}
