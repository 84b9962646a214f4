//! What witnesses have cosigned of one log: its checkpoints with their lines, a small file for each,
//! beside the published folder. From it the next request knows where each witness stands, and a
//! proof can be given at a checkpoint that fulfils the policy while the newest one still waits for
//! witnesses. Lost, it is asked for again.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::PathBuf;

use ledger::note::{Note, Verifier};
use ledger::{Checkpoint, Policy};

use crate::error::Error;

/// Checkpoints kept at most.
const MOST: usize = 64;

/// The folder of one log.
pub(super) struct Witnessed {
    folder: PathBuf,
}

/// A checkpoint with the lines it has.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// By whom.
    pub note: Note,
}

impl Kept {
    /// Reads a note; `None` where it is no checkpoint.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let note = Note::parse(bytes).ok()?;
        let checkpoint = Checkpoint::parse(note.text()).ok()?;
        Some(Self { checkpoint, note })
    }

    /// When this witness cosigned it, Unix seconds; `None` where it did not.
    pub fn time_of(&self, witness: &Verifier) -> Option<u64> {
        self.note.verified([witness]).ok()?.first()?.time
    }

    /// The policy's witnesses that cosigned.
    pub fn cosigned<'a>(&self, policy: &'a Policy) -> Vec<&'a Verifier> {
        policy.witnesses.iter().map(|witness| &witness.key).filter(|key| self.time_of(key).is_some()).collect()
    }

    /// Whether those who must have cosigned did.
    pub fn is_met(&self, policy: &Policy) -> bool {
        policy.quorum.is_met_by(&self.cosigned(policy))
    }
}

fn io(error: std::io::Error) -> Error {
    Error::Io(format!("what witnesses have cosigned: {error}"))
}

impl Witnessed {
    /// Names a folder; it need not exist.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Everything kept, the smallest first. What cannot be read is as if it were not there: it will
    /// be asked for again.
    pub fn all(&self) -> Result<Vec<Kept>, Error> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(io(error)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let path = entry.map_err(io)?.path();
            if path.extension().is_some() {
                continue;
            }
            match fs::read(&path) {
                Ok(bytes) => all.extend(Kept::of(&bytes)),
                // Cleared away since it was listed.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => (),
                Err(error) => return Err(io(error)),
            }
        }
        all.sort_by_key(|kept| kept.checkpoint.size);
        Ok(all)
    }

    /// Keeps a checkpoint with its lines, together with those it had before, and clears away what
    /// neither the policy nor a next request can need.
    pub fn keep(&self, new: &Kept, policy: &Policy) -> Result<Kept, Error> {
        let mut all = self.all()?;
        let mut merged = new.clone();
        if let Some(at) = all.iter().position(|kept| kept.checkpoint == new.checkpoint) {
            let before = all.remove(at);
            let mut note = before.note;
            for line in new.note.signatures() {
                note.add(line.clone());
            }
            merged.note = note;
        }
        self.write(&merged)?;
        all.push(merged.clone());
        all.sort_by_key(|kept| kept.checkpoint.size);
        let newest_met = all.iter().rev().find(|kept| kept.is_met(policy)).map(|kept| kept.checkpoint.size);
        let is_last = |size: u64| {
            policy.witnesses.iter().any(|witness| {
                all.iter().rev().find(|kept| kept.time_of(&witness.key).is_some()).map(|kept| kept.checkpoint.size)
                    == Some(size)
            })
        };
        let too_many = all.len().saturating_sub(MOST);
        for (at, kept) in all.iter().enumerate() {
            let size = kept.checkpoint.size;
            let needless = newest_met.is_some_and(|met| size < met) || at < too_many;
            if needless && newest_met != Some(size) && !is_last(size) {
                fs::remove_file(self.folder.join(size.to_string())).map_err(io)?;
            }
        }
        Ok(merged)
    }

    fn write(&self, kept: &Kept) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(io)?;
        let name = kept.checkpoint.size.to_string();
        let new = self.folder.join(format!("{name}.new"));
        File::create(&new)
            .and_then(|mut file| {
                file.write_all(kept.note.to_string().as_bytes())?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&new, self.folder.join(&name)))
            .and_then(|()| File::open(&self.folder)?.sync_all())
            .map_err(io)
    }
}
