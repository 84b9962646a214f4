//! Cutting Chinese into words: jieba with a domain dictionary of posts and organs, loaded on
//! first use. It knows no meaning of the words.

use std::sync::LazyLock;

use jieba_rs::Jieba;

/// A word with its place in the text as given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word.
    pub text: &'a str,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// The words the domain adds, one a line: `word frequency`.
const WORDS: &str = include_str!("../data/words.txt");

/// About 20 MB once loaded, so nothing is loaded before the first text is cut.
static JIEBA: LazyLock<Jieba> = LazyLock::new(|| {
    let mut jieba = Jieba::new();
    for line in WORDS.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let mut parts = line.split_whitespace();
        if let Some(word) = parts.next() {
            let frequency = parts.next().and_then(|n| n.parse().ok());
            jieba.add_word(word, Some(frequency.unwrap_or(200_000)), None);
        }
    }
    jieba
});

fn keep<'a>(token: jieba_rs::Token<'a>) -> Option<Token<'a>> {
    token
        .word
        .chars()
        .any(char::is_alphanumeric)
        .then_some(Token { text: token.word, start: token.start, end: token.end })
}

/// The words of a text, each once, in order; white space and punctuation left out.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    JIEBA.cut(text, true).into_iter().filter_map(keep).collect()
}

/// The words of a text and the shorter words inside long ones, for an index that answers both. A
/// word inside another comes before it and overlaps it.
pub fn tokens_for_search(text: &str) -> Vec<Token<'_>> {
    JIEBA.cut_for_search(text, true).into_iter().filter_map(keep).collect()
}
