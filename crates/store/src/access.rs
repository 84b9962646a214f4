//! Sign-ins: sessions, credentials and API keys, all found by hash alone (the allow-listed kind of
//! table of citus.md). It checks no password and knows no token in clear.

use domain::ids::{StaffId, TenantCode};
use jiff::civil::Date;

use crate::rows::Bytes32;
use crate::{Store, StoreError};

/// A signed-in member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// SHA-256 of the token.
    pub token: Bytes32,
    /// Whose register.
    pub tenant: TenantCode,
    /// Who.
    pub staff: StaffId,
    /// What the desk keeps with it (role acted in, CSRF secret …), as JSON.
    pub data: String,
    /// Signed in, Unix microseconds.
    pub created_at: i64,
    /// Last request, to the minute, Unix microseconds.
    pub seen_at: i64,
    /// Ends at the latest, Unix microseconds.
    pub expires_at: i64,
}

/// What a credential is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CredentialKind {
    /// An Argon2id hash.
    Password,
    /// A one-time link, made by `init` or an administrator.
    Invitation,
}

impl CredentialKind {
    pub(crate) const ALL: &[Self] = &[Self::Password, Self::Invitation];

    /// The stored spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Invitation => "invitation",
        }
    }
}

/// Something a member of staff signs in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CredentialRow {
    /// SHA-256 of the sign-in name (password) or of the token (invitation).
    pub lookup: Bytes32,
    /// What it is.
    pub kind: CredentialKind,
    /// Whose register.
    pub tenant: TenantCode,
    /// Who.
    pub staff: StaffId,
    /// PHC string of the password; empty for an invitation.
    pub secret: String,
    /// Last moment it is good for, Unix microseconds.
    pub expires_at: Option<i64>,
}

/// A program that may use the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    /// SHA-256 of the key.
    pub key: Bytes32,
    /// Whose register it files into.
    pub tenant: TenantCode,
    /// Name for people.
    pub name: String,
    /// Day of issue.
    pub created_on: Date,
}

impl Store {
    /// Begins a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_begin(&self, row: &SessionRow) -> Result<(), StoreError> {
        todo!("{row:?}")
    }

    /// The session of a token, unless it idled for more than `idle` microseconds or expired; then
    /// it is deleted. `seen_at` moves on at most once a minute.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session(&self, token: &Bytes32, now: i64, idle: i64) -> Result<Option<SessionRow>, StoreError> {
        todo!("{token:?} {now} {idle}")
    }

    /// Replaces the data kept with a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_data(&self, token: &Bytes32, data: &str) -> Result<(), StoreError> {
        todo!("{token:?} {data}")
    }

    /// Ends a session (sign-out).
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_end(&self, token: &Bytes32) -> Result<(), StoreError> {
        todo!("{token:?}")
    }

    /// Ends all sessions of one member of staff (new password, left the office).
    ///
    /// # Errors
    /// The database fails.
    pub async fn sessions_end(&self, tenant: &TenantCode, staff: &StaffId) -> Result<(), StoreError> {
        todo!("{tenant:?} {staff:?}")
    }

    /// Deletes what idled or expired; the number of sessions deleted.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sessions_sweep(&self, now: i64, idle: i64) -> Result<u64, StoreError> {
        todo!("{now} {idle}")
    }

    /// Writes a credential, replacing the one of the same look-up and kind.
    ///
    /// # Errors
    /// The database fails.
    pub async fn credential_put(&self, row: &CredentialRow) -> Result<(), StoreError> {
        todo!("{row:?}")
    }

    /// Finds a credential; an expired one is not found.
    ///
    /// # Errors
    /// The database fails.
    pub async fn credential(
        &self,
        lookup: &Bytes32,
        kind: CredentialKind,
        now: i64,
    ) -> Result<Option<CredentialRow>, StoreError> {
        todo!("{lookup:?} {kind:?} {now}")
    }

    /// Takes a credential out and returns it: an invitation works once, however many race for it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn credential_take(
        &self,
        lookup: &Bytes32,
        kind: CredentialKind,
        now: i64,
    ) -> Result<Option<CredentialRow>, StoreError> {
        todo!("{lookup:?} {kind:?} {now}")
    }

    /// Registers an API key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_key_put(&self, row: &ApiKeyRow) -> Result<(), StoreError> {
        todo!("{row:?}")
    }

    /// Finds an API key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_key(&self, key: &Bytes32) -> Result<Option<ApiKeyRow>, StoreError> {
        todo!("{key:?}")
    }

    /// The API keys of an organ, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_keys(&self, tenant: &TenantCode) -> Result<Vec<ApiKeyRow>, StoreError> {
        todo!("{tenant:?}")
    }

    /// Takes an API key out of use.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_key_revoke(&self, key: &Bytes32) -> Result<(), StoreError> {
        todo!("{key:?}")
    }
}
