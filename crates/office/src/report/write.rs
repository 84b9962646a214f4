//! From decided events and the words that go with them to rows of the register.
//!
//! Sealing and hashing happen here, before any transaction; what is left for the transaction is to
//! fill in the number. The commitment chain of a stream is continued from the last one read.

use domain::ids::{ReportId, ReportNumber, Series, TenantCode};
use domain::indicators;
use domain::report::{Recorded, Report, evolve};
use domain::rules::Rules;
use ledger::commit;
use seal::{ContentKey, Entropy, Place};
use store::{Bytes32, EventRow, NewEvent, Rows, StoredEvent, Tally};

use crate::error::Error;
use crate::report::project::project;

/// A stream being continued: its state so far and the chain's last link.
pub struct Chain<'a> {
    /// Whose register.
    pub tenant: &'a TenantCode,
    /// Which report.
    pub report: ReportId,
    /// Rules in force, for the colours' days.
    pub rules: &'a Rules,
    history: Vec<Recorded>,
    state: Option<Report>,
    prev: Bytes32,
    events: Vec<NewEvent>,
    tallies: Vec<Tally>,
}

impl<'a> Chain<'a> {
    /// Begins a new stream.
    pub fn begin(tenant: &'a TenantCode, report: ReportId, rules: &'a Rules) -> Self {
        Self {
            tenant,
            report,
            rules,
            history: Vec::new(),
            state: None,
            prev: commit::GENESIS,
            events: Vec::new(),
            tallies: Vec::new(),
        }
    }

    /// Continues a stream that was read.
    ///
    /// # Errors
    /// A header is not one of ours.
    pub fn resume(
        tenant: &'a TenantCode,
        report: ReportId,
        rules: &'a Rules,
        stored: &[StoredEvent],
    ) -> Result<Self, Error> {
        let mut chain = Self::begin(tenant, report, rules);
        for event in stored {
            let recorded = read_header(event)?;
            chain.state = Some(evolve(chain.state.take(), &recorded)?);
            chain.history.push(recorded);
            chain.prev = event.row.commitment;
        }
        Ok(chain)
    }

    /// The state so far.
    pub fn state(&self) -> Option<&Report> {
        self.state.as_ref()
    }

    /// Version of the last event.
    pub fn version(&self) -> u32 {
        self.history.len() as u32
    }

    /// Adds one event; `words` are sealed under `key` at the event's own place, `more` are digests
    /// of parts sealed elsewhere that belong to it (the identity envelope).
    ///
    /// # Errors
    /// Sealing failed.
    pub fn push(
        &mut self,
        recorded: Recorded,
        words: Option<(&ContentKey, &[u8])>,
        more: &[seal::PartDigest],
        rng: &mut dyn Entropy,
    ) -> Result<(), Error> {
        let version = self.version() + 1;
        let header = serde_json::to_string(&recorded).map_err(|e| Error::Io(e.to_string()))?;
        let kind = event_kind(&recorded)?;
        let mut parts = Vec::with_capacity(1 + more.len());
        let (mut sealed, mut key_no) = (None, None);
        if let Some((key, plaintext)) = words {
            let place = Place::whole(self.tenant.as_str(), self.report.0, version, &kind);
            let part = seal::seal_part(key, &place, plaintext, rng)?;
            parts.push(leaf_part(&part.digest));
            key_no = Some(key.number());
            sealed = Some(part.envelope);
        }
        parts.extend(more.iter().map(leaf_part));
        let digest = commit::event_digest(header.as_bytes(), &parts, &self.prev);
        let mut salt = [0u8; 32];
        rng.fill(&mut salt);
        let commitment = commit::commitment(&salt, &digest);
        let day = recorded.day;
        let row = EventRow { version, event: kind, day, header, sealed, key_no, prev: self.prev, commitment };
        self.adopt(recorded, NewEvent { row, salt })
    }

    /// Adds an event that is sealed and committed to already.
    ///
    /// # Errors
    /// It does not follow from the state so far.
    pub fn adopt(&mut self, recorded: Recorded, event: NewEvent) -> Result<(), Error> {
        let after = evolve(self.state.clone(), &recorded)?;
        self.tallies.extend(indicators::tallies(self.state.as_ref(), &recorded, &after).into_iter().map(|t| Tally {
            day: t.day,
            key: t.key,
            delta: t.delta,
        }));
        self.prev = event.row.commitment;
        self.events.push(event);
        self.state = Some(after);
        self.history.push(recorded);
        Ok(())
    }

    /// The commitment of the first event pushed; genesis if none was.
    pub fn first_commitment(&self) -> Bytes32 {
        self.events.first().map_or(commit::GENESIS, |e| e.row.commitment)
    }

    /// Whether anything was pushed.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Ends the preparation: everything but the number is known.
    pub fn finish(self) -> Finished {
        let projection = self.state.as_ref().map(|state| {
            // The number is not known yet; any number of this tenant stands in until `rows`.
            let number = ReportNumber { tenant: self.tenant.clone(), year: 0, series: Series::Register, serial: 0 };
            project(self.report, &number, state, &self.history, self.rules)
        });
        Finished { events: self.events, projection, tallies: self.tallies }
    }
}

/// A prepared append that only lacks the report's number.
pub struct Finished {
    events: Vec<NewEvent>,
    projection: Option<store::Projection>,
    tallies: Vec<Tally>,
}

impl Finished {
    /// The rows under this number, with `extra` for everything that is not the stream itself.
    pub fn rows(&self, number: &ReportNumber, extra: Rows) -> Rows {
        let mut projection = self.projection.clone();
        if let Some(projection) = &mut projection {
            projection.report.number = number.clone();
        }
        Rows { events: self.events.clone(), projection, tallies: self.tallies.clone(), ..extra }
    }
}

/// The plain part of a stored event.
///
/// # Errors
/// It is not one of ours.
pub fn read_header(event: &StoredEvent) -> Result<Recorded, Error> {
    read_recorded(&event.row.header)
        .map_err(|e| Error::Store(format!("event {} of a report cannot be read: {e}", event.row.version)))
}

/// The plain part of an event from its header.
///
/// # Errors
/// It is not one of ours.
pub fn read_recorded(header: &str) -> Result<Recorded, Error> {
    serde_json::from_str(header).map_err(|e| Error::Store(e.to_string()))
}

/// The stored spelling of an event's kind: the tag it serialises under.
fn event_kind(recorded: &Recorded) -> Result<String, Error> {
    let value = serde_json::to_value(&recorded.event).map_err(|e| Error::Io(e.to_string()))?;
    value
        .get("event")
        .and_then(|tag| tag.as_str())
        .map(str::to_owned)
        .ok_or(Error::Io("an event without a kind".to_owned()))
}

/// The same three hashes in the ledger's words.
pub fn leaf_part(part: &seal::PartDigest) -> commit::PartDigest {
    commit::PartDigest { ciphertext: part.ciphertext, key_commitment: part.key_commitment, plaintext: part.content }
}
