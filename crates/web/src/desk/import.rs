//! Importing a table on a page: what the columns are taken for, how many rows are good, what is
//! wrong with the others and what to do; the list of faults as a file. No cell is ever shown.

use axum::extract::Multipart;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::permission::Action;
use domain::words::Lang;
use office::Error;
use office::import::{Fault, Table, Taking, fault_table};
use office::intake::FILE_LIMIT;

use super::page::{FaultView, ImportPage, Outcome};
use super::site::{Filled, Seated};
use super::upload::{Keep, read};
use crate::answers::value;
use crate::public::{page, status_of};

/// Faults that are listed; whoever has more corrects these first.
const LISTED: usize = 500;

/// GET /import: the form.
pub async fn form(seat: Seated) -> Response {
    if let Err(error) = seat.me.may_use(Action::Import) {
        return seat.trouble(&error).await;
    }
    shown(&seat, String::new(), None, String::new(), StatusCode::OK).await
}

/// POST /import: checks a table or takes it in.
pub async fn take(seat: Seated, form: Multipart) -> Response {
    let (pairs, mut files, fault) = read(form, Keep::Files(FILE_LIMIT)).await;
    if !seat.own_form(&pairs) {
        return seat.foreign();
    }
    let source = value(&pairs, "source").to_owned();
    if fault.is_some() {
        let text = seat.voice().t("import-too-large");
        return shown(&seat, source, None, text, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let Some((name, bytes)) = files.pop() else {
        let text = seat.voice().t("import-no-file");
        return shown(&seat, source, None, text, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let taking = if value(&pairs, "do") == "import" { Taking::Import } else { Taking::Check };
    match seat.hall().import_table(&seat.me, &source, &name, bytes, taking).await {
        Ok(table) => {
            let outcome = outcome(&seat, table, taking);
            let source = if source.is_empty() { name } else { source };
            shown(&seat, source, Some(outcome), String::new(), StatusCode::OK).await
        }
        Err(error) => shown(&seat, source, None, error.sentence(seat.lang), status_of(&error)).await,
    }
}

/// POST /import/faults: the list on the page as a file. It comes back in the form, so that nothing
/// of an import has to be kept on the server.
pub async fn faults(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    if let Err(error) = seat.me.may_use(Action::Import) {
        return seat.trouble(&error).await;
    }
    let Ok(faults) = serde_json::from_str::<Vec<Fault>>(value(&pairs, "faults")) else {
        return seat.trouble(&Error::NotFound).await;
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"import-faults.csv\""),
    ];
    (headers, fault_table(&faults)).into_response()
}

fn outcome(seat: &Seated, table: Table, taking: Taking) -> Outcome {
    let voice = seat.voice();
    let zh = seat.lang == Lang::Zh;
    let mut listed = table.rows.faults;
    let all = listed.len();
    listed.truncate(LISTED);
    Outcome {
        columns: table.columns.into_iter().map(|c| (c.heading, if zh { c.zh } else { c.en }.to_owned())).collect(),
        said: match taking {
            Taking::Check => voice.t2("import-checked", "good", table.rows.added, "bad", table.rows.refused),
            Taking::Import => voice.ta(
                "import-done",
                &[
                    ("good", table.rows.added.to_string()),
                    ("known", table.rows.known.to_string()),
                    ("bad", table.rows.refused.to_string()),
                ],
            ),
        },
        more: if all > LISTED { voice.t1("import-more", "n", LISTED) } else { String::new() },
        json: serde_json::to_string(&listed).unwrap_or_default(),
        faults: listed
            .into_iter()
            .map(|f| FaultView { line: f.line.to_string(), column: f.column, why: if zh { f.zh } else { f.en } })
            .collect(),
    }
}

async fn shown(seat: &Seated, source: String, outcome: Option<Outcome>, error: String, status: StatusCode) -> Response {
    page(status, &ImportPage { p: seat.page("/import").await, source, outcome, error })
}
