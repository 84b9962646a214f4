//! What a leaf of the log says: a salted commitment to one event or one file,
//! and the day. It does not know what an event is, only canonical bytes and
//! digests; nothing about the matter or a person can be read from a leaf.

use sha2::{Digest, Sha256};

use crate::Hash;

/// The value that stands for "no earlier event" in the first event of a stream.
pub const GENESIS: Hash = [0; 32];

/// Every published size is a multiple of this many leaves, so that a public
/// timetable of submissions cannot be read off the log.
pub const PADDING: u64 = 16;

const COMMITMENT_TAG: &[u8] = b"dengwen/c1";
const EVENT_TAG: &[u8] = b"dengwen/e1";
const FILE_TAG: &[u8] = b"dengwen/f1";
const DUMMY_TAG: &[u8] = b"dengwen/d1";
const SUCCESSOR_TAG: &[u8] = b"dengwen/s1";

/// What is committed of one sealed part of an event. None of the three values
/// can be computed from a guessed text: the part's salt stands only inside the
/// envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartDigest {
    /// SHA-256 of the ciphertext.
    pub ciphertext: Hash,
    /// HMAC of the place under the content key: one commitment, one key.
    pub key_commitment: Hash,
    /// HMAC of the plaintext under the part's salt.
    pub plaintext: Hash,
}

/// The digest of one event: its canonical header, its sealed parts in order,
/// and the commitment of the event before it in the same stream ([`GENESIS`]
/// for the first), which orders a report's history even within one batch.
///
/// Lengths are part of what is hashed, so that no header can be read as a
/// shorter header with one more part.
pub fn event_digest(header: &[u8], parts: &[PartDigest], prev: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(EVENT_TAG);
    hash.update((header.len() as u64).to_be_bytes());
    hash.update(header);
    hash.update((parts.len() as u64).to_be_bytes());
    for part in parts {
        hash.update(part.ciphertext);
        hash.update(part.key_commitment);
        hash.update(part.plaintext);
    }
    hash.update(prev);
    hash.finalize().into()
}

/// The digest of a file (a letter, a receipt), from the SHA-256 of its bytes,
/// kept apart from event digests by its own tag.
pub fn file_digest(sha256_of_file: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(FILE_TAG);
    hash.update(sha256_of_file);
    hash.finalize().into()
}

/// Plain SHA-256, for the bytes of a file before [`file_digest`].
pub fn sha256(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// `SHA-256("dengwen/c1" ‖ salt ‖ digest)`. Destroying the salt makes the leaf
/// meaningless and leaves the tree intact.
pub fn commitment(salt: &Hash, digest: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(COMMITMENT_TAG);
    hash.update(salt);
    hash.update(digest);
    hash.finalize().into()
}

/// The commitment of a padding leaf. Without the salt it cannot be told from
/// any other; with it `fsck` can show that the leaf stands for nothing.
pub fn dummy_commitment(salt: &Hash) -> Hash {
    commitment(salt, &sha256(DUMMY_TAG))
}

/// The commitment of the first leaf of a log that takes the place of another (`…/2`): it names the
/// last checkpoint known of the former, by its text. Without a salt, because the text is public and
/// everybody shall be able to see what the new log claims to follow.
pub fn successor_commitment(former: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(SUCCESSOR_TAG);
    hash.update(former.as_bytes());
    hash.finalize().into()
}

/// How many dummy leaves to append before publishing, so that the size becomes
/// a multiple of [`PADDING`] and every publication adds at least one such
/// block, an empty hour included.
pub fn dummies_wanted(published: u64, size: u64) -> u64 {
    let at_least = size.max(published.saturating_add(1));
    at_least.next_multiple_of(PADDING).saturating_sub(size)
}

/// A civil day as the number of days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub u32);

const EPOCH: jiff::civil::Date = jiff::civil::date(1970, 1, 1);

impl Day {
    /// The number of a civil date; `None` before 1970.
    pub fn from_date(date: jiff::civil::Date) -> Option<Day> {
        u32::try_from(date.duration_since(EPOCH).as_hours() / 24).ok().filter(|_| date >= EPOCH).map(Day)
    }

    /// The civil date; `None` beyond the year 9999.
    pub fn date(self) -> Option<jiff::civil::Date> {
        EPOCH.checked_add(jiff::SignedDuration::from_hours(i64::from(self.0) * 24)).ok()
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{date}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

/// One entry of a tenant's log, 42 bytes:
/// `"DWL1" | kind u8 | algorithm u8 | commitment 32 B | day u32 big-endian`.
/// Kind and algorithm are constants (1 and 1 = SHA-256): a leaf does not tell
/// a submission from a reply, a letter or padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leaf {
    /// The salted commitment to an event, a file, or nothing.
    pub commitment: Hash,
    /// The day on which it was recorded; never a time.
    pub day: Day,
}

const MAGIC: &[u8; 4] = b"DWL1";
const KIND: u8 = 1;
const SHA256: u8 = 1;

/// The bytes of the log are not a leaf of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not a leaf of version DWL1 with SHA-256")]
pub struct NotALeaf;

impl Leaf {
    /// Length of an encoded leaf in bytes.
    pub const LEN: usize = 42;

    /// The entry as it stands in the log.
    pub fn to_bytes(&self) -> [u8; Leaf::LEN] {
        let mut out = [0; Leaf::LEN];
        out[..4].copy_from_slice(MAGIC);
        out[4] = KIND;
        out[5] = SHA256;
        out[6..38].copy_from_slice(&self.commitment);
        out[38..].copy_from_slice(&self.day.0.to_be_bytes());
        out
    }

    /// Reads an entry; refuses any other length, version, kind or algorithm.
    pub fn from_bytes(bytes: &[u8]) -> Result<Leaf, NotALeaf> {
        let bytes: &[u8; Leaf::LEN] = bytes.try_into().map_err(|_| NotALeaf)?;
        let (head, rest) = bytes.split_at(6);
        let (commitment, day) = rest.split_at(32);
        if head[..4] != *MAGIC || head[4] != KIND || head[5] != SHA256 {
            return Err(NotALeaf);
        }
        Ok(Leaf {
            commitment: commitment.try_into().map_err(|_| NotALeaf)?,
            day: Day(u32::from_be_bytes(day.try_into().map_err(|_| NotALeaf)?)),
        })
    }

    /// The hash of this leaf in the tree.
    pub fn hash(&self) -> Hash {
        crate::tree::leaf_hash(&self.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_reads_back_and_nothing_else_is_one() {
        let leaf = Leaf { commitment: commitment(&[7; 32], &[9; 32]), day: Day(20_495) };
        let bytes = leaf.to_bytes();
        assert_eq!(Leaf::from_bytes(&bytes), Ok(leaf));
        assert_eq!(Leaf::from_bytes(&bytes[..41]), Err(NotALeaf));
        for at in 0..6 {
            let mut other = bytes;
            other[at] ^= 1;
            assert_eq!(Leaf::from_bytes(&other), Err(NotALeaf), "byte {at}");
        }
    }

    #[test]
    fn days_and_dates_agree() {
        let date = jiff::civil::date(2026, 2, 11);
        let day = Day::from_date(date).unwrap();
        assert_eq!(day, Day(20_495));
        assert_eq!(day.date(), Some(date));
        assert_eq!(day.to_string(), "2026-02-11");
        assert_eq!(Day::from_date(jiff::civil::date(1969, 12, 31)), None);
        assert_eq!(Day(u32::MAX).to_string(), "day 4294967295");
    }

    #[test]
    fn event_digest_binds_every_input_and_its_place() {
        let part = PartDigest { ciphertext: [1; 32], key_commitment: [2; 32], plaintext: [3; 32] };
        let other = PartDigest { ciphertext: [2; 32], ..part };
        let base = event_digest(b"{}", &[part, other], &GENESIS);
        assert_ne!(base, event_digest(b"{ }", &[part, other], &GENESIS));
        assert_ne!(base, event_digest(b"{}", &[other, part], &GENESIS));
        assert_ne!(base, event_digest(b"{}", &[part], &GENESIS));
        assert_ne!(base, event_digest(b"{}", &[part, other], &[1; 32]));
        // A header that swallows the first part is not the same event.
        let mut swallowed = b"{}".to_vec();
        swallowed.extend([1; 32].iter().chain(&[2; 32]).chain(&[3; 32]));
        assert_ne!(base, event_digest(&swallowed, &[other], &GENESIS));
    }

    #[test]
    fn padding_always_ends_on_a_block_and_always_adds_one() {
        for published in (0..96).step_by(16) {
            for size in published..published + 40 {
                let end = size + dummies_wanted(published, size);
                assert_eq!(end % PADDING, 0);
                assert!(end > published);
                assert!(end - published.max(size) <= PADDING);
            }
        }
    }

    #[test]
    fn commitments_of_files_events_and_dummies_never_meet() {
        let salt = [5; 32];
        let file = commitment(&salt, &file_digest(&sha256(b"letter")));
        let event = commitment(&salt, &event_digest(b"letter", &[], &GENESIS));
        assert_ne!(file, event);
        assert_ne!(file, dummy_commitment(&salt));
    }
}
