//! The Merkle tree of RFC 6962 over SHA-256: node hashes, a frontier that grows
//! leaf by leaf in constant memory, and proofs over any source of stored
//! hashes. It does not know where hashes are kept nor what a leaf means.

use sha2::{Digest, Sha256};

use crate::Hash;

mod proofs;

pub use proofs::{BadProof, consistency_proof, inclusion_proof, root_at, verify_consistency, verify_inclusion};

/// RFC 6962 hash of a leaf: `SHA-256(0x00 ‖ entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

/// RFC 6962 hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update([1]);
    hash.update(left);
    hash.update(right);
    hash.finalize().into()
}

/// Root of the tree without leaves: `SHA-256("")`.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// A place where hashes of complete subtrees can be looked up.
pub trait HashSource {
    /// Why a hash could not be given.
    type Error;

    /// The hash of the complete subtree of height `level` over the leaves
    /// `index·2^level .. (index+1)·2^level`; level 0 is a leaf hash.
    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// Leaf hashes held in memory, the upper levels computed when asked for. Fit
/// for small trees and for tests.
impl HashSource for &[Hash] {
    type Error = std::convert::Infallible;

    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        let start = (index << level) as usize;
        Ok(complete_root(&self[start..start + (1usize << level)]))
    }
}

/// Root of a complete subtree from its nodes of one level; their number is a
/// power of two.
pub(crate) fn complete_root(nodes: &[Hash]) -> Hash {
    debug_assert!(nodes.len().is_power_of_two());
    let mut row = nodes.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row[0]
}

/// The right edge of a growing tree: the roots of the complete subtrees its
/// size decomposes into, largest first. All that the sequencer has to remember.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// Stored bytes that are not a frontier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not the frontier of a tree")]
pub struct NotAFrontier;

impl Frontier {
    /// The frontier of the tree without leaves.
    pub fn new() -> Frontier {
        Frontier::default()
    }

    /// From a size and its peaks, largest subtree first; `None` when their
    /// number is not the number of one bits of the size.
    pub fn from_peaks(size: u64, peaks: Vec<Hash>) -> Option<Frontier> {
        (peaks.len() == size.count_ones() as usize).then_some(Frontier { size, peaks })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one leaf and gives back its index; amortised constant time.
    pub fn push(&mut self, leaf_hash: Hash) -> u64 {
        let index = self.size;
        let mut node = leaf_hash;
        for _ in 0..index.trailing_ones() {
            let left = self.peaks.pop().expect("one peak for each one bit of the size");
            node = node_hash(&left, &node);
        }
        self.peaks.push(node);
        self.size += 1;
        index
    }

    /// The root of the tree.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(smallest) = peaks.next() else {
            return empty_root();
        };
        peaks.fold(*smallest, |right, left| node_hash(left, &right))
    }

    /// For the head row: size as u64 big-endian, then the peaks.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.size.to_be_bytes().to_vec();
        out.extend(self.peaks.iter().flatten());
        out
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Frontier, NotAFrontier> {
        let (size, peaks) = bytes.split_first_chunk::<8>().ok_or(NotAFrontier)?;
        let (peaks, rest) = peaks.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(NotAFrontier);
        }
        Frontier::from_peaks(u64::from_be_bytes(*size), peaks.to_vec()).ok_or(NotAFrontier)
    }
}
