//! For the machine that watches: whether the process lives, and whether it can receive reports now.
//! It says neither why not nor anything else about the house.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use office::Hall;

/// `/health/live` and `/health/ready`.
pub fn router(hall: Arc<Hall>) -> Router {
    Router::new().route("/health/live", get(|| async { "ok\n" })).route("/health/ready", get(ready)).with_state(hall)
}

async fn ready(State(hall): State<Arc<Hall>>) -> (StatusCode, &'static str) {
    match hall.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(fault) => {
            tracing::warn!(error = fault.slug(), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}
