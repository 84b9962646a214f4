//! 查重: earlier reports with the same or an edited text. Matter and text are compared, never who
//! wrote them: no identity, contact, code or file takes part (promise 6).
//!
//! A match is shown to a person only if she may see both reports; a match with a report she may
//! not see makes no difference to anything she is shown (M37).

use domain::ids::{ReportId, TenantCode};
use triage::{Similarity, compare, fingerprint};

use crate::audit::Deed;
use crate::desk::{ListRow, Me};
use crate::error::Error;
use crate::hall::Hall;

/// An earlier report and how alike it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which.
    pub report: ReportId,
    /// How alike, and what is new.
    pub similarity: Similarity,
}

/// Rows the index is asked for before comparing texts.
const LOOKED_AT: usize = 20;
/// Rows a person is shown (forms.md: at most five).
const SHOWN: usize = 5;

impl Hall {
    /// Texts alike, most alike first, among the reports `wanted`. For the program: who may see them
    /// is the caller's business.
    pub(crate) async fn candidates(
        &self,
        tenant: &TenantCode,
        text: &str,
        wanted: &(dyn Fn(&ReportId) -> bool + Sync),
    ) -> Result<Vec<Candidate>, Error> {
        let prints = fingerprint(text);
        let index = self.index(tenant)?;
        let found = index.candidates(&prints.terms, LOOKED_AT).map_err(|e| Error::Io(e.to_string()))?;
        let mut alike = Vec::new();
        for report in found.into_iter().filter(|r| wanted(r)) {
            let open = match self.open_for_program(tenant, report).await {
                Ok(open) => open,
                // A neighbour that does not open (erased, damaged) is `fsck`'s business; it must not
                // keep every text like it from being judged.
                Err(Error::Seal(_) | Error::NoKey | Error::NotFound) => continue,
                Err(other) => return Err(other),
            };
            let similarity = compare(&open.narrative.text, text);
            if similarity.edited {
                alike.push(Candidate { report, similarity });
            }
        }
        alike.sort_by(|a, b| b.similarity.score.total_cmp(&a.similarity.score));
        Ok(alike)
    }

    /// What the 查重 panel shows a person while she types: at most five reports she may see.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; the store or the index fails.
    pub async fn look_for_repeats(&self, me: &Me, text: &str) -> Result<Vec<(ListRow, Candidate)>, Error> {
        let scope = self.scope(me)?;
        let ids = self
            .index(&me.tenant)?
            .candidates(&fingerprint(text).terms, LOOKED_AT)
            .map_err(|e| Error::Io(e.to_string()))?;
        // What she may not see is not opened either: not even the time taken tells of it.
        let visible = self.store.visible(&scope, &ids).await?;
        let candidates = self.candidates(&me.tenant, text, &|id| visible.contains(id)).await?;
        let today = self.clock.today();
        let mut shown = Vec::new();
        for candidate in candidates.into_iter().take(SHOWN) {
            if let Some(row) = self.store.report(&scope, candidate.report).await? {
                shown.push((self.list_row(me, row, today).await?, candidate));
            }
        }
        if !shown.is_empty() {
            // A text held against the register is a search like any other (promise 7).
            let words: String = text.chars().take(200).collect();
            self.record_with(me, Deed::Searched { hits: shown.len() as u32 }, Some(&words)).await?;
        }
        Ok(shown)
    }

    /// The repeats suggested for an opened report, as far as this person may see them.
    ///
    /// # Errors
    /// The store fails.
    pub async fn visible_repeats(
        &self,
        me: &Me,
        suggested: &[super::Repeat],
    ) -> Result<Vec<(ListRow, super::Repeat)>, Error> {
        let scope = self.scope(me)?;
        let today = self.clock.today();
        let mut shown = Vec::new();
        for repeat in suggested.iter().take(LOOKED_AT) {
            if let Some(row) = self.store.report(&scope, repeat.report).await? {
                shown.push((self.list_row(me, row, today).await?, repeat.clone()));
            }
        }
        Ok(shown)
    }
}
