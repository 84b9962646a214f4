//! 审计: who saw what, and who changed what.

use axum::extract::Query as UrlQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::{OfficeId, StaffId};
use jiff::civil::Date;
use office::audit::{Deed, Entry};
use office::export::Table;

use super::page::{Audit, AuditLine};
use super::papers;
use super::site::{Filled, Seated};
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::public::page;

/// Most days asked for at once.
const DAYS: i32 = 31;

/// GET /audit: today unless other days are asked for.
pub async fn audit(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let (from, until) = days(&seat, &asked);
    match seat.hall().audit(&seat.me, from, until).await {
        Ok(entries) => {
            let mut lines = Vec::with_capacity(entries.len());
            for entry in &entries {
                lines.push(line(&seat, &seat.voice(), entry));
            }
            let template = Audit {
                p: seat.page("/audit").await,
                from: from.to_string(),
                until: until.to_string(),
                entries: lines,
            };
            page(StatusCode::OK, &template)
        }
        Err(error) => seat.trouble(&error).await,
    }
}

/// The days asked for: today unless others are, and not more than a month of them.
fn days(seat: &Seated, asked: &[(String, String)]) -> (Date, Date) {
    let until: Date = value(asked, "until").parse().unwrap_or(seat.hall().clock.today());
    let from: Date = value(asked, "from").parse().unwrap_or(until);
    let span = from.until(until).map_or(0, |s| s.get_days());
    (if (0..=DAYS).contains(&span) { from } else { until }, until)
}

fn line(seat: &Seated, voice: &Voice, entry: &Entry) -> AuditLine {
    let directory = &seat.organ.directory;
    let (key, detail) = match &entry.deed {
        Deed::SignedIn => ("signed_in", String::new()),
        Deed::SignInFailed { times } => ("sign_in_failed", format!("× {times}")),
        Deed::SignedOut => ("signed_out", String::new()),
        Deed::Viewed { report } => ("viewed", report.to_string()),
        Deed::Downloaded { report } => ("downloaded", report.to_string()),
        Deed::Acted { report, .. } => ("acted", report.to_string()),
        Deed::Registered { report } => ("registered", report.to_string()),
        Deed::Listed { list, rows } => ("listed", format!("{list} {rows}")),
        Deed::Searched { hits } => ("searched", hits.to_string()),
        Deed::Exported { list, rows } => ("exported", format!("{list} {rows}")),
        Deed::Printed { report, paper } => ("printed", format!("{paper} {report}")),
        Deed::ImportBegun => ("import_begun", String::new()),
        Deed::Imported { reports, known, refused } => ("imported", format!("+{reports} ={known} −{refused}")),
        Deed::ImportBroken { rows } => ("import_broken", rows.to_string()),
        Deed::CockpitViewed => ("cockpit_viewed", String::new()),
        Deed::AuditViewed => ("audit_viewed", String::new()),
        Deed::Retried { job } => ("retried", job.clone()),
        Deed::DirectoryChanged { what, of } => {
            let name = directory.staff(&StaffId(of.clone())).map(|s| s.name.clone());
            let office = directory.office(&OfficeId(of.clone())).map(|o| o.name.clone());
            let of = name.or(office).unwrap_or_else(|| of.clone());
            ("directory_changed", format!("{} {of}", voice.t(&format!("change-{what}"))))
        }
    };
    let time = jiff::Timestamp::from_microsecond(entry.at).map_or_else(
        |_| String::new(),
        |at| {
            let zoned = at.to_zoned(seat.hall().clock.zone().clone());
            format!(" {:02}:{:02}:{:02}", zoned.hour(), zoned.minute(), zoned.second())
        },
    );
    AuditLine {
        when: format!("{}{time}", entry.day),
        who: directory.staff(&entry.staff).map_or_else(|| entry.staff.to_string(), |s| s.name.clone()),
        office: directory.office(&entry.office).map_or_else(|| entry.office.to_string(), |o| o.name.clone()),
        what: voice.t(&format!("deed-{key}")),
        detail,
    }
}

/// POST /audit/export: the records of the days shown, as a spreadsheet.
pub async fn export(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let (from, until) = days(&seat, &pairs);
    let entries = match seat.hall().audit(&seat.me, from, until).await {
        Ok(entries) => entries,
        Err(error) => return seat.trouble(&error).await,
    };
    // On paper: Chinese, whatever the language of the screen.
    let voice = Voice { lang: domain::words::Lang::Zh, edition: seat.organ.edition() };
    let headings = [
        ("audit-when", 20.0),
        ("audit-who", 12.0),
        ("audit-office", 22.0),
        ("audit-what", 16.0),
        ("audit-detail", 40.0),
    ];
    let table = Table {
        name: "audit",
        title: voice.t("audit-heading"),
        headings: headings.map(|(key, width)| (voice.t(key), width)).to_vec(),
        rows: entries
            .iter()
            .map(|entry| {
                let line = line(&seat, &voice, entry);
                vec![line.when, line.who, line.office, line.what, line.detail]
            })
            .collect(),
    };
    match seat.hall().export_table(&seat.me, table, value(&pairs, "purpose")).await {
        Ok(bytes) => papers::spreadsheet("audit", bytes),
        Err(error) => seat.trouble(&error).await,
    }
}
