//! What each listener serves. The public side and the desk are separate origins that share no
//! cookie; figures have a listener of their own, so that whoever reaches the desk does not reach them.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use office::Hall;
use office::witness::Witness;

use crate::figures::{self, Side};
use crate::pace::{Origin, Pace};
use crate::{api, desk, headers, health, public};

/// The public listener: pages, the interface for programs, health.
pub fn public(hall: Arc<Hall>) -> Router {
    let pace = Arc::new(Pace::default());
    let pages = public::router(public::Site::new(hall.clone())).layer(from_fn_with_state(pace.clone(), paced));
    let programs = api::router(hall.clone(), pace).layer(from_fn(headers::secure));
    pages.merge(programs).merge(health::router(hall)).layer(from_fn_with_state(Side::Public, figures::count))
}

/// The desk's listener: pages for staff, health.
pub fn desk(hall: Arc<Hall>) -> Router {
    let pages = desk::router(desk::Desk::of(hall.clone()));
    pages.merge(health::router(hall)).layer(from_fn_with_state(Side::Desk, figures::count))
}

/// The listener of whoever runs the machine: figures, health.
pub fn metrics(hall: Arc<Hall>) -> Router {
    let figures = Router::new().route("/metrics", get(figures::show)).with_state(hall.clone());
    figures.merge(health::router(hall))
}

/// The listener of a witness: it has no register, and shares nothing with the other sides.
pub fn witness(witness: Arc<Witness>) -> Router {
    crate::witness::router(witness).layer(from_fn(headers::secure))
}

/// The pages' look-ups by code go at the same pace as the interface's.
async fn paced(State(pace): State<Arc<Pace>>, request: Request, next: Next) -> Response {
    let looks_up = request.method() == Method::POST && request.uri().path().split('/').any(|s| s == "status");
    if !looks_up {
        return next.run(request).await;
    }
    let origin = request.extensions().get::<Origin>().copied();
    pace.wait(origin).await;
    let response = next.run(request).await;
    if response.status() == StatusCode::NOT_FOUND {
        pace.missed(origin);
    }
    response
}
