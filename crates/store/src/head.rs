//! The rows of the head log: the checkpoints of every organ's log in one order, under a code no
//! organ has. They say nothing that is not published. What a checkpoint is and how the head is
//! signed is the caller's business.

use domain::ids::TenantCode;

use crate::db::{Clash, args, int, run_tx, statements};
use crate::leases::Fence;
use crate::log::{LogHead, NextHead, check_fence, locked_head, put_head};
use crate::{Store, StoreError, schema};

statements! {
    HEAD_LEAF_KNOWN = "SELECT epoch, idx FROM head_leaves WHERE tenant = $1 AND entry = $2";
    HEAD_LEAVES_BETWEEN = "SELECT entry FROM head_leaves \
        WHERE tenant = $1 AND epoch = $2 AND idx >= $3 AND idx < $4 ORDER BY idx LIMIT 65536";
}

/// How the head log grows: from the head before and the entries it has not got yet. Pure, because
/// it may be called again.
pub type GrowHead<'a> = dyn Fn(&LogHead, &[Vec<u8>]) -> Result<NextHead, String> + Send + Sync + 'a;

impl Store {
    /// Appends the entries that do not stand in the head log yet, in the order given. Nothing is
    /// written where all of them do.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if the lease was taken over; [`StoreError::Refused`] with `next`'s
    /// words; or the database fails. Nothing was written then.
    pub async fn head_extend(
        &self,
        fence: &Fence,
        entries: &[Vec<u8>],
        next: &GrowHead<'_>,
    ) -> Result<LogHead, StoreError> {
        let tenant = &fence.tenant;
        run_tx!(self.write, "extend head log", tx => {
            check_fence(&mut tx, fence).await?;
            let before = locked_head(&mut tx, tenant).await?;
            let mut new: Vec<Vec<u8>> = Vec::new();
            for entry in entries {
                let known = tx.fetch_one("head_leaves", HEAD_LEAF_KNOWN, args![tenant, entry.as_slice()]).await?;
                if known.is_none() && !new.contains(entry) {
                    new.push(entry.clone());
                }
            }
            if new.is_empty() {
                return Ok(before);
            }
            let after = next(&before, &new).map_err(StoreError::Refused)?;
            let rows = (before.size..)
                .zip(&new)
                .map(|(place, entry)| args![tenant, before.epoch, int(place), entry.as_slice()])
                .collect();
            tx.insert(&schema::HEAD_LEAVES, Clash::Fail, rows).await?;
            let head = LogHead {
                epoch: before.epoch,
                size: before.size + new.len() as u64,
                frontier: after.frontier,
                root: after.root,
                checkpoint: after.checkpoint,
            };
            put_head(&mut tx, tenant, &head, Clash::Replace).await?;
            Ok(head)
        })
    }

    /// The entries `from..to` of one head log, in order; at most 65,536 at a time.
    ///
    /// # Errors
    /// The database fails.
    pub async fn head_leaves(
        &self,
        tenant: &TenantCode,
        epoch: u32,
        from: u64,
        to: u64,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        let args = args![tenant, epoch, int(from), int(to)];
        let rows = self.read.fetch("head_leaves", HEAD_LEAVES_BETWEEN, args).await?;
        rows.into_iter().map(|mut r| r.bytes("entry")).collect()
    }

    /// Where an entry stands in the head log: (epoch, index).
    ///
    /// # Errors
    /// The database fails.
    pub async fn head_index(&self, tenant: &TenantCode, entry: &[u8]) -> Result<Option<(u32, u64)>, StoreError> {
        let row = self.read.fetch_one("head_leaves", HEAD_LEAF_KNOWN, args![tenant, entry]).await?;
        row.map(|mut r| Ok((r.num("epoch")?, r.num("idx")?))).transpose()
    }
}
