//! How the logs stand: what is sequenced, published and cosigned, for whoever runs the machine.

use domain::ids::TenantCode;
use ledger::Folder;

use super::publish::io;
use super::witnessed::Kept;
use crate::error::Error;
use crate::hall::Hall;

/// How one log stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogStatus {
    /// Its name.
    pub origin: String,
    /// Leaves in the register.
    pub size: u64,
    /// Leaves in the published folder.
    pub published: Option<u64>,
    /// Leaves that wait for their place.
    pub waiting: u64,
    /// Every witness of the policy.
    pub witnesses: Vec<Seen>,
    /// Whether the published checkpoint fulfils the policy; `None` without one.
    pub met: Option<bool>,
}

/// What one witness has cosigned of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What the policy calls it.
    pub name: String,
    /// The newest checkpoint it cosigned, as far as it is known here: leaves, and when in Unix seconds.
    pub last: Option<(u64, u64)>,
    /// Whether that is the published one.
    pub current: bool,
}

impl Hall {
    /// How a log stands.
    ///
    /// # Errors
    /// The disk or the store fails.
    pub async fn log_status(&self, log: &TenantCode) -> Result<LogStatus, Error> {
        let head = self.store.log_head(log).await?;
        let note = Folder::at(self.places.log(log, head.epoch)).checkpoint().map_err(io)?;
        let published = note.as_deref().and_then(Kept::of);
        let policy = self.policy();
        let mut kept = self.witnessed(log, head.epoch)?;
        kept.extend(published.clone());
        let mut witnesses = Vec::new();
        for witness in policy.iter().flat_map(|policy| &policy.witnesses) {
            let last = kept
                .iter()
                .filter_map(|kept| Some((kept.checkpoint.size, kept.time_of(&witness.key)?)))
                .max_by_key(|(size, time)| (*size, *time));
            let current = published.as_ref().is_some_and(|published| published.time_of(&witness.key).is_some());
            witnesses.push(Seen { name: witness.name.clone(), last, current });
        }
        Ok(LogStatus {
            origin: self.keys.log_origin(log, head.epoch),
            size: head.size,
            published: published.as_ref().map(|kept| kept.checkpoint.size),
            waiting: self.store.log_waiting(log).await?,
            witnesses,
            met: policy.zip(published).map(|(policy, published)| published.is_met(&policy)),
        })
    }
}
