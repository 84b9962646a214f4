//! From cells to a row: what may stand in which field, and what is wrong where it may not.

use domain::content::Subject;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::field::Field;
use super::{DivisionLookup, MAX_CELL_CHARS, MAX_TEXT_BYTES, Reason, Row, RowFault, dates};
use crate::labels::{CHANNELS, RANKS, SOURCES, meaning};

/// One cell as the file holds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RawCell {
    Empty,
    Text(String),
    Number(f64),
    Moment(DateTime),
    Bad(Reason),
}

impl RawCell {
    /// The cell as a person reading the sheet sees it; nothing for a bad one.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Bad(_) => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
            Self::Number(n) => n.to_string(),
            Self::Moment(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }

    fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// One row as the file holds it: its cells with their headings, and a fault of the whole row.
#[derive(Debug, Clone)]
pub(super) struct RawRow {
    pub(super) line: u64,
    pub(super) cells: Vec<(Option<Field>, String, RawCell)>,
    pub(super) broken: Option<Reason>,
}

impl RawRow {
    pub(super) fn broken(line: u64, reason: Reason) -> Self {
        Self { line, cells: Vec::new(), broken: Some(reason) }
    }

    /// Cells under their columns; those beyond the last heading have none.
    pub(super) fn of_columns(line: u64, cells: Vec<RawCell>, columns: &[(Option<Field>, String)]) -> Self {
        let mut cells = cells.into_iter();
        let mut placed: Vec<_> = columns
            .iter()
            .map(|(field, heading)| (*field, heading.clone(), cells.next().unwrap_or(RawCell::Empty)))
            .collect();
        placed.extend(cells.map(|cell| (None, String::new(), cell)));
        Self { line, cells: placed, broken: None }
    }

    pub(super) fn is_blank(&self) -> bool {
        self.broken.is_none() && self.cells.iter().all(|(_, _, cell)| cell.is_blank())
    }
}

/// What is needed to judge rows.
pub(super) struct Judge {
    pub(super) division: Option<DivisionLookup>,
    pub(super) zone: TimeZone,
    /// Replacement characters mean damage.
    pub(super) doubtful: bool,
}

impl Judge {
    pub(super) fn judge(&self, raw: RawRow) -> Result<Row, Vec<RowFault>> {
        if let Some(reason) = raw.broken {
            return Err(vec![RowFault::new(raw.line, None, reason)]);
        }
        let mut reading = Reading { judge: self, raw: &raw, faults: Vec::new() };
        let mut row = Row {
            line: raw.line,
            id: reading.word(Field::Id),
            serial: reading.word(Field::Serial),
            title: reading.word(Field::Title),
            text: reading.text(Field::Text).unwrap_or_default(),
            time: reading.moment(Field::Time),
            channel: reading.value(Field::Channel, |s| s.parse().ok().or_else(|| meaning(CHANNELS, s))),
            source: reading.value(Field::Source, |s| s.parse().ok().or_else(|| meaning(SOURCES, s))),
            source_note: reading.word(Field::SourceNote),
            name: reading.word(Field::Name),
            contact: reading.word(Field::Contact),
            subjects: Vec::new(),
            division: None,
            kind: reading.word(Field::Kind),
            label: reading.word(Field::Label),
            reply: reading.text(Field::Reply),
            reply_time: reading.moment(Field::ReplyTime),
            raw: Vec::new(),
        };
        row.subjects = reading.subjects();
        row.division = reading.division();
        let text_is_bad = reading.faults.iter().any(|f| reading.is_text(f.column.as_deref()));
        if row.text.trim().is_empty() && !text_is_bad {
            let heading = reading.heading(Field::Text).map(str::to_owned);
            reading.faults.push(RowFault::new(raw.line, heading.as_deref(), Reason::MissingText));
        }
        if row.text.len() > MAX_TEXT_BYTES
            && let Some(heading) = reading.heading(Field::Text)
        {
            reading.fault(heading, Reason::TextTooLong);
        }
        if reading.faults.is_empty() {
            row.raw = raw.cells.iter().map(|(_, _, cell)| cell.shown()).collect();
            Ok(row)
        } else {
            reading.faults.sort_by_key(|f| f.reason);
            Err(reading.faults)
        }
    }
}

/// One row being read; faults gather, so that all of them are told at once.
struct Reading<'a> {
    judge: &'a Judge,
    raw: &'a RawRow,
    faults: Vec<RowFault>,
}

impl<'a> Reading<'a> {
    fn cell(&self, field: Field) -> Option<(&'a str, &'a RawCell)> {
        let raw = self.raw;
        let found = raw.cells.iter().find(|(f, _, _)| *f == Some(field));
        found.map(|(_, heading, cell)| (heading.as_str(), cell))
    }

    fn heading(&self, field: Field) -> Option<&'a str> {
        self.cell(field).map(|(heading, _)| heading)
    }

    fn is_text(&self, heading: Option<&str>) -> bool {
        heading.is_some() && heading == self.heading(Field::Text)
    }

    fn fault(&mut self, heading: &str, reason: Reason) {
        self.faults.push(RowFault::new(self.raw.line, Some(heading), reason));
    }

    /// The cell's text with plain line breaks, or nothing where it is blank or at fault.
    fn text(&mut self, field: Field) -> Option<String> {
        let (heading, cell) = self.cell(field)?;
        if let RawCell::Bad(reason) = cell {
            self.fault(heading, *reason);
            return None;
        }
        let text = cell.shown().replace("\r\n", "\n").replace('\r', "\n");
        let reason = if text.chars().count() > MAX_CELL_CHARS {
            Some(Reason::CellTooLong)
        } else if self.judge.doubtful && text.contains('\u{fffd}') {
            Some(Reason::WrongEncoding)
        } else if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            Some(Reason::ControlCharacters)
        } else {
            None
        };
        if let Some(reason) = reason {
            self.fault(heading, reason);
            return None;
        }
        (!text.trim().is_empty()).then_some(text)
    }

    /// A short text without blanks around it.
    fn word(&mut self, field: Field) -> Option<String> {
        self.text(field).map(|text| text.trim().to_owned())
    }

    fn value<T>(&mut self, field: Field, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let word = self.word(field)?;
        let value = read(&word);
        if value.is_none() {
            let heading = self.heading(field)?;
            self.fault(heading, Reason::UnknownWord);
        }
        value
    }

    fn moment(&mut self, field: Field) -> Option<DateTime> {
        let (heading, cell) = self.cell(field)?;
        let read = match cell {
            RawCell::Moment(moment) => Ok(*moment),
            RawCell::Number(n) if *n < 100_000.0 => dates::serial(*n),
            _ => {
                let word = self.word(field)?;
                dates::parse(&word, &self.judge.zone)
            }
        };
        read.map_err(|reason| self.fault(heading, reason)).ok()
    }

    /// Names are separated; unit, post and rank belong to each in turn where there are as many, and
    /// to all of them otherwise.
    fn subjects(&mut self) -> Vec<Subject> {
        let split = |s: String| -> Vec<String> {
            let parts = s.split(['、', '，', ',', '；', ';', '\n', '/']);
            parts.map(str::trim).filter(|p| !p.is_empty()).map(str::to_owned).collect()
        };
        let names = self.word(Field::SubjectName).map(split).unwrap_or_default();
        let [unit, post, rank] = [Field::SubjectUnit, Field::SubjectPost, Field::SubjectRank].map(|f| self.word(f));
        let count = names.len().max(1);
        let each = |whole: &Option<String>, at: usize| -> Option<String> {
            let whole = whole.clone()?;
            let parts = split(whole.clone());
            if count > 1 && parts.len() == count { parts.into_iter().nth(at) } else { Some(whole) }
        };
        let mut subjects = Vec::new();
        for at in 0..count {
            let written = each(&rank, at);
            let rank = written.as_deref().and_then(|s| s.parse().ok().or_else(|| meaning(RANKS, s)));
            if written.is_some() && rank.is_none() && at == 0 {
                let heading = self.heading(Field::SubjectRank).unwrap_or_default();
                self.fault(heading, Reason::UnknownWord);
            }
            let subject = Subject { name: names.get(at).cloned(), unit: each(&unit, at), post: each(&post, at), rank };
            if subject != Subject::default() {
                subjects.push(subject);
            }
        }
        subjects
    }

    fn division(&mut self) -> Option<String> {
        let mut at = Field::Division;
        let mut written = self.word(at);
        if written.is_none() {
            at = Field::Province;
            let parts = [Field::Province, Field::City, Field::County].map(|f| self.word(f));
            let joined: String = parts.into_iter().flatten().collect();
            written = (!joined.is_empty()).then_some(joined);
        }
        let written = written?;
        let Some(lookup) = &self.judge.division else { return Some(written) };
        if ["不详", "不清楚", "未知"].contains(&written.as_str()) {
            return None;
        }
        let code = lookup(&written);
        if code.is_none() {
            let heading = self.heading(at).unwrap_or(at.heading());
            self.fault(heading, Reason::UnknownDivision);
        }
        code
    }
}
