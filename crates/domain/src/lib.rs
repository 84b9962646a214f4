//! The words and the law of a report, and nothing else.
//!
//! This crate decides what may happen to a report and what follows from it. It is pure: time,
//! the working calendar and the rules in force are arguments. It knows nothing of storage,
//! ciphers, screens or networks, and it never sees who a reporter is.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod content;
pub mod ids;
pub mod report;
pub mod words;
