//! `dengwen migrate`: brings the schema up to date. `serve` never does.

use std::process::ExitCode;

use store::Store;

use crate::cli::Places;
use crate::config::database;
use crate::setup::Fault;

/// Migrates.
///
/// # Errors
/// Another process is at work, the schema is newer than this program, or the database fails.
pub async fn run(places: &Places) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    match Store::migrate(&database(places)).await? {
        0 => eprintln!("the schema is up to date"),
        1 => eprintln!("1 migration applied; the schema is up to date"),
        count => eprintln!("{count} migrations applied; the schema is up to date"),
    }
    Ok(ExitCode::SUCCESS)
}
