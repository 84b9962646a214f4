//! A query code, presented: parsed, looked up, and gone again with the request.

use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::report::{Actor, Command};
use seal::{CodeError, QueryCode, ThreadKeys, thread_keys};
use store::{Append, CodeChange, CodeRow, Expected, Rows};

use crate::error::Error;
use crate::hall::Hall;
use crate::report::write::Chain;

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
                "查询码有一位抄错了，请对照原来抄下的码再核对一遍。",
                "One character of the code is wrong; compare it with what you wrote down.",
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
    /// thread stay sealed to the old code and are no longer shown.
    ///
    /// # Errors
    /// The law's reason, [`Error::Conflict`], or the store fails; the old code still works then.
    pub async fn replace_code(&self, presented: &Presented) -> Result<String, Error> {
        let fresh = QueryCode::generate(&mut self.entropy());
        let row = CodeRow {
            lookup: fresh.lookup(self.keys.pepper()),
            thread_key: *thread_keys(self.keys.pepper(), &fresh).public().as_bytes(),
        };
        self.reporter_acts(
            presented,
            Command::ReplaceCode,
            None,
            Rows { code: Some(CodeChange::Set(row)), ..Rows::default() },
        )
        .await?;
        Ok(fresh.grouped())
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
            Rows { code: Some(CodeChange::Destroy), ..Rows::default() },
        )
        .await
    }

    /// Appends what the reporter does; `words` were sealed under a fresh key by the caller.
    pub(crate) async fn reporter_acts(
        &self,
        presented: &Presented,
        command: Command,
        words: Option<(&seal::ContentKey, Vec<u8>)>,
        extra: Rows,
    ) -> Result<(), Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let organ = self.organ(tenant)?;
        let rules = self.rules();
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let number = stored.first().and_then(|e| e.number.clone()).ok_or(Error::NotFound)?;
        let mut chain = Chain::resume(tenant, report, &rules, &stored)?;
        let state = chain.state().cloned().ok_or(Error::NotFound)?;
        let today = self.clock.today();
        let context = domain::report::Context {
            today,
            at: self.clock.micros(),
            actor: Actor::Reporter,
            edition: organ.edition(),
            rules: &rules,
        };
        let decided = domain::report::decide(Some(&state), &command, &context)?;
        let before = chain.version();
        // What was sealed is bound to the version it was to get: somebody else came first.
        if words.as_ref().is_some_and(|(key, _)| key.number() != before + 1) {
            return Err(Error::Conflict);
        }
        let mut rng = self.entropy();
        for (n, recorded) in decided.into_iter().enumerate() {
            let words = words.as_ref().filter(|_| n == 0).map(|(key, text)| (*key, text.as_slice()));
            chain.push(recorded, words, &[], &mut rng)?;
        }
        let finished = chain.finish();
        self.store
            .append(Append {
                tenant: tenant.clone(),
                kind: StreamKind::Report,
                stream: report.0,
                expected: Expected::Version(before),
                number_year: None,
                once: None,
                today,
                fill: Box::new(move |_| finished.rows(&number, extra.clone())),
            })
            .await?;
        Ok(())
    }

    /// The version the next event of a report gets: places are bound to it.
    pub(crate) async fn next_version(&self, presented: &Presented) -> Result<u32, Error> {
        let stored = self.store.stream(&presented.tenant, StreamKind::Report, &presented.report.0).await?;
        Ok(stored.len() as u32 + 1)
    }
}
