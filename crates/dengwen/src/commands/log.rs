//! `dengwen log publish` and `dengwen log verify`: the transparency log, written now or checked whole.

use std::path::Path;
use std::process::ExitCode;

use ledger::Trust;
use ledger::verify::verify_folder_with;
use office::keys::Holding;

use crate::cli::Places;
use crate::progress::Progress;
use crate::serve::{ask, publish_all};
use crate::setup::{Fault, open};

/// Sequences and publishes the logs of all organs: by the serving process if there is one here,
/// else by this one.
///
/// # Errors
/// The disk or the store fails.
pub async fn publish(places: &Places) -> Result<ExitCode, Fault> {
    let lines = match ask(&places.data, "publish").await {
        Some(answer) => answer?,
        None => {
            let house = open(places, Holding::Desk).await?;
            let lines = publish_all(&house.hall).await?;
            house.hall.close().await;
            lines
        }
    };
    print!("{lines}");
    Ok(ExitCode::SUCCESS)
}

/// Verifies every file of a published log against its signed checkpoint.
///
/// # Errors
/// The key is no key.
pub fn verify(folder: &Path, vkey: &str) -> Result<ExitCode, Fault> {
    let trust = Trust::log(super::verify::key(vkey)?);
    let mut bar = Progress::new("leaves", 0);
    let checked = verify_folder_with(folder, &trust, &mut |done, total| bar.of(done, total));
    Ok(match checked {
        Ok(report) => {
            bar.done(report.size);
            println!("Sound: {} with {} leaves, every file verified.", report.origin, report.size);
            for (what, list) in
                [("not covered by a checkpoint yet", &report.beyond), ("not part of a log", &report.strangers)]
            {
                if !list.is_empty() {
                    println!("{} files are {what} and were not looked at.", list.len());
                }
            }
            ExitCode::SUCCESS
        }
        Err(fault) => {
            println!("日志不可信:{}\nNot sound: {fault}", fault.zh());
            ExitCode::FAILURE
        }
    })
}
