//! The frame of every desk request: who is signed in, in which language, with which form secret.
//! A request that changes something must come from a page of this desk: its origin is checked at
//! one edge and its form secret in the one extractor that reads forms.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, RequestExt};
use domain::ids::ReportId;
use domain::permission::Action;
use domain::words::{Edition, Lang, Stage};
use office::desk::{Me, Stranger};
use office::{Error, Hall, Organ};
use store::{Counts, Total};

use super::page::{DeskPage, DoorVoice, MenuItem, Notice};
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::pace::{Lanes, Origin};
use crate::public::{page, status_of};
use crate::tls::Encrypted;

/// Name of the session cookie; the public pages have none.
pub(super) const SESSION: &str = "dengwen_desk";
/// Its name wherever the browser comes by https: then no other host and no page in clear can set it.
const HOST_SESSION: &str = "__Host-dengwen_desk";
/// Name of the cookie of a browser somebody signed in with.
pub(super) const BROWSER: &str = "dengwen_desk_browser";
/// Name of the cookie with the language.
pub(super) const LANGUAGE: &str = "dengwen_desk_lang";

/// What desk handlers share.
#[derive(Clone)]
pub struct Desk {
    /// The house.
    pub hall: Arc<Hall>,
    lanes: Arc<Lanes>,
}

impl Desk {
    /// A desk of this house.
    pub fn of(hall: Arc<Hall>) -> Self {
        Self { hall, lanes: Arc::default() }
    }

    /// What is known of a browser at the door.
    pub(super) fn stranger<'a>(&self, came: &'a Came) -> Stranger<'a> {
        Stranger { browser: cookie(&came.headers, BROWSER), lane: self.lanes.of(came.from) }
    }
}

/// How a browser came: its headers, whether by https, and from where.
pub(super) struct Came {
    /// What it sent.
    pub headers: HeaderMap,
    https: bool,
    from: Option<Origin>,
}

impl Came {
    /// By this program's own TLS, or by that of a proxy, which says so. The origin does not tell:
    /// pages that send no referrer send `null` for it.
    fn of(headers: HeaderMap, own_tls: bool) -> Self {
        let says =
            |name: header::HeaderName, what: &[u8]| headers.get(name).is_some_and(|v| v.as_bytes().starts_with(what));
        let https = own_tls
            || says(header::HeaderName::from_static("x-forwarded-proto"), b"https")
            || says(header::ORIGIN, b"https://");
        Self { headers, https, from: None }
    }

    /// The address of this desk as the browser knows it.
    pub fn origin(&self) -> String {
        let host = self.headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or_default();
        format!("{}://{host}", if self.https { "https" } else { "http" })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Came {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let came = Self::of(parts.headers.clone(), parts.extensions.get::<Encrypted>().is_some());
        // The last line is the proxy's own; whatever stands before it the browser may have written.
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|v| v.to_str().ok());
        let from = parts.extensions.get::<Origin>().map(|origin| origin.behind(forwarded));
        Ok(Self { from, ..came })
    }
}

/// A cookie of this desk; `Secure` wherever the browser came by https.
pub(super) fn set(came: &Came, name: &str, value: &str, age: &str) -> String {
    let (name, secure) = match (came.https, name) {
        (true, SESSION) => (HOST_SESSION, "; Secure"),
        (true, other) => (other, "; Secure"),
        (false, other) => (other, ""),
    };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")
}

/// The session's token, by whichever name it came.
pub(super) fn session(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, HOST_SESSION).or_else(|| cookie(headers, SESSION))
}

/// A cookie's value.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, v)| v)
}

/// The language chosen on this machine.
pub(super) fn language(headers: &HeaderMap) -> Lang {
    match cookie(headers, LANGUAGE) {
        Some("en") => Lang::En,
        _ => Lang::Zh,
    }
}

/// The voice of a page before anyone is signed in.
pub(super) fn door(headers: &HeaderMap) -> DoorVoice {
    DoorVoice(Voice { lang: language(headers), edition: Edition::Jw })
}

/// Somebody signed in.
pub struct Seated {
    /// Shared state.
    pub desk: Desk,
    /// Who.
    pub me: Me,
    /// Her organ.
    pub organ: Arc<Organ>,
    /// The session's form secret.
    pub csrf: String,
    /// Language.
    pub lang: Lang,
    /// htmx asks for a part of a page only.
    pub part: bool,
}

impl FromRequestParts<Desk> for Seated {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Self, Response> {
        let lang = language(&parts.headers);
        let token = match parts.extensions.get::<Encrypted>() {
            // By our own TLS only a cookie that came by TLS can be ours.
            Some(Encrypted) => cookie(&parts.headers, HOST_SESSION),
            None => session(&parts.headers),
        };
        let session = match token {
            Some(token) => desk.hall.session(token).await,
            None => Err(Error::NotFound),
        };
        match session.and_then(|(me, csrf)| Ok((desk.hall.organ(&me.tenant)?, me, csrf))) {
            Ok((organ, me, csrf)) => {
                let part = parts.headers.contains_key("hx-request");
                Ok(Self { desk: desk.clone(), me, organ, csrf, lang, part })
            }
            // Only a page leads to the door; anything else would lose what was sent with it.
            Err(Error::NotFound) if parts.method == Method::GET => Err(Redirect::to("/sign-in").into_response()),
            Err(error) => {
                let status =
                    if matches!(error, Error::NotFound) { StatusCode::UNAUTHORIZED } else { status_of(&error) };
                let v = door(&parts.headers);
                let text =
                    if status == StatusCode::UNAUTHORIZED { v.t("desk-session-ended") } else { error.sentence(lang) };
                Err((status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
            }
        }
    }
}

impl Seated {
    /// The house.
    pub fn hall(&self) -> &Arc<Hall> {
        &self.desk.hall
    }

    /// Language and edition.
    pub fn voice(&self) -> Voice {
        Voice { lang: self.lang, edition: self.organ.edition() }
    }

    /// Whether one of her roles includes an action at all.
    pub fn has(&self, action: Action) -> bool {
        self.me.roles.iter().any(|role| action.roles().contains(role))
    }

    /// The frame of a page; `here` is the address of its menu entry.
    pub async fn page(&self, here: &str) -> DeskPage {
        let voice = self.voice();
        let counts = if self.has(Action::ListInbox) {
            self.hall().counts(&self.me).await.unwrap_or_default()
        } else {
            Counts::default()
        };
        let drafts = match self.has(Action::RegisterByHand) {
            true => self.hall().draft_count(&self.me).await.unwrap_or_default(),
            false => 0,
        };
        let mut menu = self.menu(&voice, &counts, drafts, here);
        if self.has(Action::ViewOperations) {
            let given_up = self.hall().given_up_count(&self.me.tenant).await.unwrap_or_default();
            menu.push(MenuItem {
                href: "/operations",
                label: voice.t("menu-operations"),
                count: Some(Total::Exactly(given_up)),
                hot: given_up > 0,
                current: here == "/operations",
                sub: false,
                begins: false,
            });
        }
        let roles: Vec<String> = self.me.roles.iter().map(|role| voice.word(role)).collect();
        DeskPage {
            voice,
            organ: self.organ.directory.organ.name.clone(),
            me: self.me.name.clone(),
            office: self.me.office_name.clone(),
            roles: roles.join("、"),
            csrf: self.csrf.clone(),
            menu,
            counts,
        }
    }

    /// The left-hand menu with its stock numbers.
    fn menu(&self, voice: &Voice, counts: &Counts, drafts: u64, here: &str) -> Vec<MenuItem> {
        let entry = |href: &'static str, label: String, count: Option<Total>| MenuItem {
            href,
            label,
            count,
            hot: false,
            current: href == here,
            sub: false,
            begins: false,
        };
        let mut menu = Vec::new();
        if self.has(Action::ListInbox) {
            let of = |stage| counts.stages.iter().find(|(s, _)| *s == stage).map_or_else(Total::default, |(_, n)| *n);
            let stage = |href, stage: Stage| MenuItem { sub: true, ..entry(href, voice.word(&stage), Some(of(stage))) };
            let part = |href, key: &str, n, hot| MenuItem { sub: true, hot, ..entry(href, voice.t(key), Some(n)) };
            menu.push(entry("/", voice.t("menu-todo"), Some(counts.open)));
            menu.push(stage("/?stage=awaiting_signing", Stage::AwaitingSigning));
            menu.push(stage("/?stage=awaiting_judgement", Stage::AwaitingJudgement));
            menu.push(stage("/?stage=awaiting_presentation", Stage::AwaitingPresentation));
            menu.push(stage("/?stage=awaiting_feedback", Stage::AwaitingFeedback));
            // What waits for a leader or a handler has no entry of its own unless there is any.
            for (href, other) in [
                ("/?stage=awaiting_instruction", Stage::AwaitingInstruction),
                ("/?stage=awaiting_dispatch", Stage::AwaitingDispatch),
                ("/?stage=in_handling", Stage::InHandling),
                ("/?stage=awaiting_approval", Stage::AwaitingApproval),
            ] {
                menu.extend((of(other).at_least() > 0).then(|| stage(href, other)));
            }
            let owed = of(Stage::Closed);
            if owed.at_least() > 0 {
                menu.push(part("/?stage=closed", "menu-owed", owed, true));
            }
            menu.push(part("/?stage=returned", "menu-returned", counts.returned, false));
            menu.push(part("/?colour=today", "menu-today", counts.due_today, counts.due_today.at_least() > 0));
            menu.push(part("/overdue", "menu-overdue", counts.overdue, counts.overdue.at_least() > 0));
            menu.push(entry("/done", voice.t("menu-done"), None));
        }
        // The first of each group begins it.
        let groups: [&[(Action, &'static str, &str)]; 3] = [
            &[
                (Action::ViewRegister, "/register", "menu-register"),
                (Action::ViewRegister, "/assigned", "menu-assigned"),
                (Action::ViewRegister, "/named", "menu-named"),
                (Action::ViewRegister, "/repeated", "menu-repeated"),
                (Action::ViewRegister, "/visits", "menu-visits"),
                (Action::ViewRegister, "/calls", "menu-calls"),
            ],
            &[(Action::RegisterByHand, "/new", "menu-new"), (Action::Search, "/search", "menu-search")],
            &[
                (Action::ViewCockpit, "/cockpit", "menu-cockpit"),
                (Action::ViewDirectory, "/directory", "menu-directory"),
                (Action::ViewAudit, "/audit", "menu-audit"),
            ],
        ];
        for group in groups {
            let may = group.iter().filter(|(action, ..)| self.has(*action));
            for (at, (_, href, key)) in may.enumerate() {
                menu.push(MenuItem { begins: at == 0, ..entry(href, voice.t(key), None) });
                if *href == "/new" {
                    menu.push(MenuItem {
                        sub: true,
                        ..entry("/drafts", voice.t("menu-drafts"), Some(Total::Exactly(drafts)))
                    });
                    if self.me.may_use(Action::Import).is_ok() {
                        menu.push(MenuItem { sub: true, ..entry("/import", voice.t("menu-import"), None) });
                    }
                }
            }
        }
        menu
    }

    /// A page that says what went wrong and what to do.
    pub async fn trouble(&self, error: &Error) -> Response {
        let voice = self.voice();
        if matches!(error, Error::Store(_) | Error::Seal(_) | Error::Io(_)) {
            tracing::error!(slug = error.slug(), "a desk request failed");
        }
        let heading = match error {
            Error::NotFound => voice.t("error-not-found-heading"),
            _ => voice.t("desk-trouble"),
        };
        self.notice(error, heading, ("/".to_owned(), voice.t("desk-home"))).await
    }

    /// As [`Seated::trouble`], of something done on a report's page, and back to it.
    pub async fn trouble_at(&self, error: &Error, report: ReportId) -> Response {
        match error {
            Error::NotFound | Error::Store(_) | Error::Seal(_) | Error::Io(_) => self.trouble(error).await,
            _ => {
                let voice = self.voice();
                let back = (format!("/reports/{report}"), voice.t("desk-back"));
                self.notice(error, voice.t("desk-trouble"), back).await
            }
        }
    }

    async fn notice(&self, error: &Error, heading: String, back: (String, String)) -> Response {
        let text = match error {
            Error::NotFound => self.voice().t("desk-not-found"),
            error => error.sentence(self.lang),
        };
        page(status_of(error), &Notice { p: self.page("").await, heading, text, back })
    }

    /// Whether a form carries this session's secret.
    pub fn own_form(&self, pairs: &[(String, String)]) -> bool {
        let (sent, own) = (value(pairs, "csrf").as_bytes(), self.csrf.as_bytes());
        // Compared without an early exit.
        sent.len() == own.len() && sent.iter().zip(own).fold(0u8, |acc, (a, b)| acc | (a ^ b)) == 0
    }

    /// The refusal of a form without it.
    pub fn foreign(&self) -> Response {
        (StatusCode::FORBIDDEN, self.voice().t("error-csrf")).into_response()
    }
}

/// A form of the desk without files, its secret checked.
pub struct Filled {
    /// Who sent it.
    pub seat: Seated,
    /// Its fields.
    pub pairs: Pairs,
}

impl FromRequest<Desk> for Filled {
    type Rejection = Response;

    async fn from_request(mut request: Request, desk: &Desk) -> Result<Self, Response> {
        let seat = request.extract_parts_with_state::<Seated, Desk>(desk).await?;
        let Form(pairs) = Form::<Pairs>::from_request(request, desk).await.map_err(IntoResponse::into_response)?;
        if seat.own_form(&pairs) { Ok(Self { seat, pairs }) } else { Err(seat.foreign()) }
    }
}

/// Lets a request that changes something in only from a page of this very origin.
pub(super) async fn own_origin(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || from_here(request.headers()) {
        return next.run(request).await;
    }
    let text = door(request.headers()).t("error-csrf");
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Fetch metadata where the browser sends it, else the origin against the host.
fn from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v: &header::HeaderValue| v.to_str().ok());
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, authority)| authority == host),
        // Neither header: not a browser of the last ten years, and the form secret still has to fit.
        (None, _) => true,
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (header::HeaderName::from_static(n), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn a_change_must_come_from_this_origin() {
        assert!(from_here(&headers(&[("sec-fetch-site", "same-origin")])));
        for foreign in ["cross-site", "same-site", "none"] {
            assert!(!from_here(&headers(&[("sec-fetch-site", foreign)])), "{foreign}");
        }
        assert!(from_here(&headers(&[("origin", "http://127.0.0.1:1"), ("host", "127.0.0.1:1")])));
        assert!(!from_here(&headers(&[("origin", "http://127.0.0.1:2"), ("host", "127.0.0.1:1")])));
        assert!(!from_here(&headers(&[("origin", "null"), ("host", "127.0.0.1:1")])));
    }

    #[test]
    fn a_cookie_is_secure_behind_tls() {
        let null = || headers(&[("origin", "null"), ("host", "desk.example")]);
        let proxied = headers(&[("origin", "null"), ("x-forwarded-proto", "https"), ("host", "desk.example")]);
        for came in [Came::of(null(), true), Came::of(proxied, false)] {
            let by_tls = set(&came, SESSION, "x", "");
            assert!(by_tls.starts_with("__Host-dengwen_desk=x; Path=/;") && by_tls.contains("; Secure"), "{by_tls}");
            assert_eq!(came.origin(), "https://desk.example");
        }
        let clear = Came::of(null(), false);
        assert!(!set(&clear, SESSION, "x", "").contains("Secure"));
        assert_eq!(clear.origin(), "http://desk.example");
    }

    #[test]
    fn the_cookie_no_other_host_can_set_wins() {
        let both = headers(&[("cookie", "dengwen_desk=planted; __Host-dengwen_desk=own")]);
        assert_eq!(session(&both), Some("own"));
        assert_eq!(session(&headers(&[("cookie", "dengwen_desk=x")])), Some("x"));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let h = headers(&[("cookie", "a=1; dengwen_desk=abc; dengwen_desk_lang=en")]);
        assert_eq!(cookie(&h, SESSION), Some("abc"));
        assert_eq!(language(&h), Lang::En);
        assert_eq!(cookie(&h, "dengwen"), None);
    }
}
