//! Importing rows of another system or a table: every good row becomes a report, every bad one is
//! listed with row, column, reason and what to do — never with what stands in the cell.
//!
//! A row is known by (source name, row id, else row number and keyed digest): running twice adds
//! nothing, and equal texts in different rows stay different reports, to be linked by people.
//! However many rows are bad, the memory they take is bounded: the first faults are kept, all are
//! counted and told as they come.

mod check;
mod file;
mod key;

use std::num::NonZero;
use std::sync::Arc;

use domain::ids::TenantCode;
use domain::words::{Channel, Source, Urgency};
use futures::future::join_all;
use papers::rows::{Row, Rows};
use tokio::task::JoinHandle;

use check::Check;
pub use file::{Column, FAULT_HEAD, Table, Taking, fault_line, fault_table};
use key::RowKeys;
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::hall::Hall;
use crate::intake::{Entry, Filing, NewReport, Replayed};

/// How an import went.
#[derive(Debug, Default)]
pub struct Imported {
    /// Reports added.
    pub added: u64,
    /// Rows that were there already.
    pub known: u64,
    /// The first [`KEPT`] faults of the rows that were refused, in the order of the file.
    pub faults: Vec<Fault>,
    /// How many faults there were in all.
    pub faults_in_all: u64,
    /// Rows refused.
    pub refused: u64,
}

/// Faults that are kept; all others are counted and told.
pub const KEPT: usize = 500;

/// Is told every fault, in about the order of the file, as it is found.
pub type Tell<'a> = &'a mut (dyn FnMut(&Fault) -> Result<(), Error> + Send);

impl Imported {
    fn add_fault(&mut self, fault: Fault, tell: Tell<'_>) -> Result<(), Error> {
        self.faults_in_all += 1;
        tell(&fault)?;
        if self.faults.len() < KEPT {
            self.faults.push(fault);
        }
        Ok(())
    }

    /// A row that could not be read.
    fn add_row(&mut self, faults: &[papers::rows::RowFault], tell: Tell<'_>) -> Result<(), Error> {
        self.refused += 1;
        faults.iter().try_for_each(|fault| self.add_fault(Fault::of_row(fault), tell))
    }
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

/// Rows sealed side by side and handed to the store together: as many as fill one of its commits.
const AT_ONCE: usize = 256;

impl Hall {
    /// Imports rows into an organ's register under a source name, in the order of the file. While
    /// some rows are being committed, the next are read and sealed, on every core there is.
    ///
    /// # Errors
    /// The store or `tell` fails; what was committed until then stays, and the next run goes on from
    /// there.
    pub async fn import(
        self: &Arc<Self>,
        tenant: &TenantCode,
        source: &str,
        mut rows: Rows,
        tell: Tell<'_>,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Imported, Error> {
        let check = Arc::new(Check::new(&rows, self.clock.today()));
        let mut done = Imported::default();
        let mut seen = 0u64;
        let mut sealing: Option<JoinHandle<Result<Vec<Ready>, Error>>> = None;
        loop {
            let some = good_rows(&mut rows, &mut done, tell)?;
            let next = (!some.is_empty()).then(|| {
                let (hall, tenant, source, check) = (self.clone(), tenant.clone(), source.to_owned(), check.clone());
                tokio::spawn(async move { hall.seal_rows(&tenant, &source, some, &check).await })
            });
            if let Some(before) = std::mem::replace(&mut sealing, next) {
                let ready = before.await.map_err(|e| Error::Io(e.to_string()))??;
                // All of them are handed over, in order, before the first answer is waited for.
                let outcomes =
                    join_all(ready.into_iter().map(|row| self.commit_row(tenant, source, row, &check))).await;
                // Told first: an import that breaks off here has looked at these too.
                seen += outcomes.len() as u64;
                progress(seen);
                for outcome in outcomes {
                    count(&mut done, outcome?, tell)?;
                }
            }
            if sealing.is_none() {
                break;
            }
        }
        done.faults.sort_by_key(|fault| fault.line);
        Ok(done)
    }

    /// Makes receipts of the rows that were not imported before.
    async fn seal_rows(
        self: &Arc<Self>,
        tenant: &TenantCode,
        source: &str,
        rows: Vec<Row>,
        check: &Arc<Check>,
    ) -> Result<Vec<Ready>, Error> {
        let keys: Vec<RowKeys> = rows.iter().map(|row| self.row_keys(tenant, source, row)).collect();
        let asked: Vec<[u8; 32]> = keys.iter().flat_map(RowKeys::all).collect();
        let known = Arc::new(self.store.imported(tenant, source, &asked).await?);
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let share = rows.len().div_ceil(cores).max(1);
        let mut rows = rows.into_iter().zip(keys);
        let mut shares = Vec::with_capacity(cores);
        while rows.len() > 0 {
            let some: Vec<(Row, RowKeys)> = rows.by_ref().take(share).collect();
            let (hall, tenant, source) = (self.clone(), tenant.clone(), source.to_owned());
            let (known, check) = (known.clone(), check.clone());
            shares.push(tokio::task::spawn_blocking(move || {
                some.into_iter()
                    .map(|(row, keys)| match (known.contains(&keys.place), known.contains(&keys.content)) {
                        (_, true) => Ok(Ready::Settled(RowOutcome::Known)),
                        (true, false) => Ok(Ready::Settled(RowOutcome::Refused(check.other_content(row.line)))),
                        (false, false) => hall.seal_row(&tenant, &source, row, keys, &check),
                    })
                    .collect::<Result<Vec<_>, Error>>()
            }));
        }
        let mut ready = Vec::new();
        for sealed in shares {
            ready.append(&mut sealed.await.map_err(|e| Error::Io(e.to_string()))??);
        }
        Ok(ready)
    }

    fn seal_row(
        &self,
        tenant: &TenantCode,
        source: &str,
        row: Row,
        keys: RowKeys,
        check: &Check,
    ) -> Result<Ready, Error> {
        if let Some(fault) = check.fault(&row) {
            return Ok(Ready::Settled(RowOutcome::Refused(fault)));
        }
        let line = row.line;
        let received_on = row.time.map(|t| t.date());
        let named = check::named(&row);
        let opening = match self.open_report(tenant, &row.subjects) {
            Ok(opening) => opening,
            Err(fault) => return check.refused(line, fault).map(Ready::Settled),
        };
        let new = NewReport {
            entry: Entry::Import(source.to_owned(), keys.all().collect()),
            token: keys.place.to_vec(),
            // Another content under the same id is another request, and told as such.
            body: keys.content.to_vec(),
            channel: row.channel.unwrap_or(Channel::Web),
            source: row.source.unwrap_or(Source::Own),
            received_on,
            urgency: Urgency::Normal,
            superior_due: None,
            title: row.title.unwrap_or_default(),
            text: row.text,
            subjects: row.subjects,
            division: row.division,
            problem: None,
            source_note: row.source_note,
            named,
        };
        match self.filing(opening, new, &[]) {
            Ok(filing) => Ok(Ready::Sealed(line, keys, Box::new(filing))),
            Err(fault) => check.refused(line, fault).map(Ready::Settled),
        }
    }

    async fn commit_row(
        &self,
        tenant: &TenantCode,
        source: &str,
        row: Ready,
        check: &Check,
    ) -> Result<RowOutcome, Error> {
        let (line, keys, filing) = match row {
            Ready::Settled(outcome) => return Ok(outcome),
            Ready::Sealed(line, keys, filing) => (line, keys, *filing),
        };
        match self.commit_filing(filing, Vec::new()).await {
            Ok(received) if received.replayed == Replayed::Yes => Ok(RowOutcome::Known),
            Ok(_) => Ok(RowOutcome::Added),
            Err(Error::KeyReused) => Ok(RowOutcome::Refused(check.other_content(line))),
            // Another import was first: with this very row, or with another one of the same id.
            Err(Error::Imported) => {
                let same = !self.store.imported(tenant, source, &[keys.content]).await?.is_empty();
                Ok(if same { RowOutcome::Known } else { RowOutcome::Refused(check.other_content(line)) })
            }
            Err(fault) => check.refused(line, fault),
        }
    }
}

/// The next good rows; bad ones are listed.
fn good_rows(rows: &mut Rows, done: &mut Imported, tell: Tell<'_>) -> Result<Vec<Row>, Error> {
    let mut good = Vec::with_capacity(AT_ONCE);
    while good.len() < AT_ONCE
        && let Some(row) = rows.next()
    {
        match row {
            Ok(row) => good.push(row),
            Err(faults) => done.add_row(&faults, tell)?,
        }
    }
    Ok(good)
}

/// A row on its way in.
enum Ready {
    /// Nothing is left to do.
    Settled(RowOutcome),
    /// It only lacks its commit; its line and what it is known by go with it.
    Sealed(u64, RowKeys, Box<Filing>),
}

enum RowOutcome {
    Added,
    Known,
    Refused(Fault),
}

fn count(done: &mut Imported, outcome: RowOutcome, tell: Tell<'_>) -> Result<(), Error> {
    match outcome {
        RowOutcome::Added => done.added += 1,
        RowOutcome::Known => done.known += 1,
        RowOutcome::Refused(fault) => {
            done.refused += 1;
            done.add_fault(fault, tell)?;
        }
    }
    Ok(())
}
