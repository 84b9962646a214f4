//! Published logs copied into the bucket: tiles first, then the checkpoint, so that whoever reads
//! there never sees a checkpoint whose tiles are not there yet. The folder is the register's; the copy
//! is a copy, and what is missing in it is brought with the next publication.

use domain::ids::TenantCode;
use ledger::tiles::tiles_for;
use ledger::{Folder, Trust};

use super::publish::{behind, io};
use super::trusted::key_file;
use crate::error::Error;
use crate::hall::{Hall, log_folder};

impl Hall {
    /// Brings the bucket's copy of a log up to the folder; nothing where there is no bucket or no log.
    /// Called by whoever has just published. Two publishers at once may leave the older checkpoint
    /// there until the next publication: sound, and a little late.
    ///
    /// # Errors
    /// The bucket does not answer, or shows more leaves than the folder: an older register was put in
    /// its place.
    pub async fn mirror(&self, log: &TenantCode) -> Result<(), Error> {
        let Some(bucket) = &self.bucket else { return Ok(()) };
        let last = self.store.log_head(log).await?.epoch.max(1);
        for epoch in 1..=last {
            let Ok(signer) = self.keys.log_signer(log, epoch) else { continue };
            let folder = Folder::at(self.places.log(log, epoch));
            let Some(note) = folder.checkpoint().map_err(io)? else { continue };
            let below = format!("log/{}", log_folder(log, epoch));
            let at = format!("{below}/checkpoint");
            let there = bucket.get(&at).await.map_err(away)?;
            if there.as_ref() == Some(&note) {
                continue;
            }
            let trust = Trust::log(signer.verifier());
            let size = |note: &[u8]| {
                let read = trust.checkpoint("checkpoint", note).map_err(|e| Error::Io(e.to_string()))?;
                Ok::<u64, Error>(read.checkpoint.size)
            };
            let (here, had) = (size(&note)?, there.as_deref().map_or(Ok(0), size)?);
            if had > here {
                return Err(behind(&self.keys.log_origin(log, epoch), had, here));
            }
            for tile in tiles_for(had, here) {
                let path = folder.dir().join(tile.to_string());
                let bytes = tokio::fs::read(&path).await.map_err(|e| Error::Io(format!("{}: {e}", path.display())))?;
                bucket.put(&format!("{below}/{tile}"), bytes).await.map_err(away)?;
            }
            bucket.put(&at, note).await.map_err(away)?;
            if let Ok(key) = tokio::fs::read(key_file(folder.dir())).await {
                bucket.put(&format!("{below}.vkey"), key).await.map_err(away)?;
            }
        }
        Ok(())
    }
}

fn away(error: std::io::Error) -> Error {
    Error::Io(error.to_string())
}
