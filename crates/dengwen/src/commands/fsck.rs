//! `dengwen fsck`: the whole history, checked. Exit 0 and a sentence, or exit 1 and the first thing
//! that is not sound.

use std::path::PathBuf;
use std::process::ExitCode;

use ledger::Checkpoint;
use ledger::note::Note;
use office::Hall;
use office::fsck::{Anchored, Checked, Ended};
use office::keys::Holding;
use seal::KeyFolder;

use super::log::at;
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
pub async fn run(places: &Places, anchors: &[PathBuf]) -> Result<ExitCode, Fault> {
    let notes = collect(anchors)?;
    let house = open(places, holding(places)?).await?;
    let mut bar = Progress::new("streams checked", 0);
    let outcome = checked(&house.hall, &notes, &mut |done| bar.at(done)).await;
    house.hall.close().await;
    match outcome {
        Ok((checked, continued)) => {
            bar.done(checked.streams);
            println!(
                "Sound: {} streams, {} events, {} sealed parts, {} files, {} leaves of the log.",
                checked.streams, checked.events, checked.envelopes, checked.files, checked.leaves
            );
            if continued.is_empty() {
                println!(
                    "Internally consistent only: a whole history put in place of another shows only against a \
                     checkpoint kept elsewhere (--anchor)."
                );
            }
            for Anchored { checkpoint, witnesses } in &continued {
                let by: Vec<String> =
                    witnesses.iter().map(|(name, time)| format!(", cosigned by {name} at {}", at(*time))).collect();
                println!("Continues {} leaves of {}{}.", checkpoint.size, checkpoint.origin, by.concat());
            }
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

/// The history, then every anchor; which of them are ours and are continued.
async fn checked(
    hall: &Hall,
    notes: &[(String, Vec<u8>)],
    progress: &mut (dyn FnMut(u64) + Send),
) -> Result<(Checked, Vec<Anchored>), Ended> {
    let mut continued = Vec::new();
    let mut strangers = Vec::new();
    // First: what they show is worse than anything found inside.
    for (name, note) in notes {
        match hall.check_anchor(name, note).await? {
            Some(anchored) => continued.push(anchored),
            None => strangers.push(format!("{name}: it speaks of a log that is none of this installation's")),
        }
    }
    let mut checked = hall.fsck(progress).await?;
    checked.skipped.extend(strangers);
    Ok((checked, continued))
}

/// The checkpoints in the files and folders named: a witness's folder, a published log, or just files.
fn collect(anchors: &[PathBuf]) -> Result<Vec<(String, Vec<u8>)>, Fault> {
    let mut notes = Vec::new();
    for anchor in anchors {
        if !anchor.is_dir() {
            let bytes = std::fs::read(anchor).map_err(|e| Fault::file(anchor, &e))?;
            notes.push((anchor.display().to_string(), bytes));
            continue;
        }
        let before = notes.len();
        let mut folders = vec![anchor.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).map_err(|e| Fault::file(&folder, &e))? {
                let path = entry.map_err(|e| Fault::file(&folder, &e))?.path();
                // Tiles are no checkpoints, and evidence is a fork by its nature.
                let skipped = matches!(path.file_name().and_then(|name| name.to_str()), Some("tile" | "evidence"));
                if path.is_dir() {
                    if !skipped {
                        folders.push(path);
                    }
                } else {
                    let bytes = std::fs::read(&path).map_err(|e| Fault::file(&path, &e))?;
                    let note = Note::parse(&bytes).is_ok_and(|note| Checkpoint::parse(note.text()).is_ok());
                    if note {
                        notes.push((path.display().to_string(), bytes));
                    }
                }
            }
        }
        if notes.len() == before {
            return Err(Fault::Say(format!("there is no signed checkpoint in {}", anchor.display())));
        }
    }
    Ok(notes)
}
