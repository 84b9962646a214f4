//! Why an envelope was not made or not opened. It never carries content.

use crate::keys::KeyId;

/// Why an envelope was not made or not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Sealed by a suite this program does not know.
    #[error("sealed with suite {0}, which this program does not know; use a newer version of the program")]
    Suite(u8),
    /// The bytes do not have the shape they claim.
    #[error("the {0} is malformed; restore it from a backup")]
    Malformed(&'static str),
    /// The key that would open it is not at hand.
    #[error("sealed to key {needed}, which is not among the loaded keys; load the key file that holds it")]
    KeyMissing {
        /// The key it was sealed to.
        needed: KeyId,
    },
    /// Another key, another place, or altered bytes: the cipher refuses.
    #[error("the {0} does not open: another key, another place, or altered bytes")]
    Refused(&'static str),
    /// The key does not fit the commitment in the record: it was swapped.
    #[error("the key does not fit the commitment in the {0}: one of them was replaced")]
    Commitment(&'static str),
    /// A file ends before its last segment, or goes on after it.
    #[error("the sealed file is cut short or has been added to; restore it from a backup")]
    Cut,
    /// More plaintext than the envelope takes.
    #[error("{what} is longer than the {limit} bytes that fit; shorten it")]
    TooLong {
        /// What was too long.
        what: &'static str,
        /// How many bytes fit.
        limit: usize,
    },
}
