//! problem+json (RFC 9457): the one way this interface says no. The sentence is for a person and
//! says what to do next; the type is for a program and never changes.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::words::Lang;
use office::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::said;

/// What went wrong and what to do (RFC 9457, `application/problem+json`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// Stable name of the kind of problem, `urn:dengwen:problem:…`.
    #[serde(rename = "type")]
    kind: String,
    /// Name of the status, the same for every problem of this status.
    title: String,
    /// The HTTP status, repeated.
    pub(super) status: u16,
    /// A sentence for people: what is wrong and what to do next.
    detail: String,
    #[serde(skip)]
    lang: LangTag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LangTag(Lang);

impl Problem {
    /// A problem of this status; `slug` names its kind.
    pub(super) fn new(lang: Lang, status: StatusCode, slug: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:dengwen:problem:{slug}"),
            title: title(lang, status),
            status: status.as_u16(),
            detail: detail.into(),
            lang: LangTag(lang),
        }
    }

    /// From a use case's error.
    pub(super) fn of(lang: Lang, error: &Error) -> Self {
        let status = match error {
            Error::Input { .. } | Error::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden(_) => StatusCode::FORBIDDEN,
            Error::Refused(_) | Error::Conflict | Error::Imported => StatusCode::CONFLICT,
            Error::NoKey => StatusCode::NOT_IMPLEMENTED,
            Error::Busy | Error::Store(_) | Error::Seal(_) | Error::Io(_) => StatusCode::SERVICE_UNAVAILABLE,
        };
        if let Error::Store(source) | Error::Seal(source) | Error::Io(source) = error {
            tracing::error!(error = %source, "a request of a program failed");
        }
        Self::new(lang, status, error.slug(), error.sentence(lang))
    }

    /// No such page of the interface.
    pub(super) fn no_such_address(lang: Lang) -> Self {
        let detail = said(
            lang,
            "没有这个接口。接口说明见 /api/v1/openapi.json。",
            "There is nothing at this address; see /api/v1/openapi.json.",
        );
        Self::new(lang, StatusCode::NOT_FOUND, "no-such-address", detail)
    }

    /// The address is right, the method is not.
    pub(super) fn method(lang: Lang, allowed: &'static str) -> Response {
        let detail = match lang {
            Lang::Zh => format!("此接口只接受 {allowed} 请求。"),
            Lang::En => format!("Only {allowed} works here."),
        };
        let mut response = Self::new(lang, StatusCode::METHOD_NOT_ALLOWED, "method", detail).into_response();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let lang = HeaderValue::from_static(crate::locale::tag(self.lang.0));
        let mut response = (status, Json(self)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CONTENT_LANGUAGE, lang);
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

fn title(lang: Lang, status: StatusCode) -> String {
    let zh = match status {
        StatusCode::BAD_REQUEST => "请求格式不对",
        StatusCode::UNAUTHORIZED => "需要接口密钥",
        StatusCode::FORBIDDEN => "没有权限",
        StatusCode::NOT_FOUND => "没有找到",
        StatusCode::METHOD_NOT_ALLOWED => "方法不对",
        StatusCode::CONFLICT => "现在不能这样办理",
        StatusCode::PAYLOAD_TOO_LARGE => "内容太大",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "内容类型不对",
        StatusCode::UNPROCESSABLE_ENTITY => "内容需要改正",
        StatusCode::NOT_IMPLEMENTED => "本服务不办理此项",
        StatusCode::SERVICE_UNAVAILABLE => "暂时不能办理",
        _ => "出了问题",
    };
    said(lang, zh, status.canonical_reason().unwrap_or("Problem"))
}
