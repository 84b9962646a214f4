//! Lists, counts and the report row, all under one predicate: what this viewer may see.

use std::collections::HashMap;

use domain::ids::{OfficeId, ReportId, ReportNumber, StaffId, TenantCode};
use domain::permission::Waiting;
use domain::report::Holder;
use domain::words::{Channel, Kind, Signing, Source, Stage};
use jiff::civil::Date;

use crate::db::{Cells, Sql, Value};
use crate::predicate::Where;
use crate::rows::{NextDue, ReportRow};
use crate::{Store, StoreError};

/// The columns of a report as `report_row` reads them.
pub(crate) const SELECT: &str = "SELECT r.report, r.number, r.version, r.received_on, r.channel, r.source, r.signing, r.urgency, r.kind, \
    r.ground, r.stage, r.office, r.holder_kind, r.holder, r.watcher, r.assignee, r.dispatched, r.repeat_of, \
    r.platform_number, r.answered_on, r.rating, r.files, r.closed_on, r.last_on, r.yellow_on, r.red_on, r.due_on, \
    r.returned_on, r.awaits, r.settled_on, r.message_on FROM reports r";
const SELECT_NAMES: &str = "SELECT r.report, r.number FROM reports r";
const SELECT_STAGES: &str = "SELECT r.stage, count(*) FROM reports r";
/// A count stops one past what it may say.
const COUNTED: u64 = 10_000;
const SELECT_COUNTED: &str = "SELECT count(*) FROM (SELECT 1 FROM reports r";
const COUNTED_REST: &str = "LIMIT 10001) AS counted";

/// Whose eyes: permission and recusal, part of every query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Whose register.
    pub tenant: TenantCode,
    /// How much of it.
    pub reach: Reach,
    /// Recusal tokens of the viewer, and of anybody acted for; a report that lists one of them does
    /// not exist for this viewer.
    pub me: Vec<String>,
}

impl Scope {
    /// The program itself (workers, `fsck`): everything. Never for what a person is shown.
    pub fn program(tenant: TenantCode) -> Self {
        Self { tenant, reach: Reach::Whole, me: Vec::new() }
    }
}

/// How much of the register a role lets its holder see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Every report.
    Whole,
    /// Reports registered, held or watched by these offices, or assigned to this person.
    Part {
        /// Offices.
        offices: Vec<OfficeId>,
        /// The person.
        staff: Option<StaffId>,
    },
    /// Reports assigned to this person, and those the office holds that nobody is assigned to: a
    /// colleague's reports are not hers to read (promise 5).
    Assigned {
        /// The person.
        staff: StaffId,
        /// Her office.
        office: OfficeId,
    },
}

/// What a list shows; empty lists and `None` do not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// 环节.
    pub stages: Vec<Stage>,
    /// 渠道.
    pub channels: Vec<Channel>,
    /// 来源.
    pub sources: Vec<Source>,
    /// 实名.
    pub signings: Vec<Signing>,
    /// 类别.
    pub kinds: Vec<Kind>,
    /// Open or closed.
    pub state: Option<StateFilter>,
    /// 时限颜色.
    pub colour: Option<ColourFilter>,
    /// 今日到期、超期.
    pub due: Option<DueFilter>,
    /// 初重.
    pub repeat: Option<RepeatFilter>,
    /// 登记日期 from.
    pub received_from: Option<Date>,
    /// 登记日期 to, inclusive.
    pub received_to: Option<Date>,
    /// Registering office.
    pub office: Option<OfficeId>,
    /// 承办部门 of this organ.
    pub holder: Option<OfficeId>,
    /// 承办人.
    pub assignee: Option<StaffId>,
    /// 编号, from its beginning; or the platform's number, whole. Any of them.
    pub numbers: Vec<String>,
    /// 未补录: without a number of the national platform.
    pub unplatformed: bool,
    /// 待办: only what waits for somebody, by any of these. What a person may see is not widened.
    pub waits: Option<Vec<Waiting>>,
    /// 有留言未复: with a message of the reporter's that nobody has answered.
    pub unanswered: bool,
    /// 已退回: came back and was not sent on.
    pub returned: bool,
    /// Only these (what the sealed index found); the list keeps its own order.
    pub only: Option<Vec<ReportId>>,
}

/// Open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Not closed, or the reporter is owed something since.
    Open,
    /// Closed, and nothing is owed.
    Closed,
}

/// The worst colour of a report's running clocks on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourFilter {
    /// More than half remains.
    Blue,
    /// A fifth to a half.
    Yellow,
    /// Less than a fifth, or overdue.
    Red,
}

/// Where the nearest last day lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueFilter {
    /// 今日到期.
    Today,
    /// 超期.
    Overdue,
}

/// 初 or 重.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepeatFilter {
    /// 初件.
    First,
    /// 重复件.
    Repeat,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// By what.
    pub by: SortBy,
    /// Which way.
    pub order: Order,
}

/// Which way a list runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Smallest or earliest first.
    Ascending,
    /// Largest or latest first.
    Descending,
}

/// Columns a list can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortBy {
    /// 登记日期.
    Received,
    /// 编号.
    Number,
    /// 到期日; what has no running clock comes last.
    Due,
    /// Day of the last event.
    Last,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<ReportRow>,
    /// How many there are in all.
    pub total: Total,
}

/// A count that stops where nobody counts any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many.
    Exactly(u64),
    /// More than this.
    MoreThan(u64),
}

impl Total {
    /// The number, or as far as was counted.
    pub fn at_least(self) -> u64 {
        match self {
            Self::Exactly(n) | Self::MoreThan(n) => n,
        }
    }

    fn of(counted: u64) -> Self {
        if counted > COUNTED { Self::MoreThan(COUNTED) } else { Self::Exactly(counted) }
    }
}

/// As beside an entry of a menu: `54`, `10000+`.
impl std::fmt::Display for Total {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(n) => write!(f, "{n}"),
            Self::MoreThan(n) => write!(f, "{n}+"),
        }
    }
}

impl Default for Total {
    fn default() -> Self {
        Self::Exactly(0)
    }
}

/// Numbers of the left menu, over open reports that wait for somebody. Each is counted no further than anybody reads it, so
/// that a page costs the same however many reports are open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open reports by stage; stages without any are left out.
    pub stages: Vec<(Stage, Total)>,
    /// All open reports.
    pub open: Total,
    /// 今日到期.
    pub due_today: Total,
    /// 超期: of all that may be seen.
    pub overdue: Total,
    /// 已退回.
    pub returned: Total,
}

/// What is open, counted to the last one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OpenStock {
    /// All open reports.
    pub open: u64,
    /// Of them yellow.
    pub yellow: u64,
    /// Of them red, overdue included.
    pub red: u64,
}

/// The last line of a list: what is in it, of the figures a list has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// All rows.
    pub all: u64,
    /// Of them not closed.
    pub open: u64,
    /// Signed, not false.
    pub named: u64,
    /// 重复件.
    pub repeats: u64,
    /// 超期.
    pub overdue: u64,
}

impl Store {
    /// The plain state of a report, if this viewer may see it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn report(&self, scope: &Scope, report: ReportId) -> Result<Option<ReportRow>, StoreError> {
        let mut w = Where::visible(scope);
        w.and("r.report = ?", [Value::from(report)]);
        self.first_row(w).await
    }

    /// The plain state of the report with this number, if this viewer may see it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn report_by_number(
        &self,
        scope: &Scope,
        number: &ReportNumber,
    ) -> Result<Option<ReportRow>, StoreError> {
        let mut w = Where::visible(scope);
        w.and("r.number = ?", [Value::from(number)]);
        self.first_row(w).await
    }

    /// One page of a list. `today` decides colours; `page` counts from 0.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list(
        &self,
        scope: &Scope,
        filter: &Filter,
        sort: Sort,
        today: Date,
        page: u32,
        size: u32,
    ) -> Result<Page, StoreError> {
        let w = Where::visible(scope).filter(filter, today)?;
        let count = w.statement(SELECT_COUNTED, COUNTED_REST);
        let total = Total::of(self.count(count, w.args.clone()).await?);
        let (from, size) = (u64::from(page) * u64::from(size), u64::from(size));
        let rows = if sort.by == SortBy::Due {
            self.by_due(w, sort, from, size).await?
        } else {
            self.rows(w.page(SELECT, sort, from, size)).await?
        };
        Ok(Page { rows, total })
    }

    /// By last day, what has none after the others by number. In two questions, because each then has
    /// an index: the first is about the few with a running clock, however long the register is.
    async fn by_due(&self, w: Where, sort: Sort, from: u64, size: u64) -> Result<Vec<ReportRow>, StoreError> {
        let running = w.clone().due(true);
        let count = running.statement("SELECT count(*) FROM reports r", "");
        let args = running.args.clone();
        let mut rows = self.rows(running.page(SELECT, sort, from, size)).await?;
        let missing = size - rows.len() as u64;
        if missing > 0 {
            let first = self.count(count, args).await?;
            let by_number = Sort { by: SortBy::Number, order: sort.order };
            rows.extend(self.rows(w.due(false).page(SELECT, by_number, from.saturating_sub(first), missing)).await?);
        }
        Ok(rows)
    }

    async fn rows(&self, (sql, args): (Sql, Vec<Value>)) -> Result<Vec<ReportRow>, StoreError> {
        let rows = self.read.fetch("reports", sql, args).await?;
        rows.into_iter().map(|mut r| report_row(&mut r)).collect()
    }

    /// The sums of a list; meant for one that [`Store::list`] counted exactly.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sums(&self, scope: &Scope, filter: &Filter, today: Date) -> Result<Sums, StoreError> {
        let w = Where::visible(scope).filter(filter, today)?;
        let (sql, args) = w.sums(today);
        let mut rows = self.read.fetch("reports", sql, args).await?;
        let Some(row) = rows.first_mut() else { return Ok(Sums::default()) };
        Ok(Sums {
            all: row.num("n")?,
            open: row.num("open")?,
            named: row.num("named")?,
            repeats: row.num("repeats")?,
            overdue: row.num("overdue")?,
        })
    }

    /// Numbers of the left menu, of what waits by any of these; of all that is open without them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn counts(&self, scope: &Scope, waits: Option<Vec<Waiting>>, today: Date) -> Result<Counts, StoreError> {
        let mine = Filter { waits, ..open() };
        let all = self.open_count(scope, today, &mine).await?;
        Ok(Counts {
            stages: match all {
                Total::Exactly(_) => self.stages(scope, today, &mine).await?,
                Total::MoreThan(_) => self.stages_one_by_one(scope, today, &mine).await?,
            },
            open: all,
            due_today: self.open_count(scope, today, &Filter { due: Some(DueFilter::Today), ..mine.clone() }).await?,
            overdue: self.open_count(scope, today, &Filter { due: Some(DueFilter::Overdue), ..open() }).await?,
            returned: self.open_count(scope, today, &Filter { returned: true, ..mine }).await?,
        })
    }

    /// Open reports by stage in one question: for as many as can be looked through.
    async fn stages(&self, scope: &Scope, today: Date, mine: &Filter) -> Result<Vec<(Stage, Total)>, StoreError> {
        let w = Where::visible(scope).filter(mine, today)?;
        let sql = w.statement(SELECT_STAGES, "GROUP BY r.stage");
        let mut stages = Vec::new();
        for mut row in self.read.fetch("reports", sql, w.args).await? {
            stages.push((row.word("stage")?, Total::of(row.num("count")?)));
        }
        stages.sort_unstable_by_key(|(stage, _)| *stage);
        Ok(stages)
    }

    async fn stages_one_by_one(
        &self,
        scope: &Scope,
        today: Date,
        mine: &Filter,
    ) -> Result<Vec<(Stage, Total)>, StoreError> {
        let mut stages = Vec::new();
        for stage in Stage::ALL {
            let count = self.open_count(scope, today, &Filter { stages: vec![*stage], ..mine.clone() }).await?;
            stages.extend((count.at_least() > 0).then_some((*stage, count)));
        }
        Ok(stages)
    }

    /// What is open, its colours counted to the last one, in one pass over all that is open; nothing that
    /// was sealed upward.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open_stock(&self, scope: &Scope, today: Date) -> Result<OpenStock, StoreError> {
        let (sql, args) = Where::visible(scope).filter(&open(), today)?.counted(scope).colours(today);
        let mut rows = self.read.fetch("reports", sql, args).await?;
        let Some(row) = rows.first_mut() else { return Ok(OpenStock::default()) };
        Ok(OpenStock { open: row.num("n")?, yellow: row.num("yellow")?, red: row.num("red")? })
    }

    /// For each open report that is over a running clock of this basis, the first last day it missed;
    /// nothing that was sealed upward.
    ///
    /// # Errors
    /// The database fails.
    pub async fn overdue(&self, scope: &Scope, basis: &'static str, today: Date) -> Result<Vec<Date>, StoreError> {
        let late = Filter { due: Some(DueFilter::Overdue), ..open() };
        let (sql, args) = Where::visible(scope).filter(&late, today)?.counted(scope).overdue(basis, today);
        let rows = self.read.fetch("clocks", sql, args).await?;
        rows.into_iter().filter_map(|mut row| row.opt_day("due_on").transpose()).collect()
    }

    /// Which of these reports the viewer may see (search results, candidates for repeats).
    ///
    /// # Errors
    /// The database fails.
    pub async fn visible(&self, scope: &Scope, reports: &[ReportId]) -> Result<Vec<ReportId>, StoreError> {
        // In the order asked: search results come ranked.
        let seen = self.numbers(scope, reports).await?;
        Ok(reports.iter().copied().filter(|id| seen.contains_key(id)).collect())
    }

    /// The plain state of those of these reports that the viewer may see, in the order asked.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reports(&self, scope: &Scope, reports: &[ReportId]) -> Result<Vec<ReportRow>, StoreError> {
        let mut seen = HashMap::with_capacity(reports.len());
        for some in reports.chunks(1000) {
            let mut w = Where::visible(scope);
            w.reports(some.iter().map(|id| Value::from(*id)));
            let sql = w.statement(SELECT, "");
            for mut row in self.read.fetch("reports", sql, w.args).await? {
                let row = report_row(&mut row)?;
                seen.insert(row.report, row);
            }
        }
        Ok(reports.iter().filter_map(|id| seen.remove(id)).collect())
    }

    /// The numbers of those of these reports that the viewer may see.
    ///
    /// # Errors
    /// The database fails.
    pub async fn numbers(
        &self,
        scope: &Scope,
        reports: &[ReportId],
    ) -> Result<HashMap<ReportId, ReportNumber>, StoreError> {
        let mut seen = HashMap::with_capacity(reports.len());
        for some in reports.chunks(1000) {
            let mut w = Where::visible(scope);
            w.reports(some.iter().map(|id| Value::from(*id)));
            let sql = w.statement(SELECT_NAMES, "");
            for mut row in self.read.fetch("reports", sql, w.args).await? {
                seen.insert(ReportId(row.array("report")?), row.word("number")?);
            }
        }
        Ok(seen)
    }

    /// The reports linked to this one as repeats, oldest first, as far as the viewer may see them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn repeats(&self, scope: &Scope, report: ReportId) -> Result<Vec<ReportRow>, StoreError> {
        let mut w = Where::visible(scope);
        w.and("r.repeat_of = ?", [Value::from(report)]);
        let sql = w.statement(SELECT, "ORDER BY r.received_on, r.number");
        let rows = self.read.fetch("reports", sql, w.args).await?;
        rows.into_iter().map(|mut r| report_row(&mut r)).collect()
    }

    /// Reports the viewer may see for which a paper with this number was issued.
    ///
    /// # Errors
    /// The database cannot be reached or a value is damaged.
    pub async fn reports_with_paper(&self, scope: &Scope, number: &str) -> Result<Vec<ReportId>, StoreError> {
        let mut w = Where::visible(scope);
        w.with_paper(&scope.tenant, number);
        let sql = w.statement(SELECT_NAMES, "ORDER BY r.number");
        let rows = self.read.fetch("reports", sql, w.args).await?;
        rows.into_iter().map(|mut r| Ok(ReportId(r.array("report")?))).collect()
    }

    async fn first_row(&self, w: Where) -> Result<Option<ReportRow>, StoreError> {
        let sql = w.statement(SELECT, "");
        let row = self.read.fetch_one("reports", sql, w.args).await?;
        row.map(|mut r| report_row(&mut r)).transpose()
    }

    async fn count(&self, sql: Sql, args: Vec<Value>) -> Result<u64, StoreError> {
        let mut rows = self.read.fetch("reports", sql, args).await?;
        rows.first_mut().map_or(Ok(0), |r| r.num("count"))
    }

    /// Reports the viewer may see, counted as far as anybody reads.
    async fn open_count(&self, scope: &Scope, today: Date, filter: &Filter) -> Result<Total, StoreError> {
        let w = Where::visible(scope).filter(filter, today)?;
        let sql = w.statement(SELECT_COUNTED, COUNTED_REST);
        Ok(Total::of(self.count(sql, w.args).await?))
    }
}

fn open() -> Filter {
    Filter { state: Some(StateFilter::Open), ..Filter::default() }
}

pub(crate) fn report_row(row: &mut Cells) -> Result<ReportRow, StoreError> {
    // In the order of the statement's columns.
    Ok(ReportRow {
        report: ReportId(row.array("report")?),
        number: row.word("number")?,
        version: row.num("version")?,
        received_on: row.day("received_on")?,
        channel: row.word("channel")?,
        source: row.word("source")?,
        signing: row.word("signing")?,
        urgency: row.word("urgency")?,
        kind: row.opt_word("kind")?,
        ground: row.opt_word("ground")?,
        stage: row.word("stage")?,
        office: OfficeId(row.text("office")?),
        holder: holder(row)?,
        watcher: row.opt_text("watcher")?.map(OfficeId),
        assignee: row.opt_text("assignee")?.map(StaffId),
        dispatched: row.opt_word("dispatched")?,
        repeat_of: row.opt_array("repeat_of")?.map(ReportId),
        platform_number: row.opt_text("platform_number")?,
        answered_on: row.opt_day("answered_on")?,
        rating: row.opt_word("rating")?,
        files: row.num("files")?,
        closed_on: row.opt_day("closed_on")?,
        last_on: row.day("last_on")?,
        next: NextDue {
            yellow_on: row.opt_day("yellow_on")?,
            red_on: row.opt_day("red_on")?,
            due_on: row.opt_day("due_on")?,
        },
        returned_on: row.opt_day("returned_on")?,
        awaits: row.opt_word("awaits")?,
        settled_on: row.opt_day("settled_on")?,
        message_on: row.opt_day("message_on")?,
    })
}

fn holder(row: &mut Cells) -> Result<Holder, StoreError> {
    let kind = row.text("holder_kind")?;
    match kind.as_str() {
        "office" => Ok(Holder::Office { office: OfficeId(row.text("holder")?) }),
        "organ" => Ok(Holder::Organ { tenant: row.word("holder")? }),
        "outside" => Ok(Holder::Outside { key: row.text("holder")? }),
        _ => Err(StoreError::Damaged { table: "reports", column: "holder_kind" }),
    }
}
