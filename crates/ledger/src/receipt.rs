//! The proof of filing.
use crate::{Hash, checkpoint::Trust, commit::Day, fault::Fault, proof::TlogProof};

/// What a bundle is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About { /** A report was received. */ Filing, /** A letter or receipt was issued. */ Paper }

/// A bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// What it is about.
    pub about: About,
    /// Salted commitment.
    pub commitment: Hash,
    /// Day.
    pub day: Day,
    /// Salt and digest that open the commitment.
    pub opening: Option<Opening>,
    /// Signed promise note.
    pub promise: Option<String>,
    /// Inclusion.
    pub proof: Option<TlogProof>,
}

/// Opens a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening { /** Salt. */ pub salt: Hash, /** Event digest, or SHA-256 of the file for a paper. */ pub digest: Hash }

/// What was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified { /** Log name. */ pub origin: String }

/// Verifies.
pub fn verify_bundle(_bytes: &[u8], _trust: &Trust) -> Result<Verified, Fault> { todo!() }
