//! Inclusion and consistency proofs, made from any [`HashSource`] and checked
//! with nothing but hashes. It does not know tiles, files or signatures.

use super::{HashSource, node_hash};
use crate::Hash;

/// A proof that does not prove what it was offered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadProof {
    /// The leaf index is not below the size, or the old size above the new.
    #[error("the proof speaks of an index or size outside the tree")]
    OutOfRange,
    /// There are more or fewer hashes than the path has.
    #[error("the proof has {found} hashes where the path needs {expected}")]
    Length {
        /// Hashes on the path.
        expected: usize,
        /// Hashes given.
        found: usize,
    },
    /// Hashing the path does not arrive at the root.
    #[error("the proof leads to another root hash")]
    Root,
}

/// The largest power of two strictly below `n` (n ≥ 2): where RFC 6962 splits.
fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The root the tree had at a size, from the hashes of that or a later size.
pub fn root_at<S: HashSource>(source: &mut S, size: u64) -> Result<Hash, S::Error> {
    subtree(source, 0, size)
}

/// The Merkle tree hash over the leaves `start..end`, a range that RFC 6962
/// arrives at by splitting.
fn subtree<S: HashSource>(source: &mut S, start: u64, end: u64) -> Result<Hash, S::Error> {
    let n = end - start;
    if n == 0 {
        return Ok(super::empty_root());
    }
    if n.is_power_of_two() {
        let level = n.ilog2();
        return source.hash(level as u8, start >> level);
    }
    let middle = start + split(n);
    let left = subtree(source, start, middle)?;
    let right = subtree(source, middle, end)?;
    Ok(node_hash(&left, &right))
}

/// The hashes that join leaf `index` to the root of the tree of `size` leaves,
/// from the leaf's sibling up. The caller keeps `index < size`.
pub fn inclusion_proof<S: HashSource>(source: &mut S, size: u64, index: u64) -> Result<Vec<Hash>, S::Error> {
    debug_assert!(index < size);
    let mut path = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(subtree(source, middle, end)?);
            end = middle;
        } else {
            path.push(subtree(source, start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show the tree of `old` leaves to be the beginning of the
/// tree of `new` leaves. Empty when `old` is 0 or equals `new`. The caller
/// keeps `old ≤ new`.
pub fn consistency_proof<S: HashSource>(source: &mut S, old: u64, new: u64) -> Result<Vec<Hash>, S::Error> {
    debug_assert!(old <= new);
    let mut path = Vec::new();
    if old == 0 || old == new {
        return Ok(path);
    }
    let (mut start, mut end) = (0, new);
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            path.push(subtree(source, middle, end)?);
            end = middle;
        } else {
            path.push(subtree(source, start, middle)?);
            start = middle;
        }
    }
    // A complete old tree is its own first node, which the verifier has.
    if start != 0 {
        path.push(subtree(source, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that a leaf stands at `index` in the tree of `size` leaves with this
/// root (RFC 9162, 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), BadProof> {
    if index >= size {
        return Err(BadProof::OutOfRange);
    }
    let expected = inclusion_length(index, size);
    if proof.len() != expected {
        return Err(BadProof::Length { expected, found: proof.len() });
    }
    let (mut at, mut last) = (index, size - 1);
    let mut node = *leaf;
    for sibling in proof {
        if at & 1 == 1 || at == last {
            node = node_hash(sibling, &node);
            // Levels at which this node is the lonely last one have no sibling.
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            node = node_hash(&node, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if node == *root { Ok(()) } else { Err(BadProof::Root) }
}

/// Length of the inclusion path: levels below the point where the paths of the
/// leaf and of the last leaf meet, then one per one bit of the index above it.
fn inclusion_length(index: u64, size: u64) -> usize {
    let inner = 64 - (index ^ (size - 1)).leading_zeros();
    let border = index.checked_shr(inner).unwrap_or(0).count_ones();
    (inner + border) as usize
}

/// Checks that the tree of `old` leaves is the beginning of the tree of `new`
/// leaves (RFC 9162, 2.1.4.2).
pub fn verify_consistency(
    old: u64,
    new: u64,
    proof: &[Hash],
    old_root: &Hash,
    new_root: &Hash,
) -> Result<(), BadProof> {
    if old > new {
        return Err(BadProof::OutOfRange);
    }
    if old == 0 || old == new {
        if !proof.is_empty() {
            return Err(BadProof::Length { expected: 0, found: proof.len() });
        }
        let sound = if old == 0 { *old_root == super::empty_root() } else { old_root == new_root };
        return if sound { Ok(()) } else { Err(BadProof::Root) };
    }
    let expected = consistency_length(old, new);
    if proof.len() != expected {
        return Err(BadProof::Length { expected, found: proof.len() });
    }
    let (mut at, mut last) = (old - 1, new - 1);
    while at & 1 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let mut rest = proof.iter();
    let first =
        if old.is_power_of_two() { *old_root } else { *rest.next().ok_or(BadProof::Length { expected, found: 0 })? };
    let (mut before, mut after) = (first, first);
    for sibling in rest {
        if at & 1 == 1 || at == last {
            before = node_hash(sibling, &before);
            after = node_hash(sibling, &after);
            while at & 1 == 0 && at != 0 {
                at >>= 1;
                last >>= 1;
            }
        } else {
            after = node_hash(&after, sibling);
        }
        at >>= 1;
        last >>= 1;
    }
    if before == *old_root && after == *new_root { Ok(()) } else { Err(BadProof::Root) }
}

/// Length of the consistency path: the inclusion path of the old tree's last
/// complete node, and that node itself unless the old tree is complete.
fn consistency_length(old: u64, new: u64) -> usize {
    let height = old.trailing_zeros();
    let path = inclusion_length((old >> height) - 1, new_nodes(new, height));
    path + usize::from(!old.is_power_of_two())
}

/// Number of nodes at a height in a tree of that many leaves, the last one
/// possibly incomplete.
fn new_nodes(leaves: u64, height: u32) -> u64 {
    leaves.div_ceil(1 << height)
}
