//! Being written.
use super::places::{Mention, Settled};
use super::{Found, Scene};
/// Finds.
pub(crate) fn find(_scene: &Scene<'_>, _found: &mut Vec<Found>) {}
pub(crate) fn rank(_scene: &Scene<'_>, _mentions: &[Mention], _settled: &[Settled], _found: &mut [Found]) {}
/// The posts.
pub fn posts() -> impl Iterator<Item = &'static str> {
    [].into_iter()
}
