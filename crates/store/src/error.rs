//! What can go wrong in the store, in words a person can act on.
//!
//! `StoreError` is for everything that is read or done outside the append queue; `AppendError` is
//! what the caller of an append must tell apart. Neither prints a value that was bound to a
//! statement.

use domain::ids::ReportNumber;
use jiff::civil::Date;

use crate::rows::{Bytes32, Id16};

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is of neither kind.
    #[error("the database address must start with sqlite: or postgres://")]
    Address,
    /// The database has no register of ours.
    #[error("there is no register in this database yet; run `dengwen migrate` once, then start again")]
    NoSchema,
    /// The register was made by an earlier program.
    #[error(
        "the register has schema {found}, this program needs {known}; make a backup, run `dengwen migrate`, then start again"
    )]
    OlderSchema {
        /// Version found.
        found: i64,
        /// Version this program knows.
        known: i64,
    },
    /// The register was made by a later program.
    #[error(
        "the register has schema {found}, this program only knows {known}; start the newer program that wrote it (`dengwen migrate` cannot go back)"
    )]
    NewerSchema {
        /// Version found.
        found: i64,
        /// Version this program knows.
        known: i64,
    },
    /// A migration stands in the database with other contents than in this program.
    #[error(
        "schema {version} in the database is not the one this program carries; start the program that wrote it, or restore a backup and run `dengwen migrate`"
    )]
    ForeignSchema {
        /// Version that differs.
        version: i64,
    },
    /// A migration did not go through.
    #[error("the migration did not go through and nothing was changed: {0}")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A stored value is not what the program wrote.
    #[error("table {table} holds a value this program did not write in column {column}; run `dengwen fsck`")]
    Damaged {
        /// Table, or the query's subject.
        table: &'static str,
        /// Column.
        column: &'static str,
    },
    /// The lease was taken over by another process meanwhile.
    #[error("another process has taken over this work; nothing was written")]
    Fenced,
    /// A snapshot cannot be read.
    #[error("the snapshot cannot be used: {0}")]
    Snapshot(String),
    /// A file could not be read or written.
    #[error("the file store could not be used: {0}")]
    File(#[from] std::io::Error),
    /// The caller's own function refused.
    #[error("{0}")]
    Refused(String),
    /// The database does not answer or refused the statement.
    #[error("the database could not be used: {0}")]
    Database(#[from] sqlx::Error),
}

/// What an earlier request with the same idempotency key was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prior {
    /// The stream it made or appended to.
    pub stream: Id16,
    /// The number it was given.
    pub number: Option<ReportNumber>,
    /// The day it was received.
    pub day: Date,
    /// The commitment of its first event.
    pub commitment: Bytes32,
}

/// Why an append was not made. Nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Somebody else appended first: load the stream again, decide again.
    #[error("the report was changed meanwhile; look at it again and repeat what you wanted")]
    Conflict,
    /// The same request came before and was done: give the same answer again.
    #[error("this request was already done")]
    Replayed(Box<Prior>),
    /// The key was used for another request.
    #[error("this idempotency key was used for another request; use a new one")]
    KeyReused,
    /// The row was imported before.
    #[error("this row was imported before")]
    Imported,
    /// Too many requests wait; the text must be kept for the person and tried again.
    #[error("the register is busy; your text is kept, please try again in a moment")]
    Busy,
    /// The rows do not fit together: a mistake in the program.
    #[error("the append is malformed: {0}")]
    Malformed(&'static str),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
