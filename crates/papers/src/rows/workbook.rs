//! xlsx workbooks, row by row, on a thread of their own: the reader of the cells borrows the
//! workbook, so both live together there and rows come over a short channel.

use std::io::{self, Read, Seek};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use calamine::{DataRef, Reader as _, SheetVisible, Xlsx, XlsxError};
use jiff::civil::{Date, DateTime, Time};

use super::field::Field;
use super::judge::{RawCell, RawRow};
use super::{MAX_CELL_CHARS, Mapping, OpenError, Reason};

/// Anything a workbook can be read from.
pub(super) trait Seekable: Read + Seek + Send {}
impl<T: Read + Seek + Send> Seekable for T {}

/// The most a workbook may unpack to.
const LIMIT_MIB: u64 = 512;
/// The most shared strings its table may promise.
const MAX_STRINGS: u64 = 8_000_000;
/// The most columns looked at.
const MAX_COLUMNS: u32 = 512;
/// Rows in which the headings are looked for.
pub(super) const HEADING_ROWS: usize = 10;

/// What the thread sends: first the columns, then rows, then the end.
enum Sent {
    Columns(Vec<(Option<Field>, String)>),
    Refused(OpenError),
    Row(RawRow),
    End,
}

pub(super) struct Workbook {
    pub(super) columns: Vec<(Option<Field>, String)>,
    rows: Receiver<Sent>,
    last: u64,
    ended: bool,
}

impl Workbook {
    pub(super) fn open(mut file: Box<dyn Seekable>, mapping: Mapping) -> Result<Self, OpenError> {
        check_size(&mut file)?;
        let (sender, rows) = sync_channel(64);
        thread::Builder::new().name("xlsx".to_owned()).spawn(move || run(file, &mapping, &sender))?;
        match rows.recv() {
            Ok(Sent::Columns(columns)) => Ok(Self { columns, rows, last: 0, ended: false }),
            Ok(Sent::Refused(error)) => Err(error),
            _ => Err(OpenError::NotAWorkbook),
        }
    }
}

impl Iterator for Workbook {
    type Item = RawRow;
    fn next(&mut self) -> Option<RawRow> {
        if self.ended {
            return None;
        }
        match self.rows.recv() {
            Ok(Sent::Row(row)) => {
                self.last = row.line;
                Some(row)
            }
            Ok(_) => {
                self.ended = true;
                None
            }
            // The thread died without saying that it was at the end.
            Err(_) => {
                self.ended = true;
                Some(RawRow::broken(self.last + 1, Reason::Unreadable))
            }
        }
    }
}

/// Unpacks everything once without keeping it: the sizes written in a workbook may lie.
fn check_size(file: &mut Box<dyn Seekable>) -> Result<(), OpenError> {
    let mut start = [0u8; 8];
    let read = file.read(&mut start)?;
    file.rewind()?;
    if start[..read].starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(OpenError::OldWorkbook);
    }
    let too_large = OpenError::TooLarge { limit_mib: LIMIT_MIB };
    let mut archive = zip::ZipArchive::new(&mut *file).map_err(|_| OpenError::NotAWorkbook)?;
    if archive.len() > 10_000 {
        return Err(too_large);
    }
    let mut left = LIMIT_MIB << 20;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|_| OpenError::NotAWorkbook)?;
        let name = entry.name().map_err(|_| OpenError::NotAWorkbook)?.to_ascii_lowercase();
        if name.ends_with("sharedstrings.xml") {
            // The reader sets memory aside for as many strings as the table promises.
            let mut head = Vec::new();
            (&mut entry).take(4096).read_to_end(&mut head).map_err(|_| OpenError::NotAWorkbook)?;
            left = left.saturating_sub(head.len() as u64);
            if promised_strings(&head) > MAX_STRINGS {
                return Err(too_large);
            }
        }
        let copied = io::copy(&mut entry.take(left + 1), &mut io::sink()).map_err(|_| OpenError::NotAWorkbook)?;
        if copied > left {
            return Err(too_large);
        }
        left -= copied;
    }
    drop(archive);
    file.rewind()?;
    Ok(())
}

fn promised_strings(head: &[u8]) -> u64 {
    let head = String::from_utf8_lossy(head);
    let Some((_, after)) = head.split_once("uniqueCount") else { return 0 };
    let digits: String = after.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
}

fn run(file: Box<dyn Seekable>, mapping: &Mapping, sender: &SyncSender<Sent>) {
    if let Err(error) = read(file, mapping, sender) {
        // Nobody may be listening any more; then nothing is to be said either.
        let _ = sender.send(Sent::Refused(error));
    }
}

fn read(file: Box<dyn Seekable>, mapping: &Mapping, sender: &SyncSender<Sent>) -> Result<(), OpenError> {
    let mut book: Xlsx<_> = Xlsx::new(file).map_err(|e| match e {
        XlsxError::Password => OpenError::OldWorkbook,
        _ => OpenError::NotAWorkbook,
    })?;
    let sheets: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    let mut refusal = OpenError::NoTextColumn;
    for sheet in &sheets {
        let Ok(mut cells) = book.worksheet_cells_reader(sheet) else { continue };
        let mut rows = SheetRows { next: None, ended: false, cells: &mut cells };
        for _ in 0..HEADING_ROWS {
            let Some(Ok((_, row))) = rows.next() else { break };
            let headings: Vec<String> = row.iter().map(RawCell::shown).collect();
            match super::headings(mapping, &headings) {
                Ok(Some(columns)) => {
                    if sender.send(Sent::Columns(columns.clone())).is_ok() {
                        send_rows(rows, &columns, sender);
                    }
                    return Ok(());
                }
                Ok(None) => {}
                Err(error) => refusal = error,
            }
        }
    }
    Err(refusal)
}

fn send_rows<RS: Read + Seek>(
    rows: SheetRows<'_, '_, RS>,
    columns: &[(Option<Field>, String)],
    sender: &SyncSender<Sent>,
) {
    let mut last = 0;
    for row in rows {
        let row = match row {
            Ok((line, cells)) => {
                last = line;
                RawRow::of_columns(line, cells, columns)
            }
            Err(()) => RawRow::broken(last + 1, Reason::Unreadable),
        };
        let broken = row.broken.is_some();
        if sender.send(Sent::Row(row)).is_err() {
            return;
        }
        if broken {
            break;
        }
    }
    let _ = sender.send(Sent::End);
}

/// Cells gathered into rows; row numbers from 1.
struct SheetRows<'c, 'b, RS: Read + Seek> {
    cells: &'c mut calamine::XlsxCellReader<'b, RS>,
    /// The first cell of the next row.
    next: Option<(u64, u32, RawCell)>,
    /// The last cell was given: asking again would read what follows the cells.
    ended: bool,
}

impl<RS: Read + Seek> Iterator for SheetRows<'_, '_, RS> {
    type Item = Result<(u64, Vec<RawCell>), ()>;
    fn next(&mut self) -> Option<Self::Item> {
        let mut row: Option<u64> = None;
        let mut cells: Vec<RawCell> = Vec::new();
        loop {
            let (line, column, value) = match self.next.take() {
                Some(cell) => cell,
                None if self.ended => return row.map(|line| Ok((line, cells))),
                None => match self.cells.next_cell_with_formula_metadata() {
                    Ok(Some(cell)) => {
                        let value = match cell.formula {
                            Some(_) => RawCell::Bad(Reason::FormulaCell),
                            None => value(cell.value),
                        };
                        (u64::from(cell.pos.0) + 1, cell.pos.1, value)
                    }
                    Ok(None) => {
                        self.ended = true;
                        continue;
                    }
                    Err(_) => {
                        self.ended = true;
                        return Some(Err(()));
                    }
                },
            };
            if row.is_some_and(|row| row != line) {
                self.next = Some((line, column, value));
                return row.map(|line| Ok((line, cells)));
            }
            row = Some(line);
            if column < MAX_COLUMNS {
                let at = column as usize;
                if cells.len() <= at {
                    cells.resize(at + 1, RawCell::Empty);
                }
                cells[at] = value;
            }
        }
    }
}

fn value(data: DataRef<'_>) -> RawCell {
    let text = |s: &str| {
        if s.chars().count() > MAX_CELL_CHARS { RawCell::Bad(Reason::CellTooLong) } else { RawCell::Text(s.to_owned()) }
    };
    match data {
        DataRef::Empty => RawCell::Empty,
        DataRef::Int(n) => RawCell::Text(n.to_string()),
        DataRef::Float(n) => RawCell::Number(n),
        DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => text(&s),
        DataRef::SharedString(s) => text(s),
        DataRef::Bool(b) => RawCell::Text(if b { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::Error(_) => RawCell::Bad(Reason::ErrorCell),
        DataRef::DateTime(moment) => {
            if moment.is_duration() {
                return RawCell::Number(moment.as_f64());
            }
            match civil(moment.to_ymd_hms_milli()) {
                Some(moment) => RawCell::Moment(moment),
                None => RawCell::Bad(Reason::ImpossibleDate),
            }
        }
    }
}

fn civil((year, month, day, hour, minute, second, _): (u16, u8, u8, u8, u8, u8, u16)) -> Option<DateTime> {
    let small = |n: u8| i8::try_from(n).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).ok()?;
    Some(date.to_datetime(time))
}
