//! 信访举报件: one submission and everything done about it.
//!
//! `decide` answers a command with events or a refusal in words; `evolve` folds an event into the
//! state. Neither knows the text: what was written is sealed beside the event by `office`.

pub mod command;
pub mod event;
pub mod state;

mod actions;
mod clocking;
mod decide;
mod evolve;
pub(crate) mod facts;
mod refusal;
mod timeline;

#[cfg(test)]
pub(crate) mod testing;

pub use actions::{LawfulAction, lawful_actions};
pub use command::{Command, Confirmed, NewFacts, Receive, Review};
pub use decide::{Context, Repeats, close_blockers, decide, may_link};
pub use event::{Actor, Event, Holder, Recorded};
pub use evolve::{HistoryError, evolve, fold};
pub use refusal::Refusal;
pub use state::{Report, Scope};
pub use timeline::{TimelineEntry, timeline};
