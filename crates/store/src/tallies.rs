//! The cockpit's figures, as they were added up commit by commit.

use domain::ids::TenantCode;
use jiff::civil::Date;

use crate::rows::Tally;
use crate::{Store, StoreError};

impl Store {
    /// Figures of the days `from..=to`, by day and key; `delta` is the sum.
    ///
    /// # Errors
    /// The database fails.
    pub async fn tallies(&self, tenant: &TenantCode, from: Date, to: Date) -> Result<Vec<Tally>, StoreError> {
        todo!("{tenant} {from} {to}")
    }

    /// Replaces all figures of a tenant, after a recomputation.
    ///
    /// # Errors
    /// The database fails.
    pub async fn tallies_replace(&self, tenant: &TenantCode, tallies: &[Tally]) -> Result<(), StoreError> {
        todo!("{tenant} {tallies:?}")
    }
}
