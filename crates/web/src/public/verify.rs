//! The verification page: what anyone needs to check a proof in the browser, with no file sent
//! anywhere. The server gives the keys of its logs and never learns what was checked, or whether
//! anything was.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use domain::words::Lang;

use super::page::{Organs, Said, Verify};
use super::site::{self, Here, Site, page, status_of};

/// As every page's, and no connection at all: what the person chose cannot leave, whatever runs here.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// GET /verify.
pub async fn show(here: Here) -> Response {
    let p = here.page("/verify");
    let logs = match here.hall().trusted_logs().await {
        Ok(logs) => logs,
        Err(error) => {
            let (heading, text) = (p.voice.t("problem-heading"), here.sentence(&error));
            return page(status_of(&error), &Said::new(p, heading, text));
        }
    };
    let mut policy = String::new();
    for log in &logs {
        policy += &format!("log {}\n", log.vkey);
    }
    if !logs.is_empty() {
        // Witnesses are known by their names here, and none is demanded: a quorum is worth what the one
        // who gave it to the reader is, and a proof from before a witness was won stays sound.
        for witness in here.hall().policy().iter().flat_map(|policy| &policy.witnesses) {
            policy += &format!("witness {} {}\n", witness.name, witness.key);
        }
        policy += "quorum none\n";
    }
    let mut response = page(StatusCode::OK, &Verify { p, logs, policy });
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP));
    response
}

/// GET /v: the address in a letter's QR code; what stands behind the # stays in the browser.
pub async fn scanned(here: Here) -> Response {
    Redirect::to(&here.page("/").link("/verify")).into_response()
}

/// GET /v without an organ: the only organ's page, or the choice among them.
pub async fn scanned_anywhere(State(site): State<Site>) -> Response {
    let organs = site.hall.organs();
    if let [only] = organs.as_slice() {
        return Redirect::to(&format!("/{}/verify", only.tenant)).into_response();
    }
    let list = organs.iter().map(|o| (format!("/{}/verify", o.tenant), o.directory.organ.name.clone())).collect();
    page(StatusCode::OK, &Organs { p: site::bare(Lang::Zh), organs: list })
}
