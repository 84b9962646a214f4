//! Spreadsheets going out: lists as xlsx or CSV, and the template for importing.
//!
//! Text is always text: a cell that begins like a formula is stored as a string. What may be
//! exported, and by whom, was decided before.

mod template;

use jiff::civil::{Date, DateTime};

pub use template::template;

/// A list to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// Name of the sheet and title of the file.
    pub title: String,
    /// Headings, in order.
    pub columns: Vec<Column>,
    /// Rows; each has as many cells as there are columns (missing ones stay empty).
    pub rows: Vec<Vec<Cell>>,
    /// Who exported, when, for what purpose, which filter: one line each, on a sheet of its own and
    /// in the printed footer.
    pub watermark: Vec<String>,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Width in characters of the default font (a Chinese character counts two).
    pub width: f64,
    /// How its cells are shown.
    pub kind: ColumnKind,
}

/// How the cells of a column are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Left, one line.
    Text,
    /// Left, wrapped.
    LongText,
    /// Right.
    Number,
    /// `2026-02-11`
    Date,
    /// `2026-02-11 09:30`
    DateTime,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text, never a formula.
    Text(String),
    /// A count.
    Integer(i64),
    /// A measure.
    Number(f64),
    /// A day, stored as a date.
    Date(Date),
    /// A day and time, stored as a date.
    DateTime(DateTime),
}

/// Why a spreadsheet could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// More rows or columns than a spreadsheet holds (1,048,576 by 16,384).
    #[error("the list is larger than a spreadsheet holds; narrow the filter and export in parts")]
    TooLarge,
    /// The writer refused.
    #[error("the spreadsheet could not be written: {0}")]
    Writer(String),
}

/// Writes the sheet as xlsx: frozen headings, filters, dates as dates, the watermark on a sheet of
/// its own. The same sheet gives the same bytes except for the creation time the caller's
/// watermark already names.
///
/// # Errors
/// [`SheetError::TooLarge`] when the list does not fit.
pub fn write(_sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    todo!()
}

/// Writes the sheet as CSV in UTF-8 with a byte order mark, as Excel and WPS expect it. A text that
/// begins like a formula gets a leading apostrophe; the watermark stands in the last lines.
///
/// # Errors
/// [`SheetError::Writer`] when `out` fails.
pub fn write_csv(_sheet: &Sheet, _out: impl std::io::Write) -> Result<(), SheetError> {
    todo!()
}
