//! The first screen after signing in: stock numbers and what runs out next.

use store::{Counts, Filter, Order, Sort, SortBy, StateFilter};

use super::list::ListRow;
use super::me::Me;
use crate::error::Error;
use crate::hall::Hall;

/// What the first screen shows.
#[derive(Debug, Clone)]
pub struct Board {
    /// Numbers of the left menu.
    pub counts: Counts,
    /// The open reports whose clocks run out first.
    pub next: Vec<ListRow>,
}

impl Hall {
    /// The first screen.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for roles that see no reports.
    pub async fn board(&self, me: &Me) -> Result<Board, Error> {
        let filter = Filter { state: Some(StateFilter::Open), ..Filter::default() };
        let sort = Sort { by: SortBy::Due, order: Order::Ascending };
        let page = self.list(me, "board", &filter, sort, 0, 8).await?;
        Ok(Board { counts: self.counts(me).await?, next: page.rows })
    }
}
