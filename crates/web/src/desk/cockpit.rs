//! 驾驶舱: twenty figures and their charts on one screen. Small figures come hidden already; each
//! chart has the same figures as a table.

use std::collections::BTreeMap;

use axum::extract::Query as UrlQuery;
use axum::http::StatusCode;
use axum::response::Response;
use domain::indicators::{Catalogue, Cell, Indicator, Nature, Period, Shown};
use domain::words::Lang;
use jiff::ToSpan;
use jiff::civil::Date;
use office::Error;
use serde::Serialize;

use super::page::{Chart, Cockpit, Figure};
use super::site::Seated;
use crate::answers::{Pairs, value};
use crate::locale::{self, Voice};
use crate::public::page;

/// Figures that call for attention as soon as they are not zero: red, overdue.
const HOT: [u16; 2] = [49, 50];

/// A chart as the script draws it.
#[derive(Serialize)]
struct Drawn {
    id: &'static str,
    kind: &'static str,
    rows: Vec<(String, f64)>,
}

/// GET /cockpit: the year so far unless a period is asked for.
pub async fn show(seat: Seated, UrlQuery(asked): UrlQuery<Pairs>) -> Response {
    let today = seat.hall().clock.today();
    let until: Date = value(&asked, "until").parse().unwrap_or(today);
    let from: Date = value(&asked, "from").parse().unwrap_or_else(|_| until.first_of_year());
    let period = Period { from: from.min(until), until: until.saturating_add(1.day()) };
    let found = match seat.hall().cockpit(&seat.me, period).await {
        Ok(found) => found,
        Err(error) => return seat.trouble(&error).await,
    };
    let rules = seat.hall().rules();
    let catalogue = match Catalogue::of(&rules) {
        Ok(catalogue) => catalogue,
        Err(error) => return seat.trouble(&Error::Io(error.to_string())).await,
    };
    let voice = seat.voice();
    let figures = found
        .figures
        .iter()
        .filter_map(|shown| catalogue.get(shown.number).map(|row| figure(&voice, row, shown)))
        .collect();
    let clock_name = |id: &str| {
        rules.clock(seat.organ.edition(), id).map(|rule| match seat.lang {
            Lang::Zh => rule.zh.clone(),
            Lang::En => rule.en.clone(),
        })
    };
    let (charts, drawn): (Vec<Chart>, Vec<Drawn>) =
        CHARTS.iter().filter_map(|plan| chart(&voice, &catalogue, &found.figures, plan, &clock_name)).unzip();
    let template = Cockpit {
        p: seat.page("/cockpit").await,
        period: voice.t2("cockpit-period", "from", voice.date(&period.from), "until", voice.date(&until)),
        figures,
        charts,
        data: serde_json::to_string(&drawn).unwrap_or_else(|_| "[]".to_owned()),
    };
    page(StatusCode::OK, &template)
}

/// Which figures are drawn, and how: number, element, kind, family of the words.
struct Plan {
    number: u16,
    id: &'static str,
    kind: &'static str,
    family: &'static str,
}

const CHARTS: [Plan; 6] = [
    Plan { number: 1, id: "chart-received", kind: "line", family: "" },
    Plan { number: 10, id: "chart-channels", kind: "pie", family: "channel" },
    Plan { number: 15, id: "chart-sources", kind: "bar", family: "source" },
    Plan { number: 52, id: "chart-closed", kind: "line", family: "" },
    Plan { number: 56, id: "chart-findings", kind: "pie", family: "finding" },
    Plan { number: 46, id: "chart-clocks", kind: "bar", family: "clock" },
];

fn chart(
    voice: &Voice,
    catalogue: &Catalogue,
    figures: &[Shown],
    plan: &Plan,
    clock_name: &dyn Fn(&str) -> Option<String>,
) -> Option<(Chart, Drawn)> {
    let row = catalogue.get(plan.number)?;
    let shown = figures.iter().find(|f| f.number == plan.number)?;
    let named: Vec<(String, Cell)> = if plan.kind == "line" {
        by_month(shown)
    } else {
        let name = |key: &str| {
            let word = format!("word-{}-{key}", plan.family);
            match plan.family {
                "clock" => clock_name(key).unwrap_or_else(|| key.to_owned()),
                _ if locale::knows(&word) => voice.t(&word),
                _ => key.to_owned(),
            }
        };
        shown.breakdown.iter().filter(|(_, c)| *c != Cell::Number(0.0)).map(|(key, cell)| (name(key), *cell)).collect()
    };
    let rows: Vec<(String, String)> = named.iter().map(|(name, cell)| (name.clone(), count(voice, *cell))).collect();
    let drawn = named
        .iter()
        .filter_map(|(name, cell)| match cell {
            Cell::Number(n) => Some((name.clone(), *n)),
            Cell::Few | Cell::TooFew | Cell::Empty => None,
        })
        .collect();
    let said: Vec<String> = rows.iter().map(|(name, n)| format!("{name} {n}")).collect();
    let name = row.name(voice.lang).to_owned();
    Some((
        Chart { id: plan.id, alt: format!("{name}: {}", said.join(", ")), name, rows },
        Drawn { id: plan.id, kind: plan.kind, rows: drawn },
    ))
}

/// A year of days says more by month; a hidden day hides its month.
fn by_month(shown: &Shown) -> Vec<(String, Cell)> {
    let mut months: BTreeMap<String, Cell> = BTreeMap::new();
    for (day, cell) in &shown.series {
        let month = months.entry(format!("{}-{:02}", day.year(), day.month())).or_insert(Cell::Number(0.0));
        *month = match (*month, *cell) {
            (Cell::Number(a), Cell::Number(b)) => Cell::Number(a + b),
            _ => Cell::Few,
        };
    }
    months.into_iter().collect()
}

fn count(voice: &Voice, cell: Cell) -> String {
    match cell {
        Cell::Number(n) => format!("{n:.0}"),
        Cell::Few => "<5".to_owned(),
        Cell::TooFew => voice.t("cockpit-too-few"),
        Cell::Empty => "—".to_owned(),
    }
}

fn figure(voice: &Voice, row: &Indicator, shown: &Shown) -> Figure {
    let value = match (row.nature, shown.value) {
        (Nature::Ratio, Cell::Number(share)) => format!("{:.1}%", share * 100.0),
        (Nature::Median, Cell::Number(days)) => format!("{days:.0}"),
        (_, cell) => count(voice, cell),
    };
    let of = match row.nature {
        Nature::Ratio => format!("{} / {}", count(voice, shown.numerator), count(voice, shown.denominator)),
        Nature::Median | Nature::Stock => shown
            .more
            .iter()
            .map(|(name, cell)| format!("{} {}", voice.t(&format!("cockpit-{name}")), count(voice, *cell)))
            .collect::<Vec<_>>()
            .join(" "),
        Nature::Flow => String::new(),
    };
    let hot = HOT.contains(&row.number) && shown.value != Cell::Number(0.0);
    Figure { no: row.number.to_string(), name: row.name(voice.lang).to_owned(), value, of, hot }
}
