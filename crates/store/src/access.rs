//! Sign-ins: sessions, credentials and API keys, all found by hash alone (the allow-listed kind of
//! table of citus.md). It checks no password and knows no token in clear.

use domain::ids::{StaffId, TenantCode};
use jiff::civil::Date;

use crate::db::{Cells, Clash, Value, args, run_tx, statements};
use crate::rows::Bytes32;
use crate::{Store, StoreError, schema};

statements! {
    SESSION = "SELECT token, tenant, staff, data, created_at, seen_at, expires_at FROM sessions WHERE token = $1";
    SESSION_SEEN = "UPDATE sessions SET seen_at = $2 WHERE token = $1 AND seen_at < $2";
    SESSION_DATA = "UPDATE sessions SET data = $2 WHERE token = $1";
    SESSION_END = "DELETE FROM sessions WHERE token = $1";
    SESSIONS_END = "DELETE FROM sessions WHERE tenant = $1 AND staff = $2";
    SESSIONS_SWEEP = "DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2";
    CREDENTIAL = "SELECT lookup, kind, tenant, staff, secret, expires_at FROM credentials \
        WHERE lookup = $1 AND kind = $2 AND (expires_at IS NULL OR expires_at > $3)";
    CREDENTIAL_TAKE = "DELETE FROM credentials \
        WHERE lookup = $1 AND kind = $2 AND (expires_at IS NULL OR expires_at > $3) \
        RETURNING lookup, kind, tenant, staff, secret, expires_at";
    INVITATIONS_RELEASE = "UPDATE credentials SET secret = $3 \
        WHERE tenant = $1 AND staff = $2 AND kind = 'invitation' AND secret <> '' AND expires_at > $4";
    CREDENTIALS_DROP = "DELETE FROM credentials WHERE tenant = $1 AND staff = $2";
    API_KEY = "SELECT key_hash, tenant, name, created_on FROM api_keys WHERE key_hash = $1";
    API_KEYS_OF = "SELECT key_hash, tenant, name, created_on FROM api_keys WHERE tenant = $1 ORDER BY name, key_hash";
    API_KEY_REVOKE = "DELETE FROM api_keys WHERE key_hash = $1";
}

/// A request moves a session's `seen_at` at most this often, in microseconds: every request would
/// be a write and, read the other way, a diary of the desk.
const MINUTE: i64 = 60_000_000;

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
        run_tx!(self.write, "begin session", tx => {
            tx.insert(
                &schema::SESSIONS,
                Clash::Fail,
                vec![args![
                    &row.token,
                    &row.tenant,
                    &row.staff,
                    row.data.as_str(),
                    row.created_at,
                    row.seen_at,
                    row.expires_at
                ]],
            )
            .await
        })?;
        Ok(())
    }

    /// The session of a token, unless it idled for more than `idle` microseconds or expired; then
    /// it is deleted. `seen_at` moves on at most once a minute.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session(&self, token: &Bytes32, now: i64, idle: i64) -> Result<Option<SessionRow>, StoreError> {
        let Some(mut row) = self.read.fetch_one("sessions", SESSION, args![token]).await? else {
            return Ok(None);
        };
        let mut session = session_row(&mut row)?;
        if session.expires_at <= now || session.seen_at.saturating_add(idle) <= now {
            self.session_end(token).await?;
            return Ok(None);
        }
        let minute = now - now.rem_euclid(MINUTE);
        if session.seen_at < minute {
            run_tx!(self.write, "session seen", tx => tx.execute(SESSION_SEEN, args![token, minute]).await)?;
            session.seen_at = minute;
        }
        Ok(Some(session))
    }

    /// Replaces the data kept with a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_data(&self, token: &Bytes32, data: &str) -> Result<(), StoreError> {
        run_tx!(self.write, "session data", tx => tx.execute(SESSION_DATA, args![token, data]).await)?;
        Ok(())
    }

    /// Ends a session (sign-out).
    ///
    /// # Errors
    /// The database fails.
    pub async fn session_end(&self, token: &Bytes32) -> Result<(), StoreError> {
        run_tx!(self.write, "end session", tx => tx.execute(SESSION_END, args![token]).await)?;
        Ok(())
    }

    /// Ends all sessions of one member of staff (she left, or her roles changed).
    ///
    /// # Errors
    /// The database fails.
    pub async fn sessions_end(&self, tenant: &TenantCode, staff: &StaffId) -> Result<(), StoreError> {
        run_tx!(self.write, "end sessions", tx => tx.execute(SESSIONS_END, args![tenant, staff]).await)?;
        Ok(())
    }

    /// Deletes what idled or expired; the number of sessions deleted.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sessions_sweep(&self, now: i64, idle: i64) -> Result<u64, StoreError> {
        run_tx!(self.write, "sweep sessions", tx => tx.execute(SESSIONS_SWEEP, args![now, now - idle]).await)
    }

    /// Writes a credential, replacing the one of the same look-up and kind.
    ///
    /// # Errors
    /// The database fails.
    pub async fn credential_put(&self, row: &CredentialRow) -> Result<(), StoreError> {
        run_tx!(self.write, "put credential", tx => {
            tx.insert(&schema::CREDENTIALS, Clash::Replace, vec![credential_values(row)]).await
        })?;
        Ok(())
    }

    /// Sets a password and ends every session of the person, in one commit.
    ///
    /// # Errors
    /// The database fails.
    pub async fn password_put(&self, row: &CredentialRow) -> Result<(), StoreError> {
        run_tx!(self.write, "put password", tx => {
            tx.execute(SESSIONS_END, args![&row.tenant, &row.staff]).await?;
            tx.insert(&schema::CREDENTIALS, Clash::Replace, vec![credential_values(row)]).await
        })?;
        Ok(())
    }

    /// Takes an invitation out and sets the password it was for, in one commit; false, and nothing
    /// done, where the invitation is gone or expired. It works once, however many race for it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn invitation_spend(
        &self,
        lookup: &Bytes32,
        now: i64,
        password: &CredentialRow,
    ) -> Result<bool, StoreError> {
        let taken = args![lookup, CredentialKind::Invitation.as_str(), now];
        run_tx!(self.write, "spend invitation", tx => {
            if tx.fetch_one("credentials", CREDENTIAL_TAKE, taken.clone()).await?.is_none() {
                return Ok(false);
            }
            tx.execute(SESSIONS_END, args![&password.tenant, &password.staff]).await?;
            tx.insert(&schema::CREDENTIALS, Clash::Replace, vec![credential_values(password)]).await?;
            Ok(true)
        })
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
        let row = self.read.fetch_one("credentials", CREDENTIAL, args![lookup, kind.as_str(), now]).await?;
        row.map(|mut r| credential_row(&mut r)).transpose()
    }

    /// Gives the locked one-time links of somebody their secret; how many there were. A link without a
    /// secret is not locked and stays so.
    ///
    /// # Errors
    /// The database fails.
    pub async fn invitations_release(
        &self,
        tenant: &TenantCode,
        staff: &StaffId,
        secret: &str,
        now: i64,
    ) -> Result<u64, StoreError> {
        run_tx!(self.write, "release links", tx => {
            tx.execute(INVITATIONS_RELEASE, args![tenant, staff, secret, now]).await
        })
    }

    /// Drops the password and the links of somebody who left.
    ///
    /// # Errors
    /// The database fails.
    pub async fn credentials_drop(&self, tenant: &TenantCode, staff: &StaffId) -> Result<(), StoreError> {
        run_tx!(self.write, "drop credentials", tx => tx.execute(CREDENTIALS_DROP, args![tenant, staff]).await)?;
        Ok(())
    }

    /// Registers an API key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_key_put(&self, row: &ApiKeyRow) -> Result<(), StoreError> {
        run_tx!(self.write, "put API key", tx => {
            tx.insert(
                &schema::API_KEYS,
                Clash::Replace,
                vec![args![&row.key, &row.tenant, row.name.as_str(), row.created_on]],
            )
            .await
        })?;
        Ok(())
    }

    /// Finds an API key.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_key(&self, key: &Bytes32) -> Result<Option<ApiKeyRow>, StoreError> {
        let row = self.read.fetch_one("api_keys", API_KEY, args![key]).await?;
        row.map(|mut r| api_key_row(&mut r)).transpose()
    }

    /// The API keys of an organ, by name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_keys(&self, tenant: &TenantCode) -> Result<Vec<ApiKeyRow>, StoreError> {
        let rows = self.read.fetch("api_keys", API_KEYS_OF, args![tenant]).await?;
        rows.into_iter().map(|mut r| api_key_row(&mut r)).collect()
    }

    /// Takes an API key out of use.
    ///
    /// # Errors
    /// The database fails.
    pub async fn api_key_revoke(&self, key: &Bytes32) -> Result<(), StoreError> {
        run_tx!(self.write, "revoke API key", tx => tx.execute(API_KEY_REVOKE, args![key]).await)?;
        Ok(())
    }
}

fn credential_values(row: &CredentialRow) -> Vec<Value> {
    args![&row.lookup, row.kind.as_str(), &row.tenant, &row.staff, row.secret.as_str(), row.expires_at]
}

fn session_row(row: &mut Cells) -> Result<SessionRow, StoreError> {
    Ok(SessionRow {
        token: row.array("token")?,
        tenant: row.word("tenant")?,
        staff: StaffId(row.text("staff")?),
        data: row.text("data")?,
        created_at: row.int("created_at")?,
        seen_at: row.int("seen_at")?,
        expires_at: row.int("expires_at")?,
    })
}

fn credential_row(row: &mut Cells) -> Result<CredentialRow, StoreError> {
    Ok(CredentialRow {
        lookup: row.array("lookup")?,
        kind: row.one_of("kind", CredentialKind::ALL, CredentialKind::as_str)?,
        tenant: row.word("tenant")?,
        staff: StaffId(row.text("staff")?),
        secret: row.text("secret")?,
        expires_at: row.opt_int("expires_at")?,
    })
}

fn api_key_row(row: &mut Cells) -> Result<ApiKeyRow, StoreError> {
    Ok(ApiKeyRow {
        key: row.array("key_hash")?,
        tenant: row.word("tenant")?,
        name: row.text("name")?,
        created_on: row.day("created_on")?,
    })
}
