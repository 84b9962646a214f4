//! The figures of a period out of daily tallies and a count of what is open.
//!
//! Exact figures: what small ones look like to whom is `shown`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Indicator};
use super::counted::Counts;
use crate::clock::Basis;
use crate::report::Report;
use crate::rules::Rules;
use crate::words::{Channel, Colour, DispatchWay, Finding, Source, Stage};

/// The numbers this program computes.
pub(super) const NUMBERS: &[u16] = &[1, 4, 7, 8, 9, 10, 15, 43, 46, 47, 48, 49, 50, 52, 54, 56, 61, 62, 71, 86];

/// `[from, until)` in the organ's local days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
}

impl Period {
    /// Whether a day is inside.
    pub fn contains(&self, day: Date) -> bool {
        self.from <= day && day < self.until
    }
}

/// What is open on a day; `store` counts it, or [`Stock::add`] does from states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stock {
    /// The day it was counted, normally today.
    pub as_of: Date,
    /// 在办件
    pub open: i64,
    /// Worst colour yellow.
    pub yellow: i64,
    /// Worst colour red, the overdue included.
    pub red: i64,
    /// Days over the latest legal clock, one per overdue report.
    pub overdue: Vec<u32>,
}

impl Stock {
    /// An empty count for a day.
    pub fn on(as_of: Date) -> Self {
        Self { as_of, open: 0, yellow: 0, red: 0, overdue: Vec::new() }
    }

    /// Adds one report.
    pub fn add(&mut self, report: &Report, rules: &Rules) {
        if report.stage == Stage::Closed || report.dispatched == Some(DispatchWay::DirectSeal) {
            return;
        }
        self.open += 1;
        match report.clocks.iter().filter_map(|c| c.colour(self.as_of, rules)).max() {
            Some(Colour::Yellow) => self.yellow += 1,
            Some(Colour::Red) => self.red += 1,
            Some(Colour::Blue) | None => {}
        }
        let over = report
            .clocks
            .iter()
            .filter(|c| c.basis == Basis::Legal && c.is_running())
            .map(|c| c.overdue_days(self.as_of))
            .max()
            .unwrap_or(0);
        if over > 0 {
            self.overdue.push(over);
        }
    }
}

/// One cell of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Stored spelling of the value (`web`, `proved`, a clock's id).
    pub key: String,
    /// How many.
    pub count: i64,
}

/// One day of a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// Day.
    pub day: Date,
    /// How many.
    pub count: i64,
}

/// One indicator's figures, exact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Value {
    /// Number in the catalogue.
    pub number: u16,
    /// The headline: a count, a share from 0 to 1, or a median; `None` over an empty denominator.
    pub value: Option<f64>,
    /// What was counted.
    pub numerator: i64,
    /// Out of how many, for shares.
    pub denominator: Option<i64>,
    /// Further figures by name: `p90`, `median`, `max`.
    pub more: BTreeMap<String, f64>,
    /// By value of a word.
    pub breakdown: Vec<Part>,
    /// By day, for counts over a period; days without any are left out.
    pub series: Vec<Point>,
}

impl Value {
    fn count(number: u16, count: i64) -> Self {
        Self {
            number,
            value: Some(count as f64),
            numerator: count,
            denominator: None,
            more: BTreeMap::new(),
            breakdown: Vec::new(),
            series: Vec::new(),
        }
    }

    fn share(number: u16, numerator: i64, denominator: i64) -> Self {
        let value = (denominator > 0).then(|| numerator as f64 / denominator as f64);
        Self { value, denominator: Some(denominator), ..Self::count(number, numerator) }
    }
}

/// The figures of every row of the catalogue.
pub fn compute(catalogue: &Catalogue, period: Period, tallies: &Counts, stock: &Stock) -> Vec<Value> {
    let book = Book::over(period, tallies, stock.as_of);
    catalogue.rows().iter().map(|row| book.value(row, stock)).collect()
}

/// The tallies of one period, summed by key.
struct Book<'a> {
    sums: BTreeMap<&'a str, i64>,
    days: BTreeMap<&'a str, Vec<Point>>,
}

impl<'a> Book<'a> {
    fn over(period: Period, tallies: &'a Counts, as_of: Date) -> Self {
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        let mut days: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
        for ((day, key), count) in tallies {
            // A clock that still runs and whose last day has not passed is not due yet.
            let waiting = *day >= as_of && key.starts_with("clock/") && key.ends_with("/running");
            if *count == 0 || !period.contains(*day) || waiting {
                continue;
            }
            *sums.entry(key).or_default() += count;
            if matches!(key.as_str(), "received" | "closed") {
                days.entry(key).or_default().push(Point { day: *day, count: *count });
            }
        }
        Self { sums, days }
    }

    fn get(&self, key: &str) -> i64 {
        self.sums.get(key).copied().unwrap_or(0)
    }

    fn series(&self, key: &str) -> Vec<Point> {
        self.days.get(key).cloned().unwrap_or_default()
    }

    fn parts<'w>(&self, prefix: &str, words: impl Iterator<Item = &'w str>) -> Vec<Part> {
        words.map(|w| Part { key: w.to_owned(), count: self.get(&format!("{prefix}{w}")) }).collect()
    }

    fn value(&self, row: &Indicator, stock: &Stock) -> Value {
        let n = row.number;
        let received = self.get("received");
        let accusations = self.get("received/kind=accusation");
        match n {
            1 => Value { series: self.series("received"), ..Value::count(n, received) },
            4 => Value::count(n, accusations),
            7 => Value::share(n, self.get("accusation/first"), accusations),
            8 => {
                let out = self.get("scoped/ground=other_procedure") + self.get("scoped/ground=other_organ");
                Value::share(n, out, self.get("scoped"))
            }
            9 => Value::share(n, self.get("scoped/no_substance"), self.get("scoped")),
            10 => {
                let breakdown = self.parts("received/channel=", Channel::ALL.iter().map(|c| c.as_str()));
                Value { breakdown, ..Value::count(n, received) }
            }
            15 => {
                let breakdown = self.parts("received/source=", Source::ALL.iter().map(|s| s.as_str()));
                let above = self.get("received/source=superior_transfer") + self.get("received/source=superior_assign");
                Value { breakdown, ..Value::share(n, above, received) }
            }
            43 | 46 | 61 | 62 => self.in_time(row),
            47 => Value::count(n, stock.open),
            48 => Value::count(n, stock.yellow),
            49 => Value::count(n, stock.red),
            50 => {
                let mut days: Vec<(i64, i64)> = stock.overdue.iter().map(|d| (i64::from(*d), 1)).collect();
                days.sort_unstable();
                let mut value = Value::count(n, stock.overdue.len() as i64);
                if let Some(median) = median(&days) {
                    value.more.insert("median".into(), median);
                    value.more.insert("max".into(), days.last().map_or(0, |(d, _)| *d) as f64);
                }
                value
            }
            52 => Value { series: self.series("closed"), ..Value::count(n, self.get("closed")) },
            54 => {
                let mut days: Vec<(i64, i64)> = self
                    .sums
                    .iter()
                    .filter_map(|(key, count)| Some((key.strip_prefix("closed_after/")?.parse().ok()?, *count)))
                    .collect();
                days.sort_unstable();
                let total = days.iter().map(|(_, c)| c).sum();
                let mut value = Value::count(n, total);
                value.value = median(&days);
                if let Some(p90) = rank(&days, 90) {
                    value.more.insert("p90".into(), p90);
                }
                value
            }
            56 => {
                let breakdown = self.parts("finding/", Finding::ALL.iter().map(|f| f.as_str()));
                let total = breakdown.iter().map(|p| p.count).sum();
                let proved = self.get("finding/proved") + self.get("finding/partly_proved");
                Value { breakdown, ..Value::share(n, proved, total) }
            }
            71 => Value::share(n, self.get("accusation/repeat"), accusations),
            86 => Value::share(n, self.get("accusation/named"), accusations),
            // The catalogue refuses rows of other numbers.
            _ => Value::count(n, 0),
        }
    }

    /// Clocks met out of clocks due, of the row's clocks or, where it names none, of every legal one.
    fn in_time(&self, row: &Indicator) -> Value {
        let mut by_clock: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
        for (key, count) in &self.sums {
            let mut parts = key.split('/');
            let (Some("clock"), Some(basis), Some(id), Some(end)) =
                (parts.next(), parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            let wanted =
                if row.clocks.is_empty() { basis == Basis::Legal.as_str() } else { row.clocks.iter().any(|c| c == id) };
            if wanted {
                let (met, due) = by_clock.entry(id).or_default();
                *due += count;
                if end == "met" {
                    *met += count;
                }
            }
        }
        let met = by_clock.values().map(|(m, _)| m).sum();
        let due = by_clock.values().map(|(_, d)| d).sum();
        let breakdown = by_clock.iter().map(|(id, (_, due))| Part { key: (*id).to_owned(), count: *due }).collect();
        let more = by_clock.iter().map(|(id, (met, _))| (format!("met/{id}"), *met as f64)).collect();
        Value { breakdown, more, ..Value::share(row.number, met, due) }
    }
}

/// Median of a sorted histogram of (value, count).
fn median(histogram: &[(i64, i64)]) -> Option<f64> {
    let total: i64 = histogram.iter().map(|(_, c)| c).sum();
    if total <= 0 {
        return None;
    }
    let at = |k: i64| {
        let mut seen = 0;
        histogram.iter().find_map(|(value, count)| {
            seen += count;
            (seen >= k).then_some(*value as f64)
        })
    };
    Some((at((total + 1) / 2)? + at(total / 2 + 1)?) / 2.0)
}

/// Nearest-rank percentile of a sorted histogram.
fn rank(histogram: &[(i64, i64)], percent: i64) -> Option<f64> {
    let total: i64 = histogram.iter().map(|(_, c)| c).sum();
    let wanted = (total * percent + 99) / 100;
    let mut seen = 0;
    histogram.iter().find_map(|(value, count)| {
        seen += count;
        (total > 0 && seen >= wanted).then_some(*value as f64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_ranks() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[(3, 1)]), Some(3.0));
        assert_eq!(median(&[(3, 1), (5, 1)]), Some(4.0));
        assert_eq!(median(&[(1, 1), (2, 5), (9, 1)]), Some(2.0));
        assert_eq!(rank(&[(1, 9), (7, 1)], 90), Some(1.0));
        assert_eq!(rank(&[(1, 8), (7, 2)], 90), Some(7.0));
        assert_eq!(rank(&[], 90), None);
    }
}
