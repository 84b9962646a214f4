//! The head log: one for the whole installation. Its entries are the checkpoints of every organ's
//! log, each as it is published, word for word, so that one checkpoint kept elsewhere covers all
//! organs, and an organ whose log was rolled back, forked or left out is named.

use domain::ids::TenantCode;
use ledger::note::Note;
use ledger::tree::{Frontier, leaf_hash};
use ledger::{Checkpoint, Folder, commit};
use store::{LeafRow, LogHead, NextHead};

use super::publish::{Published, io};
use crate::error::Error;
use crate::hall::Hall;

/// The code under which the head log's rows stand. Organs' codes begin with a division's digits.
const HEAD: &str = "HEAD00000";
/// Looks for the head log's lease before it is given up: others hold it for one short transaction.
const LOOKS: u32 = 50;

/// The code of the head log.
pub fn head_log() -> TenantCode {
    HEAD.parse().expect("nine letters and digits")
}

impl Hall {
    /// Every log this process can sign: the organs', then the head log.
    pub fn logs(&self) -> Vec<TenantCode> {
        let organs = self.organs().into_iter().map(|organ| organ.tenant.clone());
        organs.chain([head_log()]).filter(|log| self.keys.log_signer(log, 1).is_ok()).collect()
    }

    /// Puts an organ's checkpoint into the head log; nothing where this installation has none.
    pub(super) async fn announce(&self, head: &LogHead) -> Result<(), Error> {
        let log = head_log();
        let LogHead { epoch, size, .. } = self.store.log_head(&log).await?;
        let Ok(signer) = self.keys.log_signer(&log, epoch) else { return Ok(()) };
        let text = text_of(&head.checkpoint)?;
        let origin = self.keys.log_origin(&log, epoch);
        let mut entries = vec![text.into_bytes()];
        if epoch > 1 && size == 0 {
            entries.insert(0, self.last_known(&log, epoch).await?.into_bytes());
        }
        let next = move |before: &LogHead, new: &[Vec<u8>]| -> Result<NextHead, String> {
            let mut frontier = if before.frontier.is_empty() {
                Frontier::new()
            } else {
                Frontier::from_bytes(&before.frontier).map_err(|e| e.to_string())?
            };
            for entry in new {
                frontier.push(leaf_hash(entry));
            }
            let (size, root) = (frontier.size(), frontier.root());
            let note = Checkpoint { origin: origin.clone(), size, root }.sign(&signer).map_err(|e| e.to_string())?;
            Ok(NextHead {
                padding: Vec::new(),
                frontier: frontier.to_bytes(),
                root,
                checkpoint: note.to_string().into_bytes(),
            })
        };
        for _ in 0..LOOKS {
            let Some(fence) = self.fence(&log).await? else {
                tokio::time::sleep(std::time::Duration::from_millis(200)).await;
                continue;
            };
            let extended = self.store.head_extend(&fence, &entries, &next).await;
            self.store.lease_release(&fence).await?;
            extended?;
            return Ok(());
        }
        Err(Error::Io("another process does not let go of the head log; it will be tried again".to_owned()))
    }

    /// Publishes the head log as it is; `None` where there is none, or nothing in it yet.
    ///
    /// # Errors
    /// The folder is ahead of the register, the disk or the store fails.
    pub async fn publish_head(&self) -> Result<Option<Published>, Error> {
        let log = head_log();
        let _turn = self.publishing.lock().await;
        self.goes_on(&log)?;
        let head = self.store.log_head(&log).await?;
        if head.size == 0 || self.keys.log_signer(&log, head.epoch).is_err() {
            return Ok(None);
        }
        self.write_former(&log, head.epoch).await?;
        let folder = Folder::at(self.places.log(&log, head.epoch));
        let published = self.published_size(&folder, &log, head.epoch)?;
        if published > head.size {
            return Err(super::publish::behind(&self.keys.log_origin(&log, head.epoch), published, head.size));
        }
        self.write_folder(&log, &folder, head).await.map(Some)
    }

    /// The first leaf of a log that follows another.
    pub(super) async fn opening_leaf(&self, log: &TenantCode, epoch: u32) -> Result<LeafRow, Error> {
        let commitment = commit::successor_commitment(&self.last_known(log, epoch).await?);
        Ok(LeafRow { commitment, salt: None, day: self.clock.today() })
    }

    /// The text of the last checkpoint known of the log before this one: the register's own, or the
    /// one its folder shows where that came further before the backup was put in its place.
    pub(crate) async fn last_known(&self, log: &TenantCode, epoch: u32) -> Result<String, Error> {
        let former = epoch - 1;
        let head = self.store.log_heads(log).await?.into_iter().find(|head| head.epoch == former);
        let (mut size, mut text) = (0, String::new());
        if let Some(head) = head.filter(|head| head.size > 0) {
            (size, text) = (head.size, text_of(&head.checkpoint)?);
        }
        let signer = self.keys.log_signer(log, former)?;
        let trust = ledger::Trust::log(signer.verifier());
        if let Some(note) = Folder::at(self.places.log(log, former)).checkpoint().map_err(io)? {
            let shown = trust.checkpoint("checkpoint", &note).map_err(|e| Error::Io(e.to_string()))?.checkpoint;
            if shown.size > size {
                text = shown.text();
            }
        }
        Ok(text)
    }
}

/// The text of a signed checkpoint of our own, as the register keeps it.
pub(crate) fn text_of(note: &[u8]) -> Result<String, Error> {
    let note = Note::parse(note).map_err(|e| Error::Store(e.to_string()))?;
    Ok(note.text().to_owned())
}
