//! The reporter's side: what her code opens, and what she can do with it.
//!
//! It works with public keys and the code alone. It never shows narrative, evidence, name or
//! contact again (promise 9), and what she adds is sealed under a fresh key that only the desk
//! can open.

mod add;
mod code;
mod proof;
mod status;

pub use add::Addition;
pub use code::Presented;
pub use proof::Proof;
pub use status::{Line, Status};
