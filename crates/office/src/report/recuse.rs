//! 回避 as the register keeps it: who must not see a report, as tokens, worked out here and nowhere
//! else, and worked out again when the directory changes.

use domain::content::Narrative;
use domain::ids::{ReportId, StaffId, StreamKind, TenantCode};
use domain::recusal;
use domain::report::{Actor, Command, Report};
use domain::words::RecusalBasis;
use store::{Queue, Work};

use super::act::{Act, Beside};
use super::open::{OpenReport, OpenWords};
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Kind of the job that looks at every report again after the directory changed.
pub(crate) const RECUSE: &str = "recuse";
/// Reports looked at before the job is put back with the place it came to: a lease holds that long.
const AT_A_TIME: u32 = 500;

impl Hall {
    /// The tokens under which members of staff stand in the list of those kept away.
    pub(crate) fn tokens(&self, tenant: &TenantCode, staff: &[StaffId]) -> Vec<String> {
        staff.iter().map(|staff| self.keys.recusal_token(tenant, staff)).collect()
    }

    /// The tokens of those who must not see a report with these words.
    pub(crate) fn kept_away(&self, tenant: &TenantCode, narrative: &Narrative) -> Result<Vec<String>, Error> {
        let organ = self.organ(tenant)?;
        Ok(self.tokens(tenant, &recusal::kept_away(&narrative.subjects, narrative.naming(), &organ.directory)))
    }

    /// The tokens of those named in what somebody outside says.
    pub(crate) fn named_in(&self, tenant: &TenantCode, said: &str) -> Result<Vec<String>, Error> {
        let organ = self.organ(tenant)?;
        let staff: Vec<StaffId> = recusal::named_in(said, &organ.directory).into_iter().map(|(who, _)| who).collect();
        Ok(self.tokens(tenant, &staff))
    }

    /// Everyone the opened report names today, in its narrative and in what its reporter added.
    pub(crate) fn named_by(&self, open: &OpenReport) -> Result<Vec<String>, Error> {
        let mut tokens = self.kept_away(&open.tenant, &open.narrative)?;
        for said in said_later(open) {
            tokens.extend(self.named_in(&open.tenant, said)?);
        }
        Ok(tokens)
    }

    /// Whether these words name this person although the register does not say so yet: the
    /// directory changed a moment ago. Asked whenever words are shown, because a list put right a
    /// second later cannot take back what she has read.
    pub(crate) fn names<'t>(
        &self,
        me: &Me,
        narrative: &'t Narrative,
        said: impl IntoIterator<Item = &'t str>,
    ) -> Result<bool, Error> {
        let around = self.organ(&me.tenant)?.around(&me.staff);
        let texts = narrative.naming().chain(said);
        Ok(recusal::kept_away(&narrative.subjects, texts, &around).contains(&me.staff))
    }

    /// Goes on looking at the reports of an organ with the directory as it is now; whoever is
    /// named in one and was not kept away is from then on. Done when every report was looked at.
    pub(crate) async fn recheck(&self, tenant: &TenantCode, work: &Work) -> Result<(), Error> {
        self.reload_organs().await?;
        let from: Option<[u8; 16]> = work.payload.as_slice().try_into().ok();
        let streams = self.store.streams_after(tenant, StreamKind::Report, from.as_ref(), AT_A_TIME).await?;
        let mut last = None;
        for report in streams.iter().filter_map(|stream| stream.first()).map(|event| event.stream) {
            self.recuse_named(tenant, ReportId(report)).await?;
            last = Some(report);
        }
        match last {
            Some(last) => self.store.work_onward(Queue::Jobs, tenant, work, &last).await.map(drop)?,
            None => self.store.work_done(Queue::Jobs, tenant, std::slice::from_ref(work)).await.map(drop)?,
        }
        Ok(())
    }

    /// Keeps away whoever a report names and may still see it.
    async fn recuse_named(&self, tenant: &TenantCode, report: ReportId) -> Result<(), Error> {
        loop {
            let open = self.open_for_program(tenant, report).await?;
            let missing = missing(&open.state, self.named_by(&open)?);
            if missing.is_empty() {
                return Ok(());
            }
            let recuse = Command::Recuse { recused: missing, basis: RecusalBasis::Directory };
            match self.commit(open, Actor::System, Act::plain(recuse), Beside::default()).await {
                // Somebody acted on it meanwhile: it is read again.
                Err(Error::Conflict) => {}
                Err(other) => return Err(other),
                Ok(_) => return Ok(()),
            }
        }
    }
}

/// What the reporter added after she filed.
pub(crate) fn said_later(open: &OpenReport) -> impl Iterator<Item = &str> {
    open.events.iter().filter_map(|event| match (&event.recorded.actor, &event.words) {
        (Actor::Reporter, OpenWords::Text(text)) => Some(text.text.as_str()),
        _ => None,
    })
}

/// Those tokens that do not stand in the report's list yet, each once.
pub(crate) fn missing(state: &Report, mut tokens: Vec<String>) -> Vec<String> {
    tokens.retain(|token| !state.recused.contains(token));
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}
