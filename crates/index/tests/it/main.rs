//! What the sealed index promises, tried from outside: it finds what is there, says nothing to
//! those who may not know, and nothing at all to those without its key.

mod hiding;
mod repeats;
mod sealing;
mod searching;
mod writing;

use domain::ids::{OfficeId, ReportId, StaffId};
use domain::permission::Scope;
use domain::words::Channel;
use index::{Document, Index, Query, Viewer, Word};
use jiff::civil::date;
use seal::IndexKey;
use tempfile::TempDir;

pub fn key() -> IndexKey {
    IndexKey::from_bytes([11; 32])
}

pub fn empty() -> (TempDir, Index) {
    let dir = TempDir::new().expect("a folder");
    let index = Index::open(dir.path().join("990100ABC"), &key()).expect("an empty index");
    (dir, index)
}

pub fn id(n: u128) -> ReportId {
    ReportId(n.to_be_bytes())
}

pub fn office(name: &str) -> OfficeId {
    OfficeId(name.into())
}

pub fn staff(name: &str) -> StaffId {
    StaffId(name.into())
}

/// Words cut at spaces, with their places in the text without spaces.
pub fn words(text: &str) -> Vec<Word> {
    let mut at = 0;
    Word::join([text.split(' ').map(|word| {
        let start = at;
        at += word.chars().count();
        (word, start)
    })])
}

/// A report of 10 November 2026 plus `n` days (of a thousand), held by the petition office.
pub fn report(n: u128, text: &str) -> Document {
    let day = date(2026, 11, 10).saturating_add(jiff::Span::new().days((n % 1000) as i64));
    Document {
        words: words(text),
        holder: Some(office("petition")),
        offices: vec![office("petition")],
        ..Document::new(id(n), day, n as u32, Channel::Web)
    }
}

/// Someone who may list everything and whom nothing concerns.
pub fn head() -> Viewer {
    Viewer { scope: Scope::Tenant, me: "token-of-head".into() }
}

/// Everything, newest first.
pub fn all() -> Query {
    Query { limit: 100, ..Query::default() }
}
