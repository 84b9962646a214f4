//! `dengwen rules check`: reads every file of a folder of rules and says what is wrong, before
//! anything is put in force.

use std::path::Path;
use std::process::ExitCode;

use crate::setup::{self, Fault};

/// Checks a folder, or the built-in rules.
///
/// # Errors
/// The first file that does not hold together, by name.
pub fn check(folder: Option<&Path>) -> Result<ExitCode, Fault> {
    let rules = setup::rules(folder)?;
    println!("{} files hold together; version {}", rules.paths().count(), rules.version());
    Ok(ExitCode::SUCCESS)
}
