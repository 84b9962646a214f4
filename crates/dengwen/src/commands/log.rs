//! `dengwen log …`: the transparency logs, written now, checked whole, shown as they stand, and
//! brought to witnesses by file.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;
use ledger::Trust;
use ledger::verify::verify_folder_with;
use office::Hall;
use office::keys::Holding;
use office::log::{LogStatus, Seen, head_log};

use crate::cli::Places;
use crate::progress::Progress;
use crate::serve::{ask, publish_all};
use crate::setup::{Fault, open};

/// Exit code of `status` where a policy is not fulfilled.
const WANTING: u8 = 2;

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

/// Shows how every log stands.
///
/// # Errors
/// The disk or the store fails.
pub async fn status(places: &Places) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Desk).await?;
    let mut all_met = true;
    for log in house.hall.logs() {
        let status = house.hall.log_status(&log).await?;
        all_met &= status.met != Some(false);
        print!("{}", in_words(&status));
    }
    if house.hall.policy().is_none() {
        println!("No policy names a witness: nobody else has seen these logs as far as this installation knows.");
    }
    house.hall.close().await;
    Ok(if all_met { ExitCode::SUCCESS } else { ExitCode::from(WANTING) })
}

fn in_words(status: &LogStatus) -> String {
    let mut out = format!("{}: {} leaves", status.origin, status.size);
    match status.published {
        Some(size) => out.push_str(&format!(", {size} published")),
        None => out.push_str(", none published yet"),
    }
    if status.waiting > 0 {
        out.push_str(&format!(", {} waiting", status.waiting));
    }
    out.push_str(match status.met {
        Some(true) => "; the policy is fulfilled\n",
        Some(false) => "; the policy is not fulfilled yet\n",
        None => "\n",
    });
    for Seen { name, last, current } in &status.witnesses {
        let said = match (last, current) {
            (Some((_, time)), true) => format!("cosigned it at {}", at(*time)),
            (Some((size, time)), false) => format!("has not cosigned it; last {size} leaves at {}", at(*time)),
            (None, _) => "has never cosigned it".to_owned(),
        };
        out.push_str(&format!("  {name}: {said}\n"));
    }
    out
}

/// A time in Unix seconds as people read it.
pub(super) fn at(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| "an impossible time".to_owned(), |time| time.to_string())
}

/// Writes a request to a witness into a file, or one for each log into a folder.
///
/// # Errors
/// The policy names no such witness, there is no such log, or the disk or the store fails.
pub async fn request(
    places: &Places,
    witness: &str,
    log: Option<&str>,
    old: Option<u64>,
    out: &Path,
) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Desk).await?;
    let written = write_requests(&house.hall, witness, log, old, out).await;
    house.hall.close().await;
    for (path, origin, size) in written? {
        println!("{}: {origin} at {size} leaves", path.display());
    }
    println!("Take it to {witness}, run `dengwen witness sign` there, and bring back what that writes.");
    Ok(ExitCode::SUCCESS)
}

async fn write_requests(
    hall: &Hall,
    witness: &str,
    log: Option<&str>,
    old: Option<u64>,
    out: &Path,
) -> Result<Vec<(PathBuf, String, u64)>, Fault> {
    let policy = hall.policy_in_force()?;
    let key = policy.witnesses.iter().find(|known| known.name == witness).map(|known| &known.key).ok_or_else(|| {
        let names: Vec<&str> = policy.witnesses.iter().map(|known| known.name.as_str()).collect();
        Fault::Say(format!("the policy names no witness {witness}; it names: {}", names.join(", ")))
    })?;
    let logs = match log {
        None => hall.logs(),
        Some("head") => vec![head_log()],
        Some(code) => vec![super::organ(hall, Some(code))?.tenant.clone()],
    };
    let mut written = Vec::new();
    for one in &logs {
        let Some(brought) = hall.request_cosignature(one, key, old).await? else { continue };
        let (origin, size) = (brought.checkpoint.origin.clone(), brought.checkpoint.size);
        let path = if log.is_some() {
            out.to_owned()
        } else {
            std::fs::create_dir_all(out).map_err(|e| Fault::file(out, &e))?;
            out.join(format!("{}.request", origin.replace('/', "_")))
        };
        std::fs::write(&path, brought.request.to_string()).map_err(|e| Fault::file(&path, &e))?;
        written.push((path, origin, size));
    }
    if written.is_empty() {
        return Err(Fault::Say("nothing is published yet; run `dengwen log publish` first".to_owned()));
    }
    Ok(written)
}

/// Takes up what a witness signed in a file.
///
/// # Errors
/// It is no cosigned checkpoint of a log of ours, or the disk or the store fails.
pub async fn cosign(places: &Places, file: &Path) -> Result<ExitCode, Fault> {
    let note = std::fs::read(file).map_err(|e| Fault::file(file, &e))?;
    let house = open(places, Holding::Desk).await?;
    let taken = house.hall.take_cosigned(&note).await;
    house.hall.close().await;
    let taken = taken?;
    let ledger::Checkpoint { origin, size, .. } = &taken.checkpoint;
    for (name, time) in &taken.witnesses {
        println!("{origin} at {size} leaves: cosigned by {name} at {}", at(*time));
    }
    if taken.published {
        println!("The published checkpoint carries it now.");
    } else {
        println!(
            "The log has been published further since; it is kept, and proofs are given at this checkpoint once the policy is fulfilled for it."
        );
    }
    println!("The policy is {}fulfilled for it.", if taken.met { "" } else { "not yet " });
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
