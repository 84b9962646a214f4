//! Lists and the search: cells, headings, the filter above and the pages below.

use askama::Template;
use store::Total;

use super::DeskPage;

/// A cell of a list.
#[derive(Debug, Clone, Default)]
pub struct CellView {
    /// Its classes: column and width.
    pub class: String,
    /// Class of a badge; empty for none.
    pub badge: &'static str,
    /// Address of the report; empty for none.
    pub href: String,
    /// What is shown when the pointer rests on it.
    pub title: String,
    /// Its lines; the first is the main one.
    pub lines: Vec<String>,
}

/// The rows of a list.
#[derive(Debug, Clone, Default)]
pub struct TableView {
    /// How many columns.
    pub width: usize,
    /// Whether colours are among them.
    pub colours: bool,
    /// Whether somebody set the width of a column: then none is stretched to fill the screen.
    pub set: bool,
    /// Rows of cells.
    pub rows: Vec<Vec<CellView>>,
}

/// A way to another page or order: an address, or a button of the filter's form.
#[derive(Debug, Clone)]
pub struct Go {
    /// Address; none where the form must travel in the body.
    pub href: Option<String>,
    /// The button's field.
    pub name: &'static str,
    /// Its value.
    pub value: String,
    /// Its words.
    pub label: String,
}

/// A heading of a list.
#[derive(Debug, Clone)]
pub struct HeadView {
    /// Its column, where it can be widened; else empty.
    pub key: &'static str,
    /// Its classes: column and width.
    pub class: String,
    /// Its words.
    pub label: String,
    /// How the list is ordered by it (`aria-sort`); empty where it cannot be.
    pub order: &'static str,
    /// The way to that order.
    pub go: Option<Go>,
}

/// A column in the panel where columns are chosen.
#[derive(Debug, Clone)]
pub struct ColumnView {
    /// Its name.
    pub key: &'static str,
    /// Its words.
    pub label: String,
    /// It is shown.
    pub shown: bool,
    /// It shows what is sealed.
    pub sealed: bool,
    /// It can be widened.
    pub may_widen: bool,
    /// Its width in characters; empty where it is as wide as what it holds.
    pub width: String,
}

/// A filter as a button.
#[derive(Debug, Clone)]
pub struct Chip {
    /// Address.
    pub href: String,
    /// Its word.
    pub label: String,
    /// How many.
    pub count: Option<Total>,
    /// In force.
    pub current: bool,
}

/// Where in the list.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// How many in all, in words.
    pub total: String,
    /// This page, in words.
    pub page: String,
    /// The first page.
    pub first: Option<Go>,
    /// The page before.
    pub before: Option<Go>,
    /// The next page.
    pub after: Option<Go>,
    /// Rows of a page, and which of them is in force.
    pub sizes: Vec<(bool, Go)>,
}

/// A choice among values.
#[derive(Debug, Clone)]
pub struct Select {
    /// Field.
    pub name: &'static str,
    /// Its word.
    pub label: String,
    /// Chosen value.
    pub value: String,
    /// Stored spelling and word.
    pub options: Vec<(String, String)>,
}

/// The filter above a list.
#[derive(Debug, Clone, Default)]
pub struct FilterRow {
    /// 编号
    pub number: String,
    /// 登记日期 from.
    pub from: String,
    /// 登记日期 to.
    pub until: String,
    /// 关键词
    pub words: String,
    /// 被反映人
    pub subject: String,
    /// 单位
    pub unit: String,
    /// 文号
    pub letter: String,
    /// 属地
    pub place: String,
    /// Choices.
    pub selects: Vec<Select>,
    /// Choices behind 更多条件.
    pub more: Vec<Select>,
    /// One of those is used.
    pub open: bool,
    /// Something of the sealed index is asked.
    pub sealed: bool,
}

/// Any list of the desk.
#[derive(Template)]
#[template(path = "desk/list.html")]
pub struct List {
    /// Frame.
    pub p: DeskPage,
    /// Heading.
    pub heading: String,
    /// What was refused; empty for nothing.
    pub error: String,
    /// Its address.
    pub here: &'static str,
    /// Its name.
    pub ledger: &'static str,
    /// Quick filters.
    pub chips: Vec<Chip>,
    /// The filter.
    pub filter: FilterRow,
    /// The order in force.
    pub sort: String,
    /// Rows of a page.
    pub size: u32,
    /// Whether the export is offered.
    pub may_export: bool,
    /// The panel of columns.
    pub columns: Vec<ColumnView>,
    /// A view of hers is in force.
    pub mine: bool,
    /// Headings.
    pub heads: Vec<HeadView>,
    /// Rows.
    pub table: TableView,
    /// The last line; empty for none.
    pub sums: String,
    /// Pages.
    pub pager: Pager,
}

/// What was searched for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Words.
    pub words: String,
    /// 被反映人
    pub subject: String,
    /// 单位
    pub unit: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
}

/// Search. By POST: words searched for stand in no address.
#[derive(Template)]
#[template(path = "desk/search.html")]
pub struct Search {
    /// Frame.
    pub p: DeskPage,
    /// What was asked.
    pub q: Asked,
    /// Something was asked.
    pub asked: bool,
    /// Hits.
    pub total: usize,
    /// This page, from 0.
    pub page_no: u32,
    /// There is a next page.
    pub more: bool,
    /// Whether the export is offered.
    pub may_export: bool,
    /// Headings.
    pub heads: Vec<HeadView>,
    /// Rows.
    pub table: TableView,
}
