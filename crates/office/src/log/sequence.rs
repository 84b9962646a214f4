//! Sequencing: waiting leaves get their index, the head its root and signed checkpoint, in one
//! transaction under a lease. Nothing is written to the folder here.

use domain::ids::TenantCode;
use ledger::tree::Frontier;
use ledger::{Checkpoint, Day, Leaf};
use store::{Fence, LeafRow, LogHead, LogLeaf, NextHead};

use crate::error::Error;
use crate::hall::Hall;

/// Leaves sequenced in one transaction at most.
pub(super) const BATCH: u32 = 20_000;
/// Length of the sequencer's lease, microseconds.
const LEASE: i64 = 60 * 1_000_000;

impl Hall {
    /// Sequences everything that waits; `None` where another process holds the lease.
    ///
    /// # Errors
    /// [`Error::NoKey`] without the log's key; the store fails.
    pub async fn sequence(&self, tenant: &TenantCode) -> Result<Option<LogHead>, Error> {
        let mut head = self.store.log_head(tenant).await?;
        // Whoever cannot sign does not take the lease from somebody who can.
        self.keys.log_signer(tenant, head.epoch)?;
        let Some(fence) = self.fence(tenant).await? else { return Ok(None) };
        if head.epoch > 1 && head.size == 0 {
            // Before anything else: a log that follows another begins by saying so.
            let opening = self.opening_leaf(tenant, head.epoch).await?;
            head = self.advance(tenant, &fence, 0, move |_| vec![opening.clone()]).await?;
        }
        while self.store.log_waiting(tenant).await? > 0 {
            head = self.advance(tenant, &fence, BATCH, |_| Vec::new()).await?;
        }
        Ok(Some(head))
    }

    pub(crate) async fn fence(&self, tenant: &TenantCode) -> Result<Option<Fence>, Error> {
        let now = self.clock.micros();
        Ok(self.store.lease(tenant, "sequencer", &self.name, now, now + LEASE).await?)
    }

    /// One step of the head: at most so many of the waiting leaves, then the padding for the size the
    /// log has with them. The padding is asked for inside the transaction, because leaves may have
    /// come in, or another publisher may have padded, since anybody looked.
    pub(crate) async fn advance(
        &self,
        tenant: &TenantCode,
        fence: &Fence,
        most: u32,
        padding: impl Fn(u64) -> Vec<LeafRow> + Send + Sync,
    ) -> Result<LogHead, Error> {
        let epoch = self.store.log_head(tenant).await?.epoch;
        let signer = self.keys.log_signer(tenant, epoch)?;
        let origin = self.keys.log_origin(tenant, epoch);
        let next = move |head: &LogHead, leaves: &[LogLeaf]| -> Result<NextHead, String> {
            let mut frontier = if head.frontier.is_empty() {
                Frontier::new()
            } else {
                Frontier::from_bytes(&head.frontier).map_err(|e| e.to_string())?
            };
            for leaf in leaves {
                frontier.push(leaf_of(leaf).hash());
            }
            let padding = padding(frontier.size());
            for row in &padding {
                frontier.push(leaf_of(&LogLeaf { commitment: row.commitment, day: row.day }).hash());
            }
            let (size, root) = (frontier.size(), frontier.root());
            let checkpoint = Checkpoint { origin: origin.clone(), size, root };
            let note = checkpoint.sign(&signer).map_err(|e| e.to_string())?;
            Ok(NextHead { padding, frontier: frontier.to_bytes(), root, checkpoint: note.to_string().into_bytes() })
        };
        Ok(self.store.log_sequence(fence, most, &next).await?)
    }
}

/// A leaf as it stands in the tree.
pub(crate) fn leaf_of(leaf: &LogLeaf) -> Leaf {
    Leaf { commitment: leaf.commitment, day: Day(crate::clock::day_number(leaf.day)) }
}
