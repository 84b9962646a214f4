//! The transparency log: salted commitments to what happened, the Merkle tree
//! over them, its C2SP tlog-tiles files, signed checkpoints, and the offline
//! verification of all of it. It knows no database, no clock and no source of
//! randomness: rows, times and salts come in as arguments, and the only thing
//! it touches outside memory is the published folder.
//!
//! Reading order: [`commit`] (what a leaf says), [`tree`] (the mathematics),
//! [`tiles`] (the files), [`note`] and [`checkpoint`] (who vouches for a root),
//! [`folder`] (writing), [`reader`] (reading and believing nothing unproven),
//! [`verify`] (a whole folder), [`proof`] and [`receipt`] (what a person takes home), [`policy`] and
//! [`witness`] (who else must have seen it, and what they check).
#![warn(missing_docs)]

pub mod checkpoint;
pub mod commit;
pub mod fault;
pub mod folder;
pub mod note;
pub mod policy;
pub mod proof;
pub mod reader;
pub mod receipt;
pub mod tiles;
pub mod tree;
pub mod verify;
pub mod witness;

pub use checkpoint::{Checkpoint, Trust};
pub use commit::{Day, Leaf, PartDigest};
pub use fault::{Fault, Flaw};
pub use folder::Folder;
pub use note::{Signer, Verifier};
pub use policy::{Policy, Quorum};
pub use proof::TlogProof;
pub use reader::Reader;
pub use receipt::{Bundle, verify_bundle};
pub use verify::{Report, verify_folder};

/// A SHA-256 value: a node of the tree, a commitment or a digest.
pub type Hash = [u8; 32];
