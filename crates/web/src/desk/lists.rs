//! 待办、已办、超期 and the books: one page for all lists. Plain filters stand in the address; as soon as
//! something of the sealed index is asked, the whole form travels in the body instead.

use axum::extract::Query as UrlQuery;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use domain::permission::Action;
use domain::words::Stage;
use office::desk::{Ask, Column, Ledger, ListPage, SIZES, View};
use office::export::Take;
use store::{Order, Sort, Total};

use super::page::{Chip, ColumnView, Go, HeadView, List, Pager};
use super::site::{Filled, Seated};
use super::{filters, papers, rows};
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::public::{page, status_of};

/// The address of a list.
pub fn path(ledger: Ledger) -> &'static str {
    match ledger {
        Ledger::Todo => "/",
        Ledger::Done => "/done",
        Ledger::Overdue => "/overdue",
        Ledger::Register => "/register",
        Ledger::Assigned => "/assigned",
        Ledger::Named => "/named",
        Ledger::Repeated => "/repeated",
        Ledger::Visits => "/visits",
        Ledger::Calls => "/calls",
    }
}

fn of(uri: &Uri) -> Ledger {
    Ledger::ALL.iter().copied().find(|l| path(*l) == uri.path()).unwrap_or(Ledger::Todo)
}

/// GET of any list.
pub async fn show(seat: Seated, uri: Uri, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let ledger = of(&uri);
    if ledger == Ledger::Todo && !seat.has(Action::ListInbox) {
        return elsewhere(&seat).await;
    }
    // Words that somebody put into an address by hand are not searched for.
    let asked: Pairs = [filters::plain(&asked), asked.into_iter().filter(|(n, _)| n == "page").collect()].concat();
    list(seat, ledger, asked, None).await
}

/// POST of any list: its filter, or how she wants to see it.
pub async fn filter(uri: Uri, filled: Filled) -> Response {
    let ledger = of(&uri);
    let Filled { seat, pairs } = filled;
    if value(&pairs, "save") == "widths" {
        return match save_widths(&seat, ledger, &pairs).await {
            Ok(()) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => seat.trouble(&error).await,
        };
    }
    if let Err(error) = save(&seat, ledger, &pairs).await {
        return seat.trouble(&error).await;
    }
    let ask = filters::ask(ledger, &pairs, &View::default());
    if ask.sealed.is_empty() {
        let to = filters::address(path(ledger), &filters::plain(&pairs), ask.page);
        return Redirect::to(&to).into_response();
    }
    list(seat, ledger, pairs, None).await
}

/// Roles that see no reports begin with what they have.
async fn elsewhere(seat: &Seated) -> Response {
    let to = if seat.has(Action::ViewAudit) {
        "/audit"
    } else if seat.has(Action::ViewCockpit) {
        "/cockpit"
    } else if seat.has(Action::ViewDirectory) {
        "/directory"
    } else {
        return seat.trouble(&office::Error::Forbidden("refused-role")).await;
    };
    Redirect::to(to).into_response()
}

/// Keeps the widths a script sends after a column was drawn, and nothing else: the list stays as it
/// is on the screen.
async fn save_widths(seat: &Seated, ledger: Ledger, pairs: &[(String, String)]) -> Result<(), office::Error> {
    let mut view = seat.hall().list_view(&seat.me, ledger).await?;
    widths(&mut view, pairs);
    seat.hall().save_view(&seat.me, ledger, &view).await
}

/// Reads the widths of a form; an empty one is that of what the column holds.
fn widths(view: &mut View, pairs: &[(String, String)]) {
    view.widths.clear();
    for (name, given) in pairs {
        let column = name.strip_prefix("width.").and_then(Column::parse);
        if let (Some(column), Ok(width)) = (column, given.trim().parse()) {
            view.widen(column, width);
        }
    }
}

/// Saves 我的视图 where a button of the panel was pressed.
async fn save(seat: &Seated, ledger: Ledger, pairs: &[(String, String)]) -> Result<(), office::Error> {
    let pressed = |name: &str| Some(value(pairs, name)).filter(|v| !v.is_empty());
    if pressed("reset").is_some() {
        return seat.hall().save_view(&seat.me, ledger, &View::default()).await;
    }
    let (up, down) = (pressed("up"), pressed("down"));
    if pressed("save").is_none() && up.is_none() && down.is_none() {
        return Ok(());
    }
    let mut columns: Vec<Column> =
        pairs.iter().filter(|(n, _)| n == "col").filter_map(|(_, v)| Column::parse(v)).collect();
    // The button beside a column that is not shown yet shows it.
    for (moved, back) in [(up, true), (down, false)] {
        let Some(moved) = moved.and_then(Column::parse) else { continue };
        match columns.iter().position(|c| *c == moved) {
            None => columns.push(moved),
            Some(at) if back && at > 0 => columns.swap(at, at - 1),
            Some(at) if !back && at + 1 < columns.len() => columns.swap(at, at + 1),
            Some(_) => {}
        }
    }
    let mut fields = filters::plain(pairs);
    let mut take = |name: &str| {
        let at = fields.iter().position(|(n, _)| n == name)?;
        Some(fields.remove(at).1)
    };
    let mut view = View {
        columns,
        widths: Vec::new(),
        sort: take("sort").unwrap_or_default(),
        size: take("size").and_then(|t| t.parse().ok()).unwrap_or_default(),
        filter: fields,
    };
    widths(&mut view, pairs);
    seat.hall().save_view(&seat.me, ledger, &view).await
}

/// A list as asked. What was refused is said above it and loses nothing that was filled in: the list is
/// shown as far as it can be.
async fn list(seat: Seated, ledger: Ledger, asked: Pairs, refused: Option<office::Error>) -> Response {
    let view = match seat.hall().list_view(&seat.me, ledger).await {
        Ok(view) => view,
        Err(error) => return seat.trouble(&error).await,
    };
    let mut refused = refused;
    let mut ask = filters::ask(ledger, &asked, &view);
    let mut answer = seat.hall().ledger(&seat.me, ledger, &ask).await;
    if let Err(error @ office::Error::Input { .. }) = answer {
        refused.get_or_insert(error);
        ask = Ask { size: ask.size, sort: ask.sort, ..Ask::of(ledger) };
        answer = seat.hall().ledger(&seat.me, ledger, &ask).await;
    }
    let found = match answer {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    let status = refused.as_ref().map_or(StatusCode::OK, status_of);
    let voice = seat.voice();
    let way = Way { here: path(ledger), plain: filters::plain(&asked), sealed: !ask.sealed.is_empty() };
    let columns = view.columns(ledger);
    let frame = seat.page(&current(ledger, &asked)).await;
    let first = u64::from(found.page) * u64::from(ask.size) + 1;
    let template = List {
        heading: voice.t(ledger.title()),
        error: refused.map(|error| error.sentence(seat.lang)).unwrap_or_default(),
        here: way.here,
        ledger: ledger.as_str(),
        chips: chips(&voice, &frame, ledger, &asked, &view),
        filter: filters::row(&seat, ledger, &asked),
        sort: filters::sort_text(ask.sort),
        size: ask.size,
        may_export: seat.has(Action::Export),
        columns: panel(&voice, ledger, &columns, &view),
        mine: view != View::default(),
        heads: heads(&voice, ledger, &columns, &view, &ask, &way),
        table: rows::table(&voice, &columns, &view, &found.rows, first, seat.hall().clock.today()),
        sums: sums(&voice, ledger, &found),
        pager: pager(&voice, &found, &ask, &way),
        p: frame,
    };
    page(status, &template)
}

/// How one comes to another page or order: by an address, or by the form where its fields may not
/// stand in one.
struct Way {
    here: &'static str,
    plain: Pairs,
    sealed: bool,
}

impl Way {
    fn go(&self, name: &'static str, to: String, label: String) -> Go {
        let href = (!self.sealed).then(|| {
            let mut fields: Pairs = self.plain.iter().filter(|(n, _)| n != name).cloned().collect();
            if name == "page" {
                return filters::address(self.here, &fields, to.parse().unwrap_or(0));
            }
            fields.push((name.to_owned(), to.clone()));
            filters::address(self.here, &fields, 0)
        });
        Go { href, name, value: to, label }
    }
}

/// The address of the menu's entry that is shown.
fn current(ledger: Ledger, asked: &[(String, String)]) -> String {
    match (ledger, value(asked, "stage"), value(asked, "colour")) {
        (Ledger::Todo, stage, "") if !stage.is_empty() => format!("/?stage={stage}"),
        (Ledger::Todo, "", "today") => "/?colour=today".to_owned(),
        _ => path(ledger).to_owned(),
    }
}

fn chips(
    voice: &Voice,
    frame: &super::page::DeskPage,
    ledger: Ledger,
    asked: &[(String, String)],
    view: &View,
) -> Vec<Chip> {
    let mut chips = Vec::new();
    let stage = value(asked, "stage");
    if ledger == Ledger::Todo {
        let shown = filters::plain(asked).iter().all(|(n, _)| n == "sort" || n == "size");
        chips.push(Chip {
            href: "/".to_owned(),
            label: voice.t("chip-all"),
            count: Some(frame.counts.open),
            current: shown,
        });
        for (of, n) in &frame.counts.stages {
            // What is closed waits only where the reporter is owed something since.
            let label = if *of == Stage::Closed { voice.t("menu-owed") } else { voice.word(of) };
            chips.push(Chip { href: format!("/?stage={of}"), label, count: Some(*n), current: stage == of.as_str() });
        }
    }
    if !view.filter.is_empty() {
        let fields: Pairs = filters::plain(asked).into_iter().filter(|(n, _)| n != "sort" && n != "size").collect();
        chips.push(Chip {
            href: filters::address(path(ledger), &view.filter, 0),
            label: voice.t("view-mine"),
            count: None,
            current: fields == view.filter,
        });
    }
    chips
}

fn panel(voice: &Voice, ledger: Ledger, shown: &[Column], view: &View) -> Vec<ColumnView> {
    let rest = ledger.choice().into_iter().filter(|c| !shown.contains(c));
    shown
        .iter()
        .copied()
        .chain(rest)
        .filter(|c| !c.is_fixed())
        .map(|c| ColumnView {
            key: c.as_str(),
            label: voice.t(ledger.heading(c)),
            shown: shown.contains(&c),
            sealed: c.is_sealed(),
            may_widen: c.may_widen(),
            width: view.width(c).map(|w| w.to_string()).unwrap_or_default(),
        })
        .collect()
}

fn heads(voice: &Voice, ledger: Ledger, columns: &[Column], view: &View, ask: &Ask, way: &Way) -> Vec<HeadView> {
    columns
        .iter()
        .map(|column| {
            let label = voice.t(ledger.heading(*column));
            let class = rows::class_of(*column, view);
            let key = if column.may_widen() { column.as_str() } else { "" };
            let Some(by) = column.order() else {
                return HeadView { key, class, label, order: "", go: None };
            };
            let sorted = (ask.sort.by == by).then_some(ask.sort.order);
            let (order, mark, next) = match sorted {
                Some(Order::Ascending) => ("ascending", " ▲", Order::Descending),
                Some(Order::Descending) => ("descending", " ▼", Order::Ascending),
                None => ("none", "", Order::Ascending),
            };
            let to = filters::sort_text(Sort { by, order: next });
            HeadView { key, class, order, go: Some(way.go("sort", to, format!("{label}{mark}"))), label }
        })
        .collect()
}

fn sums(voice: &Voice, ledger: Ledger, found: &ListPage) -> String {
    let Some(s) = found.sums.filter(|s| s.all > 0) else { return String::new() };
    let n = |n: u64| n.to_string();
    let mut line = voice.ta(
        "list-sums",
        &[
            ("all", n(s.all)),
            ("open", n(s.open)),
            ("named", n(s.named)),
            ("repeats", n(s.repeats)),
            ("over", n(s.overdue)),
        ],
    );
    if ledger == Ledger::Visits {
        // How many came is under the seal: it is added up of what is opened, and says so.
        let whole = found.attendance.batches == s.all;
        let key = if whole { "list-attendance" } else { "list-attendance-page" };
        line.push_str(&voice.t2(key, "batches", found.attendance.batches, "persons", found.attendance.persons));
    }
    line
}

fn pager(voice: &Voice, found: &ListPage, ask: &Ask, way: &Way) -> Pager {
    let size = u64::from(ask.size);
    let (total, pages) = match found.total {
        Total::Exactly(n) => (voice.t1("list-total", "n", n), n.div_ceil(size).max(1)),
        Total::MoreThan(n) => (voice.t1("list-more-than", "n", n), n / size),
    };
    let at = found.page;
    let go = |page: u32, key| way.go("page", page.to_string(), voice.t(key));
    Pager {
        total,
        page: voice.t2("list-page", "n", at + 1, "all", pages),
        first: (at > 1).then(|| go(0, "list-first")),
        before: at.checked_sub(1).map(|page| go(page, "list-before")),
        after: (u64::from(at) + 1 < pages).then(|| go(at + 1, "list-after")),
        sizes: SIZES.iter().map(|n| (*n == ask.size, way.go("size", n.to_string(), n.to_string()))).collect(),
    }
}

/// POST /lists/export: the list as filtered, as a spreadsheet.
pub async fn export(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let Some(ledger) = Ledger::parse(value(&pairs, "list")) else {
        return seat.trouble(&office::Error::NotFound).await;
    };
    let view = match seat.hall().list_view(&seat.me, ledger).await {
        Ok(view) => view,
        Err(error) => return seat.trouble(&error).await,
    };
    let ask = filters::ask(ledger, &pairs, &view);
    let take = take(&pairs, view.columns(ledger));
    let speak = rows::in_chinese(seat.organ.edition());
    match seat.hall().export(&seat.me, ledger, &ask, &take, &speak).await {
        Ok(bytes) => papers::spreadsheet(ledger.as_str(), bytes),
        Err(error @ office::Error::Input { .. }) => list(seat, ledger, pairs, Some(error)).await,
        Err(error) => seat.trouble(&error).await,
    }
}

/// What the export form asks for.
pub fn take(pairs: &[(String, String)], columns: Vec<Column>) -> Take {
    Take { columns, sealed: value(pairs, "sealed") == "yes", purpose: value(pairs, "purpose").to_owned() }
}
