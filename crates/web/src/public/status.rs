//! Coming back with the code: where the report stands, messages both ways, evidence, objection,
//! rating, the proof, a new code or none. The code travels in the body of each POST and nowhere
//! else; what she reported is never shown again.

use std::time::Duration;

use axum::Form;
use axum::extract::Multipart;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::report::{Actor, Context, lawful_actions};
use domain::words::{CommandKind, Rating, Stage};
use office::intake::{FILE_LIMIT, FILES_LIMIT};
use office::thread::{Addition, Presented, Proof};
use office::{Error, Organ};
use store::ThreadFrom;
use tokio::sync::Semaphore;

use super::draft::clean;
use super::page::{Code, Enter, FieldError, Kept, Message, PublicPage, Said, Status, StatusPage, Step};
use super::site::{Here, page, status_of};
use crate::answers::{self, FIELDS_LIMIT, FieldFault, Pairs, value};

/// GET /status: asks for the code.
pub async fn enter(here: Here) -> Response {
    let template = Enter { p: here.page("/status"), code: String::new(), errors: Vec::new(), kept: String::new() };
    page(StatusCode::OK, &template)
}

/// POST /status: shows what the code opens.
pub async fn show(here: Here, Form(pairs): Form<Pairs>) -> Response {
    match present(&here, &pairs, &Kept::default()).await {
        Ok(presented) => shown(&here, &pairs, &presented, After::default()).await,
        Err(response) => *response,
    }
}

/// POST /status/message.
pub async fn message(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let text = clean(value(&pairs, "message"));
    let kept = Kept { message: text.clone(), ..Kept::default() };
    if text.is_empty() {
        return refuse(&here, &pairs, "message", "status-message-empty", kept).await;
    }
    add(&here, &pairs, Addition::Message(text), "message", "status-message-sent", kept).await
}

/// POST /status/object.
pub async fn object(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let text = clean(value(&pairs, "objection"));
    let kept = Kept { objection: text.clone(), ..Kept::default() };
    if text.is_empty() {
        return refuse(&here, &pairs, "objection", "status-object-empty", kept).await;
    }
    add(&here, &pairs, Addition::Objection(text), "objection", "status-object-sent", kept).await
}

/// POST /status/rate.
pub async fn rate(here: Here, Form(pairs): Form<Pairs>) -> Response {
    match value(&pairs, "rating").parse::<Rating>() {
        Ok(rating) => add(&here, &pairs, Addition::Rating(rating), "", "status-rate-sent", Kept::default()).await,
        Err(_) => refuse(&here, &pairs, "", "status-rate-empty", Kept::default()).await,
    }
}

/// Files of evidence in memory at once, twenty megabytes each: whoever holds a code may send ten, and
/// several may at the same time.
static FILES_IN_MEMORY: Semaphore = Semaphore::const_new(24);
/// How long a further file waits for its place.
const WAITS_FOR_A_PLACE: Duration = Duration::from_secs(20);

/// POST /status/evidence.
pub async fn evidence(here: Here, mut form: Multipart) -> Response {
    let mut pairs = Pairs::new();
    let (mut files, mut places) = (Vec::new(), Vec::new());
    let mut fault = None;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                fault = Some((FieldFault::from(error), String::new()));
                break;
            }
        };
        let name = field.name().unwrap_or_default().to_owned();
        // Without a code that opens something no file is taken into memory.
        let first = files.is_empty() && field.file_name().is_some_and(|file| !file.is_empty());
        let hers = Kept { evidence: clean(value(&pairs, "evidence")), ..Kept::default() };
        if first && let Err(response) = present(&here, &pairs, &hers).await {
            return *response;
        }
        if files.len() <= FILES_LIMIT && field.file_name().is_some_and(|file| !file.is_empty()) {
            match tokio::time::timeout(WAITS_FOR_A_PLACE, FILES_IN_MEMORY.acquire()).await {
                Ok(Ok(place)) => places.push(place),
                _ => return refuse_with(&here, &pairs, "efile", here.sentence(&Error::Busy), hers).await,
            }
        }
        let read = match field.file_name().map(str::to_owned) {
            None => answers::text(field).await.map(|text| {
                if pairs.len() < FIELDS_LIMIT {
                    pairs.push((name, text));
                }
            }),
            Some(file) if file.is_empty() || files.len() > FILES_LIMIT => Ok(()),
            Some(file) => match answers::bytes(field, FILE_LIMIT).await {
                Ok(bytes) => {
                    files.push((file, bytes));
                    Ok(())
                }
                Err(error) => {
                    fault = Some((error, file));
                    break;
                }
            },
        };
        if let Err(error) = read {
            fault = Some((error, String::new()));
            break;
        }
    }
    let text = clean(value(&pairs, "evidence"));
    let kept = Kept { evidence: text.clone(), ..Kept::default() };
    if let Some((fault, file)) = fault {
        let voice = here.page("").voice;
        let sentence = match fault {
            FieldFault::TooLong if !file.is_empty() => voice.t1("error-file-large", "name", file),
            FieldFault::TooLong => voice.t("error-too-large"),
            FieldFault::Broken => voice.t("error-broken-form"),
        };
        return refuse_with(&here, &pairs, "efile", sentence, kept).await;
    }
    if text.is_empty() && files.is_empty() {
        return refuse(&here, &pairs, "evidence", "status-evidence-empty", kept).await;
    }
    add(&here, &pairs, Addition::Evidence(text, files), "evidence", "status-evidence-sent", kept).await
}

/// POST /status/proof: the signed proof, fetched by choice.
pub async fn proof(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let presented = match present(&here, &pairs, &Kept::default()).await {
        Ok(presented) => presented,
        Err(response) => return *response,
    };
    let proof = here.hall().proof(&presented).await;
    handed_out(&here, &pairs, &presented, proof, "application/octet-stream").await
}

/// POST /status/proof/page: the same as a page to keep beside it.
pub async fn proof_page(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let presented = match present(&here, &pairs, &Kept::default()).await {
        Ok(presented) => presented,
        Err(response) => return *response,
    };
    let proof = here.hall().proof_page(&presented).await;
    handed_out(&here, &pairs, &presented, proof, "application/pdf").await
}

async fn handed_out(
    here: &Here,
    pairs: &Pairs,
    presented: &Presented,
    proof: Result<Proof, Error>,
    kind: &'static str,
) -> Response {
    match proof {
        Ok(proof) => {
            let disposition = format!("attachment; filename=\"{}\"", proof.name);
            let headers = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
            (headers, proof.bytes).into_response()
        }
        Err(error) => {
            let after =
                After { errors: vec![said(here.sentence(&error), "")], status: status_of(&error), ..After::default() };
            shown(here, pairs, presented, after).await
        }
    }
}

/// POST /status/replace: a new code; the old one opens nothing from then on.
pub async fn replace(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let (old, once) = (value(&pairs, "code"), value(&pairs, "once").as_bytes());
    // The answer to this very form was lost on the way: the old code opens nothing any more.
    let (presented, replaced) = match here.hall().replaced(old, once).await {
        Ok((presented, code)) => (presented, Some(code)),
        Err(_) => match present(&here, &pairs, &Kept::default()).await {
            Ok(presented) => (presented, None),
            Err(response) => return *response,
        },
    };
    let status = match here.hall().status(&presented, here.lang).await {
        Ok(status) => status,
        Err(error) => return trouble(&here, &error),
    };
    let done = match replaced {
        Some(code) => Ok(code),
        None => here.hall().replace_code(&presented, old, once).await,
    };
    match done {
        Ok(code) => page(
            StatusCode::OK,
            &Code {
                p: frame(&here, &presented),
                lead: "status-code-replaced-lead",
                code,
                number: status.number.to_string(),
                received_on: status.state.received_on,
            },
        ),
        Err(error) => {
            let after =
                After { errors: vec![said(here.sentence(&error), "")], status: status_of(&error), ..After::default() };
            shown(&here, &pairs, &presented, after).await
        }
    }
}

/// POST /status/destroy: no code any more; the report goes on.
pub async fn destroy(here: Here, Form(pairs): Form<Pairs>) -> Response {
    if value(&pairs, "sure") != "yes" {
        return refuse(&here, &pairs, "sure", "status-code-need-sure", Kept::default()).await;
    }
    let presented = match present(&here, &pairs, &Kept::default()).await {
        Ok(presented) => presented,
        Err(response) => return *response,
    };
    match here.hall().destroy_code(&presented).await {
        Ok(()) => {
            let p = frame(&here, &presented);
            let (heading, text) = (p.voice.t("status-code-destroyed-heading"), p.voice.t("status-code-destroyed"));
            page(StatusCode::OK, &Said::new(p, heading, text))
        }
        Err(error) => trouble(&here, &error),
    }
}

/// What the page says after something was done or could not be.
struct After {
    errors: Vec<FieldError>,
    done: String,
    kept: Kept,
    status: StatusCode,
}

impl Default for After {
    fn default() -> Self {
        Self { errors: Vec::new(), done: String::new(), kept: Kept::default(), status: StatusCode::OK }
    }
}

fn said(text: String, field: &str) -> FieldError {
    FieldError { field: field.to_owned(), text }
}

/// Looks her code up; what she wrote stays on the page that answers where that fails.
async fn present(here: &Here, pairs: &Pairs, kept: &Kept) -> Result<Presented, Box<Response>> {
    let typed = value(pairs, "code");
    here.hall().present(typed).await.map_err(|error| match error {
        Error::NotFound | Error::Input { .. } => {
            let p = here.page("/status");
            let text = match &error {
                Error::Input { .. } => here.sentence(&error),
                _ => p.voice.t("enter-error"),
            };
            let template = Enter { code: typed.to_owned(), errors: vec![said(text, "code")], kept: kept.words(), p };
            // One status for a slip and for a code that opens nothing.
            Box::new(page(StatusCode::NOT_FOUND, &template))
        }
        error => Box::new(trouble_keeping(here, &error, kept)),
    })
}

fn organ(here: &Here, presented: &Presented) -> std::sync::Arc<Organ> {
    here.hall().organ(&presented.tenant).unwrap_or_else(|_| here.organ.clone())
}

fn frame(here: &Here, presented: &Presented) -> PublicPage {
    here.page_of(&organ(here, presented), "/status")
}

async fn add(here: &Here, pairs: &Pairs, addition: Addition, field: &str, done: &str, kept: Kept) -> Response {
    let presented = match present(here, pairs, &kept).await {
        Ok(presented) => presented,
        Err(response) => return *response,
    };
    match here.hall().add_from(&presented, addition, value(pairs, "acts").parse().ok()).await {
        Ok(()) => {
            let done = frame(here, &presented).voice.t(done);
            shown(here, pairs, &presented, After { done, ..After::default() }).await
        }
        Err(error) => {
            let after = After {
                errors: vec![said(here.sentence(&error), field)],
                kept,
                status: status_of(&error),
                ..After::default()
            };
            shown(here, pairs, &presented, after).await
        }
    }
}

async fn refuse(here: &Here, pairs: &Pairs, field: &str, key: &str, kept: Kept) -> Response {
    refuse_with(here, pairs, field, here.page("").voice.t(key), kept).await
}

async fn refuse_with(here: &Here, pairs: &Pairs, field: &str, sentence: String, kept: Kept) -> Response {
    let presented = match present(here, pairs, &kept).await {
        Ok(presented) => presented,
        Err(response) => return *response,
    };
    let after = After {
        errors: vec![said(sentence, field)],
        kept,
        status: StatusCode::UNPROCESSABLE_ENTITY,
        ..After::default()
    };
    shown(here, pairs, &presented, after).await
}

async fn shown(here: &Here, pairs: &Pairs, presented: &Presented, after: After) -> Response {
    let organ = organ(here, presented);
    let status = match here.hall().status(presented, here.lang).await {
        Ok(status) => status,
        // The register is away: what she wrote must not be lost with it.
        Err(error) => return trouble_keeping(here, &error, &after.kept),
    };
    let p = here.page_of(&organ, "/status");
    let rules = here.hall().rules();
    let context = Context {
        today: here.hall().clock.today(),
        at: here.hall().clock.micros(),
        actor: Actor::Reporter,
        edition: organ.edition(),
        rules: &rules,
    };
    let lawful: Vec<CommandKind> = lawful_actions(&status.state, &context)
        .into_iter()
        .filter(|action| action.allowed.is_ok())
        .map(|action| action.command)
        .collect();
    let (next, timeline): (Vec<_>, Vec<_>) = status.timeline.into_iter().partition(|line| line.kind == "next_step");
    let s = Status {
        code: value(pairs, "code").to_owned(),
        once: here.hall().once(),
        acts: status.acts,
        number: status.number.to_string(),
        state: match status.state.answered_on {
            // The office closes it later; for her the answer has come.
            Some(_) if status.stage == Stage::AwaitingFeedback => p.voice.t("status-stage-answered"),
            // Closed, and yet something of hers is owed an answer.
            _ if status.state.open_objections > 0 => p.voice.t("status-stage-objection"),
            _ => p.voice.t(&format!("status-stage-{}", status.stage)),
        },
        next: next.into_iter().map(|line| line.text).collect(),
        timeline: timeline.into_iter().map(|line| Step { on: line.on, text: line.text }).collect(),
        messages: status
            .messages
            .into_iter()
            .map(|m| Message { on: m.day, from_office: m.from == ThreadFrom::Office, text: m.text })
            .collect(),
        may_add: lawful.contains(&CommandKind::AddEvidence),
        may_object: lawful.contains(&CommandKind::Object),
        may_rate: lawful.contains(&CommandKind::Rate),
    };
    page(after.status, &StatusPage { p, s, errors: after.errors, done: after.done, kept: after.kept })
}

fn trouble(here: &Here, error: &Error) -> Response {
    trouble_keeping(here, error, &Kept::default())
}

/// Nothing could be read or stored: what she wrote is on the page that says so.
fn trouble_keeping(here: &Here, error: &Error, kept: &Kept) -> Response {
    let p = here.page("/status");
    let (text, kept) = (here.sentence(error), kept.words());
    let heading = p.voice.t("problem-heading");
    page(status_of(error), &Said { p, heading, text, kept })
}
