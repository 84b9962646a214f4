//! Comparing two texts in full: equal, edited, and which sentences are new. It knows nothing but
//! the two texts.

use super::fingerprint::{letters, shared, shingles};
use crate::stage::Span;
use crate::text::invisible;

/// How alike two texts are.
#[derive(Debug, Clone, PartialEq)]
pub struct Similarity {
    /// Equal after removing everything but letters and digits.
    pub equal: bool,
    /// Whether one is an edited copy of the other; true also when equal.
    pub edited: bool,
    /// 0 to 1: how much of the shorter text stands in the longer.
    pub score: f64,
    /// Sentences of the later text that the earlier has nothing like: what is new in a repeat
    /// (规则 Art 27 makes new evidence a duty to check). Spans of the later text.
    pub new_sentences: Vec<Span>,
}

/// Shared shingles of three, as a share of the shorter text's, from which a copy is called edited.
const EDITED_SHARE: f64 = 0.2;
/// And as a share of both texts' together, unless nearly all of the shorter stands in the longer.
const EDITED_OVERLAP: f64 = 0.1;
/// Nearly all of it.
const CONTAINED: f64 = 0.6;
/// A text of fewer shingles is too short to be called contained in another.
const LEAST_CONTAINED: usize = 24;
/// A sentence with a smaller share of its pairs in the earlier text is new.
const NEW_BELOW: f64 = 0.35;
/// A sentence of fewer letters says nothing new.
const LEAST_SENTENCE: usize = 6;

/// Compares two texts; `new_sentences` are those of `later` that `earlier` lacks. Near-linear.
pub fn compare(earlier: &str, later: &str) -> Similarity {
    let (a, b) = (letters(earlier), letters(later));
    if a.is_empty() || b.is_empty() {
        let new_sentences = if b.is_empty() { Vec::new() } else { new_sentences(&[], later) };
        return Similarity { equal: false, edited: false, score: 0.0, new_sentences };
    }
    if a == b {
        return Similarity { equal: true, edited: true, score: 1.0, new_sentences: Vec::new() };
    }
    let (x, y) = (shingles(&a, 3), shingles(&b, 3));
    let both = shared(&x, &y);
    let least = x.len().min(y.len());
    let share = both as f64 / least as f64;
    let overlap = both as f64 / (x.len() + y.len() - both) as f64;
    let edited =
        (share >= EDITED_SHARE && overlap >= EDITED_OVERLAP) || (share >= CONTAINED && least >= LEAST_CONTAINED);
    Similarity { equal: false, edited, score: share, new_sentences: new_sentences(&shingles(&a, 2), later) }
}

/// Sentences of `later` of whose pairs few are among `pairs`.
fn new_sentences(pairs: &[u64], later: &str) -> Vec<Span> {
    sentences(later)
        .into_iter()
        .filter(|(_, words)| {
            let own = letters(words);
            if own.len() < LEAST_SENTENCE {
                return false;
            }
            let own = shingles(&own, 2);
            (shared(&own, pairs) as f64) < NEW_BELOW * own.len() as f64
        })
        .map(|(span, _)| span)
        .collect()
}

/// The sentences of a text with their spans in characters, closing marks included, outer white
/// space left out.
pub(crate) fn sentences(text: &str) -> Vec<(Span, &str)> {
    let mut out = Vec::new();
    // Where the sentence begins (character, byte) and where its last visible character ends.
    let mut begin: Option<(usize, usize)> = None;
    let mut last = (0, 0);
    let mut ended = false;
    for (index, (byte, c)) in text.char_indices().enumerate() {
        let closes = matches!(c, '。' | '!' | '?' | '！' | '？' | '；' | ';' | '…');
        let follows = closes || matches!(c, '”' | '’' | '"' | '」' | '』' | '）' | ')');
        if begin.is_some() && (matches!(c, '\n' | '\r') || (ended && !follows)) {
            if let Some((from, from_byte)) = begin.take() {
                out.push((Span { start: from, end: last.0 }, &text[from_byte..last.1]));
            }
            ended = false;
        }
        if c.is_whitespace() || invisible(c) {
            continue;
        }
        if begin.is_none() {
            begin = Some((index, byte));
            ended = false;
        }
        ended |= closes;
        last = (index + 1, byte + c.len_utf8());
    }
    if let Some((from, from_byte)) = begin {
        out.push((Span { start: from, end: last.0 }, &text[from_byte..last.1]));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_marks_and_places() {
        let text = " 第一句。第二句!!”\n第三句";
        let found: Vec<(usize, usize, &str)> = sentences(text).into_iter().map(|(s, w)| (s.start, s.end, w)).collect();
        assert_eq!(found, [(1, 5, "第一句。"), (5, 11, "第二句!!”"), (12, 15, "第三句")]);
        assert!(sentences(" \n ").is_empty());
    }

    #[test]
    fn equal_edited_and_different() {
        let a = "青山村支书李某某于去年春天把集体鱼塘低价租给自己的侄子,村民代表没有开会讨论,也没有公示合同。";
        assert!(compare(a, &a.replace(',', " ")).equal);
        let edited = "青山村书记李某某在去年春季把集体鱼塘低价包给自己的侄儿,村民代表没有开会商量,没有公示过合同!";
        let found = compare(a, edited);
        assert!(found.edited && !found.equal, "{found:?}");
        assert!(found.new_sentences.is_empty(), "{found:?}");
        let other = "县城东门小学门口每天放学时堵车严重,请交警部门派人维持秩序,保障孩子们过马路的安全。";
        let found = compare(a, other);
        assert!(!found.edited && !found.equal, "{found:?}");
        assert_eq!(found.new_sentences.len(), 1);
    }

    #[test]
    fn what_is_new_in_a_repeat_is_pointed_out() {
        let a = "镇上的砂石厂夜里偷偷生产。粉尘落满了屋顶。";
        let later = format!("{a}这个月他们又在河边新开了两个料场,污水直接排进河里。");
        let found = compare(a, &later);
        assert!(found.edited);
        let fresh: Vec<String> =
            found.new_sentences.iter().map(|s| later.chars().skip(s.start).take(s.end - s.start).collect()).collect();
        assert_eq!(fresh, ["这个月他们又在河边新开了两个料场,污水直接排进河里。"]);
    }
}
