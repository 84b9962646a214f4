//! Why a command is refused: a stable name and one sentence in each language that says what the
//! law asks and what to do next. Every refusal of the domain stands in this file.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::words::Lang;

/// A refusal in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable name, `snake_case`.
    pub id: &'static str,
    /// The sentence in Chinese.
    pub zh: Cow<'static, str>,
    /// The sentence in English.
    pub en: Cow<'static, str>,
}

impl Refusal {
    /// The sentence.
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}
impl std::error::Error for Refusal {}
