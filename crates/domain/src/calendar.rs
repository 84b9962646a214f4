//! Working days and limits: the yearly list of the State Council turned into due dates that
//! explain themselves. It knows days and holidays, not reports; which limit applies to what is
//! in `rules/clocks`, the days themselves are in `rules/calendar`.

mod explain;
mod limit;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use serde::Deserialize;

pub use explain::day_in_words;
pub use limit::{Limit, LimitError, Unit};

/// What kind of day a day is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayKind {
    /// An ordinary working day.
    Working,
    /// A Saturday or Sunday worked in exchange for a holiday (调休上班).
    MakeUp,
    /// An ordinary Saturday or Sunday.
    Weekend,
    /// A day of a published holiday; its names in Chinese and English.
    Holiday {
        /// 春节
        zh: String,
        /// Spring Festival
        en: String,
    },
}

impl DayKind {
    /// Whether offices work on such a day.
    pub fn is_working(&self) -> bool {
        matches!(self, Self::Working | Self::MakeUp)
    }
}

/// One published year, as `rules/calendar/YYYY.toml` writes it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedYear {
    /// The year the list is for; a list may reach some days into the next or last.
    pub year: i16,
    /// The State Council notice and where the days were taken from.
    pub source: String,
    /// Licence of the list the days were taken from.
    pub licence: String,
    /// The holidays, in the order of the year.
    #[serde(default)]
    pub holiday: Vec<PublishedHoliday>,
}

/// One holiday of a published year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedHoliday {
    /// 春节
    pub zh: String,
    /// Spring Festival
    pub en: String,
    /// First day off.
    pub from: Date,
    /// Last day off.
    pub to: Date,
    /// Weekend days worked in exchange.
    #[serde(default)]
    pub working: Vec<Date>,
}

/// The working-day calendar. A year without a published list counts weekends only, and every
/// due date that touches such a year says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    published: BTreeSet<i16>,
    holidays: BTreeMap<Date, (String, String)>,
    make_up: BTreeSet<Date>,
}

impl Calendar {
    /// A calendar of these years. Errors name the holiday that contradicts itself.
    pub fn new(years: impl IntoIterator<Item = PublishedYear>) -> Result<Self, String> {
        let mut calendar = Self::default();
        for year in years {
            if !calendar.published.insert(year.year) {
                return Err(format!("the year {} is listed twice", year.year));
            }
            for holiday in year.holiday {
                let length = days_between(holiday.from, holiday.to);
                if !(0..=31).contains(&length) {
                    return Err(format!("{} must end on or after {} and within a month", holiday.en, holiday.from));
                }
                for n in 0..=length {
                    let names = (holiday.zh.clone(), holiday.en.clone());
                    calendar.holidays.insert(plus_days(holiday.from, n), names);
                }
                for day in holiday.working {
                    if !is_weekend(day) {
                        return Err(format!("{day}, a make-up day of {}, is not a Saturday or Sunday", holiday.en));
                    }
                    calendar.make_up.insert(day);
                }
            }
        }
        match calendar.make_up.iter().find(|day| calendar.holidays.contains_key(*day)) {
            Some(day) => Err(format!("{day} is both a holiday and a make-up day")),
            None => Ok(calendar),
        }
    }

    /// Whether the State Council's list of this year is known.
    pub fn is_published(&self, year: i16) -> bool {
        self.published.contains(&year)
    }

    /// What kind of day it is.
    pub fn kind(&self, day: Date) -> DayKind {
        if self.make_up.contains(&day) {
            DayKind::MakeUp
        } else if let Some((zh, en)) = self.holidays.get(&day) {
            DayKind::Holiday { zh: zh.clone(), en: en.clone() }
        } else if is_weekend(day) {
            DayKind::Weekend
        } else {
            DayKind::Working
        }
    }

    /// Whether offices work on that day.
    pub fn is_working(&self, day: Date) -> bool {
        self.make_up.contains(&day) || !(self.holidays.contains_key(&day) || is_weekend(day))
    }

    /// Working days after `from` up to and including `to`; 0 if `to` is not later.
    pub fn working_days_after(&self, from: Date, to: Date) -> u32 {
        let mut count = 0;
        let mut day = from;
        while day < to {
            day = plus_days(day, 1);
            count += u32::from(self.is_working(day));
        }
        count
    }

    /// When a limit that began on `from` (day 0) ends.
    ///
    /// - `wd` counts working days after `from`.
    /// - `d` and `mo` count calendar days and months (clamped to the month's end); one that ends
    ///   on a day off moves to the next working day.
    /// - `h` and `min` run through nights and holidays, because they are set where somebody may
    ///   come to harm (M36). At the precision of days they end on the day they reach counted from
    ///   the beginning of `from`: under 24 hours, on `from` itself. `Limit::ends_at` has the moment.
    pub fn due(&self, from: Date, limit: Limit) -> Due {
        let mut steps = Vec::new();
        let nominal;
        let date = match limit.unit {
            Unit::Minutes | Unit::Hours => {
                let per_day = if limit.unit == Unit::Hours { 24 } else { 24 * 60 };
                nominal = plus_days(from, i64::from(limit.count) / per_day);
                nominal
            }
            Unit::WorkingDays => {
                let mut left = limit.count;
                let mut day = from;
                while left > 0 && day < Date::MAX {
                    day = plus_days(day, 1);
                    let kind = self.kind(day);
                    if kind.is_working() {
                        left -= 1;
                    }
                    push_step(&mut steps, day, kind);
                }
                nominal = day;
                day
            }
            Unit::Days | Unit::Months => {
                let span = if limit.unit == Unit::Days {
                    i64::from(limit.count).days()
                } else {
                    i64::from(limit.count).months()
                };
                nominal = saturating(from, span);
                let mut day = nominal;
                loop {
                    let kind = self.kind(day);
                    let working = kind.is_working();
                    push_step(&mut steps, day, kind);
                    if working || day == Date::MAX {
                        break day;
                    }
                    day = plus_days(day, 1);
                }
            }
        };
        let unpublished = match limit.unit {
            Unit::Minutes | Unit::Hours => Vec::new(),
            // Day 0 is not counted, so its year does not matter unless a counted day is in it.
            _ => {
                let first = steps.first().map_or(date, |step: &Step| step.first);
                (first.year()..=date.year()).filter(|year| !self.is_published(*year)).collect()
            }
        };
        Due { from, limit, nominal, date, steps, unpublished }
    }
}

/// A stretch of days looked at while counting: one working day, or neighbouring days off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// First day of the stretch.
    pub first: Date,
    /// Last day of the stretch.
    pub last: Date,
    /// What they all are.
    pub kind: DayKind,
}

fn push_step(steps: &mut Vec<Step>, day: Date, kind: DayKind) {
    match steps.last_mut() {
        Some(step) if !kind.is_working() && step.kind == kind => step.last = day,
        _ => steps.push(Step { first: day, last: day, kind }),
    }
}

/// A due date and every day that led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Day 0.
    pub from: Date,
    /// The limit counted.
    pub limit: Limit,
    /// For `d` and `mo`: the day before it was moved off a day off. Otherwise equal to `date`.
    pub nominal: Date,
    /// The last day on which the act is in time.
    pub date: Date,
    /// The days looked at, in order.
    pub steps: Vec<Step>,
    /// Years whose holidays are not published and were counted by weekends only.
    pub unpublished: Vec<i16>,
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn saturating(day: Date, span: Span) -> Date {
    day.saturating_add(span)
}

/// `day` and `n` days; stops at the ends of the calendar instead of wrapping.
pub(crate) fn plus_days(day: Date, n: i64) -> Date {
    saturating(day, n.days())
}

/// Calendar days from `from` to `to`; negative if `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;
    use jiff::civil::date;

    fn calendar() -> Calendar {
        crate::rules::Rules::embedded().calendar().clone()
    }

    fn due(from: Date, limit: &str) -> Due {
        calendar().due(from, limit.parse().unwrap())
    }

    #[test]
    fn the_example_of_the_specification_names_every_day() {
        let due = due(date(2026, 2, 11), "5wd");
        assert_eq!(due.date, date(2026, 2, 25));
        assert_eq!(
            due.explain(Lang::En),
            "received Wednesday 11 February 2026, 5 working days: 12, 13, 14 (make-up day), \
             Spring Festival 15–23, 24, 25 → Wednesday 25 February"
        );
        assert_eq!(
            due.explain(Lang::Zh),
            "2026年2月11日（星期三）收到，5个工作日：12日、13日、14日（调休上班）、\
             春节假期15日至23日、24日、25日 → 2月25日（星期三）"
        );
    }

    #[test]
    fn calendar_days_move_off_days_off() {
        let sixty = due(date(2026, 2, 11), "60d");
        assert_eq!((sixty.nominal, sixty.date), (date(2026, 4, 12), date(2026, 4, 13)));
        assert_eq!(
            sixty.explain(Lang::En),
            "received Wednesday 11 February 2026, 60 days end on Sunday 12 April, a day off: \
             weekend 12; the next working day → Monday 13 April"
        );
        // Three months from 30 June 2026 end inside nothing; from 1 July, in the National Day holiday.
        assert_eq!(due(date(2026, 7, 1), "3mo").date, date(2026, 10, 8));
        assert!(due(date(2026, 7, 1), "3mo").explain(Lang::Zh).contains("适逢国庆节假期1日至7日"));
    }

    #[test]
    fn months_clamp_to_the_end_of_the_month() {
        assert_eq!(due(date(2025, 11, 30), "3mo").nominal, date(2026, 2, 28));
        assert_eq!(due(date(2026, 1, 31), "1mo").nominal, date(2026, 2, 28));
        // 28 February 2026 is a make-up day, so it stays.
        assert_eq!(due(date(2026, 1, 31), "1mo").date, date(2026, 2, 28));
    }

    #[test]
    fn hours_end_on_the_same_day() {
        assert_eq!(due(date(2026, 2, 14), "4h").date, date(2026, 2, 14));
        assert_eq!(due(date(2026, 2, 14), "30min").date, date(2026, 2, 14));
        assert_eq!(due(date(2026, 2, 14), "48h").date, date(2026, 2, 16));
        assert_eq!("2h".parse::<Limit>().unwrap().ends_at(0), Some(7_200_000_000));
        assert_eq!("2wd".parse::<Limit>().unwrap().ends_at(0), None);
    }

    #[test]
    fn a_year_without_a_list_counts_weekends_and_says_so() {
        let due = due(date(2027, 1, 1), "5wd");
        // Friday 1 January 2027 is day 0; Monday to Friday follow.
        assert_eq!(due.date, date(2027, 1, 8));
        assert!(due.explain(Lang::En).contains("the holidays of 2027 are not published yet"));
        assert!(due.explain(Lang::Zh).contains("2027年放假安排尚未公布"));
        assert!(!self::due(date(2026, 2, 11), "5wd").explain(Lang::En).contains("published"));
        // Counted days all lie in 2027 although day 0 does not.
        assert_eq!(self::due(date(2026, 12, 31), "1wd").unpublished, vec![2027]);
    }

    #[test]
    fn months_and_years_are_named_where_they_change() {
        let text = due(date(2026, 4, 29), "3wd").explain(Lang::En);
        assert_eq!(
            text,
            "received Wednesday 29 April 2026, 3 working days: 30, Labour Day 1–5 May, 6, 7 → Thursday 7 May"
        );
        let text = due(date(2026, 12, 30), "3wd").explain(Lang::En);
        assert!(text.contains("31, 1 January 2027, weekend 2–3, 4 → Monday 4 January 2027"), "{text}");
        let text = due(date(2026, 1, 30), "1wd").explain(Lang::En);
        assert!(text.contains("weekend 31 January – 1 February, 2 → Monday 2 February"), "{text}");
    }

    #[test]
    fn the_end_of_time_does_not_hang() {
        assert_eq!(due(Date::MAX, "9999wd").date, Date::MAX);
        assert_eq!(due(Date::MAX, "9mo").date, Date::MAX);
    }
}
