//! Keys and envelopes: what makes a stored report unreadable without its keys, and what proves
//! that an envelope stands where it was put. It knows bytes, places and keys; it does not know
//! what a report is, reads no clock, keeps no table and opens no connection.
//!
//! Suite 1 throughout: HPKE (X25519, HKDF-SHA-256, ChaCha20-Poly1305; RFC 9180), Ed25519,
//! SHA-256, Argon2id. Every envelope starts with its suite byte and form byte and names its key.
//!
//! | form | made by | opened by |
//! | --- | --- | --- |
//! | wrapped content key | [`ContentKey::mint`], public key only | [`OfficeRing::unwrap`] |
//! | part of a report | [`seal_part`] | [`open_part`] |
//! | file in segments | [`SegmentSealer`] | [`SegmentOpener`] |
//! | identity | [`seal_identity`], public keys only | [`open_identity`], three shares |
//! | entry of the reporter's thread | [`seal_to_thread`], public key only | [`open_thread`], her code |
//! | package between two networks | [`PackageWriter`] | [`PackageReader`], the other side's key |
//! | file of the sealed index | [`ChunkCipher`] | [`ChunkCipher`] |
//! | key file | [`KeyFolder`] | [`KeyFolder`] |
//!
//! Randomness comes in as [`Entropy`], so that formats can be frozen by tests.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod binding;
mod chunk;
mod code;
mod content;
mod directory;
mod entropy;
mod error;
mod ferry;
mod folder;
mod hpkebox;
mod identity;
mod keyfile;
mod keys;
mod part;
mod password;
mod segment;
mod thread;
mod ticket;
mod token;

pub use chunk::{CHUNK_HEADER_LEN, CHUNK_TAG_LEN, ChunkCipher};
pub use code::{CodeError, QueryCode};
pub use content::{ContentKey, KeyPlace, OfficeRing, WrappedKey};
pub use directory::{DirectoryDraft, DirectoryEntry, DirectoryError, KeyDirectory, Recipients, RootPublic, RootSecret};
pub use entropy::{Entropy, SeededEntropy, SystemEntropy};
pub use error::SealError;
pub use ferry::{
    CheckedPackage, FerryKeys, FerryPair, FerrySide, PackageError, PackageLink, PackageReader, PackageWriter,
    check_package, ferry_padding, package_digest,
};
pub use folder::{DeskKeys, KeyFolder, KeyFolderError, PublicKeys, SharedKeys, TenantHolders};
pub use identity::{IDENTITY_LIMIT, IdentityPlace, Share, open_identity, open_share, seal_identity};
pub use keyfile::{KeyFileError, Passphrase, Protection};
pub use keys::{
    Approver, ApproverPublic, ApproverSecret, Custodian, CustodianPublic, CustodianSecret, Gate, GatePublic,
    GateSecret, IndexKey, KeyId, KeyRole, LogSeed, Office, OfficePublic, OfficeSecret, Pepper, PublicKey, RecusalKey,
    RoleMark, RowKey, SecretKey, TicketKey,
};
pub use part::{Last, OpenPart, PartDigest, Place, SealedPart, open_part, padded_len, seal_part};
pub use password::{Cost, PASSWORD_LIMIT, hash_password, verify_password};
pub use segment::{FilePlace, OpenFile, SEGMENT_LEN, SegmentOpener, SegmentSealer, open_file, seal_file};
pub use thread::{ThreadKeys, ThreadPlace, ThreadPublic, hand_on, open_thread, seal_to_thread, take_over, thread_keys};
pub use ticket::{Ticket, TicketError, sign_ticket, verify_ticket, work_is_done};
pub use token::{fresh_id, fresh_token, keyed_digest, recusal_token, same, sha256, token_digest};

/// The only suite so far: X25519, HKDF-SHA-256, ChaCha20-Poly1305, Ed25519, SHA-256, Argon2id.
pub const SUITE: u8 = 1;
