//! Whether the house can work, and the few figures of how it is doing. Nothing here is finer than
//! a day, and nothing names a report.

use std::time::Duration;

use domain::ids::TenantCode;
use jiff::ToSpan;
use store::Queue;

use crate::error::Error;
use crate::hall::Hall;

/// A civil day, or more than one where clocks are put forward.
const DAY: Duration = Duration::from_secs(86_400);
/// Length of the sweeper's lease, microseconds.
const SWEEP_LEASE: i64 = 600 * 1_000_000;

impl Hall {
    /// Ends in order: leases go back, so that the next process need not wait for them to run out,
    /// and appends in hand are committed.
    pub async fn close(&self) {
        if let Err(fault) = self.record_counted(crate::desk::Due::AtTheEnd).await {
            tracing::warn!(error = fault.slug(), "failed sign-ins were counted and not recorded");
        }
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

    /// Reports received the day before: today's would tell, read twice, when one came in. Those that
    /// are hidden from somebody of the staff are left out: beside the lists the difference would tell.
    ///
    /// # Errors
    /// The store fails.
    pub async fn received_previous_day(&self, tenant: &TenantCode) -> Result<u64, Error> {
        let day = self.clock.today().saturating_sub(1.day());
        Ok(self.store.received_unhidden(tenant, day).await?)
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
    /// because the commit that names a younger one may be under way. `None` where another process
    /// does it: the folder is one for all organs.
    ///
    /// # Errors
    /// The disk or the store fails.
    pub async fn sweep_files(&self) -> Result<Option<u64>, Error> {
        let Some(first) = self.organs().into_iter().next() else { return Ok(None) };
        let now = self.clock.micros();
        let lease = self.store.lease(&first.tenant, "sweep", &self.name, now, now + SWEEP_LEASE).await?;
        let Some(fence) = lease else { return Ok(None) };
        // A file shows when its day began, so the last one of a day is up to a day younger than it looks.
        let before = self.clock.day_began() - DAY;
        let swept = self.blobs.sweep(&self.store, before).await;
        // Given back, or the next process at work here would wait for its end before its first sweep.
        self.store.lease_release(&fence).await?;
        Ok(Some(swept?))
    }
}
