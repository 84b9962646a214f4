//! Checkpoints (C2SP tlog-checkpoint): the signed size and root of a log, and
//! whom a verifier trusts to vouch for them. It does not know how the tree is
//! stored.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Hash;
use crate::fault::{Fault, Flaw};
use crate::note::{Note, NoteFault, Signer, Verifier};
use crate::policy::Quorum;

/// The three lines a log signs: its name, its size, its root. There are never
/// extension lines: not every kind of cosignature covers them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's identity, `<deployment-domain>/log/<tenant-code>`.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root hash of the tree of that size.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed, final newline included.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Reads the text of a note; anything but exactly three lines is refused.
    pub fn parse(text: &str) -> Result<Checkpoint, Flaw> {
        let mut lines = text.strip_suffix('\n').ok_or(NOT_CHECKPOINT)?.split('\n');
        let (Some(origin), Some(size), Some(root), None) = (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NOT_CHECKPOINT);
        };
        if origin.is_empty() {
            return Err(NOT_CHECKPOINT);
        }
        let root = STANDARD.decode(root).map_err(|_| NOT_CHECKPOINT)?;
        Ok(Checkpoint {
            origin: origin.into(),
            size: decimal(size).ok_or(NOT_CHECKPOINT)?,
            root: root.try_into().map_err(|_| NOT_CHECKPOINT)?,
        })
    }

    /// Signs as the log: the key's name must be the origin.
    pub fn sign(&self, key: &Signer) -> Result<Note, Flaw> {
        if key.name() != self.origin {
            return Err(Flaw::Origin { expected: key.name().into(), found: self.origin.clone() });
        }
        Ok(key.sign(&self.text())?)
    }
}

const NOT_CHECKPOINT: Flaw = Flaw::Format("a checkpoint is a name, a size and a root hash");

/// ASCII digits without leading zeroes.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    (canonical && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Whom a verifier believes: log keys, witness keys, and which of the
/// witnesses must have cosigned. Comes from someone other than the log's organ.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trust {
    /// Keys of logs; a key speaks for the origin that is its name.
    pub logs: Vec<Verifier>,
    /// Keys of witnesses.
    pub witnesses: Vec<Verifier>,
    /// Which of them must have cosigned.
    pub quorum: Quorum,
}

/// A checkpoint that its log signed and enough witnesses saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// What was signed.
    pub checkpoint: Checkpoint,
    /// Names of the known witnesses and their times in Unix seconds.
    pub witnesses: Vec<(String, u64)>,
    /// Signature lines by keys not known here; they were ignored.
    pub unknown: usize,
}

impl Trust {
    /// Trust in one log alone.
    pub fn log(key: Verifier) -> Trust {
        Trust { logs: vec![key], ..Trust::default() }
    }

    /// Checks a signed checkpoint: format, the log's signature, that the key
    /// belongs to the origin, every known cosignature, the quorum. `place`
    /// names it in the fault.
    pub fn checkpoint(&self, place: &str, note: &[u8]) -> Result<Vouched, Fault> {
        self.vouched(note).map_err(|flaw| Fault::at(place, flaw))
    }

    fn vouched(&self, note: &[u8]) -> Result<Vouched, Flaw> {
        let note = Note::parse(note)?;
        let (text, _) = self.text_of(&note)?;
        let checkpoint = Checkpoint::parse(text)?;
        let signed_by_its_log = note.verified(&self.logs)?.iter().any(|signed| signed.by.name() == checkpoint.origin);
        if !signed_by_its_log {
            let expected = self.logs.iter().map(Verifier::name).collect::<Vec<_>>().join(", ");
            return Err(Flaw::Origin { expected, found: checkpoint.origin });
        }
        let signed = match note.verified(&self.witnesses) {
            Ok(signed) => signed,
            Err(NoteFault::Unsigned) => Vec::new(),
            Err(fault) => return Err(fault.into()),
        };
        let keys: Vec<&Verifier> = signed.iter().map(|signed| signed.by).collect();
        if !self.quorum.is_met_by(&keys) {
            return Err(Flaw::Quorum { wanted: self.quorum.to_string(), found: keys.len() });
        }
        let witnesses = signed.iter().filter_map(|s| s.time.map(|time| (s.by.name().to_owned(), time))).collect();
        let known = |line: &&crate::note::SignatureLine| {
            self.logs.iter().chain(&self.witnesses).any(|k| k.name() == line.name && k.id() == line.id)
        };
        let unknown = note.signatures().len() - note.signatures().iter().filter(known).count();
        Ok(Vouched { checkpoint, witnesses, unknown })
    }

    /// The text of a note signed by one of the logs, and which.
    pub(crate) fn text_of<'a, 'b>(&'a self, note: &'b Note) -> Result<(&'b str, &'a Verifier), NoteFault> {
        let signed = note.verified(&self.logs)?;
        Ok((note.text(), signed[0].by))
    }
}
