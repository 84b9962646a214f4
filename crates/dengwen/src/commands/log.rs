//! `dengwen log publish` and `dengwen log verify`.

use std::path::Path;
use std::process::ExitCode;

use ledger::{Trust, Verifier, verify_folder};
use office::keys::Holding;

use crate::cli::Places;
use crate::setup::{Fault, open};

pub async fn publish(places: &Places) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Desk).await?;
    for organ in house.hall.organs() {
        match house.hall.publish(&organ.tenant).await? {
            Some(done) => println!("{}: {} leaves, verifier key {}", done.origin, done.size, done.vkey),
            None => println!("{}: another process is publishing this log", organ.tenant),
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub fn verify(folder: &Path, vkey: &str) -> Result<ExitCode, Fault> {
    let key = Verifier::parse(vkey).map_err(|e| Fault::Say(format!("that is not a verifier key: {e}")))?;
    match verify_folder(folder, &Trust::log(key)) {
        Ok(report) => {
            println!("sound: {} has {} leaves", report.origin, report.size);
            Ok(ExitCode::SUCCESS)
        }
        Err(fault) => {
            println!("not sound: {fault}");
            Ok(ExitCode::FAILURE)
        }
    }
}
