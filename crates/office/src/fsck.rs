//! The whole history, checked: every stream's chain and commitments, every projection against the
//! fold of its events, numbers without gaps, tallies against a recount, sealed parts and files
//! (where this process holds the keys), the log's leaves and its published folder, the index. The
//! database is read as it was at one moment, so that others may write meanwhile.
//!
//! The first thing that is not sound is named, by report number and never by what it says; what
//! was skipped for want of a key is named too.

use std::collections::{BTreeMap, HashSet};
use std::num::NonZero;

use domain::ids::{ReportId, Series, StreamKind, TenantCode};
use domain::indicators::Stock;
use domain::rules::Rules;
use ledger::commit;
use seal::PartDigest;
use store::{BlobPart, LogHead, Store, StoredEvent, WholeReport};

use crate::error::Error;
use crate::hall::{Answered, Hall};
use crate::log::head_log;
use crate::report::write::leaf_part;

mod anchor;
mod logs;
mod run;

pub use anchor::Anchored;
use run::{Found, Run, check_report};

/// What was checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Streams.
    pub streams: u64,
    /// Events.
    pub events: u64,
    /// Envelopes opened.
    pub envelopes: u64,
    /// Sealed files opened.
    pub files: u64,
    /// Leaves in the logs.
    pub leaves: u64,
    /// What was not checked, and why.
    pub skipped: Vec<String>,
}

impl Checked {
    fn skip(&mut self, note: String) {
        if !self.skipped.contains(&note) {
            self.skipped.push(note);
        }
    }
}

/// The first thing that is not sound.
#[derive(Debug, thiserror::Error)]
#[error("{place}: {what}")]
pub struct Unsound {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

/// Why a check ended without "sound".
#[derive(Debug, thiserror::Error)]
pub enum Ended {
    /// Something is not sound.
    #[error(transparent)]
    Unsound(#[from] Unsound),
    /// The check itself failed.
    #[error("{}", .0.sentence(crate::Lang::En))]
    Error(#[from] Error),
}

impl From<store::StoreError> for Ended {
    fn from(error: store::StoreError) -> Self {
        Self::Error(error.into())
    }
}

fn unsound(place: impl Into<String>, what: impl Into<String>) -> Ended {
    Ended::Unsound(Unsound { place: place.into(), what: what.into() })
}

/// What the streams say together.
struct Seen {
    stock: Stock,
    numbers: BTreeMap<(i16, Series), Vec<u32>>,
    commitments: HashSet<[u8; 32]>,
    reports: HashSet<ReportId>,
    papers: u64,
}

impl Seen {
    /// Nothing yet; what is open is counted as of this day.
    fn on(day: jiff::civil::Date) -> Self {
        Self {
            stock: Stock::on(day),
            numbers: BTreeMap::new(),
            commitments: HashSet::new(),
            reports: HashSet::new(),
            papers: 0,
        }
    }

    /// What one report adds.
    fn take_in(&mut self, events: &[StoredEvent], found: &Found, rules: &Rules) {
        if let Some(number) = &found.number {
            self.numbers.entry((number.year, number.series)).or_default().push(number.serial);
        }
        if let Some(state) = &found.state {
            self.stock.add(state, rules);
        }
        self.reports.extend(events.first().map(|first| ReportId(first.stream)));
        self.papers += found.papers;
    }
}

impl Hall {
    /// Checks everything of every organ. `progress` is told how many streams were seen.
    ///
    /// # Errors
    /// The first thing that is not sound, or why the check could not go on.
    pub fn fsck<'a>(&'a self, progress: &'a mut (dyn FnMut(u64) + Send)) -> Answered<'a, Checked, Ended> {
        Box::pin(self.check_all(progress))
    }

    async fn check_all(&self, progress: &mut (dyn FnMut(u64) + Send)) -> Result<Checked, Ended> {
        let mut checked = Checked::default();
        // Before the organs: whatever stands in the head log by now stands in theirs from then on.
        let announced = self.check_head_log(&mut checked).await?;
        for organ in self.organs() {
            // One state for all that is compared with each other: a report acted on between two
            // looks is no fault.
            let store = &self.store.frozen().await?;
            let tenant = organ.tenant.clone();
            let mut seen = Seen::on(self.clock.today());
            let heads = store.log_heads(&tenant).await?;
            for kind in
                [StreamKind::Directory, StreamKind::Report, StreamKind::Staff, StreamKind::Rules, StreamKind::Audit]
            {
                self.check_streams(store, &tenant, kind, &mut seen, &mut checked, progress).await?;
            }
            check_unexplained(store, &tenant, &heads, &seen).await?;
            gapless(&tenant, std::mem::take(&mut seen.numbers))?;
            self.check_tallies(store, &tenant).await?;
            self.check_stock(store, &tenant, seen.stock).await?;
            check_stray_projections(store, &tenant, &seen.reports).await?;
            self.check_heads(store, &tenant, heads, &mut checked).await?;
            self.check_published(&tenant).await?;
            self.check_announced(&tenant, &announced).await?;
        }
        self.check_published(&head_log()).await?;
        Ok(checked)
    }

    async fn check_streams(
        &self,
        store: &Store,
        tenant: &TenantCode,
        kind: StreamKind,
        seen: &mut Seen,
        checked: &mut Checked,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), Ended> {
        let mut coming = Some(tokio::spawn(Run::read(store.clone(), tenant.clone(), kind, None)));
        while let Some(reading) = coming.take() {
            let Some(run) = reading.await.map_err(|e| Error::Io(e.to_string()))?? else { return Ok(()) };
            // The next run is read while this one is checked.
            coming = Some(tokio::spawn(Run::read(store.clone(), tenant.clone(), kind, run.end())));
            let found = self.check_run(tenant, kind, &run);
            for ((events, _), found) in run.streams.iter().zip(found) {
                let found = found?;
                if kind == StreamKind::Report {
                    seen.take_in(events, &found, &self.rules());
                    checked.envelopes += found.envelopes;
                    if found.sealed {
                        checked.skip(format!("{tenant}: envelopes were not opened, for want of the office key"));
                    } else {
                        self.check_files(store, tenant, events, &found, checked).await?;
                    }
                }
                seen.commitments.extend(events.iter().map(|e| e.row.commitment));
                checked.streams += 1;
                checked.events += events.len() as u64;
                progress(checked.streams);
            }
            let streams: Vec<&[StoredEvent]> = run.streams.iter().map(|(events, _)| events.as_slice()).collect();
            check_leaves(store, tenant, kind, &streams).await?;
        }
        Ok(())
    }

    /// Every stream of a run by itself, on all cores; in their order.
    fn check_run(&self, tenant: &TenantCode, kind: StreamKind, run: &Run) -> Vec<Result<Found, Ended>> {
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        let (rules, ring) = (self.rules(), self.keys.ring(tenant).ok());
        let one = |(events, whole): &(Vec<StoredEvent>, WholeReport)| {
            let place = name(tenant, kind, events);
            check_chain(kind, events, &place)?;
            match kind {
                StreamKind::Report => check_report(tenant, events, whole, ring, &rules, &place),
                _ => Ok(Found::default()),
            }
        };
        let share = run.streams.len().div_ceil(cores).max(1);
        tokio::task::block_in_place(|| {
            std::thread::scope(|scope| {
                let parts: Vec<_> = run
                    .streams
                    .chunks(share)
                    .map(|some| scope.spawn(|| some.iter().map(one).collect::<Vec<_>>()))
                    .collect();
                let fell = |_| vec![Err(Ended::Error(Error::Io("a check did not end".to_owned())))];
                parts.into_iter().flat_map(|part| part.join().unwrap_or_else(fell)).collect()
            })
        })
    }

    /// Every sealed file the tables name: there, opened to its last byte, and the one that the
    /// report's words or the log's leaf say.
    async fn check_files(
        &self,
        store: &Store,
        tenant: &TenantCode,
        events: &[StoredEvent],
        found: &Found,
        checked: &mut Checked,
    ) -> Result<(), Ended> {
        let Some(first) = events.first() else { return Ok(()) };
        let place = &name(tenant, StreamKind::Report, events);
        let (report, blobs) = (ReportId(first.stream), &found.blobs);
        if blobs.is_empty() && found.state.as_ref().is_none_or(|state| state.files == 0) {
            return Ok(());
        }
        let Some(number) = found.number.clone() else { return Ok(()) };
        let open = self.open_stored(tenant, report, number, events.to_vec()).await?;
        let mut attached: BTreeMap<String, String> =
            open.files().into_iter().map(|file| (file.blob, file.sha256)).collect();
        for row in blobs {
            if self.blobs.read(&row.blob).await.is_err() {
                return Err(unsound(place, "a sealed file is missing"));
            }
            let bytes = self.open_blob(&open, row.blob, row.key_no).await.map_err(|e| unsound(place, e.to_string()))?;
            checked.files += 1;
            match row.part {
                BlobPart::Attachment => {
                    if attached
                        .remove(&hex::encode(row.blob))
                        .is_none_or(|said| said != hex::encode(seal::sha256(&bytes)))
                    {
                        return Err(unsound(place, "a sealed file is not the one that was attached"));
                    }
                }
                // Papers from before their leaf was written down beside them name none.
                BlobPart::Paper => {
                    let Some(commitment) = row.commitment else { continue };
                    let digest = commit::file_digest(&commit::sha256(&bytes));
                    let salt = store.salt(tenant, &commitment).await?;
                    let known = store.log_knows(tenant, &commitment).await?;
                    if !known || salt.is_none_or(|salt| commit::commitment(&salt, &digest) != commitment) {
                        return Err(unsound(place, "a paper on file is not the one that was issued"));
                    }
                }
            }
        }
        if !attached.is_empty() {
            return Err(unsound(place, "a sealed file stands in no list"));
        }
        Ok(())
    }

    /// What the cockpit says is open, yellow, red and late, against the reports' own states.
    async fn check_stock(&self, store: &Store, tenant: &TenantCode, mut wanted: Stock) -> Result<(), Ended> {
        let everything = store::Scope::program(tenant.clone());
        let mut found = crate::cockpit::count_stock(store, &everything, wanted.as_of).await?;
        wanted.overdue.sort_unstable();
        found.overdue.sort_unstable();
        match found == wanted {
            true => Ok(()),
            false => Err(unsound(tenant.to_string(), "what is open and late does not agree with the events")),
        }
    }

    async fn check_tallies(&self, store: &Store, tenant: &TenantCode) -> Result<(), Ended> {
        let mut wanted = self.recount(store, tenant).await?;
        wanted.retain(|_, count| *count != 0);
        let (from, to) = (jiff::civil::Date::constant(1990, 1, 1), jiff::civil::Date::constant(2200, 1, 1));
        let mut found = BTreeMap::new();
        for tally in store.tallies(tenant, from, to).await? {
            *found.entry((tally.day, tally.key)).or_insert(0) += tally.delta;
        }
        found.retain(|_, count| *count != 0);
        match wanted.iter().find(|(place, count)| found.get(*place) != Some(count)) {
            Some(((day, key), _)) => {
                Err(unsound(format!("{tenant}, figure {key} of {day}"), "it does not agree with the events"))
            }
            None if found.len() != wanted.len() => {
                Err(unsound(tenant.to_string(), "the figures count something no event tells"))
            }
            None => Ok(()),
        }
    }
}

async fn check_stray_projections(store: &Store, tenant: &TenantCode, reports: &HashSet<ReportId>) -> Result<(), Ended> {
    let mut after = None;
    loop {
        let ids = store.projected_after(tenant, after, 500).await?;
        let Some(end) = ids.last().copied() else { return Ok(()) };
        if let Some(id) = ids.iter().find(|id| !reports.contains(id)) {
            return Err(unsound(format!("{tenant}, report {id}"), "it stands in the lists and has no events"));
        }
        after = Some(end);
    }
}

/// A leaf that is neither sequenced nor waiting was taken out of the log's rows.
async fn check_leaves(
    store: &Store,
    tenant: &TenantCode,
    kind: StreamKind,
    streams: &[&[StoredEvent]],
) -> Result<(), Ended> {
    let commitments: Vec<[u8; 32]> = streams.iter().copied().flatten().map(|event| event.row.commitment).collect();
    let Some(lacking) = store.log_lacks(tenant, &commitments).await?.first().copied() else { return Ok(()) };
    let found = streams.iter().find_map(|s| Some((s, s.iter().find(|e| e.row.commitment == lacking)?)));
    Err(match found {
        Some((events, event)) => {
            unsound(format!("{}, event {}", name(tenant, kind, events), event.row.version), "it is not in the log")
        }
        None => unsound(format!("{tenant}, log"), "an event is not in the log"),
    })
}

/// A leaf stands for an event, for padding, for a paper, or begins a log; one left over was an
/// event's that somebody took out with everything that belonged to it.
async fn check_unexplained(store: &Store, tenant: &TenantCode, heads: &[LogHead], seen: &Seen) -> Result<(), Ended> {
    let mut others = 0;
    for head in heads {
        let mut at = 0;
        while at < head.size {
            let to = head.size.min(at + 65_536);
            for leaf in store.log_leaves(tenant, head.epoch, at, to).await? {
                if seen.commitments.contains(&leaf.commitment) {
                    continue;
                }
                let salt = store.salt(tenant, &leaf.commitment).await?;
                others += u64::from(salt.is_none_or(|salt| commit::dummy_commitment(&salt) != leaf.commitment));
            }
            at = to;
        }
    }
    let explained = seen.papers + (heads.len() as u64).saturating_sub(1);
    if others > explained {
        let gone = others - explained;
        return Err(unsound(format!("{tenant}, log"), format!("{gone} of its leaves stand for events that are gone")));
    }
    Ok(())
}

/// Versions, links and commitments.
fn check_chain(kind: StreamKind, events: &[StoredEvent], place: &str) -> Result<(), Ended> {
    let mut prev = commit::GENESIS;
    for (event, version) in events.iter().zip(1..) {
        let at = format!("{place}, event {version}");
        if event.row.version != version {
            return Err(unsound(at, "an event is missing before this one"));
        }
        if event.row.prev != prev {
            return Err(unsound(at, "it does not follow the event before it"));
        }
        if let Some(salt) = event.salt {
            let mut parts = Vec::new();
            if let Some(envelope) = &event.row.sealed {
                let digest = PartDigest::of(envelope).map_err(|e| unsound(at.clone(), e.to_string()))?;
                parts.push(leaf_part(&digest));
            }
            let plain = commit::event_digest(event.row.header.as_bytes(), &parts, &prev);
            // The identity's digest is the last part of a report's first event.
            let whole = match (kind, version) {
                (StreamKind::Report, 1) => None,
                _ => Some(plain),
            };
            if whole.is_some_and(|digest| commit::commitment(&salt, &digest) != event.row.commitment) {
                return Err(unsound(at, "it is not what was committed to: it was changed"));
            }
        }
        // No use case erases a salt yet; without it anything could stand in the event.
        if event.salt.is_none() {
            return Err(unsound(at, "the salt of its commitment is gone, so nothing vouches for it"));
        }
        prev = event.row.commitment;
    }
    Ok(())
}

fn name(tenant: &TenantCode, kind: StreamKind, events: &[StoredEvent]) -> String {
    match events.first().and_then(|e| e.number.as_ref()) {
        Some(number) => number.to_string(),
        None => format!("{tenant}, {} stream", kind.as_str()),
    }
}

fn gapless(tenant: &TenantCode, numbers: BTreeMap<(i16, Series), Vec<u32>>) -> Result<(), Ended> {
    for ((year, series), mut serials) in numbers {
        serials.sort_unstable();
        if let Some((wanted, _)) = (1..).zip(&serials).find(|(wanted, serial)| wanted != *serial) {
            return Err(unsound(
                format!("{tenant}, {year}"),
                format!("number {}{wanted} is missing or given twice", series.mark()),
            ));
        }
    }
    Ok(())
}
