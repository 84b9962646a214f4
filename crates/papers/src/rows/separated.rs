//! Separated values, record by record, with memory bounded by the longest cell allowed.

use std::io::{self, Read};

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::MAX_CELL_CHARS;

/// One record: its row number as a spreadsheet program shows it, and its cells.
pub(super) struct Record {
    pub(super) row: u64,
    pub(super) cells: Vec<Text>,
}

/// A cell's text, or the fact that it is too long to be one.
pub(super) enum Text {
    Short(String),
    TooLong,
}

/// The most bytes kept of one cell: four for every character allowed.
const MAX_BYTES: usize = MAX_CELL_CHARS * 4;
/// What may stand between cells.
pub(super) const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
/// More columns than this are not a table.
const MAX_CELLS: usize = 1_024;

pub(super) struct Records<R> {
    reader: R,
    parser: Reader,
    input: Vec<u8>,
    at: usize,
    end: usize,
    /// Line breaks seen in the file, and those of them inside cells.
    breaks: u64,
    inside: u64,
    row: u64,
    done: bool,
}

impl<R: Read> Records<R> {
    pub(super) fn new(reader: R, separator: u8) -> Self {
        Self {
            reader,
            parser: ReaderBuilder::new().delimiter(separator).build(),
            input: vec![0; 64 * 1024],
            at: 0,
            end: 0,
            breaks: 0,
            inside: 0,
            row: 0,
            done: false,
        }
    }

    /// The next record; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Record>> {
        if self.done {
            return Ok(None);
        }
        let mut cells = Vec::new();
        let mut cell = Vec::new();
        let mut out = vec![0u8; 4 * 1024];
        let mut too_long = false;
        loop {
            if self.at == self.end {
                self.end = self.reader.read(&mut self.input)?;
                self.at = 0;
            }
            let input = &self.input[self.at..self.end];
            let (result, used, written) = self.parser.read_field(input, &mut out);
            let last_byte = used.checked_sub(1).and_then(|i| input.get(i)).copied();
            self.breaks += count_breaks(&input[..used]);
            self.at += used;
            self.inside += count_breaks(&out[..written]);
            if cell.len() + written <= MAX_BYTES {
                cell.extend_from_slice(&out[..written]);
            } else {
                too_long = true;
            }
            match result {
                ReadFieldResult::InputEmpty | ReadFieldResult::OutputFull => {}
                ReadFieldResult::Field { record_end } => {
                    let text = String::from_utf8_lossy(&cell).into_owned();
                    too_long |= text.chars().count() > MAX_CELL_CHARS;
                    if cells.len() < MAX_CELLS {
                        cells.push(if too_long { Text::TooLong } else { Text::Short(text) });
                    }
                    cell.clear();
                    too_long = false;
                    if record_end {
                        // The record's own line break is not read yet after a carriage return or
                        // at the end of the file.
                        let own = u64::from(last_byte != Some(b'\n'));
                        self.row = (self.breaks - self.inside + own).max(self.row + 1);
                        return Ok(Some(Record { row: self.row, cells }));
                    }
                }
                ReadFieldResult::End => {
                    self.done = true;
                    return Ok(None);
                }
            }
        }
    }
}

fn count_breaks(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text.as_bytes(), b',');
        let mut out = Vec::new();
        while let Some(record) = records.next().unwrap() {
            let cells = record.cells.into_iter().map(|c| match c {
                Text::Short(s) => s,
                Text::TooLong => "!".to_owned(),
            });
            out.push((record.row, cells.collect()));
        }
        out
    }

    #[test]
    fn row_numbers_are_those_of_a_spreadsheet() {
        for newline in ["\n", "\r\n"] {
            let text = ["a,b", "1,\"x\ny\"", "", "2,z", "3,last"].join(newline);
            let numbers: Vec<u64> = rows(&text).into_iter().map(|(n, _)| n).collect();
            assert_eq!(numbers, [1, 2, 4, 5], "{newline:?}");
        }
    }

    #[test]
    fn a_cell_without_end_is_bounded_and_its_neighbours_stay() {
        let text = format!("a,b\n1,{}\n2,y\n", "x".repeat(1 << 20));
        let read = rows(&text);
        assert_eq!(read[1], (2, vec!["1".to_owned(), "!".to_owned()]));
        assert_eq!(read[2], (3, vec!["2".to_owned(), "y".to_owned()]));
    }
}
