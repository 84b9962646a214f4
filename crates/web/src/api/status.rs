//! `GET /api/v1/status`: where a report stands, for its code. A code that is malformed, unknown or
//! destroyed, and none at all, get the same answer. Whoever asks without a key goes at the public
//! pace; the code is in a header, so that no address and no log of addresses holds it.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::words::Lang;
use office::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{front_end, speaks};
use super::{Api, Problem, said};
use crate::pace::Origin;

/// Where a report stands. Never the narrative, evidence, name or contact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReportStatus {
    /// Its number.
    number: String,
    /// 环节: stable name of the stage.
    #[schema(example = "awaiting_judgement")]
    state: String,
    /// What happened, oldest first; the last may be the next step with its last day.
    timeline: Vec<TimelineLine>,
    /// Messages both ways, oldest first.
    messages: Vec<ThreadMessage>,
}

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineLine {
    /// Day.
    #[schema(example = "2026-02-11")]
    on: String,
    /// Stable name of what happened.
    #[schema(example = "received")]
    kind: String,
    /// In plain words, in the language asked for.
    text: String,
}

/// One message of the thread.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ThreadMessage {
    /// Day.
    on: String,
    /// `reporter` or `office`.
    from: String,
    /// Plain text.
    text: String,
}

/// Any method at this address.
pub(super) async fn any(State(api): State<Api>, request: Request) -> Response {
    let lang = speaks(request.headers());
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::method(lang, "GET");
    }
    match show(&api, request, lang).await {
        Ok(answer) => Json(answer).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// Where a report stands.
#[utoipa::path(
    get,
    path = "/status",
    tag = "reports",
    operation_id = "reportStatus",
    params(
        ("Query-Code" = String, Header, description = "The code, with or without hyphens and spaces."),
        ("Accept-Language" = Option<String>, Header, description = "Language of the timeline: zh-CN (default) or en."),
    ),
    responses(
        (status = 200, description = "Where it stands.", body = ReportStatus),
        (status = 401, description = "A key was given and is not known.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "The code opens nothing.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Cannot be read now.", body = Problem, content_type = "application/problem+json"),
    ),
    security((), ("api_key" = [])),
)]
pub(super) async fn show(api: &Api, request: Request, lang: Lang) -> Result<ReportStatus, Problem> {
    let trusted = front_end(&api.hall, request.headers(), lang).await?.is_some();
    let origin = request.extensions().get::<Origin>().copied().filter(|_| !trusted);
    api.pace.wait(origin).await;
    let code = request.headers().get("query-code").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let presented = match api.hall.present(code).await {
        Ok(presented) => presented,
        Err(Error::NotFound | Error::Input { .. }) => {
            api.pace.missed(origin);
            return Err(opens_nothing(lang));
        }
        Err(other) => return Err(Problem::of(lang, &other)),
    };
    let status = match api.hall.status(&presented, lang).await {
        Ok(status) => status,
        Err(Error::NotFound) => return Err(opens_nothing(lang)),
        Err(other) => return Err(Problem::of(lang, &other)),
    };
    Ok(ReportStatus {
        number: status.number.to_string(),
        state: status.stage.to_string(),
        timeline: status
            .timeline
            .into_iter()
            .map(|line| TimelineLine { on: line.on.to_string(), kind: line.kind, text: line.text })
            .collect(),
        messages: status
            .messages
            .into_iter()
            .map(|m| ThreadMessage { on: m.day.to_string(), from: m.from.as_str().to_owned(), text: m.text })
            .collect(),
    })
}

fn opens_nothing(lang: Lang) -> Problem {
    let detail = said(
        lang,
        "没有找到。请在 Query-Code 请求头中给出20位查询码，并与抄下的码逐位核对。",
        "Not found. Give the 20 characters of the code as Query-Code, and compare them with what was written down.",
    );
    Problem::new(lang, StatusCode::NOT_FOUND, "not-found", detail)
}
