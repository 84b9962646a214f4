//! Search by number, by subject and by words, over the sealed index. What may not be seen is not
//! found and not counted; the words searched for are recorded under the seal.

use domain::ids::{ReportId, ReportNumber};
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

/// What was asked, as it is recorded under the seal.
pub(crate) fn words_of(query: &Query) -> Result<String, Error> {
    serde_json::to_string(&(&query.words, &query.subject, &query.unit)).map_err(|e| Error::Io(e.to_string()))
}

impl Hall {
    /// Searches; recorded.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store or the index fails.
    pub async fn search(&self, me: &Me, query: &Query) -> Result<Found, Error> {
        me.may_use(Action::Search)?;
        let today = self.clock.today();
        let (ids, total) = self.hits(me, query, PAGE).await?;
        let rows = self.hit_rows(me, &ids, today).await?;
        self.record_with(me, Deed::Searched { hits: rows.len() as u32 }, Some(&words_of(query)?)).await?;
        Ok(Found { rows, total })
    }

    /// The reports a query finds, `size` to a page, and how many in all.
    pub(crate) async fn hits(&self, me: &Me, query: &Query, size: usize) -> Result<(Vec<ReportId>, usize), Error> {
        if let Ok(number) = query.words.trim().parse::<ReportNumber>() {
            let found = self.store.report_by_number(&self.scope(me)?, &number).await?;
            return Ok((found.iter().map(|row| row.report).collect(), usize::from(found.is_some())));
        }
        self.ask_index(me, query, size)
    }

    /// The rows of what was found. The index may lag behind a move; the register has the last word.
    pub(crate) async fn hit_rows(&self, me: &Me, ids: &[ReportId], today: Date) -> Result<Vec<ListRow>, Error> {
        let found = self.store.reports(&self.scope(me)?, ids).await?;
        self.list_rows(me, found, today).await
    }

    fn ask_index(&self, me: &Me, query: &Query, size: usize) -> Result<(Vec<ReportId>, usize), Error> {
        let text = |s: &str| Some(s.trim().to_owned()).filter(|s| !s.is_empty());
        let words: Vec<String> = triage::tokens(&query.words).into_iter().map(|t| t.text.to_owned()).collect();
        let asked = IndexQuery {
            words: (!words.is_empty()).then_some(Words::All(words)),
            subject: text(&query.subject),
            unit: text(&query.unit),
            places: query.place.iter().cloned().collect(),
            from: query.from,
            until: query.until,
            offset: query.page as usize * size,
            limit: size,
            ..IndexQuery::default()
        };
        let index = self.index(&me.tenant)?;
        let hits = index.search(&asked, &self.viewer(me)).map_err(|e| Error::Io(e.to_string()))?;
        Ok((hits.reports, hits.total))
    }

    /// Who asks the index: her permission and her recusal token.
    pub(crate) fn viewer(&self, me: &Me) -> Viewer {
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
        Viewer { scope, me: self.keys.recusal_token(&me.tenant, &me.staff) }
    }
}
