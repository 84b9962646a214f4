//! A query code, presented: parsed, looked up, and gone again with the request.

use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::report::{Actor, Command, Recorded};
use seal::{CodeError, QueryCode, ThreadKeys, thread_keys};
use store::{CodeChange, CodeRow, Rows};

use crate::error::Error;
use crate::hall::Hall;
use crate::report::Step;
use crate::report::write::read_header;
use crate::thread::status::acts_in;

/// What a presented code leads to; lives as long as the request.
pub struct Presented {
    /// Whose register.
    pub tenant: TenantCode,
    pub(crate) report: ReportId,
    pub(crate) keys: ThreadKeys,
}

impl Hall {
    /// Looks a code up.
    ///
    /// # Errors
    /// [`Error::Input`] where it cannot be a code (a slip of the pen), [`Error::NotFound`] where it
    /// opens nothing.
    pub async fn present(&self, code: &str) -> Result<Presented, Error> {
        let code: QueryCode = code.parse().map_err(|fault| match fault {
            CodeError::Check => Error::input(
                "code-slip",
                "查询码不对，可能抄错了一位或者几位，请对照原来抄下的码再核对一遍。",
                "The code is not right, one character or more may be miscopied; compare it with what you wrote down.",
            ),
            _ => Error::input(
                "code-malformed",
                "查询码是20位字母和数字，每五位一组。请检查是否少抄或多抄。",
                "A code has 20 letters and digits in groups of five; see whether one is missing or too many.",
            ),
        })?;
        let found = self.store.code(&code.lookup(self.keys.pepper())).await?.ok_or(Error::NotFound)?;
        let keys = thread_keys(self.keys.pepper(), &code);
        Ok(Presented { tenant: found.tenant, report: found.report, keys })
    }

    /// Gives a new code for the old one, which opens nothing from then on. Earlier entries of the
    /// thread stay sealed to the old code and are no longer shown. `token` is the form's one-time
    /// token: the same form sent again, after an answer that was lost on the way, gives the same
    /// new code ([`Hall::replaced`]).
    ///
    /// # Errors
    /// The law's reason, [`Error::Conflict`], or the store fails; the old code still works then.
    pub async fn replace_code(&self, presented: &Presented, old: &str, token: &[u8]) -> Result<String, Error> {
        let fresh = self.code_after(&old.parse().map_err(|_| Error::NotFound)?, token)?;
        let row_key = *thread_keys(self.keys.pepper(), &fresh).public().as_bytes();
        let row = CodeRow { lookup: fresh.lookup(self.keys.pepper()), thread_key: row_key };
        let change = Rows { code: Some(CodeChange::Set(row)), ..Rows::default() };
        if self.is_outside(&presented.tenant) {
            let to = seal::ThreadPublic::from_bytes(row_key);
            let former = self.handed_on(presented, &to).await?;
            self.cross(presented, &Command::ReplaceCode, None, change, Some(former)).await?;
            return Ok(fresh.grouped());
        }
        self.reporter_acts(presented, Command::ReplaceCode, None, "", change).await?;
        Ok(fresh.grouped())
    }

    /// A one-time token for the form that replaces the code.
    pub fn once(&self) -> String {
        seal::fresh_token(&mut self.entropy())
    }

    /// The new code that this very form already gave for an old one, if it did. Whoever has only
    /// the old code cannot ask: the token was in her form alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it gave none; the store fails.
    pub async fn replaced(&self, old: &str, token: &[u8]) -> Result<(Presented, String), Error> {
        let fresh = self.code_after(&old.parse().map_err(|_| Error::NotFound)?, token)?;
        let code = fresh.grouped();
        Ok((self.present(&code).await?, code))
    }

    fn code_after(&self, old: &QueryCode, token: &[u8]) -> Result<QueryCode, Error> {
        if token.len() < 16 {
            return Err(Error::input(
                "token-too-short",
                "页面已过期。请用查询码重新打开进度页，再更换。旧码仍然有效。",
                "This page is out of date. Open the status page with your code again, then replace it; the old code still works.",
            ));
        }
        // No organ is called this: a token of a filing gives another code.
        Ok(QueryCode::from_token(self.keys.pepper(), "replace", &[old.as_str().as_bytes(), token].concat()))
    }

    /// Destroys the code: nobody can open the thread again, the report goes on.
    ///
    /// # Errors
    /// As [`Hall::replace_code`].
    pub async fn destroy_code(&self, presented: &Presented) -> Result<(), Error> {
        self.reporter_acts(
            presented,
            Command::DestroyCode,
            None,
            "",
            Rows { code: Some(CodeChange::Destroy), ..Rows::default() },
        )
        .await
    }

    /// Appends what the reporter does; `words` are sealed under a fresh key the caller made, `said`
    /// is what she says in them.
    pub(crate) async fn reporter_acts(
        &self,
        presented: &Presented,
        command: Command,
        words: Option<(&seal::ContentKey, Vec<u8>)>,
        said: &str,
        extra: Rows,
    ) -> Result<(), Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        if self.is_outside(tenant) {
            return self.cross(presented, &command, words, extra, None).await;
        }
        let named = self.whom(tenant, &[], [said])?;
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let day = self.clock.today();
        let step = Step { tenant, report, stored: &stored, actor: Actor::Reporter, command: &command, day, named };
        // What was sealed is bound to the version it was to get: somebody else came first.
        if words.as_ref().is_some_and(|(key, _)| key.number() != step.version()) {
            return Err(Error::Conflict);
        }
        let (append, _) = self.step(step, |_| Ok(words), extra)?;
        if let Some(append) = append {
            self.store.append(append).await?;
        }
        Ok(())
    }

    /// The version the next event of a report gets, places are bound to it, and how much the reporter
    /// did herself so far.
    pub(crate) async fn next_version(&self, presented: &Presented) -> Result<(u32, u32), Error> {
        if self.is_outside(&presented.tenant) {
            return self.next_act(presented).await;
        }
        let stored = self.store.stream(&presented.tenant, StreamKind::Report, &presented.report.0).await?;
        let recorded: Vec<Recorded> = stored.iter().map(read_header).collect::<Result<_, _>>()?;
        Ok((stored.len() as u32 + 1, acts_in(&recorded)))
    }
}
