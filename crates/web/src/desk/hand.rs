//! Registering by hand what came by letter, visit, call or from another organ, with 查重 while
//! typing. Whatever fails, the form comes back as it was filled.

use axum::Form;
use axum::extract::{FromRequest, Multipart, Query as UrlQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::content::Identity;
use domain::permission::Action;
use domain::words::{Channel, Rank, Source, Urgency};
use office::Error;
use office::desk::ByHand;
use office::intake::{FILE_LIMIT, FILES_LIMIT};

use super::page::{Chip, Found, Hand, HandView, Registered, RepeatView};
use super::report::alike;
use super::site::{Desk, Seated};
use crate::answers::{self, FIELDS_LIMIT, FieldFault, Pairs, value};
use crate::public::draft::{Draft, clean};
use crate::public::page::FieldError;
use crate::public::{page, status_of};

/// Bytes of a one-time token.
const TOKEN: usize = 16;

/// GET /new: an empty form; channel, date and source may be kept from the last one.
pub async fn form(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    if !seat.has(Action::RegisterByHand) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    let today = seat.hall().clock.today();
    let or = |name: &str, otherwise: &str| {
        let text = value(&asked, name);
        if text.is_empty() { otherwise.to_owned() } else { text.to_owned() }
    };
    let h = HandView {
        channel: or("channel", Channel::Letter.as_str()),
        received_on: or("received_on", &today.to_string()),
        source: or("source", Source::Own.as_str()),
        urgency: Urgency::Normal.as_str().to_owned(),
        subjects: Draft::new().subjects,
        ..HandView::default()
    };
    shown(&seat, h, Vec::new(), Vec::new(), StatusCode::OK).await
}

/// POST /new/repeats: the 查重 panel for what is typed; a whole page without scripts.
pub async fn repeats(State(desk): State<Desk>, seat: Seated, request: Request) -> Response {
    // htmx sends the words alone; a browser without scripts sends the whole form, files included.
    let (pairs, fault) = if is_multipart(&request) {
        match Multipart::from_request(request, &desk).await {
            Ok(form) => {
                let (pairs, _, fault) = read(form, Keep::Nothing).await;
                (pairs, fault)
            }
            Err(_) => (Pairs::new(), Some(FieldFault::Broken)),
        }
    } else {
        match Form::<Pairs>::from_request(request, &desk).await {
            Ok(Form(pairs)) => (pairs, None),
            Err(_) => (Pairs::new(), Some(FieldFault::Broken)),
        }
    };
    if !seat.own_form(&pairs) {
        return seat.foreign();
    }
    if !seat.has(Action::RegisterByHand) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    if let Some(fault) = fault {
        return shown(&seat, filled(&pairs), vec![fault_of(&seat, &fault)], Vec::new(), StatusCode::OK).await;
    }
    let found = match look(&seat, value(&pairs, "text")).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    if seat.part {
        return page(StatusCode::OK, &Found { found, none: seat.voice().t("repeats-none") });
    }
    shown(&seat, filled(&pairs), Vec::new(), found, StatusCode::OK).await
}

fn is_multipart(request: &Request) -> bool {
    request.headers().get(header::CONTENT_TYPE).is_some_and(|v| v.as_bytes().starts_with(b"multipart/"))
}

/// POST /new: registers it.
pub async fn register(seat: Seated, form: Multipart) -> Response {
    let (pairs, files, fault) = read(form, Keep::Files).await;
    if !seat.own_form(&pairs) {
        return seat.foreign();
    }
    let h = filled(&pairs);
    if let Some(fault) = fault {
        return shown(&seat, h, vec![fault_of(&seat, &fault)], Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (errors, form) = by_hand(&seat, &pairs, files);
    let Some(form) = form else {
        return shown(&seat, h, errors, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match seat.hall().register(&seat.me, form).await {
        Ok(received) => {
            let here = received.tenant == seat.me.tenant;
            let template = Registered {
                p: seat.page("/new").await,
                number: received.number.to_string(),
                href: if here { format!("/reports/{}", received.report) } else { String::new() },
                code: received.code,
                next: format!("/new?channel={}&received_on={}&source={}", h.channel, h.received_on, h.source),
            };
            page(StatusCode::OK, &template)
        }
        Err(error) => {
            let errors = vec![FieldError { field: "text".to_owned(), text: error.sentence(seat.lang) }];
            shown(&seat, h, errors, Vec::new(), status_of(&error)).await
        }
    }
}

/// Whether files are kept or passed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keep {
    Files,
    Nothing,
}

type Files = Vec<(String, Vec<u8>)>;

async fn read(mut form: Multipart, keep: Keep) -> (Pairs, Files, Option<FieldFault>) {
    let (mut pairs, mut files) = (Pairs::new(), Files::new());
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return (pairs, files, None),
            Err(error) => return (pairs, files, Some(error.into())),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let read = match field.file_name().map(str::to_owned) {
            None => answers::text(field).await.map(|text| {
                if pairs.len() < FIELDS_LIMIT {
                    pairs.push((name, text));
                }
            }),
            Some(file) if file.is_empty() || keep == Keep::Nothing || files.len() > FILES_LIMIT => Ok(()),
            Some(file) => answers::bytes(field, FILE_LIMIT).await.map(|bytes| files.push((file, bytes))),
        };
        if let Err(fault) = read {
            return (pairs, files, Some(fault));
        }
    }
}

fn fault_of(seat: &Seated, fault: &FieldFault) -> FieldError {
    let key = match fault {
        FieldFault::TooLong => "error-too-large",
        FieldFault::Broken => "error-broken-form",
    };
    FieldError { field: "text".to_owned(), text: seat.voice().t(key) }
}

fn filled(pairs: &Pairs) -> HandView {
    let text = |name: &str| clean(value(pairs, name));
    HandView {
        channel: text("channel"),
        received_on: text("received_on"),
        source: text("source"),
        urgency: text("urgency"),
        division: text("division"),
        source_note: text("source_note"),
        superior_due: text("superior_due"),
        title: text("title"),
        text: text("text"),
        signing: text("signing"),
        reporter_name: text("reporter_name"),
        reporter_contact: text("reporter_contact"),
        subjects: Draft::from_pairs(pairs).subjects,
    }
}

fn by_hand(seat: &Seated, pairs: &Pairs, files: Files) -> (Vec<FieldError>, Option<ByHand>) {
    let voice = seat.voice();
    let mut errors = Vec::new();
    let mut wrong = |field: &str, key: &str| errors.push(FieldError { field: field.to_owned(), text: voice.t(key) });
    let h = filled(pairs);
    let draft = Draft::from_pairs(pairs);
    let received_on = h.received_on.parse().ok();
    if received_on.is_none() {
        wrong("received_on", "hand-error-date");
    }
    if h.text.is_empty() {
        wrong("text", "hand-error-text");
    }
    if h.signing == "named" && (h.reporter_name.is_empty() || h.reporter_contact.is_empty()) {
        wrong("reporter_name", "hand-error-named");
    }
    let (channel, source, urgency) =
        (h.channel.parse::<Channel>().ok(), h.source.parse::<Source>().ok(), h.urgency.parse::<Urgency>().ok());
    if source.is_none() || channel.is_none() {
        wrong("source", "hand-error-source");
    }
    let token = hex::decode(value(pairs, "token")).unwrap_or_default();
    if token.len() != TOKEN {
        wrong("text", "error-broken-form");
    }
    let (Some(received_on), Some(channel), Some(source), true) = (received_on, channel, source, errors.is_empty())
    else {
        return (errors, None);
    };
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let named = (h.signing == "named").then_some(Identity { name: h.reporter_name, contact: h.reporter_contact });
    let form = ByHand {
        token,
        channel,
        source,
        received_on,
        urgency: urgency.unwrap_or(Urgency::Normal),
        superior_due: h.superior_due.parse().ok(),
        title: h.title,
        text: h.text,
        subjects: draft.to_subjects(),
        division: some(h.division),
        source_note: some(h.source_note),
        named,
        files,
    };
    (errors, Some(form))
}

async fn look(seat: &Seated, text: &str) -> Result<Vec<RepeatView>, Error> {
    // A few words match half the register.
    if text.chars().count() < 20 {
        return Ok(Vec::new());
    }
    let found = seat.hall().look_for_repeats(&seat.me, text).await?;
    let chars: Vec<char> = text.chars().collect();
    Ok(found
        .into_iter()
        .map(|(row, candidate)| RepeatView {
            href: format!("/reports/{}", row.row.report),
            number: row.row.number.to_string(),
            how: alike(seat, candidate.similarity.equal, candidate.similarity.score),
            fresh: candidate
                .similarity
                .new_sentences
                .iter()
                .filter_map(|span| chars.get(span.start..span.end))
                .map(|sentence| format!("{}{}", seat.voice().t("suggest-new"), sentence.iter().collect::<String>()))
                .collect(),
        })
        .collect())
}

async fn shown(
    seat: &Seated,
    h: HandView,
    errors: Vec<FieldError>,
    found: Vec<RepeatView>,
    status: StatusCode,
) -> Response {
    let voice = seat.voice();
    let mut token = [0u8; TOKEN];
    if getrandom::fill(&mut token).is_err() {
        return seat.trouble(&Error::Io("no randomness".to_owned())).await;
    }
    let channels = Channel::ALL
        .iter()
        .map(|c| Chip {
            href: format!("/new?channel={c}&received_on={}&source={}", h.received_on, h.source),
            label: voice.word(c),
            count: None,
            current: h.channel == c.as_str(),
        })
        .collect();
    let template = Hand {
        p: seat.page("/new").await,
        channels,
        errors,
        token: hex::encode(token),
        sources: Source::ALL.iter().map(|w| (w.to_string(), voice.word(w))).collect(),
        urgencies: Urgency::ALL.iter().map(|w| (w.to_string(), voice.word(w))).collect(),
        places: crate::public::places_of(&seat.organ),
        ranks: Rank::ALL.iter().map(|w| (w.to_string(), voice.word(w))).collect(),
        none: voice.t(if found.is_empty() && !h.text.is_empty() { "repeats-none" } else { "repeats-later" }),
        found,
        h,
    };
    page(status, &template)
}
