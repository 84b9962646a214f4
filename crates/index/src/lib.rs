//! The sealed index of one tenant: search, the register's filters, and candidates for repeats,
//! over files of which not a byte is readable without the index key. It holds what no table may
//! hold: words, names, categories, ranks, places. It does not cut texts into words (`triage`
//! does), does not know who is signed in (a [`Viewer`] comes with every question), and is never
//! the source of anything: it can be thrown away and built again from the register.
//!
//! Permission and recusal are clauses of the query itself, so that hits, counts and pages say
//! nothing about what a person may not see. As a report moves or its recusals change, it must be
//! put again; the callers' own check on the register stands before any report is shown.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod cache;
mod document;
mod error;
mod fields;
mod files;
mod index;
mod query;

pub use document::{Document, Word};
pub use error::IndexError;
pub use index::{Index, Segments};
pub use query::{Hits, Order, Query, Viewer, Words};
