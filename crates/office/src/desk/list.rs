//! Lists of reports: inbox, done, overdue, register — the plain row and, for those who may read,
//! the first words of what is sealed. One predicate, one page at a time, every look recorded.

use domain::content::{Narrative, Subject};
use domain::ids::ReportId;
use domain::permission::Action;
use domain::words::Colour;
use jiff::civil::Date;
use seal::{KeyPlace, Place, WrappedKey};
use store::{Filter, ReportRow, Sort, Total};

use super::me::Me;
use crate::audit::Deed;
use crate::error::Error;
use crate::hall::Hall;

/// One row of a list.
#[derive(Debug, Clone)]
pub struct ListRow {
    /// The plain columns.
    pub row: ReportRow,
    /// Name of the holder.
    pub holder: String,
    /// Worst colour of the running clocks today.
    pub colour: Option<Colour>,
    /// Days over the nearest last day, if overdue.
    pub overdue: Option<i32>,
    /// Title as filed, for the entitled reader.
    pub title: String,
    /// 30 characters of the digest or the text.
    pub digest: String,
    /// First subject.
    pub subject: Option<Subject>,
    /// How many subjects there are.
    pub subjects: usize,
}

/// One page.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// The rows.
    pub rows: Vec<ListRow>,
    /// How many in all.
    pub total: Total,
}

impl Hall {
    /// One page of a list, recorded under its name.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store fails.
    pub async fn list(
        &self,
        me: &Me,
        name: &str,
        filter: &Filter,
        sort: Sort,
        page: u32,
        size: u32,
    ) -> Result<ListPage, Error> {
        me.may_use(Action::ListInbox)?;
        let found = self.rows(me, filter, sort, page, size).await?;
        self.record(me, Deed::Listed { list: name.to_owned(), rows: found.rows.len() as u32 }).await?;
        Ok(found)
    }

    /// Rows with their sealed columns opened, unrecorded: for use cases that record themselves.
    pub(crate) async fn rows(
        &self,
        me: &Me,
        filter: &Filter,
        sort: Sort,
        page: u32,
        size: u32,
    ) -> Result<ListPage, Error> {
        let today = self.clock.today();
        let scope = self.scope(me)?;
        let found = self.store.list(&scope, filter, sort, today, page, size.clamp(1, 500)).await?;
        let mut rows = Vec::with_capacity(found.rows.len());
        for row in found.rows {
            rows.push(self.list_row(me, row, today).await?);
        }
        Ok(ListPage { rows, total: found.total })
    }

    /// Numbers of the left menu.
    ///
    /// # Errors
    /// As [`Hall::list`].
    pub async fn counts(&self, me: &Me) -> Result<store::Counts, Error> {
        Ok(self.store.counts(&self.scope(me)?, Some(&me.staff), self.clock.today()).await?)
    }

    pub(crate) async fn list_row(&self, me: &Me, row: ReportRow, today: Date) -> Result<ListRow, Error> {
        let organ = self.organ(&me.tenant)?;
        let holder = organ.directory.holder_name(&row.holder).unwrap_or_default().to_owned();
        let narrative = self.narrative(me, row.report).await?;
        let source = narrative.digest.as_ref().map_or(narrative.text.as_str(), |d| d.text.as_str());
        Ok(ListRow {
            colour: colour(&row, today),
            overdue: row.next.due_on.filter(|due| *due < today && row.closed_on.is_none()).map(|due| days(due, today)),
            holder,
            title: narrative.title.clone(),
            digest: source.chars().filter(|c| !c.is_control()).take(30).collect(),
            subjects: narrative.subjects.len(),
            subject: narrative.subjects.into_iter().next(),
            row,
        })
    }

    /// The narrative in force, opened without the rest of the report.
    async fn narrative(&self, me: &Me, report: ReportId) -> Result<Narrative, Error> {
        let stored = self.store.stream(&me.tenant, domain::ids::StreamKind::Report, &report.0).await?;
        let last = stored
            .iter()
            .rev()
            .find(|e| matches!(e.row.event.as_str(), "received" | "corrected") && e.row.sealed.is_some());
        let Some((event, key_no)) = last.and_then(|e| e.row.key_no.map(|no| (e, no))) else {
            return Ok(Narrative::default());
        };
        let keys = self.store.content_keys(&me.tenant, report).await?;
        let (Some(key), Some(envelope)) = (keys.into_iter().find(|k| k.key_no == key_no), &event.row.sealed) else {
            return Ok(Narrative::default());
        };
        let place = KeyPlace { tenant: me.tenant.as_str(), report: report.0, key_no };
        let key = self.keys.ring(&me.tenant)?.unwrap(&WrappedKey::from_bytes(key.wrapped)?, &place)?;
        let place = Place::whole(me.tenant.as_str(), report.0, event.row.version, &event.row.event);
        let part = seal::open_part(&key, &place, envelope)?;
        // The parser's own sentence quotes what it read.
        let narrative: Narrative = serde_json::from_slice(&part.plaintext)
            .map_err(|e| Error::Seal(format!("a narrative: {:?}", e.classify())))?;
        // Until the register knows of a changed directory, its words are as if they were not there.
        Ok(if self.names(me, &narrative, [])? { Narrative::default() } else { narrative })
    }
}

/// The worst colour of a row today, from the days the store keeps.
pub(crate) fn colour(row: &ReportRow, today: Date) -> Option<Colour> {
    if row.closed_on.is_some() {
        return None;
    }
    row.next.due_on?;
    if row.next.red_on.is_some_and(|day| day <= today) {
        Some(Colour::Red)
    } else if row.next.yellow_on.is_some_and(|day| day <= today) {
        Some(Colour::Yellow)
    } else {
        Some(Colour::Blue)
    }
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
