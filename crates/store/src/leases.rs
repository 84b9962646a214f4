//! Leader work: who may sequence, turn clocks, retain. A lease row with a fencing number; the
//! number is checked in the transaction that uses it, so a leader that was thought dead and wakes
//! up late writes nothing.

use domain::ids::TenantCode;

use crate::db::{args, run_tx, statements};
use crate::{Store, StoreError};

statements! {
    /// A new holder gets a new number; the same holder keeps his. A lease that ends more than twice its
    /// time ahead was taken while the clock ran ahead, by a process that may be long gone.
    LEASE = "INSERT INTO leases (tenant, name, holder, fence, expires_at) VALUES ($1, $2, $3, 1, $5) \
        ON CONFLICT (tenant, name) DO UPDATE SET \
        fence = CASE WHEN leases.holder = excluded.holder THEN leases.fence ELSE leases.fence + 1 END, \
        holder = excluded.holder, expires_at = excluded.expires_at \
        WHERE leases.holder = excluded.holder OR leases.expires_at <= $4 \
        OR leases.expires_at > $5 + ($5 - $4) RETURNING fence";
    /// The row stays, so that the number never falls back.
    LEASE_RELEASE = "UPDATE leases SET holder = '', expires_at = 0 WHERE tenant = $1 AND name = $2 AND fence = $3";
}

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
        let row = run_tx!(self.write, "take lease", tx => {
            tx.fetch_one("leases", LEASE, args![tenant, name, holder, now, until]).await
        })?;
        let Some(mut row) = row else { return Ok(None) };
        Ok(Some(Fence { tenant: tenant.clone(), name: name.to_owned(), number: row.int("fence")? }))
    }

    /// Gives the lease back, if it is still held.
    ///
    /// # Errors
    /// The database fails.
    pub async fn lease_release(&self, fence: &Fence) -> Result<(), StoreError> {
        let args = args![&fence.tenant, fence.name.as_str(), fence.number];
        run_tx!(self.write, "release lease", tx => tx.execute(LEASE_RELEASE, args.clone()).await)?;
        Ok(())
    }
}
