//! Being written.
use super::{Found, Scene};
/// Finds.
pub(crate) fn find(_scene: &Scene<'_>, _found: &mut Vec<Found>) {}
