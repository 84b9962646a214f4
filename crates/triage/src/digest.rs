//! 内容摘要 of whole sentences.
use crate::stage::{Known, Stage, Suggestion};
/// Suggests the digest.
#[derive(Debug, Clone, Copy)]
pub struct WholeSentences;
impl Stage for WholeSentences {
    fn name(&self) -> &'static str {
        "digest"
    }
    fn suggest(&self, _known: &Known<'_>) -> Vec<Suggestion> {
        Vec::new()
    }
}
