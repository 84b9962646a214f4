//! Importing rows of another system or a table: every good row becomes a report, every bad one is
//! listed with row, column, reason and what to do — never with what stands in the cell.
//!
//! A row is known by (source name, row id, else row number and keyed digest): running twice adds
//! nothing, and equal texts in different rows stay different reports, to be linked by people.

mod file;

use domain::content::Identity;
use domain::ids::TenantCode;
use domain::words::{Channel, Source, Urgency};
use futures::stream::{FuturesUnordered, StreamExt};
use papers::rows::{Row, Rows};

pub use file::{Column, Table, Taking, fault_table};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::hall::Hall;
use crate::intake::{Entry, NewReport, Replayed};

/// How an import went.
#[derive(Debug, Default)]
pub struct Imported {
    /// Reports added.
    pub added: u64,
    /// Rows that were there already.
    pub known: u64,
    /// Faults of the rows that were refused, in the order of the file.
    pub faults: Vec<Fault>,
    /// Rows refused.
    pub refused: u64,
}

/// Why one row was refused; it quotes nothing that stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Row of the file, from 1.
    pub line: u64,
    /// Heading of the column, where one is at fault.
    pub column: String,
    /// Stable name of the reason.
    pub slug: String,
    /// Reason and what to do, in Chinese.
    pub zh: String,
    /// Reason and what to do, in English.
    pub en: String,
}

impl Fault {
    fn of_row(fault: &papers::rows::RowFault) -> Self {
        Self {
            line: fault.line,
            column: fault.column.clone().unwrap_or_default(),
            slug: fault.reason.as_str().to_owned(),
            zh: format!("{}：{}", fault.zh, fault.advice_zh),
            en: format!("{}: {}", fault.en, fault.advice_en),
        }
    }
}

/// Rows on their way into the register at a time: enough to fill the store's batches.
const IN_FLIGHT: usize = 256;

impl Hall {
    /// Imports rows into an organ's register under a source name.
    ///
    /// # Errors
    /// The store fails; what was committed until then stays, and the next run goes on from there.
    pub async fn import(
        &self,
        tenant: &TenantCode,
        source: &str,
        rows: Rows,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Imported, Error> {
        let mut done = Imported::default();
        let mut flight = FuturesUnordered::new();
        let mut seen = 0u64;
        for row in rows {
            match row {
                Ok(row) => flight.push(self.import_row(tenant, source, row)),
                Err(faults) => {
                    done.refused += 1;
                    done.faults.extend(faults.iter().map(Fault::of_row));
                }
            }
            while flight.len() >= IN_FLIGHT {
                if let Some(outcome) = flight.next().await {
                    count(&mut done, outcome?);
                    seen += 1;
                    progress(seen);
                }
            }
        }
        while let Some(outcome) = flight.next().await {
            count(&mut done, outcome?);
            seen += 1;
            progress(seen);
        }
        Ok(done)
    }

    async fn import_row(&self, tenant: &TenantCode, source: &str, row: Row) -> Result<RowOutcome, Error> {
        // The row's own id if it has one; else where it stands and what it says.
        let place = match &row.id {
            Some(id) => format!("id\0{id}").into_bytes(),
            None => [format!("line\0{}\0", row.line).as_bytes(), row.text.as_bytes()].concat(),
        };
        let key = self.keys.digest(tenant, &[source.as_bytes(), b"\0", &place].concat());
        let line = row.line;
        if !self.store.imported(tenant, source, &[key]).await?.is_empty() {
            return Ok(RowOutcome::Known);
        }
        let today = self.clock.today();
        let received_on = row.time.map(|t| t.date()).filter(|day| *day <= today);
        let opening = match self.open_report(tenant, &row.subjects) {
            Ok(opening) => opening,
            Err(fault) => return refused(line, fault),
        };
        let named = match (row.name, row.contact) {
            (Some(name), Some(contact)) => Some(Identity { name, contact, ..Identity::default() }),
            _ => None,
        };
        let new = NewReport {
            entry: Entry::Import(source.to_owned(), key),
            token: key.to_vec(),
            body: key.to_vec(),
            channel: row.channel.unwrap_or(Channel::Web),
            source: row.source.unwrap_or(Source::Own),
            received_on,
            urgency: Urgency::Normal,
            superior_due: None,
            title: row.title.unwrap_or_default().chars().take(crate::intake::TITLE_LIMIT).collect(),
            text: row.text,
            subjects: row.subjects,
            division: row.division,
            source_note: row.source_note,
            named,
        };
        match self.receive(opening, new).await {
            Ok(received) if received.replayed == Replayed::Yes => Ok(RowOutcome::Known),
            Ok(_) => Ok(RowOutcome::Added),
            Err(Error::Imported) => Ok(RowOutcome::Known),
            Err(fault) => refused(line, fault),
        }
    }
}

enum RowOutcome {
    Added,
    Known,
    Refused(Fault),
}

/// A row that the register does not take is listed; anything else ends the import.
fn refused(line: u64, fault: Error) -> Result<RowOutcome, Error> {
    match fault {
        Error::Input { slug, zh, en } => {
            Ok(RowOutcome::Refused(Fault { line, column: String::new(), slug: slug.to_owned(), zh, en }))
        }
        Error::Refused(why) => Ok(RowOutcome::Refused(Fault {
            line,
            column: String::new(),
            slug: why.id.to_owned(),
            zh: why.zh.into_owned(),
            en: why.en.into_owned(),
        })),
        other => Err(other),
    }
}

fn count(done: &mut Imported, outcome: RowOutcome) {
    match outcome {
        RowOutcome::Added => done.added += 1,
        RowOutcome::Known => done.known += 1,
        RowOutcome::Refused(fault) => {
            done.refused += 1;
            done.faults.push(fault);
        }
    }
}
