//! 信访举报件: one submission and everything done about it.
//!
//! `decide` answers a command with events or a refusal in words; `evolve` folds an event into the
//! state. Neither knows the text: what was written is sealed beside the event by `office`.

pub mod command;
pub mod event;
pub mod state;

pub use command::{Command, Receive};
pub use event::{Actor, Event, Holder, Recorded};
pub use state::Report;
