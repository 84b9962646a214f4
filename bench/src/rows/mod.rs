//! The rows, one file each.

pub mod import;
pub mod index;
pub mod intake;
pub mod judging;
pub mod letter;
pub mod log;
pub mod pages;
pub mod public_page;
pub mod size;
pub mod start;
pub mod store;
