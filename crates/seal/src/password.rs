//! Passwords of staff, by Argon2id, stored as PHC strings. It does not know accounts, and does
//! not judge a password's strength; hash on a bounded pool, outside transactions.

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordVerifier, Version};

use crate::entropy::{Entropy, draw};
use crate::error::SealError;

/// Longer passwords are refused before any hashing, so that a huge one costs nothing.
pub const PASSWORD_LIMIT: usize = 1024;

/// How much work a hash takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// For the made-up accounts of a demo and for tests: 4 MiB, one pass.
    Demo,
    /// For real accounts: 46 MiB, two passes.
    SignIn,
    /// For key files, opened once at start: 128 MiB, three passes.
    KeyFile,
}

impl Cost {
    /// (KiB of memory, passes).
    pub(crate) fn figures(self) -> (u32, u32) {
        match self {
            Self::Demo => (4 * 1024, 1),
            Self::SignIn => (46 * 1024, 2),
            Self::KeyFile => (128 * 1024, 3),
        }
    }
}

/// Argon2id with 32 bytes of output.
pub(crate) fn argon(memory_kib: u32, passes: u32) -> Result<Argon2<'static>, SealError> {
    let params =
        Params::new(memory_kib, passes, 1, Some(32)).map_err(|_| SealError::Malformed("cost of a password hash"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password to a PHC string that names its own cost.
///
/// # Errors
/// [`SealError::TooLong`] above [`PASSWORD_LIMIT`].
pub fn hash_password(password: &str, cost: Cost, rng: &mut dyn Entropy) -> Result<String, SealError> {
    if password.len() > PASSWORD_LIMIT {
        return Err(SealError::TooLong { what: "the password", limit: PASSWORD_LIMIT });
    }
    let (memory, passes) = cost.figures();
    let salt: [u8; 16] = draw(rng);
    let hash = argon(memory, passes)?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_| SealError::Malformed("password hash"))?;
    Ok(hash.to_string())
}

/// Whether the password fits the stored hash; `false` also for a malformed hash. For an unknown
/// user verify against a hash kept for that purpose, so that the time tells nothing.
pub fn verify_password(password: &str, hash: &str) -> bool {
    if password.len() > PASSWORD_LIMIT {
        return false;
    }
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}
