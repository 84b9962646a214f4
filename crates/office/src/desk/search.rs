//! Search by number, by subject and by words, over the sealed index. What may not be seen is not
//! found and not counted; the words searched for are recorded under the seal.

use domain::ids::ReportNumber;
use domain::permission::{self, Action};
use index::{Query as IndexQuery, Viewer, Words};
use jiff::civil::Date;

use super::list::ListRow;
use super::me::Me;
use crate::audit::Deed;
use crate::error::Error;
use crate::hall::Hall;

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Words in title, text and digest; a whole number (编号) finds that report.
    pub words: String,
    /// 被反映人
    pub subject: String,
    /// 单位
    pub unit: String,
    /// Division code.
    pub place: Option<String>,
    /// First day.
    pub from: Option<Date>,
    /// Last day.
    pub until: Option<Date>,
    /// Page, from 0.
    pub page: u32,
}

/// One page of hits.
#[derive(Debug, Clone)]
pub struct Found {
    /// The rows.
    pub rows: Vec<ListRow>,
    /// How many she may see.
    pub total: usize,
}

/// Hits on a page.
const PAGE: usize = 20;

impl Hall {
    /// Searches; recorded.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store or the index fails.
    pub async fn search(&self, me: &Me, query: &Query) -> Result<Found, Error> {
        me.may_use(Action::Search)?;
        let scope = self.scope(me)?;
        let today = self.clock.today();
        let (ids, total) = if let Ok(number) = query.words.trim().parse::<ReportNumber>() {
            let found = self.store.report_by_number(&scope, &number).await?;
            (found.iter().map(|row| row.report).collect::<Vec<_>>(), usize::from(found.is_some()))
        } else {
            self.ask_index(me, query)?
        };
        let mut rows = Vec::new();
        for id in ids {
            // The index may lag behind a move; the register has the last word.
            if let Some(row) = self.store.report(&scope, id).await? {
                rows.push(self.list_row(me, row, today).await?);
            }
        }
        let words = serde_json::to_string(&(&query.words, &query.subject, &query.unit))
            .map_err(|e| Error::Io(e.to_string()))?;
        self.record_with(me, Deed::Searched { hits: rows.len() as u32 }, Some(&words)).await?;
        Ok(Found { rows, total })
    }

    fn ask_index(&self, me: &Me, query: &Query) -> Result<(Vec<domain::ids::ReportId>, usize), Error> {
        let text = |s: &str| Some(s.trim().to_owned()).filter(|s| !s.is_empty());
        let words: Vec<String> = triage::tokens(&query.words).into_iter().map(|t| t.text.to_owned()).collect();
        let asked = IndexQuery {
            words: (!words.is_empty()).then_some(Words::All(words)),
            subject: text(&query.subject),
            unit: text(&query.unit),
            places: query.place.iter().cloned().collect(),
            from: query.from,
            until: query.until,
            offset: query.page as usize * PAGE,
            limit: PAGE,
            ..IndexQuery::default()
        };
        let token = self.keys.recusal_token(&me.tenant, &me.staff);
        let index = self.index(&me.tenant)?;
        // Roles are asked from the widest; a person with several roles sees what the widest sees.
        let scope = me
            .in_roles()
            .map(|who| permission::scope(&who))
            .max_by_key(|scope| match scope {
                permission::Scope::None => 0,
                permission::Scope::Assigned { .. } => 1,
                permission::Scope::Offices(_) => 2,
                permission::Scope::Tenant => 3,
            })
            .unwrap_or(permission::Scope::None);
        let hits = index.search(&asked, &Viewer { scope, me: token }).map_err(|e| Error::Io(e.to_string()))?;
        Ok((hits.reports, hits.total))
    }
}
