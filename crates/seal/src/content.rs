//! The key of a report's content: made at intake, wrapped to the office's public key, unwrapped
//! by those who hold the office's secret key, wrapped anew when that key rotates. It does not
//! know what is sealed under it (`part`, `segment`).

use zeroize::Zeroizing;

use crate::SUITE;
use crate::binding::{Binding, take};
use crate::entropy::{Entropy, draw};
use crate::error::SealError;
use crate::hpkebox;
use crate::keys::{KeyId, OfficePublic, OfficeSecret};

const FORM: u8 = 1;
const WHAT: &str = "wrapped key";

/// A key of one report's content; wiped when dropped, never printed.
#[derive(Clone)]
pub struct ContentKey {
    number: u32,
    bytes: Zeroizing<[u8; 32]>,
}

impl ContentKey {
    /// Makes a new key and wraps it to the office in one step: all that the public role needs,
    /// and all it can do.
    ///
    /// # Errors
    /// [`SealError::Malformed`] where the public key is none.
    pub fn mint(
        office: &OfficePublic,
        place: &KeyPlace<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(Self, WrappedKey), SealError> {
        let key = Self { number: place.key_no, bytes: Zeroizing::new(draw(rng)) };
        let wrapped = key.wrap(office, place, rng)?;
        Ok((key, wrapped))
    }

    /// The key of a package between two networks: it belongs to no report.
    pub(crate) fn of_package(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self { number: 0, bytes }
    }

    /// The number of this key within its report, from 1; stands in every envelope sealed under it.
    pub fn number(&self) -> u32 {
        self.number
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    fn wrap(
        &self,
        office: &OfficePublic,
        place: &KeyPlace<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<WrappedKey, SealError> {
        let id = office.id();
        let mut out = vec![SUITE, FORM];
        out.extend_from_slice(&id.0);
        let boxed = hpkebox::seal(office.as_bytes(), &place.info(id), &[], &*self.bytes, rng)?;
        out.extend_from_slice(&boxed);
        Ok(WrappedKey(out))
    }
}

impl std::fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ContentKey(no. {})", self.number)
    }
}

/// Which key of which report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyPlace<'a> {
    /// Organ code of the tenant.
    pub tenant: &'a str,
    /// Id of the report, or of another stream.
    pub report: [u8; 16],
    /// 1 is made at intake; what the public side adds later has keys of its own.
    pub key_no: u32,
}

impl KeyPlace<'_> {
    fn info(&self, id: KeyId) -> Vec<u8> {
        Binding::new("dengwen/content-key/1")
            .number(SUITE)
            .bytes(self.tenant.as_bytes())
            .bytes(&self.report)
            .number(self.key_no)
            .bytes(&id.0)
            .done()
    }
}

/// A content key under the office's public key: `suite ‖ form ‖ key id ‖ box`, 122 bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey(Vec<u8>);

impl WrappedKey {
    /// Takes stored bytes.
    ///
    /// # Errors
    /// [`SealError::Suite`], [`SealError::Malformed`].
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, SealError> {
        match bytes[..] {
            [SUITE, FORM, ..] if bytes.len() == 10 + 32 + hpkebox::OVERHEAD => Ok(Self(bytes)),
            [suite, FORM, ..] if suite != SUITE => Err(SealError::Suite(suite)),
            _ => Err(SealError::Malformed(WHAT)),
        }
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The office key it is wrapped to.
    pub fn key_id(&self) -> KeyId {
        let mut rest = &self.0[2..];
        KeyId(take(&mut rest).expect("the length was checked when it was made"))
    }
}

/// The office's secret keys: the first is the one in use, any of them opens.
#[derive(Debug, Clone)]
pub struct OfficeRing(Vec<OfficeSecret>);

impl OfficeRing {
    /// A ring of at least one key, the one in use first.
    pub fn new(current: OfficeSecret, former: Vec<OfficeSecret>) -> Self {
        let mut keys = vec![current];
        keys.extend(former);
        Self(keys)
    }

    /// The public key in use.
    pub fn public(&self) -> OfficePublic {
        self.0[0].public()
    }

    /// Names of all keys, the one in use first.
    pub fn ids(&self) -> Vec<KeyId> {
        self.0.iter().map(OfficeSecret::id).collect()
    }

    /// Ids of the former keys, which are kept for what was wrapped to them before.
    pub fn former(&self) -> impl Iterator<Item = KeyId> {
        self.keys().iter().skip(1).map(OfficeSecret::id)
    }

    pub(crate) fn keys(&self) -> &[OfficeSecret] {
        &self.0
    }

    /// Opens a wrapped content key.
    ///
    /// # Errors
    /// [`SealError::KeyMissing`] where the ring lacks the key; [`SealError::Commitment`] or
    /// [`SealError::Refused`] where it belongs to another tenant, report or number, or was altered.
    pub fn unwrap(&self, wrapped: &WrappedKey, place: &KeyPlace<'_>) -> Result<ContentKey, SealError> {
        let needed = wrapped.key_id();
        let secret = self.0.iter().find(|k| k.id() == needed).ok_or(SealError::KeyMissing { needed })?;
        let opened = hpkebox::open(secret.bytes(), &place.info(needed), &[], &wrapped.0[10..], WHAT)?;
        let bytes = opened.as_slice().try_into().map_err(|_| SealError::Malformed(WHAT))?;
        Ok(ContentKey { number: place.key_no, bytes: Zeroizing::new(bytes) })
    }

    /// Wraps a stored key to another office key (rotation; 径送 found half-way). The content
    /// stays as it is.
    ///
    /// # Errors
    /// As [`OfficeRing::unwrap`].
    pub fn rewrap(
        &self,
        wrapped: &WrappedKey,
        place: &KeyPlace<'_>,
        to: &OfficePublic,
        rng: &mut dyn Entropy,
    ) -> Result<WrappedKey, SealError> {
        self.unwrap(wrapped, place)?.wrap(to, place, rng)
    }
}
