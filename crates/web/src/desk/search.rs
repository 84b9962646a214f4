//! 搜索: over the sealed index, by POST: the words stand in no address.

use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use office::desk::{Ledger, Query, View};

use super::page::{Asked, HeadView, Search};
use super::site::{Filled, Seated};
use super::{lists, papers, rows};
use crate::answers::{Pairs, value};
use crate::public::page;

/// Hits on a page.
const SIZE: u64 = 20;

fn blank(p: super::page::DeskPage) -> Search {
    Search {
        may_export: false,
        p,
        q: Asked::default(),
        asked: false,
        total: 0,
        page_no: 0,
        more: false,
        heads: Vec::new(),
        table: Default::default(),
    }
}

/// GET /search: an empty form.
pub async fn form(seat: Seated) -> Response {
    if !seat.has(Action::Search) {
        return seat.trouble(&office::Error::Forbidden("refused-role")).await;
    }
    page(StatusCode::OK, &blank(seat.page("/search").await))
}

fn query(pairs: &Pairs) -> Query {
    Query {
        words: value(pairs, "words").to_owned(),
        subject: value(pairs, "subject").to_owned(),
        unit: value(pairs, "unit").to_owned(),
        place: None,
        from: value(pairs, "from").parse().ok(),
        until: value(pairs, "until").parse().ok(),
        page: value(pairs, "page").parse().unwrap_or(0),
    }
}

/// POST /search.
pub async fn search(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let query = query(&pairs);
    let found = match seat.hall().search(&seat.me, &query).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    let voice = seat.voice();
    let columns = Ledger::Todo.columns();
    let first = u64::from(query.page) * SIZE + 1;
    let template = Search {
        q: Asked {
            words: query.words,
            subject: query.subject,
            unit: query.unit,
            from: value(&pairs, "from").to_owned(),
            until: value(&pairs, "until").to_owned(),
        },
        asked: true,
        total: found.total,
        page_no: query.page,
        more: first as usize + found.rows.len() <= found.total,
        may_export: seat.has(Action::Export) && found.total > 0,
        heads: columns
            .iter()
            .map(|c| HeadView {
                key: "",
                class: rows::class_of(*c, &View::default()),
                label: voice.t(c.heading()),
                order: "",
                go: None,
            })
            .collect(),
        table: rows::table(&voice, &columns, &View::default(), &found.rows, first, seat.hall().clock.today()),
        ..blank(seat.page("/search").await)
    };
    page(StatusCode::OK, &template)
}

/// POST /search/export: what was found, as a spreadsheet.
pub async fn export(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let take = lists::take(&pairs, Ledger::Todo.columns());
    let speak = rows::in_chinese(seat.organ.edition());
    match seat.hall().export_search(&seat.me, &query(&pairs), &take, &speak).await {
        Ok(bytes) => papers::spreadsheet("search", bytes),
        Err(error) => seat.trouble(&error).await,
    }
}
