//! Signing in and out, one-time links, and the language of the screens.

use axum::Form;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use office::Error;
use office::desk::SignedIn;

use super::page::SignIn;
use super::site::{BROWSER, Came, Desk, Filled, LANGUAGE, SESSION, door, language, session, set};
use crate::answers::{Pairs, value};
use crate::public::{page, status_of};

/// GET /sign-in.
pub async fn form(headers: HeaderMap) -> Response {
    let v = door(&headers);
    page(StatusCode::OK, &SignIn { v, error: String::new(), user: String::new(), invitation: String::new() })
}

/// POST /sign-in: a fresh session, never an old one continued.
pub async fn sign_in(State(desk): State<Desk>, came: Came, Form(pairs): Form<Pairs>) -> Response {
    let user = value(&pairs, "user").to_owned();
    let password = pairs.iter().find(|(n, _)| n == "password").map_or("", |(_, v)| v.as_str());
    match desk.hall.sign_in_from(&user, password, desk.stranger(&came)).await {
        Ok(signed) => seated(&desk, &came, &signed).await,
        Err(error) => refused(&came.headers, &error, user, String::new()),
    }
}

/// GET /invitation/{token}: the page of a one-time link.
pub async fn invitation(headers: HeaderMap, Path(token): Path<String>) -> Response {
    page(StatusCode::OK, &SignIn { v: door(&headers), error: String::new(), user: String::new(), invitation: token })
}

/// POST /invitation: sets the first password and signs in.
pub async fn accept(State(desk): State<Desk>, came: Came, Form(pairs): Form<Pairs>) -> Response {
    let token = value(&pairs, "token").to_owned();
    let password = pairs.iter().find(|(n, _)| n == "password").map_or("", |(_, v)| v.as_str());
    match desk.hall.use_invitation(&token, value(&pairs, "code"), password).await {
        Ok(signed) => seated(&desk, &came, &signed).await,
        Err(error) => refused(&came.headers, &error, String::new(), token),
    }
}

/// POST /sign-out: the session dies on the server too.
pub async fn sign_out(State(desk): State<Desk>, came: Came, filled: Filled) -> Response {
    if let Some(token) = session(&came.headers)
        && let Err(error) = desk.hall.sign_out(token).await
    {
        return filled.seat.trouble(&error).await;
    }
    with_cookie(Redirect::to("/sign-in").into_response(), &set(&came, SESSION, "", "; Max-Age=0"))
}

/// POST /language.
pub async fn set_language(came: Came, filled: Filled) -> Response {
    let tag = if value(&filled.pairs, "to") == "en" { "en" } else { "zh-CN" };
    with_cookie(Redirect::to("/").into_response(), &set(&came, LANGUAGE, tag, "; Max-Age=31536000"))
}

/// Lets somebody in. Whoever sat at this browser before is signed out: of two sessions in one
/// browser the older could be used by nobody but a thief.
async fn seated(desk: &Desk, came: &Came, signed: &SignedIn) -> Response {
    if let Some(old) = session(&came.headers)
        && let Err(error) = desk.hall.sign_out(old).await
    {
        return refused(&came.headers, &error, String::new(), String::new());
    }
    let response = with_cookie(Redirect::to("/").into_response(), &set(came, SESSION, &signed.token, ""));
    with_cookie(response, &set(came, BROWSER, &signed.browser, "; Max-Age=31536000"))
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn refused(headers: &HeaderMap, error: &Error, user: String, invitation: String) -> Response {
    let v = door(headers);
    let text = match error {
        Error::NotFound => v.t("invitation-used"),
        error => error.sentence(language(headers)),
    };
    page(status_of(error), &SignIn { v, error: text, user, invitation })
}
