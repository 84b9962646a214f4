//! The rows behind the transparency log: leaves that wait, the head they are sequenced under, and
//! signed checkpoints (ledger.md, Sequencing).
//!
//! Rows are marked one by one under the locked head; there is no cursor, so a commit that comes
//! late is never skipped. What the tree looks like and how a checkpoint is signed is the caller's
//! business: a pure function handed in.

use domain::ids::TenantCode;
use jiff::civil::Date;

use crate::leases::Fence;
use crate::rows::{Bytes32, LeafRow};
use crate::{Store, StoreError};

/// A leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLeaf {
    /// The commitment.
    pub commitment: Bytes32,
    /// Civil day.
    pub day: Date,
}

/// The head of a tenant's log as last committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// 1 for the first log, one more after each restore (origin `…/2`).
    pub epoch: u32,
    /// Leaves in the tree.
    pub size: u64,
    /// The roots of the full subtrees at the right edge, as the ledger encodes them.
    pub frontier: Vec<u8>,
    /// Root hash.
    pub root: Bytes32,
    /// Signed checkpoint of exactly this size; empty for an empty log.
    pub checkpoint: Vec<u8>,
}

/// What the ledger makes of a head and the leaves that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextHead {
    /// Leaves to add after the waiting ones (padding of a publication).
    pub padding: Vec<LeafRow>,
    /// New frontier, padding included.
    pub frontier: Vec<u8>,
    /// New root.
    pub root: Bytes32,
    /// Signed checkpoint of the new size.
    pub checkpoint: Vec<u8>,
}

impl Store {
    /// The head of a tenant's current log; an empty head if nothing was sequenced yet.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_head(&self, tenant: &TenantCode) -> Result<LogHead, StoreError> {
        todo!("{tenant}")
    }

    /// All heads a tenant ever had, oldest log first (one, unless a backup was restored).
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_heads(&self, tenant: &TenantCode) -> Result<Vec<LogHead>, StoreError> {
        todo!("{tenant}")
    }

    /// Opens the next log after a restore: later leaves go to it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_open_next(&self, tenant: &TenantCode) -> Result<LogHead, StoreError> {
        todo!("{tenant}")
    }

    /// Adds leaves that belong to no event (the first leaf of a new log, a daily dummy).
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_add(&self, tenant: &TenantCode, leaves: &[LeafRow]) -> Result<(), StoreError> {
        todo!("{tenant} {leaves:?}")
    }

    /// How many leaves wait.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_waiting(&self, tenant: &TenantCode) -> Result<u64, StoreError> {
        todo!("{tenant}")
    }

    /// Sequences up to `limit` waiting leaves under the locked head, in order of commitment (which
    /// says nothing about who came first). `next` is told the head before and the leaves, and gives
    /// the head after; it is pure and may be called again. It is called also when nothing waits, so
    /// that it may pad; if it adds nothing then, nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if the lease was taken over; [`StoreError::Refused`] with `next`'s
    /// words; or the database fails. Nothing was written then.
    pub async fn log_sequence(
        &self,
        fence: &Fence,
        limit: u32,
        next: &(dyn Fn(&LogHead, &[LogLeaf]) -> Result<NextHead, String> + Send + Sync),
    ) -> Result<LogHead, StoreError> {
        let _ = next;
        todo!("{fence:?} {limit}")
    }

    /// The sequenced leaves `from..to` of one log, in order; at most 65,536 at a time.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_leaves(
        &self,
        tenant: &TenantCode,
        epoch: u32,
        from: u64,
        to: u64,
    ) -> Result<Vec<LogLeaf>, StoreError> {
        todo!("{tenant} {epoch} {from} {to}")
    }

    /// Where a commitment stands: (epoch, index); `None` while it waits or if it is unknown.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_index(
        &self,
        tenant: &TenantCode,
        commitment: &Bytes32,
    ) -> Result<Option<(u32, u64)>, StoreError> {
        todo!("{tenant} {commitment:?}")
    }
}
