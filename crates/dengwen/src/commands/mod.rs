//! One file per command: reads its arguments, calls the use case, prints the answer.

mod backup;
mod clock;
mod export;
mod fsck;
mod import;
mod init;
mod keys;
mod log;
mod models;
mod rules;
mod serve;
mod triage;
mod verify;

use std::process::ExitCode;

use domain::ids::TenantCode;
use office::Hall;
use store::Store;

use crate::cli::{Cli, Command, LogCommand, RulesCommand};
use crate::config::database;
use crate::setup::Fault;
use crate::demo;

/// Carries out a command.
///
/// # Errors
/// One clear sentence.
pub async fn run(cli: Cli) -> Result<ExitCode, Fault> {
    let places = &cli.places;
    match cli.command {
        Command::Demo { listen, reports, json } => demo::run(places, listen, reports, json).await,
        Command::Init { directory, desk } => init::run(places, &directory, &desk).await,
        Command::Serve { role, listen, desk } => serve::run(places, role, listen, desk).await,
        Command::Migrate => {
            std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
            let applied = Store::migrate(&database(places)).await?;
            println!("{applied} migrations applied; the schema is up to date");
            Ok(ExitCode::SUCCESS)
        }
        Command::Import { file, organ, source, mapping, errors, no_judge } => {
            import::run(places, import::Wanted { file, organ, source, mapping, errors, no_judge }).await
        }
        Command::Export { user, purpose, file } => export::run(places, &user, &purpose, &file).await,
        Command::Triage { file } => triage::run(&file),
        Command::Train { file, out } => models::train(&file, &out),
        Command::Eval { file } => models::eval(&file),
        Command::Clock { from, limit } => clock::run(&from, &limit),
        Command::Verify { file, vkey, paper } => verify::run(places, &file, &vkey, paper.as_deref()).await,
        Command::Fsck => fsck::run(places).await,
        Command::Log { command: LogCommand::Publish } => log::publish(places).await,
        Command::Log { command: LogCommand::Verify { folder, vkey } } => log::verify(&folder, &vkey),
        Command::Rules { command: RulesCommand::Check { folder } } => rules::check(folder.as_deref()),
        Command::Reindex => keys::reindex(places).await,
        Command::RotateKeys { organ } => keys::rotate(places, organ.as_deref()).await,
        Command::Backup { folder } => backup::backup(places, &folder).await,
        Command::Restore { folder } => backup::restore(places, &folder).await,
    }
}

/// The organ named, or the only one there is.
///
/// # Errors
/// None was named and there are several; or there is no such organ.
fn the_organ(hall: &Hall, named: Option<&str>) -> Result<TenantCode, Fault> {
    let organs = hall.organs();
    match (named, organs.as_slice()) {
        (None, [only]) => Ok(only.tenant.clone()),
        (None, _) => {
            let codes: Vec<&str> = organs.iter().map(|o| o.tenant.as_str()).collect();
            Err(Fault::Say(format!("there are several organs here; name one with --organ: {}", codes.join(", "))))
        }
        (Some(code), _) => organs
            .iter()
            .find(|o| o.tenant.as_str() == code)
            .map(|o| o.tenant.clone())
            .ok_or_else(|| Fault::Say(format!("there is no organ {code} in this register"))),
    }
}
