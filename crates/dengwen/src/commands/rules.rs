//! `dengwen rules check`.

use std::path::Path;
use std::process::ExitCode;

use crate::setup::{self, Fault};

pub fn check(folder: Option<&Path>) -> Result<ExitCode, Fault> {
    let rules = setup::rules(folder)?;
    println!("the rules hold together: version {}", rules.version());
    Ok(ExitCode::SUCCESS)
}
