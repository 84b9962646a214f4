//! 查询码: 20 characters that are the reporter's only way back. 19 of them are 95 random bits,
//! the last one checks the others. It does not know which report a code belongs to; the register
//! stores only [`QueryCode::lookup`].

use std::fmt;
use std::str::FromStr;

use zeroize::{Zeroize, Zeroizing};

use crate::binding::{self, Binding};
use crate::entropy::{Entropy, draw};
use crate::keys::Pepper;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LEN: usize = 20;

/// Why a text is not a query code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Not 20 characters.
    #[error("the code has {found} characters; it should have 20, in four groups of five")]
    Length {
        /// Letters and digits found.
        found: usize,
    },
    /// A character that no code has.
    #[error("the code cannot hold the character at place {place}; it has digits and letters without U")]
    Character {
        /// Which letter or digit, from 1.
        place: usize,
    },
    /// The check character does not fit: a slip of the pen, not an unknown code.
    #[error("one of the characters is wrong; please compare the code with what you wrote down")]
    Check,
}

/// A query code; wiped when dropped, never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct QueryCode([u8; LEN]);

impl Drop for QueryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for QueryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QueryCode(…)")
    }
}

/// Multiplies by x in GF(2^5) modulo x^5 + x^2 + 1.
fn times_x(a: u8) -> u8 {
    let doubled = a << 1;
    if doubled & 0x20 == 0 { doubled } else { (doubled ^ 0x25) & 0x1f }
}

/// A linear check over GF(32): the weights of the 20 places all differ, so every wrong character
/// and every exchange of two is found.
fn check_value(values: &[u8]) -> u8 {
    times_x(values.iter().fold(0, |sum, v| times_x(sum) ^ v))
}

impl QueryCode {
    /// A code of fresh randomness (replacing one).
    pub fn generate(rng: &mut dyn Entropy) -> Self {
        Self::from_bits(&Zeroizing::new(draw(rng)))
    }

    /// The code of a form's one-time token or of an idempotency key: the same token gives the
    /// same code, so that a retry of a lost answer shows it again.
    pub fn from_token(pepper: &Pepper, tenant: &str, token: &[u8]) -> Self {
        let text = Binding::new("dengwen/code/1").bytes(tenant.as_bytes()).bytes(token).done();
        Self::from_bits(&Zeroizing::new(binding::hmac(pepper.expose(), &[&text])))
    }

    fn from_bits(bits: &[u8; 32]) -> Self {
        let mut values = [0; LEN];
        for (i, value) in values[..LEN - 1].iter_mut().enumerate() {
            // Five bits from place 5·i on, out of two neighbouring bytes.
            let at = 5 * i;
            let pair = u16::from_be_bytes([bits[at / 8], bits[at / 8 + 1]]);
            *value = ((pair >> (11 - at % 8)) & 0x1f) as u8;
        }
        values[LEN - 1] = check_value(&values[..LEN - 1]);
        Self(values.map(|v| ALPHABET[v as usize]))
    }

    /// The 20 characters without separators.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("the alphabet is ASCII")
    }

    /// As it is shown and written down: four groups of five with hyphens.
    pub fn grouped(&self) -> String {
        let text = self.as_str();
        [&text[..5], &text[5..10], &text[10..15], &text[15..]].join("-")
    }

    /// What the register stores to find the report: useless without the pepper.
    pub fn lookup(&self, pepper: &Pepper) -> [u8; 32] {
        binding::hmac(pepper.expose(), &[b"dengwen/lookup/1", &self.0])
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for QueryCode {
    type Err = CodeError;

    /// Case, spaces and hyphens do not matter; O is read as 0, I and L as 1, and full-width
    /// letters and digits as their plain forms.
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let mut values = [0; LEN];
        let mut found = 0;
        let mut strange = None;
        for c in text.chars().map(narrow) {
            if c.is_whitespace() || matches!(c, '-' | '‐' | '–' | '—' | '−') {
                continue;
            }
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            match ALPHABET.iter().position(|&a| char::from(a) == c) {
                Some(value) if found < LEN => values[found] = value as u8,
                Some(_) => {}
                None => strange = strange.or(Some(found + 1)),
            }
            found += 1;
        }
        if let Some(place) = strange {
            return Err(CodeError::Character { place });
        }
        if found != LEN {
            return Err(CodeError::Length { found });
        }
        if check_value(&values[..LEN - 1]) != values[LEN - 1] {
            return Err(CodeError::Check);
        }
        Ok(Self(values.map(|v| ALPHABET[v as usize])))
    }
}

/// Full-width forms, as Chinese keyboards type them, to plain ones.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        other => other,
    }
}
