//! Jobs and the outbox: work that was promised in a commit and is done after it.
//!
//! One shape for both: a lease, attempts with growing pauses, and a dead list people look at. A
//! worker may die at any point, so the effect of every job must be idempotent by its id. Polled
//! tenant by tenant, because a sharded database refuses to lock across tenants (citus.md 4).

use domain::ids::TenantCode;

use crate::rows::Id16;
use crate::{Store, StoreError};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Work of our own.
    Jobs,
    /// Messages to others.
    Outbox,
}

/// A piece of work that this worker holds until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Name.
    pub id: Id16,
    /// What to do.
    pub kind: String,
    /// Which stream it is about.
    pub subject: Id16,
    /// What the worker needs.
    pub payload: Vec<u8>,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// Why it failed last: an error's short name, never a text.
    pub error: Option<String>,
    /// End of the lease, Unix microseconds; proves to the store that this worker still holds it.
    pub lease_until: i64,
}

/// What becomes of failed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkTurn {
    /// It will be tried again.
    Again {
        /// Not before, Unix microseconds.
        due_at: i64,
    },
    /// It was tried often enough; it waits on the dead list for a person.
    Dead,
}

impl Store {
    /// Claims up to `limit` pieces of due work for `lease` microseconds.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_claim(
        &self,
        queue: Queue,
        tenant: &TenantCode,
        now: i64,
        lease: i64,
        limit: u32,
    ) -> Result<Vec<Work>, StoreError> {
        todo!("{queue:?} {tenant} {now} {lease} {limit}")
    }

    /// Work is done and vanishes. False if the lease had been lost to another worker, who will do
    /// it again.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_done(&self, queue: Queue, tenant: &TenantCode, work: &Work) -> Result<bool, StoreError> {
        todo!("{queue:?} {tenant} {work:?}")
    }

    /// Work failed: again after 1, 2, 4 … seconds (an hour at most), dead after ten attempts.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_failed(
        &self,
        queue: Queue,
        tenant: &TenantCode,
        work: &Work,
        error: &str,
        now: i64,
    ) -> Result<WorkTurn, StoreError> {
        todo!("{queue:?} {tenant} {work:?} {error} {now}")
    }

    /// The dead list.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_dead(&self, queue: Queue, tenant: &TenantCode) -> Result<Vec<Work>, StoreError> {
        todo!("{queue:?} {tenant}")
    }

    /// Puts dead work back, as if new. False if it is not on the dead list.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_revive(&self, queue: Queue, tenant: &TenantCode, id: &Id16) -> Result<bool, StoreError> {
        todo!("{queue:?} {tenant} {id:?}")
    }

    /// How much waits (dead work not counted).
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_waiting(&self, queue: Queue, tenant: &TenantCode) -> Result<u64, StoreError> {
        todo!("{queue:?} {tenant}")
    }
}
