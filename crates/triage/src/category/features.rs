//! A text as counts of neighbouring characters. White space is left out and a run of digits
//! counts as one `0`, so that house numbers and pseudonyms do not become features of their own.
//! It knows neither labels nor weights.

use crate::text::{fold, invisible};

/// The key of a pair of neighbouring characters.
pub(crate) type Key = u32;

/// One pair, with the characters of the given string it stands on (end exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub key: Key,
    pub start: usize,
    pub end: usize,
}

/// FNV-1a over the two scalar values, finished by a mixing step. Stable: it is part of the model
/// format.
fn key(a: char, b: char) -> Key {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for c in [a, b] {
        for byte in (c as u32).to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    let mixed = hash ^ (hash >> 32);
    (mixed & 0xffff_ffff) as Key
}

/// Calls `each` for every pair of `text`, in order. Linear, allocates nothing.
pub(crate) fn pairs(text: &str, mut each: impl FnMut(Pair)) {
    let mut before: Option<(char, usize)> = None;
    let mut run_end: Option<Pair> = None;
    for (index, given) in text.chars().enumerate() {
        if given.is_whitespace() || invisible(given) {
            continue;
        }
        let mut c = fold(given).to_ascii_lowercase();
        if c.is_ascii_digit() {
            c = '0';
            if let Some((last @ '0', _)) = before {
                before = Some((last, index));
                continue;
            }
        }
        if let Some(pair) = run_end.take() {
            each(pair);
        }
        if let Some((last, at)) = before {
            run_end = Some(Pair { key: key(last, c), start: at, end: index + 1 });
        }
        before = Some((c, index));
    }
    if let Some(pair) = run_end {
        each(pair);
    }
}

/// Counts of each pair in title and text, sorted by key; a pair of the title counts
/// `title_weight` times.
pub(crate) fn counts(title: &str, text: &str, title_weight: f32) -> Vec<(Key, f32)> {
    let mut keys: Vec<Key> = Vec::with_capacity(text.len() / 3 + 1);
    pairs(text, |pair| keys.push(pair.key));
    keys.sort_unstable();
    let mut in_title: Vec<Key> = Vec::new();
    pairs(title, |pair| in_title.push(pair.key));
    in_title.sort_unstable();
    let mut counts: Vec<(Key, f32)> = Vec::with_capacity(keys.len() + in_title.len());
    let (mut i, mut j) = (0, 0);
    while i < keys.len() || j < in_title.len() {
        let next = match (keys.get(i), in_title.get(j)) {
            (Some(&a), Some(&b)) => a.min(b),
            (Some(&a), None) => a,
            (None, Some(&b)) => b,
            (None, None) => break,
        };
        let mut count = 0.0;
        while keys.get(i) == Some(&next) {
            count += 1.0;
            i += 1;
        }
        while in_title.get(j) == Some(&next) {
            count += title_weight;
            j += 1;
        }
        counts.push((next, count));
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<Key> {
        let mut out = Vec::new();
        pairs(text, |p| out.push(p.key));
        out
    }

    #[test]
    fn digits_white_space_and_width_make_no_difference() {
        assert_eq!(keys("欠薪2000元"), keys("欠 薪\u{200b}３5 7元"));
        assert_ne!(keys("欠薪2000元"), keys("欠薪元"));
        assert!(keys("").is_empty());
        assert!(keys("字").is_empty());
    }

    #[test]
    fn pairs_stand_on_the_characters_of_the_text() {
        let text = "a1 23乙";
        let mut spans = Vec::new();
        pairs(text, |p| spans.push((p.start, p.end)));
        assert_eq!(spans, [(0, 2), (4, 6)]);
    }

    #[test]
    fn titles_weigh_more() {
        let plain = counts("", "道路破损道路", 5.0);
        assert_eq!(plain.iter().map(|c| c.1).sum::<f32>(), 5.0);
        let titled = counts("道路", "道路", 5.0);
        assert_eq!(titled, [(plain.iter().find(|c| c.1 == 2.0).expect("道路 twice").0, 6.0)]);
    }
}
