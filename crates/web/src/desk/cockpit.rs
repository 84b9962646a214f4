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
    /// "%" where the rows are shares of a hundred.
    unit: &'static str,
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
        .filter_map(|shown| {
            let row = catalogue.get(shown.number)?;
            let mut figure = figure(&voice, row, shown);
            // What is open is counted now, whatever the period.
            if row.nature == Nature::Stock && until != today {
                figure.of = format!("{} {}", voice.t1("cockpit-as-of", "day", voice.date(&today)), figure.of);
            }
            Some(figure)
        })
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
        periods: periods(&voice, today, &period),
        period: voice.t2("cockpit-period", "from", voice.date(&period.from), "until", voice.date(&until)),
        figures,
        charts,
        data: serde_json::to_string(&drawn).unwrap_or_else(|_| "[]".to_owned()),
    };
    page(StatusCode::OK, &template)
}

/// The month, the quarter and the year up to today: address, name, whether it is shown now.
fn periods(voice: &Voice, today: Date, shown: &Period) -> Vec<(String, String, bool)> {
    let month = today.first_of_month();
    let quarter = month.checked_sub(i64::from((month.month() - 1) % 3).months()).unwrap_or(month);
    [("month", month), ("quarter", quarter), ("year", today.first_of_year())]
        .into_iter()
        .map(|(name, from)| {
            let here = shown.from == from && shown.until == today.saturating_add(1.day());
            (format!("/cockpit?from={from}"), voice.t(&format!("cockpit-{name}")), here)
        })
        .collect()
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
    Plan { number: 46, id: "chart-clocks", kind: "shares", family: "" },
];

fn chart(
    voice: &Voice,
    catalogue: &Catalogue,
    figures: &[Shown],
    plan: &Plan,
    clock_name: &dyn Fn(&str) -> Option<String>,
) -> Option<(Chart, Drawn)> {
    if plan.kind == "shares" {
        return shares(voice, catalogue, figures, plan, clock_name);
    }
    let row = catalogue.get(plan.number)?;
    let shown = figures.iter().find(|f| f.number == plan.number)?;
    let named: Vec<(String, Cell)> = if plan.kind == "line" {
        by_month(shown)
    } else {
        let name = |key: &str| {
            let word = format!("word-{}-{key}", plan.family);
            if locale::knows(&word) { voice.t(&word) } else { key.to_owned() }
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
        Drawn { id: plan.id, kind: plan.kind, unit: "", rows: drawn },
    ))
}

/// Met out of due for each clock, as a share of a hundred. A clock is drawn where both may be shown.
fn shares(
    voice: &Voice,
    catalogue: &Catalogue,
    figures: &[Shown],
    plan: &Plan,
    clock_name: &dyn Fn(&str) -> Option<String>,
) -> Option<(Chart, Drawn)> {
    let row = catalogue.get(plan.number)?;
    let shown = figures.iter().find(|f| f.number == plan.number)?;
    let met_of = |key: &str| shown.more.iter().find(|(k, _)| k.strip_prefix("met/") == Some(key)).map(|(_, c)| *c);
    let (mut rows, mut drawn) = (Vec::new(), Vec::new());
    for (key, due) in &shown.breakdown {
        let name = clock_name(key).unwrap_or_else(|| key.clone());
        match (met_of(key), due) {
            (Some(Cell::Number(met)), Cell::Number(due)) if *due > 0.0 => {
                let share = met / due * 100.0;
                rows.push((name.clone(), format!("{share:.1}% ({met:.0} / {due:.0})")));
                drawn.push((name, (share * 10.0).round() / 10.0));
            }
            (_, Cell::Number(0.0)) => {}
            _ => rows.push((name, voice.t("cockpit-too-few"))),
        }
    }
    let said: Vec<String> = rows.iter().map(|(name, n)| format!("{name} {n}")).collect();
    let name = row.name(voice.lang).to_owned();
    Some((
        Chart { id: plan.id, alt: format!("{name}: {}", said.join(", ")), name, rows },
        Drawn { id: plan.id, kind: "bar", unit: "%", rows: drawn },
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

/// 各渠道件数.
const BY_CHANNEL: u16 = 10;

/// The channels with what came by each, the fullest first; hidden ones last.
fn channels(voice: &Voice, shown: &Shown) -> impl Iterator<Item = String> {
    let rank = |cell: &Cell| match cell {
        Cell::Number(n) => *n,
        Cell::Few | Cell::TooFew | Cell::Empty => 0.5,
    };
    let mut parts: Vec<&(String, Cell)> = shown.breakdown.iter().filter(|(_, c)| *c != Cell::Number(0.0)).collect();
    parts.sort_by(|a, b| rank(&b.1).total_cmp(&rank(&a.1)));
    let said: Vec<String> = parts
        .into_iter()
        .map(|(key, cell)| format!("{} {}", voice.t(&format!("word-channel-{key}")), count(voice, *cell)))
        .collect();
    said.into_iter()
}

fn days(voice: &Voice, cell: Cell) -> String {
    match cell {
        Cell::Number(n) => voice.t1("cockpit-days", "n", n.round() as i64),
        hidden => count(voice, hidden),
    }
}

fn figure(voice: &Voice, row: &Indicator, shown: &Shown) -> Figure {
    let value = match (row.nature, shown.value) {
        (Nature::Ratio, Cell::Number(share)) => format!("{:.1}%", share * 100.0),
        (Nature::Median, cell) => days(voice, cell),
        // The whole is tile 1; this one says which channel leads.
        _ if row.number == BY_CHANNEL => channels(voice, shown).next().unwrap_or_else(|| count(voice, shown.value)),
        (_, cell) => count(voice, cell),
    };
    let of = match row.nature {
        _ if row.number == BY_CHANNEL => channels(voice, shown).skip(1).collect::<Vec<_>>().join(" "),
        Nature::Ratio => format!("{} / {}", count(voice, shown.numerator), count(voice, shown.denominator)),
        Nature::Median | Nature::Stock => shown
            .more
            .iter()
            .map(|(name, cell)| format!("{} {}", voice.t(&format!("cockpit-{name}")), days(voice, *cell)))
            .collect::<Vec<_>>()
            .join(" "),
        Nature::Flow => String::new(),
    };
    let hot = HOT.contains(&row.number) && shown.value != Cell::Number(0.0);
    Figure { no: row.number.to_string(), name: row.name(voice.lang).to_owned(), value, of, hot }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rules::Rules;
    use domain::words::Edition;

    const ZH: Voice = Voice { lang: Lang::Zh, edition: Edition::Jw };

    fn shown(number: u16) -> Shown {
        let empty = Cell::Empty;
        Shown {
            number,
            value: empty,
            numerator: empty,
            denominator: empty,
            more: Vec::new(),
            breakdown: Vec::new(),
            series: Vec::new(),
        }
    }

    #[test]
    fn the_chart_of_clocks_draws_what_was_met_out_of_what_was_due() {
        let catalogue = Catalogue::of(Rules::embedded()).unwrap();
        let n = Cell::Number;
        let clocks = Shown {
            breakdown: vec![
                ("lower_accept".into(), n(40.0)),
                ("realname_result".into(), n(8.0)),
                ("sign".into(), Cell::Few),
            ],
            more: vec![
                ("met/lower_accept".into(), n(30.0)),
                ("met/realname_result".into(), n(8.0)),
                ("met/sign".into(), Cell::TooFew),
            ],
            ..shown(46)
        };
        let plan = CHARTS.iter().find(|p| p.number == 46).unwrap();
        let (table, drawn) = chart(&ZH, &catalogue, &[clocks], plan, &|id| Some(id.to_uppercase())).unwrap();
        assert_eq!(drawn.rows, [("LOWER_ACCEPT".to_owned(), 75.0), ("REALNAME_RESULT".to_owned(), 100.0)]);
        assert_eq!(drawn.unit, "%");
        assert_eq!(table.rows[0].1, "75.0% (30 / 40)");
        assert_eq!(table.rows[2].1, "样本不足");
    }

    #[test]
    fn days_have_their_unit_and_the_channels_do_not_repeat_the_total() {
        let catalogue = Catalogue::of(Rules::embedded()).unwrap();
        let n = Cell::Number;
        let overdue =
            Shown { value: n(15.0), more: vec![("max".into(), n(74.0)), ("median".into(), n(67.0))], ..shown(50) };
        let tile = figure(&ZH, catalogue.get(50).unwrap(), &overdue);
        assert_eq!((tile.value.as_str(), tile.of.as_str()), ("15", "最长 74 日 中位 67 日"));
        let took = figure(&ZH, catalogue.get(54).unwrap(), &Shown { value: n(18.0), ..shown(54) });
        assert_eq!(took.value, "18 日");
        let parts = vec![("letter".into(), n(9.0)), ("web".into(), n(20.0)), ("phone".into(), Cell::Few)];
        let tile = figure(&ZH, catalogue.get(10).unwrap(), &Shown { value: n(31.0), breakdown: parts, ..shown(10) });
        assert_eq!((tile.value.as_str(), tile.of.as_str()), ("网络 20", "来信 9 来电 <5"));
    }

    #[test]
    fn a_quarter_begins_with_its_first_month() {
        let date = |s: &str| -> Date { s.parse().unwrap() };
        let today = date("2026-05-20");
        let shown = Period { from: date("2026-04-01"), until: date("2026-05-21") };
        let offered = periods(&ZH, today, &shown);
        let from: Vec<&str> = offered.iter().map(|(href, _, _)| href.trim_start_matches("/cockpit?from=")).collect();
        assert_eq!(from, ["2026-05-01", "2026-04-01", "2026-01-01"]);
        assert_eq!(offered.iter().map(|(_, _, here)| *here).collect::<Vec<_>>(), [false, true, false]);
    }
}
