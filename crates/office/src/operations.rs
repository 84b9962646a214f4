//! Running the house: the work that was given up, looked at and started again. Whoever does it reads
//! no report and is told of none.

use domain::ids::TenantCode;
use domain::permission::Action;
use store::{DeadWork, Queue};

use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Work that was given up, with the list it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenUp {
    /// Our own work, or a message to others.
    pub queue: Queue,
    /// The work.
    pub work: DeadWork,
}

impl Hall {
    /// The work of an organ that was given up, the latest first; recorded.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn given_up(&self, me: &Me) -> Result<Vec<GivenUp>, Error> {
        me.may_use(Action::ViewOperations)?;
        let mut all = Vec::new();
        for queue in [Queue::Jobs, Queue::Outbox] {
            let dead = self.store.work_dead(queue, &me.tenant).await?;
            all.extend(dead.into_iter().map(|work| GivenUp { queue, work }));
        }
        self.record(me, Deed::Listed { list: "given_up".to_owned(), rows: all.len() as u32 }).await?;
        Ok(all)
    }

    /// How much work of an organ was given up.
    ///
    /// # Errors
    /// The store fails.
    pub async fn given_up_count(&self, tenant: &TenantCode) -> Result<u64, Error> {
        let jobs = self.store.work_dead_count(Queue::Jobs, tenant).await?;
        Ok(jobs + self.store.work_dead_count(Queue::Outbox, tenant).await?)
    }

    /// Starts given-up work again, as if new; recorded.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] where it is not on the list (any more).
    pub async fn retry(&self, me: &Me, queue: Queue, id: [u8; 16]) -> Result<(), Error> {
        me.may_use(Action::ViewOperations)?;
        let there = self.store.work_dead(queue, &me.tenant).await?.into_iter().any(|work| work.id == id);
        if !there {
            return Err(Error::NotFound);
        }
        self.record(me, Deed::Retried { job: hex::encode(id) }).await?;
        self.store.work_revive(queue, &me.tenant, &id).await?;
        Ok(())
    }
}
