//! Days and times as people and programs write them. It does not know what today is.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::Reason;
use crate::labels::half_width;

/// Reads a day, with or without a time of day: `2026-02-11`, `2019/2/28 11:25:05`,
/// `2022-04-24 21:04`, `2026年2月11日下午3时05分`, `2026.2.11`, `20260211`, `20260211093000`,
/// `2026-02-11T09:30:00Z` (moved to `zone`), `43524.475` (a spreadsheet's serial day).
///
/// # Errors
/// [`Reason::ImpossibleDate`] or [`Reason::UnknownDateForm`].
pub(super) fn parse(written: &str, zone: &TimeZone) -> Result<DateTime, Reason> {
    let text: String = written.trim().chars().map(half_width).collect();
    if let Some(moment) = with_offset(&text, zone) {
        return Ok(moment);
    }
    if let Ok(number) = text.parse::<f64>()
        && text.len() < 20
        && text.split('.').next().is_some_and(|days| days.len() == 5)
    {
        return serial(number);
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from: usize, to: usize| text.get(from..to).and_then(|s| s.parse::<i32>().ok());
        return match (text.len(), part(0, 4), part(4, 6), part(6, 8)) {
            (8, Some(y), Some(m), Some(d)) => moment(y, m, d, [0, 0, 0]),
            (12, Some(y), Some(m), Some(d)) | (14, Some(y), Some(m), Some(d)) => {
                let clock = [part(8, 10), part(10, 12), part(12, 14)].map(|n| n.unwrap_or(0));
                moment(y, m, d, clock)
            }
            _ => Err(Reason::UnknownDateForm),
        };
    }
    separated(&text)
}

/// An Excel serial day (1900 calendar), as numbers without a date format come.
pub(super) fn serial(number: f64) -> Result<DateTime, Reason> {
    // From 1927 to 2118: anything else is some other number.
    if !(10_000.0..80_000.0).contains(&number) {
        return Err(Reason::UnknownDateForm);
    }
    let seconds = (number * 86_400.0).round() as i64;
    let epoch = Date::constant(1899, 12, 30).to_datetime(Time::midnight());
    epoch.checked_add(jiff::SignedDuration::from_secs(seconds)).map_err(|_| Reason::ImpossibleDate)
}

fn with_offset(text: &str, zone: &TimeZone) -> Option<DateTime> {
    let bytes = text.as_bytes();
    let iso = bytes.len() > 11 && bytes.get(4) == Some(&b'-') && matches!(bytes.get(10), Some(b'T' | b't' | b' '));
    if !iso {
        return None;
    }
    let stamp: jiff::Timestamp = text.parse().ok()?;
    Some(stamp.to_zoned(zone.clone()).datetime())
}

/// Numbers with signs or words between them; the year comes first.
fn separated(text: &str) -> Result<DateTime, Reason> {
    let mut numbers: Vec<(String, String)> = Vec::new();
    let mut words = String::new();
    for c in text.chars() {
        if c.is_ascii_digit() {
            if words.is_empty()
                && let Some((_, digits)) = numbers.last_mut()
            {
                digits.push(c);
            } else {
                numbers.push((std::mem::take(&mut words), c.to_string()));
            }
        } else {
            words.push(c);
        }
    }
    let trailing = words;
    let known = |words: &str| {
        let rest: String = words.chars().filter(|c| !c.is_whitespace()).collect();
        let rest = rest.to_lowercase();
        let rest =
            rest.trim_start_matches(['年', '月', '日', '号', '-', '/', '.', ':', 't', ',', '时', '点', '分', '秒']);
        let rest = strip_weekday(rest);
        matches!(rest, "" | "上午" | "下午" | "晚上" | "早上" | "凌晨" | "中午" | "am" | "pm")
    };
    let all_words = || numbers.iter().map(|(before, _)| before).chain([&trailing]);
    if !all_words().all(|w| known(w)) || !(3..=7).contains(&numbers.len()) {
        return Err(Reason::UnknownDateForm);
    }
    if numbers[0].1.len() != 4 || !numbers[0].0.trim().is_empty() {
        return Err(Reason::UnknownDateForm);
    }
    let number = |at: usize| match numbers.get(at) {
        Some((_, digits)) if digits.len() <= 4 => digits.parse::<i32>().map_err(|_| Reason::UnknownDateForm),
        Some(_) => Err(Reason::UnknownDateForm),
        None => Ok(0),
    };
    let mut hour = number(3)?;
    let afternoon = all_words()
        .any(|w| w.contains("下午") || w.contains("晚上") || w.contains("中午") || w.to_lowercase().contains("pm"));
    if afternoon && (1..=11).contains(&hour) && !all_words().any(|w| w.contains("中午") && hour == 11) {
        hour += 12;
    }
    let midnight = all_words().any(|w| w.contains("凌晨") || w.to_lowercase().contains("am"));
    if midnight && hour == 12 {
        hour = 0;
    }
    moment(number(0)?, number(1)?, number(2)?, [hour, number(4)?, number(5)?])
}

fn strip_weekday(words: &str) -> &str {
    for day in ["星期", "周"] {
        if let Some(rest) = words.strip_prefix(day) {
            let mut chars = rest.chars();
            if chars.next().is_some_and(|c| "一二三四五六日天".contains(c)) {
                return chars.as_str();
            }
        }
    }
    words
}

fn moment(year: i32, month: i32, day: i32, clock: [i32; 3]) -> Result<DateTime, Reason> {
    let impossible = |_| Reason::ImpossibleDate;
    let small = |n: i32| i8::try_from(n).map_err(|_| Reason::ImpossibleDate);
    let year = i16::try_from(year).map_err(|_| Reason::ImpossibleDate)?;
    if !(1900..=2100).contains(&year) {
        return Err(Reason::ImpossibleDate);
    }
    let date = Date::new(year, small(month)?, small(day)?).map_err(impossible)?;
    let [hour, minute, second] = clock;
    let time = Time::new(small(hour)?, small(minute)?, small(second)?, 0).map_err(impossible)?;
    Ok(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    fn read(text: &str) -> Result<DateTime, Reason> {
        parse(text, &TimeZone::fixed(jiff::tz::offset(8)))
    }

    #[test]
    fn many_ways_of_writing_one_day() {
        for (text, expected) in [
            ("2019/2/28 11:25:05", datetime(2019, 2, 28, 11, 25, 5, 0)),
            ("2022-04-24 21:04", datetime(2022, 4, 24, 21, 4, 0, 0)),
            ("2026年2月11日", datetime(2026, 2, 11, 0, 0, 0, 0)),
            (" 2026年02月11日 9时5分 ", datetime(2026, 2, 11, 9, 5, 0, 0)),
            ("2026年2月11日星期三下午3:05", datetime(2026, 2, 11, 15, 5, 0, 0)),
            ("2026.2.11", datetime(2026, 2, 11, 0, 0, 0, 0)),
            ("2026/02/11", datetime(2026, 2, 11, 0, 0, 0, 0)),
            ("20260211", datetime(2026, 2, 11, 0, 0, 0, 0)),
            ("20260211093001", datetime(2026, 2, 11, 9, 30, 1, 0)),
            ("2026-02-11T09:30:00", datetime(2026, 2, 11, 9, 30, 0, 0)),
            ("2026-02-11T01:30:00Z", datetime(2026, 2, 11, 9, 30, 0, 0)),
            ("2026-02-11 09:30:00.250", datetime(2026, 2, 11, 9, 30, 0, 0)),
            ("2026-2-11 12:00 AM", datetime(2026, 2, 11, 0, 0, 0, 0)),
            ("43524", datetime(2019, 2, 28, 0, 0, 0, 0)),
            ("43524.5", datetime(2019, 2, 28, 12, 0, 0, 0)),
        ] {
            assert_eq!(read(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn days_that_do_not_exist_and_forms_not_understood() {
        for text in ["2023-02-30", "2023年13月1日", "20230230", "2023-02-28 25:00", "0001-01-01", "9999-01-01"] {
            assert_eq!(read(text), Err(Reason::ImpossibleDate), "{text}");
        }
        for text in ["昨天", "2/28/2019", "19-2-28", "2019", "2019-02", "1234567890123", "-", "2019/2/28 abc"] {
            assert_eq!(read(text), Err(Reason::UnknownDateForm), "{text}");
        }
    }
}
