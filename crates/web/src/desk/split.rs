//! 拆分 and 补充材料 on the report's page: the two acts that need more than the form of a command.

use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use domain::content::Subject;
use domain::ids::ReportId;
use domain::words::CommandKind;
use office::Error;
use office::intake::FILE_LIMIT;
use office::report::{OpenReport, Part};

use super::page::{PartView, SplitPage};
use super::report::{again, open};
use super::site::{Filled, Seated};
use super::upload::{Keep, read};
use crate::answers::{Pairs, value};
use crate::public::draft::clean;
use crate::public::{page, status_of};

/// Parts a report can be split into at a time.
const PARTS: usize = 9;

/// GET /reports/{id}/split.
pub async fn form(seat: Seated, Path(id): Path<String>) -> Response {
    let open = match open(&seat, &id).await {
        Ok(open) => open,
        Err(error) => return seat.trouble(&error).await,
    };
    let offered = seat.hall().buttons(&seat.me, &open, seat.lang);
    let why = match offered.into_iter().find(|b| b.command == CommandKind::Split) {
        Some(button) => button.why_not.unwrap_or_default(),
        None => return seat.trouble(&Error::Forbidden("refused-role")).await,
    };
    shown(&seat, &open, &Vec::new(), 2, why, StatusCode::OK).await
}

/// POST /reports/{id}/split: one more part, or splits it.
pub async fn split(Path(id): Path<String>, filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let count = value(&pairs, "count").parse().unwrap_or(2).clamp(1, PARTS);
    if value(&pairs, "do") == "more" {
        return match open(&seat, &id).await {
            Ok(open) => shown(&seat, &open, &pairs, (count + 1).min(PARTS), String::new(), StatusCode::OK).await,
            Err(error) => seat.trouble(&error).await,
        };
    }
    let Ok(report) = id.parse::<ReportId>() else { return seat.trouble(&Error::NotFound).await };
    let parts: Vec<Part> = (1..=count).filter_map(|n| part(&pairs, n)).collect();
    match seat.hall().split(&seat.me, report, parts, value(&pairs, "seen").parse().ok()).await {
        Ok(_) => Redirect::to(&format!("/reports/{report}")).into_response(),
        Err(Error::NotFound) => seat.trouble(&Error::NotFound).await,
        Err(error) => match open(&seat, &id).await {
            Ok(open) => shown(&seat, &open, &pairs, count, error.sentence(seat.lang), status_of(&error)).await,
            Err(error) => seat.trouble(&error).await,
        },
    }
}

/// POST /reports/{id}/evidence: adds what came in later.
pub async fn evidence(Path(id): Path<String>, seat: Seated, form: Multipart) -> Response {
    let (pairs, files, fault) = read(form, Keep::Files(FILE_LIMIT)).await;
    if !seat.own_form(&pairs) {
        return seat.foreign();
    }
    let Ok(report) = id.parse::<ReportId>() else { return seat.trouble(&Error::NotFound).await };
    let command = CommandKind::AddEvidence;
    let sent = match fault {
        Some(_) => Err((seat.voice().t("error-too-large-desk"), StatusCode::UNPROCESSABLE_ENTITY)),
        None => {
            let seen = value(&pairs, "seen").parse().ok();
            match seat.hall().add_evidence(&seat.me, report, clean(value(&pairs, "text")), files, seen).await {
                Ok(_) => Ok(()),
                Err(Error::NotFound) => return seat.trouble(&Error::NotFound).await,
                Err(error) => Err((error.sentence(seat.lang), status_of(&error))),
            }
        }
    };
    match sent {
        Ok(()) => Redirect::to(&format!("/reports/{report}")).into_response(),
        Err((text, status)) => match open(&seat, &id).await {
            Ok(open) => again(&seat, &open, command, &pairs, text, status).await,
            Err(error) => seat.trouble(&error).await,
        },
    }
}

/// The `n`th part; none where nothing of it was filled.
fn part(pairs: &Pairs, n: usize) -> Option<Part> {
    let text = |stem: &str| clean(value(pairs, &format!("{stem}{n}")));
    let some = |stem: &str| Some(text(stem)).filter(|t| !t.is_empty());
    let subject = Subject { name: some("name"), unit: some("unit"), post: some("post"), rank: None };
    let named = subject.name.is_some() || subject.unit.is_some() || subject.post.is_some();
    let part = Part {
        title: text("title"),
        text: text("text"),
        subjects: named.then_some(subject).into_iter().collect(),
        division: some("division"),
    };
    (part != Part::default()).then_some(part)
}

async fn shown(
    seat: &Seated,
    open: &OpenReport,
    pairs: &Pairs,
    count: usize,
    error: String,
    status: StatusCode,
) -> Response {
    let text = |stem: &str, n: usize| clean(value(pairs, &format!("{stem}{n}")));
    let of_report = open.narrative.division.clone().unwrap_or_default();
    let parts = (1..=count)
        .map(|n| PartView {
            n,
            title: text("title", n),
            text: text("text", n),
            name: text("name", n),
            unit: text("unit", n),
            post: text("post", n),
            division: if pairs.is_empty() { of_report.clone() } else { text("division", n) },
        })
        .collect();
    let template = SplitPage {
        p: seat.page("").await,
        href: format!("/reports/{}", open.id),
        number: open.number.to_string(),
        seen: open.state.version,
        whole: open.narrative.text.clone(),
        title: open.narrative.title.clone(),
        may_more: count < PARTS,
        parts,
        places: crate::public::places_of(&seat.organ).into_iter().map(|p| (p.code.clone(), p.label())).collect(),
        error,
    };
    page(status, &template)
}
