//! `dengwen fsck`: the whole history.

use std::process::ExitCode;

use office::fsck::Ended;
use office::keys::Holding;

use crate::cli::Places;
use crate::progress::Progress;
use crate::setup::{Fault, open};

pub async fn run(places: &Places) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Desk).await?;
    let mut progress = Progress::new("streams", 0);
    let outcome = house.hall.fsck(&mut |n| progress.at(n)).await;
    match outcome {
        Ok(checked) => {
            progress.done(checked.streams);
            for skipped in &checked.skipped {
                println!("not checked: {skipped}");
            }
            println!(
                "sound: {} streams, {} events, {} envelopes opened, {} leaves (internally consistent; a rollback of everything together is only found against a checkpoint kept elsewhere)",
                checked.streams, checked.events, checked.envelopes, checked.leaves
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(Ended::Unsound(fault)) => {
            println!("not sound: {fault}");
            Ok(ExitCode::FAILURE)
        }
        Err(Ended::Error(error)) => Err(error.into()),
    }
}
