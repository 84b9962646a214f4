//! Working days and limits: the yearly list of the State Council turned into due dates that
//! explain themselves. It knows days and holidays, not reports; which limit applies to what is
//! in `rules/clocks`, the days themselves are in `rules/calendar`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use crate::words::Lang;

/// What a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// `min`: minutes, through nights and holidays.
    Minutes,
    /// `h`: hours, through nights and holidays.
    Hours,
    /// `wd` 工作日: days on which offices work, make-up days included.
    WorkingDays,
    /// `d` 日: calendar days.
    Days,
    /// `mo` 个月: calendar months, clamped to the month's end.
    Months,
}

/// A time limit as a rule writes it: `30min`, `4h`, `5wd`, `60d`, `3mo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit {
    /// How many, from 1 to 9999.
    pub count: u16,
    /// Of what.
    pub unit: Unit,
}

/// The text is not a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time limit; write a whole number from 1 to 9999 and its unit, for example 5wd (working days), 60d (days), 3mo (months), 4h (hours) or 30min")]
pub struct LimitError(pub String);

impl Limit {
    /// A limit of `count` units; `count` is taken as at least 1.
    pub const fn new(count: u16, unit: Unit) -> Self {
        Self { count: if count == 0 { 1 } else { count }, unit }
    }

    /// The exact moment a limit of minutes or hours ends, in Unix microseconds, when it began at
    /// `at`; `None` for limits of days, which end with their day.
    pub fn ends_at(self, at: i64) -> Option<i64> {
        let minutes = match self.unit {
            Unit::Minutes => i64::from(self.count),
            Unit::Hours => i64::from(self.count) * 60,
            Unit::WorkingDays | Unit::Days | Unit::Months => return None,
        };
        Some(at.saturating_add(minutes * 60_000_000))
    }

    /// The limit in words: "5 working days", "5个工作日".
    pub fn words(self, lang: Lang) -> String {
        let n = self.count;
        match (lang, self.unit) {
            (Lang::Zh, Unit::Minutes) => format!("{n}分钟"),
            (Lang::Zh, Unit::Hours) => format!("{n}小时"),
            (Lang::Zh, Unit::WorkingDays) => format!("{n}个工作日"),
            (Lang::Zh, Unit::Days) => format!("{n}日"),
            (Lang::Zh, Unit::Months) => format!("{n}个月"),
            (Lang::En, unit) => {
                let word = match unit {
                    Unit::Minutes => "minute",
                    Unit::Hours => "hour",
                    Unit::WorkingDays => "working day",
                    Unit::Days => "day",
                    Unit::Months => "month",
                };
                format!("{n} {word}{}", if n == 1 { "" } else { "s" })
            }
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;
    fn from_str(s: &str) -> Result<Self, LimitError> {
        let bad = || LimitError(s.to_owned());
        let text = s.trim();
        let split = text.find(|c: char| !c.is_ascii_digit()).ok_or_else(bad)?;
        let (count, unit) = text.split_at(split);
        let unit = match unit {
            "min" => Unit::Minutes,
            "h" => Unit::Hours,
            "wd" => Unit::WorkingDays,
            "d" => Unit::Days,
            "mo" => Unit::Months,
            _ => return Err(bad()),
        };
        match count.parse::<u16>() {
            Ok(count @ 1..=9999) => Ok(Self { count, unit }),
            _ => Err(bad()),
        }
    }
}
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Minutes => "min",
            Unit::Hours => "h",
            Unit::WorkingDays => "wd",
            Unit::Days => "d",
            Unit::Months => "mo",
        };
        write!(f, "{}{unit}", self.count)
    }
}
impl TryFrom<String> for Limit {
    type Error = LimitError;
    fn try_from(s: String) -> Result<Self, LimitError> {
        s.parse()
    }
}
impl From<Limit> for String {
    fn from(limit: Limit) -> String {
        limit.to_string()
    }
}

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
                let span = if limit.unit == Unit::Days { i64::from(limit.count).days() } else { i64::from(limit.count).months() };
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

impl Due {
    /// The whole reckoning in one sentence, counted from the day of receipt.
    pub fn explain(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => self.explain_since(lang, "收到"),
            Lang::En => self.explain_since(lang, "received"),
        }
    }

    /// The reckoning with another word for what happened on day 0: in English it stands before
    /// the date ("concluded"), in Chinese after it ("作出结论").
    pub fn explain_since(&self, lang: Lang, happened: &str) -> String {
        match lang {
            Lang::En => self.explain_en(happened),
            Lang::Zh => self.explain_zh(happened),
        }
    }

    fn explain_en(&self, happened: &str) -> String {
        let mut names = DayNames::new(self.from);
        let limit = self.limit.words(Lang::En);
        let start = format!("{happened} {} {} {} {}", weekday_en(self.from), self.from.day(), month_en(self.from), self.from.year());
        let full = |day: Date| {
            let year = if day.year() == self.from.year() { String::new() } else { format!(" {}", day.year()) };
            format!("{} {} {}{year}", weekday_en(day), day.day(), month_en(day))
        };
        let body = match self.limit.unit {
            Unit::Minutes | Unit::Hours => {
                let day = if self.date == self.from { "the same day, " } else { "" };
                format!("{limit}, running through nights and holidays → {day}{}", full(self.date))
            }
            Unit::WorkingDays => {
                let days: Vec<String> = self.steps.iter().map(|step| names.step_en(step)).collect();
                format!("{limit}: {} → {}", days.join(", "), full(self.date))
            }
            Unit::Days | Unit::Months if self.nominal == self.date => format!("{limit} → {}", full(self.date)),
            Unit::Days | Unit::Months => {
                names.mention(self.nominal);
                let off: Vec<String> =
                    self.steps.iter().filter(|step| !step.kind.is_working()).map(|step| names.step_en(step)).collect();
                format!(
                    "{limit} end on {}, a day off: {}; the next working day → {}",
                    full(self.nominal),
                    off.join(", "),
                    full(self.date)
                )
            }
        };
        let note = match &self.unpublished[..] {
            [] => String::new(),
            years => format!("; the holidays of {} are not published yet, only weekends were counted as days off", join_years(years, " and ")),
        };
        format!("{start}, {body}{note}")
    }

    fn explain_zh(&self, happened: &str) -> String {
        let mut names = DayNames::new(self.from);
        let limit = self.limit.words(Lang::Zh);
        let start = format!("{}年{}月{}日({}){happened}", self.from.year(), self.from.month(), self.from.day(), weekday_zh(self.from));
        let full = |day: Date| {
            let year = if day.year() == self.from.year() { String::new() } else { format!("{}年", day.year()) };
            format!("{year}{}月{}日({})", day.month(), day.day(), weekday_zh(day))
        };
        let body = match self.limit.unit {
            Unit::Minutes | Unit::Hours => {
                let day = if self.date == self.from { "当日," } else { "" };
                format!("{limit}(昼夜、节假日连续计算)→ {day}{}", full(self.date))
            }
            Unit::WorkingDays => {
                let days: Vec<String> = self.steps.iter().map(|step| names.step_zh(step)).collect();
                format!("{limit}:{} → {}", days.join("、"), full(self.date))
            }
            Unit::Days | Unit::Months if self.nominal == self.date => format!("{limit} → {}", full(self.date)),
            Unit::Days | Unit::Months => {
                names.mention(self.nominal);
                let off: Vec<String> =
                    self.steps.iter().filter(|step| !step.kind.is_working()).map(|step| names.step_zh(step)).collect();
                format!("{limit}至{}届满,适逢{},顺延至下一工作日 → {}", full(self.nominal), off.join("、"), full(self.date))
            }
        };
        let note = match &self.unpublished[..] {
            [] => String::new(),
            years => format!(";{}年放假安排尚未公布,仅扣除周末", join_years(years, "、")),
        };
        format!("{start},{body}{note}")
    }
}

/// Names days briefly: the month only where it is not the month named last.
struct DayNames {
    year: i16,
    month: i8,
}

impl DayNames {
    fn new(day: Date) -> Self {
        Self { year: day.year(), month: day.month() }
    }

    fn mention(&mut self, day: Date) {
        *self = Self::new(day);
    }

    fn en(&mut self, day: Date) -> String {
        let text = if day.year() != self.year {
            format!("{} {} {}", day.day(), month_en(day), day.year())
        } else if day.month() != self.month {
            format!("{} {}", day.day(), month_en(day))
        } else {
            day.day().to_string()
        };
        self.mention(day);
        text
    }

    fn zh(&mut self, day: Date) -> String {
        let text = if day.year() != self.year {
            format!("{}年{}月{}日", day.year(), day.month(), day.day())
        } else if day.month() != self.month {
            format!("{}月{}日", day.month(), day.day())
        } else {
            format!("{}日", day.day())
        };
        self.mention(day);
        text
    }

    fn step_en(&mut self, step: &Step) -> String {
        let name = match &step.kind {
            DayKind::Working => return self.en(step.first),
            DayKind::MakeUp => return format!("{} (make-up day)", self.en(step.first)),
            DayKind::Weekend => "weekend",
            DayKind::Holiday { en, .. } => en,
        };
        let first = self.en(step.first);
        if step.first == step.last {
            return format!("{name} {first}");
        }
        // "30 September–8 October" needs its first month even where it was just named.
        let same_month = (step.first.year(), step.first.month()) == (step.last.year(), step.last.month());
        let first = if same_month || first.contains(' ') { first } else { format!("{first} {}", month_en(step.first)) };
        let (dash, last) = (if same_month { "–" } else { " – " }, self.en(step.last));
        // "1–5 May": with both in one month the month is said once, after the range.
        match first.split_once(' ') {
            Some((day, month)) if same_month => format!("{name} {day}{dash}{last} {month}"),
            _ => format!("{name} {first}{dash}{last}"),
        }
    }

    fn step_zh(&mut self, step: &Step) -> String {
        let first = self.zh(step.first);
        let range = if step.first == step.last { first } else { format!("{first}至{}", self.zh(step.last)) };
        match &step.kind {
            DayKind::Working => range,
            DayKind::MakeUp => format!("{range}(调休上班)"),
            DayKind::Weekend => format!("周末{range}"),
            DayKind::Holiday { zh, .. } => format!("{zh}假期{range}"),
        }
    }
}

fn join_years(years: &[i16], with: &str) -> String {
    years.iter().map(i16::to_string).collect::<Vec<_>>().join(with)
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

fn weekday_en(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn weekday_zh(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}

fn month_en(day: Date) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September",
        "October", "November", "December",
    ];
    MONTHS[usize::from(day.month().unsigned_abs() - 1) % 12]
}

/// A day in words: "25 February 2026", "2026年2月25日".
pub fn day_in_words(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        Lang::En => format!("{} {} {}", day.day(), month_en(day), day.year()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
            "2026年2月11日(星期三)收到,5个工作日:12日、13日、14日(调休上班)、\
             春节假期15日至23日、24日、25日 → 2月25日(星期三)"
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
    fn nonsense_is_not_a_limit() {
        for text in ["", "5", "wd", "0wd", "-1d", "5 wd", "10000d", "5wk", "五wd", "1.5h"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
        for text in ["5wd", "60d", "3mo", "4h", "30min"] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_end_of_time_does_not_hang() {
        assert_eq!(due(Date::MAX, "9999wd").date, Date::MAX);
        assert_eq!(due(Date::MAX, "9mo").date, Date::MAX);
    }
}
