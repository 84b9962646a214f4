//! Publishing: the folder of tlog-tiles is written from committed rows, tiles first, then the
//! checkpoint. It is a cache; losing it loses nothing.
//!
//! Each publication is padded to a multiple of sixteen with leaves that stand for nothing, also
//! when nothing came in: a public timetable of submissions would betray people.

use domain::ids::TenantCode;
use ledger::{Folder, Trust, commit};
use seal::Entropy;
use store::{LeafRow, LogHead, Store};

use super::head::head_log;
use super::sequence::{BATCH, leaf_of};
use super::trusted::{key_file, write_key};
use crate::error::Error;
use crate::hall::{Answered, Hall};

/// What stands in the folder now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Origin of the log.
    pub origin: String,
    /// Leaves in it.
    pub size: u64,
    /// Verifier key, for whoever checks it.
    pub vkey: String,
}

impl Hall {
    /// Sequences what waits, pads, and publishes the folder; `None` where another process does it.
    ///
    /// # Errors
    /// The folder is ahead of the register (an old backup was restored), the disk or the store fails.
    pub fn publish<'a>(&'a self, tenant: &'a TenantCode) -> Answered<'a, Option<Published>> {
        Box::pin(self.publish_now(tenant))
    }

    async fn publish_now(&self, tenant: &TenantCode) -> Result<Option<Published>, Error> {
        let _turn = self.publishing.lock().await;
        self.goes_on(tenant)?;
        let Some(LogHead { epoch, size, .. }) = self.sequence(tenant).await? else { return Ok(None) };
        let Some(fence) = self.fence(tenant).await? else { return Ok(None) };
        self.write_former(tenant, epoch).await?;
        let folder = Folder::at(self.places.log(tenant, epoch));
        let published = self.published_size(&folder, tenant, epoch)?;
        let dummies: Vec<LeafRow> = (0..commit::PADDING).map(|_| self.dummy_leaf()).collect();
        let padding = |size| {
            let wanted = usize::try_from(commit::dummies_wanted(published, size)).unwrap_or(usize::MAX);
            dummies.iter().take(wanted).cloned().collect()
        };
        if published > size {
            return Err(behind(&self.keys.log_origin(tenant, epoch), published, size));
        }
        let head = self.advance(tenant, &fence, BATCH, padding).await?;
        // In the head log first: what is shown to anybody stands there already.
        self.announce(&head).await?;
        self.write_folder(tenant, &folder, head).await.map(Some)
    }

    /// Writes the folders of former logs again where they are gone (after a restore).
    pub(super) async fn write_former(&self, tenant: &TenantCode, epoch: u32) -> Result<(), Error> {
        if epoch <= 1 {
            return Ok(());
        }
        for head in self.store.log_heads(tenant).await? {
            let folder = Folder::at(self.places.log(tenant, head.epoch));
            if head.epoch < epoch && head.size > 0 && folder.checkpoint().map_err(io)?.is_none() {
                self.write_folder(tenant, &folder, head).await?;
            }
        }
        Ok(())
    }

    pub(super) fn published_size(&self, folder: &Folder, tenant: &TenantCode, epoch: u32) -> Result<u64, Error> {
        let trust = Trust::log(self.keys.log_signer(tenant, epoch)?.verifier());
        match folder.checkpoint().map_err(io)? {
            None => Ok(0),
            Some(note) => {
                Ok(trust.checkpoint("checkpoint", &note).map_err(|e| Error::Io(e.to_string()))?.checkpoint.size)
            }
        }
    }

    pub(super) async fn write_folder(
        &self,
        tenant: &TenantCode,
        folder: &Folder,
        head: store::LogHead,
    ) -> Result<Published, Error> {
        let signer = self.keys.log_signer(tenant, head.epoch)?;
        let trust = Trust::log(signer.verifier());
        let from = self.published_size(folder, tenant, head.epoch)?;
        let entries = self.entries(tenant, head.epoch, from, head.size).await?;
        let note = String::from_utf8(head.checkpoint).map_err(|e| Error::Store(e.to_string()))?;
        let folder = folder.clone();
        let vkey = signer.verifier().to_string();
        let beside = (key_file(&self.places.log(tenant, head.epoch)), vkey.clone());
        tokio::task::spawn_blocking(move || -> Result<(), Error> {
            let mut publication = folder.begin(&trust).map_err(io)?;
            // Another publisher may have come further between the look and the lock.
            let skip = publication.size().saturating_sub(from) as usize;
            for entry in entries.iter().skip(skip) {
                publication.push(entry).map_err(io)?;
            }
            publication.finish(&note).map_err(io)?;
            write_key(&beside.0, &beside.1).map_err(|e| Error::Io(e.to_string()))
        })
        .await
        .map_err(|e| Error::Io(e.to_string()))??;
        Ok(Published { origin: self.keys.log_origin(tenant, head.epoch), size: head.size, vkey })
    }

    /// The entries `from..to` of a log as they stand in the tree.
    async fn entries(&self, tenant: &TenantCode, epoch: u32, from: u64, to: u64) -> Result<Vec<Vec<u8>>, Error> {
        let mut entries = Vec::with_capacity(to.saturating_sub(from) as usize);
        let mut at = from;
        while at < to {
            let end = to.min(at + 65_536);
            entries.extend(entries_between(&self.store, tenant, epoch, at, end).await?);
            at = end;
        }
        Ok(entries)
    }

    fn dummy_leaf(&self) -> LeafRow {
        let mut salt = [0; 32];
        self.entropy().fill(&mut salt);
        LeafRow { commitment: commit::dummy_commitment(&salt), salt: Some(salt), day: self.clock.today() }
    }
}

/// Up to 65,536 entries of a log as they stand in the tree.
pub(crate) async fn entries_between(
    store: &Store,
    tenant: &TenantCode,
    epoch: u32,
    from: u64,
    to: u64,
) -> Result<Vec<Vec<u8>>, Error> {
    if *tenant == head_log() {
        return Ok(store.head_leaves(tenant, epoch, from, to).await?);
    }
    let leaves = store.log_leaves(tenant, epoch, from, to).await?;
    Ok(leaves.iter().map(|leaf| leaf_of(leaf).to_bytes().to_vec()).collect())
}

/// Others have seen more of a log than the register has.
pub(crate) fn behind(origin: &str, seen: u64, has: u64) -> Error {
    Error::Io(format!(
        "{seen} leaves of {origin} were published and the register has {has}: an older register was put in its place. \
         Nothing is published or served from it. Restore the newest backup with `dengwen restore`, which opens the \
         log's next name"
    ))
}

pub(super) fn io(error: ledger::folder::FolderError) -> Error {
    Error::Io(error.to_string())
}
