//! Dates: written out, in part, or relative to the day of receipt. A date without a year is taken
//! as the last such day before receipt; without a day of receipt it has no value.

use jiff::civil::Date;
use jiff::{Span as Spell, ToSpan};

use super::quantity::quantity;
use super::{Found, Scene};
use crate::entity::{EntityKind, Value};
use crate::stage::Rule;

/// Words for a day or stretch of days.
const WORDS: &[(&str, Reckoned)] = &[
    ("大前天", Reckoned::Day(-3)),
    ("前天", Reckoned::Day(-2)),
    ("昨天", Reckoned::Day(-1)),
    ("昨日", Reckoned::Day(-1)),
    ("昨晚", Reckoned::Day(-1)),
    ("今天", Reckoned::Day(0)),
    ("今日", Reckoned::Day(0)),
    ("今晚", Reckoned::Day(0)),
    ("今早", Reckoned::Day(0)),
    ("上个星期", Reckoned::Week(-1)),
    ("上星期", Reckoned::Week(-1)),
    ("上周", Reckoned::Week(-1)),
    ("本周", Reckoned::Week(0)),
    ("上个月", Reckoned::Month(-1)),
    ("上月", Reckoned::Month(-1)),
    ("这个月", Reckoned::Month(0)),
    ("本月", Reckoned::Month(0)),
    ("大前年", Reckoned::Year(-3)),
    ("前年", Reckoned::Year(-2)),
    ("去年", Reckoned::Year(-1)),
    ("今年", Reckoned::Year(0)),
];

#[derive(Debug, Clone, Copy)]
enum Reckoned {
    Day(i32),
    Week(i32),
    Month(i32),
    Year(i32),
}

fn days(from: Date, to: Date) -> Value {
    Value::Days { from: from.to_string(), to: to.to_string() }
}

/// The last day of a month, or nothing for a month that is none.
fn month(year: i16, month: i8) -> Option<(Date, Date)> {
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

fn year(year: i16) -> Option<(Date, Date)> {
    Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?))
}

/// Finds dates.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let mut at = 0;
    while at < scene.chars.len() {
        match one(scene, at) {
            Some(hit) => {
                at = hit.end;
                found.push(hit);
            }
            None => at += 1,
        }
    }
}

fn one(scene: &Scene<'_>, at: usize) -> Option<Found> {
    let c = scene.chars[at];
    if c.is_ascii_digit() {
        if scene.previous(at).is_some_and(|p| p.is_ascii_alphanumeric() || matches!(p, '.' | '-' | '/')) {
            return None;
        }
        return digits(scene, at);
    }
    if matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '两' | '几' | '半' | '腊' | '数'
    ) {
        return chinese(scene, at);
    }
    if matches!(c, '大' | '前' | '昨' | '今' | '上' | '本' | '这' | '去') {
        return word(scene, at);
    }
    None
}

fn make(start: usize, end: usize, stretch: Option<(Date, Date)>, rule: Rule) -> Found {
    let confidence = if rule == Rule::RelativeDate { 0.85 } else { 0.93 };
    let hit = Found::new(start, end, EntityKind::Date, confidence, rule);
    match stretch {
        Some((from, to)) => hit.with(days(from, to)),
        None => hit,
    }
}

/// Arabic digits from `at`: their number and end.
fn number(scene: &Scene<'_>, at: usize, most: usize) -> Option<(i16, usize)> {
    let mut value = 0_i16;
    let mut end = at;
    while let Some(d) = scene.char(end).and_then(|c| c.to_digit(10)) {
        if end - at == most {
            return None;
        }
        value = value * 10 + i16::try_from(d).ok()?;
        end += 1;
    }
    (end > at).then_some((value, end))
}

/// A month or day in Arabic or Chinese figures.
fn small(scene: &Scene<'_>, at: usize) -> Option<(i8, usize)> {
    if let Some((value, end)) = number(scene, at, 2) {
        return Some((i8::try_from(value).ok()?, end));
    }
    let mut end = at;
    while end < at + 3 && scene.char(end).is_some_and(|c| "一二三四五六七八九十廿".contains(c)) {
        end += 1;
    }
    if end == at {
        return None;
    }
    let q = quantity(scene.chars, at).filter(|q| q.end == end)?;
    let value = q.value.filter(|v| (1.0..=31.0).contains(v))?;
    Some((value as i8, end))
}

fn spaces(scene: &Scene<'_>, mut at: usize) -> usize {
    while scene.char(at) == Some(' ') {
        at += 1;
    }
    at
}

/// `5月`, `5月份`, `5月3日` at `at`, in the given year.
fn month_and_day(scene: &Scene<'_>, at: usize, y: Option<i16>) -> Option<(usize, Option<(Date, Date)>)> {
    let from = spaces(scene, at);
    let (m, after) = small(scene, from)?;
    let after = spaces(scene, after);
    if scene.char(after) != Some('月') || !(1..=12).contains(&m) {
        return None;
    }
    let end = after + 1;
    let day_at = spaces(scene, end);
    if let Some((d, day_end)) = small(scene, day_at)
        && (1..=31).contains(&d)
        && matches!(scene.char(spaces(scene, day_end)), Some('日' | '号'))
    {
        let end = spaces(scene, day_end) + 1;
        let stretch = y.and_then(|y| Date::new(y, m, d).ok()).map(|d| (d, d));
        return Some((end, stretch));
    }
    let stretch = y.and_then(|y| month(y, m));
    let rest = ["份", "初", "底", "末", "中旬", "上旬", "下旬"];
    let more = rest.iter().find(|w| scene.at(end, w)).map_or(0, |w| w.chars().count());
    Some((end + more, stretch))
}

/// Without a year: the last such stretch that begins before the day of receipt.
fn last_before(scene: &Scene<'_>, start: usize) -> Option<(Date, Date)> {
    let received = scene.received?;
    [received.year(), received.year() - 1]
        .into_iter()
        .filter_map(|y| month_and_day(scene, start, Some(y)).and_then(|m| m.1))
        .find(|s| s.0 <= received)
}

fn digits(scene: &Scene<'_>, at: usize) -> Option<Found> {
    let (value, end) = number(scene, at, 4)?;
    let width = end - at;
    let year_like = width == 4 && (1900..=2100).contains(&value);
    let after = spaces(scene, end);
    if year_like && scene.char(after) == Some('年') {
        return Some(year_on(scene, at, after + 1, value));
    }
    if year_like && matches!(scene.char(end), Some('-' | '/' | '.' | '－')) {
        let mark = scene.char(end);
        let (m, m_end) = number(scene, end + 1, 2)?;
        if scene.char(m_end) != mark {
            // 2024/5, 2024-05: only a month with a leading zero or a slash is clear enough.
            return None;
        }
        let (d, d_end) = number(scene, m_end + 1, 2)?;
        let day = Date::new(value, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok()?;
        let closed = !scene.char(d_end).is_some_and(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        return closed.then(|| make(at, d_end, Some((day, day)), Rule::CalendarDate));
    }
    if width == 2 && scene.char(after) == Some('年') {
        // 24年5月: two digits are a year only before a month.
        let full = if value <= 50 { 2000 + value } else { 1900 + value };
        let (end, stretch) = month_and_day(scene, after + 1, Some(full))?;
        return Some(make(at, end, stretch, Rule::CalendarDate));
    }
    if width <= 2 {
        if let Some((end, _)) = month_and_day(scene, at, None) {
            return Some(make(at, end, last_before(scene, at), Rule::CalendarDate));
        }
        return ago(scene, at);
    }
    None
}

/// What follows `2024年`.
fn year_on(scene: &Scene<'_>, start: usize, at: usize, y: i16) -> Found {
    if let Some((end, stretch)) = month_and_day(scene, at, Some(y)) {
        return make(start, end, stretch, Rule::CalendarDate);
    }
    let rest = ["初", "底", "末", "年初", "年底", "上半年", "下半年", "春节", "国庆", "中秋", "元旦", "度"];
    let more = rest.iter().find(|w| scene.at(at, w)).map_or(0, |w| w.chars().count());
    make(start, at + more, year(y), Rule::CalendarDate)
}

fn chinese(scene: &Scene<'_>, at: usize) -> Option<Found> {
    // 二〇二四年: four figures read one by one.
    let figures = scene.chars[at..].iter().take(5).take_while(|c| "〇○零一二三四五六七八九".contains(**c)).count();
    if figures == 4 && scene.char(at + 4) == Some('年') {
        let mut value = 0_i16;
        for c in &scene.chars[at..at + 4] {
            let d = "〇一二三四五六七八九".chars().position(|x| x == *c).unwrap_or(0);
            value = value * 10 + i16::try_from(d).ok()?;
        }
        if (1900..=2100).contains(&value) {
            return Some(year_on(scene, at, at + 5, value));
        }
    }
    if scene.previous(at).is_some_and(|p| "第每一二三四五六七八九十百千两".contains(p)) {
        return None;
    }
    if let Some((end, _)) = month_and_day(scene, at, None) {
        // 一月 inside 一月一次 and 十月怀胎 is no date.
        if !scene.at(end, "一次") && !scene.at(end, "怀胎") {
            return Some(make(at, end, last_before(scene, at), Rule::CalendarDate));
        }
    }
    ago(scene, at)
}

/// `三天前`, `两个月前`, `5年前`, `半年前`.
fn ago(scene: &Scene<'_>, at: usize) -> Option<Found> {
    let (value, mut end) = if scene.char(at) == Some('半') {
        (Some(0.5), at + 1)
    } else if scene.char(at) == Some('几') || scene.char(at) == Some('数') {
        (None, at + 1)
    } else {
        let q = quantity(scene.chars, at)?;
        (q.value, q.end)
    };
    if scene.char(end) == Some('个') {
        end += 1;
    }
    let unit = ["星期", "礼拜", "天", "日", "周", "月", "年"].into_iter().find(|u| scene.at(end, u))?;
    end += unit.chars().count();
    if matches!(scene.char(end), Some('多')) {
        end += 1;
    }
    let tail = ["之前", "以前", "前"].into_iter().find(|w| scene.at(end, w))?;
    // 三天前往 has nothing to do with time.
    if tail == "前" && scene.char(end + 1).is_some_and(|c| "往来面后列方台任进途期".contains(c)) {
        return None;
    }
    end += tail.chars().count();
    let stretch = scene.received.zip(value).and_then(|(received, n)| {
        let half_year = n == 0.5 && unit == "年";
        let whole = n.fract() == 0.0 && (1.0..=200.0).contains(&n);
        let n = n as i32;
        let back = |spell: Spell| received.checked_sub(spell).ok();
        match unit {
            _ if half_year => back(6.months()).and_then(|d| month(d.year(), d.month())),
            _ if !whole => None,
            "天" | "日" => back(n.days()).map(|d| (d, d)),
            "周" | "星期" | "礼拜" => back(n.weeks()).and_then(week),
            "月" => back(n.months()).and_then(|d| month(d.year(), d.month())),
            _ => back(n.years()).and_then(|d| year(d.year())),
        }
    });
    Some(make(at, end, stretch, Rule::RelativeDate))
}

/// Monday to Sunday of the week of a day.
fn week(day: Date) -> Option<(Date, Date)> {
    let since = i32::from(day.weekday().to_monday_zero_offset());
    let monday = day.checked_sub(since.days()).ok()?;
    Some((monday, monday.checked_add(6.days()).ok()?))
}

fn word(scene: &Scene<'_>, at: usize) -> Option<Found> {
    let (word, reckoned) = WORDS.iter().find(|(w, _)| scene.at(at, w))?;
    let end = at + word.chars().count();
    let received = scene.received;
    match reckoned {
        Reckoned::Day(n) => {
            let day = received.and_then(|r| r.checked_add(n.days()).ok());
            Some(make(at, end, day.map(|d| (d, d)), Rule::RelativeDate))
        }
        Reckoned::Week(n) => {
            let stretch = received.and_then(|r| r.checked_add(n.weeks()).ok()).and_then(week);
            Some(make(at, end, stretch, Rule::RelativeDate))
        }
        Reckoned::Month(n) => {
            let base = received.and_then(|r| r.checked_add(n.months()).ok());
            // 上个月12号, 本月5日
            if let Some((d, day_end)) = small(scene, end)
                && matches!(scene.char(day_end), Some('日' | '号'))
                && (1..=31).contains(&d)
            {
                let day = base.and_then(|b| Date::new(b.year(), b.month(), d).ok());
                return Some(make(at, day_end + 1, day.map(|d| (d, d)), Rule::RelativeDate));
            }
            let stretch = base.and_then(|b| month(b.year(), b.month()));
            Some(make(at, end, stretch, Rule::RelativeDate))
        }
        Reckoned::Year(n) => {
            let y = received.map(|r| r.year() + i16::try_from(*n).unwrap_or(0));
            if let Some((month_end, stretch)) = month_and_day(scene, end, y) {
                return Some(make(at, month_end, stretch, Rule::RelativeDate));
            }
            let rest = ["年初", "年底", "上半年", "下半年", "初", "底", "春节", "春天", "夏天", "秋天", "冬天"];
            let more = rest.iter().find(|w| scene.at(end, w)).map_or(0, |w| w.chars().count());
            Some(make(at, end + more, y.and_then(year), Rule::RelativeDate))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{of, values};
    use super::*;

    fn span(from: &str, to: &str) -> Option<Value> {
        Some(Value::Days { from: from.into(), to: to.into() })
    }

    #[test]
    fn dates_and_what_they_come_to() {
        // Received on Tuesday 10 March 2026.
        for (text, words, from, to) in [
            ("2024年5月3日上午", "2024年5月3日", "2024-05-03", "2024-05-03"),
            ("于2024年2月", "2024年2月", "2024-02-01", "2024-02-29"),
            ("在2018年就", "2018年", "2018-01-01", "2018-12-31"),
            ("2024-05-03,", "2024-05-03", "2024-05-03", "2024-05-03"),
            ("２０２４/5/3", "２０２４/5/3", "2024-05-03", "2024-05-03"),
            ("2024.5.3。", "2024.5.3", "2024-05-03", "2024-05-03"),
            ("二〇二四年五月三日", "二〇二四年五月三日", "2024-05-03", "2024-05-03"),
            ("24年5月份", "24年5月份", "2024-05-01", "2024-05-31"),
            ("5月3日", "5月3日", "2025-05-03", "2025-05-03"),
            ("2月14号晚", "2月14号", "2026-02-14", "2026-02-14"),
            ("十二月二十五日", "十二月二十五日", "2025-12-25", "2025-12-25"),
            ("去年5月", "去年5月", "2025-05-01", "2025-05-31"),
            ("今年年初", "今年年初", "2026-01-01", "2026-12-31"),
            ("昨天", "昨天", "2026-03-09", "2026-03-09"),
            ("上周", "上周", "2026-03-02", "2026-03-08"),
            ("上个月12号", "上个月12号", "2026-02-12", "2026-02-12"),
            ("三天前", "三天前", "2026-03-07", "2026-03-07"),
            ("两个月前", "两个月前", "2026-01-01", "2026-01-31"),
        ] {
            assert_eq!(of(text, EntityKind::Date), [words], "{text}");
            assert_eq!(values(text, EntityKind::Date), [span(from, to)], "{text}");
        }
        assert_eq!(of("2018年3月至2020年5月", EntityKind::Date), ["2018年3月", "2020年5月"]);
        assert_eq!(values("几天前", EntityKind::Date), [None]);
    }

    #[test]
    fn what_is_no_date() {
        for text in
            ["10年工龄", "5个月", "2024-13-45", "3号楼2栋", "编号2024050312", "三天前往", "第三月台", "版本1.2.3"]
        {
            assert!(of(text, EntityKind::Date).is_empty(), "{text}: {:?}", of(text, EntityKind::Date));
        }
        assert_eq!(values("2024年2月30日", EntityKind::Date), [None], "an impossible day comes to nothing");
    }
}
