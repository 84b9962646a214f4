//! Organs as the register knows them: the directory stream of each tenant, last version in force.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::directory::Directory;
use domain::divisions::Divisions;
use domain::ids::{StaffId, StreamKind, TenantCode};
use domain::recusal;
use domain::words::Edition;
use jiff::civil::Date;
use ledger::commit;
use seal::Entropy;
use serde::{Deserialize, Serialize};
use store::{Append, EventRow, Expected, NewEvent, NewWork, Numbering, Rows, Store, TenantRow};
use triage::{Judge, Models};

use crate::error::Error;
use crate::hall::{Answered, Hall};
use crate::report::recuse::{PASS, RECUSE};

/// An organ with its directory.
pub struct Organ {
    /// Its code.
    pub tenant: TenantCode,
    /// Its directory in force.
    pub directory: Directory,
    /// National divisions and the organ's own.
    pub divisions: Divisions,
    /// Version of the directory stream.
    pub version: u32,
    /// The directory around single members of staff, made when first asked for.
    around: Mutex<BTreeMap<StaffId, Arc<Directory>>>,
}

/// The plain part of a directory event. The directory names staff and posts, no reporter and no
/// report, and the public role must read it to decide recusal before anything is stored.
#[derive(Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum DirectoryEvent {
    DirectorySet {
        day: Date,
        /// Who changed it; nobody where the machine was set up.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<StaffId>,
        directory: Box<Directory>,
    },
}

/// All directories stand in one stream per tenant.
const STREAM: [u8; 16] = [0; 16];

/// Words that end a division's name and change when it is raised or merged.
const RANKS: [&str; 7] = ["县", "区", "市", "旗", "镇", "乡", "街道"];

/// How the names of a chain are written.
#[derive(PartialEq)]
enum Names {
    InFull,
    Shortened,
}

impl Organ {
    /// The body of law it lives under.
    pub fn edition(&self) -> Edition {
        self.directory.organ.edition
    }

    /// The part of the directory that decides whether somebody must not see a report.
    pub(crate) fn around(&self, staff: &StaffId) -> Arc<Directory> {
        let mut known = self.around.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(staff.clone()).or_insert_with(|| Arc::new(recusal::around(staff, &self.directory))).clone()
    }

    /// The division meant by a code, a name (`岳麓区`), or a chain of names from the province down
    /// (`湖南省长沙市岳麓区`). Of several divisions of one name the one in the organ's own territory;
    /// of a chain whose end no list knows (a development zone) the last division it does know.
    pub fn division(&self, written: &str) -> Option<String> {
        let written = written.trim();
        if self.divisions.get(written).is_some() {
            return Some(written.to_owned());
        }
        let home = self.directory.organ.division.trim_end_matches("00");
        let (mut at, mut rest, mut whole): (Option<String>, &str, Names) = (None, written, Names::InFull);
        'chain: while !rest.is_empty() {
            for end in rest.char_indices().map(|(i, c)| i + c.len_utf8()).rev() {
                let mut below = self.divisions.find(&rest[..end]);
                below.retain(|d| at.as_ref().is_none_or(|above| d.code.starts_with(above.as_str())));
                let Some(first) = below.first() else { continue };
                let near = below.iter().find(|d| d.code.starts_with(home));
                let next = match (near, &at) {
                    (Some(near), _) => near,
                    // Below a known place the nearest level is meant; at the start of a chain a
                    // province or city is, and a county only if it is the only one of its name.
                    (None, Some(_)) => first,
                    (None, None) if below.len() == 1 || first.code.len() <= 4 => first,
                    (None, None) => break 'chain,
                };
                let written = &rest[..end];
                rest = &rest[end..];
                if next.name != written {
                    whole = Names::Shortened;
                    // 隆昌县 has become 隆昌市: inside a chain the former rank still names the place.
                    if at.is_some() {
                        rest = RANKS.iter().find_map(|rank| rest.strip_prefix(rank)).unwrap_or(rest);
                    }
                }
                at = Some(next.code.to_string());
                continue 'chain;
            }
            break;
        }
        // What follows a shortened name may be anything: `海口路` is no place in 海口.
        at.filter(|_| rest.is_empty() || whole == Names::InFull)
    }

    pub(crate) fn judge(&self) -> Result<Judge, Error> {
        let models = Models::embedded().map_err(|e| Error::Io(e.to_string()))?;
        Ok(Judge::new(&models, Arc::new(triage::Divisions::new(self.divisions.clone()))))
    }
}

pub(crate) async fn load_all(store: &Store) -> Result<BTreeMap<TenantCode, Arc<Organ>>, Error> {
    let mut organs = BTreeMap::new();
    for (tenant, _) in store.tenants().await? {
        let events = store.stream(&tenant, StreamKind::Directory, &STREAM).await?;
        let Some(last) = events.last() else { continue };
        let DirectoryEvent::DirectorySet { directory, .. } = serde_json::from_str(&last.row.header)
            .map_err(|e| Error::Store(format!("the directory of {tenant} cannot be read: {e}")))?;
        let organ = Organ {
            tenant: tenant.clone(),
            divisions: Divisions::with_extra(&directory.divisions),
            version: last.row.version,
            directory: *directory,
            around: Mutex::default(),
        };
        organs.insert(tenant, Arc::new(organ));
    }
    Ok(organs)
}

impl Hall {
    /// Puts a directory in force: the founding of an organ, or a change to it.
    ///
    /// # Errors
    /// The directory does not hold together, or the store fails.
    pub async fn set_directory(&self, directory: Directory) -> Result<(), Error> {
        self.put_directory(directory, None, None).await
    }

    /// The version of an organ's directory as the register has it now.
    pub(crate) async fn directory_version(&self, tenant: &TenantCode) -> Result<u32, Error> {
        Ok(self.store.stream_version(tenant, StreamKind::Directory, &STREAM).await?)
    }

    /// Takes over directories as another network has them: the events that are not here yet.
    pub(crate) async fn take_directory(&self, tenant: &TenantCode, events: Vec<NewEvent>) -> Result<(), Error> {
        let mut version = self.directory_version(tenant).await?;
        for event in events {
            if event.row.version <= version {
                continue;
            }
            let DirectoryEvent::DirectorySet { directory, .. } = serde_json::from_str(&event.row.header)
                .map_err(|e| Error::Store(format!("a directory cannot be read: {e}")))?;
            if directory.organ.tenant != *tenant {
                return Err(Error::NotFound);
            }
            let row = TenantRow {
                edition: directory.organ.edition,
                superior: directory.superior().and_then(|s| s.tenant.clone()),
            };
            let rows = Rows { events: vec![event], tenant: Some(row), ..Rows::default() };
            self.store
                .append(Append {
                    tenant: tenant.clone(),
                    kind: StreamKind::Directory,
                    stream: STREAM,
                    expected: Expected::Version(version),
                    number: Numbering::Without,
                    once: None,
                    today: self.clock.today(),
                    fill: Box::new(move |_| rows.clone()),
                })
                .await?;
            version += 1;
        }
        self.reload_organs().await
    }

    /// Puts a directory in force that somebody made out of version `seen`.
    pub(crate) fn put_directory<'a>(
        &'a self,
        directory: Directory,
        by: Option<&'a StaffId>,
        seen: Option<u32>,
    ) -> Answered<'a, ()> {
        Box::pin(self.directory_put(directory, by, seen))
    }

    async fn directory_put(&self, directory: Directory, by: Option<&StaffId>, seen: Option<u32>) -> Result<(), Error> {
        directory.check().map_err(|e| Error::input("directory", e.to_string(), e.to_string()))?;
        let tenant = directory.organ.tenant.clone();
        let row = TenantRow {
            edition: directory.organ.edition,
            superior: directory.superior().and_then(|s| s.tenant.clone()),
        };
        let today = self.clock.today();
        let stored = self.store.stream(&tenant, StreamKind::Directory, &STREAM).await?;
        let prev = stored.last().map_or(commit::GENESIS, |e| e.row.commitment);
        let version = stored.len() as u32;
        if seen.is_some_and(|seen| seen != version) {
            self.reload_organs().await?;
            return Err(Error::Conflict);
        }
        let header = serde_json::to_string(&DirectoryEvent::DirectorySet {
            day: today,
            by: by.cloned(),
            directory: Box::new(directory),
        })
        .map_err(|e| Error::Io(e.to_string()))?;
        let mut salt = [0; 32];
        self.entropy().fill(&mut salt);
        let commitment = commit::commitment(&salt, &commit::event_digest(header.as_bytes(), &[], &prev));
        let event = EventRow {
            version: version + 1,
            event: "directory_set".to_owned(),
            day: today,
            header,
            sealed: None,
            key_no: None,
            prev,
            commitment,
        };
        // Who is new here may be named in a report that is already here. What is due now stands
        // behind what is due since ever, as judging is.
        let recheck = (version > 0).then(|| NewWork {
            id: PASS,
            kind: RECUSE.to_owned(),
            subject: STREAM,
            payload: Vec::new(),
            due_at: self.clock.micros(),
        });
        self.store
            .append(Append {
                tenant,
                kind: StreamKind::Directory,
                stream: STREAM,
                expected: Expected::Version(version),
                number: Numbering::Without,
                once: None,
                today,
                fill: Box::new(move |_| Rows {
                    events: vec![NewEvent { row: event.clone(), salt }],
                    tenant: Some(row.clone()),
                    renewed: recheck.clone().into_iter().collect(),
                    ..Rows::default()
                }),
            })
            .await?;
        self.reload_organs().await
    }
}
