//! `dengwen verify FILE`: a proof, offline. The keys come from the command line, or are those of
//! this installation — then the answer says that the organ vouches for itself only.

use std::path::Path;
use std::process::ExitCode;

use ledger::{Trust, Verifier, verify_bundle};
use office::keys::Holding;

use crate::cli::Places;
use crate::setup::{Fault, open};

pub async fn run(places: &Places, file: &Path, vkeys: &[String], paper: Option<&Path>) -> Result<ExitCode, Fault> {
    let bytes = std::fs::read(file).map_err(|e| Fault::file(file, &e))?;
    let own = vkeys.is_empty();
    let trust = if own { own_logs(places).await? } else { named(vkeys)? };
    let verified = match verify_bundle(&bytes, &trust) {
        Ok(verified) => verified,
        Err(fault) => {
            println!("not sound: {fault}\n不成立：{}", fault.zh());
            return Ok(ExitCode::FAILURE);
        }
    };
    if let Some(path) = paper {
        let bytes = std::fs::read(path).map_err(|e| Fault::file(path, &e))?;
        if let Err(fault) = verified.matches_file(&bytes) {
            println!("not sound: {fault}\n不成立：{}", fault.zh());
            return Ok(ExitCode::FAILURE);
        }
    }
    println!("sound: {verified}\n成立：{}", verified.zh());
    if own {
        println!("checked with the keys of this installation; give --vkey with a key you have from someone else");
    }
    Ok(ExitCode::SUCCESS)
}

fn named(vkeys: &[String]) -> Result<Trust, Fault> {
    let mut logs = Vec::new();
    for vkey in vkeys {
        logs.push(Verifier::parse(vkey).map_err(|e| Fault::Say(format!("that is not a verifier key: {e}")))?);
    }
    Ok(Trust { logs, ..Trust::default() })
}

async fn own_logs(places: &Places) -> Result<Trust, Fault> {
    let house = open(places, Holding::Desk).await?;
    let mut logs = Vec::new();
    for organ in house.hall.organs() {
        logs.extend(house.hall.trust(&organ.tenant).await?.logs);
    }
    Ok(Trust { logs, ..Trust::default() })
}
