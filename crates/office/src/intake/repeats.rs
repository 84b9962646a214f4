//! 查重: earlier reports with the same or an edited text. Matter and text are compared, never who
//! wrote them: no identity, contact, code or file takes part (promise 6).
//!
//! A match is shown to a person only if she may see both reports; a match with a report she may
//! not see makes no difference to anything she is shown (M37).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::ids::{ReportId, TenantCode};
use triage::{Similarity, compare, fingerprint};
use zeroize::Zeroizing;

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

/// Texts kept open at a time: what comes in waves is compared with the same few again and again.
const TEXTS_OPEN: usize = 512;
/// A text is opened anew after this long: it may have been corrected or erased meanwhile.
const OPEN_FOR: Duration = Duration::from_secs(60);

/// Texts opened for comparing a moment ago, in memory only and wiped when they leave it.
#[derive(Default)]
pub(crate) struct OpenTexts(Mutex<BTreeMap<(TenantCode, ReportId), OpenText>>);

/// A text, and until when it stays open.
type OpenText = (Arc<Zeroizing<String>>, Instant);

impl OpenTexts {
    fn find(&self, tenant: &TenantCode, report: ReportId, now: Instant) -> Option<Arc<Zeroizing<String>>> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.get(&(tenant.clone(), report)).filter(|(_, until)| now < *until).map(|(text, _)| text.clone())
    }

    fn put(&self, tenant: &TenantCode, report: ReportId, text: Arc<Zeroizing<String>>, now: Instant) {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= TEXTS_OPEN {
            let oldest = open.iter().min_by_key(|(_, (_, until))| *until).map(|(key, _)| key.clone());
            oldest.map(|key| open.remove(&key));
        }
        open.insert((tenant.clone(), report), (text, now + OPEN_FOR));
    }

    /// Forgets what is too old.
    pub(crate) fn forget(&self, now: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, (_, until)| now < *until);
    }
}

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
            let Some(earlier) = self.text_to_compare(tenant, report).await? else { continue };
            let similarity = compare(&earlier, text);
            if similarity.edited {
                alike.push(Candidate { report, similarity });
            }
        }
        alike.sort_by(|a, b| b.similarity.score.total_cmp(&a.similarity.score));
        Ok(alike)
    }

    /// The text of an earlier report; `None` where it does not open.
    async fn text_to_compare(
        &self,
        tenant: &TenantCode,
        report: ReportId,
    ) -> Result<Option<Arc<Zeroizing<String>>>, Error> {
        let now = Instant::now();
        if let Some(text) = self.texts.find(tenant, report, now) {
            return Ok(Some(text));
        }
        match self.text_for_program(tenant, report).await {
            Ok(Some(text)) => {
                let text = Arc::new(text);
                self.texts.put(tenant, report, text.clone(), now);
                Ok(Some(text))
            }
            // A neighbour that does not open (erased, damaged) is `fsck`'s business; it must not
            // keep every text like it from being judged.
            Ok(None) | Err(Error::Seal(_) | Error::NoKey | Error::NotFound) => Ok(None),
            Err(other) => Err(other),
        }
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
                shown.extend(self.list_row(me, row, today).await?.map(|row| (row, candidate)));
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
                shown.extend(self.list_row(me, row, today).await?.map(|row| (row, repeat.clone())));
            }
        }
        Ok(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_open_for_a_minute_and_among_few() {
        let (open, now) = (OpenTexts::default(), Instant::now());
        let tenant: TenantCode = "990100001".parse().expect("a made-up organ");
        let text = |n: u32| Arc::new(Zeroizing::new(format!("text {n}")));
        let id = |n: u32| ReportId(u128::from(n).to_be_bytes());
        for n in 0..=TEXTS_OPEN as u32 {
            open.put(&tenant, id(n), text(n), now + Duration::from_millis(n.into()));
        }
        assert_eq!(open.find(&tenant, id(0), now), None, "the oldest made room");
        assert_eq!(open.find(&tenant, id(1), now), Some(text(1)));
        open.forget(now + OPEN_FOR + Duration::from_millis(TEXTS_OPEN as u64));
        assert!(open.0.lock().expect("no panic").is_empty());
    }
}
