//! Lists, counts and the report row, all under one predicate: what this viewer may see.

use domain::ids::{OfficeId, ReportId, ReportNumber, StaffId, TenantCode};
use domain::words::{Channel, Kind, Signing, Source, Stage};
use jiff::civil::Date;

use crate::rows::ReportRow;
use crate::{Store, StoreError};

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
    /// 编号, from its beginning; or the platform's number, whole.
    pub number: Option<String>,
    /// Only these (what the sealed index found); the list keeps its own order.
    pub only: Option<Vec<ReportId>>,
}

/// Open or closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Not closed.
    Open,
    /// Closed.
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

/// Stock numbers of the left menu, over open reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open reports by stage.
    pub stages: Vec<(Stage, u64)>,
    /// All open reports.
    pub open: u64,
    /// Of them yellow.
    pub yellow: u64,
    /// Of them red, overdue included.
    pub red: u64,
    /// 今日到期.
    pub due_today: u64,
    /// 超期.
    pub overdue: u64,
    /// Assigned to the viewer.
    pub mine: u64,
}

impl Store {
    /// The plain state of a report, if this viewer may see it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn report(&self, scope: &Scope, report: ReportId) -> Result<Option<ReportRow>, StoreError> {
        todo!("{scope:?} {report}")
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
        todo!("{scope:?} {number}")
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
        todo!("{scope:?} {filter:?} {sort:?} {today} {page} {size}")
    }

    /// Stock numbers of the left menu. `mine` is the person whose assignments are counted.
    ///
    /// # Errors
    /// The database fails.
    pub async fn counts(&self, scope: &Scope, mine: Option<&StaffId>, today: Date) -> Result<Counts, StoreError> {
        todo!("{scope:?} {mine:?} {today}")
    }

    /// Which of these reports the viewer may see (search results, candidates for repeats).
    ///
    /// # Errors
    /// The database fails.
    pub async fn visible(&self, scope: &Scope, reports: &[ReportId]) -> Result<Vec<ReportId>, StoreError> {
        todo!("{scope:?} {reports:?}")
    }

    /// The reports linked to this one as repeats, oldest first, as far as the viewer may see them.
    ///
    /// # Errors
    /// The database fails.
    pub async fn repeats(&self, scope: &Scope, report: ReportId) -> Result<Vec<ReportRow>, StoreError> {
        todo!("{scope:?} {report}")
    }
}
