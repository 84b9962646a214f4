//! Projections thrown away and rebuilt: reading what stands there and writing what should.
//!
//! The fold itself is the caller's; this file only compares rows with rows.

use domain::ids::{ReportId, TenantCode};

use crate::rows::Projection;
use crate::{Store, StoreError};

/// A report's projection as the events say it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltReport {
    /// Which report.
    pub report: ReportId,
    /// What must stand there.
    pub projection: Projection,
}

impl Store {
    /// The projection of a report as it stands.
    ///
    /// # Errors
    /// The database fails, or [`StoreError::Damaged`].
    pub async fn projection(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<Projection>, StoreError> {
        todo!("{tenant} {report}")
    }

    /// Names of the reports that have a projection, after the given one, in order.
    ///
    /// # Errors
    /// The database fails.
    pub async fn projected_after(
        &self,
        tenant: &TenantCode,
        after: Option<ReportId>,
        limit: u32,
    ) -> Result<Vec<ReportId>, StoreError> {
        todo!("{tenant} {after:?} {limit}")
    }

    /// Replaces projections; those whose stream has moved on meanwhile are left alone. Returns how
    /// many were written.
    ///
    /// # Errors
    /// The database fails.
    pub async fn projection_replace(&self, tenant: &TenantCode, rebuilt: &[RebuiltReport]) -> Result<u64, StoreError> {
        todo!("{tenant} {rebuilt:?}")
    }

    /// Deletes a projection that has no stream.
    ///
    /// # Errors
    /// The database fails.
    pub async fn projection_delete(&self, tenant: &TenantCode, report: ReportId) -> Result<(), StoreError> {
        todo!("{tenant} {report}")
    }
}
