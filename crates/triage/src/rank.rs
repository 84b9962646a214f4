//! 职级 from the posts found.
use crate::stage::{Known, Stage, Suggestion};
/// Suggests the rank.
#[derive(Debug, Clone, Copy)]
pub struct RankFromPost;
impl Stage for RankFromPost {
    fn name(&self) -> &'static str {
        "rank"
    }
    fn suggest(&self, _known: &Known<'_>) -> Vec<Suggestion> {
        Vec::new()
    }
}
