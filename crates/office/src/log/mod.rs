//! The transparency logs: one for each organ, sequenced at once inside and published on a schedule;
//! the head log over all of them; and what witnesses say of both.

mod behind;
mod cosign;
mod head;
mod mirror;
mod prove;
mod publish;
mod sequence;
mod status;
mod trusted;
mod witnessed;

pub use cosign::{Brought, Taken, Told};
pub use head::head_log;
pub(crate) use head::text_of;
pub use publish::Published;
pub(crate) use publish::entries_between;
pub use status::{LogStatus, Seen};
pub use trusted::TrustedLog;
