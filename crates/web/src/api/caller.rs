//! Who calls, and in which language he is answered. An API key is looked up by its digest; the
//! language comes from `Accept-Language`, Chinese unless English is preferred.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use domain::words::Lang;
use office::api_key::FrontEnd;
use office::{Error, Hall};

use super::{Problem, said};

/// Longest key looked at.
const KEY_LIMIT: usize = 256;

/// The language of the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Speaks(pub Lang);

impl<S: Sync> FromRequestParts<S> for Speaks {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(speaks(&parts.headers)))
    }
}

/// The preferred one of our two languages.
pub(super) fn speaks(headers: &HeaderMap) -> Lang {
    let Some(wanted) = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()) else { return Lang::Zh };
    let mut best = (0.0_f32, Lang::Zh);
    for part in wanted.split(',').take(32) {
        let mut pieces = part.split(';');
        let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight =
            pieces.find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok())).unwrap_or(1.0);
        let lang = match tag.split('-').next() {
            Some("zh" | "*") => Lang::Zh,
            Some("en") => Lang::En,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, lang);
        }
    }
    best.1
}

/// The trusted front end that calls, if the request carries a key.
///
/// # Errors
/// A problem: the key is not known, or it could not be looked up.
pub(super) async fn front_end(hall: &Hall, headers: &HeaderMap, lang: Lang) -> Result<Option<FrontEnd>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let key = value
        .to_str()
        .ok()
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim())
        .filter(|key| !key.is_empty() && key.len() <= KEY_LIMIT);
    let Some(key) = key else { return Err(unknown(lang)) };
    match hall.front_end(key).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Err(unknown(lang)),
        Err(other) => Err(Problem::of(lang, &other)),
    }
}

/// No key, or none that is known: the same answer for both.
pub(super) fn unknown(lang: Lang) -> Problem {
    let detail = said(
        lang,
        "请在 Authorization 请求头中用 Bearer 方式给出有效的接口密钥；密钥由系统管理员发放。",
        "Give a valid API key as `Authorization: Bearer …`; keys are issued by the administrator.",
    );
    Problem::new(lang, StatusCode::UNAUTHORIZED, "api-key", detail)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn the_preferred_language_is_spoken_and_chinese_otherwise() {
        let cases = [
            ("en", Lang::En),
            ("en-GB,zh;q=0.5", Lang::En),
            ("zh-CN,zh;q=0.9,en;q=0.8", Lang::Zh),
            ("en;q=0.3, zh-Hans;q=0.4", Lang::Zh),
            ("fr,de;q=0.7", Lang::Zh),
            ("fr,en;q=0.1", Lang::En),
            ("*", Lang::Zh),
            ("en;q=nonsense", Lang::En),
            ("", Lang::Zh),
        ];
        for (header, lang) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(header));
            assert_eq!(speaks(&headers), lang, "{header}");
        }
    }
}
