//! Opening a report for a person who may see it: the events, the words under the seal, the thread.
//!
//! Permission and recusal are in the query that finds it; a report one may not see is not found.
//! Every opening is recorded by the caller's use case.

use std::collections::BTreeMap;

use domain::content::{FindingText, Narrative, StaffText};
use domain::ids::{ReportId, ReportNumber, StaffId, StreamKind, TenantCode};
use domain::permission::{Others, Recusal, Standing, takers};
use domain::report::{Event, Recorded, Report, evolve};
use domain::words::Role;
use seal::{ContentKey, KeyPlace, Place, WrappedKey};
use store::{StoredEvent, ThreadFrom};
use zeroize::Zeroizing;

use super::recuse::said_later;
use super::write::read_header;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::{Answered, Hall};
use crate::intake::Suggestions;

/// One event with its words opened.
#[derive(Debug, Clone)]
pub struct OpenEvent {
    /// Version within the report.
    pub version: u32,
    /// The plain part.
    pub recorded: Recorded,
    /// What was written with it.
    pub words: OpenWords,
}

/// The words of an event.
#[derive(Debug, Clone)]
pub enum OpenWords {
    /// None were written.
    None,
    /// The report itself, or its corrected version.
    Narrative(Box<Narrative>),
    /// A text by staff or by the reporter.
    Text(StaffText),
    /// Reasons of a finding.
    Finding(FindingText),
    /// The funnel's suggestions.
    Suggestions(Box<Suggestions>),
    /// They were lawfully erased: the key is gone.
    Erased,
}

/// A report, open.
pub struct OpenReport {
    /// Whose register.
    pub tenant: TenantCode,
    /// Its id.
    pub id: ReportId,
    /// Its number.
    pub number: ReportNumber,
    /// Its state.
    pub state: Report,
    /// Its events with their words.
    pub events: Vec<OpenEvent>,
    /// The narrative in force: the last correction, else as filed.
    pub narrative: Narrative,
    /// The last suggestions.
    pub suggestions: Option<Suggestions>,
    pub(crate) stored: Vec<StoredEvent>,
    pub(crate) keys: BTreeMap<u32, ContentKey>,
}

impl OpenReport {
    /// The report's first content key, under which staff write.
    pub(crate) fn key(&self) -> Result<&ContentKey, Error> {
        self.keys.get(&1).ok_or(Error::NoKey)
    }

    /// The texts written with events of one kind, oldest first.
    pub fn texts<'a>(
        &'a self,
        wanted: impl Fn(&Event) -> bool + 'a,
    ) -> impl Iterator<Item = (&'a OpenEvent, &'a StaffText)> {
        self.events.iter().filter(move |e| wanted(&e.recorded.event)).filter_map(|e| match &e.words {
            OpenWords::Text(text) => Some((e, text)),
            _ => None,
        })
    }
}

/// A message of the thread as the office reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Day.
    pub day: jiff::civil::Date,
    /// Who wrote it.
    pub from: ThreadFrom,
    /// The words.
    pub text: String,
}

impl Hall {
    /// Opens a report for a person; the opening is recorded.
    ///
    /// # Errors
    /// [`Error::NotFound`] also where it exists and she may not see it; [`Error::NoKey`].
    pub async fn view(&self, me: &Me, report: ReportId) -> Result<OpenReport, Error> {
        let open = self.open_for(me, report).await?;
        self.record(me, crate::audit::Deed::Viewed { report }).await?;
        Ok(open)
    }

    pub(crate) async fn open_for(&self, me: &Me, report: ReportId) -> Result<OpenReport, Error> {
        let (row, stored) = self.store.open_report(&self.scope(me)?, report).await?.ok_or(Error::NotFound)?;
        let open = self.open_stored(&me.tenant, report, row.number, stored).await?;
        let said: Vec<&str> = said_later(&open).collect();
        if self.kept_from(me, &open.state.recused, &open.narrative, &said)? {
            return Err(Error::NotFound);
        }
        Ok(open)
    }

    /// Opens a report for the program itself (judging, papers, checks); never for a person.
    pub(crate) async fn open_for_program(&self, tenant: &TenantCode, report: ReportId) -> Result<OpenReport, Error> {
        let scope = store::Scope::program(tenant.clone());
        let (row, stored) = self.store.open_report(&scope, report).await?.ok_or(Error::NotFound)?;
        self.open_stored(tenant, report, row.number, stored).await
    }

    /// The text in force of a report, for comparing other texts with it. Nothing else of it is
    /// opened; `None` where there is no such report or its key is gone.
    pub(crate) async fn text_for_program(
        &self,
        tenant: &TenantCode,
        report: ReportId,
    ) -> Result<Option<Zeroizing<String>>, Error> {
        let ring = self.keys.ring(tenant)?;
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let mut last = None;
        for event in &stored {
            let recorded = read_header(event)?;
            if matches!(recorded.event, Event::Received { .. } | Event::Corrected { .. }) {
                last = Some((event, recorded.event));
            }
        }
        let Some((event, what)) = last else { return Ok(None) };
        let mut keys = BTreeMap::new();
        for row in self.store.content_keys(tenant, report).await? {
            if Some(row.key_no) == event.row.key_no {
                let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no: row.key_no };
                keys.insert(row.key_no, ring.unwrap(&WrappedKey::from_bytes(row.wrapped)?, &place)?);
            }
        }
        Ok(match open_words(tenant, report, event, &what, &keys)? {
            OpenWords::Narrative(narrative) => Some(Zeroizing::new(narrative.text)),
            _ => None,
        })
    }

    /// Opens a report from events that were read already.
    pub(crate) fn open_stored<'a>(
        &'a self,
        tenant: &'a TenantCode,
        report: ReportId,
        number: ReportNumber,
        stored: Vec<StoredEvent>,
    ) -> Answered<'a, OpenReport> {
        Box::pin(self.opened(tenant, report, number, stored))
    }

    async fn opened(
        &self,
        tenant: &TenantCode,
        report: ReportId,
        number: ReportNumber,
        stored: Vec<StoredEvent>,
    ) -> Result<OpenReport, Error> {
        let ring = self.keys.ring(tenant)?;
        let mut keys = BTreeMap::new();
        for row in self.store.content_keys(tenant, report).await? {
            let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no: row.key_no };
            keys.insert(row.key_no, ring.unwrap(&WrappedKey::from_bytes(row.wrapped)?, &place)?);
        }
        let mut state: Option<Report> = None;
        let mut events = Vec::with_capacity(stored.len());
        let (mut narrative, mut suggestions) = (None, None);
        for event in &stored {
            let recorded = read_header(event)?;
            let words = open_words(tenant, report, event, &recorded.event, &keys)?;
            match &words {
                OpenWords::Narrative(n) => narrative = Some((**n).clone()),
                OpenWords::Suggestions(s) => suggestions = Some((**s).clone()),
                _ => {}
            }
            state = Some(evolve(state, &recorded)?);
            events.push(OpenEvent { version: event.row.version, recorded, words });
        }
        let state = state.ok_or(Error::NotFound)?;
        let narrative = narrative.unwrap_or_default();
        Ok(OpenReport {
            tenant: tenant.clone(),
            id: report,
            number,
            state,
            events,
            narrative,
            suggestions,
            stored,
            keys,
        })
    }

    /// How a person stands to a report.
    pub fn standing(&self, me: &Me, state: &Report) -> Standing {
        let kept = |staff: &StaffId| state.recused.contains(&self.keys.recusal_token(&me.tenant, staff));
        let recusal = if kept(&me.staff) { Recusal::Recused } else { Recusal::Clear };
        // Only a leader's leave depends on the others.
        let leads = me.roles.iter().any(|role| matches!(role, Role::Leader | Role::Chief));
        let others = match self.organ(&me.tenant) {
            Ok(organ) if leads => {
                let takers = takers(state.stage, &state.holder, &organ.directory);
                if takers.iter().all(|s| kept(&s.id)) { Others::Nobody } else { Others::Somebody }
            }
            _ => Others::Somebody,
        };
        Standing::of(&me.staff, &me.office, state, recusal, others)
    }
}

fn open_words(
    tenant: &TenantCode,
    report: ReportId,
    event: &StoredEvent,
    what: &Event,
    keys: &BTreeMap<u32, ContentKey>,
) -> Result<OpenWords, Error> {
    let (Some(envelope), Some(key_no)) = (&event.row.sealed, event.row.key_no) else { return Ok(OpenWords::None) };
    let Some(key) = keys.get(&key_no) else { return Ok(OpenWords::Erased) };
    let place = Place::whole(tenant.as_str(), report.0, event.row.version, &event.row.event);
    let part = seal::open_part(key, &place, envelope)?;
    // The parser's own sentence quotes what it read.
    let unreadable = |e: serde_json::Error| {
        Error::Seal(format!(
            "event {}: line {}, column {}: {:?}",
            event.row.version,
            e.line(),
            e.column(),
            e.classify()
        ))
    };
    Ok(match what {
        Event::Received { .. } | Event::Corrected { .. } => {
            OpenWords::Narrative(Box::new(serde_json::from_slice(&part.plaintext).map_err(unreadable)?))
        }
        Event::Judged { .. } => {
            OpenWords::Suggestions(Box::new(serde_json::from_slice(&part.plaintext).map_err(unreadable)?))
        }
        Event::FindingRecorded { .. } => {
            OpenWords::Finding(serde_json::from_slice(&part.plaintext).map_err(unreadable)?)
        }
        _ => OpenWords::Text(serde_json::from_slice(&part.plaintext).map_err(unreadable)?),
    })
}
