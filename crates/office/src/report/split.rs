//! 拆分: a report with mixed matters becomes several, each with its own number (M33). Both halves
//! stand in one commit: the report that was split names its parts, and every part exists.
//!
//! The reporter keeps her one code, which shows the report she filed; who she is stays in that
//! report's identity envelope alone, because nobody here can open it to seal it again.

use domain::content::Subject;
use domain::ids::ReportId;
use domain::report::Command;

use super::act::{Act, Beside};
use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;
use crate::intake::{Entry, Filing, NewReport, Received};

/// One part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Title; may be empty.
    pub title: String,
    /// The part's text, taken from the report's.
    pub text: String,
    /// Who this part is about.
    pub subjects: Vec<Subject>,
    /// Division code of this part's matter.
    pub division: Option<String>,
}

impl Hall {
    /// Splits a report; recorded. Every part begins where the report was registered, on the day
    /// it was received, and whoever must not see the whole must not see a part.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Conflict`]; [`Error::Input`] where a
    /// part is empty or belongs to the superior; [`Error::Refused`] with the law's reason.
    pub async fn split(
        &self,
        me: &Me,
        report: ReportId,
        parts: Vec<Part>,
        seen: Option<u32>,
    ) -> Result<Vec<Received>, Error> {
        let open = self.open_for(me, report).await?;
        if seen.is_some_and(|seen| seen != open.state.version) {
            return Err(Error::Conflict);
        }
        let actor = self.actor_for(me, &open, &Command::Split { into: Vec::new() })?;
        let mut filings = Vec::with_capacity(parts.len());
        for part in parts {
            let opening = self.open_report(&me.tenant, &part.subjects)?;
            if opening.tenant != me.tenant {
                return Err(Error::input(
                    "split-upward",
                    "其中一部分应由上级机关受理，不能在本机关拆分登记。请报告上级机关信访部门。",
                    "One part is for the superior organ and cannot be registered here. Report to the superior's petition office.",
                ));
            }
            let state = &open.state;
            let new = NewReport {
                entry: Entry::Part(actor.clone(), state.signing),
                token: seal::fresh_token(&mut self.entropy()).into_bytes(),
                body: Vec::new(),
                channel: state.channel,
                source: state.source,
                received_on: Some(state.received_on),
                urgency: state.urgency,
                superior_due: None,
                title: part.title,
                text: part.text,
                subjects: part.subjects,
                division: part.division,
                problem: None,
                source_note: Some(format!("由{}拆分", open.number)),
                named: None,
            };
            filings.push(self.filing(opening, new, &state.recused)?);
        }
        let into = filings.iter().map(|f| f.received.report).collect();
        let (append, acted) =
            self.prepare_act(open, actor, Act::plain(Command::Split { into }), Beside::default()).await?;
        let mut appends = Vec::from_iter(append);
        let mut parts = Vec::with_capacity(filings.len());
        for Filing { append, received, .. } in filings {
            appends.push(append);
            parts.push(received);
        }
        appends.extend(self.record_appends(me, Deed::Acted { report, events: acted.events.len() as u32 }, None)?);
        let done = self.store.append_together(appends).await?;
        for (part, done) in parts.iter_mut().zip(done.into_iter().skip(1)) {
            part.number = done.number.ok_or(Error::Conflict)?;
        }
        Ok(parts)
    }
}
