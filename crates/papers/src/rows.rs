//! Real input: xlsx, CSV and JSON lines read row by row, with memory that does not grow with the
//! number of rows (an xlsx file keeps its table of shared strings in memory).
//!
//! A bad row is listed with its number, column, reason and what to do, and never with what stands
//! in the cell: lists of faults travel further than reports may. Nothing here knows the register.

mod dates;
mod decode;
mod fault;
mod field;
mod judge;
mod lines;
mod separated;
mod workbook;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufReader, Chain, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::content::Subject;
use domain::words::{Channel, Source};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use judge::{Judge, RawCell, RawRow};

pub use fault::{OpenError, Reason, RowFault};
pub use field::{Field, Mapping, MappingError, recognise};

/// The longest cell taken, in characters: what a spreadsheet cell can hold.
pub const MAX_CELL_CHARS: usize = 32_767;

/// The longest text taken, in bytes of UTF-8: what the register seals in one envelope.
pub const MAX_TEXT_BYTES: usize = 60 * 1024;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// By the name, then by the first bytes.
    Guess,
    /// An xlsx workbook.
    Xlsx,
    /// Comma, semicolon or tab separated; UTF-8, GB18030/GBK, or UTF-16 with its mark.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// Where the rows come from.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file on disk.
    File(PathBuf),
    /// Bytes at hand, e.g. an upload; the name helps to guess the format and may be empty.
    Bytes {
        /// File name as given.
        name: String,
        /// The bytes.
        bytes: Arc<[u8]>,
    },
}

impl From<&Path> for Input {
    fn from(path: &Path) -> Self {
        Self::File(path.to_owned())
    }
}

/// Finds the division code for a code or a name such as `河清市东岸县`; `None` when unknown.
pub type DivisionLookup = Box<dyn Fn(&str) -> Option<String> + Send>;

/// What else the reader needs to know.
pub struct Options {
    /// Which column is which field, where the headings alone do not say.
    pub mapping: Mapping,
    /// Looks divisions up; without it they are passed on as written.
    pub division: Option<DivisionLookup>,
    /// The zone in which times with an offset (`…Z`) are written down.
    pub zone: TimeZone,
}

/// One good row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Row of the sheet or line of the file, from 1, headings included.
    pub line: u64,
    /// Row id in the source (编号), if there is such a column.
    pub id: Option<String>,
    /// 序号 as written, if there is such a column: no name of the row, only its place in the table.
    pub serial: Option<String>,
    /// 主题
    pub title: Option<String>,
    /// 详情; never empty. Line breaks are `\n` whatever the file used; nothing else is changed.
    pub text: String,
    /// 时间, civil.
    pub time: Option<DateTime>,
    /// 渠道
    pub channel: Option<Channel>,
    /// 来源
    pub source: Option<Source>,
    /// 来源说明: organ and document number in words.
    pub source_note: Option<String>,
    /// Name of the reporter, where she signed.
    pub name: Option<String>,
    /// One way to reach her.
    pub contact: Option<String>,
    /// 被反映人, as many as the cells name.
    pub subjects: Vec<Subject>,
    /// 属地: a division code when a lookup was given, else as written.
    pub division: Option<String>,
    /// 类别 as written.
    pub kind: Option<String>,
    /// 标签 (e.g. 一级标签) as written.
    pub label: Option<String>,
    /// 答复意见
    pub reply: Option<String>,
    /// 答复时间
    pub reply_time: Option<DateTime>,
    /// Every cell of the row as read, recognised or not, in the order of the columns (of a JSON
    /// object: in the alphabetical order of its keys).
    pub raw: Vec<String>,
}

/// An open file: an iterator over rows, good and bad. Blank rows are passed over.
pub struct Rows {
    columns: Vec<(Field, String)>,
    raw: Box<dyn Iterator<Item = RawRow> + Send>,
    judge: Judge,
}

impl Iterator for Rows {
    type Item = Result<Row, Vec<RowFault>>;
    fn next(&mut self) -> Option<Self::Item> {
        let raw = self.raw.by_ref().find(|row| !row.is_blank())?;
        Some(self.judge.judge(raw))
    }
}

impl Rows {
    /// The fields found, each with its heading as written.
    pub fn columns(&self) -> &[(Field, String)] {
        &self.columns
    }
}

/// Opens an input, finds its format, encoding and headings, and is ready to give rows.
///
/// # Errors
/// [`OpenError`] when nothing can be read at all; its text says what to do and quotes nothing.
pub fn open(input: Input, format: Format, options: Options) -> Result<Rows, OpenError> {
    let Options { mapping, division, zone } = options;
    match guess(&input, format)? {
        Format::Xlsx => {
            let file: Box<dyn workbook::Seekable> = match input {
                Input::File(path) => Box::new(BufReader::new(File::open(path)?)),
                Input::Bytes { bytes, .. } => Box::new(Cursor::new(bytes)),
            };
            let book = workbook::Workbook::open(file, mapping)?;
            let columns = known(&book.columns);
            let judge = Judge { division, zone, doubtful: false };
            Ok(Rows { columns, raw: Box::new(book), judge })
        }
        text => {
            let found = decode::find(reader(&input)?)?;
            if found.empty {
                return Err(OpenError::Empty);
            }
            let utf8 = decode::Utf8::new(reader(&input)?, found.encoding);
            let judge = Judge { division, zone, doubtful: found.doubtful };
            if text == Format::Jsonl {
                let rows = JsonRows::open(lines::Lines::new(BufReader::new(utf8)), mapping)?;
                let columns = rows.columns.clone();
                Ok(Rows { columns, raw: Box::new(rows), judge })
            } else {
                let rows = CsvRows::open(utf8, &mapping)?;
                let columns = known(&rows.columns);
                Ok(Rows { columns, raw: Box::new(rows), judge })
            }
        }
    }
}

fn reader(input: &Input) -> Result<Box<dyn Read + Send>, OpenError> {
    Ok(match input {
        Input::File(path) => Box::new(File::open(path)?),
        Input::Bytes { bytes, .. } => Box::new(Cursor::new(Arc::clone(bytes))),
    })
}

fn guess(input: &Input, format: Format) -> Result<Format, OpenError> {
    if format != Format::Guess {
        return Ok(format);
    }
    let mut start = [0u8; 512];
    let read = reader(input)?.read(&mut start)?;
    let start = &start[..read];
    if start.starts_with(b"PK\x03\x04") || start.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Ok(Format::Xlsx);
    }
    let name = match input {
        Input::File(path) => path.to_string_lossy().to_lowercase(),
        Input::Bytes { name, .. } => name.to_lowercase(),
    };
    if name.ends_with(".xlsx") {
        return Err(if read == 0 { OpenError::Empty } else { OpenError::NotAWorkbook });
    }
    let first = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).trim_ascii_start();
    let json = name.ends_with(".jsonl") || name.ends_with(".ndjson");
    let csv = name.ends_with(".csv") || name.ends_with(".tsv") || name.ends_with(".txt");
    Ok(if json || !csv && first.starts_with(b"{") { Format::Jsonl } else { Format::Csv })
}

/// The columns of a table, in order: field where recognised, heading as written.
type Columns = Vec<(Option<Field>, String)>;

/// The columns if these are headings, i.e. one of them is the text.
fn headings(mapping: &Mapping, headings: &[String]) -> Result<Option<Columns>, OpenError> {
    let words: Vec<&str> = headings.iter().map(String::as_str).collect();
    let fields = mapping.assign(&words)?;
    if !fields.contains(&Some(Field::Text)) {
        return Ok(None);
    }
    Ok(Some(fields.into_iter().zip(words.iter().map(|h| h.trim().to_owned())).collect()))
}

fn known(columns: &[(Option<Field>, String)]) -> Vec<(Field, String)> {
    columns.iter().filter_map(|(field, heading)| Some(((*field)?, heading.clone()))).collect()
}

/// CSV under its headings.
struct CsvRows<R> {
    records: separated::Records<R>,
    columns: Columns,
    last: u64,
    ended: bool,
}

/// A reader whose beginning was read ahead.
type Ahead<R> = Chain<Cursor<Vec<u8>>, R>;

impl<R: Read> CsvRows<Ahead<R>> {
    /// Tries each separator on the beginning and takes the one that shows the most columns.
    fn open(mut reader: R, mapping: &Mapping) -> Result<Self, OpenError> {
        let mut start = Vec::new();
        reader.by_ref().take(64 * 1024).read_to_end(&mut start)?;
        let mut best = None;
        let mut refusal = None;
        for separator in separated::SEPARATORS {
            let mut records = separated::Records::new(start.as_slice(), separator);
            match find_headings(&mut records, mapping) {
                Ok((_, columns)) => {
                    let count = known(&columns).len();
                    if best.is_none_or(|(most, _)| count > most) {
                        best = Some((count, separator));
                    }
                }
                Err(error) => refusal = refusal.or(Some(error)),
            }
        }
        let Some((_, separator)) = best else { return Err(refusal.unwrap_or(OpenError::NoTextColumn)) };
        let mut records = separated::Records::new(Cursor::new(start).chain(reader), separator);
        let (last, columns) = find_headings(&mut records, mapping)?;
        Ok(Self { records, columns, last, ended: false })
    }
}

/// The row and the columns of the headings, looked for in the first rows.
fn find_headings<R: Read>(records: &mut separated::Records<R>, mapping: &Mapping) -> Result<(u64, Columns), OpenError> {
    let mut refusal = OpenError::NoTextColumn;
    for _ in 0..workbook::HEADING_ROWS {
        let Some(record) = records.next()? else { break };
        let words: Vec<String> = record.cells.into_iter().map(|c| cell(c).shown()).collect();
        match headings(mapping, &words) {
            Ok(Some(columns)) => return Ok((record.row, columns)),
            Ok(None) => {}
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

impl<R: Read> Iterator for CsvRows<R> {
    type Item = RawRow;
    fn next(&mut self) -> Option<RawRow> {
        if self.ended {
            return None;
        }
        let record = match self.records.next() {
            Ok(record) => record?,
            Err(_) => {
                self.ended = true;
                return Some(RawRow::broken(self.last + 1, Reason::Unreadable));
            }
        };
        self.last = record.row;
        let short = record.cells.len() < self.columns.len();
        let cells: Vec<RawCell> = record.cells.into_iter().map(cell).collect();
        let mut row = RawRow::of_columns(record.row, cells, &self.columns);
        if row.is_blank() {
            return Some(row);
        }
        // A spreadsheet writes as many cells as headings; otherwise a comma or a line break was
        // not quoted and the cells stand under the wrong headings.
        let beyond = row.cells.iter().skip(self.columns.len());
        if short || beyond.clone().any(|(_, _, c)| !matches!(c, RawCell::Text(t) if t.trim().is_empty())) {
            row.broken = Some(Reason::RaggedRow);
        }
        Some(row)
    }
}

/// A cell of a text file. A formula has no value here, so one is refused; the apostrophe that our
/// own and other exports put before such texts is taken off.
fn cell(text: separated::Text) -> RawCell {
    let separated::Text::Short(text) = text else { return RawCell::Bad(Reason::CellTooLong) };
    if let Some(rest) = text.strip_prefix('\'')
        && crate::sheet::begins_like_formula(rest)
    {
        return RawCell::Text(rest.to_owned());
    }
    let after = text.trim_start().strip_prefix('=').map(str::trim_start);
    let formula = after.and_then(|rest| rest.chars().next());
    if formula.is_some_and(|c| c.is_ascii_alphanumeric() || "(+-@\"'$".contains(c)) {
        return RawCell::Bad(Reason::FormulaCell);
    }
    RawCell::Text(text)
}

/// JSON lines: every object brings its own headings.
struct JsonRows<R> {
    lines: lines::Lines<R>,
    mapping: Mapping,
    columns: Vec<(Field, String)>,
    held: VecDeque<lines::Line>,
    last: u64,
    ended: bool,
}

impl<R: std::io::BufRead> JsonRows<R> {
    /// Looks at the first good object: a file without texts is refused as a whole.
    fn open(mut lines: lines::Lines<R>, mapping: Mapping) -> Result<Self, OpenError> {
        let mut held = VecDeque::new();
        let mut columns = Vec::new();
        while held.len() < workbook::HEADING_ROWS {
            let Some(line) = lines.next()? else { break };
            let keys = line.object.as_ref().ok().map(|o| o.keys().cloned().collect::<Vec<_>>());
            held.push_back(line);
            if let Some(keys) = keys {
                let found = headings(&mapping, &keys)?.ok_or(OpenError::NoTextColumn)?;
                columns = known(&found);
                break;
            }
        }
        Ok(Self { lines, mapping, columns, held, last: 0, ended: false })
    }
}

impl<R: std::io::BufRead> Iterator for JsonRows<R> {
    type Item = RawRow;
    fn next(&mut self) -> Option<RawRow> {
        if self.ended {
            return None;
        }
        let line = match self.held.pop_front() {
            Some(line) => line,
            None => match self.lines.next() {
                Ok(line) => line?,
                Err(_) => {
                    self.ended = true;
                    return Some(RawRow::broken(self.last + 1, Reason::Unreadable));
                }
            },
        };
        self.last = line.number;
        let object = match line.object {
            Ok(object) => object,
            Err(reason) => return Some(RawRow::broken(line.number, reason)),
        };
        let mut taken = Vec::new();
        let cells = object.into_iter().map(|(key, value)| {
            let cell = match value {
                Value::Null => RawCell::Empty,
                Value::String(text) => RawCell::Text(text),
                Value::Bool(b) => RawCell::Text(b.to_string()),
                Value::Number(n) => RawCell::Text(n.to_string()),
                Value::Array(_) | Value::Object(_) => RawCell::Bad(Reason::NestedValue),
            };
            let field = self.mapping.field_of(&key).filter(|f| !taken.contains(f));
            taken.extend(field);
            (field, key, cell)
        });
        let cells = cells.collect();
        Some(RawRow { line: line.number, cells, broken: None })
    }
}
