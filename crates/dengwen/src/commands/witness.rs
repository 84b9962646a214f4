//! `dengwen witness`: watches other organs' logs and cosigns what continues them, over HTTP or as
//! files. It opens no register: its folder is its own, and so is its key.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use ledger::note::{KeyKind, Signer, Verifier};
use office::clock::Clock;
use office::witness::{NotCosigned, Witness};
use seal::{KeyFolder, SystemEntropy};

use crate::cli::Places;
use crate::config::{Config, keys_folder};
use crate::serve::until_ended;
use crate::setup::{Fault, Lock};
use crate::swap;

/// Exit code where the witness stands elsewhere than the request says: ask again, nothing is wrong.
const ELSEWHERE: u8 = 2;

/// Serves `add-checkpoint` until ended.
///
/// # Errors
/// There is no key yet, the list of logs cannot be read, or the address cannot be listened on.
pub async fn serve(places: &Places, listen: SocketAddr, plain_http: bool) -> Result<ExitCode, Fault> {
    if !listen.ip().is_loopback() && !plain_http {
        return Err(Fault::Say(format!(
            "{listen} would be served in clear beyond this machine; say --plain-http (all that is exchanged is public \
             and signed), or put a proxy that speaks TLS in front of it"
        )));
    }
    let witness = Arc::new(open(places)?);
    let logs = witness.logs().map_err(say)?;
    if logs.is_empty() {
        eprintln!("no log is watched yet; write the key of each into {}", list(places).display());
    }
    for log in logs {
        eprintln!("watches {}", log.name());
    }
    until_ended(listen, web::sides::witness(witness.clone()), |url| {
        println!("{url} {}", witness.key());
    })
    .await?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the public key, made first where a name is given and there is none.
///
/// # Errors
/// There is none and no name was given, or the key cannot be made.
pub fn key(places: &Places, name: Option<&str>) -> Result<ExitCode, Fault> {
    let folder = keys_folder(places);
    if let Some(name) = name.filter(|_| !vkey_file(places).exists()) {
        if !ledger::note::is_key_name(name) {
            return Err(Fault::Say(format!("{name} cannot name a witness; use a domain and path without spaces or +")));
        }
        let lock = Lock::find(&folder)?;
        swap::guard(places, &lock)?;
        std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
        let keys = KeyFolder::new(&folder);
        keys.init_witness(lock.protection(), &mut SystemEntropy)?;
        let signer = signer(&keys, &lock, name)?;
        let path = vkey_file(places);
        std::fs::write(&path, format!("{}\n", signer.verifier())).map_err(|e| Fault::file(&path, &e))?;
    }
    let vkey = read_vkey(places)?;
    match name {
        Some(name) if name != vkey.name() => {
            Err(Fault::Say(format!("this witness is {} already; its name cannot be changed", vkey.name())))
        }
        _ => {
            println!("{vkey}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Cosigns a request that came as a file.
///
/// # Errors
/// A file cannot be read or written, or the request is refused.
pub fn sign(places: &Places, file: &Path, out: &Path) -> Result<ExitCode, Fault> {
    let body = std::fs::read(file).map_err(|e| Fault::file(file, &e))?;
    match open(places)?.cosign(&body) {
        Ok(cosigned) => {
            std::fs::write(out, cosigned.note.to_string()).map_err(|e| Fault::file(out, &e))?;
            let mut lines = cosigned.note.text().lines();
            let (log, size) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
            println!(
                "Cosigned {log} at {size} leaves; take {} back and run `dengwen log cosign` there.",
                out.display()
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(NotCosigned::Refused(refusal @ ledger::witness::Refusal::Stale { size })) => {
            println!("Not cosigned: {refusal}. Make the request again with --old {size}.");
            Ok(ExitCode::from(ELSEWHERE))
        }
        Err(refusal) => Err(Fault::Say(format!("not cosigned: {refusal}"))),
    }
}

fn open(places: &Places) -> Result<Witness, Fault> {
    let folder = keys_folder(places);
    let vkey = read_vkey(places)?;
    let lock = Lock::find(&folder)?;
    swap::guard(places, &lock)?;
    let signer = signer(&KeyFolder::new(&folder), &lock, vkey.name())?;
    if signer.verifier() != vkey {
        return Err(Fault::Say(format!("{} is not the key in {}", vkey_file(places).display(), folder.display())));
    }
    let config = Config::read(places)?;
    let clock = Clock::system(&config.zone).map_err(|e| Fault::Say(format!("zone {}: {e}", config.zone)))?;
    Ok(Witness::new(places.data.clone(), signer, clock))
}

fn signer(keys: &KeyFolder, lock: &Lock, name: &str) -> Result<Signer, Fault> {
    let seed = keys.witness_seed(lock.protection())?.ok_or_else(no_key)?;
    Signer::from_seed(name, KeyKind::Witness, seed.expose()).map_err(|e| Fault::Say(e.to_string()))
}

fn read_vkey(places: &Places) -> Result<Verifier, Fault> {
    let path = vkey_file(places);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(no_key()),
        Err(error) => return Err(Fault::file(&path, &error)),
    };
    super::verify::key(&text)
}

fn no_key() -> Fault {
    Fault::Say("this witness has no key yet; make it with `dengwen witness key --name DOMAIN/PATH`".to_owned())
}

fn vkey_file(places: &Places) -> PathBuf {
    places.data.join("vkey")
}

fn list(places: &Places) -> PathBuf {
    places.data.join("logs")
}

fn say(error: NotCosigned) -> Fault {
    Fault::Say(error.to_string())
}
