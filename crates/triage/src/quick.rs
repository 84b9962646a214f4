//! Lists of words, and two small sets that are asked at every character of every text: of characters, as a bitmap, and
//! of pairs of characters, hashed without ceremony. They know nothing of what the characters mean.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// The words of a list written as one text, parted by white space.
pub(crate) fn list(words: &'static str) -> Vec<&'static str> {
    words.split_whitespace().collect()
}

/// A set of characters of the basic plane; others are never in it.
#[derive(Debug, Clone)]
pub(crate) struct CharSet {
    bits: Box<[u64; 1024]>,
}

impl CharSet {
    /// Of these characters.
    pub fn new(chars: impl IntoIterator<Item = char>) -> Self {
        let mut bits = Box::new([0_u64; 1024]);
        for c in chars {
            if let Some(word) = bits.get_mut(c as usize >> 6) {
                *word |= 1 << (c as usize & 63);
            }
        }
        Self { bits }
    }

    /// Of the first characters of these words.
    pub fn firsts(words: &[&str]) -> Self {
        Self::new(words.iter().filter_map(|w| w.chars().next()))
    }

    /// Whether it is in the set.
    pub fn has(&self, c: char) -> bool {
        self.bits.get(c as usize >> 6).is_some_and(|word| word >> (c as usize & 63) & 1 == 1)
    }
}

/// Mixes one number; enough for pairs of characters that nobody chooses against us (the set is of
/// the gazetteer's names, not of the text).
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.write_u64(u64::from(*b));
        }
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 ^= self.0 >> 29;
    }
}

/// A set of pairs of characters.
#[derive(Debug, Clone, Default)]
pub(crate) struct PairSet(HashSet<u64, BuildHasherDefault<Mix>>);

impl PairSet {
    /// Of these pairs.
    pub fn new(pairs: impl IntoIterator<Item = (char, char)>) -> Self {
        Self(pairs.into_iter().map(|(a, b)| key(a, b)).collect())
    }

    /// Of the first two characters of these words.
    pub fn firsts<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(words.into_iter().filter_map(|word| {
            let mut chars = word.chars();
            chars.next().zip(chars.next())
        }))
    }

    /// Whether the pair is in the set.
    pub fn has(&self, a: char, b: char) -> bool {
        self.0.contains(&key(a, b))
    }
}

fn key(a: char, b: char) -> u64 {
    (u64::from(u32::from(a)) << 32) | u64::from(u32::from(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_is_in_and_nothing_else() {
        let set = CharSet::firsts(&["和平", "局长", "a"]);
        assert!(set.has('和') && set.has('局') && set.has('a'));
        assert!(!set.has('平') && !set.has('\u{0}') && !set.has('😀') && !set.has('\u{10FFFF}'));
        let pairs = PairSet::firsts(["长沙市", "云"]);
        assert!(pairs.has('长', '沙') && !pairs.has('沙', '长') && !pairs.has('云', '云'));
    }
}
