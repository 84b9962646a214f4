//! 职级 of who is reported, from the posts found. A post in the salutation is the reader's, not
//! the reported one's; posts of different ranks leave it open. It knows no person.

use domain::words::Rank;

use crate::entity::{Entity, EntityKind, Value};
use crate::stage::{Claim, Ground, Known, Rule, Stage, Suggestion, What};

/// Suggests the rank.
#[derive(Debug, Clone, Copy)]
pub struct RankFromPost;

/// Whether a post stands in a salutation: `尊敬的李县长:`.
pub(crate) fn salutation(chars: &[char], entity: &Entity) -> bool {
    let from = entity.start.saturating_sub(16);
    let before: String = chars[from.min(chars.len())..entity.start.min(chars.len())].iter().collect();
    let clause = before.rsplit(['。', '!', '?', '！', '？', ':', '：', '\n']).next().unwrap_or_default();
    if ["尊敬", "敬爱", "请问", "感谢", "您好", "你好"].iter().any(|w| clause.contains(w)) {
        return true;
    }
    // At the very beginning, closed by a colon or a greeting.
    entity.start < 30
        && chars[entity.end.min(chars.len())..]
            .iter()
            .take(6)
            .collect::<String>()
            .trim_start_matches('们')
            .starts_with([':', '：', '您', '你'])
}

impl Stage for RankFromPost {
    fn name(&self) -> &'static str {
        "rank"
    }

    fn suggest(&self, known: &Known<'_>) -> Vec<Suggestion> {
        let chars: Vec<char> = known.input.text.chars().collect();
        let entities: Vec<&Entity> = known.entities().collect();
        let ranked: Vec<(usize, Rank)> = entities
            .iter()
            .enumerate()
            .filter(|(_, e)| e.kind == EntityKind::Position && !salutation(&chars, e))
            .filter_map(|(i, e)| match e.value {
                Some(Value::Rank(rank)) => Some((i, rank)),
                _ => None,
            })
            .collect();
        let Some(&(first, rank)) = ranked.first() else {
            return Vec::new();
        };
        let agreed = ranked.iter().all(|(_, r)| *r == rank);
        let beside_name = |i: usize| {
            let name = |e: &&&Entity| e.kind == EntityKind::Name;
            let e = entities[i];
            entities.iter().filter(name).any(|n| n.end == e.start || n.start == e.end || n.start == e.end + 1)
        };
        // Of several ranks only one that stands beside a name may be meant.
        let named: Vec<(usize, Rank)> = ranked.iter().copied().filter(|(i, _)| beside_name(*i)).collect();
        let (at, rank, confidence) = match named.as_slice() {
            _ if agreed => (first, rank, if beside_name(first) { 0.85 } else { 0.75 }),
            [(i, r)] => (*i, *r, 0.65),
            [(i, r), rest @ ..] if rest.iter().all(|(_, other)| other == r) => (*i, *r, 0.65),
            _ => return Vec::new(),
        };
        let post = entities[at];
        let by_organ = entities[..at].last().is_some_and(|o| o.kind == EntityKind::Government && o.end == post.start);
        vec![Suggestion {
            claim: Claim::Rank(rank),
            confidence,
            grounds: vec![Ground {
                what: What::Rank,
                rule: if by_organ { Rule::RankByOrgan } else { Rule::RankByPost },
                span: Some(post.span()),
                quote: post.text.clone(),
            }],
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::testing::judge_with;
    use crate::judge::Input;
    use crate::text::Text;

    fn rank(text: &str) -> Option<Rank> {
        let input = Input { text, ..Input::default() };
        let suggestions = judge_with(&input);
        let prepared = Text::new(text);
        RankFromPost.suggest(&Known { input: &input, text: &prepared, suggestions: &suggestions }).into_iter().find_map(
            |s| match s.claim {
                Claim::Rank(rank) => Some(rank),
                _ => None,
            },
        )
    }

    #[test]
    fn the_reported_ones_rank_and_not_the_readers() {
        assert_eq!(rank("举报青山县住建局局长王建国受贿"), Some(Rank::Section));
        assert_eq!(rank("尊敬的市长:我反映村支书李大山占地"), Some(Rank::VillageHead));
        assert_eq!(rank("县长和村支书都不管"), None);
        assert_eq!(rank("县长不管,村支书李大山占地"), Some(Rank::VillageHead));
        assert_eq!(rank("路灯坏了"), None);
    }
}
