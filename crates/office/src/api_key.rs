//! Trusted front ends: programs that file reports for people under a key of their own. The key is
//! looked up by its digest and stands nowhere in clear; what a front end sends is bound by the
//! same rules as a page.

use domain::ids::TenantCode;

use crate::error::Error;
use crate::hall::Hall;

/// A program that may file reports into an organ's register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontEnd {
    /// The organ it files for.
    pub tenant: TenantCode,
    /// Its name, for people.
    pub name: String,
}

impl Hall {
    /// Who presents this key.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a key nobody has, or of an organ that keeps no register here; the
    /// store fails.
    pub async fn front_end(&self, key: &str) -> Result<FrontEnd, Error> {
        let row = self.store.api_key(&seal::token_digest(key)).await?.ok_or(Error::NotFound)?;
        self.organ(&row.tenant)?;
        Ok(FrontEnd { tenant: row.tenant, name: row.name })
    }
}
