//! Files under a content key, streamed in segments of 64 KiB, so that no file is ever whole in
//! memory and none stands plain on disk. Cutting, reordering, mixing and moving to another report
//! are found. It does not know names or types of files: they stand in the sealed narrative.
//!
//! `suite ‖ form ‖ key number (4) ‖ seed (32) ‖ key commitment (32)`, then segments of equal
//! length (`length (4) ‖ 64 KiB` and the tag; zeros after a shorter last one), then the content
//! code (32). The plaintext is preceded by the part salt. Number of the segment and whether it is
//! the last are in its nonce.

use std::io::{Read, Write};

use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::{self, Binding, TAG, equal, take};
use crate::content::ContentKey;
use crate::entropy::{Entropy, draw};
use crate::error::SealError;
use crate::part::PartDigest;

const FORM: u8 = 3;
const WHAT: &str = "sealed file";
const HEADER: usize = 2 + 4 + 32 + 32;
const SALT: usize = 32;
const TRAILER: usize = 32;
const SEALED_SEGMENT: usize = 4 + SEGMENT_LEN + TAG;

/// Plain bytes in a segment.
pub const SEGMENT_LEN: usize = 64 * 1024;

/// Which file of which report; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FilePlace<'a> {
    /// Organ code of the tenant.
    pub tenant: &'a str,
    /// Id of the report.
    pub report: [u8; 16],
    /// Id of the blob.
    pub blob: [u8; 16],
}

impl FilePlace<'_> {
    fn bound(&self, key_no: u32) -> Vec<u8> {
        Binding::new("dengwen/file/1")
            .number(SUITE)
            .number(key_no)
            .bytes(self.tenant.as_bytes())
            .bytes(&self.report)
            .bytes(&self.blob)
            .done()
    }
}

/// What is known of a file once it has gone through whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenFile {
    /// Bytes of the plain file.
    pub len: u64,
    /// SHA-256 of the plain file: for the sealed narrative only, never for a table.
    pub sha256: [u8; 32],
    /// What the log commits to.
    pub digest: PartDigest,
    /// The part salt, for the reporter's proof.
    pub salt: [u8; 32],
}

struct Cipher {
    key: Zeroizing<[u8; 32]>,
    aad: Vec<u8>,
    number: u64,
}

impl Cipher {
    fn new(key: &ContentKey, seed: &[u8; 32], header: &[u8], bound: &[u8]) -> Self {
        Self {
            key: binding::derive(key.bytes(), seed, b"dengwen/file-key/1"),
            aad: [header, bound].concat(),
            number: 0,
        }
    }

    fn seal(&mut self, last: u8, data: &[u8]) -> Vec<u8> {
        let mut inner = Zeroizing::new(Vec::with_capacity(4 + SEGMENT_LEN));
        inner.extend_from_slice(&(data.len() as u32).to_be_bytes());
        inner.extend_from_slice(data);
        inner.resize(4 + SEGMENT_LEN, 0);
        let nonce = binding::stream_nonce(self.number, last);
        self.number += 1;
        binding::encrypt(&self.key, &nonce, &self.aad, &inner)
    }

    fn open(&mut self, last: u8, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let nonce = binding::stream_nonce(self.number, last);
        self.number += 1;
        let mut inner = binding::decrypt(&self.key, &nonce, &self.aad, sealed).ok_or(SealError::Refused(WHAT))?;
        let len = inner.first_chunk().map_or(0, |n| u32::from_be_bytes(*n)) as usize;
        if len > SEGMENT_LEN || (last == 0 && len != SEGMENT_LEN) {
            return Err(SealError::Malformed(WHAT));
        }
        inner.drain(..4);
        inner.truncate(len);
        Ok(inner)
    }
}

struct Sums {
    salt: [u8; SALT],
    plain: Sha256,
    code: Hmac<Sha256>,
    sealed: Sha256,
    len: u64,
}

impl Sums {
    fn new(salt: [u8; SALT]) -> Self {
        Self { salt, plain: Sha256::new(), code: binding::mac(&salt), sealed: Sha256::new(), len: 0 }
    }

    fn plain(&mut self, data: &[u8]) {
        self.plain.update(data);
        self.code.update(data);
        self.len += data.len() as u64;
    }

    fn done(self, key_commitment: [u8; 32]) -> OpenFile {
        OpenFile {
            len: self.len,
            sha256: self.plain.finalize().into(),
            digest: PartDigest {
                ciphertext: self.sealed.finalize().into(),
                key_commitment,
                content: self.code.finalize().into_bytes().into(),
            },
            salt: self.salt,
        }
    }
}

fn commitment(key: &ContentKey, bound: &[u8]) -> [u8; 32] {
    binding::hmac(key.bytes(), &[b"dengwen/key-commitment/1", bound])
}

/// Seals a file as its bytes come in.
pub struct SegmentSealer {
    cipher: Cipher,
    buffer: Zeroizing<Vec<u8>>,
    sums: Sums,
    key_commitment: [u8; 32],
}

impl SegmentSealer {
    /// Starts a file and writes its header to `out`.
    pub fn start(key: &ContentKey, place: &FilePlace<'_>, rng: &mut dyn Entropy, out: &mut Vec<u8>) -> Self {
        let bound = place.bound(key.number());
        let seed: [u8; 32] = draw(rng);
        let salt: [u8; SALT] = draw(rng);
        let key_commitment = commitment(key, &bound);
        let mut header = vec![SUITE, FORM];
        header.extend_from_slice(&key.number().to_be_bytes());
        header.extend_from_slice(&seed);
        header.extend_from_slice(&key_commitment);
        let mut sums = Sums::new(salt);
        sums.sealed.update(&header);
        out.extend_from_slice(&header);
        let mut buffer = Zeroizing::new(Vec::with_capacity(2 * SEGMENT_LEN));
        buffer.extend_from_slice(&salt);
        Self { cipher: Cipher::new(key, &seed, &header, &bound), buffer, sums, key_commitment }
    }

    /// Takes the next bytes and appends to `out` the segments that are full.
    pub fn update(&mut self, mut data: &[u8], out: &mut Vec<u8>) {
        self.sums.plain(data);
        while !data.is_empty() {
            // A full segment waits until more comes: it might be the last.
            if self.buffer.len() == SEGMENT_LEN {
                self.emit(0, out);
            }
            let (now, later) = data.split_at(data.len().min(SEGMENT_LEN - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            data = later;
        }
    }

    /// Appends the last segment and the content code to `out`.
    pub fn finish(mut self, out: &mut Vec<u8>) -> OpenFile {
        self.emit(1, out);
        let code: [u8; 32] = self.sums.code.clone().finalize().into_bytes().into();
        self.sums.sealed.update(code);
        out.extend_from_slice(&code);
        self.sums.done(self.key_commitment)
    }

    fn emit(&mut self, last: u8, out: &mut Vec<u8>) {
        let sealed = self.cipher.seal(last, &self.buffer);
        self.sums.sealed.update(&sealed);
        out.extend_from_slice(&sealed);
        self.buffer.clear();
    }
}

/// Opens a file as its sealed bytes come in. Each segment is authentic when it comes out, but
/// only [`SegmentOpener::finish`] says that the file was whole.
pub struct SegmentOpener {
    cipher: Cipher,
    buffer: Vec<u8>,
    sums: Option<Sums>,
    sealed: Sha256,
    key_commitment: [u8; 32],
}

impl SegmentOpener {
    /// Bytes of the header that [`SegmentOpener::start`] wants.
    pub const HEADER_LEN: usize = HEADER;

    /// Number of the content key that opens a file, from its header.
    ///
    /// # Errors
    /// [`SealError::Suite`], [`SealError::Malformed`].
    pub fn key_number(header: &[u8]) -> Result<u32, SealError> {
        let mut rest = header;
        match take(&mut rest) {
            Some([SUITE, FORM]) if header.len() >= HEADER => {
                take(&mut rest).map(u32::from_be_bytes).ok_or(SealError::Malformed(WHAT))
            }
            Some([suite, FORM]) if suite != SUITE => Err(SealError::Suite(suite)),
            _ => Err(SealError::Malformed(WHAT)),
        }
    }

    /// Starts with the header (the first [`SegmentOpener::HEADER_LEN`] bytes).
    ///
    /// # Errors
    /// [`SealError::Commitment`] where key or place is another; [`SealError::Malformed`].
    pub fn start(key: &ContentKey, place: &FilePlace<'_>, header: &[u8]) -> Result<Self, SealError> {
        let number = Self::key_number(header)?;
        let header = &header[..HEADER];
        let mut rest = &header[6..];
        let (Some(seed), Some(key_commitment)) = (take(&mut rest), take::<32>(&mut rest)) else {
            return Err(SealError::Malformed(WHAT));
        };
        let bound = place.bound(number);
        if number != key.number() || !equal(&key_commitment, &commitment(key, &bound)) {
            return Err(SealError::Commitment(WHAT));
        }
        Ok(Self {
            cipher: Cipher::new(key, &seed, header, &bound),
            buffer: Vec::with_capacity(2 * SEALED_SEGMENT),
            sums: None,
            sealed: Sha256::new().chain_update(header),
            key_commitment,
        })
    }

    /// Takes the next sealed bytes and appends what they hold to `out`.
    ///
    /// # Errors
    /// [`SealError::Refused`] where a segment was altered or stands elsewhere.
    pub fn update(&mut self, mut data: &[u8], out: &mut Vec<u8>) -> Result<(), SealError> {
        while !data.is_empty() {
            let room = SEALED_SEGMENT + TRAILER + 1 - self.buffer.len();
            let (now, later) = data.split_at(data.len().min(room));
            self.buffer.extend_from_slice(now);
            data = later;
            // More than a last segment and the trailer: the first one is not the last.
            if self.buffer.len() > SEALED_SEGMENT + TRAILER {
                self.segment(0, out)?;
            }
        }
        Ok(())
    }

    /// Opens the last segment and checks that the file was whole.
    ///
    /// # Errors
    /// [`SealError::Cut`] where the end is missing; [`SealError::Refused`].
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<OpenFile, SealError> {
        if self.buffer.len() != SEALED_SEGMENT + TRAILER {
            return Err(SealError::Cut);
        }
        self.segment(1, out)?;
        let mut sums = self.sums.ok_or(SealError::Cut)?;
        let code: [u8; 32] = sums.code.clone().finalize().into_bytes().into();
        if !equal(&code, &self.buffer) {
            return Err(SealError::Refused(WHAT));
        }
        sums.sealed = self.sealed.chain_update(code);
        Ok(sums.done(self.key_commitment))
    }

    fn segment(&mut self, last: u8, out: &mut Vec<u8>) -> Result<(), SealError> {
        let plain = self.cipher.open(last, &self.buffer[..SEALED_SEGMENT])?;
        self.sealed.update(&self.buffer[..SEALED_SEGMENT]);
        self.buffer.drain(..SEALED_SEGMENT);
        let mut data = plain.as_slice();
        let sums = match &mut self.sums {
            Some(sums) => sums,
            None => {
                let salt = take(&mut data).ok_or(SealError::Malformed(WHAT))?;
                self.sums.insert(Sums::new(salt))
            }
        };
        sums.plain(data);
        out.extend_from_slice(data);
        Ok(())
    }
}

/// Seals everything `from` gives into `to`.
///
/// # Errors
/// Those of reading and writing.
pub fn seal_file(
    key: &ContentKey,
    place: &FilePlace<'_>,
    rng: &mut dyn Entropy,
    from: &mut dyn Read,
    to: &mut dyn Write,
) -> std::io::Result<OpenFile> {
    let mut piece = Zeroizing::new(vec![0; SEGMENT_LEN]);
    let mut out = Vec::with_capacity(2 * SEALED_SEGMENT);
    let mut sealer = SegmentSealer::start(key, place, rng, &mut out);
    loop {
        let n = from.read(&mut piece)?;
        if n == 0 {
            break;
        }
        sealer.update(&piece[..n], &mut out);
        to.write_all(&out)?;
        out.clear();
    }
    let file = sealer.finish(&mut out);
    to.write_all(&out)?;
    Ok(file)
}

/// Opens everything `from` gives into `to`. What was written before an error is authentic but
/// incomplete: throw it away.
///
/// # Errors
/// Those of reading and writing; a [`SealError`] as [`std::io::ErrorKind::InvalidData`].
pub fn open_file(
    key: &ContentKey,
    place: &FilePlace<'_>,
    from: &mut dyn Read,
    to: &mut dyn Write,
) -> std::io::Result<OpenFile> {
    let invalid = |e: SealError| std::io::Error::new(std::io::ErrorKind::InvalidData, e);
    let mut header = Vec::with_capacity(HEADER);
    from.take(HEADER as u64).read_to_end(&mut header)?;
    let mut opener = SegmentOpener::start(key, place, &header).map_err(invalid)?;
    let mut piece = vec![0; SEALED_SEGMENT];
    let mut out = Zeroizing::new(Vec::with_capacity(2 * SEGMENT_LEN));
    loop {
        let n = from.read(&mut piece)?;
        if n == 0 {
            break;
        }
        opener.update(&piece[..n], &mut out).map_err(invalid)?;
        to.write_all(&out)?;
        out.clear();
    }
    let file = opener.finish(&mut out).map_err(invalid)?;
    to.write_all(&out)?;
    Ok(file)
}
