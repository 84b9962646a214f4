//! Rotation of the office key: every wrapped key, of reports and of drafts, is wrapped to the new one,
//! with progress. Content stays as it is; it may be stopped and run again.

use domain::ids::ReportId;
use domain::ids::TenantCode;
use seal::{KeyPlace, OfficeRing, WrappedKey};
use store::ContentKeyRow;

use crate::error::Error;
use crate::hall::Hall;

/// Keys wrapped anew in one transaction.
const BATCH: u32 = 500;

impl Hall {
    /// Wraps every content key and every draft's key of an organ to the first key of `ring`. Returns how many there were.
    ///
    /// # Errors
    /// A wrapped key does not open with any key of the ring; the store fails. What was done stays.
    pub async fn rewrap(
        &self,
        tenant: &TenantCode,
        ring: &OfficeRing,
        progress: &mut (dyn FnMut(u64) + Send),
    ) -> Result<u64, Error> {
        let to = ring.public();
        let id = to.id().to_string();
        let mut done = 0;
        loop {
            let rows = self.store.content_keys_not_under(tenant, &id, BATCH).await?;
            if rows.is_empty() {
                break;
            }
            let mut fresh = Vec::with_capacity(rows.len());
            for (report, row) in rows {
                fresh.push((report, self.rewrap_one(tenant, ring, report, row)?));
            }
            self.store.content_keys_rewrap(tenant, &fresh).await?;
            done += fresh.len() as u64;
            progress(done);
        }
        let drafts = self.rewrap_drafts(tenant, ring).await?;
        if drafts > 0 {
            done += drafts;
            progress(done);
        }
        Ok(done)
    }

    fn rewrap_one(
        &self,
        tenant: &TenantCode,
        ring: &OfficeRing,
        report: ReportId,
        row: ContentKeyRow,
    ) -> Result<ContentKeyRow, Error> {
        let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no: row.key_no };
        let wrapped = WrappedKey::from_bytes(row.wrapped)?;
        let fresh = ring.rewrap(&wrapped, &place, &ring.public(), &mut self.entropy())?;
        Ok(ContentKeyRow { key_no: row.key_no, key_id: fresh.key_id().to_string(), wrapped: fresh.as_bytes().to_vec() })
    }

    /// How many keys of reports and drafts are still wrapped to a former key.
    ///
    /// # Errors
    /// The store fails.
    pub async fn keys_to_rewrap(&self, tenant: &TenantCode, ring: &OfficeRing) -> Result<u64, Error> {
        let of_reports = self.store.content_keys_left(tenant, &ring.public().id().to_string()).await?;
        Ok(of_reports + self.drafts_to_rewrap(tenant, ring).await?)
    }
}
