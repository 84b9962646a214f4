//! Who reported, under a key of its own that three parties must bring together: the XOR of a
//! custodian's share, an approver's share and the gate's share. Every report carries one envelope
//! of one size; an anonymous report's holds nothing and looks the same. It does not know who may
//! ask for an opening, nor the log the gate waits for.
//!
//! `suite ‖ form ‖ 3 × (key id (8) ‖ box) ‖ key commitment (32) ‖ ciphertext` over 4 KiB.

use std::fmt;
use std::marker::PhantomData;

use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::{self, Binding, TAG, equal, take};
use crate::directory::Recipients;
use crate::entropy::{Entropy, draw};
use crate::error::SealError;
use crate::hpkebox;
use crate::keys::{Approver, Custodian, Gate, KeyId, KeyRole, PublicKey, RoleMark, SecretKey};

const FORM: u8 = 4;
const WHAT: &str = "identity envelope";
const PADDED: usize = 4096;
const SHARE: usize = 8 + 32 + hpkebox::OVERHEAD;
const LEN: usize = 2 + 3 * SHARE + 32 + PADDED + TAG;

/// Bytes of identity that fit.
pub const IDENTITY_LIMIT: usize = PADDED - 3;

/// Which identity of which report; it opens nowhere else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdentityPlace<'a> {
    /// Organ code of the tenant.
    pub tenant: &'a str,
    /// Id of the report.
    pub report: [u8; 16],
    /// 0 at intake; one more for each replacement.
    pub part: u16,
}

impl IdentityPlace<'_> {
    fn info(&self, role: KeyRole, id: KeyId) -> Vec<u8> {
        Binding::new("dengwen/identity-share/1")
            .number(SUITE)
            .bytes(self.tenant.as_bytes())
            .bytes(&self.report)
            .number(self.part)
            .bytes(role.as_str().as_bytes())
            .bytes(&id.0)
            .done()
    }

    fn bound(&self) -> Vec<u8> {
        Binding::new("dengwen/identity/1")
            .number(SUITE)
            .bytes(self.tenant.as_bytes())
            .bytes(&self.report)
            .number(self.part)
            .done()
    }
}

/// One share of an identity key, from one role; useless without the other two.
#[derive(Clone)]
pub struct Share<R: RoleMark> {
    bytes: Zeroizing<[u8; 32]>,
    role: PhantomData<R>,
}

impl<R: RoleMark> Share<R> {
    /// Takes a share kept between the acts of two people.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self { bytes: Zeroizing::new(bytes), role: PhantomData }
    }

    /// The bytes; do not copy them anywhere that outlives the opening.
    pub fn expose(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl<R: RoleMark> fmt::Debug for Share<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({})", R::ROLE.as_str())
    }
}

fn put_share<R: RoleMark>(
    out: &mut Vec<u8>,
    public: &PublicKey<R>,
    place: &IdentityPlace<'_>,
    share: &[u8; 32],
    rng: &mut dyn Entropy,
) -> Result<(), SealError> {
    let id = public.id();
    out.extend_from_slice(&id.0);
    let info = place.info(R::ROLE, id);
    out.extend_from_slice(&hpkebox::seal(public.as_bytes(), &info, &[], share, rng)?);
    Ok(())
}

fn xor(a: &[u8; 32], b: &[u8; 32], c: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(std::array::from_fn(|i| a[i] ^ b[i] ^ c[i]))
}

fn commitment(key: &[u8; 32], bound: &[u8]) -> [u8; 32] {
    binding::hmac(key, &[b"dengwen/key-commitment/1", bound])
}

fn cipher_key(key: &[u8; 32]) -> Zeroizing<[u8; 32]> {
    binding::derive(key, &[], b"dengwen/identity-key/1")
}

/// Seals an identity, or for `None` a dummy of the same size that nobody without the three
/// shares can tell from one.
///
/// # Errors
/// [`SealError::TooLong`] above [`IDENTITY_LIMIT`]; [`SealError::Malformed`] for a bad key.
pub fn seal_identity(
    to: &Recipients,
    place: &IdentityPlace<'_>,
    identity: Option<&[u8]>,
    rng: &mut dyn Entropy,
) -> Result<Vec<u8>, SealError> {
    let text = identity.unwrap_or_default();
    if text.len() > IDENTITY_LIMIT {
        return Err(SealError::TooLong { what: "name and contact", limit: IDENTITY_LIMIT });
    }
    let (a, b, c) = (Zeroizing::new(draw::<32>(rng)), Zeroizing::new(draw::<32>(rng)), Zeroizing::new(draw::<32>(rng)));
    let key = xor(&a, &b, &c);
    let mut out = Vec::with_capacity(LEN);
    out.extend_from_slice(&[SUITE, FORM]);
    put_share::<Custodian>(&mut out, &to.custodian, place, &a, rng)?;
    put_share::<Approver>(&mut out, &to.approver, place, &b, rng)?;
    put_share::<Gate>(&mut out, &to.gate, place, &c, rng)?;
    let bound = place.bound();
    out.extend_from_slice(&commitment(&key, &bound));

    let mut inner = Zeroizing::new(Vec::with_capacity(PADDED));
    inner.push(u8::from(identity.is_some()));
    inner.extend_from_slice(&(text.len() as u16).to_be_bytes());
    inner.extend_from_slice(text);
    inner.resize(PADDED, 0);
    let aad = [&out[..], &bound].concat();
    out.extend_from_slice(&binding::encrypt(&cipher_key(&key), &[0; 12], &aad, &inner));
    Ok(out)
}

/// Opens one role's share, with that role's secret key.
///
/// # Errors
/// [`SealError::KeyMissing`] where it is sealed to another key of the role;
/// [`SealError::Commitment`] where the envelope belongs to another tenant, report or part.
pub fn open_share<R: RoleMark>(
    secret: &SecretKey<R>,
    place: &IdentityPlace<'_>,
    envelope: &[u8],
) -> Result<Share<R>, SealError> {
    check(envelope)?;
    let position = match R::ROLE {
        KeyRole::Custodian => 0,
        KeyRole::Approver => 1,
        KeyRole::Gate => 2,
        KeyRole::Office => return Err(SealError::KeyMissing { needed: share_key(envelope, 0) }),
    };
    let needed = share_key(envelope, position);
    if secret.id() != needed {
        return Err(SealError::KeyMissing { needed });
    }
    let boxed = &envelope[2 + position * SHARE + 8..2 + (position + 1) * SHARE];
    let info = place.info(R::ROLE, needed);
    let share = hpkebox::open(secret.bytes(), &info, &[], boxed, WHAT)?;
    let bytes = share.as_slice().try_into().map_err(|_| SealError::Malformed(WHAT))?;
    Ok(Share::from_bytes(bytes))
}

/// Brings three shares together. `None` is a dummy: the report is anonymous.
///
/// # Errors
/// [`SealError::Commitment`] where a share or the place is not the right one;
/// [`SealError::Refused`] where bytes were altered.
pub fn open_identity(
    place: &IdentityPlace<'_>,
    envelope: &[u8],
    custodian: &Share<Custodian>,
    approver: &Share<Approver>,
    gate: &Share<Gate>,
) -> Result<Option<Zeroizing<Vec<u8>>>, SealError> {
    check(envelope)?;
    let key = xor(&custodian.bytes, &approver.bytes, &gate.bytes);
    let bound = place.bound();
    let (head, sealed) = envelope.split_at(LEN - PADDED - TAG);
    if !equal(&head[head.len() - 32..], &commitment(&key, &bound)) {
        return Err(SealError::Commitment(WHAT));
    }
    let aad = [head, &bound].concat();
    let inner = binding::decrypt(&cipher_key(&key), &[0; 12], &aad, sealed).ok_or(SealError::Refused(WHAT))?;
    let mut rest = inner.as_slice();
    let malformed = SealError::Malformed(WHAT);
    let [real] = take(&mut rest).ok_or(malformed.clone())?;
    let len = take(&mut rest).map(u16::from_be_bytes).ok_or(malformed.clone())?;
    let text = rest.get(..len as usize).ok_or(malformed)?;
    Ok((real == 1).then(|| Zeroizing::new(text.to_vec())))
}

fn check(envelope: &[u8]) -> Result<(), SealError> {
    match envelope {
        [SUITE, FORM, ..] if envelope.len() == LEN => Ok(()),
        [suite, FORM, ..] if *suite != SUITE => Err(SealError::Suite(*suite)),
        _ => Err(SealError::Malformed(WHAT)),
    }
}

fn share_key(envelope: &[u8], position: usize) -> KeyId {
    let mut rest = &envelope[2 + position * SHARE..];
    KeyId(take(&mut rest).expect("the length was checked before"))
}
