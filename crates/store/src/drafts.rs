//! Drafts of the desk: sealed forms that a member of staff has not yet saved.

use domain::ids::{StaffId, TenantCode};
use jiff::civil::Date;

use crate::rows::Id16;
use crate::{Store, StoreError};

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRow {
    /// Name.
    pub draft: Id16,
    /// Which form.
    pub form: String,
    /// The fields, sealed to the member of staff or the office.
    pub sealed: Vec<u8>,
    /// Day of the last change.
    pub changed_on: Date,
}

impl Store {
    /// Writes a draft, replacing the one of the same name.
    ///
    /// # Errors
    /// The database fails.
    pub async fn draft_put(&self, tenant: &TenantCode, staff: &StaffId, row: &DraftRow) -> Result<(), StoreError> {
        todo!("{tenant} {staff} {row:?}")
    }

    /// The drafts of one member of staff, last changed first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn drafts(&self, tenant: &TenantCode, staff: &StaffId) -> Result<Vec<DraftRow>, StoreError> {
        todo!("{tenant} {staff}")
    }

    /// Deletes a draft.
    ///
    /// # Errors
    /// The database fails.
    pub async fn draft_delete(&self, tenant: &TenantCode, staff: &StaffId, draft: &Id16) -> Result<(), StoreError> {
        todo!("{tenant} {staff} {draft:?}")
    }
}
