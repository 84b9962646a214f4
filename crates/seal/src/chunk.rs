//! The cipher of the sealed index's files: chunks that can be read in any order, each bound to
//! file name, number and whether it is the last. `index` decides sizes and keeps the files; it
//! does not know the cipher, and this does not know tantivy.

use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::{self, Binding, TAG, equal, take};
use crate::entropy::{Entropy, draw};
use crate::error::SealError;
use crate::keys::IndexKey;
use crate::part::Last;

const FORM: u8 = 6;
const WHAT: &str = "index file";

/// Bytes of the header each file starts with.
pub const CHUNK_HEADER_LEN: usize = 2 + 32 + 32;
/// Bytes a sealed chunk is longer than its plaintext.
pub const CHUNK_TAG_LEN: usize = TAG;

/// The cipher of one file.
#[derive(Clone)]
pub struct ChunkCipher {
    key: Zeroizing<[u8; 32]>,
    aad: Vec<u8>,
    header: [u8; CHUNK_HEADER_LEN],
}

impl ChunkCipher {
    /// A new file called `name`; write [`ChunkCipher::header`] first. Each version of a file has a
    /// key of its own, so that chunks of two versions cannot be mixed.
    pub fn create(key: &IndexKey, name: &str, rng: &mut dyn Entropy) -> Self {
        Self::with_seed(key, name, &draw(rng))
    }

    /// An existing file called `name`, from its first [`CHUNK_HEADER_LEN`] bytes.
    ///
    /// # Errors
    /// [`SealError::Commitment`] where key or name is another; [`SealError::Malformed`].
    pub fn open(key: &IndexKey, name: &str, header: &[u8]) -> Result<Self, SealError> {
        let mut rest = header;
        match take(&mut rest) {
            Some([SUITE, FORM]) => {}
            Some([suite, FORM]) => return Err(SealError::Suite(suite)),
            _ => return Err(SealError::Malformed(WHAT)),
        }
        let seed = take(&mut rest).ok_or(SealError::Malformed(WHAT))?;
        let cipher = Self::with_seed(key, name, &seed);
        if !equal(&cipher.header, header) {
            return Err(SealError::Commitment(WHAT));
        }
        Ok(cipher)
    }

    fn with_seed(key: &IndexKey, name: &str, seed: &[u8; 32]) -> Self {
        let bound = Binding::new("dengwen/index-file/1").number(SUITE).bytes(name.as_bytes()).bytes(seed).done();
        let commitment = binding::hmac(key.expose(), &[b"dengwen/key-commitment/1", &bound]);
        let mut header = [0; CHUNK_HEADER_LEN];
        header[..2].copy_from_slice(&[SUITE, FORM]);
        header[2..34].copy_from_slice(seed);
        header[34..].copy_from_slice(&commitment);
        Self { key: binding::derive(key.expose(), seed, &bound), aad: bound, header }
    }

    /// What the file starts with.
    pub fn header(&self) -> &[u8; CHUNK_HEADER_LEN] {
        &self.header
    }

    /// Seals chunk `number`. Never seal a number twice.
    pub fn seal(&self, number: u64, last: Last, plaintext: &[u8]) -> Vec<u8> {
        let nonce = binding::stream_nonce(number, u8::from(last == Last::Yes));
        binding::encrypt(&self.key, &nonce, &self.aad, plaintext)
    }

    /// Opens chunk `number`.
    ///
    /// # Errors
    /// [`SealError::Refused`] where it was altered, moved or cut.
    pub fn unseal(&self, number: u64, last: Last, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let nonce = binding::stream_nonce(number, u8::from(last == Last::Yes));
        binding::decrypt(&self.key, &nonce, &self.aad, sealed).ok_or(SealError::Refused(WHAT))
    }
}

impl std::fmt::Debug for ChunkCipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChunkCipher(…)")
    }
}
