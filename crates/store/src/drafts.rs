//! Drafts of the desk: sealed forms that a member of staff has not yet saved.

use domain::ids::{StaffId, TenantCode};
use jiff::civil::Date;

use crate::db::{Clash, args, run_tx, statements};
use crate::rows::Id16;
use crate::{Store, StoreError, schema};

statements! {
    DRAFTS_OF = "SELECT draft, form, sealed, changed_on FROM drafts WHERE tenant = $1 AND staff = $2 \
        ORDER BY changed_on DESC, draft";
    DRAFT_COUNT = "SELECT count(*) AS n FROM drafts WHERE tenant = $1 AND staff = $2";
    DRAFT_WRITERS = "SELECT DISTINCT staff FROM drafts WHERE tenant = $1 ORDER BY staff";
    DRAFT_RESEAL = "UPDATE drafts SET sealed = $5 WHERE tenant = $1 AND staff = $2 AND draft = $3 AND sealed = $4";
    DRAFT_DELETE = "DELETE FROM drafts WHERE tenant = $1 AND staff = $2 AND draft = $3";
}

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
        run_tx!(self.write, "put draft", tx => {
            let values =
                args![tenant, staff, &row.draft, row.form.as_str(), row.sealed.as_slice(), row.changed_on];
            tx.insert(&schema::DRAFTS, Clash::Replace, vec![values]).await
        })?;
        Ok(())
    }

    /// The drafts of one member of staff, last changed first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn drafts(&self, tenant: &TenantCode, staff: &StaffId) -> Result<Vec<DraftRow>, StoreError> {
        let rows = self.read.fetch("drafts", DRAFTS_OF, args![tenant, staff]).await?;
        rows.into_iter()
            .map(|mut r| {
                Ok(DraftRow {
                    draft: r.array("draft")?,
                    form: r.text("form")?,
                    sealed: r.bytes("sealed")?,
                    changed_on: r.day("changed_on")?,
                })
            })
            .collect()
    }

    /// Everybody of an organ who has a draft.
    ///
    /// # Errors
    /// The database fails.
    pub async fn draft_writers(&self, tenant: &TenantCode) -> Result<Vec<StaffId>, StoreError> {
        let rows = self.read.fetch("drafts", DRAFT_WRITERS, args![tenant]).await?;
        rows.into_iter().map(|mut r| Ok(StaffId(r.text("staff")?))).collect()
    }

    /// Puts other sealed bytes into a draft, if it is still as `row` has it: what its writer saved
    /// meanwhile stays. Whether it did.
    ///
    /// # Errors
    /// The database fails.
    pub async fn draft_reseal(
        &self,
        tenant: &TenantCode,
        staff: &StaffId,
        row: &DraftRow,
        sealed: &[u8],
    ) -> Result<bool, StoreError> {
        let changed = run_tx!(self.write, "reseal draft", tx => {
            let values = args![tenant, staff, &row.draft, row.sealed.as_slice(), sealed];
            tx.execute(DRAFT_RESEAL, values).await
        })?;
        Ok(changed == 1)
    }

    /// How many drafts a member of staff has.
    ///
    /// # Errors
    /// The database fails.
    pub async fn draft_count(&self, tenant: &TenantCode, staff: &StaffId) -> Result<u64, StoreError> {
        let rows = self.read.fetch("count drafts", DRAFT_COUNT, args![tenant, staff]).await?;
        rows.into_iter().next().map_or(Ok(0), |mut row| row.num("n"))
    }

    /// Deletes a draft.
    ///
    /// # Errors
    /// The database fails.
    pub async fn draft_delete(&self, tenant: &TenantCode, staff: &StaffId, draft: &Id16) -> Result<(), StoreError> {
        run_tx!(self.write, "delete draft", tx => tx.execute(DRAFT_DELETE, args![tenant, staff, draft]).await)?;
        Ok(())
    }
}
