//! What a witness decides (C2SP tlog-witness): a request to cosign, read from a body or a file, and
//! judged against the last checkpoint of that log this witness has cosigned. Pure: where that
//! checkpoint is kept, and that it is kept before anybody is answered, is the caller's business.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Hash;
use crate::checkpoint::{Checkpoint, Trust, decimal};
use crate::note::{Note, Verifier};
use crate::tree::{self, BadProof};

/// Longest request read, in bytes: 63 hashes and a checkpoint with many signatures.
pub const LONGEST: usize = 64 * 1024;
/// More hashes no proof has.
const MOST_HASHES: usize = 63;

/// The body of `add-checkpoint`, as it goes over HTTP or in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Leaves of the checkpoint this witness is believed to have cosigned last; 0 for none.
    pub old: u64,
    /// The consistency path from there.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl Request {
    /// Reads a body; checks its form only.
    ///
    /// # Errors
    /// [`Refusal::Malformed`].
    pub fn parse(bytes: &[u8]) -> Result<Request, Refusal> {
        if bytes.len() > LONGEST {
            return Err(Refusal::Malformed("it is too long"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Malformed("it is not UTF-8"))?;
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(Refusal::Malformed("no blank line stands before the checkpoint"))?;
        let mut lines = head.split('\n');
        let old = lines
            .next()
            .and_then(|line| decimal(line.strip_prefix("old ")?))
            .ok_or(Refusal::Malformed("its first line is not `old SIZE`"))?;
        let proof = lines
            .map(|line| STANDARD.decode(line).ok()?.try_into().ok())
            .collect::<Option<Vec<Hash>>>()
            .ok_or(Refusal::Malformed("a line of its proof is no hash"))?;
        if proof.len() > MOST_HASHES {
            return Err(Refusal::Malformed("its proof has too many hashes"));
        }
        Ok(Request { old, proof, checkpoint: checkpoint.into() })
    }
}

impl std::fmt::Display for Request {
    /// The body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It is no such request.
    #[error("it is not a request to cosign: {0}")]
    Malformed(&'static str),
    /// The log is none of those this witness knows.
    #[error("the log {0} is not known to this witness; its keeper adds the log's key to the list of known logs")]
    UnknownLog(String),
    /// No key known for the log has signed it.
    #[error("the checkpoint is not signed by the key known for {0}")]
    Unsigned(String),
    /// The old size is larger than the checkpoint's.
    #[error("the old size is larger than the checkpoint's")]
    Backwards,
    /// The witness has cosigned another size last.
    #[error("this witness has cosigned {size} leaves last; prove the growth from there")]
    Stale {
        /// Leaves of the checkpoint it cosigned last.
        size: u64,
    },
    /// The log shows another history of the same length. Both are signed: this is evidence.
    #[error("the log has signed two histories of {size} leaves; it has forked, and this is kept as evidence")]
    Fork {
        /// Leaves of both.
        size: u64,
    },
    /// The checkpoint does not continue the one cosigned last.
    #[error("the checkpoint is not shown to continue the one cosigned last: {0}")]
    Proof(BadProof),
}

impl Refusal {
    /// Whether the log itself signed what was refused, so that it is worth keeping.
    pub fn is_evidence(&self) -> bool {
        matches!(self, Refusal::Fork { .. } | Refusal::Proof(_))
    }
}

/// Judges a request in the order of the specification. `known` are the keys of the logs this witness
/// watches, `seen` the checkpoint of the request's log that it cosigned last.
///
/// # Errors
/// Why it must not be cosigned.
pub fn judge(request: &Request, known: &[Verifier], seen: Option<&Checkpoint>) -> Result<Note, Refusal> {
    let (note, checkpoint) = read(request)?;
    let keys: Vec<Verifier> = known.iter().filter(|key| key.name() == checkpoint.origin).cloned().collect();
    if keys.is_empty() {
        return Err(Refusal::UnknownLog(checkpoint.origin));
    }
    let trust = Trust { logs: keys, ..Trust::default() };
    if trust.checkpoint("checkpoint", request.checkpoint.as_bytes()).is_err() {
        return Err(Refusal::Unsigned(checkpoint.origin));
    }
    if request.old > checkpoint.size {
        return Err(Refusal::Backwards);
    }
    let (size, root) = seen.map_or((0, tree::empty_root()), |seen| (seen.size, seen.root));
    if request.old != size {
        return Err(Refusal::Stale { size });
    }
    if size == checkpoint.size && root != checkpoint.root {
        return Err(Refusal::Fork { size });
    }
    tree::verify_consistency(size, checkpoint.size, &request.proof, &root, &checkpoint.root).map_err(Refusal::Proof)?;
    Ok(note)
}

/// The log a request speaks of, unverified: by it the witness finds what it has cosigned last.
///
/// # Errors
/// [`Refusal::Malformed`].
pub fn read(request: &Request) -> Result<(Note, Checkpoint), Refusal> {
    let note = Note::parse(request.checkpoint.as_bytes())
        .map_err(|_| Refusal::Malformed("what follows the blank line is no signed note"))?;
    let checkpoint = Checkpoint::parse(note.text())
        .map_err(|_| Refusal::Malformed("its checkpoint is not a name, a size and a root hash"))?;
    Ok((note, checkpoint))
}
