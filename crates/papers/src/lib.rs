//! Papers: letters and forms as PDF/A, spreadsheets in and out, and QR codes.
//!
//! The only crate that sees Typst, spreadsheet formats and QR matrices. It is given words and
//! figures and returns bytes, or is given bytes and returns rows. It knows nothing of the
//! register, of keys, of who may read what, and it never asks the clock: every date on a paper
//! comes from the caller, so the same data always makes the same file.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod fonts;
mod labels;
pub mod paper;
pub mod qr;
pub mod rows;
pub mod sheet;
mod world;

pub use fonts::{FontPlaces, Fonts};
pub use paper::{Paper, PaperError, render};
