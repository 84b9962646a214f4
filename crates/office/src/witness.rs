//! A witness of our own (C2SP tlog-witness): it watches logs of other organs, remembers the last
//! checkpoint of each that it cosigned, and cosigns only what is shown to continue it. It has a key
//! and a folder of its own and no part in any register.
//!
//! ```text
//! DIR/logs            keys of the logs it watches, one a line; read anew for every request
//! DIR/cosigned/HASH   the last checkpoint of one log it cosigned, with its own line
//! DIR/evidence/…      what a log signed and this witness refused, beside what it had cosigned before
//! ```

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use ledger::note::{Note, SignatureLine, Signer, Verifier};
use ledger::witness::{Refusal, Request, judge, read};
use ledger::{Checkpoint, commit};

use crate::clock::Clock;

/// Pieces of evidence kept for one log: more would tell nothing new.
const EVIDENCE: usize = 64;

/// A witness at work.
pub struct Witness {
    folder: PathBuf,
    signer: Signer,
    clock: Clock,
}

/// What a witness gives back.
#[derive(Debug, Clone)]
pub struct Cosigned {
    /// Its line, as the answer of `add-checkpoint`.
    pub line: SignatureLine,
    /// The checkpoint with the log's line and its own, as it goes back in a file.
    pub note: Note,
}

/// Why it gives nothing back.
#[derive(Debug, thiserror::Error)]
pub enum NotCosigned {
    /// By the rules.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Its folder fails it; nothing was cosigned.
    #[error("{0}")]
    Failed(String),
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> NotCosigned + '_ {
    move |error| NotCosigned::Failed(format!("{}: {error}", path.display()))
}

impl Witness {
    /// A witness over its folder, with its key and its clock.
    pub fn new(folder: PathBuf, signer: Signer, clock: Clock) -> Self {
        Self { folder, signer, clock }
    }

    /// Its public key.
    pub fn key(&self) -> Verifier {
        self.signer.verifier()
    }

    /// The keys of the logs it watches.
    ///
    /// # Errors
    /// The list cannot be read; the line that is no log's key is named.
    pub fn logs(&self) -> Result<Vec<Verifier>, NotCosigned> {
        let path = self.folder.join("logs");
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(&path)(error)),
        };
        let mut keys = Vec::new();
        for (line, number) in text.lines().zip(1..) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            // A line of a policy file is as good.
            let key = line.strip_prefix("log ").unwrap_or(line).trim();
            match Verifier::parse(key) {
                Ok(key) if key.kind() == ledger::note::KeyKind::Log => keys.push(key),
                _ => {
                    return Err(NotCosigned::Failed(format!(
                        "{}, line {number}: this is not the key of a log (name+1a2b3c4d+AbC…)",
                        path.display()
                    )));
                }
            }
        }
        Ok(keys)
    }

    /// Judges a request; what it cosigns is on the disk before it is given back. Waits for whoever
    /// else cosigns in this folder.
    ///
    /// # Errors
    /// By the rules, or because the folder fails.
    pub fn cosign(&self, body: &[u8]) -> Result<Cosigned, NotCosigned> {
        let request = Request::parse(body)?;
        let (_, checkpoint) = read(&request)?;
        let known = self.logs()?;
        // Known logs only make files here: nobody else can fill the disk.
        if !known.iter().any(|key| key.name() == checkpoint.origin) {
            return Err(Refusal::UnknownLog(checkpoint.origin).into());
        }
        let shelf = self.folder.join("cosigned");
        fs::create_dir_all(&shelf).map_err(failed(&shelf))?;
        let lock = File::open(&shelf).map_err(failed(&shelf))?;
        lock.lock().map_err(failed(&shelf))?;
        let place = shelf.join(name_of(&checkpoint.origin));
        let seen = self.seen(&place, &checkpoint.origin)?;
        let note = match judge(&request, &known, seen.as_ref().map(|(_, seen)| seen)) {
            Ok(note) => note,
            Err(refusal) => {
                if let (true, Some((before, _))) = (refusal.is_evidence(), &seen) {
                    self.keep_evidence(&checkpoint, body, before)?;
                }
                return Err(refusal.into());
            }
        };
        let seconds = u64::try_from(self.clock.micros() / 1_000_000).unwrap_or(0);
        let line = self.signer.cosign(note.text(), seconds).map_err(|fault| NotCosigned::Failed(fault.to_string()))?;
        let mut cosigned = note;
        let keys: Vec<&Verifier> = known.iter().filter(|key| key.name() == checkpoint.origin).collect();
        cosigned.retain(|line| keys.iter().any(|key| key.name() == line.name && key.id() == line.id));
        cosigned.add(line.clone());
        write(&shelf, &place, cosigned.to_string().as_bytes())?;
        Ok(Cosigned { line, note: cosigned })
    }

    /// What it cosigned last of a log, if it did. What is there and does not carry its own line was
    /// changed, and then nothing is cosigned: it may be an older one put in place of a newer.
    fn seen(&self, place: &Path, origin: &str) -> Result<Option<(Vec<u8>, Checkpoint)>, NotCosigned> {
        let bytes = match fs::read(place) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(place)(error)),
        };
        let key = self.signer.verifier();
        let own = Note::parse(&bytes).ok().filter(|note| note.verified([&key]).is_ok());
        let checkpoint = own.and_then(|note| Checkpoint::parse(note.text()).ok()).filter(|c| c.origin == origin);
        match checkpoint {
            Some(checkpoint) => Ok(Some((bytes, checkpoint))),
            None => Err(NotCosigned::Failed(format!(
                "{} was changed; put back what this witness wrote there before anything of {origin} is cosigned",
                place.display()
            ))),
        }
    }

    fn keep_evidence(&self, checkpoint: &Checkpoint, body: &[u8], before: &[u8]) -> Result<(), NotCosigned> {
        let folder = self.folder.join("evidence").join(name_of(&checkpoint.origin));
        fs::create_dir_all(&folder).map_err(failed(&folder))?;
        let root: String = checkpoint.root[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        let place = folder.join(format!("{}-{root}", checkpoint.size));
        let kept = fs::read_dir(&folder).map_err(failed(&folder))?.count();
        if kept >= EVIDENCE || place.exists() {
            return Ok(());
        }
        let mut bytes = body.to_vec();
        bytes.extend(b"\n");
        bytes.extend(before);
        write(&folder, &place, &bytes)
    }
}

/// A log's file is named by a digest: an origin may hold anything.
fn name_of(origin: &str) -> String {
    hex::encode(&commit::sha256(origin.as_bytes())[..16])
}

fn write(folder: &Path, place: &Path, bytes: &[u8]) -> Result<(), NotCosigned> {
    let new = folder.join(".new");
    File::create(&new)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&new, place))
        .and_then(|()| File::open(folder)?.sync_all())
        .map_err(failed(place))
}
