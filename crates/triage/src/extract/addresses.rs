//! Being written.
use super::places::{Mention, Settled};
use super::{Found, Scene};
/// Finds.
pub(crate) fn find(_scene: &Scene<'_>, _mentions: &[Mention], _settled: &[Settled], _found: &mut Vec<Found>) {}
