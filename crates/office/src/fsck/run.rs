//! A run of streams, read in one go, and what can be said of each by itself: no database is asked in
//! between, so that all cores check at once.

use std::collections::BTreeMap;

use domain::ids::{ReportId, ReportNumber, StreamKind, TenantCode};
use domain::report::{Event, Recorded, Report, fold};
use domain::rules::Rules;
use ledger::commit;
use seal::{KeyPlace, OfficeRing, PartDigest, Place, WrappedKey};
use store::{BlobRow, Store, StoredEvent, WholeReport};

use super::{Ended, unsound};
use crate::error::Error;
use crate::report::project::project;
use crate::report::write::{leaf_part, read_header};

/// Streams of a run.
const BATCH: u32 = 400;

/// Streams in the order of their ids, each with what the tables hold beside it.
pub(super) struct Run {
    pub(super) streams: Vec<(Vec<StoredEvent>, WholeReport)>,
}

impl Run {
    /// The next run after a stream; `None` at the end.
    pub(super) async fn read(
        store: Store,
        tenant: TenantCode,
        kind: StreamKind,
        after: Option<[u8; 16]>,
    ) -> Result<Option<Self>, Error> {
        let streams = store.streams_after(&tenant, kind, after.as_ref(), BATCH).await?;
        let Some(last) = streams.last().and_then(|s| s.first()).map(|e| e.stream) else { return Ok(None) };
        let mut whole = match kind {
            StreamKind::Report => store.whole_between(&tenant, after.as_ref(), &last).await?,
            _ => Default::default(),
        };
        let beside = |events: Vec<StoredEvent>| {
            let whole = whole.remove(&ReportId(events[0].stream)).unwrap_or_default();
            (events, whole)
        };
        Ok(Some(Self { streams: streams.into_iter().map(beside).collect() }))
    }

    /// The last stream of it.
    pub(super) fn end(&self) -> Option<[u8; 16]> {
        self.streams.last().and_then(|(events, _)| events.first()).map(|event| event.stream)
    }
}

/// What was found of one stream that is sound.
#[derive(Default)]
pub(super) struct Found {
    /// The report's number.
    pub(super) number: Option<ReportNumber>,
    /// The report as its events make it.
    pub(super) state: Option<Report>,
    /// Papers issued.
    pub(super) papers: u64,
    /// Envelopes opened.
    pub(super) envelopes: u64,
    /// Its files.
    pub(super) blobs: Vec<BlobRow>,
    /// It was not opened, for want of the office key.
    pub(super) sealed: bool,
}

/// A report's number, its rows in the lists against the fold of its events, its first event with the
/// identity envelope, and every envelope opened.
pub(super) fn check_report(
    tenant: &TenantCode,
    events: &[StoredEvent],
    whole: &WholeReport,
    ring: Option<&OfficeRing>,
    rules: &Rules,
    place: &str,
) -> Result<Found, Ended> {
    let Some(first) = events.first() else { return Ok(Found::default()) };
    let Some(number) = first.number.clone() else { return Err(unsound(place, "the report has no number")) };
    let recorded: Vec<Recorded> = events.iter().map(read_header).collect::<Result<_, _>>()?;
    let state = fold(&recorded).map_err(|e| unsound(place, e.to_string()))?;
    if let Some(state) = &state {
        let wanted = project(ReportId(first.stream), &number, state, &recorded, rules);
        if whole.projection.as_ref() != Some(&wanted) {
            return Err(unsound(place, "its row in the lists does not agree with its events; run `dengwen reindex`"));
        }
    }
    check_first(first, whole, place)?;
    let envelopes = match ring {
        Some(ring) => open_all(tenant, events, whole, ring, place)?,
        None => 0,
    };
    let papers = recorded.iter().filter(|r| matches!(r.event, Event::PaperIssued { .. })).count() as u64;
    Ok(Found { number: Some(number), state, papers, envelopes, blobs: whole.blobs.clone(), sealed: ring.is_none() })
}

/// Every report has an identity envelope, a dummy if it is anonymous: without it nothing vouches for
/// the first event.
fn check_first(first: &StoredEvent, whole: &WholeReport, place: &str) -> Result<(), Ended> {
    let Some(identity) = &whole.identity else {
        return Err(unsound(format!("{place}, event 1"), "its identity envelope is gone"));
    };
    let Some(salt) = first.salt else { return Ok(()) };
    let mut parts = Vec::new();
    if let Some(envelope) = &first.row.sealed {
        parts.push(leaf_part(&PartDigest::of(envelope).map_err(|e| unsound(place, e.to_string()))?));
    }
    parts.push(leaf_part(&crate::intake::identity_digest(&identity.envelope)));
    let digest = commit::event_digest(first.row.header.as_bytes(), &parts, &commit::GENESIS);
    if commit::commitment(&salt, &digest) != first.row.commitment {
        return Err(unsound(format!("{place}, event 1"), "it is not what was committed to: it was changed"));
    }
    Ok(())
}

/// How many envelopes there are, each opened.
fn open_all(
    tenant: &TenantCode,
    events: &[StoredEvent],
    whole: &WholeReport,
    ring: &OfficeRing,
    place: &str,
) -> Result<u64, Ended> {
    let Some(report) = events.first().map(|first| first.stream) else { return Ok(0) };
    let mut keys = BTreeMap::new();
    for row in &whole.keys {
        let at = KeyPlace { tenant: tenant.as_str(), report, key_no: row.key_no };
        let wrapped = WrappedKey::from_bytes(row.wrapped.clone()).map_err(|e| unsound(place, e.to_string()))?;
        let key = ring.unwrap(&wrapped, &at);
        keys.insert(row.key_no, key.map_err(|e| unsound(format!("{place}, key {}", row.key_no), e.to_string()))?);
    }
    let mut opened = 0;
    for event in events {
        let Some(envelope) = &event.row.sealed else { continue };
        let at_event = || format!("{place}, event {}", event.row.version);
        // No use case takes a key away yet: one that is gone was taken to bury what it opens.
        let Some(key) = event.row.key_no.and_then(|no| keys.get(&no)) else {
            return Err(unsound(at_event(), "the key of its words is gone"));
        };
        let at = Place::whole(tenant.as_str(), report, event.row.version, &event.row.event);
        seal::open_part(key, &at, envelope).map_err(|e| unsound(at_event(), e.to_string()))?;
        opened += 1;
    }
    Ok(opened)
}
