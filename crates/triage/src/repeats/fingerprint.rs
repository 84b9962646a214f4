//! Fingerprints: what a text leaves behind for finding its copies. Three neighbouring letters or
//! digits make a shingle; long texts keep a nested sample of theirs, so that texts of any length
//! stay comparable. It knows no index and no key.

use crate::text::{fold, invisible};

/// Letters in a shingle. Three survive edits better than four and are still rare: of a text with
/// 30 % of its characters changed about a third of the shingles remain.
const SHINGLE: usize = 3;

/// A text keeps at most this many shingles.
const MOST_TERMS: usize = 512;

/// What stands for a text when looking for repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprints {
    /// Hash of the text with everything but letters and digits removed; 0 for a text without any.
    /// Unkeyed: the office keys it before it is stored outside the sealed index.
    pub exact: u64,
    /// Hashes of its shingles, ascending, each once. With `level` above 0 a sample of them.
    pub terms: Vec<u64>,
    /// Only hashes divisible by two to this power were kept.
    pub level: u32,
    /// Letters and digits in the text.
    pub length: usize,
}

impl Fingerprints {
    /// 0 to 1: how much of the smaller set of shingles stands in the other, judged on the shingles
    /// both would have kept. 0 when either has none.
    pub fn alike(&self, other: &Self) -> f64 {
        let level = self.level.max(other.level);
        let kept = |f: &Self| f.terms.iter().copied().filter(|t| at_level(*t, level)).collect::<Vec<_>>();
        let (a, b) = (kept(self), kept(other));
        let least = a.len().min(b.len());
        if least == 0 { 0.0 } else { shared(&a, &b) as f64 / least as f64 }
    }
}

fn at_level(term: u64, level: u32) -> bool {
    term.trailing_zeros() >= level
}

/// How many values two ascending lists have in common.
pub(super) fn shared(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                i += 1;
                j += 1;
            }
        }
    }
    n
}

/// Letters and digits only, full width folded to half width. Capitals stay: two texts that differ
/// in them alone are edited copies, not equal ones.
pub(super) fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| !invisible(*c)).map(fold).filter(|c| c.is_alphanumeric()).collect()
}

/// A hash with well-mixed low bits, since the level is read from them (splitmix64 over FNV-1a).
pub(super) fn hash(chars: &[char]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for c in chars {
        h = (h ^ u64::from(u32::from(*c))).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

/// Hashes of every run of `n` letters, small ones for capitals, ascending, each once; the whole
/// when it is shorter.
pub(super) fn shingles(letters: &[char], n: usize) -> Vec<u64> {
    let letters: Vec<char> = letters.iter().map(char::to_ascii_lowercase).collect();
    let mut terms: Vec<u64> = if letters.is_empty() {
        Vec::new()
    } else if letters.len() < n {
        vec![hash(&letters)]
    } else {
        letters.windows(n).map(hash).collect()
    };
    terms.sort_unstable();
    terms.dedup();
    terms
}

/// Fingerprints of a text. Linear.
pub fn fingerprint(text: &str) -> Fingerprints {
    let letters = letters(text);
    let mut terms = shingles(&letters, SHINGLE);
    let mut level = 0;
    while terms.len() > MOST_TERMS {
        level += 1;
        terms.retain(|t| at_level(*t, level));
    }
    let exact = if letters.is_empty() { 0 } else { hash(&letters).max(1) };
    Fingerprints { exact, terms, level, length: letters.len() }
}

/// The `n` rarest terms by document frequency, with which to ask the index for candidates. Terms
/// no document has (frequency 0) are left out: they find nothing. 32 find an edited copy with 30 %
/// of its characters changed in more than 98 of 100 cases.
pub fn select_terms(prints: &Fingerprints, df: &dyn Fn(u64) -> u64, n: usize) -> Vec<u64> {
    let mut with_df: Vec<(u64, u64)> = prints.terms.iter().map(|t| (df(*t), *t)).filter(|(d, _)| *d > 0).collect();
    with_df.sort_unstable();
    with_df.into_iter().take(n).map(|(_, t)| t).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_width_and_invisible_marks_leave_no_print() {
        let a = fingerprint("张某某,收受20万元。ABC");
        let b = fingerprint("张某某 收受２０万元\u{200b}!ABC");
        assert_eq!(a, b);
        let small = fingerprint("张某某,收受20万元。abc");
        assert!(small.exact != a.exact && small.terms == a.terms, "capitals alone make an edited copy");
        assert_ne!(a.exact, fingerprint("张某某收受30万元ABC").exact);
    }

    #[test]
    fn an_empty_text_is_like_nothing() {
        let empty = fingerprint("……!?");
        assert_eq!((empty.exact, empty.terms.len(), empty.length), (0, 0, 0));
        assert_eq!(empty.alike(&empty), 0.0);
    }

    #[test]
    fn long_texts_keep_a_nested_sample() {
        let long: String = (0..5_000_u32).filter_map(|i| char::from_u32(0x4e00 + (i * 7919) % 9_000)).collect();
        let prints = fingerprint(&long);
        assert!(prints.level > 0 && prints.terms.len() <= MOST_TERMS && prints.terms.len() > MOST_TERMS / 4);
        let part: String = long.chars().take(600).collect();
        assert!(fingerprint(&part).alike(&prints) > 0.9, "a part of it is found in it");
    }

    #[test]
    fn the_rarest_terms_are_selected() {
        let prints = fingerprint("占用耕地建房");
        let chosen = select_terms(&prints, &|t| t % 5, 2);
        let mut all: Vec<(u64, u64)> = prints.terms.iter().map(|t| (t % 5, *t)).filter(|x| x.0 > 0).collect();
        all.sort_unstable();
        assert_eq!(chosen, all.iter().take(2).map(|x| x.1).collect::<Vec<_>>());
    }
}
