//! Real input: xlsx, CSV and JSON lines read row by row, with memory that does not grow with the
//! number of rows (an xlsx file keeps its table of shared strings in memory).
//!
//! A bad row is listed with its number, column, reason and what to do, and never with what stands
//! in the cell: lists of faults travel further than reports may. Nothing here knows the register.

mod fault;
mod field;

use std::path::{Path, PathBuf};

use domain::content::Subject;
use domain::words::{Channel, Source};
use jiff::civil::DateTime;

pub use fault::{OpenError, Reason, RowFault};
pub use field::{Field, Mapping, MappingError, recognise};

/// The longest cell taken, in characters: what a spreadsheet cell can hold.
pub const MAX_CELL_CHARS: usize = 32_767;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// By the first bytes, then by the name.
    Guess,
    /// An xlsx workbook.
    Xlsx,
    /// Comma, semicolon or tab separated; UTF-8, GB18030/GBK or UTF-16 with a mark.
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
        bytes: Vec<u8>,
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
    pub zone: jiff::tz::TimeZone,
}

/// One good row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Row of the sheet or line of the file, from 1, headings included.
    pub line: u64,
    /// Row id in the source (编号), if there is such a column.
    pub id: Option<String>,
    /// 主题
    pub title: Option<String>,
    /// 详情; never empty.
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
    /// Every cell of the row as read, recognised or not, in the order of the columns.
    pub raw: Vec<String>,
}

/// An open file: an iterator over rows, good and bad.
pub struct Rows {
    _private: (),
}

impl Iterator for Rows {
    type Item = Result<Row, Vec<RowFault>>;
    fn next(&mut self) -> Option<Self::Item> {
        todo!()
    }
}

impl Rows {
    /// The fields found, each with its heading as written.
    pub fn columns(&self) -> &[(Field, String)] {
        todo!()
    }
}

/// Opens an input, finds its format, encoding and headings, and is ready to give rows.
///
/// # Errors
/// [`OpenError`] when nothing can be read at all; its text says what to do and quotes nothing.
pub fn open(_input: Input, _format: Format, _options: Options) -> Result<Rows, OpenError> {
    todo!()
}
