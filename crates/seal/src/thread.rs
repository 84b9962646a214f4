//! The reporter's thread: entries sealed to a public key that follows from her code, so that the
//! public side can add and shows nothing until the code is presented. It does not know who wrote
//! an entry.
//!
//! `suite ‖ form ‖ key id (8) ‖ box` over `length (4) ‖ plaintext ‖ zeros`, padded like a part.

use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::{self, Binding, take};
use crate::code::QueryCode;
use crate::entropy::Entropy;
use crate::error::SealError;
use crate::hpkebox;
use crate::keys::{KeyId, Pepper};
use crate::part::padded_len;

const FORM: u8 = 5;
const WHAT: &str = "thread entry";

/// The public half of a thread's key: stored beside the code's look-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadPublic([u8; 32]);

impl ThreadPublic {
    /// Takes stored bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn id(&self) -> KeyId {
        KeyId::of("thread", &self.0)
    }
}

/// A thread's key pair; exists only while the code is presented.
pub struct ThreadKeys {
    secret: Zeroizing<[u8; 32]>,
    public: ThreadPublic,
}

impl ThreadKeys {
    /// The public half.
    pub fn public(&self) -> ThreadPublic {
        self.public
    }
}

impl std::fmt::Debug for ThreadKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ThreadKeys({})", self.public.id())
    }
}

/// The key pair that follows from a code. The pepper takes part, so that a stolen database allows
/// no guessing of codes against the stored public half.
pub fn thread_keys(pepper: &Pepper, code: &QueryCode) -> ThreadKeys {
    let material = binding::derive(code.bytes(), pepper.expose(), b"dengwen/thread-key/1");
    let (secret, public) = hpkebox::derive_pair(&material);
    ThreadKeys { secret, public: ThreadPublic(public) }
}

/// Former keys of a thread sealed to its new one, so that what was sealed to them and arrives later
/// still opens.
///
/// # Errors
/// As [`seal_to_thread`].
pub fn hand_on(
    former: &[&ThreadKeys],
    to: &ThreadPublic,
    place: &ThreadPlace<'_>,
    rng: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let mut secrets = Zeroizing::new(Vec::with_capacity(former.len() * 32));
    for keys in former {
        secrets.extend_from_slice(&*keys.secret);
    }
    seal_to_thread(to, place, &secrets, rng)
}

/// Opens what [`hand_on`] made.
///
/// # Errors
/// As [`open_thread`].
pub fn take_over(keys: &ThreadKeys, place: &ThreadPlace<'_>, sealed: &[u8]) -> Result<Vec<ThreadKeys>, SealError> {
    let secrets = open_thread(keys, place, sealed)?;
    let (whole, rest) = secrets.as_chunks::<32>();
    if !rest.is_empty() {
        return Err(SealError::Malformed(WHAT));
    }
    whole
        .iter()
        .map(|secret| {
            let public = ThreadPublic(hpkebox::public_of(secret)?);
            Ok(ThreadKeys { secret: Zeroizing::new(*secret), public })
        })
        .collect()
}

/// Which entry of which report's thread; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadPlace<'a> {
    /// Organ code of the tenant.
    pub tenant: &'a str,
    /// Id of the report.
    pub report: [u8; 16],
    /// Number of the entry within the thread.
    pub seq: u32,
}

impl ThreadPlace<'_> {
    fn info(&self, id: KeyId) -> Vec<u8> {
        Binding::new("dengwen/thread/1")
            .number(SUITE)
            .bytes(self.tenant.as_bytes())
            .bytes(&self.report)
            .number(self.seq)
            .bytes(&id.0)
            .done()
    }
}

/// Seals an entry to the thread.
///
/// # Errors
/// [`SealError::Malformed`] for a bad key; [`SealError::TooLong`] above 4 GiB.
pub fn seal_to_thread(
    to: &ThreadPublic,
    place: &ThreadPlace<'_>,
    plaintext: &[u8],
    rng: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let limit = u32::MAX as usize;
    let len = u32::try_from(plaintext.len()).map_err(|_| SealError::TooLong { what: "the message", limit })?;
    let mut inner = Zeroizing::new(Vec::with_capacity(padded_len(plaintext.len())));
    inner.extend_from_slice(&len.to_be_bytes());
    inner.extend_from_slice(plaintext);
    inner.resize(padded_len(plaintext.len()), 0);
    let id = to.id();
    let mut out = vec![SUITE, FORM];
    out.extend_from_slice(&id.0);
    out.extend_from_slice(&hpkebox::seal(&to.0, &place.info(id), &[], &inner, rng)?);
    Ok(out)
}

/// Opens an entry of the thread with the keys of the presented code.
///
/// # Errors
/// [`SealError::KeyMissing`] where it was sealed to another code's key;
/// [`SealError::Commitment`] or [`SealError::Refused`] where it belongs elsewhere or was altered.
pub fn open_thread(keys: &ThreadKeys, place: &ThreadPlace<'_>, entry: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let mut rest = entry;
    match take(&mut rest) {
        Some([SUITE, FORM]) => {}
        Some([suite, FORM]) => return Err(SealError::Suite(suite)),
        _ => return Err(SealError::Malformed(WHAT)),
    }
    let needed = KeyId(take(&mut rest).ok_or(SealError::Malformed(WHAT))?);
    if needed != keys.public.id() {
        return Err(SealError::KeyMissing { needed });
    }
    let inner = hpkebox::open(&keys.secret, &place.info(needed), &[], rest, WHAT)?;
    let mut rest = inner.as_slice();
    let len = take(&mut rest).map(u32::from_be_bytes).ok_or(SealError::Malformed(WHAT))?;
    let text = rest.get(..len as usize).ok_or(SealError::Malformed(WHAT))?;
    Ok(Zeroizing::new(text.to_vec()))
}
