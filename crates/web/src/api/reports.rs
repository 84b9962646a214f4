//! `POST /api/v1/reports`: a trusted front end files a report for somebody. The answer comes after
//! the commit and is the same for the same request, however often it is sent.

use axum::Json;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ids::TenantCode;
use domain::words::{Lang, Urgency};
use office::Hall;
use office::intake::{Entry, NewReport, Received};
use serde::Serialize;
use utoipa::ToSchema;

use super::body::{self, NewReportBody};
use super::caller::{front_end, speaks, unknown};
use super::{Api, Problem, said};

/// Longest Idempotency-Key looked at.
const KEY_LIMIT: usize = 256;

/// A report that was received and committed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReceivedReport {
    /// Its number.
    #[schema(example = "990100J01-2026-000123-7")]
    number: String,
    /// The query code, in fives; shown once and kept nowhere.
    #[schema(example = "7K2QM-9XW4T-0HJ3N-R5VBC")]
    code: String,
    /// 收到日期.
    #[schema(example = "2026-02-11")]
    received_on: String,
    /// Commitment of its first event, as the log will hold it; 64 hexadecimal digits.
    commitment: String,
}

/// Any method at this address.
pub(super) async fn any(State(api): State<Api>, request: Request) -> Response {
    let lang = speaks(request.headers());
    if request.method() != Method::POST {
        return Problem::method(lang, "POST");
    }
    match file(&api, request, lang).await {
        Ok(answer) => (StatusCode::CREATED, Json(answer)).into_response(),
        Err(problem) => problem.into_response(),
    }
}

/// File a report for somebody.
///
/// Answers once the commit is durable. Sent again within 24 hours with the same `Idempotency-Key`
/// and the same body, it answers the same and files nothing.
#[utoipa::path(
    post,
    path = "/reports",
    tag = "reports",
    operation_id = "fileReport",
    request_body(content = NewReportBody, content_type = "application/json"),
    params(
        ("Idempotency-Key" = String, Header, description = "At least 128 random bits, new for every report: 32 hexadecimal digits, or 22 letters, digits, - and _."),
        ("Accept-Language" = Option<String>, Header, description = "zh-CN (default) or en."),
    ),
    responses(
        (status = 201, description = "Received and committed.", body = ReceivedReport),
        (status = 400, description = "Not JSON, or no usable Idempotency-Key.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not application/json.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong, or the Idempotency-Key was used with another body.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "Nothing was stored; send it again with the same key.", body = Problem, content_type = "application/problem+json"),
    ),
    security(("api_key" = [])),
)]
pub(super) async fn file(api: &Api, request: Request, lang: Lang) -> Result<ReceivedReport, Problem> {
    let hall = &api.hall;
    let caller = front_end(hall, request.headers(), lang).await?.ok_or_else(|| unknown(lang))?;
    let token = idempotency_key(request.headers(), lang)?;
    is_json(request.headers(), lang)?;
    let bytes = to_bytes(request.into_body(), body::WIRE_LIMIT).await.map_err(|_| body::too_large(lang))?;
    let filing = body::read(&bytes, lang)?;
    let division = match &filing.division {
        Some(code) => Some(division(hall, &caller.tenant, code, lang)?),
        None => None,
    };
    let opening = hall.open_report(&caller.tenant, &filing.subjects).map_err(|e| Problem::of(lang, &e))?;
    let new = NewReport {
        entry: Entry::Api,
        token,
        body: bytes.to_vec(),
        channel: filing.channel,
        source: filing.source,
        received_on: None,
        urgency: Urgency::Normal,
        superior_due: None,
        title: filing.title,
        text: filing.text,
        subjects: filing.subjects,
        division,
        problem: None,
        source_note: None,
        named: filing.named,
    };
    let Received { number, code, received_on, commitment, .. } =
        hall.receive(opening, new).await.map_err(|e| Problem::of(lang, &e))?;
    Ok(ReceivedReport {
        number: number.to_string(),
        code,
        received_on: received_on.to_string(),
        commitment: hex::encode(commitment),
    })
}

/// The division as our lists write it: a province or a city may come with the zeroes of GB/T 2260.
fn division(hall: &Hall, tenant: &TenantCode, code: &str, lang: Lang) -> Result<String, Problem> {
    let organ = hall.organ(tenant).map_err(|e| Problem::of(lang, &e))?;
    let mut short = code;
    loop {
        if let Some(found) = organ.divisions.get(short) {
            return Ok(found.code.to_string());
        }
        match short.strip_suffix("00") {
            Some(shorter) if short.len() <= 6 => short = shorter,
            // The register's own sentence about it follows.
            _ => return Ok(code.to_owned()),
        }
    }
}

/// The key, if it can carry 128 random bits: 32 hexadecimal digits (hyphens between them do not
/// count), or 22 of a larger alphabet. Quotes around it, as structured headers have, are not part
/// of it.
fn idempotency_key(headers: &HeaderMap, lang: Lang) -> Result<Vec<u8>, Problem> {
    let usable =
        headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(|v| v.trim().trim_matches('"')).filter(
            |key| {
                let digits = key.chars().filter(|c| *c != '-');
                let hexadecimal = digits.clone().all(|c| c.is_ascii_hexdigit());
                let enough = if hexadecimal { digits.count() >= 32 } else { key.len() >= 22 };
                enough && key.len() <= KEY_LIMIT && key.chars().all(|c| c.is_ascii_graphic())
            },
        );
    usable.map(|key| key.as_bytes().to_vec()).ok_or_else(|| {
        let detail = said(
            lang,
            "请在 Idempotency-Key 请求头中给出至少128位的随机值（如32位十六进制数），每件一个，重发时不变。",
            "Give at least 128 random bits as Idempotency-Key (for instance 32 hexadecimal digits): a new one for each report, the same one when sending again.",
        );
        Problem::new(lang, StatusCode::BAD_REQUEST, "idempotency-key", detail)
    })
}

fn is_json(headers: &HeaderMap, lang: Lang) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if kind.split(';').next().is_some_and(|k| k.trim().eq_ignore_ascii_case("application/json")) {
        return Ok(());
    }
    let detail = said(lang, "请以 Content-Type: application/json 提交。", "Send it as Content-Type: application/json.");
    Err(Problem::new(lang, StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", detail))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_key_must_be_able_to_carry_128_bits() {
        let good = [
            "0123456789abcdef0123456789abcdef",
            "9f1c7f4e-6f0a-4c7e-9a51-3f0f5f6f7a81",
            "\"9f1c7f4e6f0a4c7e9a513f0f5f6f7a81\"",
            "q3Zt7_xW-9bLkPz0aVn4Yg",
        ];
        let bad = [
            "",
            "short",
            "0123456789abcdef0123456789abcde",
            "q3Zt7_xW-9bLkPz0aVn4Y",
            "with a space in the middle of it all",
        ];
        for (key, ok) in good.map(|k| (k, true)).into_iter().chain(bad.map(|k| (k, false))) {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", HeaderValue::from_static(key));
            assert_eq!(idempotency_key(&headers, Lang::Zh).is_ok(), ok, "{key}");
        }
        assert!(idempotency_key(&HeaderMap::new(), Lang::Zh).is_err());
    }
}
