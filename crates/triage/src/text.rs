//! A text prepared once for every rule: characters folded one by one (full width to half width,
//! invisible marks left out) with their places in the text as given. It knows no words.

use crate::stage::Span;

/// A folded text. Rules work on [`Text::chars`] and give back spans of the text as given.
#[derive(Debug, Clone)]
pub struct Text<'a> {
    given: &'a str,
    chars: Vec<char>,
    /// For each folded character, its character offset in the text as given.
    at: Vec<u32>,
    /// For each folded character, its byte offset in the text as given.
    bytes: Vec<u32>,
}

impl<'a> Text<'a> {
    /// Folds `given`. Linear.
    pub fn new(given: &'a str) -> Self {
        let mut chars = Vec::with_capacity(given.len() / 3 + 1);
        let mut at = Vec::with_capacity(chars.capacity());
        let mut bytes = Vec::with_capacity(chars.capacity());
        for (index, (byte, c)) in given.char_indices().enumerate() {
            if invisible(c) {
                continue;
            }
            chars.push(fold(c));
            at.push(u32::try_from(index).unwrap_or(u32::MAX));
            bytes.push(u32::try_from(byte).unwrap_or(u32::MAX));
        }
        Self { given, chars, at, bytes }
    }

    /// The folded characters.
    pub fn chars(&self) -> &[char] {
        &self.chars
    }

    /// The text as given.
    pub fn given(&self) -> &'a str {
        self.given
    }

    /// The span, in the text as given, of the folded characters `start..end` (not empty).
    pub fn span(&self, start: usize, end: usize) -> Span {
        debug_assert!(start < end && end <= self.chars.len());
        Span { start: self.at[start] as usize, end: self.at[end - 1] as usize + 1 }
    }

    /// The words of the text as given that the folded characters `start..end` stand for.
    pub fn slice(&self, start: usize, end: usize) -> &'a str {
        let from = self.bytes[start] as usize;
        let last = self.bytes[end - 1] as usize;
        let width = self.given[last..].chars().next().map_or(0, char::len_utf8);
        &self.given[from..last + width]
    }
}

/// Folds one character: full-width ASCII and the ideographic space to their plain forms, letters
/// to lower case only where asked by the caller.
pub fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{00A0}' | '\u{2002}'..='\u{200A}' | '\u{202F}' => ' ',
        '﹣' | '‐' | '‑' | '‒' | '–' | '−' => '-',
        _ => c,
    }
}

/// Whether a character shows nothing: zero-width, bidirectional controls, variation selectors.
pub fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}
