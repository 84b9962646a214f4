//! Reading what stands beside the register: codes, threads, wrapped keys, identities, salts,
//! imports, organs. It opens none of it.

use std::collections::HashSet;

use domain::ids::{ReportId, TenantCode};

use crate::rows::{BlobRow, Bytes32, ContentKeyRow, IdentityRow, TenantRow, ThreadRow};
use crate::{Store, StoreError};

/// The report a query code leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFound {
    /// Whose register.
    pub tenant: TenantCode,
    /// Which report.
    pub report: ReportId,
    /// Public key the thread's envelopes are sealed to.
    pub thread_key: Bytes32,
}

/// A report's thread in order.
pub type Thread = Vec<ThreadRow>;

impl Store {
    /// What a query code leads to.
    ///
    /// # Errors
    /// The database fails.
    pub async fn code(&self, lookup: &Bytes32) -> Result<Option<CodeFound>, StoreError> {
        todo!("{lookup:?}")
    }

    /// The public key of a report's living code, to seal thread copies to; `None` once destroyed.
    ///
    /// # Errors
    /// The database fails.
    pub async fn thread_key(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<Bytes32>, StoreError> {
        todo!("{tenant} {report}")
    }

    /// The thread of a report, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn thread(&self, tenant: &TenantCode, report: ReportId) -> Result<Thread, StoreError> {
        todo!("{tenant} {report}")
    }

    /// The wrapped content keys of a report, by number.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys(&self, tenant: &TenantCode, report: ReportId) -> Result<Vec<ContentKeyRow>, StoreError> {
        todo!("{tenant} {report}")
    }

    /// Content keys still wrapped to another office key than `key_id`, for rotation with progress.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_not_under(
        &self,
        tenant: &TenantCode,
        key_id: &str,
        limit: u32,
    ) -> Result<Vec<(ReportId, ContentKeyRow)>, StoreError> {
        todo!("{tenant} {key_id} {limit}")
    }

    /// How many content keys are still wrapped to another office key than `key_id`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_left(&self, tenant: &TenantCode, key_id: &str) -> Result<u64, StoreError> {
        todo!("{tenant} {key_id}")
    }

    /// Replaces wrappings after rotation; rows that vanished meanwhile stay gone.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_rewrap(
        &self,
        tenant: &TenantCode,
        rows: &[(ReportId, ContentKeyRow)],
    ) -> Result<(), StoreError> {
        todo!("{tenant} {rows:?}")
    }

    /// The identity envelope of a report and its three shares.
    ///
    /// # Errors
    /// The database fails.
    pub async fn identity(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<IdentityRow>, StoreError> {
        todo!("{tenant} {report}")
    }

    /// The salt of a commitment; `None` once erased.
    ///
    /// # Errors
    /// The database fails.
    pub async fn salt(&self, tenant: &TenantCode, commitment: &Bytes32) -> Result<Option<Bytes32>, StoreError> {
        todo!("{tenant} {commitment:?}")
    }

    /// The sealed files of a report.
    ///
    /// # Errors
    /// The database fails.
    pub async fn blobs(&self, tenant: &TenantCode, report: ReportId) -> Result<Vec<BlobRow>, StoreError> {
        todo!("{tenant} {report}")
    }

    /// Which of these rows of a source were imported before.
    ///
    /// # Errors
    /// The database fails.
    pub async fn imported(
        &self,
        tenant: &TenantCode,
        source: &str,
        keys: &[Bytes32],
    ) -> Result<HashSet<Bytes32>, StoreError> {
        todo!("{tenant} {source} {keys:?}")
    }

    /// The organs that keep their register here, by code.
    ///
    /// # Errors
    /// The database fails.
    pub async fn tenants(&self) -> Result<Vec<(TenantCode, TenantRow)>, StoreError> {
        todo!()
    }
}
