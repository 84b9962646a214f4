//! Whether others have seen more of a log than the register has: then an older register was put in
//! place of the newer, and nothing may be added to it under the same name.

use ledger::Folder;

use super::publish::{behind, io};
use super::witnessed::Kept;
use crate::error::Error;
use crate::hall::Hall;

impl Hall {
    /// Compares every log's register with its published folder and with what witnesses have cosigned
    /// as far as it is kept here. Looked at before a process serves.
    ///
    /// # Errors
    /// The sentence that says which log is behind and what to do.
    pub async fn logs_are_not_behind(&self) -> Result<(), Error> {
        for log in self.logs() {
            let epoch = self.store.log_head(&log).await?.epoch;
            let mut seen = self.witnessed(&log, epoch)?;
            if let Some(note) = Folder::at(self.places.log(&log, epoch)).checkpoint().map_err(io)? {
                seen.extend(Kept::of(&note));
            }
            // After the folder: another process may be publishing.
            let head = self.store.log_head(&log).await?;
            let origin = self.keys.log_origin(&log, head.epoch);
            let key = self.keys.log_signer(&log, head.epoch)?.verifier();
            // What the log itself has not signed says nothing about it; damage is found by fsck.
            for kept in seen.iter().filter(|kept| kept.note.verified([&key]).is_ok()) {
                let checkpoint = &kept.checkpoint;
                if checkpoint.size > head.size {
                    return Err(behind(&origin, checkpoint.size, head.size));
                }
                if checkpoint.size == head.size && checkpoint.root != head.root {
                    return Err(Error::Io(format!(
                        "{origin} was published with another history of {} leaves than the register has: an older \
                         register was put in its place and went on. Compare with a checkpoint kept elsewhere \
                         (`dengwen fsck --anchor`), then restore the newest backup with `dengwen restore`",
                        head.size
                    )));
                }
            }
        }
        Ok(())
    }
}
