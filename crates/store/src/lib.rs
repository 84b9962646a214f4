//! The only SQL: register, secrets that may vanish, projections, queues and blobs, on SQLite and
//! PostgreSQL through one body of code.
//!
//! It keeps what it is given and answers questions about it; it has no keys, decides nothing about
//! a report, and knows neither law nor screens. Authority is part of the question: whatever shows a
//! report to a person takes a [`Scope`].
#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod access;
mod append;
mod blobs;
mod cells;
mod connect;
mod db;
mod drafts;
mod error;
mod faults;
mod ferry;
mod gather;
mod head;
mod leases;
mod log;
mod lookups;
mod predicate;
mod query;
mod rebuild;
mod retry;
mod rows;
mod schema;
mod shelf;
mod snapshot;
mod statements;
mod streams;
mod tallies;
mod values;
mod views;
mod whole;
mod work;
mod writer;

pub use access::{ApiKeyRow, CredentialKind, CredentialRow, SessionRow};
pub use append::{Append, Appended, Expected, Fill, Guard, Numbering, Once, Place};
pub use blobs::{AtHand, BlobReader, BlobStore, BlobWriter};
pub use connect::Store;
pub use drafts::DraftRow;
pub use error::{AppendError, Prior, StoreError};
pub use faults::{Faults, Moment};
pub use ferry::{FerryAct, FerryBeside, FerryChange, FerryLoad, FerryReport, FerryWay};
pub use head::GrowHead;
pub use leases::Fence;
pub use log::{Grow, LogHead, LogLeaf, NextHead};
pub use lookups::{CodeFound, Thread};
pub use query::{
    ColourFilter, Counts, DueFilter, Filter, OpenStock, Order, Page, Reach, RepeatFilter, Scope, Sort, SortBy,
    StateFilter, Sums, Total,
};
pub use rebuild::RebuiltReport;
pub use rows::*;
pub use schema::{Class, ColumnType, Found, TABLES, Table};
pub use shelf::{Answer, Reading, Shelf};
pub use whole::WholeReport;
pub use work::{DeadWork, Queue, Work, WorkTurn};
