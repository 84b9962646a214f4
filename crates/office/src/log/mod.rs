//! The transparency log of each organ: sequenced at once inside, published on a schedule.

mod prove;
mod publish;
mod sequence;

pub use publish::Published;
pub(crate) use sequence::leaf_of;
