//! Filing a report: who, what, review, code. Each step is one POST that carries every earlier
//! answer in its body, so that nothing stands in an address and nothing is kept here. Whatever
//! fails, the page that answers holds her text.

use axum::Form;
use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use domain::content::Identity;
use domain::ids::TenantCode;
use domain::words::{Channel, Lang, Source, Urgency};
use office::Error;
use office::intake::{Entry, FILE_LIMIT, FORM_REPORT, NewReport, Opening, Replayed, TicketOffer, WorkProof};
use triage::caution;

use super::draft::Draft;
use super::page::{Code, FieldError, Problem, Review, Wait, What, Who};
use super::site::{Here, page, status_of};
use crate::answers::{self, FIELDS_LIMIT, FieldFault, Pairs, value};

/// Waits up to this many seconds are held here when files came along, so that they need not be
/// sent again.
const HELD_SECONDS: u32 = 15;

/// GET /report: an empty form.
pub async fn begin(here: Here) -> Response {
    who(&here, Draft::new(), Vec::new())
}

/// POST /report/who: on to what happened.
pub async fn after_who(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let draft = Draft::from_pairs(&pairs);
    let errors = draft.check_who(&here.page("/report"));
    if errors.is_empty() { what(&here, draft, errors) } else { who(&here, draft, errors) }
}

/// POST /report/what: on to the review, or back.
pub async fn after_what(here: Here, Form(pairs): Form<Pairs>) -> Response {
    let draft = Draft::from_pairs(&pairs);
    match value(&pairs, "to") {
        "who" => return who(&here, draft, Vec::new()),
        // Back from the review: what was chosen there is not sent along.
        "what" => return what(&here, draft, Vec::new()),
        _ => {}
    }
    let errors = draft.check_what(&here.page("/report"));
    if errors.is_empty() { review(&here, draft, errors) } else { what(&here, draft, errors) }
}

/// POST /report/submit: the ticket, the files one by one, the commit; only then the code.
pub async fn submit(here: Here, mut form: Multipart) -> Response {
    let mut pairs = Pairs::new();
    let mut opened: Option<Open> = None;
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => return broken(&here, &pairs, &error.into()),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file) = field.file_name().map(str::to_owned) else {
            match answers::text(field).await {
                Ok(text) if pairs.len() < FIELDS_LIMIT => pairs.push((name, text)),
                Ok(_) => {}
                Err(fault) => return broken(&here, &pairs, &fault),
            }
            continue;
        };
        // A browser sends an empty nameless file where none was chosen.
        if file.is_empty() {
            continue;
        }
        // Her answers come before the files, so they are known before the first file is read.
        let begun = match opened.take() {
            Some(open) => open,
            None => match open(&here, &pairs, Files::Some).await {
                Ok(open) => open,
                Err(response) => return *response,
            },
        };
        let begun = opened.insert(begun);
        let bytes = match answers::bytes(field, FILE_LIMIT).await {
            Ok(bytes) => bytes,
            Err(FieldFault::TooLong) => {
                let text = here.page("").voice.t1("error-file-large", "name", &file);
                return again(&here, &pairs, "file", text);
            }
            Err(fault) => return broken(&here, &pairs, &fault),
        };
        if let Err(error) = here.hall().attach(&mut begun.opening, &file, bytes).await {
            return failed(&here, &pairs, &error, Files::Some, Some(&file));
        }
    }
    if value(&pairs, "read") != "yes" {
        return again(&here, &pairs, "read", here.page("").voice.t("review-error-read"));
    }
    let (open, files) = match opened {
        Some(open) => (open, Files::Some),
        None => match open(&here, &pairs, Files::None).await {
            Ok(open) => (open, Files::None),
            Err(response) => return *response,
        },
    };
    receive(&here, &pairs, open, files).await
}

/// Paid for, and begun.
struct Open {
    token: Vec<u8>,
    opening: Opening,
    draft: Draft,
}

/// Whether files came along.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Files {
    Some,
    None,
}

async fn open(here: &Here, pairs: &Pairs, files: Files) -> Result<Open, Box<Response>> {
    let draft = Draft::from_pairs(pairs);
    let p = here.page("/report");
    let errors = draft.check_who(&p);
    if !errors.is_empty() {
        return Err(Box::new(who(here, draft, errors)));
    }
    let errors = draft.check_what(&p);
    if !errors.is_empty() {
        return Err(Box::new(what(here, draft, errors)));
    }
    let token = pay(here, pairs, files).await?;
    let opening = addressed(here, &draft)
        .and_then(|tenant| here.hall().open_report(&tenant, &draft.to_subjects()))
        .map_err(|error| Box::new(failed(here, pairs, &error, files, None)))?;
    Ok(Open { token, opening, draft })
}

/// The ticket: solved, waited for, or one to wait with. Its own random bytes name the submission.
async fn pay(here: &Here, pairs: &Pairs, files: Files) -> Result<Vec<u8>, Box<Response>> {
    let tenant = &here.organ.tenant;
    let check = |ticket: &str, proof| here.hall().ticket_check(tenant, FORM_REPORT, ticket, proof);
    let (ticket, solution, waited) = (value(pairs, "ticket"), value(pairs, "solution"), value(pairs, "waited"));
    if !solution.is_empty()
        && let Ok(token) = check(ticket, WorkProof::Solved(solution))
    {
        return Ok(token);
    }
    if !waited.is_empty()
        && let Ok(token) = check(waited, WorkProof::Waited)
    {
        return Ok(token);
    }
    let offer = here.hall().ticket_by_wait(tenant, FORM_REPORT);
    if files == Files::Some
        && offer.wait <= HELD_SECONDS
        && let Ok(_place) = here.site.held.try_acquire()
    {
        tokio::time::sleep(std::time::Duration::from_secs(u64::from(offer.wait) + 1)).await;
        if let Ok(token) = check(&offer.ticket, WorkProof::Waited) {
            return Ok(token);
        }
    }
    Err(Box::new(wait(here, pairs, &offer, files)))
}

/// Which organ it is addressed to: the superior where she ticked that it is about a leader here.
fn addressed(here: &Here, draft: &Draft) -> Result<TenantCode, Error> {
    if !draft.own_leader {
        return Ok(here.organ.tenant.clone());
    }
    let Some(superior) = here.organ.directory.superior() else { return Ok(here.organ.tenant.clone()) };
    match &superior.tenant {
        Some(tenant) if here.hall().organ(tenant).is_ok() => Ok(tenant.clone()),
        _ => {
            let say = |lang| {
                let args = [
                    ("name", superior.name.clone()),
                    ("address", superior.address.clone()),
                    ("phone", superior.phone.clone()),
                ];
                crate::locale::text(lang, here.organ.edition(), "who-superior", &args)
            };
            Err(Error::input("goes-to-superior", say(Lang::Zh), say(Lang::En)))
        }
    }
}

async fn receive(here: &Here, pairs: &Pairs, open: Open, files: Files) -> Response {
    let Open { token, opening, draft } = open;
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let named = draft.named().then(|| Identity {
        name: draft.reporter_name.clone(),
        contact: draft.reporter_contact.clone(),
        // The field of `rules/forms/shared.toml` by which a clerk would have noted it.
        further: some(&draft.hours).map(|hours| ("hours".to_owned(), vec![hours])).into_iter().collect(),
    });
    // The words alone tell a retry from another request: files may have to be chosen again.
    let body = serde_json::to_vec(&draft.pairs()).unwrap_or_default();
    let new = NewReport {
        entry: Entry::Public,
        token,
        body,
        channel: Channel::Web,
        source: Source::Own,
        received_on: None,
        urgency: Urgency::Normal,
        superior_due: None,
        title: draft.title.clone(),
        text: draft.full_text(),
        subjects: draft.to_subjects(),
        division: some(&draft.division),
        problem: some(&draft.problem),
        source_note: None,
        named,
    };
    match here.hall().receive(opening, new).await {
        Ok(received) => page(
            StatusCode::OK,
            &Code {
                p: here.page("/status"),
                // The report was there already; what is chosen now did not go with it.
                lead: match (received.replayed, files) {
                    (Replayed::Yes, Files::Some) => "code-lead-again",
                    _ => "code-lead",
                },
                code: received.code,
                number: received.number.to_string(),
                received_on: received.received_on,
            },
        ),
        Err(error) => failed(here, pairs, &error, files, None),
    }
}

fn who(here: &Here, d: Draft, errors: Vec<FieldError>) -> Response {
    page(status_for(&errors), &Who { p: here.page("/report"), d, errors })
}

fn what(here: &Here, d: Draft, errors: Vec<FieldError>) -> Response {
    page(status_for(&errors), &What { p: here.page("/report"), d, errors })
}

fn review(here: &Here, d: Draft, errors: Vec<FieldError>) -> Response {
    let offer = here.hall().ticket_by_work(&here.organ.tenant, FORM_REPORT);
    let mut cautions = caution::cautions(&d.text);
    let pieces = caution::pieces(&d.text, &cautions);
    // The shorter answers are not shown in pieces; what may give her away in them is listed all the same.
    cautions.extend([&d.title, &d.when, &d.place, &d.known].into_iter().flat_map(|said| caution::cautions(said)));
    let status = status_for(&errors);
    let template =
        Review { p: here.page("/report"), d, errors, cautions, pieces, ticket: offer.ticket, bits: offer.bits };
    page(status, &template)
}

fn status_for(errors: &[FieldError]) -> StatusCode {
    if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The review once more, with one thing to put right.
fn again(here: &Here, pairs: &Pairs, field: &str, text: String) -> Response {
    let mut draft = Draft::from_pairs(pairs);
    draft.read = value(pairs, "read") == "yes";
    review(here, draft, vec![FieldError { field: field.to_owned(), text }])
}

fn wait(here: &Here, pairs: &Pairs, offer: &TicketOffer, files: Files) -> Response {
    let mut kept = Draft::from_pairs(pairs).pairs();
    kept.push(("read".to_owned(), "yes".to_owned()));
    let template = Wait {
        p: here.page("/report"),
        pairs: kept,
        ticket: offer.ticket.clone(),
        seconds: offer.wait,
        files: files == Files::Some,
    };
    page(StatusCode::OK, &template)
}

fn broken(here: &Here, pairs: &Pairs, fault: &FieldFault) -> Response {
    let voice = here.page("").voice;
    let text = match fault {
        FieldFault::TooLong => voice.t("error-too-large"),
        FieldFault::Broken => voice.t("error-broken-form"),
    };
    // What arrived before the break is on the page; the last step can start from there.
    again(here, pairs, "", text)
}

/// Something of ours failed, or the law or the input said no: her text stays either way.
fn failed(here: &Here, pairs: &Pairs, error: &Error, files: Files, file: Option<&str>) -> Response {
    match error {
        Error::Input { .. } | Error::Refused(_) | Error::KeyReused => {
            let sentence = match error {
                Error::KeyReused => here.page("").voice.t("error-again"),
                error => here.sentence(error),
            };
            let text = match file {
                Some(name) => format!("{name}: {sentence}"),
                None => sentence,
            };
            again(here, pairs, if file.is_some() { "file" } else { "" }, text)
        }
        error => {
            if !matches!(error, Error::Busy) {
                tracing::error!(slug = error.slug(), "a report could not be stored");
            }
            let draft = Draft::from_pairs(pairs);
            let said = draft.full_text();
            let mut kept = draft.pairs();
            // The same ticket again: a retry of a lost answer is the same report with the same code.
            for name in ["ticket", "solution", "waited", "read"] {
                let text = value(pairs, name);
                if !text.is_empty() {
                    kept.push((name.to_owned(), text.to_owned()));
                }
            }
            let template = Problem {
                p: here.page("/report"),
                sentence: here.sentence(error),
                action: "/report/submit",
                pairs: kept,
                files: files == Files::Some,
                said,
            };
            page(status_of(error), &template)
        }
    }
}
