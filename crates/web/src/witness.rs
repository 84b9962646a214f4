//! A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, health, and nothing else. What it
//! cosigns is decided in `office`; this knows status codes, and neither asks nor keeps who came.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use ledger::witness::{LONGEST, Refusal};
use office::witness::{NotCosigned, Witness};

/// The witness's routes.
pub fn router(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/add-checkpoint", post(add_checkpoint))
        .route("/health/live", get(|| async { "ok\n" }))
        .layer(DefaultBodyLimit::max(LONGEST))
        .with_state(witness)
}

async fn add_checkpoint(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    // It waits for the disk, and maybe for another request about the same logs.
    let cosigned = tokio::task::spawn_blocking(move || witness.cosign(&body)).await;
    match cosigned {
        Ok(Ok(cosigned)) => {
            tracing::info!(log = cosigned.note.text().lines().next(), "cosigned");
            text(StatusCode::OK, format!("{}\n", cosigned.line))
        }
        Ok(Err(NotCosigned::Refused(refusal))) => {
            if refusal.is_evidence() {
                tracing::error!(%refusal, "a log signed what does not continue its history; evidence is kept");
            }
            refused(&refusal)
        }
        Ok(Err(NotCosigned::Failed(why))) => {
            tracing::error!(%why, "nothing was cosigned");
            text(
                StatusCode::INTERNAL_SERVER_ERROR,
                "this witness cannot cosign now; its keeper has to look\n".to_owned(),
            )
        }
        Err(_) => text(StatusCode::INTERNAL_SERVER_ERROR, "this witness broke off; try again\n".to_owned()),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let status = match refusal {
        Refusal::Malformed(_) | Refusal::Backwards => StatusCode::BAD_REQUEST,
        Refusal::UnknownLog(_) => StatusCode::NOT_FOUND,
        Refusal::Unsigned(_) => StatusCode::FORBIDDEN,
        Refusal::Proof(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Refusal::Stale { size } | Refusal::Fork { size } => {
            let kind = [(header::CONTENT_TYPE, "text/x.tlog.size")];
            return (StatusCode::CONFLICT, kind, format!("{size}\n")).into_response();
        }
    };
    text(status, format!("{refusal}\n"))
}

fn text(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], body).into_response()
}
