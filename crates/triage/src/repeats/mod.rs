//! Repeats: equal texts, edited copies, and what is new in them. Texts are compared, never
//! authors; who may see a match is the office's business.

/// What stands for a text when looking for repeats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprints {
    /// Hash of the text with everything but letters and digits removed; 0 for an empty text.
    /// Unkeyed: the office keys it before storing.
    pub exact: u64,
    /// Winnowed shingle hashes, sorted, without repetition.
    pub terms: Vec<u64>,
    /// Letters and digits in the text.
    pub length: usize,
}

/// How alike two texts are.
#[derive(Debug, Clone, PartialEq)]
pub struct Similarity {
    /// Equal after removing everything but letters and digits.
    pub equal: bool,
    /// 0 to 1: how much of the shorter text stands in the longer.
    pub score: f64,
    /// Whether the two are one text edited.
    pub edited: bool,
    /// Sentences of the second that the first has nothing like, as spans of the second.
    pub new_sentences: Vec<crate::stage::Span>,
}

/// Fingerprints of a text. Linear.
pub fn fingerprint(_text: &str) -> Fingerprints {
    todo!()
}

/// Compares two texts; `new_sentences` are those of `later` that `earlier` lacks.
pub fn compare(_earlier: &str, _later: &str) -> Similarity {
    todo!()
}

/// The `n` rarest terms, by document frequency, with which to ask the index for candidates.
pub fn select_terms(_prints: &Fingerprints, _df: &dyn Fn(u64) -> u64, _n: usize) -> Vec<u64> {
    todo!()
}

/// Groups of two or more texts equal after removing everything but letters and digits; indices
/// into `texts`, groups in order of their first member. Empty texts are never grouped.
pub fn group_equal<S: AsRef<str>>(_texts: &[S]) -> Vec<Vec<usize>> {
    todo!()
}
