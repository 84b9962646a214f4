//! 审计: who saw what, and who changed what.

use std::collections::HashMap;

use axum::extract::Query as UrlQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::ids::{OfficeId, ReportId, ReportNumber, StaffId};
use jiff::civil::Date;
use office::audit::{Deed, Entry};
use office::export::Table;

use super::directory::select;
use super::page::{Audit, AuditLine, Go, Pager};
use super::site::{Filled, Seated};
use super::{filters, papers};
use crate::answers::{Pairs, value};
use crate::locale::Voice;
use crate::public::page;

/// Most days asked for at once.
const DAYS: i32 = 31;

/// Records on a page.
const SIZE: usize = 100;

/// GET /audit: today unless other days are asked for.
pub async fn audit(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let read = match Read::new(&seat, &asked).await {
        Ok(read) => read,
        Err(error) => return seat.trouble(&error).await,
    };
    let voice = seat.voice();
    let pages = read.entries.len().div_ceil(SIZE).max(1);
    let at = value(&asked, "page").parse::<usize>().unwrap_or(0).min(pages - 1);
    let fields: Pairs = asked.iter().filter(|(n, v)| n != "page" && !v.is_empty()).cloned().collect();
    let go = |to: usize, key: &str| Go {
        href: Some(filters::address("/audit", &fields, u32::try_from(to).unwrap_or(0))),
        name: "page",
        value: to.to_string(),
        label: voice.t(key),
    };
    let directory = &seat.organ.directory;
    let mut people: Vec<(String, String)> = directory.staff.iter().map(|s| (s.id.0.clone(), s.name.clone())).collect();
    people.sort_by(|a, b| a.1.cmp(&b.1));
    let kinds = Deed::KINDS.iter().map(|kind| ((*kind).to_owned(), voice.t(&format!("deed-{kind}")))).collect();
    let template = Audit {
        p: seat.page("/audit").await,
        from: read.from.to_string(),
        until: read.until.to_string(),
        staff: select(&voice, "staff", "audit-who", value(&asked, "staff"), people),
        kind: select(&voice, "kind", "audit-what", value(&asked, "kind"), kinds),
        entries: read.entries.iter().skip(at * SIZE).take(SIZE).map(|entry| read.line(&seat, &voice, entry)).collect(),
        pager: Pager {
            total: voice.t1("audit-total", "n", read.entries.len()),
            page: voice.t2("list-page", "n", at + 1, "all", pages),
            first: (at > 1).then(|| go(0, "list-first")),
            before: at.checked_sub(1).map(|to| go(to, "list-before")),
            after: (at + 1 < pages).then(|| go(at + 1, "list-after")),
            sizes: Vec::new(),
        },
    };
    page(StatusCode::OK, &template)
}

/// The records asked for, with what is needed to say them in words.
struct Read {
    from: Date,
    until: Date,
    entries: Vec<Entry>,
    numbers: HashMap<ReportId, ReportNumber>,
}

impl Read {
    async fn new(seat: &Seated, asked: &[(String, String)]) -> Result<Self, office::Error> {
        let (from, until) = days(seat, asked);
        let (mut entries, numbers) = seat.hall().audit_with_numbers(&seat.me, from, until).await?;
        let (staff, kind) = (value(asked, "staff"), value(asked, "kind"));
        entries.retain(|entry| staff.is_empty() || entry.staff.0 == staff);
        entries.retain(|entry| kind.is_empty() || entry.deed.kind() == kind);
        Ok(Self { from, until, entries, numbers })
    }

    /// One record in words.
    fn line(&self, seat: &Seated, voice: &Voice, entry: &Entry) -> AuditLine {
        let directory = &seat.organ.directory;
        let time = jiff::Timestamp::from_microsecond(entry.at).map_or_else(
            |_| String::new(),
            |at| {
                let zoned = at.to_zoned(seat.hall().clock.zone().clone());
                format!(" {:02}:{:02}:{:02}", zoned.hour(), zoned.minute(), zoned.second())
            },
        );
        AuditLine {
            when: format!("{}{time}", entry.day),
            who: match entry.staff.0.as_str() {
                office::audit::MACHINE => voice.t("audit-machine"),
                id => directory.staff(&entry.staff).map_or_else(|| id.to_owned(), |s| s.name.clone()),
            },
            office: match entry.office.0.as_str() {
                office::audit::MACHINE => String::new(),
                id => directory.office(&entry.office).map_or_else(|| id.to_owned(), |o| o.name.clone()),
            },
            what: voice.t(&format!("deed-{}", entry.deed.kind())),
            detail: self.detail(seat, voice, &entry.deed),
        }
    }

    /// What it was done to.
    fn detail(&self, seat: &Seated, voice: &Voice, deed: &Deed) -> String {
        let number = |report: &ReportId| self.numbers.get(report).map(ToString::to_string).unwrap_or_default();
        match deed {
            Deed::SignedIn | Deed::SignedOut | Deed::CockpitViewed | Deed::AuditViewed => String::new(),
            Deed::SignInFailed { times } => format!("× {times}"),
            Deed::Viewed { report } | Deed::Downloaded { report } | Deed::Acted { report, .. } => number(report),
            Deed::Registered { report } => number(report),
            Deed::Listed { list, rows } | Deed::Exported { list, rows } => {
                voice.t2("audit-rows", "list", list_name(voice, list), "n", *rows)
            }
            Deed::Searched { hits } => voice.t1("audit-hits", "n", *hits),
            Deed::Printed { report, paper } => format!("{} {}", voice.t(&format!("paper-{paper}")), number(report)),
            Deed::ImportBegun => String::new(),
            Deed::Imported { reports, known, refused } => voice.ta(
                "audit-imported",
                &[("added", reports.to_string()), ("known", known.to_string()), ("refused", refused.to_string())],
            ),
            Deed::ImportBroken { rows } => voice.t1("audit-broken", "n", *rows),
            Deed::PackageMade { package, records } | Deed::PackageTaken { package, records } => {
                voice.t2("audit-package", "package", *package, "n", *records)
            }
            Deed::PackageAgain { package } => package.to_string(),
            Deed::Retried { job } => job.clone(),
            Deed::DirectoryChanged { what, of } => {
                let directory = &seat.organ.directory;
                let name = directory.staff(&StaffId(of.clone())).map(|s| s.name.clone());
                let office = directory.office(&OfficeId(of.clone())).map(|o| o.name.clone());
                format!("{} {}", voice.t(&format!("change-{what}")), name.or(office).unwrap_or_else(|| of.clone()))
            }
        }
    }
}

/// What a list is called on the menu.
fn list_name(voice: &Voice, list: &str) -> String {
    let key = match list {
        "given_up" => "operations-heading".to_owned(),
        other => format!("menu-{other}"),
    };
    if crate::locale::knows(&key) { voice.t(&key) } else { list.to_owned() }
}

/// The days asked for: today unless others are, and not more than a month of them.
fn days(seat: &Seated, asked: &[(String, String)]) -> (Date, Date) {
    let until: Date = value(asked, "until").parse().unwrap_or(seat.hall().clock.today());
    let from: Date = value(asked, "from").parse().unwrap_or(until);
    let span = from.until(until).map_or(0, |s| s.get_days());
    (if (0..=DAYS).contains(&span) { from } else { until }, until)
}

/// POST /audit/export: the records of the days shown, as a spreadsheet.
pub async fn export(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let read = match Read::new(&seat, &pairs).await {
        Ok(read) => read,
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
        rows: read
            .entries
            .iter()
            .map(|entry| {
                let line = read.line(&seat, &voice, entry);
                vec![line.when, line.who, line.office, line.what, line.detail]
            })
            .collect(),
    };
    match seat.hall().export_table(&seat.me, table, value(&pairs, "purpose")).await {
        Ok(bytes) => papers::spreadsheet("audit", bytes),
        Err(error) => seat.trouble(&error).await,
    }
}
