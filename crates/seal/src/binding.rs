//! The plain parts everything else is made of: unambiguous encoding of places, key derivation,
//! authentication codes, and the one cipher. It knows no format.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Bytes of the cipher's tag.
pub(crate) const TAG: usize = 16;

/// Fields written so that no two different lists give the same bytes: each with its length.
pub(crate) struct Binding(Vec<u8>);

impl Binding {
    /// Starts with the label that says what is bound.
    pub(crate) fn new(label: &str) -> Self {
        Self(Vec::with_capacity(128)).bytes(label.as_bytes())
    }

    /// Adds bytes with their length.
    pub(crate) fn bytes(mut self, field: &[u8]) -> Self {
        self.0.extend_from_slice(&(field.len() as u64).to_be_bytes());
        self.0.extend_from_slice(field);
        self
    }

    /// Adds a number.
    pub(crate) fn number(self, n: impl Into<u64>) -> Self {
        self.bytes(&n.into().to_be_bytes())
    }

    /// The encoded fields.
    pub(crate) fn done(self) -> Vec<u8> {
        self.0
    }
}

/// HMAC-SHA-256 over the pieces as one message.
pub(crate) fn hmac(key: &[u8], pieces: &[&[u8]]) -> [u8; 32] {
    let mut mac = mac(key);
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}

/// A running HMAC-SHA-256.
pub(crate) fn mac(key: &[u8]) -> Hmac<Sha256> {
    <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).expect("HMAC takes keys of any length")
}

/// HKDF-SHA-256 to `N` bytes.
pub(crate) fn derive<const N: usize>(key: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; N]> {
    let mut out = Zeroizing::new([0; N]);
    Hkdf::<Sha256>::new(Some(salt), key).expand(info, out.as_mut()).expect("fewer than 255 blocks are asked for");
    out
}

/// Compares without telling by its time where the difference is.
pub(crate) fn equal(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Encrypts; the tag stands at the end.
pub(crate) fn encrypt(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], msg: &[u8]) -> Vec<u8> {
    ChaCha20Poly1305::new(key.into())
        .encrypt(&Nonce::from(*nonce), Payload { msg, aad })
        .expect("a message of less than 256 GiB")
}

/// Decrypts, or `None` where the tag does not fit.
pub(crate) fn decrypt(key: &[u8; 32], nonce: &[u8; 12], aad: &[u8], msg: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    ChaCha20Poly1305::new(key.into()).decrypt(&Nonce::from(*nonce), Payload { msg, aad }).ok().map(Zeroizing::new)
}

/// The nonce of a piece of a stream: its number, and whether it is the last.
pub(crate) fn stream_nonce(number: u64, last: u8) -> [u8; 12] {
    let mut nonce = [0; 12];
    nonce[..8].copy_from_slice(&number.to_be_bytes());
    nonce[11] = last;
    nonce
}

/// Takes the first `N` bytes off `bytes`.
pub(crate) fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}
