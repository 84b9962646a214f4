//! One part of a report under its content key: padded, bound to its place, with a commitment to
//! the key and a salted code of the plaintext, so that the log can commit to it and `fsck` can
//! check it without any key. It does not know what the text means.
//!
//! `suite ‖ form ‖ key number (4) ‖ seed (32) ‖ key commitment (32) ‖ content code (32) ‖ ciphertext`;
//! inside: `part salt (32) ‖ length (4) ‖ plaintext ‖ zeros` up to 4, 16, 64 KiB or a multiple of
//! 64 KiB. Everything before the ciphertext and the place are its associated data; key and nonce
//! follow from content key and seed, so that no nonce can come twice.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::{self, Binding, TAG, equal, take};
use crate::content::ContentKey;
use crate::entropy::{Entropy, draw};
use crate::error::SealError;

const FORM: u8 = 2;
const WHAT: &str = "sealed part";
const HEADER: usize = 2 + 4 + 32 + 32 + 32;
const INNER_HEADER: usize = 32 + 4;
const KIB: usize = 1024;

/// Whether a part is the last of its kind in the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// More follow.
    No,
    /// None follows.
    Yes,
}

/// Where a part stands; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// Organ code of the tenant.
    pub tenant: &'a str,
    /// Id of the report, or of another stream.
    pub report: [u8; 16],
    /// Version of the event in its stream, from 1.
    pub version: u32,
    /// Kind of the event, as stored.
    pub kind: &'a str,
    /// Which part of the event.
    pub part: u16,
    /// Which chunk of the part.
    pub chunk: u32,
    /// Whether it is the last chunk.
    pub last: Last,
}

impl<'a> Place<'a> {
    /// The only part of an event, in one chunk: the usual case.
    pub fn whole(tenant: &'a str, report: [u8; 16], version: u32, kind: &'a str) -> Self {
        Self { tenant, report, version, kind, part: 0, chunk: 0, last: Last::Yes }
    }

    fn bound(&self, key_no: u32) -> Vec<u8> {
        Binding::new("dengwen/part/1")
            .number(SUITE)
            .number(key_no)
            .bytes(self.tenant.as_bytes())
            .bytes(&self.report)
            .number(self.version)
            .bytes(self.kind.as_bytes())
            .number(self.part)
            .number(self.chunk)
            .number(matches!(self.last, Last::Yes) as u8)
            .done()
    }
}

/// What the log commits to for one part; computed from the envelope alone ([`PartDigest::of`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartDigest {
    /// SHA-256 of the whole envelope.
    pub ciphertext: [u8; 32],
    /// HMAC(content key, place).
    pub key_commitment: [u8; 32],
    /// HMAC(part salt, plaintext). The salt stands only inside the envelope and in the
    /// reporter's proof.
    pub content: [u8; 32],
}

impl PartDigest {
    /// Reads the digest off an envelope, without any key.
    ///
    /// # Errors
    /// [`SealError::Suite`], [`SealError::Malformed`].
    pub fn of(envelope: &[u8]) -> Result<Self, SealError> {
        let header = Header::read(envelope)?;
        Ok(Self {
            ciphertext: Sha256::digest(envelope).into(),
            key_commitment: header.key_commitment,
            content: header.content,
        })
    }
}

/// A sealed part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedPart {
    /// The envelope to store.
    pub envelope: Vec<u8>,
    /// What the log commits to.
    pub digest: PartDigest,
    /// The part salt, for the reporter's proof; store it nowhere.
    pub salt: [u8; 32],
}

/// An opened part.
pub struct OpenPart {
    /// What was sealed; wiped when dropped.
    pub plaintext: Zeroizing<Vec<u8>>,
    /// The part salt, for the reporter's proof.
    pub salt: [u8; 32],
}

impl std::fmt::Debug for OpenPart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenPart({} bytes)", self.plaintext.len())
    }
}

struct Header {
    key_no: u32,
    seed: [u8; 32],
    key_commitment: [u8; 32],
    content: [u8; 32],
}

impl Header {
    fn read(envelope: &[u8]) -> Result<Self, SealError> {
        let mut rest = envelope;
        let [suite, form] = take(&mut rest).ok_or(SealError::Malformed(WHAT))?;
        if form != FORM || envelope.len() < HEADER + 4 * KIB + TAG {
            return Err(SealError::Malformed(WHAT));
        }
        if suite != SUITE {
            return Err(SealError::Suite(suite));
        }
        let fields = (take(&mut rest), take(&mut rest), take(&mut rest), take(&mut rest));
        let (Some(key_no), Some(seed), Some(key_commitment), Some(content)) = fields else {
            return Err(SealError::Malformed(WHAT));
        };
        Ok(Self { key_no: u32::from_be_bytes(key_no), seed, key_commitment, content })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = vec![SUITE, FORM];
        out.extend_from_slice(&self.key_no.to_be_bytes());
        out.extend_from_slice(&self.seed);
        out.extend_from_slice(&self.key_commitment);
        out.extend_from_slice(&self.content);
        out
    }
}

/// Length of the inside of an envelope for `len` bytes of text.
pub fn padded_len(len: usize) -> usize {
    let needed = len + INNER_HEADER;
    [4 * KIB, 16 * KIB].into_iter().find(|&size| needed <= size).unwrap_or_else(|| needed.div_ceil(64 * KIB) * 64 * KIB)
}

fn commitment(key: &ContentKey, bound: &[u8]) -> [u8; 32] {
    binding::hmac(key.bytes(), &[b"dengwen/key-commitment/1", bound])
}

fn part_key(key: &ContentKey, seed: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    binding::derive(key.bytes(), seed, b"dengwen/part-key/1")
}

/// Seals `plaintext` at `place`.
///
/// # Errors
/// [`SealError::TooLong`] above 4 GiB.
pub fn seal_part(
    key: &ContentKey,
    place: &Place<'_>,
    plaintext: &[u8],
    rng: &mut dyn Entropy,
) -> Result<SealedPart, SealError> {
    let limit = u32::MAX as usize;
    let len = u32::try_from(plaintext.len()).map_err(|_| SealError::TooLong { what: "the text", limit })?;
    let bound = place.bound(key.number());
    let salt: [u8; 32] = draw(rng);
    let header = Header {
        key_no: key.number(),
        seed: draw(rng),
        key_commitment: commitment(key, &bound),
        content: binding::hmac(&salt, &[plaintext]),
    };
    let mut inner = Zeroizing::new(Vec::with_capacity(padded_len(plaintext.len())));
    inner.extend_from_slice(&salt);
    inner.extend_from_slice(&len.to_be_bytes());
    inner.extend_from_slice(plaintext);
    inner.resize(padded_len(plaintext.len()), 0);

    let mut envelope = header.bytes();
    let aad = [&envelope[..], &bound].concat();
    // The key is used once, so that the nonce may be fixed.
    let sealed = binding::encrypt(&part_key(key, &header.seed), &[0; 12], &aad, &inner);
    envelope.extend_from_slice(&sealed);
    let digest = PartDigest {
        ciphertext: Sha256::digest(&envelope).into(),
        key_commitment: header.key_commitment,
        content: header.content,
    };
    Ok(SealedPart { envelope, digest, salt })
}

/// Opens the envelope that stands at `place`.
///
/// # Errors
/// [`SealError::Commitment`] where the key, its number or the place is not the one it was sealed
/// with; [`SealError::Refused`] where bytes were altered.
pub fn open_part(key: &ContentKey, place: &Place<'_>, envelope: &[u8]) -> Result<OpenPart, SealError> {
    let header = Header::read(envelope)?;
    let bound = place.bound(header.key_no);
    // Checked before decrypting: a swapped key ends here, even one made to decrypt.
    if header.key_no != key.number() || !equal(&header.key_commitment, &commitment(key, &bound)) {
        return Err(SealError::Commitment(WHAT));
    }
    let (head, sealed) = envelope.split_at(HEADER);
    let aad = [head, &bound].concat();
    let inner =
        binding::decrypt(&part_key(key, &header.seed), &[0; 12], &aad, sealed).ok_or(SealError::Refused(WHAT))?;

    let mut rest = inner.as_slice();
    let salt: [u8; 32] = take(&mut rest).ok_or(SealError::Malformed(WHAT))?;
    let len = take(&mut rest).map(u32::from_be_bytes).ok_or(SealError::Malformed(WHAT))?;
    let plaintext = rest.get(..len as usize).ok_or(SealError::Malformed(WHAT))?;
    // The log committed to this code: it must be the code of what is inside.
    if !equal(&header.content, &binding::hmac(&salt, &[plaintext])) {
        return Err(SealError::Refused(WHAT));
    }
    Ok(OpenPart { plaintext: Zeroizing::new(plaintext.to_vec()), salt })
}

impl SealedPart {
    /// Number of the content key an envelope is sealed under: the one to unwrap for opening it.
    ///
    /// # Errors
    /// [`SealError::Suite`], [`SealError::Malformed`].
    pub fn key_number(envelope: &[u8]) -> Result<u32, SealError> {
        Header::read(envelope).map(|header| header.key_no)
    }
}
