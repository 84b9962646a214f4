//! One page of a list: the plain rows and, for those who may read, the first words of what is
//! sealed. One predicate, one page at a time, every look recorded.

use std::collections::BTreeSet;

use domain::content::Narrative;
use domain::ids::{ReportId, StaffId};
use domain::permission::{Action, Waiting, waits};
use domain::report::{Event, Report, evolve};
use domain::words::{Channel, Colour, Disposal, Finding, Role};
use index::{Query as IndexQuery, Words};
use jiff::civil::Date;
use seal::{KeyPlace, Place, WrappedKey};
use store::{ContentKeyRow, Filter, ReportRow, Sort, StoredEvent, Sums, Total};

use super::book::{self, Attendance, Call, Visit};
use super::ledger::{self, Ask, Ledger, Sealed};
use super::me::Me;
use super::number::whole_numbers;
use crate::audit::Deed;
use crate::error::Error;
use crate::hall::Hall;
use crate::report::write::read_header;

/// Rows of a page, as offered.
pub const SIZES: [u32; 3] = [20, 50, 100];
/// Rows one can page through; beyond it a filter finds faster than a person turns pages.
const REACH: u32 = 10_000;
/// Characters of a digest in a list.
const SHORT: usize = 30;
/// Characters of what is shown of it when the pointer rests on it.
const LONG: usize = 300;

/// One row of a list.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// 30 characters of digest, title or text.
    pub digest: String,
    /// More of it, for the pointer.
    pub full: String,
    /// The narrative in force.
    pub narrative: Narrative,
    /// The first problem class, in Chinese and in English.
    pub problem: Option<(String, String)>,
    /// To whom it is presented, waiting for 批示.
    pub presented_to: Option<Role>,
    /// The highest role whose 批示 agreed.
    pub instructed_by: Option<Role>,
    /// What was found, each once.
    pub findings: BTreeSet<Finding>,
    /// 处置方式
    pub disposal: Option<Disposal>,
    /// Day the signed reporter was told of acceptance.
    pub told_on: Option<Date>,
    /// Objections so far.
    pub objections: u16,
    /// Last days of the running promises: whether it is the result's (else the acceptance's).
    pub promises: Vec<(bool, Date)>,
    /// Date in a superior's letter.
    pub superior_due: Option<Date>,
    /// For a repeat: whether it brought new facts.
    pub new_facts: Option<bool>,
    /// For a visit: what its form says of it.
    pub visit: Option<Visit>,
    /// For a call: what its form says of it.
    pub call: Option<Call>,
}

/// Where a repeat stands among its like, as far as the viewer may see them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// 主件
    pub first_number: String,
    /// Day of the first.
    pub first_on: Date,
    /// Day of the last.
    pub last_on: Date,
    /// How many in all, the first included.
    pub times: u64,
    /// Which of them this is.
    pub nth: u64,
}

/// One row of a list.
#[derive(Debug, Clone)]
pub struct ListRow {
    /// The plain columns.
    pub row: ReportRow,
    /// Name of the holder.
    pub holder: String,
    /// Name of the handler.
    pub assignee: String,
    /// Worst colour of the running clocks today.
    pub colour: Option<Colour>,
    /// Days over the nearest last day, if overdue.
    pub overdue: Option<i32>,
    /// Where a repeat stands among its like.
    pub series: Option<Series>,
    /// What its events and words say.
    pub extras: Extras,
}

impl std::ops::Deref for ListRow {
    type Target = Extras;
    fn deref(&self) -> &Extras {
        &self.extras
    }
}

/// One page.
#[derive(Debug, Clone)]
pub struct ListPage {
    /// The rows.
    pub rows: Vec<ListRow>,
    /// How many in all.
    pub total: Total,
    /// The page shown, from 0: the last one there is, if a later one was asked for.
    pub page: u32,
    /// The last line, where all were counted.
    pub sums: Option<Sums>,
    /// 批次 and 人次 of the visits on this page: under the seal, they are counted where they are opened.
    pub attendance: Attendance,
}

impl Hall {
    /// One page of a list of the desk, recorded; what was asked of the sealed index is recorded under
    /// the seal.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`] where a place is not known or too much is found; the
    /// store or the index fails.
    pub async fn ledger(&self, me: &Me, ledger: Ledger, ask: &Ask) -> Result<ListPage, Error> {
        me.may_use(if ledger.is_inbox() { Action::ListInbox } else { Action::ViewRegister })?;
        let size = if SIZES.contains(&ask.size) { ask.size } else { SIZES[0] };
        let page = ask.page.min(REACH / size - 1);
        let filter = self.narrowed(me, ledger, ask).await?;
        let mut found = self.rows(me, &filter, ask.sort, page, size).await?;
        if let Total::Exactly(_) = found.total {
            found.sums = Some(self.store.sums(&self.scope(me)?, &filter, self.clock.today()).await?);
        }
        let deed = Deed::Listed { list: ledger.as_str().to_owned(), rows: found.rows.len() as u32 };
        let words = sealed_words(&ask.sealed)?;
        self.record_with(me, deed, words.as_deref()).await?;
        Ok(found)
    }

    /// The filter of a list with what the sealed index finds for this person.
    pub(crate) async fn narrowed(&self, me: &Me, ledger: Ledger, ask: &Ask) -> Result<Filter, Error> {
        if ask.filter.received_from.zip(ask.filter.received_to).is_some_and(|(from, until)| from > until) {
            return Err(Error::input(
                "dates-reversed",
                "登记日期的起日晚于止日，请把两个日期对调后再查询。",
                "The first day is after the last; exchange the two dates and ask again.",
            ));
        }
        let mut filter = ledger.narrow(ask.filter.clone(), self.waits(me)?);
        filter.numbers =
            filter.numbers.iter().flat_map(|typed| whole_numbers(typed, &me.tenant, self.clock.today())).collect();
        if !ask.sealed.is_empty() {
            filter.only = Some(self.found_by(me, &ask.sealed, &filter).await?);
        }
        Ok(filter)
    }

    /// What the sealed index finds; a document number may also be that of a paper of ours.
    async fn found_by(&self, me: &Me, sealed: &Sealed, filter: &Filter) -> Result<Vec<ReportId>, Error> {
        let mut found = self.ask_sealed(me, sealed, filter)?;
        let letter = sealed.letter.trim();
        if letter.is_empty() {
            return Ok(found);
        }
        let of_ours = self.store.reports_with_paper(&self.scope(me)?, letter).await?;
        let rest = Sealed { letter: String::new(), ..sealed.clone() };
        let besides = if rest.is_empty() || of_ours.is_empty() {
            of_ours
        } else {
            let fitting = self.ask_sealed(me, &rest, filter)?;
            of_ours.into_iter().filter(|report| fitting.contains(report)).collect()
        };
        found.extend(besides.into_iter().filter(|report| !found.contains(report)).collect::<Vec<_>>());
        Ok(found)
    }

    fn ask_sealed(&self, me: &Me, sealed: &Sealed, filter: &Filter) -> Result<Vec<ReportId>, Error> {
        let text = |s: &str| Some(s.trim().to_owned()).filter(|s| !s.is_empty());
        let words: Vec<String> = triage::tokens(&sealed.words).into_iter().map(|t| t.text.to_owned()).collect();
        let place = match text(&sealed.place) {
            None => None,
            Some(written) => Some(self.organ(&me.tenant)?.division(&written).ok_or_else(|| {
                Error::input(
                    "place-unknown",
                    "没有找到这个属地，请填规范的地名（如“长沙市岳麓区”）或行政区划代码。",
                    "No such place; write its full name or its division code.",
                )
            })?),
        };
        let asked = IndexQuery {
            words: (!words.is_empty()).then_some(Words::All(words)),
            named: text(&sealed.subject),
            unit: text(&sealed.unit),
            letter: text(&sealed.letter),
            ranks: sealed.rank.into_iter().collect(),
            categories: text(&sealed.problem).map(|code| ledger::problem_term(&code)).into_iter().collect(),
            places: place.into_iter().collect(),
            channels: filter.channels.clone(),
            from: filter.received_from,
            until: filter.received_to,
            limit: REACH as usize,
            ..IndexQuery::default()
        };
        let hits = self.index(&me.tenant)?.search(&asked, &self.viewer(me)).map_err(|e| Error::Io(e.to_string()))?;
        if hits.total > hits.reports.len() {
            return Err(Error::input(
                "found-too-many",
                "符合条件的超过一万件，请缩小登记日期范围或者加上其他条件。",
                "More than 10,000 reports fit; narrow the dates or add another condition.",
            ));
        }
        Ok(hits.reports)
    }

    /// One page of reports, recorded under a name: for what is not one of the lists.
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
        let size = size.clamp(1, 500);
        let mut found = self.store.list(&scope, filter, sort, today, page, size).await?;
        let mut shown = page;
        // Somebody closed the last reports of the last page: the page before is meant.
        if let (Total::Exactly(total), true, true) = (found.total, found.rows.is_empty(), page > 0) {
            shown = u32::try_from(total.saturating_sub(1) / u64::from(size)).unwrap_or(0);
            found = self.store.list(&scope, filter, sort, today, shown, size).await?;
        }
        let asked = found.rows.len() as u64;
        let rows = self.list_rows(me, found.rows, today).await?;
        // What was left out is not counted either.
        let total = match found.total {
            Total::Exactly(total) => Total::Exactly(total.saturating_sub(asked - rows.len() as u64)),
            more => more,
        };
        let visits = rows.iter().filter_map(|row| row.visit.as_ref());
        let mut attendance = Attendance::default();
        visits.for_each(|visit| attendance.add(&Attendance { batches: 1, persons: visit.persons }));
        Ok(ListPage { rows, total, page: shown, sums: None, attendance })
    }

    /// Numbers of the left menu.
    ///
    /// # Errors
    /// As [`Hall::list`].
    pub async fn counts(&self, me: &Me) -> Result<store::Counts, Error> {
        Ok(self.store.counts(&self.scope(me)?, Some(self.waits(me)?), self.clock.today()).await?)
    }

    /// What waits for her, in any of her roles.
    fn waits(&self, me: &Me) -> Result<Vec<Waiting>, Error> {
        let organ = self.organ(&me.tenant)?;
        let token = |staff: &StaffId| self.keys.recusal_token(&me.tenant, staff);
        Ok(me.in_roles().flat_map(|who| waits(&who, &organ.directory, token)).collect())
    }

    /// Rows with their sealed columns, in two questions to the register however many they are; a row
    /// is left out where the directory changed a moment ago, the report names this person and the
    /// register does not say so yet.
    pub(crate) async fn list_rows(&self, me: &Me, rows: Vec<ReportRow>, today: Date) -> Result<Vec<ListRow>, Error> {
        let ids: Vec<ReportId> = rows.iter().map(|row| row.report).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut events = self.store.reports_for_rows(&me.tenant, &ids).await?;
        let mut keys = self.store.content_keys_of(&me.tenant, &ids).await?;
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            let stored = events.remove(&row.report).unwrap_or_default();
            let keys = keys.remove(&row.report).unwrap_or_default();
            shown.extend(self.row_of(me, row, &stored, keys, today).await?);
        }
        Ok(shown)
    }

    /// One row, as [`Hall::list_rows`].
    pub(crate) async fn list_row(&self, me: &Me, row: ReportRow, today: Date) -> Result<Option<ListRow>, Error> {
        Ok(self.list_rows(me, vec![row], today).await?.pop())
    }

    async fn row_of(
        &self,
        me: &Me,
        row: ReportRow,
        stored: &[StoredEvent],
        keys: Vec<ContentKeyRow>,
        today: Date,
    ) -> Result<Option<ListRow>, Error> {
        let organ = self.organ(&me.tenant)?;
        let directory = &organ.directory;
        let holder = directory.holder_name(&row.holder).unwrap_or_default().to_owned();
        let assignee = row.assignee.as_ref().and_then(|id| directory.staff(id)).map(|s| s.name.clone());
        let narrative = self.narrative(me, row.report, stored, keys)?;
        let (mut extras, recused) = extras(stored)?;
        if self.kept_from(me, &recused, &narrative, &[])? {
            return Ok(None);
        }
        (extras.digest, extras.full) = digest(&narrative);
        let lists = self.lists(organ.edition())?;
        let code = narrative.allegations.iter().find_map(|a| a.problem.as_deref());
        extras.problem = code.and_then(|code| ledger::label(&lists, code));
        let kept = narrative.registration.as_ref();
        extras.visit = (row.channel == Channel::Visit).then(|| book::visit(kept, directory));
        extras.call = (row.channel == Channel::Phone).then(|| book::call(kept, directory));
        extras.narrative = narrative;
        Ok(Some(ListRow {
            colour: colour(&row, today),
            overdue: row.next.due_on.filter(|due| *due < today && row.settled_on.is_none()).map(|due| days(due, today)),
            holder,
            assignee: assignee.unwrap_or_default(),
            series: self.series(me, &row).await?,
            extras,
            row,
        }))
    }

    /// Where a repeat stands among its like; nothing where the viewer may not see the first one.
    async fn series(&self, me: &Me, row: &ReportRow) -> Result<Option<Series>, Error> {
        let Some(first) = row.repeat_of else { return Ok(None) };
        let scope = self.scope(me)?;
        let Some(first) = self.store.report(&scope, first).await? else { return Ok(None) };
        let repeats = self.store.repeats(&scope, first.report).await?;
        let nth = repeats.iter().position(|r| r.report == row.report).map_or(0, |at| at as u64);
        Ok(Some(Series {
            first_number: first.number.to_string(),
            first_on: first.received_on,
            last_on: repeats.last().map_or(first.received_on, |r| r.received_on.max(first.received_on)),
            times: repeats.len() as u64 + 1,
            nth: nth + 2,
        }))
    }

    /// The narrative in force, opened without the rest of the report.
    fn narrative(
        &self,
        me: &Me,
        report: ReportId,
        stored: &[StoredEvent],
        keys: Vec<ContentKeyRow>,
    ) -> Result<Narrative, Error> {
        let last = stored
            .iter()
            .rev()
            .find(|e| matches!(e.row.event.as_str(), "received" | "corrected") && e.row.sealed.is_some());
        let Some((event, key_no)) = last.and_then(|e| e.row.key_no.map(|no| (e, no))) else {
            return Ok(Narrative::default());
        };
        let (Some(key), Some(envelope)) = (keys.into_iter().find(|k| k.key_no == key_no), &event.row.sealed) else {
            return Ok(Narrative::default());
        };
        let place = KeyPlace { tenant: me.tenant.as_str(), report: report.0, key_no };
        let key = self.keys.ring(&me.tenant)?.unwrap(&WrappedKey::from_bytes(key.wrapped)?, &place)?;
        let place = Place::whole(me.tenant.as_str(), report.0, event.row.version, &event.row.event);
        let part = seal::open_part(&key, &place, envelope)?;
        // The parser's own sentence quotes what it read.
        serde_json::from_slice(&part.plaintext).map_err(|e| Error::Seal(format!("a narrative: {:?}", e.classify())))
    }
}

/// What was asked of the sealed index, as it is recorded.
pub(crate) fn sealed_words(sealed: &Sealed) -> Result<Option<String>, Error> {
    if sealed.is_empty() {
        return Ok(None);
    }
    serde_json::to_string(sealed).map(Some).map_err(|e| Error::Io(e.to_string()))
}

/// What the plain parts of the events say, and who is kept away.
fn extras(stored: &[StoredEvent]) -> Result<(Extras, Vec<String>), Error> {
    let mut extras = Extras::default();
    let mut state: Option<Report> = None;
    for event in stored {
        let recorded = read_header(event)?;
        match &recorded.event {
            Event::Received { superior_due, .. } => extras.superior_due = *superior_due,
            Event::Linked { new_facts, .. } => extras.new_facts = Some(*new_facts),
            Event::Unlinked => extras.new_facts = None,
            _ => {}
        }
        state = Some(evolve(state, &recorded)?);
    }
    let Some(state) = state else { return Ok((extras, Vec::new())) };
    extras.presented_to = state.presented_to;
    extras.instructed_by = state.instructed_by;
    extras.findings = state.findings.values().copied().collect();
    extras.disposal = state.disposal;
    extras.told_on = state.acceptance_told_on;
    extras.objections = state.objections;
    for (answer, ids) in
        [(false, ["realname_accept_notice", "petition_accept_notice"]), (true, ["realname_result", "petition_finish"])]
    {
        extras.promises.extend(ids.iter().find_map(|id| state.clock(id)).map(|clock| (answer, clock.last_day())));
    }
    Ok((extras, state.recused))
}

/// The short and the long form of what a report is about.
fn digest(narrative: &Narrative) -> (String, String) {
    let digest = narrative.digest.as_ref().map_or("", |d| d.text.as_str());
    let source = [digest, &narrative.title, &narrative.text].into_iter().find(|t| !t.trim().is_empty()).unwrap_or("");
    let clean = |n: usize| source.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).take(n).collect();
    let (mut short, full): (String, String) = (clean(SHORT), clean(LONG));
    if full.len() > short.len() {
        short.push('…');
    }
    (short, full)
}

/// The worst colour of a row today, from the days the store keeps.
pub(crate) fn colour(row: &ReportRow, today: Date) -> Option<Colour> {
    if row.settled_on.is_some() {
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
