//! What leaves the desk as a file: papers as PDF, lists as spreadsheets. Both are recorded.

use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::ids::ReportId;
use domain::words::{Edition, Lang};
use office::Error;
use office::paper::PaperKind;

use super::site::{Filled, Seated};
use crate::locale;

/// Words on paper are Chinese, whatever the language of the screen.
fn name(edition: Edition, family: &str, spelling: &str) -> String {
    let key = format!("word-{family}-{spelling}");
    if locale::knows(&key) { locale::text(Lang::Zh, edition, &key, &[]) } else { spelling.to_owned() }
}

fn download(media_type: &str, name: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}

/// A spreadsheet under a plain name.
pub fn spreadsheet(name: &str, bytes: Vec<u8>) -> Response {
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    download(media_type, &format!("{name}.xlsx"), bytes)
}

/// POST /reports/{id}/papers/{paper}: makes it; a letter is thereby issued.
pub async fn issue(Path((id, paper)): Path<(String, String)>, filled: Filled) -> Response {
    let seat = filled.seat;
    let (Ok(report), Some(kind)) = (id.parse::<ReportId>(), PaperKind::parse(&paper)) else {
        return seat.trouble(&Error::NotFound).await;
    };
    let edition = seat.organ.edition();
    let names = |family: &str, spelling: &str| name(edition, family, spelling);
    match seat.hall().issue_paper(&seat.me, report, kind, &names).await {
        Ok(issued) => download("application/pdf", &issued.name, issued.pdf),
        Err(error) => seat.trouble_at(&error, report).await,
    }
}

/// GET /reports/{id}/papers/{paper}/file: a paper as it was issued.
pub async fn on_file(seat: Seated, Path((id, paper)): Path<(String, String)>) -> Response {
    let Ok(report) = id.parse::<ReportId>() else { return seat.trouble(&Error::NotFound).await };
    match seat.hall().paper_on_file(&seat.me, report, &paper).await {
        Ok(issued) => download("application/pdf", &issued.name, issued.pdf),
        Err(error) => seat.trouble(&error).await,
    }
}

/// GET /reports/{id}/papers/{paper}/proof: the proof that goes with it.
pub async fn proof(seat: Seated, Path((id, paper)): Path<(String, String)>) -> Response {
    let Ok(report) = id.parse::<ReportId>() else { return seat.trouble(&Error::NotFound).await };
    match seat.hall().paper_proof(&seat.me, report, &paper).await {
        Ok(proof) => download("application/octet-stream", proof.name, proof.bytes),
        Err(error) => seat.trouble(&error).await,
    }
}

/// GET /template: the empty spreadsheet for imports.
pub async fn template(seat: Seated) -> Response {
    match seat.hall().import_template(&seat.me) {
        Ok(bytes) => spreadsheet("template", bytes),
        Err(error) => seat.trouble(&error).await,
    }
}
