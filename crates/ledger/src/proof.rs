//! `.tlog-proof` files.
use crate::{Hash, checkpoint::{Trust, Vouched}, fault::Fault};

/// A proof that an entry is in a log (C2SP tlog-proof@v1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Opaque extra data, not authenticated.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry.
    pub index: u64,
    /// Path from the leaf's sibling up.
    pub path: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl TlogProof {
    /// Reads a proof file.
    pub fn parse(_bytes: &[u8]) -> Result<TlogProof, Fault> { todo!() }
    /// Checks it for a leaf hash.
    pub fn verify(&self, _leaf: &Hash, _trust: &Trust) -> Result<Vouched, Fault> { todo!() }
}
