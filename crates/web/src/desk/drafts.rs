//! The drafts of the one who is signed in: listed, gone on with, deleted. Nobody else's are here.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::permission::Action;
use office::Error;

use super::page::{DraftView, Drafts};
use super::site::{Filled, Seated};
use crate::answers::value;
use crate::public::page;

/// Characters of a text that stand for a missing title.
const BEGINNING: usize = 30;

/// GET /drafts.
pub async fn list(seat: Seated) -> Response {
    if !seat.has(Action::RegisterByHand) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    let voice = seat.voice();
    let found = match seat.hall().drafts(&seat.me).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    let drafts = found
        .into_iter()
        .map(|draft| DraftView {
            form: voice.word(&draft.form),
            title: match &draft.pairs {
                Some(pairs) => title(pairs).unwrap_or_else(|| voice.t("draft-untitled")),
                None => voice.t("draft-lost"),
            },
            changed: voice.date(&draft.changed_on),
            opens: draft.pairs.is_some(),
            id: draft.id,
        })
        .collect();
    page(StatusCode::OK, &Drafts { p: seat.page("/drafts").await, drafts })
}

fn title(pairs: &[(String, String)]) -> Option<String> {
    ["title", "text", "what", "name1"]
        .into_iter()
        .map(|name| value(pairs, name))
        .find(|text| !text.is_empty())
        .map(|text| text.chars().take(BEGINNING).collect())
}

/// POST /drafts/{id}/delete.
pub async fn delete(Path(id): Path<String>, filled: Filled) -> Response {
    match filled.seat.hall().delete_draft(&filled.seat.me, &id).await {
        Ok(()) => Redirect::to("/drafts").into_response(),
        Err(error) => filled.seat.trouble(&error).await,
    }
}
