//! Opening a register, and bringing its schema up to date. `connect` never migrates.

use std::sync::Arc;

use crate::db::Db;
use crate::writer::Writer;
use crate::StoreError;

/// The register and everything beside it, in one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) read: Db,
    pub(crate) write: Db,
    pub(crate) writer: Arc<Writer>,
}

impl Store {
    /// Opens a register at `sqlite:PATH` or `postgres://…`. Refuses a schema it does not know, older
    /// or newer, and says what to do.
    ///
    /// # Errors
    /// [`StoreError::Address`], [`StoreError::NoSchema`], [`StoreError::OlderSchema`],
    /// [`StoreError::NewerSchema`], [`StoreError::ForeignSchema`], or the database does not answer.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        todo!("{url}")
    }

    /// Brings the schema up to date, making the database file if needed; returns how many
    /// migrations were applied.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] if a later program wrote it; or the database fails.
    pub async fn migrate(url: &str) -> Result<u32, StoreError> {
        todo!("{url}")
    }

    /// Whether the database answers, for readiness.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ping(&self) -> Result<(), StoreError> {
        todo!("{:?}", self.read)
    }

    /// Waits for the appends in hand, then closes every connection.
    pub async fn close(&self) {
        todo!("{:?}", self.write)
    }
}
