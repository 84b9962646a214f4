//! Time limits as a rule writes them. It knows how they are written and said, not when they end.

use std::fmt;
use std::str::FromStr;

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
#[error(
    "`{0}` is not a time limit; write a whole number from 1 to 9999 and its unit, for example 5wd (working days), 60d (days), 3mo (months), 4h (hours) or 30min"
)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nonsense_is_not_a_limit() {
        for text in ["", "5", "wd", "0wd", "-1d", "5 wd", "10000d", "5wk", "五wd", "1.5h"] {
            assert!(text.parse::<Limit>().is_err(), "{text}");
        }
        for text in ["5wd", "60d", "3mo", "4h", "30min"] {
            assert_eq!(text.parse::<Limit>().unwrap().to_string(), text);
        }
    }
}
