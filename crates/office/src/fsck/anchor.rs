//! The logs against checkpoints kept elsewhere: by a witness, on paper, in another organ. Only here
//! does a whole history put in place of another show.

use ledger::note::Note;
use ledger::{Checkpoint, Trust};

use super::logs::root_of;
use super::{Ended, unsound};
use crate::error::Error;
use crate::hall::Hall;

/// A checkpoint kept elsewhere that our log continues.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchored {
    /// What was kept.
    pub checkpoint: Checkpoint,
    /// Witnesses of the policy that cosigned it, with their times in Unix seconds.
    pub witnesses: Vec<(String, u64)>,
}

impl Hall {
    /// Checks a checkpoint kept elsewhere against the register. `None` where it speaks of a log that
    /// is none of this installation's.
    ///
    /// # Errors
    /// The log was rolled back or has forked since, or is signed with another key now; or why the
    /// check could not go on.
    pub async fn check_anchor(&self, name: &str, note: &[u8]) -> Result<Option<Anchored>, Ended> {
        let place = || format!("anchor {name}");
        let parsed = Note::parse(note).map_err(|fault| unsound(place(), fault.to_string()))?;
        let Checkpoint { origin, size, root } =
            Checkpoint::parse(parsed.text()).map_err(|flaw| unsound(place(), flaw.to_string()))?;
        let Some((log, epoch)) = self.keys.log_named(&origin) else { return Ok(None) };
        let signer = self
            .keys
            .log_signer(&log, epoch)
            .map_err(|_| Error::Io(format!("{origin} cannot be checked for want of its key in the keys folder")))?;
        let trust = match self.policy() {
            Some(policy) => Trust { quorum: ledger::Quorum::None, ..policy.trust_in(signer.verifier()) },
            None => Trust::log(signer.verifier()),
        };
        let vouched = trust.checkpoint("checkpoint", note).map_err(|fault| {
            let what = format!("{fault}. Either it is no checkpoint of ours, or the log's key was exchanged");
            unsound(place(), what)
        })?;
        let heads = self.store.log_heads(&log).await?;
        let has = heads.iter().find(|head| head.epoch == epoch).map_or(0, |head| head.size);
        if size > has {
            let what =
                format!("{size} leaves of {origin} were witnessed and the register has {has}: it was rolled back");
            return Err(unsound(place(), what));
        }
        if root_of(&self.store, &log, epoch, size).await? != root {
            let what = format!("the first {size} leaves of {origin} are not those that were witnessed: it has forked");
            return Err(unsound(place(), what));
        }
        Ok(Some(Anchored { checkpoint: vouched.checkpoint, witnesses: vouched.witnesses }))
    }
}
