//! Importing tables on a page, each of them on its own: what the columns are taken for, how many rows
//! are good, what is wrong with the others and what to do; the list of faults as a file. No cell is
//! ever shown.

use axum::extract::Multipart;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::permission::Action;
use domain::words::Lang;
use office::Error;
use office::import::{Fault, Table, Taking, fault_table};
use office::intake::{FILE_LIMIT, FILES_LIMIT};

use super::page::{FaultView, ImportPage, Outcome};
use super::site::{Filled, Seated};
use super::upload::{Keep, read};
use crate::answers::value;
use crate::public::{page, status_of};

/// GET /import: the form.
pub async fn form(seat: Seated) -> Response {
    if let Err(error) = seat.me.may_use(Action::Import) {
        return seat.trouble(&error).await;
    }
    shown(&seat, String::new(), Vec::new(), String::new(), StatusCode::OK).await
}

/// POST /import: checks tables or takes them in, one after the other.
pub async fn take(seat: Seated, form: Multipart) -> Response {
    // Before a byte of a table is taken into memory.
    if let Err(error) = seat.me.may_use(Action::Import) {
        return seat.trouble(&error).await;
    }
    let (pairs, files, fault) = read(form, Keep::Files(FILE_LIMIT)).await;
    if !seat.own_form(&pairs) {
        return seat.foreign();
    }
    let source = value(&pairs, "source").to_owned();
    if fault.is_some() {
        let text = seat.voice().t("import-too-large");
        return shown(&seat, source, Vec::new(), text, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let refused = match files.len() {
        0 => Some(seat.voice().t("import-no-file")),
        n if n > FILES_LIMIT => Some(seat.voice().t1("import-too-many", "n", FILES_LIMIT)),
        _ => None,
    };
    if let Some(text) = refused {
        return shown(&seat, source, Vec::new(), text, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let taking = if value(&pairs, "do") == "import" { Taking::Import } else { Taking::Check };
    let several = files.len() > 1;
    let (mut outcomes, mut status) = (Vec::with_capacity(files.len()), StatusCode::OK);
    for (name, bytes) in files {
        // Two tables of a batch may both begin with row 1: each is a source of its own.
        let batch = match (source.is_empty(), several) {
            (true, _) => name.clone(),
            (false, false) => source.clone(),
            (false, true) => format!("{source} / {name}"),
        };
        let table = seat.hall().import_table(&seat.me, &batch, &name, bytes, taking).await;
        if let Err(error) = &table {
            status = status_of(error);
        }
        outcomes.push(match table {
            Ok(table) => outcome(&seat, batch, table, taking),
            Err(error) => Outcome { batch, error: error.sentence(seat.lang), ..Outcome::default() },
        });
    }
    let source = match &outcomes[..] {
        [one] => one.batch.clone(),
        _ => source,
    };
    shown(&seat, source, outcomes, String::new(), status).await
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

fn outcome(seat: &Seated, batch: String, table: Table, taking: Taking) -> Outcome {
    let voice = seat.voice();
    let zh = seat.lang == Lang::Zh;
    let listed = table.rows.faults;
    let all = table.rows.faults_in_all;
    Outcome {
        batch,
        error: String::new(),
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
        more: if all > listed.len() as u64 {
            voice.t2("import-more", "n", listed.len(), "all", all)
        } else {
            String::new()
        },
        json: serde_json::to_string(&listed).unwrap_or_default(),
        faults: listed
            .into_iter()
            .map(|f| FaultView { line: f.line.to_string(), column: f.column, why: if zh { f.zh } else { f.en } })
            .collect(),
    }
}

async fn shown(seat: &Seated, source: String, outcomes: Vec<Outcome>, error: String, status: StatusCode) -> Response {
    page(status, &ImportPage { p: seat.page("/import").await, source, outcomes, error })
}
