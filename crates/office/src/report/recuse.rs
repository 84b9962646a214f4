//! 回避 as the register keeps it: who must not see a report, as tokens, worked out here and nowhere
//! else, and worked out again when the directory changes.

use domain::content::Narrative;
use domain::ids::{ReportId, StaffId, StreamKind, TenantCode};
use domain::recusal;
use domain::report::{Actor, Command, Event, Report};
use domain::words::{RecusalBasis, Role};
use store::{Queue, Work};

use super::act::{Act, Beside};
use super::open::{OpenReport, OpenWords};
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Kind of the job that looks at every report again after the directory changed.
pub(crate) const RECUSE: &str = "recuse";
/// Who can take a report in hand, whoever stands highest first.
const READERS: [Role; 4] = [Role::Chief, Role::Leader, Role::Head, Role::Clerk];
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

    /// Of those who are to be kept away besides `already`, as many as leave somebody who can take the
    /// report in hand. A text may name everybody in passing, and a report that nobody can open is
    /// buried: then whoever stands highest goes on seeing it. Never one of those it is `about`: when
    /// all the others answer to him, the highest of those does.
    pub(crate) fn leaving_somebody(
        &self,
        tenant: &TenantCode,
        already: &[String],
        mut more: Vec<String>,
        about: &[String],
    ) -> Result<Vec<String>, Error> {
        let organ = self.organ(tenant)?;
        let mut readers: Vec<(usize, String)> = Vec::new();
        for person in organ.directory.staff.iter().filter(|person| person.ended_on.is_none()) {
            let rank = READERS.iter().position(|role| person.roles.contains(role));
            readers.extend(rank.map(|rank| (rank, self.keys.recusal_token(tenant, &person.id))));
        }
        readers.sort();
        while !more.is_empty() && readers.iter().all(|(_, who)| already.contains(who) || more.contains(who)) {
            let may = |who: &&String| more.contains(who) && !about.contains(who);
            let Some(spared) = readers.iter().map(|(_, who)| who).find(may) else { break };
            more.retain(|who| who != spared);
        }
        Ok(more)
    }

    /// Those of the staff whom the subject fields name, or whose near relations they name.
    pub(crate) fn about(&self, tenant: &TenantCode, narrative: &Narrative) -> Result<Vec<String>, Error> {
        let organ = self.organ(tenant)?;
        let reasons = recusal::check(&narrative.subjects, &organ.directory).reasons;
        let named = |why: &recusal::Why| matches!(why, recusal::Why::Named | recusal::Why::NearRelation);
        let staff: Vec<StaffId> = reasons.into_iter().filter(|(_, why)| named(why)).map(|(who, _)| who).collect();
        Ok(self.tokens(tenant, &staff))
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
        let mut tokens = self.kept_away(&me.tenant, narrative)?;
        for words in said {
            tokens.extend(self.named_in(&me.tenant, words)?);
        }
        tokens.retain(|token| !recused.contains(token));
        let own = self.keys.recusal_token(&me.tenant, &me.staff);
        let about = self.about(&me.tenant, narrative)?;
        Ok(self.leaving_somebody(&me.tenant, recused, tokens, &about)?.contains(&own))
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
            let about = self.about(tenant, &open.narrative)?;
            let missing = self.leaving_somebody(tenant, &open.state.recused, missing, &about)?;
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

/// What was said after she filed: by the reporter, or by staff as evidence that came in.
pub(crate) fn said_later(open: &OpenReport) -> impl Iterator<Item = &str> {
    open.events.iter().filter_map(|event| match (&event.recorded.actor, &event.recorded.event, &event.words) {
        (Actor::Reporter, _, OpenWords::Text(text)) | (_, Event::EvidenceAdded { .. }, OpenWords::Text(text)) => {
            Some(text.text.as_str())
        }
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
