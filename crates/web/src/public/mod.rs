//! The public pages: what anyone may open without signing in. Without scripts first; no cookie, no
//! address, no device. They stand under the organ's code, in Chinese and under `/en` in English.

pub mod draft;
pub mod page;
mod report;
mod site;
mod status;
mod verify;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::words::Lang;

pub(crate) use site::places_of;
pub use site::{Here, Site, page, status_of};

use crate::{assets, headers};

/// Ten files of 20 MB and the form around them.
const UPLOAD_LIMIT: usize = 210 * 1024 * 1024;
/// A form without files.
const FORM_LIMIT: usize = 512 * 1024;

/// The public side as one router.
pub fn router(site: Site) -> Router {
    let pages = || {
        let with_files = Router::new()
            .route("/report/submit", post(report::submit).get(from_the_start))
            .route("/status/evidence", post(status::evidence).get(from_the_start))
            .layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
        let plain = Router::new()
            .route("/", get(home))
            .route("/guide", get(guide))
            .route("/verify", get(verify::show))
            .route("/v", get(verify::scanned))
            .route("/report", get(report::begin))
            .route("/report/who", post(report::after_who).get(from_the_start))
            .route("/report/what", post(report::after_what).get(from_the_start))
            .route("/status", get(status::enter).post(status::show))
            .route("/status/message", post(status::message).get(from_the_start))
            .route("/status/object", post(status::object).get(from_the_start))
            .route("/status/rate", post(status::rate).get(from_the_start))
            .route("/status/proof", post(status::proof).get(from_the_start))
            .route("/status/proof/page", post(status::proof_page).get(from_the_start))
            .route("/status/replace", post(status::replace).get(from_the_start))
            .route("/status/destroy", post(status::destroy).get(from_the_start))
            .route("/leave", post(leave).get(away))
            .layer(DefaultBodyLimit::max(FORM_LIMIT));
        with_files.merge(plain)
    };
    Router::new()
        .route("/", get(organs))
        .route("/v", get(verify::scanned_anywhere))
        // The foot of the page on which an organ is chosen leads here.
        .route("/verify", get(verify::scanned_anywhere))
        .route("/guide", get(guide_anywhere))
        .nest("/{organ}", pages())
        .nest("/{organ}/en", pages())
        .fallback(nowhere)
        .with_state(site)
        .merge(assets::router())
        .layer(axum::middleware::from_fn(headers::secure))
}

/// GET /: the only organ's first page, or the list of organs.
async fn organs(State(site): State<Site>) -> Response {
    let organs = site.hall.organs();
    if let [only] = organs.as_slice() {
        return Redirect::to(&format!("/{}", only.tenant)).into_response();
    }
    let list = organs.iter().map(|o| (format!("/{}", o.tenant), o.directory.organ.name.clone())).collect();
    page(StatusCode::OK, &page::Organs { p: site::bare(Lang::Zh), organs: list })
}

async fn home(here: Here) -> Response {
    page(StatusCode::OK, &page::Home { p: here.page("/") })
}

/// What to know before one has chosen an organ.
async fn guide_anywhere() -> Response {
    page(StatusCode::OK, &page::Guide { p: site::bare(Lang::Zh) })
}

async fn guide(here: Here) -> Response {
    page(StatusCode::OK, &page::Guide { p: here.page("/guide") })
}

/// 快速离开: the browser drops what it keeps of this site, then shows an ordinary page.
async fn leave(here: Here) -> Response {
    let mut response = Redirect::to(&here.page("/").link("/leave")).into_response();
    let clear = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    response.headers_mut().insert(header::HeaderName::from_static("clear-site-data"), clear);
    response
}

async fn away(here: Here) -> Response {
    page(StatusCode::OK, &page::Away { p: here.page("/") })
}

/// A step opened directly: nothing is known of it here, so it starts again.
async fn from_the_start(here: Here) -> Response {
    let p = here.page("/");
    let (heading, text) = (p.voice.t("error-method-heading"), p.voice.t("error-method"));
    page(StatusCode::OK, &page::Said::new(p, heading, text))
}

async fn nowhere() -> Response {
    site::nowhere(Lang::Zh)
}
