//! One step in a report's life, whoever takes it: decided, sealed, chained to what was, and ready
//! to be committed. Staff, the reporter and the program all go this one way.

use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::recusal::KeptAway;
use domain::report::{Actor, Command, Context, Event, Recorded, decide};
use domain::words::RecusalBasis;
use jiff::civil::Date;
use seal::ContentKey;
use store::{Append, Expected, NewWork, Numbering, Rows, StoredEvent};

use super::act::Acted;
use super::recuse::Named;
use super::write::Chain;
use crate::error::Error;
use crate::hall::Hall;

/// What is to be done to a report as it was read.
pub(crate) struct Step<'a> {
    pub tenant: &'a TenantCode,
    pub report: ReportId,
    pub stored: &'a [StoredEvent],
    pub actor: Actor,
    pub command: &'a Command,
    /// The day it counts from: today, but for what was done on the other network.
    pub day: Date,
    /// Those whom the words name that come with it: they must not see the report.
    pub named: Named,
}

impl Step<'_> {
    /// Version of the first event this step leads to: what is sealed with it is bound to that.
    pub fn version(&self) -> u32 {
        self.stored.len() as u32 + 1
    }
}

impl Hall {
    /// Everything of a step but the commit; no append where nothing follows from it. `words` gives
    /// what is sealed with the first event, and under which key.
    ///
    /// # Errors
    /// The law's reason; sealing failed.
    pub(crate) fn step<'k>(
        &self,
        step: Step<'_>,
        words: impl FnOnce(&Event) -> Result<Option<(&'k ContentKey, Vec<u8>)>, Error>,
        mut extra: Rows,
    ) -> Result<(Option<Append>, Acted), Error> {
        let organ = self.organ(step.tenant)?;
        let rules = self.rules();
        let today = step.day;
        let context =
            |actor| Context { today, at: self.clock.micros(), actor, edition: organ.edition(), rules: &rules };
        let mut chain = Chain::resume(step.tenant, step.report, &rules, step.stored)?;
        let state = chain.state().cloned().ok_or(Error::NotFound)?;
        let mut decided = decide(Some(&state), step.command, &context(step.actor.clone()))?;
        if step.actor == Actor::System {
            // The program judges within a second of the filing: its time would be hers.
            decided.iter_mut().for_each(without_time);
        }
        let before = chain.version();
        let mut rng = self.entropy();
        let words = match decided.first() {
            Some(first) => words(&first.event)?,
            None => None,
        };
        let mut events = Vec::new();
        for (n, recorded) in decided.into_iter().enumerate() {
            let words = words.as_ref().filter(|_| n == 0).map(|(key, text)| (*key, text.as_slice()));
            events.push(recorded.event.clone());
            chain.push(recorded, words, &[], &mut rng)?;
        }
        let named = match chain.state() {
            Some(state) => self.keep_away(step.tenant, &state.recused, step.named)?,
            None => KeptAway::nobody(),
        };
        if !named.is_empty() {
            let recuse = Command::Recuse { recused: named, basis: RecusalBasis::Text };
            for mut recorded in decide(chain.state(), &recuse, &context(Actor::System))? {
                without_time(&mut recorded);
                events.push(recorded.event.clone());
                chain.push(recorded, None, &[], &mut rng)?;
            }
        }
        let version = chain.version();
        if chain.is_empty() {
            return Ok((None, Acted { version, events }));
        }
        if events.iter().any(moves_in_index) {
            extra.jobs.push(NewWork {
                id: seal::fresh_id(&mut rng),
                kind: "index".to_owned(),
                subject: step.report.0,
                payload: Vec::new(),
                due_at: 0,
            });
        }
        let number = step.stored.first().and_then(|e| e.number.clone()).ok_or(Error::NotFound)?;
        let finished = chain.finish();
        let append = Append {
            tenant: step.tenant.clone(),
            kind: StreamKind::Report,
            stream: step.report.0,
            expected: Expected::Version(before),
            number: Numbering::Without,
            once: None,
            today,
            fill: Box::new(move |_| finished.rows(&number, extra.clone())),
        };
        Ok((Some(append), Acted { version, events }))
    }
}

fn without_time(recorded: &mut Recorded) {
    recorded.at = None;
}

/// Whether the index must put the report again: it moved, its kind was decided, its words or those
/// who must not see it changed.
fn moves_in_index(event: &Event) -> bool {
    matches!(
        event,
        Event::Dispatched { .. }
            | Event::Returned { .. }
            | Event::Assigned { .. }
            | Event::Corrected { .. }
            | Event::Recused { .. }
            | Event::ScopeDecided { .. }
    )
}
