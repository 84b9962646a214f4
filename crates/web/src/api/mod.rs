//! The interface for programs, version 1: filing a report for somebody, and asking with her code
//! where it stands. Every failure is problem+json (RFC 9457), made at one edge; none carries the
//! source of an error, and none repeats what was sent.

mod body;
mod caller;
mod problem;
mod reports;
mod status;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};
use axum::{Json, Router};
use domain::words::Lang;
use office::Hall;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use crate::pace::Pace;
pub use problem::Problem;

/// What the handlers share.
#[derive(Clone)]
struct Api {
    hall: Arc<Hall>,
    pace: Arc<Pace>,
}

/// The interface as one router, under `/api`.
pub fn router(hall: Arc<Hall>, pace: Arc<Pace>) -> Router {
    Router::new()
        .route("/api/v1/reports", any(reports::any))
        .route("/api/v1/status", any(status::any))
        .route("/api/v1/openapi.json", get(|| async { Json(specification()) }))
        .route("/api", any(nowhere))
        .route("/api/{*rest}", any(nowhere))
        .layer(DefaultBodyLimit::disable())
        .with_state(Api { hall, pace })
}

async fn nowhere(lang: caller::Speaks) -> Problem {
    Problem::no_such_address(lang.0)
}

/// The specification, from the code.
pub fn specification() -> utoipa::openapi::OpenApi {
    Specification::openapi()
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "登闻 Dengwen",
        version = "1",
        description = "Files reports for people and answers their codes. 为群众提交信访举报，凭查询码查询进展。",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/api/v1")),
    paths(reports::file, status::show),
    modifiers(&ApiKey),
)]
struct Specification;

struct ApiKey;

impl Modify for ApiKey {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An API key of a trusted front end."))
            .build();
        openapi.components.get_or_insert_default().add_security_scheme("api_key", SecurityScheme::Http(scheme));
    }
}

/// Both languages of a sentence.
fn said(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::Zh => zh.to_owned(),
        Lang::En => en.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    /// A change of the contract is seen in the change of this file.
    #[test]
    fn the_specification_is_the_one_checked_in() {
        let json = super::specification().to_pretty_json().expect("a specification is JSON");
        insta::assert_snapshot!("openapi", json);
    }
}
