//! 内容摘要: whole sentences of the text, at most 500 characters, chosen by what stands in them
//! and kept in their order. Nothing is rewritten; what may give the reporter away (her number, 我是…)
//! is left out and the gap is marked, because a digest goes where the text does not. It knows no form
//! it will stand in.

use std::sync::LazyLock;

use crate::caution::cautions;
use crate::quick::list;
use crate::repeats::sentences;
use crate::stage::{Claim, Ground, Known, Rule, Span, Stage, Suggestion, What};

/// Characters of a digest (forms.md).
pub const MOST: usize = 500;

/// Words that make a sentence tell: an act, a demand.
static TELLING: LazyLock<Vec<&str>> = LazyLock::new(|| {
    list(
        "\
     举报 反映 贪污 受贿 收受 侵占 挪用 截留 违规 违法 违纪 滥用 要求 请求 希望 诉求 恳请 欠 拖欠 \
     强占 强拆 污染 殴打 伤 死 骗 伪造 虚报 套取 未批 无证",
    )
});

/// Words of courtesy: a sentence of nothing else tells nothing.
const COURTESY: &[&str] = &["尊敬", "敬爱", "您好", "你好", "谢谢", "感谢", "此致", "敬礼", "百忙", "打扰"];

/// Drafts the digest.
#[derive(Debug, Clone, Copy)]
pub struct WholeSentences;

/// Stands where something was left out.
const LEFT_OUT: &str = "（略）";

/// The pieces without what may give the reporter away; what says nothing else goes as a whole.
fn without_reporter(text: &str, pieces: Vec<(Span, String)>) -> Vec<(Span, String)> {
    let marked = cautions(text);
    let tell = |span: Span, words: String| {
        let mut out = String::with_capacity(words.len());
        let mut inside = None;
        for (at, c) in (span.start..).zip(words.chars()) {
            // They stand in order and do not overlap.
            let mark =
                Some(marked.partition_point(|m| m.end <= at)).filter(|i| marked.get(*i).is_some_and(|m| m.start <= at));
            match mark {
                None => out.push(c),
                Some(_) if mark == inside => {}
                Some(_) => out.push_str(LEFT_OUT),
            }
            inside = mark;
        }
        out
    };
    let told = pieces.into_iter().map(|(span, words)| (span, tell(span, words)));
    let says = |words: &str| words.replace(LEFT_OUT, "").chars().filter(|c| c.is_alphanumeric()).count();
    // 「，电话（略）」 says nothing any more.
    told.filter(|(_, words)| !words.contains(LEFT_OUT) || says(words) >= 4).collect()
}

/// Sentences to choose from; one that is longer than a digest is cut at its commas, since a text
/// without full stops would otherwise have no digest.
fn pieces(text: &str) -> Vec<(Span, String)> {
    let mut out = Vec::new();
    for (span, words) in sentences(text) {
        if span.end - span.start <= MOST {
            out.push((span, words.to_owned()));
            continue;
        }
        let mut start = span.start;
        let mut piece = String::new();
        for (i, c) in words.chars().enumerate() {
            piece.push(c);
            if matches!(c, ',' | '，' | '、' | '：' | ':') || c.is_whitespace() {
                out.push((Span { start, end: span.start + i + 1 }, std::mem::take(&mut piece)));
                start = span.start + i + 1;
            }
        }
        if !piece.is_empty() {
            out.push((Span { start, end: span.end }, piece));
        }
    }
    out.retain(|(span, _)| span.end - span.start <= MOST);
    out
}

impl Stage for WholeSentences {
    fn name(&self) -> &'static str {
        "digest"
    }

    fn suggest(&self, known: &Known<'_>) -> Vec<Suggestion> {
        let pieces = without_reporter(known.input.text, pieces(known.input.text));
        let count = pieces.len();
        let mut spans: Vec<Span> = known.entities().map(crate::entity::Entity::span).collect();
        spans.extend(
            known
                .suggestions
                .iter()
                .flat_map(|s| &s.grounds)
                .filter(|g| g.rule == Rule::CategoryWords)
                .filter_map(|g| g.span),
        );
        spans.sort_unstable();
        let mut scored: Vec<(f32, usize)> = Vec::with_capacity(count);
        for (index, (span, words)) in pieces.iter().enumerate() {
            let from = spans.partition_point(|s| s.start < span.start);
            let inside = spans[from..].iter().take_while(|s| s.start < span.end).count();
            let telling = TELLING.iter().filter(|w| words.contains(*w)).count();
            let letters = words.chars().filter(|c| c.is_alphanumeric()).count();
            let courtesy = COURTESY.iter().any(|w| words.contains(w)) && letters < 24;
            if letters < 2 || courtesy {
                continue;
            }
            let edge = if index < 2 || index + 2 >= count { 1.0 } else { 0.0 };
            // Per character, so that one long sentence does not crowd out three short ones.
            let weight = inside as f32 + 1.5 * telling as f32 + edge;
            scored.push((weight / (letters as f32 + 20.0), index));
        }
        scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut chosen = Vec::new();
        let mut length = 0;
        for (_, index) in scored {
            let own = pieces[index].1.chars().count();
            if length + own <= MOST {
                length += own;
                chosen.push(index);
            }
        }
        chosen.sort_unstable();
        let digest: String = chosen.iter().map(|i| pieces[*i].1.as_str()).collect();
        if digest.is_empty() {
            return Vec::new();
        }
        let ground = Ground { what: What::Digest, rule: Rule::DigestSentences, span: None, quote: String::new() };
        vec![Suggestion { claim: Claim::Digest(digest), confidence: 1.0, grounds: vec![ground] }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Input;
    use crate::text::Text;

    fn digest(text: &str) -> String {
        let input = Input { text, ..Input::default() };
        let prepared = Text::new(text);
        let known = Known { input: &input, text: &prepared, suggestions: &[] };
        WholeSentences
            .suggest(&known)
            .into_iter()
            .find_map(|s| match s.claim {
                Claim::Digest(d) => Some(d),
                _ => None,
            })
            .unwrap_or_default()
    }

    #[test]
    fn a_short_text_is_its_own_digest_without_courtesies() {
        let text = "尊敬的领导,您好!村支书占用耕地建房。请求查处。谢谢!";
        assert_eq!(digest(text), "村支书占用耕地建房。请求查处。");
        assert_eq!(digest(""), "");
    }

    #[test]
    fn a_long_text_gives_whole_sentences_in_order_within_the_limit() {
        let filler = "这里的山很高水很长风景也一直都很好。".repeat(60);
        let text = format!("我反映镇里的事。{filler}会计虚报冒领低保金。{filler}请求查处。");
        let d = digest(&text);
        assert!(d.chars().count() <= MOST);
        let (a, b, c) = (d.find("我反映"), d.find("虚报冒领低保金。"), d.find("请求查处。"));
        assert!(a.is_some() && a < b && b < c, "{d}");
    }

    #[test]
    fn what_may_give_her_away_is_left_out_and_the_gap_is_marked() {
        let text = "我是镇里的会计，电话13800000000。镇长虚报工程款，只有我经手了账本。请求查处。我叫王小丽。";
        let d = digest(text);
        assert_eq!(d, "镇长虚报工程款，（略）。请求查处。");
        for told in ["会计", "13800000000", "经手", "王小丽"] {
            assert!(!d.contains(told), "{d}");
        }
    }

    #[test]
    fn a_text_without_stops_still_has_a_digest() {
        let text = "村里修路少了一段,".repeat(100);
        let d = digest(&text);
        assert!(!d.is_empty() && d.chars().count() <= MOST && d.ends_with(','));
    }
}
