//! Who saw, searched, exported or changed what (promise 7). Records stand in the register's audit
//! streams, one per organ and day, and are committed to the log like everything else. What was
//! searched for is sealed; what a report says is never here.

use std::collections::HashMap;

use domain::ids::{OfficeId, ReportId, ReportNumber, StaffId, StreamKind, TenantCode};
use jiff::civil::Date;
use ledger::commit;
use seal::{ContentKey, Entropy, KeyPlace, Place as SealPlace};
use serde::{Deserialize, Serialize};
use store::{Append, ContentKeyRow, EventRow, Expected, NewEvent, Numbering, Rows};

use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Signed in.
    SignedIn,
    /// Wrong passwords for this name, since the last such record.
    SignInFailed {
        /// How many.
        #[serde(default = "once")]
        times: u32,
    },
    /// Signed out.
    SignedOut,
    /// A report was opened.
    Viewed {
        /// Which.
        report: ReportId,
    },
    /// A file of a report was fetched.
    Downloaded {
        /// Which.
        report: ReportId,
    },
    /// A command was carried out on a report.
    Acted {
        /// Which.
        report: ReportId,
        /// Events it led to.
        events: u32,
    },
    /// A report was registered by hand.
    Registered {
        /// Which.
        report: ReportId,
    },
    /// A list was looked at.
    Listed {
        /// Which list.
        list: String,
        /// Rows shown.
        rows: u32,
    },
    /// A search; the words are sealed beside.
    Searched {
        /// Hits shown.
        hits: u32,
    },
    /// A list left the program as a file; the purpose is sealed beside.
    Exported {
        /// Which list.
        list: String,
        /// Rows in it.
        rows: u32,
    },
    /// A paper was printed.
    Printed {
        /// Of which report.
        report: ReportId,
        /// Which paper.
        paper: String,
    },
    /// An import began; the source's name is sealed beside. One that is broken off has no end.
    ImportBegun,
    /// Rows were imported.
    Imported {
        /// How many reports came of it.
        reports: u32,
        /// Rows that were there already.
        #[serde(default)]
        known: u32,
        /// Rows refused.
        #[serde(default)]
        refused: u32,
    },
    /// An import ended before its rows did; those looked at until then were taken in.
    ImportBroken {
        /// How many were looked at.
        rows: u32,
    },
    /// The cockpit was opened.
    CockpitViewed,
    /// The audit was queried.
    AuditViewed,
    /// Given-up work was started again.
    Retried {
        /// Which, in hexadecimal.
        job: String,
    },
    /// A package for the other of two networks was made and left the machine (M104).
    PackageMade {
        /// Its number.
        package: u64,
        /// Filings, acts, reports shown in it.
        records: u64,
    },
    /// A package was handed out once more.
    PackageAgain {
        /// Its number.
        package: u64,
    },
    /// A package of the other of two networks was taken.
    PackageTaken {
        /// Its number.
        package: u64,
        /// Filings, acts, reports shown in it.
        records: u64,
    },
    /// The directory changed, or a one-time link was issued or released.
    DirectoryChanged {
        /// What was done.
        what: String,
        /// To which office or member of staff.
        of: String,
    },
}

/// Stands where a member of staff does in the records of what is done by commands on the machine
/// itself: whoever may run them has no name in the directory.
pub const MACHINE: &str = "@machine";

/// Records from before failures were counted stand for one each.
fn once() -> u32 {
    1
}

impl Deed {
    /// Its kind, as messages name it; every kind stands in [`Deed::KINDS`].
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInFailed { .. } => "sign_in_failed",
            Self::SignedOut => "signed_out",
            Self::Viewed { .. } => "viewed",
            Self::Downloaded { .. } => "downloaded",
            Self::Acted { .. } => "acted",
            Self::Registered { .. } => "registered",
            Self::Listed { .. } => "listed",
            Self::Searched { .. } => "searched",
            Self::Exported { .. } => "exported",
            Self::Printed { .. } => "printed",
            Self::ImportBegun => "import_begun",
            Self::Imported { .. } => "imported",
            Self::ImportBroken { .. } => "import_broken",
            Self::CockpitViewed => "cockpit_viewed",
            Self::AuditViewed => "audit_viewed",
            Self::Retried { .. } => "retried",
            Self::PackageMade { .. } => "package_made",
            Self::PackageAgain { .. } => "package_again",
            Self::PackageTaken { .. } => "package_taken",
            Self::DirectoryChanged { .. } => "directory_changed",
        }
    }

    /// All kinds, in the order a reader looks for them.
    pub const KINDS: [&str; 21] = [
        "viewed",
        "downloaded",
        "searched",
        "listed",
        "exported",
        "printed",
        "acted",
        "registered",
        "import_begun",
        "imported",
        "import_broken",
        "cockpit_viewed",
        "audit_viewed",
        "package_made",
        "package_again",
        "package_taken",
        "directory_changed",
        "retried",
        "signed_in",
        "sign_in_failed",
        "signed_out",
    ];

    /// The report it was done to, if it was one.
    pub fn report(&self) -> Option<ReportId> {
        match self {
            Self::Viewed { report }
            | Self::Downloaded { report }
            | Self::Acted { report, .. }
            | Self::Registered { report }
            | Self::Printed { report, .. } => Some(*report),
            _ => None,
        }
    }
}

/// One record as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Civil day.
    pub day: Date,
    /// Unix microseconds.
    pub at: i64,
    /// Who.
    pub staff: StaffId,
    /// Of which office.
    pub office: OfficeId,
    /// What.
    pub deed: Deed,
    /// The stream that holds the words, where they were sealed; hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

impl Hall {
    /// Records a deed.
    ///
    /// # Errors
    /// The store fails; then the deed must not go on.
    pub async fn record(&self, me: &Me, deed: Deed) -> Result<(), Error> {
        self.record_with(me, deed, None).await
    }

    /// Records a deed with words that go under the seal (search words, an export's purpose). The
    /// words stand in a stream of their own, because their place must be known before sealing;
    /// the day's record names it, and both are written in one commit.
    ///
    /// # Errors
    /// As [`Hall::record`].
    pub async fn record_with(&self, me: &Me, deed: Deed, words: Option<&str>) -> Result<(), Error> {
        self.store.append_together(self.record_appends(me, deed, words)?).await?;
        Ok(())
    }

    /// The record of a deed as appends, to be written in one commit with the deed itself.
    ///
    /// # Errors
    /// Sealing failed.
    pub(crate) fn record_appends(&self, me: &Me, deed: Deed, words: Option<&str>) -> Result<Vec<Append>, Error> {
        let day = self.clock.today();
        let mut appends = Vec::with_capacity(2);
        let mut named = None;
        if let Some(words) = words {
            let stream = seal::fresh_id(&mut self.entropy());
            named = Some(hex::encode(stream));
            appends.push(self.words_append(&me.tenant, stream, day, words)?);
        }
        let entry = Entry {
            day,
            at: self.clock.micros(),
            staff: me.staff.clone(),
            office: me.office.clone(),
            deed,
            words: named,
        };
        appends.push(self.entry_append(&me.tenant, &entry)?);
        Ok(appends)
    }

    /// Records what a command on the machine did. It bears the day and no time of it: when disks
    /// are carried between two networks is not for everybody to know who reads the audit.
    ///
    /// # Errors
    /// The store fails.
    pub(crate) async fn record_at_machine(&self, tenant: &TenantCode, deed: Deed) -> Result<(), Error> {
        // The outside has no desk whose auditor would read it, and no log that would hold it.
        if self.is_outside(tenant) {
            return Ok(());
        }
        let began = self.clock.day_began().duration_since(std::time::UNIX_EPOCH);
        let entry = Entry {
            day: self.clock.today(),
            at: began.ok().and_then(|at| i64::try_from(at.as_micros()).ok()).unwrap_or_default(),
            staff: StaffId(MACHINE.to_owned()),
            office: OfficeId(MACHINE.to_owned()),
            deed,
            words: None,
        };
        self.store.append_together(vec![self.entry_append(tenant, &entry)?]).await?;
        Ok(())
    }

    fn entry_append(&self, tenant: &TenantCode, entry: &Entry) -> Result<Append, Error> {
        let day = entry.day;
        let header = serde_json::to_string(entry).map_err(|e| Error::Io(e.to_string()))?;
        let mut salt = [0; 32];
        self.entropy().fill(&mut salt);
        Ok(Append {
            tenant: tenant.clone(),
            kind: StreamKind::Audit,
            stream: day_stream(day),
            expected: Expected::End,
            number: Numbering::Without,
            once: None,
            today: day,
            fill: Box::new(move |place| Rows {
                events: vec![event(place.version + 1, day, &header, None, &[], place.prev, salt)],
                ..Rows::default()
            }),
        })
    }

    fn words_append(&self, tenant: &TenantCode, stream: [u8; 16], day: Date, words: &str) -> Result<Append, Error> {
        let mut rng = self.entropy();
        let place = KeyPlace { tenant: tenant.as_str(), report: stream, key_no: 1 };
        let (key, wrapped) = ContentKey::mint(self.keys.office(tenant)?, &place, &mut rng)?;
        let place = SealPlace::whole(tenant.as_str(), stream, 1, "audit");
        let part = seal::seal_part(&key, &place, words.as_bytes(), &mut rng)?;
        let digest = [crate::report::write::leaf_part(&part.digest)];
        let mut salt = [0; 32];
        rng.fill(&mut salt);
        let keys = vec![ContentKeyRow {
            key_no: 1,
            key_id: wrapped.key_id().to_string(),
            wrapped: wrapped.as_bytes().to_vec(),
        }];
        Ok(Append {
            tenant: tenant.clone(),
            kind: StreamKind::Audit,
            stream,
            expected: Expected::Version(0),
            number: Numbering::Without,
            once: None,
            today: day,
            fill: Box::new(move |_| Rows {
                events: vec![event(1, day, "{}", Some(part.envelope.clone()), &digest, commit::GENESIS, salt)],
                content_keys: keys.clone(),
                ..Rows::default()
            }),
        })
    }

    /// The records of some days, newest first, as far as the auditor may see them: not about
    /// herself or her own unit, and not about reports against her.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn audit(&self, me: &Me, from: Date, to: Date) -> Result<Vec<Entry>, Error> {
        Ok(self.audit_with_numbers(me, from, to).await?.0)
    }

    /// The same, with the numbers of the reports they speak of.
    ///
    /// # Errors
    /// As [`Hall::audit`].
    pub async fn audit_with_numbers(
        &self,
        me: &Me,
        from: Date,
        to: Date,
    ) -> Result<(Vec<Entry>, HashMap<ReportId, ReportNumber>), Error> {
        use domain::permission::{Action, AuditSubject, Resource, may};
        if !me.in_roles().any(|who| may(&who, Action::ViewAudit, &Resource::Audit(AuditSubject::Others)).allows()) {
            return Err(Error::Forbidden("refused-role"));
        }
        self.record(me, Deed::AuditViewed).await?;
        let mut found = Vec::new();
        let mut day = from;
        while day <= to {
            for event in self.store.stream(&me.tenant, StreamKind::Audit, &day_stream(day)).await? {
                found.push(read(&me.tenant, &event)?);
            }
            day = day.tomorrow().map_err(|e| Error::Io(e.to_string()))?;
        }
        found.retain(|entry| entry.office != me.office && entry.staff != me.staff);
        let named: Vec<ReportId> = found.iter().filter_map(|entry| entry.deed.report()).collect();
        let scope = store::Scope {
            tenant: me.tenant.clone(),
            reach: store::Reach::Whole,
            me: vec![self.keys.recusal_token(&me.tenant, &me.staff)],
        };
        let numbers = self.store.numbers(&scope, &named).await?;
        found.retain(|entry| entry.deed.report().is_none_or(|report| numbers.contains_key(&report)));
        // Within one instant the later record stands later in its stream.
        found.reverse();
        found.sort_by_key(|entry| std::cmp::Reverse(entry.at));
        Ok((found, numbers))
    }
}

fn event(
    version: u32,
    day: Date,
    header: &str,
    sealed: Option<Vec<u8>>,
    parts: &[commit::PartDigest],
    prev: [u8; 32],
    salt: [u8; 32],
) -> NewEvent {
    let digest = commit::event_digest(header.as_bytes(), parts, &prev);
    let row = EventRow {
        version,
        event: "audit".to_owned(),
        day,
        header: header.to_owned(),
        key_no: sealed.as_ref().map(|_| 1),
        sealed,
        prev,
        commitment: commit::commitment(&salt, &digest),
    };
    NewEvent { row, salt }
}

fn read(tenant: &TenantCode, event: &store::StoredEvent) -> Result<Entry, Error> {
    serde_json::from_str(&event.row.header)
        .map_err(|e| Error::Store(format!("an audit record of {tenant} cannot be read: {e}")))
}

/// The stream of a day's records: its name is the day, so that nobody has to keep a list.
fn day_stream(day: Date) -> [u8; 16] {
    let mut name = *b"audit-0000-00-00";
    let text = format!("{day}");
    name[6..16].copy_from_slice(text.as_bytes());
    name
}
