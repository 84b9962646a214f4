//! `decide`: a command becomes events, or a refusal in words.

use jiff::civil::Date;

use super::command::Command;
use super::event::{Actor, Recorded};
use super::refusal::Refusal;
use super::state::Report;
use crate::rules::Rules;
use crate::words::Edition;

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

/// Answers a command. `report` is `None` for an empty stream.
pub fn decide(report: Option<&Report>, command: &Command, context: &Context<'_>) -> Result<Vec<Recorded>, Refusal> {
    let _ = (report, command, context);
    todo!()
}

/// Everything that keeps the report from being closed.
pub fn close_blockers(report: &Report, context: &Context<'_>) -> Vec<Refusal> {
    let _ = (report, context);
    todo!()
}
