//! Signing in: a password now, a second factor later. Failures slow down and never lock anybody
//! out; an unknown name costs the same time as a wrong password.

use domain::ids::{StaffId, TenantCode};
use seal::{Cost, hash_password, verify_password};
use store::{CredentialKind, CredentialRow, SessionRow};

use super::failures::{Due, Key, Lane, Whose};
use super::me::Me;
use super::password::password_fault;
use crate::audit::Deed;
use crate::error::Error;
use crate::hall::Hall;

/// A session idles out after this long (security.md), microseconds.
pub const IDLE: i64 = 30 * 60 * 1_000_000;
/// A session ends at the latest after a working day, microseconds.
const LONGEST: i64 = 12 * 3600 * 1_000_000;
/// A one-time link is good for a day, microseconds.
const LINK_LIFE: i64 = 24 * 3600 * 1_000_000;

/// Refusals are answered at multiples of this many milliseconds after the question.
const STEP: u128 = 250;

/// A new session: the token goes into the cookie and is stored nowhere.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// For the cookie.
    pub token: String,
    /// Who.
    pub me: Me,
    /// Per-session secret for forms.
    pub csrf: String,
    /// For a lasting cookie: with it this browser is not slowed down by strangers who try her name.
    pub browser: String,
}

/// What is known of a browser before anybody is signed in.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stranger<'a> {
    /// What an earlier sign-in left in it.
    pub browser: Option<&'a str>,
    /// Where it is counted if it is not known.
    pub lane: Lane,
}

/// At most this many password hashes at once: an attacker's queue, not the machine, gets longer.
pub(crate) struct HashPool(pub(crate) tokio::sync::Semaphore);

impl Default for HashPool {
    fn default() -> Self {
        Self(tokio::sync::Semaphore::new(2))
    }
}

impl Hall {
    /// Signs a member of staff in from a browser nobody knows.
    ///
    /// # Errors
    /// As [`Hall::sign_in_from`].
    pub async fn sign_in(&self, user: &str, password: &str) -> Result<SignedIn, Error> {
        self.sign_in_from(user, password, Stranger::default()).await
    }

    /// Signs a member of staff in.
    ///
    /// # Errors
    /// One [`Error::Input`] for every way the name or the password may be wrong, another where too
    /// many try this name at the moment from where she comes.
    pub async fn sign_in_from(&self, user: &str, password: &str, from: Stranger<'_>) -> Result<SignedIn, Error> {
        let lookup = seal::sha256(user.trim().as_bytes());
        let now = self.clock.micros();
        let begun = std::time::Instant::now();
        let found = self.store.credential(&lookup, CredentialKind::Password, now).await?;
        let (whose, known) = match &found {
            Some(row) => (
                Whose::Staff((row.tenant.clone(), row.staff.clone())),
                from.browser.and_then(|browser| self.known_browser(&row.tenant, &lookup, browser)),
            ),
            None => (Whose::Nobody, None),
        };
        let key = known.unwrap_or_else(|| from.lane.key(&lookup));
        // Counted before it is known whether the password is right: a hundred at once are a hundred.
        let Some(wait) = self.failures.begin(key, &whose, now) else {
            return Err(Error::input(
                "sign-in-slow",
                "这个用户名刚才尝试登录的次数太多，请过一分钟再试。账号没有锁定；常用的浏览器不受影响。",
                "Too many tries at this user name just now; try again in a minute. The account is not locked, and a browser that signed in before is not affected.",
            ));
        };
        if wait > 0 {
            tokio::time::sleep(std::time::Duration::from_micros(wait.unsigned_abs())).await;
        }
        // Somebody who does not exist is checked against a hash kept for that purpose.
        let secret = match &found {
            Some(row) => row.secret.clone(),
            None => self.dummy_hash()?,
        };
        let good = self.verify(password.to_owned(), secret).await?;
        let me = found.and_then(|row| self.me(&row.tenant, &row.staff).ok());
        match me {
            Some(me) if good => {
                self.failures.succeeded(&key);
                let signed = self.begin_session(me, now).await?;
                self.record(&signed.me, Deed::SignedIn).await?;
                Ok(signed)
            }
            known => {
                if let Some(me) = known {
                    let who = (me.tenant.clone(), me.staff.clone());
                    if let Some(times) = self.failures.failed(who, self.clock.micros()) {
                        self.record(&me, Deed::SignInFailed { times }).await?;
                    }
                }
                // A name that exists costs a record more: the answer comes at a full step of time.
                let over = begun.elapsed().as_millis() % STEP;
                tokio::time::sleep(std::time::Duration::from_millis((STEP - over) as u64)).await;
                Err(Error::input(
                    "sign-in",
                    "用户名或密码不对，请重新输入。忘记密码请联系系统管理员重发一次性链接。",
                    "The user name or the password is wrong. If you forgot it, ask the administrator for a one-time link.",
                ))
            }
        }
    }

    /// Records the failed sign-ins that were only counted so far.
    ///
    /// # Errors
    /// The store fails.
    pub async fn record_failures(&self) -> Result<(), Error> {
        self.record_counted(Due::Now).await
    }

    pub(crate) async fn record_counted(&self, due: Due) -> Result<(), Error> {
        for ((tenant, staff), times) in self.failures.unrecorded(due, self.clock.micros()) {
            if let Ok(me) = self.me(&tenant, &staff) {
                self.record(&me, Deed::SignInFailed { times }).await?;
            }
        }
        Ok(())
    }

    /// What a browser keeps that somebody signed in with: a random name, and the proof that we gave
    /// it for this sign-in name.
    fn browser_token(&self, tenant: &TenantCode, lookup: &[u8; 32]) -> String {
        let name = seal::fresh_token(&mut self.entropy());
        let proof = self.browser_proof(tenant, lookup, &name);
        name + &hex::encode(proof)
    }

    fn browser_proof(&self, tenant: &TenantCode, lookup: &[u8; 32], name: &str) -> [u8; 32] {
        self.keys.digest(tenant, &[b"browser:".as_slice(), lookup, name.as_bytes()].concat())
    }

    /// Under what the tries from a known browser are counted; `None` if the token is not ours or
    /// was given for another name.
    fn known_browser(&self, tenant: &TenantCode, lookup: &[u8; 32], token: &str) -> Option<Key> {
        let (name, proof) = token.split_at_checked(64)?;
        let ours = hex::encode(self.browser_proof(tenant, lookup, name));
        seal::same(ours.as_bytes(), proof.as_bytes()).then(|| seal::sha256(token.as_bytes()))
    }

    async fn begin_session(&self, me: Me, now: i64) -> Result<SignedIn, Error> {
        let mut rng = self.entropy();
        let token = seal::fresh_token(&mut rng);
        let csrf = seal::fresh_token(&mut rng);
        self.store
            .session_begin(&SessionRow {
                token: seal::token_digest(&token),
                tenant: me.tenant.clone(),
                staff: me.staff.clone(),
                data: csrf.clone(),
                created_at: now,
                seen_at: now,
                expires_at: now + LONGEST,
            })
            .await?;
        let user = self.organ(&me.tenant)?.directory.staff(&me.staff).map(|s| s.user.clone()).unwrap_or_default();
        let browser = self.browser_token(&me.tenant, &seal::sha256(user.as_bytes()));
        Ok(SignedIn { token, me, csrf, browser })
    }

    /// Who a cookie's token belongs to, and the session's form secret.
    ///
    /// # Errors
    /// [`Error::NotFound`] for none, an idle or an ended session.
    pub async fn session(&self, token: &str) -> Result<(Me, String), Error> {
        let row =
            self.store.session(&seal::token_digest(token), self.clock.micros(), IDLE).await?.ok_or(Error::NotFound)?;
        Ok((self.me(&row.tenant, &row.staff)?, row.data))
    }

    /// Ends a session on the server.
    ///
    /// # Errors
    /// The store fails.
    pub async fn sign_out(&self, token: &str) -> Result<(), Error> {
        if let Ok((me, _)) = self.session(token).await {
            self.record(&me, Deed::SignedOut).await?;
        }
        Ok(self.store.session_end(&seal::token_digest(token)).await?)
    }

    /// Sets a password; every session of the person ends.
    ///
    /// # Errors
    /// [`Error::Input`] where the password is not taken.
    pub async fn set_password(
        &self,
        tenant: &TenantCode,
        staff: &StaffId,
        password: &str,
        cost: Cost,
    ) -> Result<(), Error> {
        let row = self.new_password(tenant, staff, password, cost).await?;
        Ok(self.store.password_put(&row).await?)
    }

    /// The row of a new password, not stored yet.
    async fn new_password(
        &self,
        tenant: &TenantCode,
        staff: &StaffId,
        password: &str,
        cost: Cost,
    ) -> Result<CredentialRow, Error> {
        let user = self.organ(tenant)?.directory.staff(staff).ok_or(Error::NotFound)?.user.clone();
        if let Some((zh, en)) = password_fault(password, &user) {
            return Err(Error::input("password", zh, en));
        }
        // Sign-in names are one list for all organs: nobody takes another person's away.
        let held = self
            .store
            .credential(&seal::sha256(user.as_bytes()), CredentialKind::Password, self.clock.micros())
            .await?;
        if held.is_some_and(|row| (&row.tenant, &row.staff) != (tenant, staff)) {
            return Err(Error::input(
                "user-taken",
                "这个登录名已被本平台其他人员使用，请联系管理员另取一个。",
                "Somebody else on this platform signs in with this name; ask the administrator for another one.",
            ));
        }
        let _turn = self.hashing.0.acquire().await.map_err(|e| Error::Io(e.to_string()))?;
        let (text, mut rng) = (password.to_owned(), seal::SystemEntropy);
        let secret = tokio::task::spawn_blocking(move || hash_password(&text, cost, &mut rng))
            .await
            .map_err(|e| Error::Io(e.to_string()))??;
        Ok(CredentialRow {
            lookup: seal::sha256(user.as_bytes()),
            kind: CredentialKind::Password,
            tenant: tenant.clone(),
            staff: staff.clone(),
            secret,
            expires_at: None,
        })
    }

    /// Makes a one-time link's token for a member of staff, good for 24 hours.
    ///
    /// # Errors
    /// The store fails.
    pub async fn invite(&self, tenant: &TenantCode, staff: &StaffId) -> Result<String, Error> {
        self.link(tenant, staff, String::new()).await
    }

    /// As [`Hall::invite`], locked until somebody gives out its code.
    pub(crate) async fn locked_link(&self, tenant: &TenantCode, staff: &StaffId) -> Result<String, Error> {
        self.link(tenant, staff, "locked".to_owned()).await
    }

    async fn link(&self, tenant: &TenantCode, staff: &StaffId, secret: String) -> Result<String, Error> {
        let token = seal::fresh_token(&mut self.entropy());
        let row = CredentialRow {
            lookup: seal::token_digest(&token),
            kind: CredentialKind::Invitation,
            tenant: tenant.clone(),
            staff: staff.clone(),
            secret,
            expires_at: Some(self.clock.micros() + LINK_LIFE),
        };
        self.store.credential_put(&row).await?;
        Ok(token)
    }

    /// Uses a one-time link: sets the password and signs in. The link is used up only if the
    /// password is taken.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a link that is used up, expired or unknown; [`Error::Input`] where the
    /// password is not taken or the code of a locked link is wrong.
    pub async fn use_invitation(&self, token: &str, code: &str, password: &str) -> Result<SignedIn, Error> {
        let (lookup, now) = (seal::token_digest(token), self.clock.micros());
        let seen = self.store.credential(&lookup, CredentialKind::Invitation, now).await?.ok_or(Error::NotFound)?;
        if !seen.secret.is_empty() {
            self.unlock(&lookup, &seen.secret, code, now).await?;
        }
        let row = self.new_password(&seen.tenant, &seen.staff, password, Cost::SignIn).await?;
        // Link and password in one commit: a link is never gone without the password it was for.
        if !self.store.invitation_spend(&lookup, now, &row).await? {
            return Err(Error::NotFound);
        }
        let me = self.me(&row.tenant, &row.staff)?;
        let signed = self.begin_session(me, now).await?;
        self.record(&signed.me, Deed::SignedIn).await?;
        Ok(signed)
    }

    /// Checks the code of a locked link; wrong ones slow down as wrong passwords do.
    async fn unlock(&self, lookup: &[u8; 32], secret: &str, code: &str, now: i64) -> Result<(), Error> {
        let Some(wait) = self.failures.begin(*lookup, &Whose::Link, now) else {
            return Err(Error::input(
                "link-slow",
                "启用码刚才试得太多，请过一分钟再试。链接没有作废。",
                "Too many tries at the code just now; try again in a minute. The link still works.",
            ));
        };
        if wait > 0 {
            tokio::time::sleep(std::time::Duration::from_micros(wait.unsigned_abs())).await;
        }
        if seal::same(crate::staffing::link_secret(code).as_bytes(), secret.as_bytes()) {
            self.failures.succeeded(lookup);
            return Ok(());
        }
        Err(Error::input(
            "link-code",
            "启用码不对。启用码由安全保密员当面或者电话告诉您；还没有收到的，请与安全保密员联系。",
            "The code is wrong. The security officer tells it to you in person or by telephone; ask for it.",
        ))
    }

    async fn verify(&self, password: String, secret: String) -> Result<bool, Error> {
        let _turn = self.hashing.0.acquire().await.map_err(|e| Error::Io(e.to_string()))?;
        tokio::task::spawn_blocking(move || verify_password(&password, &secret))
            .await
            .map_err(|e| Error::Io(e.to_string()))
    }

    fn dummy_hash(&self) -> Result<String, Error> {
        if let Some(hash) = self.dummy.get() {
            return Ok(hash.clone());
        }
        let fresh = hash_password("nobody has this password", Cost::SignIn, &mut self.entropy())?;
        Ok(self.dummy.get_or_init(|| fresh).clone())
    }
}
