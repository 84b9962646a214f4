//! 待办、已办、超期、登记簿、搜索. Filters over plain columns stand in the address; words searched for
//! never do.

use axum::extract::Query as UrlQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use domain::words::{Channel, Kind, Signing, Source, Stage};
use office::desk::Query;
use store::{ColourFilter, DueFilter, Filter, Order, RepeatFilter, Sort, SortBy, StateFilter};

use super::page::{Asked, Chip, FilterRow, List, Search, Select};
use super::rows;
use super::site::{Filled, Seated};
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::public::page;
use crate::words::Word;

/// Rows on a page.
const SIZE: u32 = 20;

/// GET /: what is to be done, what runs out first on top.
pub async fn todo(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    if !seat.has(Action::ListInbox) {
        return elsewhere(&seat).await;
    }
    let stage = value(&asked, "stage").parse::<Stage>().ok();
    let filter = Filter { state: Some(StateFilter::Open), stages: stage.into_iter().collect(), ..Filter::default() };
    let voice = seat.voice();
    let counts = match seat.hall().counts(&seat.me).await {
        Ok(counts) => counts,
        Err(error) => return seat.trouble(&error).await,
    };
    let mut chips = vec![Chip {
        href: "/".to_owned(),
        label: voice.t("chip-all"),
        count: Some(counts.open),
        current: stage.is_none(),
    }];
    for (of, n) in counts.stages.iter().filter(|(of, n)| *of != Stage::Closed && *n > 0) {
        chips.push(Chip {
            href: format!("/?stage={of}"),
            label: voice.word(of),
            count: Some(*n),
            current: stage == Some(*of),
        });
    }
    inbox(seat, "/", "menu-todo", "todo", filter, SortBy::Due, asked, chips).await
}

/// GET /done.
pub async fn done(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let filter = Filter { state: Some(StateFilter::Closed), ..Filter::default() };
    inbox(seat, "/done", "menu-done", "done", filter, SortBy::Last, asked, Vec::new()).await
}

/// GET /overdue.
pub async fn overdue(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let filter = Filter { state: Some(StateFilter::Open), due: Some(DueFilter::Overdue), ..Filter::default() };
    inbox(seat, "/overdue", "menu-overdue", "overdue", filter, SortBy::Due, asked, Vec::new()).await
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
    axum::response::IntoResponse::into_response(axum::response::Redirect::to(to))
}

#[expect(clippy::too_many_arguments, reason = "three pages differ in exactly these")]
async fn inbox(
    seat: Seated,
    here: &str,
    heading: &str,
    name: &str,
    filter: Filter,
    by: SortBy,
    asked: Pairs,
    chips: Vec<Chip>,
) -> Response {
    let number = page_number(&asked);
    let order = if by == SortBy::Due { Order::Ascending } else { Order::Descending };
    let found = match seat.hall().list(&seat.me, name, &filter, Sort { by, order }, number, SIZE).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    let voice = seat.voice();
    let kept = without_page(&asked);
    let template = List {
        heading: voice.t(heading),
        chips,
        filter: None,
        filter_pairs: Vec::new(),
        may_export: false,
        rows: rows::views(&voice, &found.rows, first(number), seat.hall().clock.today()),
        pager: rows::pager(&voice, &found, number, SIZE, |n| address(here, &kept, n)),
        p: seat.page(here).await,
    };
    page(StatusCode::OK, &template)
}

/// GET /register: the whole register with its filters.
pub async fn register(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    if !seat.has(Action::ViewRegister) {
        return seat.trouble(&office::Error::Forbidden("refused-role")).await;
    }
    let number = page_number(&asked);
    let filter = filter_of(&asked);
    let sort = Sort { by: SortBy::Number, order: Order::Descending };
    let found = match seat.hall().list(&seat.me, "register", &filter, sort, number, SIZE).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    let voice = seat.voice();
    let kept = without_page(&asked);
    let template = List {
        heading: voice.t("menu-register"),
        chips: Vec::new(),
        filter: Some(filter_row(&voice, &asked)),
        filter_pairs: kept.clone(),
        may_export: seat.has(Action::Export),
        rows: rows::views(&voice, &found.rows, first(number), seat.hall().clock.today()),
        pager: rows::pager(&voice, &found, number, SIZE, |n| address("/register", &kept, n)),
        p: seat.page("/register").await,
    };
    page(StatusCode::OK, &template)
}

/// A filter from form fields; a value nobody knows does not filter.
pub(super) fn filter_of(pairs: &[(String, String)]) -> Filter {
    fn one<T: std::str::FromStr>(pairs: &[(String, String)], name: &str) -> Vec<T> {
        value(pairs, name).parse().ok().into_iter().collect()
    }
    let text = |name: &str| Some(value(pairs, name).to_owned()).filter(|t| !t.is_empty());
    Filter {
        channels: one::<Channel>(pairs, "channel"),
        sources: one::<Source>(pairs, "source"),
        signings: one::<Signing>(pairs, "signing"),
        kinds: one::<Kind>(pairs, "kind"),
        stages: one::<Stage>(pairs, "stage"),
        repeat: match value(pairs, "repeat") {
            "first" => Some(RepeatFilter::First),
            "repeat" => Some(RepeatFilter::Repeat),
            _ => None,
        },
        colour: match value(pairs, "colour") {
            "blue" => Some(ColourFilter::Blue),
            "yellow" => Some(ColourFilter::Yellow),
            "red" => Some(ColourFilter::Red),
            _ => None,
        },
        received_from: value(pairs, "from").parse().ok(),
        received_to: value(pairs, "until").parse().ok(),
        number: text("number"),
        ..Filter::default()
    }
}

fn options<T: Word + std::fmt::Display>(voice: &Voice, all: &[T]) -> Vec<(String, String)> {
    all.iter().map(|w| (w.to_string(), voice.word(w))).collect()
}

fn filter_row(voice: &Voice, asked: &[(String, String)]) -> FilterRow {
    let select = |name, label: &str, options| Select {
        name,
        label: voice.t(label),
        value: value(asked, name).to_owned(),
        options,
    };
    let repeat = ["first", "repeat"].map(|v| (v.to_owned(), voice.t(&format!("row-{v}")))).to_vec();
    FilterRow {
        number: value(asked, "number").to_owned(),
        from: value(asked, "from").to_owned(),
        until: value(asked, "until").to_owned(),
        selects: vec![
            select("channel", "col-channel", options(voice, Channel::ALL)),
            select("source", "col-source", options(voice, Source::ALL)),
            select("kind", "col-kind", options(voice, Kind::ALL)),
            select("signing", "col-signing", options(voice, Signing::ALL)),
            select("repeat", "col-repeat", repeat),
            select("stage", "col-stage", options(voice, Stage::ALL)),
            select("colour", "col-colour", options(voice, domain::words::Colour::ALL)),
        ],
    }
}

/// GET /search: an empty form.
pub async fn search_form(seat: Seated) -> Response {
    if !seat.has(Action::Search) {
        return seat.trouble(&office::Error::Forbidden("refused-role")).await;
    }
    let template = Search {
        p: seat.page("/search").await,
        q: Asked::default(),
        asked: false,
        total: 0,
        page_no: 0,
        more: false,
        rows: Vec::new(),
    };
    page(StatusCode::OK, &template)
}

/// POST /search.
pub async fn search(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let q = Asked {
        words: value(&pairs, "words").to_owned(),
        subject: value(&pairs, "subject").to_owned(),
        unit: value(&pairs, "unit").to_owned(),
        from: value(&pairs, "from").to_owned(),
        until: value(&pairs, "until").to_owned(),
    };
    let number = page_number(&pairs);
    let query = Query {
        words: q.words.clone(),
        subject: q.subject.clone(),
        unit: q.unit.clone(),
        place: None,
        from: q.from.parse().ok(),
        until: q.until.parse().ok(),
        page: number,
    };
    match seat.hall().search(&seat.me, &query).await {
        Ok(found) => {
            let voice = seat.voice();
            let template = Search {
                p: seat.page("/search").await,
                q,
                asked: true,
                total: found.total,
                page_no: number,
                more: first(number) as usize + found.rows.len() <= found.total,
                rows: rows::views(&voice, &found.rows, first(number), seat.hall().clock.today()),
            };
            page(StatusCode::OK, &template)
        }
        Err(error) => seat.trouble(&error).await,
    }
}

fn first(page: u32) -> u64 {
    u64::from(page) * u64::from(SIZE) + 1
}

fn page_number(pairs: &[(String, String)]) -> u32 {
    value(pairs, "page").parse().unwrap_or(0)
}

fn without_page(pairs: &[(String, String)]) -> Pairs {
    pairs.iter().filter(|(n, v)| n != "page" && n != "csrf" && !v.is_empty()).cloned().collect()
}

/// The address of a page of a list. Values are plain columns: spellings, days, numbers.
fn address(here: &str, kept: &[(String, String)], page: u32) -> String {
    let mut out = format!("{here}?page={page}");
    for (name, value) in kept {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if name.chars().all(plain) && value.chars().all(plain) {
            out.push_str(&format!("&{name}={value}"));
        }
    }
    out
}
