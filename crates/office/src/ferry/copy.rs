//! What a reporter is told, carried from inside to outside: made from the events, sealed to her
//! code, opened outside while she presents it. The outside alone cannot tell at which stage a
//! report is.

use domain::ids::{StreamKind, TenantCode};
use domain::report::{Recorded, Report, TimelineEntry, fold, timeline};
use domain::words::Lang;
use ledger::receipt::Subject;
use seal::{ThreadKeys, ThreadPlace, ThreadPublic, hand_on, open_thread, seal_to_thread, take_over};
use serde::{Deserialize, Serialize};
use store::{FerryChange, FerryReport, ThreadFrom, ThreadRow};

use super::OUTSIDE;
use super::wire::{EntryItem, Hex, Item};
use crate::error::Error;
use crate::hall::Hall;
use crate::report::write::read_header;
use crate::thread::Presented;

/// Place of the copy in her thread; entries begin with 1.
const COPY: u32 = 0;
/// Place of her former keys.
const FORMER: u32 = u32::MAX;

/// All she is told, but for the messages.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusCopy {
    /// What her buttons depend on; nobody's name stands in it.
    pub state: Report,
    /// The timeline in Chinese.
    pub zh: Vec<TimelineEntry>,
    /// The timeline in English.
    pub en: Vec<TimelineEntry>,
    /// The proof of filing, as a file.
    pub proof: Option<String>,
}

impl StatusCopy {
    /// The timeline in a language.
    pub fn timeline(&self, lang: Lang) -> &[TimelineEntry] {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// A change as it is carried out, and the mark to be kept of it.
pub(crate) struct Carried {
    /// The record; none where nobody has a code to open it.
    pub item: Option<Item>,
    /// Whether the proof in it is the published one.
    pub proven: bool,
}

impl Hall {
    /// What is carried out of a report that moved; `None` where nothing she could see has changed.
    pub(crate) async fn copy_of(&self, tenant: &TenantCode, change: &FerryChange) -> Result<Option<Carried>, Error> {
        let Some(key) = change.thread_key else { return Ok(Some(Carried { item: None, proven: true })) };
        let report = change.report;
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let Some(first) = stored.first() else { return Err(Error::NotFound) };
        let subject = Subject::Filing(None);
        let bundle = self.prove(tenant, subject, first.row.commitment, first.row.day).await?;
        let published = bundle.to_tlog_proof();
        let proven = published.is_some();
        let moved = change.version > change.shown || change.shown_key != Some(key);
        if !moved && (change.proven || !proven) {
            return Ok(None);
        }
        let recorded: Vec<Recorded> = stored.iter().map(read_header).collect::<Result<_, _>>()?;
        let state = fold(&recorded)?.ok_or(Error::NotFound)?;
        let rules = self.rules();
        let copy = StatusCopy {
            state: without_names(state),
            zh: timeline(&recorded, &rules, Lang::Zh),
            en: timeline(&recorded, &rules, Lang::En),
            proof: Some(published.unwrap_or_else(|| bundle.to_json())),
        };
        let words = serde_json::to_vec(&copy).map_err(|e| Error::Io(e.to_string()))?;
        let place = ThreadPlace { tenant: tenant.as_str(), report: report.0, seq: COPY };
        let copy = seal_to_thread(&ThreadPublic::from_bytes(key), &place, &words, &mut self.entropy())?;
        let thread = self.store.thread(tenant, report).await?;
        let thread = thread.into_iter().filter(|row| row.seq > change.shown && row.from == ThreadFrom::Office);
        let item = Item::Copy {
            report,
            version: change.version,
            copy: Hex(copy),
            thread: thread.map(EntryItem::of).collect(),
        };
        Ok(Some(Carried { item: Some(item), proven }))
    }

    /// Outside: how a report stands between the networks and the copy of what she is told, opened
    /// with her code; no copy before the first package came from inside.
    pub(crate) async fn copy_shown(&self, presented: &Presented) -> Result<(FerryReport, Option<StatusCopy>), Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let row = self.store.ferry_report(tenant, report).await?.ok_or(Error::NotFound)?;
        let place = ThreadPlace { tenant: tenant.as_str(), report: report.0, seq: COPY };
        let Some(sealed) = &row.copy else { return Ok((row, None)) };
        let former = former_keys(presented, &row);
        let opened =
            std::iter::once(&presented.keys).chain(&former).find_map(|keys| open_thread(keys, &place, sealed).ok());
        let copy = opened.map(|words| serde_json::from_slice(&words)).transpose();
        let copy = copy.map_err(|_| Error::Seal("the copy of a report's state cannot be read".to_owned()))?;
        Ok((row, copy))
    }

    /// Outside: the words of an entry of her thread, if her code opens it, or a former one that it
    /// was on its way to.
    pub(crate) fn entry_shown(&self, presented: &Presented, row: &FerryReport, entry: &ThreadRow) -> Option<String> {
        let place = ThreadPlace { tenant: presented.tenant.as_str(), report: presented.report.0, seq: entry.seq };
        let words = open_thread(&presented.keys, &place, &entry.envelope).ok().or_else(|| {
            let later = entry.seq > row.former_to && entry.seq < OUTSIDE;
            let former = if later { former_keys(presented, row) } else { Vec::new() };
            former.iter().find_map(|keys| open_thread(keys, &place, &entry.envelope).ok())
        })?;
        Some(String::from_utf8_lossy(&words).into_owned())
    }

    /// Outside: what goes with a new code, so that nothing is lost that is on its way to the old one.
    pub(crate) async fn handed_on(
        &self,
        presented: &Presented,
        to: &ThreadPublic,
    ) -> Result<(Option<Vec<u8>>, Vec<u8>, u32), Error> {
        let (tenant, report) = (presented.tenant.as_str(), presented.report.0);
        let (row, copy) = self.copy_shown(presented).await?;
        let mut rng = self.entropy();
        let copy = match copy {
            Some(copy) => {
                let words = serde_json::to_vec(&copy).map_err(|e| Error::Io(e.to_string()))?;
                Some(seal_to_thread(to, &ThreadPlace { tenant, report, seq: COPY }, &words, &mut rng)?)
            }
            None => None,
        };
        let former = former_keys(presented, &row);
        let all: Vec<&ThreadKeys> = std::iter::once(&presented.keys).chain(&former).collect();
        let sealed = hand_on(&all, to, &ThreadPlace { tenant, report, seq: FORMER }, &mut rng)?;
        Ok((copy, sealed, row.shown))
    }
}

fn former_keys(presented: &Presented, row: &FerryReport) -> Vec<ThreadKeys> {
    let place = ThreadPlace { tenant: presented.tenant.as_str(), report: presented.report.0, seq: FORMER };
    // Sealed to a code that was replaced in its turn: it opens nothing here.
    row.former.as_ref().and_then(|sealed| take_over(&presented.keys, &place, sealed).ok()).unwrap_or_default()
}

/// What the law asks for a reporter's own acts, without who is on it, what was found, or what else
/// there is.
fn without_names(mut state: Report) -> Report {
    state.recused.clear();
    state.findings.clear();
    state.assignee = None;
    state.first_assignee = None;
    state.watcher = None;
    state.no_substance_proposed = None;
    state.presented_to = None;
    state.instructed_by = None;
    state.answer_drafted_by = None;
    state.repeat_of = None;
    state.platform_number = None;
    state
}
