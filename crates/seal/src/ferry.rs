//! Packages that pass between two networks as files: sealed to the other side, signed by this one,
//! numbered and chained. It knows bytes and keys; what is in a package, and which number is next,
//! is the caller's business.
//!
//! `"DWFERRY1" ‖ suite ‖ side ‖ pair (16) ‖ number (8) ‖ digest of the package before (32)`, then the
//! content's key sealed to the other side (bound to all of that), the content in segments
//! (`segment`), and an Ed25519 signature (64) over the SHA-256 of everything before it. No time, no
//! name and no length of anything stands in clear; the content is padded ([`ferry_padding`]).

use std::io::{self, Read, Write};

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::Binding;
use crate::content::ContentKey;
use crate::entropy::{Entropy, draw};
use crate::hpkebox;
use crate::segment::{FilePlace, SEGMENT_LEN, SegmentOpener, SegmentSealer};

const MAGIC: &[u8; 8] = b"DWFERRY1";
const LABEL: &[u8] = b"dengwen/ferry-signature/1";
const HEAD: usize = 8 + 1 + 1 + 16 + 8 + 32;
const KEY_BOX: usize = 32 + hpkebox::OVERHEAD;
const SIGNATURE: usize = 64;
/// The least a package's content is padded to, bytes.
const LEAST: u64 = 256 * 1024;
/// Bytes read at a time.
const PIECE: usize = 64 * 1024;

/// On which side of the divide an installation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FerrySide {
    /// 外网: takes reports, opens none.
    Outside,
    /// 内网: the register and the desk.
    Inside,
}

impl FerrySide {
    fn byte(self) -> u8 {
        match self {
            Self::Outside => 1,
            Self::Inside => 2,
        }
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Outside => Self::Inside,
            Self::Inside => Self::Outside,
        }
    }
}

/// What one side of a pair holds: its own secrets and the other's public halves.
#[derive(Clone)]
pub struct FerryKeys {
    pub(crate) side: FerrySide,
    pub(crate) pair: [u8; 16],
    pub(crate) signing: Zeroizing<[u8; 32]>,
    pub(crate) exchange: Zeroizing<[u8; 32]>,
    pub(crate) peer_signing: [u8; 32],
    pub(crate) peer_exchange: [u8; 32],
}

impl std::fmt::Debug for FerryKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FerryKeys({:?}, {})", self.side, self.pair())
    }
}

/// What the two sides of a pair hold.
#[derive(Debug, Clone)]
pub struct FerryPair {
    /// The outside's keys.
    pub outside: FerryKeys,
    /// The inside's keys.
    pub inside: FerryKeys,
}

impl FerryPair {
    /// Makes both sides' keys, under a random name.
    pub fn generate(rng: &mut dyn Entropy) -> Self {
        let pair = draw(rng);
        let (out_sign, in_sign) = (Zeroizing::new(draw(rng)), Zeroizing::new(draw(rng)));
        let public = |seed: &[u8; 32]| SigningKey::from_bytes(seed).verifying_key().to_bytes();
        let (out_sign_public, in_sign_public) = (public(&out_sign), public(&in_sign));
        let (out_secret, out_public) = hpkebox::generate(rng);
        let (in_secret, in_public) = hpkebox::generate(rng);
        Self {
            outside: FerryKeys {
                side: FerrySide::Outside,
                pair,
                signing: out_sign,
                exchange: out_secret,
                peer_signing: in_sign_public,
                peer_exchange: in_public,
            },
            inside: FerryKeys {
                side: FerrySide::Inside,
                pair,
                signing: in_sign,
                exchange: in_secret,
                peer_signing: out_sign_public,
                peer_exchange: out_public,
            },
        }
    }
}

impl FerryKeys {
    /// Which side this is.
    pub fn side(&self) -> FerrySide {
        self.side
    }

    /// The pair's name, 32 hexadecimal digits.
    pub fn pair(&self) -> String {
        hex::encode(self.pair)
    }

    fn head(&self, from: FerrySide, link: &PackageLink) -> Vec<u8> {
        let mut head = Vec::with_capacity(HEAD);
        head.extend_from_slice(MAGIC);
        head.push(SUITE);
        head.push(from.byte());
        head.extend_from_slice(&self.pair);
        head.extend_from_slice(&link.number.to_be_bytes());
        head.extend_from_slice(&link.before);
        head
    }

    fn place(&self) -> FilePlace<'static> {
        FilePlace { tenant: "ferry", report: self.pair, blob: [0; 16] }
    }
}

fn info(head: &[u8]) -> Vec<u8> {
    Binding::new("dengwen/ferry/1").bytes(head).done()
}

/// Where a package stands in its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageLink {
    /// 1, 2, 3 …
    pub number: u64,
    /// Digest of the package before; zeros for the first.
    pub before: [u8; 32],
}

/// A package whose signature holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckedPackage {
    /// Where it stands.
    pub link: PackageLink,
    /// SHA-256 of the whole file: what the next one names.
    pub digest: [u8; 32],
}

/// Why a file is not taken as a package.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// No package at all, or of a later program.
    #[error("it is not a package this program knows")]
    Unknown,
    /// It belongs to two other installations or to another organ.
    #[error("it belongs to another pair of networks or to another organ")]
    OtherPair,
    /// This side made it itself.
    #[error("it was made on this side; it is to be taken to the other one")]
    OwnSide,
    /// A byte is not as it was signed, or it ends too early.
    #[error("its signature does not hold: it was changed, cut off or made by somebody else")]
    Changed,
    /// The file could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// How many zeros follow a content of this many bytes: up to 256 KiB, and above it to an eighth of
/// the next power of two, so that the size of a package tells its order of magnitude and little more.
pub fn ferry_padding(length: u64) -> u64 {
    let step = (length.max(LEAST).next_power_of_two() / 8).max(LEAST);
    length.max(1).div_ceil(step) * step - length
}

/// Writes a package as its content comes.
pub struct PackageWriter<W: Write> {
    to: W,
    hash: Sha256,
    sealer: SegmentSealer,
    signing: SigningKey,
    out: Vec<u8>,
}

impl<W: Write> PackageWriter<W> {
    /// Begins a package from this side to the other.
    ///
    /// # Errors
    /// Those of writing; the other side's key is none.
    pub fn start(keys: &FerryKeys, link: &PackageLink, rng: &mut dyn Entropy, to: W) -> io::Result<Self> {
        let head = keys.head(keys.side, link);
        let secret: Zeroizing<[u8; 32]> = Zeroizing::new(draw(rng));
        let boxed = hpkebox::seal(&keys.peer_exchange, &info(&head), &[], &*secret, rng)
            .map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
        let mut out = [head, boxed].concat();
        let sealer = SegmentSealer::start(&ContentKey::of_package(secret), &keys.place(), rng, &mut out);
        let signing = SigningKey::from_bytes(&keys.signing);
        let mut writer = Self { to, hash: Sha256::new(), sealer, signing, out };
        writer.flush_out()?;
        Ok(writer)
    }

    fn flush_out(&mut self) -> io::Result<()> {
        self.hash.update(&self.out);
        self.to.write_all(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Seals and signs the end; returns where it was written and the digest of the whole.
    ///
    /// # Errors
    /// Those of writing.
    pub fn finish(mut self) -> io::Result<(W, [u8; 32])> {
        self.sealer.finish(&mut self.out);
        self.hash.update(&self.out);
        self.to.write_all(&self.out)?;
        let sum: [u8; 32] = self.hash.clone().finalize().into();
        let signature = self.signing.sign(&[LABEL, &sum].concat()).to_bytes();
        self.hash.update(signature);
        self.to.write_all(&signature)?;
        Ok((self.to, self.hash.finalize().into()))
    }
}

impl<W: Write> Write for PackageWriter<W> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.sealer.update(data, &mut self.out);
        if !self.out.is_empty() {
            self.flush_out()?;
        }
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// Checks the signature over a whole package of `length` bytes that the other side made.
///
/// # Errors
/// [`PackageError`].
pub fn check_package(keys: &FerryKeys, from: &mut dyn Read, length: u64) -> Result<CheckedPackage, PackageError> {
    let least = HEAD + KEY_BOX + SegmentOpener::HEADER_LEN + SIGNATURE;
    if length < least as u64 {
        return Err(PackageError::Unknown);
    }
    let mut head = [0; HEAD];
    from.read_exact(&mut head)?;
    if &head[..8] != MAGIC || head[8] != SUITE {
        return Err(PackageError::Unknown);
    }
    if head[10..26] != keys.pair {
        return Err(PackageError::OtherPair);
    }
    if head[9] == keys.side.byte() {
        return Err(PackageError::OwnSide);
    }
    let (mut number, mut before) = ([0; 8], [0; 32]);
    number.copy_from_slice(&head[26..34]);
    before.copy_from_slice(&head[34..]);
    let mut hash = Sha256::new().chain_update(head);
    let mut left = length - (HEAD + SIGNATURE) as u64;
    let mut piece = vec![0; PIECE];
    while left > 0 {
        let n = piece.len().min(usize::try_from(left).unwrap_or(PIECE));
        from.read_exact(&mut piece[..n])?;
        hash.update(&piece[..n]);
        left -= n as u64;
    }
    let mut signature = [0; SIGNATURE];
    from.read_exact(&mut signature)?;
    let sum: [u8; 32] = hash.clone().finalize().into();
    VerifyingKey::from_bytes(&keys.peer_signing)
        .and_then(|key| key.verify_strict(&[LABEL, &sum].concat(), &Signature::from_bytes(&signature)))
        .map_err(|_| PackageError::Changed)?;
    hash.update(signature);
    let link = PackageLink { number: u64::from_be_bytes(number), before };
    Ok(CheckedPackage { link, digest: hash.finalize().into() })
}

/// The digest of a package as it lies in a file, to be compared with the one it was made under.
///
/// # Errors
/// Those of reading.
pub fn package_digest(from: &mut dyn Read) -> io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(hash.finalize().into()),
            n => hash.update(&piece[..n]),
        }
    }
}

/// Reads the content of a package that was checked.
pub struct PackageReader<R: Read> {
    from: R,
    left: u64,
    opener: Option<SegmentOpener>,
    plain: Zeroizing<Vec<u8>>,
    at: usize,
}

impl<R: Read> PackageReader<R> {
    /// Begins to read a package of `length` bytes that stands where `link` says.
    ///
    /// # Errors
    /// It is not sealed to this side, or not at that place; those of reading.
    pub fn open(keys: &FerryKeys, link: &PackageLink, mut from: R, length: u64) -> io::Result<Self> {
        let invalid = |e: crate::SealError| io::Error::new(io::ErrorKind::InvalidData, e);
        let mut head = [0; HEAD];
        from.read_exact(&mut head)?;
        if head[..] != keys.head(keys.side.other(), link)[..] {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the package is not the one that was checked"));
        }
        let mut boxed = [0; KEY_BOX];
        from.read_exact(&mut boxed)?;
        let secret = hpkebox::open(&keys.exchange, &info(&head), &[], &boxed, "package").map_err(invalid)?;
        let secret: [u8; 32] = secret.as_slice().try_into().map_err(|_| io::ErrorKind::InvalidData)?;
        let mut start = [0; SegmentOpener::HEADER_LEN];
        from.read_exact(&mut start)?;
        let key = ContentKey::of_package(Zeroizing::new(secret));
        let opener = SegmentOpener::start(&key, &keys.place(), &start).map_err(invalid)?;
        let before = HEAD + KEY_BOX + SegmentOpener::HEADER_LEN + SIGNATURE;
        let left = length.checked_sub(before as u64).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(Self { from, left, opener: Some(opener), plain: Zeroizing::new(Vec::new()), at: 0 })
    }

    fn more(&mut self) -> io::Result<()> {
        let invalid = |e: crate::SealError| io::Error::new(io::ErrorKind::InvalidData, e);
        self.plain.clear();
        self.at = 0;
        let mut piece = vec![0; SEGMENT_LEN];
        while self.plain.is_empty() {
            let Some(opener) = &mut self.opener else { return Ok(()) };
            let n = piece.len().min(usize::try_from(self.left).unwrap_or(SEGMENT_LEN));
            if n == 0 {
                if let Some(opener) = self.opener.take() {
                    opener.finish(&mut self.plain).map_err(invalid)?;
                }
                return Ok(());
            }
            self.from.read_exact(&mut piece[..n])?;
            self.left -= n as u64;
            opener.update(&piece[..n], &mut self.plain).map_err(invalid)?;
        }
        Ok(())
    }
}

impl<R: Read> Read for PackageReader<R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.at == self.plain.len() {
            self.more()?;
        }
        let n = to.len().min(self.plain.len() - self.at);
        to[..n].copy_from_slice(&self.plain[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
