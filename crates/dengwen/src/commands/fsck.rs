//! `dengwen fsck`: the whole history, checked. Exit 0 and a sentence, or exit 1 and the first thing
//! that is not sound.

use std::process::ExitCode;

use office::fsck::Ended;
use office::keys::Holding;
use seal::KeyFolder;

use crate::cli::Places;
use crate::config::keys_folder;
use crate::progress::Progress;
use crate::setup::{Fault, open};

/// What there is to check with: the outside of two networks opens nothing.
fn holding(places: &Places) -> Result<Holding, Fault> {
    let keys = KeyFolder::new(keys_folder(places));
    let opens = keys.organs()?.iter().all(|organ| keys.opens(organ));
    Ok(if opens { Holding::Desk } else { Holding::Public })
}

/// Checks.
///
/// # Errors
/// The check itself could not go on.
pub async fn run(places: &Places) -> Result<ExitCode, Fault> {
    let house = open(places, holding(places)?).await?;
    let mut bar = Progress::new("streams checked", 0);
    let outcome = house.hall.fsck(&mut |done| bar.at(done)).await;
    house.hall.close().await;
    match outcome {
        Ok(checked) => {
            bar.done(checked.streams);
            println!(
                "Sound: {} streams, {} events, {} sealed parts, {} files, {} leaves of the log. Internally consistent only: \
                 a whole history put in place of another shows only against a checkpoint kept elsewhere.",
                checked.streams, checked.events, checked.envelopes, checked.files, checked.leaves
            );
            for skipped in &checked.skipped {
                println!("Not checked: {skipped}");
            }
            Ok(ExitCode::SUCCESS)
        }
        Err(Ended::Unsound(fault)) => {
            println!("Not sound: {fault}");
            Ok(ExitCode::FAILURE)
        }
        Err(Ended::Error(fault)) => Err(fault.into()),
    }
}
