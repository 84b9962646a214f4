//! JSON lines, one object a line, with memory bounded by the longest line allowed.

use std::io::{self, BufRead};

use serde_json::{Map, Value};

use super::Reason;

/// The most bytes of one line: several cells of the greatest length, escaped.
const MAX_LINE: usize = 4 << 20;

/// One line: an object in the order written, or why it is none.
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) object: Result<Map<String, Value>, Reason>,
}

pub(super) struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The next line that is not blank; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        loop {
            let mut line = Vec::new();
            let mut too_long = false;
            let mut any = false;
            loop {
                let bytes = self.reader.fill_buf()?;
                if bytes.is_empty() {
                    break;
                }
                any = true;
                let (part, ended) = match bytes.iter().position(|b| *b == b'\n') {
                    Some(at) => (&bytes[..=at], true),
                    None => (bytes, false),
                };
                let used = part.len();
                if line.len() + used <= MAX_LINE {
                    line.extend_from_slice(part);
                } else {
                    too_long = true;
                }
                self.reader.consume(used);
                if ended {
                    break;
                }
            }
            if !any {
                return Ok(None);
            }
            self.number += 1;
            if too_long {
                return Ok(Some(Line { number: self.number, object: Err(Reason::CellTooLong) }));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let object = serde_json::from_slice(&line).map_err(|e| {
                // The only way serde_json names this case is in its message.
                if e.to_string().contains("surrogate") || e.to_string().contains("unexpected end of hex") {
                    Reason::LoneSurrogate
                } else {
                    Reason::BadJson
                }
            });
            return Ok(Some(Line { number: self.number, object }));
        }
    }
}
