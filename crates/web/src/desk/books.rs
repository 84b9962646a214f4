//! 审计 and 目录: who saw what, and who is who.

use axum::extract::Query as UrlQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::permission::Action;
use office::Error;
use office::audit::{Deed, Entry};

use super::page::{Audit, AuditLine, DirectoryPage, OfficeView};
use super::site::Seated;
use crate::answers::{Pairs, value};
use crate::public::page;

/// Most days asked for at once.
const DAYS: i32 = 31;

/// GET /audit: today unless other days are asked for.
pub async fn audit(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let today = seat.hall().clock.today();
    let until: jiff::civil::Date = value(&asked, "until").parse().unwrap_or(today);
    let from: jiff::civil::Date = value(&asked, "from").parse().unwrap_or(until);
    let span = from.until(until).map_or(0, |s| s.get_days());
    let from = if (0..=DAYS).contains(&span) { from } else { until };
    match seat.hall().audit(&seat.me, from, until).await {
        Ok(entries) => {
            let mut lines = Vec::with_capacity(entries.len());
            for entry in &entries {
                lines.push(line(&seat, entry));
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

fn line(seat: &Seated, entry: &Entry) -> AuditLine {
    let voice = seat.voice();
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
        Deed::Imported { reports } => ("imported", reports.to_string()),
        Deed::CockpitViewed => ("cockpit_viewed", String::new()),
        Deed::AuditViewed => ("audit_viewed", String::new()),
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

/// GET /directory.
pub async fn directory(seat: Seated) -> Response {
    if !seat.has(Action::ViewDirectory) {
        return seat.trouble(&Error::Forbidden("refused-role")).await;
    }
    let voice = seat.voice();
    let directory = &seat.organ.directory;
    let offices = directory
        .offices
        .iter()
        .map(|office| OfficeView {
            name: office.name.clone(),
            staff: directory
                .staff_of(&office.id)
                .map(|s| {
                    let roles: Vec<String> = s.roles.iter().map(|r| voice.word(r)).collect();
                    (s.name.clone(), roles.join("、"))
                })
                .collect(),
        })
        .collect();
    let organs = directory.organs.iter().map(|o| (o.name.clone(), o.address.clone(), o.phone.clone())).collect();
    page(StatusCode::OK, &DirectoryPage { p: seat.page("/directory").await, offices, organs })
}
