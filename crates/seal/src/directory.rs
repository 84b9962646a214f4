//! The key directory: which public keys a tenant seals to, as a versioned document signed by a
//! root key that was pinned at `init`. What is unsigned, expired, out of order or for another
//! tenant is refused; there is nothing to fall back to. It does not know where the document is
//! kept, and reads no clock.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::entropy::{Entropy, draw};
use crate::keys::{
    Approver, ApproverPublic, Custodian, CustodianPublic, Gate, GatePublic, KeyId, KeyRole, Office, OfficePublic,
    PublicKey, RoleMark,
};
use crate::token::sha256;

const LABEL: &[u8] = b"dengwen/key-directory/1\n";

/// Why a key directory is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// It cannot be read.
    #[error("the key directory is malformed ({0}); publish it again with `dengwen keys`")]
    Malformed(&'static str),
    /// The signature is missing or not the pinned root's.
    #[error("the key directory is not signed by this organ's root key; nothing is sealed with it")]
    Unsigned,
    /// It belongs to another tenant.
    #[error("the key directory belongs to {found}, not to this organ")]
    OtherTenant {
        /// Whose it is.
        found: String,
    },
    /// It is older than one already seen, or does not follow the last one.
    #[error("the key directory has version {found}, but version {wanted} or later is due; restore the latest one")]
    Order {
        /// Its version.
        found: u32,
        /// The least version acceptable.
        wanted: u32,
    },
    /// Its predecessor is not the one at hand.
    #[error("the key directory does not follow the one before it; somebody replaced one of them")]
    Chain,
    /// Its term is over.
    #[error("the key directory expired on {until}; have it renewed by the holder of the root key")]
    Expired {
        /// Last day.
        until: Date,
    },
    /// No key of a role is in term.
    #[error("the key directory has no {role} key in term on {day}; have one added by the holder of the root key", role = role.as_str())]
    NoKey {
        /// The role.
        role: KeyRole,
        /// The day asked for.
        day: Date,
    },
}

/// Public half of a tenant's root key, pinned at `init`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RootPublic([u8; 32]);

impl RootPublic {
    /// Takes stored bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// A tenant's root key: signs key directories, nothing else; wiped when dropped.
pub struct RootSecret(Zeroizing<[u8; 32]>);

impl RootSecret {
    /// Makes a new key.
    pub fn generate(rng: &mut dyn Entropy) -> Self {
        Self(Zeroizing::new(draw(rng)))
    }

    /// Takes the bytes of a stored key.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Its public half.
    pub fn public(&self) -> RootPublic {
        RootPublic(self.signing().verifying_key().to_bytes())
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn signing(&self) -> SigningKey {
        SigningKey::from_bytes(&self.0)
    }
}

impl std::fmt::Debug for RootSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RootSecret(…)")
    }
}

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryEntry {
    /// What is sealed to it.
    pub role: KeyRole,
    /// Its name; must fit role and bytes.
    pub key_id: KeyId,
    /// 32 bytes, hexadecimal.
    pub public: String,
    /// Who holds the secret key: an office or a function, as written by the organ.
    pub holder: String,
    /// First day of its term.
    pub from: Date,
    /// Last day of its term.
    pub until: Date,
}

impl DirectoryEntry {
    /// An entry for `key`.
    pub fn new<R: RoleMark>(key: &PublicKey<R>, holder: &str, from: Date, until: Date) -> Self {
        Self {
            role: R::ROLE,
            key_id: key.id(),
            public: hex::encode(key.as_bytes()),
            holder: holder.to_owned(),
            from,
            until,
        }
    }

    fn key(&self) -> Result<[u8; 32], DirectoryError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(&self.public, &mut bytes).map_err(|_| DirectoryError::Malformed("public key"))?;
        if KeyId::of(self.role.as_str(), &bytes) != self.key_id {
            return Err(DirectoryError::Malformed("key id"));
        }
        Ok(bytes)
    }
}

/// A directory before it is signed. Of several keys of a role in term the first is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DirectoryDraft {
    /// 1, 2, 3 …
    pub version: u32,
    /// Organ code of the tenant.
    pub tenant: String,
    /// Last day of the document's term.
    pub until: Date,
    /// SHA-256 of the signed document before this one, hexadecimal; zeros for the first.
    pub previous: String,
    /// Recipients, current ones first.
    pub entries: Vec<DirectoryEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Signed {
    document: String,
    signature: String,
}

impl DirectoryDraft {
    /// Signs it: the bytes to publish.
    pub fn sign(&self, root: &RootSecret) -> Vec<u8> {
        let document = serde_json::to_string(self).expect("the document has only text keys");
        let signature = root.signing().sign(&[LABEL, document.as_bytes()].concat());
        let signed = Signed { document, signature: hex::encode(signature.to_bytes()) };
        serde_json::to_vec(&signed).expect("two texts")
    }
}

/// The public keys a report is sealed to on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipients {
    /// Content keys are wrapped to it.
    pub office: OfficePublic,
    /// First share of the identity.
    pub custodian: CustodianPublic,
    /// Second share.
    pub approver: ApproverPublic,
    /// Third share.
    pub gate: GatePublic,
}

/// A key directory whose signature, tenant, order and term were checked; there is no other way to
/// get one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyDirectory {
    draft: DirectoryDraft,
    digest: [u8; 32],
}

impl KeyDirectory {
    /// Checks a signed directory on the day `today`. `least_version` is the highest version seen
    /// before (1 for none): an older one put back is refused.
    ///
    /// # Errors
    /// Every [`DirectoryError`] but `Chain` and `NoKey`.
    pub fn open(
        signed: &[u8],
        root: &RootPublic,
        tenant: &str,
        today: Date,
        least_version: u32,
    ) -> Result<Self, DirectoryError> {
        let directory = Self::checked(signed, root, tenant)?;
        let found = directory.draft.version;
        if found < least_version {
            return Err(DirectoryError::Order { found, wanted: least_version });
        }
        if directory.draft.until < today {
            return Err(DirectoryError::Expired { until: directory.draft.until });
        }
        Ok(directory)
    }

    /// Signature, tenant and shape, but not the term: for renewing an expired one.
    pub(crate) fn checked(signed: &[u8], root: &RootPublic, tenant: &str) -> Result<Self, DirectoryError> {
        let Signed { document, signature } = serde_json::from_slice(signed).map_err(|_| DirectoryError::Unsigned)?;
        let mut bytes = [0; 64];
        hex::decode_to_slice(&signature, &mut bytes).map_err(|_| DirectoryError::Unsigned)?;
        VerifyingKey::from_bytes(&root.0)
            .and_then(|root| {
                let message = [LABEL, document.as_bytes()].concat();
                root.verify_strict(&message, &Signature::from_bytes(&bytes))
            })
            .map_err(|_| DirectoryError::Unsigned)?;
        let draft: DirectoryDraft =
            serde_json::from_str(&document).map_err(|_| DirectoryError::Malformed("document"))?;
        if draft.tenant != tenant {
            return Err(DirectoryError::OtherTenant { found: draft.tenant });
        }
        for entry in &draft.entries {
            entry.key()?;
        }
        Ok(Self { draft, digest: sha256(signed) })
    }

    /// Checks that `signed` is the next version after this one, and takes its place.
    ///
    /// # Errors
    /// As [`KeyDirectory::open`]; [`DirectoryError::Chain`] where it follows another document.
    pub fn succeed(&self, signed: &[u8], root: &RootPublic, today: Date) -> Result<Self, DirectoryError> {
        let wanted = self.draft.version + 1;
        let next = Self::open(signed, root, &self.draft.tenant, today, wanted)?;
        if next.draft.version != wanted {
            return Err(DirectoryError::Order { found: next.draft.version, wanted });
        }
        if next.draft.previous != hex::encode(self.digest) {
            return Err(DirectoryError::Chain);
        }
        Ok(next)
    }

    /// Its version.
    pub fn version(&self) -> u32 {
        self.draft.version
    }

    /// SHA-256 of the signed document: what is logged.
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// Last day of the document's term.
    pub fn until(&self) -> Date {
        self.draft.until
    }

    /// Its entries.
    pub fn entries(&self) -> &[DirectoryEntry] {
        &self.draft.entries
    }

    /// The draft of the next version, with the same entries.
    pub fn next(&self) -> DirectoryDraft {
        DirectoryDraft { version: self.draft.version + 1, previous: hex::encode(self.digest), ..self.draft.clone() }
    }

    /// The keys to seal to on `day`.
    ///
    /// # Errors
    /// [`DirectoryError::Expired`], [`DirectoryError::NoKey`].
    pub fn recipients(&self, day: Date) -> Result<Recipients, DirectoryError> {
        if self.draft.until < day {
            return Err(DirectoryError::Expired { until: self.draft.until });
        }
        Ok(Recipients {
            office: self.key::<Office>(day)?,
            custodian: self.key::<Custodian>(day)?,
            approver: self.key::<Approver>(day)?,
            gate: self.key::<Gate>(day)?,
        })
    }

    fn key<R: RoleMark>(&self, day: Date) -> Result<PublicKey<R>, DirectoryError> {
        self.draft
            .entries
            .iter()
            .find(|e| e.role == R::ROLE && e.from <= day && day <= e.until)
            .ok_or(DirectoryError::NoKey { role: R::ROLE, day })
            .and_then(|e| Ok(PublicKey::from_bytes(e.key()?)))
    }
}
