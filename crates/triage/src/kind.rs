//! 类别 from plain words, per edition; abstains when unsure.
use crate::stage::{Known, Stage, Suggestion};
/// Suggests the kind.
#[derive(Debug, Clone, Copy)]
pub struct KindFromWords;
impl Stage for KindFromWords {
    fn name(&self) -> &'static str {
        "kind"
    }
    fn suggest(&self, _known: &Known<'_>) -> Vec<Suggestion> {
        Vec::new()
    }
}
