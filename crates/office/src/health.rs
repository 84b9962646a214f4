//! Whether the house can work, and the few figures of how it is doing. Nothing here is finer than
//! a day, and nothing names a report.

use std::time::{Duration, SystemTime};

use domain::ids::TenantCode;
use jiff::ToSpan;
use store::Queue;

use crate::error::Error;
use crate::hall::Hall;

impl Hall {
    /// Ends in order: leases go back, so that the next process need not wait for them to run out,
    /// and appends in hand are committed.
    pub async fn close(&self) {
        for organ in self.organs() {
            // Only whoever can sign a log ever holds its lease.
            if self.keys.log_signer(&organ.tenant, 1).is_err() {
                continue;
            }
            let given_back = match self.fence(&organ.tenant).await {
                Ok(Some(fence)) => self.store.lease_release(&fence).await,
                Ok(None) => Ok(()),
                Err(fault) => {
                    tracing::warn!(error = fault.slug(), "a lease was not given back");
                    continue;
                }
            };
            if let Err(error) = given_back {
                tracing::warn!(%error, "a lease was not given back");
            }
        }
        self.store.close().await;
    }

    /// Whether reports can be received now: the register answers.
    ///
    /// # Errors
    /// The store fails.
    pub async fn ready(&self) -> Result<(), Error> {
        Ok(self.store.ping().await?)
    }

    /// Reports received the day before: today's would tell, read twice, when one came in.
    ///
    /// # Errors
    /// The store fails.
    pub async fn received_previous_day(&self, tenant: &TenantCode) -> Result<u64, Error> {
        let day = self.clock.today().saturating_sub(1.day());
        let tallies = self.store.tallies(tenant, day, day).await?;
        let sum: i64 = tallies.iter().filter(|t| t.key == "received").map(|t| t.delta).sum();
        Ok(u64::try_from(sum).unwrap_or(0))
    }

    /// Jobs promised and not done yet.
    ///
    /// # Errors
    /// The store fails.
    pub async fn jobs_waiting(&self, tenant: &TenantCode) -> Result<u64, Error> {
        Ok(self.store.work_waiting(Queue::Jobs, tenant).await?)
    }

    /// Leaves that wait for their place in an organ's log.
    ///
    /// # Errors
    /// The store fails.
    pub async fn leaves_waiting(&self, tenant: &TenantCode) -> Result<u64, Error> {
        Ok(self.store.log_waiting(tenant).await?)
    }

    /// Ends the sessions that idled out or expired.
    ///
    /// # Errors
    /// The store fails.
    pub async fn sweep_sessions(&self) -> Result<u64, Error> {
        Ok(self.store.sessions_sweep(self.clock.micros(), crate::desk::IDLE).await?)
    }

    /// Deletes sealed files that were begun and came to belong to no report: a day old at least,
    /// because the commit that names a younger one may be under way.
    ///
    /// # Errors
    /// The disk or the store fails.
    pub async fn sweep_files(&self) -> Result<u64, Error> {
        let yesterday = self.clock.micros().saturating_sub(86_400_000_000);
        let before = SystemTime::UNIX_EPOCH + Duration::from_micros(u64::try_from(yesterday).unwrap_or(0));
        Ok(self.blobs.sweep(&self.store, before).await?)
    }
}
