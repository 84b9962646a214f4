//! A table uploaded at the desk: which columns were recognised, how many rows are good, what is
//! wrong with the others; then, if it is meant, taken in. Nothing of a cell is ever repeated.

use std::sync::Arc;

use domain::permission::Action;
use papers::rows::{Format, Input, Mapping, Options, Rows, open};

use super::check::Check;
use super::{Fault, Imported};
use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Longest name of a source, in characters.
const SOURCE_LIMIT: usize = 80;

/// Whether rows are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// They are looked at only.
    Check,
    /// They become reports.
    Import,
}

/// A column that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Heading as written.
    pub heading: String,
    /// What it is taken for, in Chinese.
    pub zh: &'static str,
    /// The same as the mapping files spell it.
    pub en: &'static str,
}

/// What a table held.
#[derive(Debug)]
pub struct Table {
    /// Columns recognised, in the order of the file.
    pub columns: Vec<Column>,
    /// Rows; for a check, `added` counts the good ones.
    pub rows: Imported,
}

impl Hall {
    /// Looks at an uploaded table or takes it in. The source's name and a row's own number tell
    /// rows apart: a corrected table sent again under the same name adds what was missing only.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`] where nothing of the file can be read; the store
    /// fails, and what was committed until then stays.
    pub async fn import_table(
        self: &Arc<Self>,
        me: &Me,
        source: &str,
        name: &str,
        bytes: Vec<u8>,
        taking: Taking,
    ) -> Result<Table, Error> {
        me.may_use(Action::Import)?;
        let source = if source.trim().is_empty() { name.trim() } else { source.trim() };
        if source.is_empty() || source.chars().count() > SOURCE_LIMIT || source.chars().any(char::is_control) {
            return Err(Error::input(
                "import-source",
                "请给这批件起个批次名，最多80字，例如“省局2026年第3批”。改正后再导入时用同一个名字。",
                "Give this batch a name of at most 80 characters; use the same one when you import it again.",
            ));
        }
        let known = self.organ(&me.tenant)?;
        let options = Options {
            mapping: Mapping::default(),
            division: Some(Box::new(move |written| known.division(written))),
            zone: self.clock.zone().clone(),
        };
        let input = Input::Bytes { name: name.to_owned(), bytes: Arc::from(bytes) };
        let read = move || -> Result<(Vec<Column>, Rows), Error> {
            let rows = open(input, Format::Guess, options)
                .map_err(|e| Error::input("import-unreadable", e.zh(), e.to_string()))?;
            let columns = rows.columns().iter().map(|(field, heading)| Column {
                heading: heading.clone(),
                zh: field.heading(),
                en: field.as_str(),
            });
            Ok((columns.collect(), rows))
        };
        let (columns, rows) = tokio::task::spawn_blocking(read).await.map_err(|e| Error::Io(e.to_string()))??;
        let rows = match taking {
            Taking::Check => {
                let check = Check::new(&rows, self.clock.today());
                tokio::task::spawn_blocking(move || checked(rows, &check))
                    .await
                    .map_err(|e| Error::Io(e.to_string()))??
            }
            Taking::Import => {
                self.record_with(me, Deed::ImportBegun, Some(source)).await?;
                let mut seen = 0;
                let done = self.import(&me.tenant, source, rows, &mut |_| Ok(()), &mut |rows| seen = rows).await;
                let deed = match &done {
                    Ok(done) => Deed::Imported {
                        reports: count(done.added),
                        known: count(done.known),
                        refused: count(done.refused),
                    },
                    Err(_) => Deed::ImportBroken { rows: count(seen) },
                };
                let recorded = self.record(me, deed).await;
                let done = done?;
                recorded?;
                done
            }
        };
        Ok(Table { columns, rows })
    }
}

fn count(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

fn checked(rows: Rows, check: &Check) -> Result<Imported, Error> {
    let mut done = Imported::default();
    for row in rows {
        match row {
            Ok(row) => match check.fault(&row) {
                None => done.added += 1,
                Some(fault) => {
                    done.refused += 1;
                    done.add_fault(fault, &mut |_| Ok(()))?;
                }
            },
            Err(faults) => done.add_row(&faults, &mut |_| Ok(()))?,
        }
    }
    Ok(done)
}

/// The first line of a list of faults, for spreadsheet programs that open it in Chinese.
pub const FAULT_HEAD: &str = "\u{feff}行,列,原因,说明,explanation\r\n";

/// Faults as a table.
pub fn fault_table(faults: &[Fault]) -> String {
    faults.iter().fold(String::from(FAULT_HEAD), |out, fault| out + &fault_line(fault))
}

/// The line of one fault, its end included.
pub fn fault_line(f: &Fault) -> String {
    let line = f.line.to_string();
    let cells = [line.as_str(), &f.column, &f.slug, &f.zh, &f.en].map(cell);
    format!("{}\r\n", cells.join(","))
}

/// A quoted cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}
