//! Which commands are lawful now, and why the others are not: what the desk shows as buttons.

use super::command::Command;
use super::decide::Context;
use super::refusal::Refusal;
use super::state::Report;
use crate::words::CommandKind;

/// One command and whether it may be given now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LawfulAction {
    /// Which command.
    pub command: CommandKind,
    /// `None`: it may, with the right particulars. Otherwise the first reason why not.
    pub refusal: Option<Refusal>,
}

/// Every command on an existing report, in the order of the work.
pub fn lawful_actions(report: &Report, context: &Context<'_>) -> Vec<LawfulAction> {
    let _ = (report, context, Command::Close);
    todo!()
}
