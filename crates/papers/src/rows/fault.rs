//! What is wrong with a row or a file, in words that say what to do and never quote a cell.

use serde::{Deserialize, Serialize};

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The text is empty.
    MissingText,
    /// A day that does not exist, such as 30 February.
    ImpossibleDate,
    /// A date written in a way that is not understood.
    UnknownDateForm,
    /// A division neither code nor name of which is known.
    UnknownDivision,
    /// A word that is not on the list of its column (channel, source, rank).
    UnknownWord,
    /// More characters than a cell may have.
    CellTooLong,
    /// A formula instead of a value.
    FormulaCell,
    /// A spreadsheet error such as `#REF!`.
    ErrorCell,
    /// Control characters.
    ControlCharacters,
    /// Bytes that do not belong to the file's encoding.
    WrongEncoding,
    /// More or fewer cells than headings.
    RaggedRow,
    /// A line that is not a JSON object.
    BadJson,
    /// Half of a character pair in a JSON escape.
    LoneSurrogate,
    /// A list or an object where a word is expected.
    NestedValue,
}

/// One thing wrong with one row. Never holds what stands in the cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RowFault {
    /// Row of the sheet or line of the file, from 1.
    pub line: u64,
    /// Heading of the column, where one cell is at fault.
    pub column: Option<String>,
    /// Why.
    pub reason: Reason,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
    /// What to do, in Chinese.
    pub advice_zh: String,
    /// What to do, in English.
    pub advice_en: String,
}

/// Why nothing of a file can be read.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Not an xlsx workbook, though it was said to be one.
    #[error("this is not a readable xlsx workbook; open it in Excel or WPS and save it as .xlsx")]
    NotAWorkbook,
    /// An xls or encrypted workbook.
    #[error("old or encrypted workbooks (.xls, password) are not read; save as .xlsx without a password")]
    OldWorkbook,
    /// Unpacks to more than is reasonable.
    #[error("the workbook unpacks to more than {limit_mib} MiB; split it into smaller files")]
    TooLarge {
        /// The limit.
        limit_mib: u64,
    },
    /// No column for the text was found.
    #[error(
        "no column holds the text: the heading row needs one of 详情, 内容, 正文, text …, or a \
         mapping file with text = \"heading\""
    )]
    NoTextColumn,
    /// A heading of the mapping file is not in the file.
    #[error("the mapping names the heading \"{heading}\" for {field}, which the file does not have")]
    HeadingNotFound {
        /// Field of the mapping.
        field: &'static str,
        /// Heading the mapping file names.
        heading: String,
    },
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
}
