//! Papers and tables as their readers see them.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

mod headings;
mod measures;
mod papers;
mod real_input;
mod rows;
mod samples;
mod sheets;
