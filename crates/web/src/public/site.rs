//! The frame of every public request: which organ, which language, and how pages are sent. No
//! cookie, no address, no device is read here or anywhere on the public side.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use askama::Template;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::divisions::Division;
use domain::ids::TenantCode;
use domain::words::{Edition, Lang};
use office::{Error, Hall, Organ};

use super::page::{Place, PublicPage, Said};
use crate::locale::Voice;

/// What public handlers share.
#[derive(Clone)]
pub struct Site {
    /// The house.
    pub hall: Arc<Hall>,
    /// How many script-less submissions with files may be held back at once while their short wait
    /// runs; beyond it the wait is shown as a page.
    pub(super) held: Arc<tokio::sync::Semaphore>,
    places: Arc<Mutex<Places>>,
}

/// Places to choose from, by organ and version of its directory.
type Places = BTreeMap<(TenantCode, u32), Arc<Vec<Place>>>;

/// Waits held open at once; each holds at most one connection and no file.
const HELD: usize = 64;

impl Site {
    /// Over an open house.
    pub fn new(hall: Arc<Hall>) -> Self {
        Self { hall, held: Arc::new(tokio::sync::Semaphore::new(HELD)), places: Arc::default() }
    }

    fn places(&self, organ: &Organ) -> Arc<Vec<Place>> {
        let mut all = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (organ.tenant.clone(), organ.version);
        all.entry(key).or_insert_with(|| Arc::new(places_of(organ))).clone()
    }
}

/// The organ's own division and two levels within it (of a city: counties and townships), each before
/// those within it. A place finer than that is written in words.
pub(crate) fn places_of(organ: &Organ) -> Vec<Place> {
    let own = organ.directory.organ.division.as_str();
    let within = organ.divisions.within(own).into_iter().filter(|division| !division.is_rung_only());
    let place = |division: &Division| {
        let between = organ.divisions.ancestors(&division.code).into_iter().filter(|a| a.code.len() > own.len());
        let above: Vec<String> = between.map(|a| a.name.clone()).collect();
        (above.len() < 2).then(|| Place {
            code: division.code.clone(),
            name: division.name.clone(),
            above: above.concat(),
        })
    };
    within.filter_map(place).collect()
}

/// Kinds of problem as the public form asks for them: the groups of `rules/problems` in plain words.
fn problems_of(hall: &Hall, organ: &Organ, lang: Lang) -> Vec<(String, String)> {
    let Ok(lists) = hall.lists(organ.edition()) else { return Vec::new() };
    let plain = |group: &domain::lists::Group| if lang == Lang::Zh { group.plain.clone() } else { group.en.clone() };
    lists.problems.group.iter().map(|group| (group.code.clone(), plain(group))).collect()
}

/// Where a public request stands.
pub struct Here {
    /// Shared state.
    pub site: Site,
    /// The organ addressed.
    pub organ: Arc<Organ>,
    /// Language of the page.
    pub lang: Lang,
}

impl Here {
    /// The house.
    pub fn hall(&self) -> &Hall {
        &self.site.hall
    }

    /// The frame of a page of this organ; `here` is its address for the link to the other language.
    pub fn page(&self, here: &str) -> PublicPage {
        self.page_of(&self.organ, here)
    }

    /// The frame of a page of another organ (a code may lead to one).
    pub fn page_of(&self, organ: &Organ, here: &str) -> PublicPage {
        PublicPage {
            voice: Voice { lang: self.lang, edition: organ.edition() },
            organ: organ.directory.organ.name.clone(),
            base: format!("/{}", organ.tenant),
            here: here.to_owned(),
            divisions: self.site.places(organ),
            problems: Arc::new(problems_of(self.hall(), organ, self.lang)),
        }
    }

    /// A sentence for an error, in the page's language.
    pub fn sentence(&self, error: &Error) -> String {
        error.sentence(self.lang)
    }
}

impl FromRequestParts<Site> for Here {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Response> {
        let path = match parts.extensions.get::<OriginalUri>() {
            Some(OriginalUri(uri)) => uri.path().to_owned(),
            None => parts.uri.path().to_owned(),
        };
        let mut segments = path.split('/').skip(1);
        let code = segments.next().unwrap_or_default();
        let lang = if segments.next() == Some("en") { Lang::En } else { Lang::Zh };
        let organ = code.parse::<TenantCode>().map_err(|_| Error::NotFound).and_then(|tenant| site.hall.organ(&tenant));
        match organ {
            Ok(organ) => Ok(Self { site: site.clone(), organ, lang }),
            Err(_) => Err(nowhere(lang)),
        }
    }
}

/// A frame without an organ.
pub(super) fn bare(lang: Lang) -> PublicPage {
    PublicPage {
        voice: Voice { lang, edition: Edition::Jw },
        organ: String::new(),
        base: String::new(),
        here: String::new(),
        divisions: Arc::default(),
        problems: Arc::default(),
    }
}

/// 没有这个页面.
pub(super) fn nowhere(lang: Lang) -> Response {
    let p = bare(lang);
    let (heading, text) = (p.voice.t("error-not-found-heading"), p.voice.t("error-not-found"));
    page(StatusCode::NOT_FOUND, &Said::new(p, heading, text))
}

/// Sends a page.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page did not render");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The status that belongs to an error.
pub fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Refused(_) | Error::Conflict => StatusCode::CONFLICT,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden(_) => StatusCode::FORBIDDEN,
        Error::Input { .. } | Error::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
        Error::Imported => StatusCode::CONFLICT,
        Error::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Error::NoKey => StatusCode::NOT_IMPLEMENTED,
        Error::Store(_) | Error::Seal(_) | Error::Io(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
