//! A list leaves the program as a spreadsheet: what the person may see, with a watermark of who
//! took it, when and what for; recorded, its purpose under the seal. Sealed columns leave only when
//! asked for, and then for a purpose.

use domain::permission::Action;
use papers::sheet::{Cell, ColumnKind, Sheet};

use crate::audit::Deed;
use crate::desk::{Ask, Attendance, Bit, Column, Ledger, Lines, ListRow, Me, Query, cell};
use crate::error::Error;
use crate::hall::Hall;

/// Rows read at a time.
const PAGE: u32 = 200;
/// Rows in one file at most: beyond it a person narrows the filter.
const MOST: usize = 100_000;

/// Gives words their names on paper: the stored spelling of a word to what people read.
pub type Names<'a> = &'a (dyn Fn(&str, &str) -> String + Sync);

/// Puts a piece of a cell, or a heading, into words.
pub type Speak<'a> = &'a (dyn Fn(&Bit) -> String + Sync);

/// What is taken out of the program.
#[derive(Debug, Clone)]
pub struct Take {
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// Sealed columns too.
    pub sealed: bool,
    /// What for; must be said where sealed columns leave.
    pub purpose: String,
}

/// A list of another sort (audit, directory), already in words.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name in the audit.
    pub name: &'static str,
    /// Its title on the sheet.
    pub title: String,
    /// Headings with their widths in characters.
    pub headings: Vec<(String, f64)>,
    /// Rows of texts.
    pub rows: Vec<Vec<String>>,
}

impl Take {
    /// The columns that leave.
    fn columns(&self) -> Result<Vec<Column>, Error> {
        let columns: Vec<Column> = self.columns.iter().copied().filter(|c| self.sealed || !c.is_sealed()).collect();
        if columns.iter().any(|c| c.is_sealed()) && self.purpose.trim().is_empty() {
            return Err(Error::input(
                "purpose-missing",
                "导出内容含被反映人、摘要等密封栏目，请写明用途，例如“季度分析”。用途会记入审计；不需要这些栏目的，请取消“含密封栏目”。",
                "The export includes sealed columns; say what it is for (it is recorded), or leave those columns out.",
            ));
        }
        Ok(columns)
    }
}

impl Hall {
    /// Writes a list as filtered to xlsx, all pages of it.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`] where no purpose is given or the list is too long.
    pub async fn export(
        &self,
        me: &Me,
        ledger: Ledger,
        ask: &Ask,
        take: &Take,
        speak: Speak<'_>,
    ) -> Result<Vec<u8>, Error> {
        me.may_use(Action::Export)?;
        let columns = take.columns()?;
        let filter = self.narrowed(me, ledger, ask).await?;
        let today = self.clock.today();
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        let mut attendance = Attendance::default();
        for page in 0.. {
            let found = self.rows(me, &filter, ask.sort, page, PAGE).await?;
            // A page past the end is the last one again.
            if found.page != page {
                break;
            }
            attendance.add(&found.attendance);
            let first = rows.len() as u64 + 1;
            rows.extend(found.rows.iter().zip(first..).map(|(row, no)| cells(&columns, row, no, today, speak)));
            if rows.len() > MOST {
                return Err(too_long());
            }
            if found.rows.len() < PAGE as usize {
                break;
            }
        }
        let title = speak(&Bit::Say(ledger.title(), "n", String::new()));
        let headings =
            columns.iter().map(|c| sheet_column(*c, speak(&Bit::Say(ledger.heading(*c), "n", String::new()))));
        let count = rows.len();
        if attendance.batches > 0 && columns.contains(&Column::Persons) {
            rows.push(sum_of(&columns, &attendance, speak));
        }
        let sheet = self.sheet(me, title, headings.collect(), rows, &take.purpose)?;
        // What was asked of the sealed index is part of what left.
        let words = serde_json::to_string(&(take.purpose.trim(), &ask.sealed)).map_err(|e| Error::Io(e.to_string()))?;
        self.taken(me, ledger.as_str(), count, sheet, &words).await
    }

    /// Writes what a search finds to xlsx.
    ///
    /// # Errors
    /// As [`Hall::export`].
    pub async fn export_search(&self, me: &Me, query: &Query, take: &Take, speak: Speak<'_>) -> Result<Vec<u8>, Error> {
        me.may_use(Action::Export)?;
        me.may_use(Action::Search)?;
        let columns = take.columns()?;
        let today = self.clock.today();
        let mut rows: Vec<Vec<Cell>> = Vec::new();
        for page in 0.. {
            let (ids, total) = self.hits(me, &Query { page, ..query.clone() }, PAGE as usize).await?;
            if total > MOST {
                return Err(too_long());
            }
            let found = self.hit_rows(me, &ids, today).await?;
            let first = rows.len() as u64 + 1;
            rows.extend(found.iter().zip(first..).map(|(row, no)| cells(&columns, row, no, today, speak)));
            if ids.len() < PAGE as usize {
                break;
            }
        }
        let title = speak(&Bit::Say("search-heading", "n", String::new()));
        let headings = columns.iter().map(|c| sheet_column(*c, speak(&Bit::Say(c.heading(), "n", String::new()))));
        let count = rows.len();
        let sheet = self.sheet(me, title, headings.collect(), rows, &take.purpose)?;
        let words = serde_json::to_string(&(take.purpose.trim(), crate::desk::words_of(query)?))
            .map_err(|e| Error::Io(e.to_string()))?;
        self.taken(me, "search", count, sheet, &words).await
    }

    /// Writes the audit or the directory to xlsx; nothing sealed stands in them.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the writer fails.
    pub async fn export_table(&self, me: &Me, table: Table, purpose: &str) -> Result<Vec<u8>, Error> {
        // Who sees the audit may take it along; the directory leaves with those who keep or export.
        let may = [Action::Export, Action::EditDirectory, Action::GrantRoles].iter().any(|a| me.may_use(*a).is_ok())
            || me.roles.iter().any(|role| Action::ViewAudit.roles().contains(role));
        if !may {
            return Err(Error::Forbidden("refused-role"));
        }
        let columns = table.headings.into_iter().map(|(title, width)| papers::sheet::Column {
            title,
            width,
            kind: ColumnKind::Text,
        });
        let count = table.rows.len();
        let rows = table.rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
        let sheet = self.sheet(me, table.title, columns.collect(), rows, purpose)?;
        self.taken(me, table.name, count, sheet, purpose.trim()).await
    }

    fn sheet(
        &self,
        me: &Me,
        title: String,
        columns: Vec<papers::sheet::Column>,
        rows: Vec<Vec<Cell>>,
        purpose: &str,
    ) -> Result<Sheet, Error> {
        let organ = self.organ(&me.tenant)?;
        let mut watermark =
            vec![organ.directory.organ.name.clone(), format!("导出人：{}（{}）", me.name, me.office_name)];
        if !purpose.trim().is_empty() {
            watermark.push(format!("用途：{}", purpose.trim()));
        }
        watermark.push("内部材料，注意保密，用后销毁。".to_owned());
        Ok(Sheet { title, columns, rows, watermark, exported_at: self.clock.civil() })
    }

    /// Records an export of so many reports and writes it: nothing leaves that is not recorded.
    async fn taken(&self, me: &Me, list: &str, count: usize, sheet: Sheet, words: &str) -> Result<Vec<u8>, Error> {
        let deed = Deed::Exported { list: list.to_owned(), rows: u32::try_from(count).unwrap_or(u32::MAX) };
        self.record_with(me, deed, Some(words).filter(|w| !w.is_empty())).await?;
        papers::sheet::write(&sheet).map_err(|e| Error::Io(e.to_string()))
    }

    /// The template for imports.
    ///
    /// # Errors
    /// The writer fails.
    pub fn import_template(&self, me: &Me) -> Result<Vec<u8>, Error> {
        me.may_use(Action::Import)?;
        let edition = self.organ(&me.tenant)?.edition();
        papers::sheet::template(edition).map_err(|e| Error::Io(e.to_string()))
    }
}

fn too_long() -> Error {
    Error::input(
        "export-too-long",
        "符合条件的超过十万件，请缩小日期范围分次导出。",
        "More than 100,000 rows; narrow the dates and export in parts.",
    )
}

fn sheet_column(column: Column, title: String) -> papers::sheet::Column {
    papers::sheet::Column { title, width: column.width(), kind: column.kind() }
}

fn cells(columns: &[Column], row: &ListRow, no: u64, today: jiff::civil::Date, speak: Speak<'_>) -> Vec<Cell> {
    columns
        .iter()
        .map(|column| {
            let lines = match column {
                // Outside a list nothing rests a pointer on a short form.
                Column::Digest => vec![vec![Bit::Text(row.full.clone())]],
                column => cell(*column, row, no, today),
            };
            sheet_cell(&lines, speak)
        })
        .collect()
}

/// The last row: 批次 and 人次 of everything that leaves.
fn sum_of(columns: &[Column], all: &Attendance, speak: Speak<'_>) -> Vec<Cell> {
    let say = |key, n: u64| speak(&Bit::Say(key, "n", n.to_string()));
    let cell = |column: &Column| match column {
        Column::No => Cell::Text(say("row-sum", 0)),
        Column::Persons => {
            Cell::Text(format!("{} / {}", say("row-batches", all.batches), say("row-all-persons", all.persons)))
        }
        _ => Cell::Empty,
    };
    columns.iter().map(cell).collect()
}

fn sheet_cell(lines: &Lines, speak: Speak<'_>) -> Cell {
    if let [line] = lines.as_slice() {
        match line.as_slice() {
            [Bit::Day(day)] => return Cell::Date(*day),
            [Bit::Count(n)] => return i64::try_from(*n).map_or(Cell::Empty, Cell::Integer),
            _ => {}
        }
    }
    let text: Vec<String> = lines.iter().map(|line| spoken(line, speak)).collect();
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.join("；")) }
}

fn spoken(line: &[Bit], speak: Speak<'_>) -> String {
    line.iter().map(speak).filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" ")
}
