//! The cockpit's figures, as they were added up commit by commit.

use std::collections::BTreeMap;

use domain::ids::TenantCode;
use jiff::civil::Date;

use crate::db::{Clash, args, run_tx, statements};
use crate::rows::Tally;
use crate::{Store, StoreError, schema};

statements! {
    TALLIES_BETWEEN = "SELECT day, figure, value FROM tallies \
        WHERE tenant = $1 AND day >= $2 AND day <= $3 ORDER BY day, figure";
    RECEIVED_UNHIDDEN = "SELECT count(*) AS n FROM reports AS r WHERE r.tenant = $1 AND r.received_on = $2 \
        AND NOT EXISTS (SELECT 1 FROM recusals AS x WHERE x.tenant = r.tenant AND x.report = r.report)";
    TALLIES_DROP = "DELETE FROM tallies WHERE tenant = $1";
}

impl Store {
    /// Figures of the days `from..=to`, by day and key; `delta` is the sum.
    ///
    /// # Errors
    /// The database fails.
    pub async fn tallies(&self, tenant: &TenantCode, from: Date, to: Date) -> Result<Vec<Tally>, StoreError> {
        let rows = self.read.fetch("tallies", TALLIES_BETWEEN, args![tenant, from, to]).await?;
        rows.into_iter()
            .map(|mut r| Ok(Tally { day: r.day("day")?, key: r.text("figure")?, delta: r.int("value")? }))
            .collect()
    }

    /// Reports received on a day that nobody is recused from.
    ///
    /// # Errors
    /// The database fails.
    pub async fn received_unhidden(&self, tenant: &TenantCode, day: Date) -> Result<u64, StoreError> {
        let row = self.read.fetch_one("reports", RECEIVED_UNHIDDEN, args![tenant, day]).await?;
        row.map_or(Ok(0), |mut r| r.num("n"))
    }

    /// Replaces all figures of a tenant, after a recomputation.
    ///
    /// # Errors
    /// The database fails.
    pub async fn tallies_replace(&self, tenant: &TenantCode, tallies: &[Tally]) -> Result<(), StoreError> {
        run_tx!(self.write, "replace tallies", tx => {
            tx.execute(TALLIES_DROP, args![tenant]).await?;
            // The same figure may come in parts; rows of one statement must differ in their keys.
            let mut sums: BTreeMap<(Date, &str), i64> = BTreeMap::new();
            for tally in tallies {
                *sums.entry((tally.day, &tally.key)).or_default() += tally.delta;
            }
            let rows = sums.into_iter().map(|((day, key), value)| args![tenant, day, key, value]).collect();
            tx.insert(&schema::TALLIES, Clash::Fail, rows).await
        })?;
        Ok(())
    }
}
