//! Leader work: who may sequence, turn clocks, retain. A lease row with a fencing number; the
//! number is checked in the transaction that uses it, so a leader that was thought dead and wakes
//! up late writes nothing.

use domain::ids::TenantCode;

use crate::{Store, StoreError};

/// Proof of a lease, to be shown in the transaction that relies on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// Whose work.
    pub tenant: TenantCode,
    /// Which work, e.g. `sequencer`.
    pub name: String,
    /// Grows with every new holder.
    pub number: i64,
}

impl Store {
    /// Takes the lease if it is free or has run out, or renews it for the same holder. `holder` is
    /// a random name of the process; `until` and `now` are Unix microseconds.
    ///
    /// # Errors
    /// The database fails.
    pub async fn lease(
        &self,
        tenant: &TenantCode,
        name: &str,
        holder: &str,
        now: i64,
        until: i64,
    ) -> Result<Option<Fence>, StoreError> {
        todo!("{tenant} {name} {holder} {now} {until}")
    }

    /// Gives the lease back, if it is still held.
    ///
    /// # Errors
    /// The database fails.
    pub async fn lease_release(&self, fence: &Fence) -> Result<(), StoreError> {
        todo!("{fence:?}")
    }
}
