//! The desk: who is signed in, what she sees in lists, what she finds.

mod actions;
mod book;
mod column;
mod draft;
mod failures;
mod ledger;
mod list;
mod me;
mod number;
mod password;
mod register;
mod search;
mod sign_in;
mod tags;
mod view;

pub use actions::{Button, action_of};
pub use book::{Attendance, Call, Visit};
pub use column::{Bit, Column, Lines, cell};
pub use draft::Draft;
pub use failures::Lane;
pub(crate) use failures::{Due, Failures};
pub(crate) use ledger::problem_term;
pub use ledger::{Ask, Ledger, Sealed};
pub use list::{Extras, ListPage, ListRow, SIZES, Series};
pub use me::Me;
pub use password::password_fault;
pub use register::ByHand;
pub(crate) use search::words_of;
pub use search::{Found, Query};
pub(crate) use sign_in::HashPool;
pub use sign_in::{IDLE, SignedIn, Stranger};
pub use tags::tags_of;
pub use view::{View, WIDTHS};
