//! 指标: twenty of the catalogue's indicators (M75), counted as events happen.
//!
//! Flow figures are kept as daily tallies that each event moves, stock figures are counted when
//! asked for; both come out equal to a recomputation from the reports themselves. It reads states,
//! never a text, a name or a place; what is sealed upward is never counted.

mod catalogue;
mod compute;
mod counted;
mod shown;

pub use catalogue::{Catalogue, Indicator, Nature, Ranking, Suppression};
pub use compute::{Part, Period, Point, Stock, Value, compute};
pub use counted::{Counts, Tally, counted, tallies};
pub use shown::{Audience, Cell, Shown};
