//! One report on the desk: opened, looked at, acted on.

mod act;
mod evidence;
mod file;
mod onward;
mod open;
pub(crate) mod project;
pub(crate) mod recuse;
mod split;
mod step;
pub(crate) mod write;

pub use act::{Act, Acted};
pub(crate) use act::{Beside, undecided};
pub use file::OpenedFile;
pub use open::{Message, OpenEvent, OpenReport, OpenWords};
pub use split::Part;
pub(crate) use step::Step;
