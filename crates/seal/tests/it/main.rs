//! What the envelopes of `seal` promise, tried from outside: only what belongs opens, only where
//! it belongs, and lengths say little.

mod codes;
mod directory;
mod ferry;
mod folder;
mod identity;
mod index_files;
mod parts;
mod rotation;
mod segments;
mod threads;
mod tickets;
mod vectors;

use seal::{ContentKey, Entropy, KeyPlace, OfficeSecret, SeededEntropy, WrappedKey};

pub const TENANT: &str = "990100ABC";
pub const REPORT: [u8; 16] = [7; 16];

pub fn entropy(seed: u64) -> SeededEntropy {
    SeededEntropy::new(seed)
}

pub fn key_place(number: u32) -> KeyPlace<'static> {
    KeyPlace { tenant: TENANT, report: REPORT, key_no: number }
}

/// A content key minted with the public half of a fresh office key.
pub fn minted(number: u32, rng: &mut dyn Entropy) -> (OfficeSecret, ContentKey, WrappedKey) {
    let office = OfficeSecret::generate(rng);
    let (key, wrapped) = ContentKey::mint(&office.public(), &key_place(number), rng).expect("a real key");
    (office, key, wrapped)
}

/// Every copy of `bytes` with one bit of one byte changed, for the byte positions given.
pub fn flipped(bytes: &[u8], at: impl IntoIterator<Item = usize>) -> impl Iterator<Item = (usize, Vec<u8>)> {
    at.into_iter().map(|i| {
        let mut copy = bytes.to_vec();
        copy[i] ^= 1 << (i % 8);
        (i, copy)
    })
}
