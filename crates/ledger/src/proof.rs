//! `.tlog-proof` files (c2sp.org/tlog-proof@v1): the proof that an entry
//! stands in a log, complete in one text and checked without any network. It
//! does not know what the entry or the extra data mean.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::Hash;
use crate::checkpoint::{Trust, Vouched, decimal};
use crate::fault::{Fault, Flaw};
use crate::reader::{Reader, TileStore};
use crate::tree;

/// First line of every proof file.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Longest proof read, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;

const FORMAT: Flaw = Flaw::Format("it does not follow c2sp.org/tlog-proof@v1");

/// An inclusion proof together with the signed checkpoint it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque data for the application; not authenticated by the proof.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry in the log.
    pub index: u64,
    /// Inclusion path, from the leaf's sibling up.
    pub path: Vec<Hash>,
    /// The signed checkpoint, verbatim, final newline included.
    pub checkpoint: String,
}

impl TlogProof {
    /// The proof for an entry of a log opened at a checkpoint, whose note is
    /// given verbatim and must be the one the reader was opened at.
    pub fn make<S: TileStore>(reader: &mut Reader<S>, index: u64, checkpoint: &str) -> Result<TlogProof, Fault> {
        let path = reader.inclusion(index)?;
        Ok(TlogProof { extra: None, index, path, checkpoint: checkpoint.into() })
    }

    /// Reads a proof file; checks its form only.
    pub fn parse(bytes: &[u8]) -> Result<TlogProof, Fault> {
        parse(bytes).ok_or_else(|| Fault::at("proof", FORMAT))
    }

    /// Checks that a leaf with this hash stands in a log that is trusted, at a
    /// checkpoint vouched for as `trust` demands.
    pub fn verify(&self, leaf: &Hash, trust: &Trust) -> Result<Vouched, Fault> {
        let vouched = trust.checkpoint("proof checkpoint", self.checkpoint.as_bytes())?;
        let checkpoint = &vouched.checkpoint;
        tree::verify_inclusion(leaf, self.index, checkpoint.size, &self.path, &checkpoint.root)
            .map_err(|bad| Fault::at("proof", bad))?;
        Ok(vouched)
    }
}

fn parse(bytes: &[u8]) -> Option<TlogProof> {
    if bytes.len() > LONGEST {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, checkpoint) = text.split_once("\n\n")?;
    let mut lines = head.split('\n').peekable();
    if lines.next()? != HEADER {
        return None;
    }
    let mut extra = None;
    if let Some(base64) = lines.peek()?.strip_prefix("extra ") {
        extra = Some(STANDARD.decode(base64).ok()?);
        lines.next();
    }
    let index = decimal(lines.next()?.strip_prefix("index ")?)?;
    let path = lines.map(|line| STANDARD.decode(line).ok()?.try_into().ok()).collect::<Option<Vec<Hash>>>()?;
    // The tree of a 64-bit size is no higher.
    (path.len() <= 64).then(|| TlogProof { extra, index, path, checkpoint: checkpoint.into() })
}

impl std::fmt::Display for TlogProof {
    /// The file's text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
