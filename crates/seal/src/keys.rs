//! Keys by what they are for: role key pairs that cannot be mixed up, and secret keys of 32
//! bytes each with one purpose. None of them prints its bytes. It does not know where keys are
//! kept (`folder`) nor who holds them (`directory`).

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::binding::Binding;
use crate::entropy::{Entropy, draw};
use crate::error::SealError;
use crate::hpkebox;

/// Which role a key pair serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyRole {
    /// Content keys are wrapped to it.
    Office,
    /// 身份密封保管人: first share of an identity.
    Custodian,
    /// 身份启封审批人: second share of an identity.
    Approver,
    /// Third share, released only once the opening is in the log.
    Gate,
}

impl KeyRole {
    /// The stored spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Custodian => "custodian",
            Self::Approver => "approver",
            Self::Gate => "gate",
        }
    }
}

/// A role as a type, so that a custodian's key cannot stand where an office's is wanted.
pub trait RoleMark: Clone + Copy + Send + Sync + 'static {
    /// The role.
    const ROLE: KeyRole;
}

macro_rules! role {
    ($(#[$doc:meta])* $name:ident, $public:ident, $secret:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name;
        impl RoleMark for $name {
            const ROLE: KeyRole = KeyRole::$name;
        }
        /// Public key of that role.
        pub type $public = PublicKey<$name>;
        /// Secret key of that role.
        pub type $secret = SecretKey<$name>;
    };
}
role!(
    /// The office that opens reports.
    Office, OfficePublic, OfficeSecret
);
role!(
    /// 身份密封保管人.
    Custodian, CustodianPublic, CustodianSecret
);
role!(
    /// 身份启封审批人.
    Approver, ApproverPublic, ApproverSecret
);
role!(
    /// The gate that waits for the log.
    Gate, GatePublic, GateSecret
);

/// Name of a public key: the first 8 bytes of a hash of its role and bytes; 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(pub [u8; 8]);

impl KeyId {
    pub(crate) fn of(role: &str, public: &[u8; 32]) -> Self {
        let text = Binding::new("dengwen/key-id/1").bytes(role.as_bytes()).bytes(public).done();
        let digest: [u8; 32] = Sha256::digest(text).into();
        let mut id = [0; 8];
        id.copy_from_slice(&digest[..8]);
        Self(id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}
impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}
impl FromStr for KeyId {
    type Err = SealError;
    fn from_str(text: &str) -> Result<Self, SealError> {
        let mut id = [0; 8];
        hex::decode_to_slice(text, &mut id).map_err(|_| SealError::Malformed("key id"))?;
        Ok(Self(id))
    }
}
impl TryFrom<String> for KeyId {
    type Error = SealError;
    fn try_from(text: String) -> Result<Self, SealError> {
        text.parse()
    }
}
impl From<KeyId> for String {
    fn from(id: KeyId) -> String {
        id.to_string()
    }
}

/// An X25519 public key of one role.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey<R: RoleMark> {
    bytes: [u8; 32],
    role: PhantomData<R>,
}

impl<R: RoleMark> PublicKey<R> {
    /// Takes the 32 bytes of a public key.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self { bytes, role: PhantomData }
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// Its name in envelopes and in the key directory.
    pub fn id(&self) -> KeyId {
        KeyId::of(R::ROLE.as_str(), &self.bytes)
    }
}

impl<R: RoleMark> fmt::Debug for PublicKey<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", R::ROLE.as_str(), self.id())
    }
}

/// An X25519 secret key of one role; wiped when dropped, never printed.
#[derive(Clone)]
pub struct SecretKey<R: RoleMark> {
    bytes: Zeroizing<[u8; 32]>,
    public: PublicKey<R>,
}

impl<R: RoleMark> SecretKey<R> {
    /// Makes a new key.
    pub fn generate(rng: &mut dyn Entropy) -> Self {
        let (bytes, public) = hpkebox::generate(rng);
        Self { bytes, public: PublicKey::from_bytes(public) }
    }

    /// Takes the 32 bytes of a stored secret key.
    ///
    /// # Errors
    /// [`SealError::Malformed`] where they are no key.
    pub fn from_bytes(bytes: [u8; 32]) -> Result<Self, SealError> {
        let bytes = Zeroizing::new(bytes);
        let public = PublicKey::from_bytes(hpkebox::public_of(&bytes)?);
        Ok(Self { bytes, public })
    }

    /// Its public key.
    pub fn public(&self) -> PublicKey<R> {
        self.public
    }

    /// Its name.
    pub fn id(&self) -> KeyId {
        self.public.id()
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }
}

impl<R: RoleMark> fmt::Debug for SecretKey<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({} {})", R::ROLE.as_str(), self.id())
    }
}

macro_rules! symmetric {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// 32 random bytes; wiped when dropped, never printed.
        #[derive(Clone)]
        pub struct $name(Zeroizing<[u8; 32]>);
        impl $name {
            /// Makes a new key.
            pub fn generate(rng: &mut dyn Entropy) -> Self {
                Self(Zeroizing::new(draw(rng)))
            }
            /// Takes the bytes of a stored key.
            pub fn from_bytes(bytes: [u8; 32]) -> Self {
                Self(Zeroizing::new(bytes))
            }
            /// The bytes; do not copy them anywhere that outlives the key.
            pub fn expose(&self) -> &[u8; 32] {
                &self.0
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}
symmetric!(
    /// Under which query codes are derived and looked up; outside the database, so that a stolen
    /// one allows no guessing.
    Pepper
);
symmetric!(
    /// Under which members of staff become tokens in recusal lists.
    RecusalKey
);
symmetric!(
    /// Under which form tickets are signed.
    TicketKey
);
symmetric!(
    /// Opens the sealed index of one tenant.
    IndexKey
);
symmetric!(
    /// Under which imported rows get their identity.
    RowKey
);
symmetric!(
    /// Seed of the Ed25519 key that signs a tenant's log and receipts; `ledger` uses it.
    LogSeed
);
