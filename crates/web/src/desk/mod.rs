//! The desk: what staff see and do. One origin of its own, its own cookie, and on every request
//! that changes something a check of where it comes from.

mod books;
mod cockpit;
mod directory;
mod drafts;
mod filters;
mod forms;
mod hand;
mod import;
mod lists;
mod operations;
pub mod page;
mod papers;
mod registration;
mod report;
mod rows;
mod search;
mod sign_in;
mod site;
mod split;
pub mod story;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

pub use rows::in_chinese;
pub use site::Desk;

use crate::{assets, headers};

/// Ten files of 20 MB and the form around them.
const UPLOAD_LIMIT: usize = 210 * 1024 * 1024;
/// A form without files.
const FORM_LIMIT: usize = 512 * 1024;

/// The desk as one router.
pub fn router(desk: Desk) -> Router {
    let with_files = Router::new()
        .route("/new", get(hand::form).post(hand::register))
        .route("/new/repeats", post(hand::repeats))
        .route("/new/draft", post(hand::keep))
        .route("/new/more", post(hand::more))
        .route("/new/tags", post(hand::tags))
        .route("/import", get(import::form).post(import::take))
        .route("/reports/{id}/evidence", post(split::evidence))
        .layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    let plain = Router::new()
        .route("/sign-in", get(sign_in::form).post(sign_in::sign_in))
        .route("/invitation/{token}", get(sign_in::invitation))
        .route("/invitation", post(sign_in::accept))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/language", post(sign_in::set_language))
        .route("/", get(lists::show).post(lists::filter))
        .route("/done", get(lists::show).post(lists::filter))
        .route("/overdue", get(lists::show).post(lists::filter))
        .route("/register", get(lists::show).post(lists::filter))
        .route("/assigned", get(lists::show).post(lists::filter))
        .route("/named", get(lists::show).post(lists::filter))
        .route("/repeated", get(lists::show).post(lists::filter))
        .route("/visits", get(lists::show).post(lists::filter))
        .route("/calls", get(lists::show).post(lists::filter))
        .route("/lists/export", post(lists::export))
        .route("/search", get(search::form).post(search::search))
        .route("/search/export", post(search::export))
        .route("/reports/{id}", get(report::show))
        .route("/reports/{id}/do/{command}", get(report::form).post(report::act))
        .route("/reports/{id}/split", get(split::form).post(split::split))
        .route("/import/faults", post(import::faults))
        .route("/reports/{id}/files/{blob}", get(report::file))
        .route("/reports/{id}/papers/{paper}", post(papers::issue))
        .route("/reports/{id}/papers/{paper}/file", get(papers::on_file))
        .route("/reports/{id}/papers/{paper}/proof", get(papers::proof))
        .route("/template", get(papers::template))
        .route("/drafts", get(drafts::list))
        .route("/drafts/{id}", get(hand::resume))
        .route("/drafts/{id}/delete", post(drafts::delete))
        .route("/cockpit", get(cockpit::show))
        .route("/directory", get(directory::show))
        .route("/directory/export", post(directory::export))
        .route("/directory/offices", post(directory::add_office))
        .route("/directory/offices/leader", post(directory::set_leader))
        .route("/directory/staff", post(directory::add_staff))
        .route("/directory/staff/{id}", get(directory::person))
        .route("/directory/staff/{id}/{deed}", post(directory::deed))
        .route("/audit", get(books::audit))
        .route("/audit/export", post(books::export))
        .route("/operations", get(operations::show))
        .route("/operations/retry", post(operations::retry))
        .layer(DefaultBodyLimit::max(FORM_LIMIT));
    with_files
        .merge(plain)
        .fallback(nowhere)
        .layer(axum::middleware::from_fn(site::own_origin))
        .with_state(desk)
        .merge(assets::router())
        .layer(axum::middleware::from_fn(headers::secure))
}

async fn nowhere(headers: axum::http::HeaderMap) -> Response {
    (StatusCode::NOT_FOUND, site::door(&headers).t("error-not-found")).into_response()
}
