//! A due date in one sentence that names every day that led to it, in both languages. It only
//! words what `Calendar::due` reckoned.

use jiff::civil::{Date, Weekday};

use super::{DayKind, Due, Step, Unit};
use crate::words::Lang;

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
        let start = format!(
            "{happened} {} {} {} {}",
            weekday_en(self.from),
            self.from.day(),
            month_en(self.from),
            self.from.year()
        );
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
            Unit::Days | Unit::Months if self.nominal == self.date => {
                format!("{limit} → {}", full(self.date))
            }
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
            years => format!(
                "; the holidays of {} are not published yet, only weekends were counted as days off",
                join_years(years, " and ")
            ),
        };
        format!("{start}, {body}{note}")
    }

    fn explain_zh(&self, happened: &str) -> String {
        let mut names = DayNames::new(self.from);
        let limit = self.limit.words(Lang::Zh);
        let start = format!(
            "{}年{}月{}日（{}）{happened}",
            self.from.year(),
            self.from.month(),
            self.from.day(),
            weekday_zh(self.from)
        );
        let full = |day: Date| {
            let year = if day.year() == self.from.year() { String::new() } else { format!("{}年", day.year()) };
            format!("{year}{}月{}日（{}）", day.month(), day.day(), weekday_zh(day))
        };
        let body = match self.limit.unit {
            Unit::Minutes | Unit::Hours => {
                let day = if self.date == self.from { "当日," } else { "" };
                format!("{limit}（昼夜、节假日连续计算）→ {day}{}", full(self.date))
            }
            Unit::WorkingDays => {
                let days: Vec<String> = self.steps.iter().map(|step| names.step_zh(step)).collect();
                format!("{limit}：{} → {}", days.join("、"), full(self.date))
            }
            Unit::Days | Unit::Months if self.nominal == self.date => {
                format!("{limit} → {}", full(self.date))
            }
            Unit::Days | Unit::Months => {
                names.mention(self.nominal);
                let off: Vec<String> =
                    self.steps.iter().filter(|step| !step.kind.is_working()).map(|step| names.step_zh(step)).collect();
                format!(
                    "{limit}至{}届满，适逢{}，顺延至下一工作日 → {}",
                    full(self.nominal),
                    off.join("、"),
                    full(self.date)
                )
            }
        };
        let note = match &self.unpublished[..] {
            [] => String::new(),
            years => format!("；{}年放假安排尚未公布，仅扣除周末", join_years(years, "、")),
        };
        format!("{start}，{body}{note}")
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
            DayKind::MakeUp => format!("{range}（调休上班）"),
            DayKind::Weekend => format!("周末{range}"),
            DayKind::Holiday { zh, .. } => format!("{zh}假期{range}"),
        }
    }
}

fn join_years(years: &[i16], with: &str) -> String {
    years.iter().map(i16::to_string).collect::<Vec<_>>().join(with)
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
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
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
