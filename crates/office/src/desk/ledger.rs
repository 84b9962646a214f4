//! The lists of the desk: which reports each holds, its columns in their order, how it begins, and
//! what a person asks of it. How a cell reads is `column`'s.

use domain::lists::Lists;
use domain::permission::Waiting;
use domain::words::{Channel, Lang, Rank, Signing, Source};
use serde::{Deserialize, Serialize};
use store::{DueFilter, Filter, Order, RepeatFilter, Sort, SortBy, StateFilter};

use super::column::Column;

/// A list of the desk (forms.md, list columns).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ledger {
    /// 待办: what waits for whoever looks.
    Todo,
    /// 已办: what she may see and is ended.
    Done,
    /// 超期: what she may see and is late, whoever it waits for.
    Overdue,
    /// 登记簿
    Register,
    /// 交办台账: what a superior wants a result of.
    Assigned,
    /// 实名台账
    Named,
    /// 重复台账
    Repeated,
    /// 来访簿
    Visits,
    /// 来电簿
    Calls,
}

impl Ledger {
    /// Every list, in the order of the menu.
    pub const ALL: &'static [Self] = &[
        Self::Todo,
        Self::Done,
        Self::Overdue,
        Self::Register,
        Self::Assigned,
        Self::Named,
        Self::Repeated,
        Self::Visits,
        Self::Calls,
    ];

    /// Its name in the audit, in addresses and in the locales.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Todo => "todo",
            Self::Done => "done",
            Self::Overdue => "overdue",
            Self::Register => "register",
            Self::Assigned => "assigned",
            Self::Named => "named",
            Self::Repeated => "repeated",
            Self::Visits => "visits",
            Self::Calls => "calls",
        }
    }

    /// The message that names it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Todo => "menu-todo",
            Self::Done => "menu-done",
            Self::Overdue => "menu-overdue",
            Self::Register => "menu-register",
            Self::Assigned => "menu-assigned",
            Self::Named => "menu-named",
            Self::Repeated => "menu-repeated",
            Self::Visits => "menu-visits",
            Self::Calls => "menu-calls",
        }
    }

    /// The list of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.as_str() == name)
    }

    /// Whether it is one of the three a person works from, and not a book.
    pub const fn is_inbox(self) -> bool {
        matches!(self, Self::Todo | Self::Done | Self::Overdue)
    }

    /// What is filtered by the list itself and cannot be chosen in it; `waits` is what waits for
    /// whoever looks.
    pub fn narrow(self, mut filter: Filter, waits: Vec<Waiting>) -> Filter {
        match self {
            Self::Todo => {
                filter.state = Some(StateFilter::Open);
                filter.waits = Some(waits);
            }
            Self::Done => filter.state = Some(StateFilter::Closed),
            Self::Overdue => {
                filter.state = Some(StateFilter::Open);
                filter.due = Some(DueFilter::Overdue);
            }
            Self::Register => {}
            Self::Assigned => filter.sources = vec![Source::SuperiorAssign],
            Self::Named => {
                let named = |s: &Signing| matches!(s, Signing::NamedPending | Signing::NamedVerified);
                filter.signings.retain(named);
                if filter.signings.is_empty() {
                    filter.signings = vec![Signing::NamedPending, Signing::NamedVerified];
                }
            }
            Self::Repeated => filter.repeat = Some(RepeatFilter::Repeat),
            Self::Visits => filter.channels = vec![Channel::Visit],
            Self::Calls => filter.channels = vec![Channel::Phone],
        }
        filter
    }

    /// Its columns unless somebody chose others, in the order of the form book.
    pub fn columns(self) -> Vec<Column> {
        use Column as C;
        let (begin, end): (&[C], &[C]) = match self {
            Self::Todo | Self::Overdue => (
                &[C::No, C::Colour, C::Number, C::Received, C::Channel, C::Signing, C::Subject, C::Digest],
                &[C::Repeat, C::Opinion, C::Holder, C::Stage, C::Due],
            ),
            Self::Done => (
                &[C::No, C::Number, C::Received, C::Channel, C::Signing, C::Subject, C::Digest],
                &[C::Repeat, C::Holder, C::Outcome, C::Told, C::Closed],
            ),
            Self::Register => (
                &[C::No, C::Colour, C::Number, C::Platform, C::Received, C::Channel, C::Signing, C::Subject],
                &[C::Digest, C::Problem, C::Repeat, C::Opinion, C::Holder, C::Stage, C::Outcome],
            ),
            Self::Assigned => (
                &[C::No, C::Colour, C::Number, C::Platform, C::Letter, C::Received, C::Channel, C::Subject],
                &[C::Digest, C::Problem, C::Opinion, C::Holder, C::Stage, C::Due, C::Outcome],
            ),
            Self::Named => (
                &[C::No, C::Colour, C::Number, C::Received, C::Channel, C::Signing, C::Subject, C::Digest],
                &[C::Problem, C::Holder, C::Stage, C::Promises, C::Outcome, C::Told],
            ),
            Self::Repeated => (
                &[C::No, C::Number, C::Received, C::Channel, C::Signing, C::Subject, C::Digest],
                &[C::Times, C::Holder, C::Outcome],
            ),
            Self::Visits => (
                &[C::No, C::Number, C::Received, C::Signing, C::Digest, C::Repeat],
                &[C::Holder, C::Stage, C::Persons, C::Receivers, C::Group],
            ),
            Self::Calls => (
                &[C::No, C::Number, C::Received, C::Signing, C::Digest, C::Repeat],
                &[C::Holder, C::Stage, C::TakenBy, C::Duration, C::Recording],
            ),
        };
        [begin, end].concat()
    }

    /// Every column it can show.
    pub fn choice(self) -> Vec<Column> {
        let mut all = self.columns();
        all.extend(Column::ALL.iter().filter(|c| !all.contains(c)).copied().collect::<Vec<_>>());
        all
    }

    /// The order it begins with.
    pub fn order(self) -> Sort {
        match self {
            Self::Todo | Self::Overdue => Sort { by: SortBy::Due, order: Order::Ascending },
            Self::Done => Sort { by: SortBy::Last, order: Order::Descending },
            _ => Sort { by: SortBy::Number, order: Order::Descending },
        }
    }

    /// The message that heads a column here: a visit is not received, it comes.
    pub fn heading(self, column: Column) -> &'static str {
        match (self, column) {
            (Self::Visits, Column::Received) => "col-visited",
            (Self::Calls, Column::Received) => "col-called",
            (_, column) => column.heading(),
        }
    }
}

/// What can only be asked of the sealed index: it never stands in an address, and is recorded under
/// the seal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Sealed {
    /// 关键词
    #[serde(skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// 被反映人: the whole name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// 单位
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// 文号, or part of it with the organ that sent it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub letter: String,
    /// 职级
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<Rank>,
    /// 问题类别: code of `rules/problems`, either level.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub problem: String,
    /// 属地: a division's code or name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub place: String,
}

impl Sealed {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a person asks of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Plain columns.
    pub filter: Filter,
    /// What the sealed index answers.
    pub sealed: Sealed,
    /// The order.
    pub sort: Sort,
    /// Page, from 0.
    pub page: u32,
    /// Rows of a page: 20, 50 or 100.
    pub size: u32,
}

impl Ask {
    /// A list as it begins.
    pub fn of(ledger: Ledger) -> Self {
        Self {
            filter: Filter::default(),
            sealed: Sealed::default(),
            sort: ledger.order(),
            page: 0,
            size: super::list::SIZES[0],
        }
    }
}

/// Under which name the index keeps a class of `rules/problems`: the funnel's own labels stand in
/// the same field.
pub(crate) fn problem_term(code: &str) -> String {
    format!("problem:{code}")
}

/// A problem class by its code, in Chinese and in English.
pub(crate) fn label(lists: &Lists, code: &str) -> Option<(String, String)> {
    Some((lists.problems.label(code, Lang::Zh)?, lists.problems.label(code, Lang::En)?))
}
