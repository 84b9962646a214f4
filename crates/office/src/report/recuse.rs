//! 回避 as the register keeps it: who must not see a report, as tokens, worked out here and nowhere
//! else, and worked out again when the directory changes.

use domain::content::{Narrative, Subject};
use domain::ids::{ReportId, StaffId, StreamKind, TenantCode};
use domain::recusal::{self, KeptAway};
use domain::report::{Actor, Command, Event};
use domain::words::RecusalBasis;
use store::{Queue, Work};

use super::act::{Act, Beside};
use super::open::{OpenReport, OpenWords};
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Kind of the job that looks at every report again after the directory changed.
pub(crate) const RECUSE: &str = "recuse";
/// The job's name: however often the directory changes, one pass over the reports waits.
pub(crate) const PASS: [u8; 16] = *b"recuse-all-again";
/// Reports looked at before the job is put back, with the place it came to, behind all that came in
/// meanwhile: whoever filed waits for her judging no longer than that.
const AT_A_TIME: u32 = 50;

/// Whom some words name, as tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Named {
    /// Everyone who must not see the report because of them.
    pub all: Vec<String>,
    /// Those whom its subject fields name, or whose near relations they name.
    pub about: Vec<String>,
}

impl Hall {
    /// The tokens under which members of staff stand in the list of those kept away.
    pub(crate) fn tokens(&self, tenant: &TenantCode, staff: &[StaffId]) -> Vec<String> {
        staff.iter().map(|staff| self.keys.recusal_token(tenant, staff)).collect()
    }

    /// Everyone who must not see a report about these subjects with these texts.
    pub(crate) fn whom<'t>(
        &self,
        tenant: &TenantCode,
        subjects: &[Subject],
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Named, Error> {
        let organ = self.organ(tenant)?;
        let outcome = recusal::check(subjects, &organ.directory);
        let about = outcome.about();
        let mut all = outcome.staff;
        for text in texts {
            all.extend(recusal::named_in(text, &organ.directory).into_iter().map(|(who, _)| who));
        }
        Ok(Named { all: self.tokens(tenant, &all), about: self.tokens(tenant, &about) })
    }

    /// Everyone the opened report names today, in its narrative and in what its reporter added.
    pub(crate) fn named_by(&self, open: &OpenReport) -> Result<Named, Error> {
        let narrative = &open.narrative;
        self.whom(&open.tenant, &narrative.subjects, narrative.naming().chain(said_later(open)))
    }

    /// Those whom something said about an opened report names. It may spare one of them who stands
    /// highest, but nobody whom the report is about.
    pub(crate) fn named_beside(&self, open: &OpenReport, said: &str) -> Result<Named, Error> {
        let organ = self.organ(&open.tenant)?;
        let about = recusal::check(&open.narrative.subjects, &organ.directory).about();
        Ok(Named { about: self.tokens(&open.tenant, &about), ..self.whom(&open.tenant, &[], [said])? })
    }

    /// The one way in which somebody joins a report's list of those who must not see it, whoever
    /// adds her; see [`KeptAway::leaving_somebody`].
    pub(crate) fn keep_away(&self, tenant: &TenantCode, already: &[String], named: Named) -> Result<KeptAway, Error> {
        if named.all.iter().all(|token| already.contains(token)) {
            return Ok(KeptAway::nobody());
        }
        let organ = self.organ(tenant)?;
        let readers = self.tokens(tenant, &recusal::readers(&organ.directory));
        Ok(KeptAway::leaving_somebody(already, named.all, &named.about, &readers))
    }

    /// Whether this person must be kept from these words although the register does not say so yet.
    pub(crate) fn kept_from<'t>(
        &self,
        me: &Me,
        recused: &[String],
        narrative: &'t Narrative,
        said: &[&'t str],
    ) -> Result<bool, Error> {
        if !self.names(me, narrative, said.iter().copied())? {
            return Ok(false);
        }
        let named = self.whom(&me.tenant, &narrative.subjects, narrative.naming().chain(said.iter().copied()))?;
        let own = self.keys.recusal_token(&me.tenant, &me.staff);
        Ok(self.keep_away(&me.tenant, recused, named)?.tokens().contains(&own))
    }

    /// Whether these words name this person although the register does not say so yet: the
    /// directory changed a moment ago. Asked whenever words are shown, because a list put right a
    /// second later cannot take back what she has read.
    fn names<'t>(
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
            match self.recuse_named(tenant, ReportId(report)).await {
                // One that does not open, or whose law refuses it today, must not keep the rest waiting.
                Err(fault @ (Error::Seal(_) | Error::NotFound | Error::Refused(_))) => {
                    tracing::warn!(
                        error = fault.slug(),
                        "a report was not looked at again after the directory changed"
                    );
                }
                other => other?,
            }
            last = Some(report);
        }
        match last {
            Some(last) => {
                self.store.work_onward(Queue::Jobs, tenant, work, &last, self.clock.micros()).await.map(drop)?
            }
            None => self.store.work_done(Queue::Jobs, tenant, std::slice::from_ref(work)).await.map(drop)?,
        }
        Ok(())
    }

    /// Keeps away whoever a report names and may still see it.
    pub(crate) async fn recuse_named(&self, tenant: &TenantCode, report: ReportId) -> Result<(), Error> {
        loop {
            let open = self.open_for_program(tenant, report).await?;
            let recused = self.keep_away(tenant, &open.state.recused, self.named_by(&open)?)?;
            if recused.is_empty() {
                return Ok(());
            }
            let recuse = Command::Recuse { recused, basis: RecusalBasis::Directory };
            match self.commit(open, Actor::System, Act::plain(recuse), Beside::default()).await {
                // Somebody acted on it meanwhile: it is read again.
                Err(Error::Conflict) => {}
                Err(other) => return Err(other),
                Ok(_) => return Ok(()),
            }
        }
    }
}

/// What was said after she filed: by the reporter, or by staff as evidence that came in.
pub(crate) fn said_later(open: &OpenReport) -> impl Iterator<Item = &str> {
    open.events.iter().filter_map(|event| match (&event.recorded.actor, &event.recorded.event, &event.words) {
        (Actor::Reporter, _, OpenWords::Text(text)) | (_, Event::EvidenceAdded { .. }, OpenWords::Text(text)) => {
            Some(text.text.as_str())
        }
        _ => None,
    })
}
