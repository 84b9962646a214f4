//! Papers and tables as their readers see them.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod papers;
mod samples;
