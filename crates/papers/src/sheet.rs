//! Spreadsheets going out: lists as xlsx or CSV, and the template for importing.
//!
//! Text is always text: a cell that begins like a formula is stored as a string. What may be
//! exported, and by whom, was decided before.

mod template;

use std::io::Write;

use jiff::civil::{Date, DateTime};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

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
    /// Who exported, for what purpose, which filter: one line each, on a sheet of its own, and the
    /// first of them in the printed footer.
    pub watermark: Vec<String>,
    /// When it is exported; also in the watermark and the file's properties.
    pub exported_at: DateTime,
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
    /// More rows or columns than a spreadsheet holds.
    #[error("the list is larger than a spreadsheet holds; narrow the filter and export in parts")]
    TooLarge,
    /// The writer refused.
    #[error("the spreadsheet could not be written: {0}")]
    Writer(String),
}

impl SheetError {
    /// The same in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::TooLarge => "列表超过一张表格的容量，请缩小筛选范围，分次导出",
            Self::Writer(_) => "表格没有写成，请重试；仍不成功的，请联系系统管理员",
        }
    }
}

impl From<XlsxError> for SheetError {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::RowColumnLimitError => Self::TooLarge,
            // The writer's messages can quote a text; only what kind of refusal it was is kept.
            XlsxError::MaxStringLengthExceeded => Self::Writer("a text is too long".to_owned()),
            XlsxError::IoError(e) => Self::Writer(e.to_string()),
            _ => Self::Writer("the spreadsheet writer refused".to_owned()),
        }
    }
}

/// The most characters of a cell, and what stands at the end of one that was cut.
const MAX_CHARS: usize = crate::rows::MAX_CELL_CHARS;
const CUT: &str = "……（全文见系统）";

/// Writes the sheet as xlsx: headings frozen, filters on, dates as dates, the watermark on a sheet
/// of its own. The same sheet gives the same bytes.
///
/// # Errors
/// [`SheetError::TooLarge`] when the list does not fit.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    book.set_properties(
        &DocProperties::new().set_title(shown(&sheet.title)).set_creation_datetime(&moment(sheet.exported_at)?),
    );
    let page = book.add_worksheet();
    page.set_name(sheet_name(&sheet.title))?;
    list(page, sheet)?;
    let page = book.add_worksheet();
    page.set_name("导出说明")?;
    let text = text_format();
    page.set_column_width(0, 100)?;
    for (row, line) in watermark(sheet).iter().enumerate() {
        page.write_string_with_format(row_number(row)?, 0, shown(line), &text)?;
    }
    Ok(book.save_to_buffer()?)
}

fn list(page: &mut Worksheet, sheet: &Sheet) -> Result<(), SheetError> {
    let heading = heading_format();
    let formats: Vec<Format> = sheet.columns.iter().map(|c| column_format(c.kind)).collect();
    for (at, column) in sheet.columns.iter().enumerate() {
        let at = column_number(at)?;
        page.set_column_width(at, column.width.clamp(2.0, 120.0))?;
        page.write_string_with_format(0, at, shown(&column.title), &heading)?;
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        let row = row_number(row + 1)?;
        for (at, (cell, format)) in cells.iter().zip(&formats).enumerate() {
            let at = column_number(at)?;
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => {
                    page.write_string_with_format(row, at, shown(text), format)?;
                }
                Cell::Integer(n) => {
                    page.write_number_with_format(row, at, *n as f64, format)?;
                }
                Cell::Number(n) => {
                    page.write_number_with_format(row, at, *n, format)?;
                }
                Cell::Date(day) => {
                    page.write_datetime_with_format(row, at, date(*day)?, format)?;
                }
                Cell::DateTime(time) => {
                    page.write_datetime_with_format(row, at, moment(*time)?, format)?;
                }
            }
        }
    }
    if let Some(last) = sheet.columns.len().checked_sub(1) {
        page.autofilter(0, 0, row_number(sheet.rows.len())?, column_number(last)?)?;
    }
    page.set_freeze_panes(1, 0)?;
    page.set_repeat_rows(0, 0)?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    // `&` begins a code in footers; 255 characters are the limit of Excel.
    let line: String = sheet.watermark.first().map(|l| l.chars().take(90).collect()).unwrap_or_default();
    page.set_footer(format!("&L{}&R&P / &N", shown(&line).replace('&', "&&")));
    Ok(())
}

/// Writes the sheet as CSV in UTF-8 with a byte order mark, as Excel and WPS expect it. A text that
/// begins like a formula gets an apostrophe before it, which [`crate::rows`] takes off again. The
/// watermark stands in the last lines, after a blank one.
///
/// # Errors
/// [`SheetError::Writer`] when `out` fails.
pub fn write_csv(sheet: &Sheet, mut out: impl Write) -> Result<(), SheetError> {
    let failed = |e: csv::Error| SheetError::Writer(e.to_string());
    let broken = |e: std::io::Error| SheetError::Writer(e.to_string());
    out.write_all("\u{feff}".as_bytes()).map_err(broken)?;
    let mut writer = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(out);
    let width = sheet.columns.len();
    writer.write_record(sheet.columns.iter().map(|c| plain(&c.title))).map_err(failed)?;
    for row in &sheet.rows {
        let cells = row.iter().take(width).map(|cell| match cell {
            Cell::Empty => String::new(),
            Cell::Text(text) => plain(text),
            Cell::Integer(n) => n.to_string(),
            Cell::Number(n) => n.to_string(),
            Cell::Date(day) => day.to_string(),
            Cell::DateTime(time) => time.strftime("%Y-%m-%d %H:%M").to_string(),
        });
        let missing = width.saturating_sub(row.len());
        let cells = cells.chain(std::iter::repeat_n(String::new(), missing));
        writer.write_record(cells).map_err(failed)?;
    }
    let mut out = writer.into_inner().map_err(|e| broken(e.into_error()))?;
    out.write_all(b"\r\n").map_err(broken)?;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    for line in watermark(sheet) {
        writer.write_record([plain(&line)]).map_err(failed)?;
    }
    writer.flush().map_err(broken)
}

fn watermark(sheet: &Sheet) -> Vec<String> {
    let mut lines = vec![
        format!("{}，共{}行", sheet.title, sheet.rows.len()),
        format!("导出时间：{}", sheet.exported_at.strftime("%Y年%-m月%-d日 %H:%M")),
    ];
    lines.extend(sheet.watermark.iter().cloned());
    lines
}

/// A text as a cell may hold it: no control characters, cut where a cell ends.
fn shown(text: &str) -> String {
    let clean = text.replace("\r\n", "\n").replace('\r', "\n");
    let clean: String = clean.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    // A spreadsheet counts UTF-16 units.
    if clean.encode_utf16().count() <= MAX_CHARS {
        return clean;
    }
    let mut units = 0;
    let room = MAX_CHARS - CUT.chars().count();
    let mut kept: String = clean
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= room
        })
        .collect();
    kept.push_str(CUT);
    kept
}

/// A text for CSV, where nothing else tells a formula from a text.
fn plain(text: &str) -> String {
    let text = shown(text);
    if begins_like_formula(&text) { format!("'{text}") } else { text }
}

/// Whether a spreadsheet program might read the text as a formula, apostrophes and blanks before it
/// apart: one more or one less of them does not change the answer, so writing and reading agree.
pub(crate) fn begins_like_formula(text: &str) -> bool {
    let starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    let before = |c: char| c == '\'' || (c.is_whitespace() && !starts.contains(&c));
    text.trim_start_matches(before).starts_with(starts)
}

fn text_format() -> Format {
    // The mark that a person sets by typing an apostrophe: the text stays text when edited.
    Format::new().set_quote_prefix().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top)
}

fn heading_format() -> Format {
    Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xE8_EE_F4))
        .set_border_bottom(FormatBorder::Thin)
}

fn column_format(kind: ColumnKind) -> Format {
    match kind {
        ColumnKind::Text => Format::new().set_quote_prefix().set_num_format("@").set_align(FormatAlign::Top),
        ColumnKind::LongText => text_format(),
        ColumnKind::Number => Format::new().set_align(FormatAlign::Right).set_align(FormatAlign::Top),
        ColumnKind::Date => Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top),
        ColumnKind::DateTime => Format::new().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Top),
    }
}

/// Sheet names have at most 31 characters and none of `[]:*?/\`.
fn sheet_name(title: &str) -> String {
    let name: String = shown(title).chars().filter(|c| !"[]:*?/\\'\n\t".contains(*c)).take(31).collect();
    if name.is_empty() || name == "导出说明" { "列表".to_owned() } else { name }
}

fn date(day: Date) -> Result<ExcelDateTime, SheetError> {
    let part = |n: i8| u8::try_from(n).unwrap_or(1);
    let year = u16::try_from(day.year()).unwrap_or(1900);
    Ok(ExcelDateTime::from_ymd(year, part(day.month()), part(day.day()))?)
}

fn moment(time: DateTime) -> Result<ExcelDateTime, SheetError> {
    let part = |n: i8| u16::from(u8::try_from(n).unwrap_or(0));
    let (minute, second) = (time.minute() as u8, time.second() as u8);
    Ok(date(time.date())?.and_hms(part(time.hour()), minute, second)?)
}

fn row_number(row: usize) -> Result<u32, SheetError> {
    u32::try_from(row).map_err(|_| SheetError::TooLarge)
}

fn column_number(column: usize) -> Result<u16, SheetError> {
    u16::try_from(column).map_err(|_| SheetError::TooLarge)
}
