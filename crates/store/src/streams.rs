//! Reading the register: one stream, a report under a scope, or everything in order for `fsck`.

use domain::ids::{ReportId, StreamKind, TenantCode};

use crate::query::Scope;
use crate::rows::{Id16, ReportRow, StoredEvent};
use crate::{Store, StoreError};

impl Store {
    /// All events of a stream in order; empty if it does not exist. For the program itself: what is
    /// shown to a person goes through [`Store::open_report`].
    ///
    /// # Errors
    /// The database fails.
    pub async fn stream(
        &self,
        tenant: &TenantCode,
        kind: StreamKind,
        stream: &Id16,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        todo!("{tenant} {kind:?} {stream:?}")
    }

    /// A report and its events, if this viewer may see it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open_report(
        &self,
        scope: &Scope,
        report: ReportId,
    ) -> Result<Option<(ReportRow, Vec<StoredEvent>)>, StoreError> {
        todo!("{scope:?} {report}")
    }

    /// Streams of a kind after the given one, in order of their names (whole streams, `limit` of
    /// them), for folding staff and directory, rebuilding and checking.
    ///
    /// # Errors
    /// The database fails.
    pub async fn streams_after(
        &self,
        tenant: &TenantCode,
        kind: StreamKind,
        after: Option<&Id16>,
        limit: u32,
    ) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        todo!("{tenant} {kind:?} {after:?} {limit}")
    }

    /// How many streams of a kind there are, for progress bars.
    ///
    /// # Errors
    /// The database fails.
    pub async fn streams_count(&self, tenant: &TenantCode, kind: StreamKind) -> Result<u64, StoreError> {
        todo!("{tenant} {kind:?}")
    }
}
