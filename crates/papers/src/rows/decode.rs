//! Finding a text file's encoding and reading it as UTF-8, a chunk at a time.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// What a first reading of the whole file showed.
pub(super) struct Found {
    pub(super) encoding: &'static Encoding,
    /// Some bytes may not belong to the encoding: replacement characters then mean damage. In a
    /// file that is UTF-8 throughout they were written on purpose.
    pub(super) doubtful: bool,
    pub(super) empty: bool,
}

/// Reads everything once. UTF-8 where it is UTF-8 or nearly so; otherwise GB18030, of which GBK and
/// GB2312 are parts. UTF-16 only with its mark.
pub(super) fn find(mut reader: impl Read) -> io::Result<Found> {
    let mut buffer = vec![0u8; 64 * 1024];
    let mut held = 0;
    let mut first = true;
    let (mut good, mut bad) = (0u64, 0u64);
    loop {
        let read = reader.read(&mut buffer[held..])?;
        let bytes = &buffer[..held + read];
        if first && !bytes.is_empty() {
            // A mark of two bytes may arrive one byte at a time from a slow reader: files do not.
            if let Some((encoding, _)) = Encoding::for_bom(bytes)
                && encoding != UTF_8
            {
                return Ok(Found { encoding, doubtful: true, empty: false });
            }
            first = false;
        }
        let (g, b, rest) = count(bytes, read == 0);
        good += g;
        bad += b;
        if read == 0 {
            let encoding = if bad * 10 <= good { UTF_8 } else { GB18030 };
            return Ok(Found { encoding, doubtful: bad > 0, empty: first });
        }
        held = rest;
        let start = bytes.len() - rest;
        buffer.copy_within(start..start + rest, 0);
    }
}

/// Multi-byte characters that are UTF-8, places that are not, and unfinished bytes at the end.
fn count(mut bytes: &[u8], last: bool) -> (u64, u64, usize) {
    let multi = |s: &str| s.bytes().filter(|b| *b >= 0xc0).count() as u64;
    let (mut good, mut bad) = (0, 0);
    loop {
        match std::str::from_utf8(bytes) {
            Ok(s) => return (good + multi(s), bad, 0),
            Err(e) => {
                let (valid, rest) = bytes.split_at(e.valid_up_to());
                good += std::str::from_utf8(valid).map(multi).unwrap_or(0);
                match e.error_len() {
                    Some(len) => {
                        bad += 1;
                        bytes = &rest[len..];
                    }
                    None if last => return (good, bad + 1, 0),
                    None => return (good, bad, rest.len()),
                }
            }
        }
    }
}

/// A reader that gives UTF-8, without a byte order mark and with U+FFFD for what cannot be read.
pub(super) struct Utf8<R> {
    reader: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_len: usize,
    out: Vec<u8>,
    out_at: usize,
    ended: bool,
}

impl<R: Read> Utf8<R> {
    pub(super) fn new(reader: R, encoding: &'static Encoding) -> Self {
        let decoder = if [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding) {
            encoding.new_decoder_with_bom_removal()
        } else {
            encoding.new_decoder_without_bom_handling()
        };
        Self { reader, decoder, raw: vec![0; 64 * 1024], raw_len: 0, out: Vec::new(), out_at: 0, ended: false }
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        while self.out_at == self.out.len() && !self.ended {
            let read = self.reader.read(&mut self.raw[self.raw_len..])?;
            self.raw_len += read;
            let last = read == 0;
            let room = self.decoder.max_utf8_buffer_length(self.raw_len).unwrap_or(self.raw_len * 3 + 16);
            self.out.resize(room, 0);
            let (_, used, written, _) = self.decoder.decode_to_utf8(&self.raw[..self.raw_len], &mut self.out, last);
            self.out.truncate(written);
            self.out_at = 0;
            self.raw.copy_within(used..self.raw_len, 0);
            self.raw_len -= used;
            self.ended = last;
        }
        let length = target.len().min(self.out.len() - self.out_at);
        target[..length].copy_from_slice(&self.out[self.out_at..self.out_at + length]);
        self.out_at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(bytes: &[u8]) -> (String, bool) {
        let found = find(bytes).unwrap();
        let mut text = String::new();
        Utf8::new(bytes, found.encoding).read_to_string(&mut text).unwrap();
        (text, found.doubtful)
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "编号，内容\n1，村里的账目为什么不公开?㐂";
        assert_eq!(through(text.as_bytes()), (text.to_owned(), false));
        assert_eq!(through(format!("\u{feff}{text}").as_bytes()).0, text);
        let (gbk, _, _) = GB18030.encode(text);
        assert_eq!(through(&gbk).0, text);
        let utf16: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(through(&utf16).0, text);
    }

    #[test]
    fn ascii_first_and_chinese_late_is_still_recognised() {
        let mut text = "id,text\n".to_owned();
        text.push_str(&"1,plain\n".repeat(40_000));
        text.push_str("2，最后一行才有汉字\n");
        let (gbk, _, _) = GB18030.encode(&text);
        assert_eq!(through(&gbk).0, text);
        assert_eq!(through(text.as_bytes()).0, text);
    }

    #[test]
    fn one_damaged_row_does_not_turn_utf8_into_gbk() {
        let mut bytes = "编号，内容\n1，这一行是好的，有足够多的汉字\n2,".as_bytes().to_vec();
        bytes.push(0xff);
        bytes.extend("坏\n".as_bytes());
        let (text, doubtful) = through(&bytes);
        assert!(text.starts_with("编号，内容\n1，这一行是好的") && text.contains('\u{fffd}') && doubtful);
    }
}
