//! The desk: who is signed in, what she sees in lists, what she finds.

mod actions;
mod board;
mod failures;
mod draft;
mod list;
mod me;
mod password;
mod register;
mod search;
mod sign_in;

pub use actions::{Button, action_of};
pub use board::Board;
pub(crate) use failures::{Due, Failures};
pub use draft::Draft;
pub use list::{ListPage, ListRow};
pub use me::Me;
pub use password::password_fault;
pub use register::ByHand;
pub use search::{Found, Query};
pub(crate) use sign_in::HashPool;
pub use sign_in::{IDLE, SignedIn};
