//! Appending to the register: what a caller hands over and what it gets back.
//!
//! Everything that costs time (sealing, hashing passwords, papers) happens before; the closure in
//! an [`Append`] only fills in what is known at the last moment (number, version, previous
//! commitment) and runs while the transaction is open. It must be pure: it may run again if the
//! batch has to be redone. How appends are batched is `writer`'s business.

use domain::ids::{ReportId, ReportNumber, Series, StreamKind, TenantCode};
use jiff::civil::Date;

use crate::Store;
use crate::db::{args, run_tx};
use crate::error::{AppendError, StoreError};
use crate::rows::{Bytes32, Id16, Rows};
use crate::writer::ONCE_EXPIRED;

/// Where the caller expects the stream to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// At exactly this version (0: it does not exist); otherwise [`AppendError::Conflict`].
    Version(u32),
    /// Wherever it ends now. For streams whose events do not depend on each other (audit).
    End,
}

/// What must still hold of a report that a commit does not write to: what was decided rests on it.
/// Held to the end of the commit, by every process; where it no longer holds, the commit is an
/// [`AppendError::Conflict`] and nothing of it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// The report stands at exactly this version.
    At(ReportId, u32),
    /// No report is linked to this one as its repeat.
    NoRepeats(ReportId),
}

impl Guard {
    /// The report it speaks of.
    pub fn report(&self) -> &ReportId {
        match self {
            Self::At(report, _) | Self::NoRepeats(report) => report,
        }
    }
}

/// A request that must be done once, however often it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// Keyed hash of the idempotency key or of the form's token.
    pub key: Bytes32,
    /// Keyed hash of the request's body.
    pub body: Bytes32,
}

/// What is known only inside the commit.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The number given, if one was asked for.
    pub number: Option<&'a ReportNumber>,
    /// Version before: the first event gets this plus one.
    pub version: u32,
    /// Commitment of the last event; 32 zero bytes on an empty stream.
    pub prev: Bytes32,
}

/// Whether a number goes with an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numbering {
    /// None.
    Without,
    /// The next one of the year's series. A register advances one series only, so that the counter
    /// of a tenant and year is that series'.
    Next(i16, Series),
    /// One that another register gave.
    Given(ReportNumber),
}

/// Fills in the rows once the place is known.
pub type Fill = Box<dyn Fn(Place<'_>) -> Rows + Send + Sync>;

/// One append to one stream.
pub struct Append {
    /// Whose register.
    pub tenant: TenantCode,
    /// Kind of stream.
    pub kind: StreamKind,
    /// Which stream; for reports the report id.
    pub stream: Id16,
    /// Optimistic concurrency.
    pub expected: Expected,
    /// Whether a number goes with it.
    pub number: Numbering,
    /// Do it once.
    pub once: Option<Once>,
    /// Civil day of the commit.
    pub today: Date,
    /// Everything to write.
    pub fill: Fill,
}

/// An append that was committed: it exists after any crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The number given, if one was asked for.
    pub number: Option<ReportNumber>,
    /// Version of the stream now.
    pub version: u32,
    /// Commitment of the last event appended.
    pub commitment: Bytes32,
}

impl Store {
    /// Appends to one stream, in one commit with everything that belongs to it.
    ///
    /// # Errors
    /// [`AppendError`]; nothing was written then.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let mut done = self.append_together(vec![append]).await?;
        done.pop().ok_or(AppendError::Malformed("no answer for the append"))
    }

    /// Appends to several streams of one tenant in one commit: all of it or nothing (M33 splitting).
    ///
    /// # Errors
    /// [`AppendError`] of the first that does not fit; nothing was written then.
    pub async fn append_together(&self, appends: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        self.append_guarded(appends, Vec::new()).await
    }

    /// As [`Store::append_together`], as long as other reports of the same tenant stand as they were
    /// found (linking).
    ///
    /// # Errors
    /// [`AppendError::Conflict`] where a guard no longer holds; nothing was written then.
    pub async fn append_guarded(&self, appends: Vec<Append>, guards: Vec<Guard>) -> Result<Vec<Appended>, AppendError> {
        self.writer.send(appends, guards).await
    }

    /// Forgets the idempotency keys whose days are over; returns how many.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sweep_idempotency(&self, today: Date) -> Result<u64, StoreError> {
        run_tx!(self.write, "sweep idempotency", tx => tx.execute(ONCE_EXPIRED, args![today]).await)
    }
}
