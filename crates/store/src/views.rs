//! 我的视图: how a member of staff wants to see a list. Plain settings only; the store does not read
//! them.

use domain::ids::{StaffId, TenantCode};

use crate::db::{Clash, args, run_tx, statements};
use crate::{Store, StoreError, schema};

statements! {
    VIEW_OF = "SELECT setting FROM views WHERE tenant = $1 AND staff = $2 AND list = $3";
    VIEW_DELETE = "DELETE FROM views WHERE tenant = $1 AND staff = $2 AND list = $3";
}

impl Store {
    /// Keeps how somebody wants to see a list, in place of what she wanted before.
    ///
    /// # Errors
    /// The database fails.
    pub async fn view_put(
        &self,
        tenant: &TenantCode,
        staff: &StaffId,
        list: &str,
        setting: &str,
    ) -> Result<(), StoreError> {
        run_tx!(self.write, "put view", tx => {
            tx.insert(&schema::VIEWS, Clash::Replace, vec![args![tenant, staff, list, setting]]).await
        })?;
        Ok(())
    }

    /// How somebody wants to see a list, if she said so.
    ///
    /// # Errors
    /// The database fails.
    pub async fn view(&self, tenant: &TenantCode, staff: &StaffId, list: &str) -> Result<Option<String>, StoreError> {
        let row = self.read.fetch_one("views", VIEW_OF, args![tenant, staff, list]).await?;
        row.map(|mut r| r.text("setting")).transpose()
    }

    /// Forgets it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn view_delete(&self, tenant: &TenantCode, staff: &StaffId, list: &str) -> Result<(), StoreError> {
        run_tx!(self.write, "delete view", tx => tx.execute(VIEW_DELETE, args![tenant, staff, list]).await)?;
        Ok(())
    }
}
