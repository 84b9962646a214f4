//! The commands, one file each: they read their arguments, open what they need and say how it went.
//! A command that writes takes the folder's lock first, so that two never write at once.

mod backup;
mod clock;
mod eval;
mod export;
mod ferry;
mod fsck;
mod import;
mod init;
mod invite;
mod log;
mod migrate;
mod reindex;
mod restore;
mod rotate_keys;
mod rules;
mod serve;
mod train;
mod triage;
mod verify;
mod witness;

use std::process::ExitCode;
use std::sync::Arc;

use office::{Hall, Organ};

use crate::cli::{Cli, Command, LogCommand, Places, RulesCommand, WitnessCommand};
use crate::config::database;
use crate::demo;
use crate::serve::{Guard, lock};
use crate::setup::Fault;

/// Runs a command to its end.
///
/// # Errors
/// One sentence that says what to do.
pub async fn run(cli: Cli) -> Result<ExitCode, Fault> {
    let places = cli.places;
    match cli.command {
        Command::Demo { listen, reports, json, doors } => demo::run(&places, listen, reports, json, &doors).await,
        Command::Init { directory, desk } => init::run(&places, &directory, &desk).await,
        Command::Serve { role, listen, desk, doors } => serve::run(&places, role, listen, desk, &doors).await,
        Command::Migrate => migrate::run(&places).await,
        Command::Import { file, organ, source, mapping, errors, no_judge } => {
            let judging = if no_judge { import::Judging::Later } else { import::Judging::Now };
            import::run(&places, import::Task { file, organ, source, mapping, errors, judging }).await
        }
        Command::Export { user, purpose, file } => export::run(&places, &user, &purpose, &file).await,
        Command::Triage { file } => triage::run(&file),
        Command::Train { file, out } => train::run(&file, &out),
        Command::Eval { file } => eval::run(&file),
        Command::Clock { from, limit } => clock::run(&places, &from, &limit),
        Command::Verify { file, vkey, policy, paper } => {
            verify::run(&places, &file, &vkey, policy.as_deref(), paper.as_deref()).await
        }
        Command::Fsck { anchor } => fsck::run(&places, &anchor).await,
        Command::Witness { listen, plain_http, command: None } => witness::serve(&places, listen, plain_http).await,
        Command::Witness { command: Some(WitnessCommand::Key { name }), .. } => witness::key(&places, name.as_deref()),
        Command::Witness { command: Some(WitnessCommand::Sign { file, out }), .. } => {
            witness::sign(&places, &file, &out)
        }
        Command::Log { command: LogCommand::Publish } => log::publish(&places).await,
        Command::Log { command: LogCommand::Status } => log::status(&places).await,
        Command::Log { command: LogCommand::Request { witness, log, old, out } } => {
            log::request(&places, &witness, log.as_deref(), old, &out).await
        }
        Command::Log { command: LogCommand::Cosign { file } } => log::cosign(&places, &file).await,
        Command::Log { command: LogCommand::Verify { folder, vkey } } => log::verify(&folder, &vkey),
        Command::Rules { command: RulesCommand::Check { folder } } => rules::check(folder.as_deref()),
        Command::Reindex => reindex::run(&places).await,
        Command::Invite { user, desk } => invite::run(&places, &user, &desk).await,
        Command::RotateKeys { organ, nobody_serves, forget } => {
            let others = if nobody_serves { rotate_keys::Others::Ended } else { rotate_keys::Others::Unknown };
            rotate_keys::run(&places, organ.as_deref(), others, forget.as_deref()).await
        }
        Command::Ferry { command } => ferry::run(&places, command).await,
        Command::Backup { folder } => backup::run(&places, &folder).await,
        Command::Restore { folder } => restore::run(&places, &folder).await,
    }
}

/// The lock a writing command needs: a register in a folder has one writer, PostgreSQL many.
fn writing(places: &Places) -> Result<Option<Guard>, Fault> {
    if database(places).starts_with("sqlite:") { lock(&places.data).map(Some) } else { Ok(None) }
}

/// The organ named, or the only one.
fn organ(hall: &Hall, named: Option<&str>) -> Result<Arc<Organ>, Fault> {
    let organs = hall.organs();
    let codes =
        || organs.iter().map(|o| format!("{} ({})", o.tenant, o.directory.organ.name)).collect::<Vec<_>>().join(", ");
    match named {
        Some(code) => organs
            .iter()
            .find(|o| o.tenant.as_str() == code)
            .cloned()
            .ok_or_else(|| Fault::Say(format!("there is no organ {code} here; there are: {}", codes()))),
        None => match organs.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(Fault::Say("there is no organ here yet; run `dengwen init` or `dengwen demo` first".to_owned())),
            _ => Err(Fault::Say(format!("name one organ with --organ; there are: {}", codes()))),
        },
    }
}
