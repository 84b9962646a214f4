//! The transparency log of each organ: sequenced at once inside, published on a schedule.

mod prove;
mod publish;
mod sequence;
mod trusted;

pub use publish::Published;
pub(crate) use sequence::leaf_of;
pub use trusted::TrustedLog;
