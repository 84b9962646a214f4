//! The words and the law of a report, and nothing else.
//!
//! This crate decides what may happen to a report and what follows from it. It is pure: time,
//! the working calendar and the rules in force are arguments. It knows nothing of storage,
//! ciphers, screens or networks, and it never sees who a reporter is.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod calendar;
pub mod checks;
pub mod clock;
pub mod content;
pub mod directory;
pub mod divisions;
pub mod ids;
pub mod indicators;
pub mod lists;
pub mod permission;
pub mod recusal;
pub mod registration;
pub mod report;
pub mod routing;
pub mod rules;
pub mod words;
