//! Numbers as people write them: `1,200.50`, `20余万`, `三十五`, `贰拾万`, `几十万`. It knows no
//! units of money or time.

/// A number in the text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Quantity {
    /// One past its last character.
    pub end: usize,
    /// Its value; `None` for `几十万` and the like.
    pub value: Option<f64>,
    /// Whether it ends in 万 or 亿, possibly with 多 or 余 after it.
    pub large: bool,
}

fn digit(c: char) -> Option<f64> {
    Some(match c {
        '零' | '〇' | '○' => 0.0,
        '一' | '壹' => 1.0,
        '二' | '两' | '贰' => 2.0,
        '三' | '叁' => 3.0,
        '四' | '肆' => 4.0,
        '五' | '伍' => 5.0,
        '六' | '陆' => 6.0,
        '七' | '柒' => 7.0,
        '八' | '捌' => 8.0,
        '九' | '玖' => 9.0,
        _ => return None,
    })
}

fn small_unit(c: char) -> Option<f64> {
    Some(match c {
        '十' | '拾' => 10.0,
        '百' | '佰' => 100.0,
        '千' | '仟' => 1_000.0,
        _ => return None,
    })
}

fn big_unit(c: char) -> Option<f64> {
    Some(match c {
        '万' | '萬' => 1e4,
        '亿' | '億' => 1e8,
        _ => return None,
    })
}

fn vague(c: char) -> bool {
    matches!(c, '多' | '余' | '餘' | '来' | '几' | '数')
}

/// Whether a number can begin here, so that most positions cost one test.
pub(crate) fn begins(c: char) -> bool {
    c.is_ascii_digit() || digit(c).is_some() || small_unit(c).is_some() || matches!(c, '几' | '数')
}

/// Digits with grouping commas and a decimal point at `at`: value and end.
pub(crate) fn arabic(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let mut end = at;
    let mut value = 0.0_f64;
    while let Some(d) = chars.get(end).and_then(|c| c.to_digit(10)) {
        value = value * 10.0 + f64::from(d);
        end += 1;
    }
    if end == at {
        return None;
    }
    // Grouping commas: one to three digits, then groups of exactly three.
    if end - at <= 3 {
        while chars.get(end) == Some(&',')
            && chars.get(end + 1..end + 4).is_some_and(|g| g.iter().all(char::is_ascii_digit))
            && !chars.get(end + 4).is_some_and(char::is_ascii_digit)
        {
            for c in &chars[end + 1..end + 4] {
                value = value * 10.0 + f64::from(c.to_digit(10).unwrap_or(0));
            }
            end += 4;
        }
    }
    if chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        let mut scale = 0.1;
        end += 1;
        while let Some(d) = chars.get(end).and_then(|c| c.to_digit(10)) {
            value += f64::from(d) * scale;
            scale /= 10.0;
            end += 1;
        }
    }
    Some((value, end))
}

/// The number at `at`, if one begins there.
pub(crate) fn quantity(chars: &[char], at: usize) -> Option<Quantity> {
    let first = *chars.get(at)?;
    if first.is_ascii_digit() {
        let (mut value, mut end) = arabic(chars, at)?;
        let mut large = false;
        // 20余万, 3千多, 1.5亿
        if chars.get(end).is_some_and(|c| vague(*c))
            && chars.get(end + 1).is_some_and(|c| small_unit(*c).is_some() || big_unit(*c).is_some())
        {
            end += 1;
        }
        while let Some(unit) = chars.get(end).and_then(|c| small_unit(*c).or(big_unit(*c))) {
            value *= unit;
            large = chars.get(end).is_some_and(|c| big_unit(*c).is_some());
            end += 1;
            // 3万5千: the smaller part is written after the larger.
            if let Some((more, more_end)) = arabic(chars, end) {
                if let Some(smaller) = chars.get(more_end).and_then(|c| small_unit(*c).or(big_unit(*c)))
                    && smaller < unit
                {
                    value += more * smaller;
                    end = more_end + 1;
                }
                break;
            }
        }
        if end > at && chars.get(end).is_some_and(|c| matches!(c, '多' | '余' | '来')) {
            end += 1;
        }
        return Some(Quantity { end, value: Some(value), large });
    }
    chinese(chars, at)
}

fn chinese(chars: &[char], at: usize) -> Option<Quantity> {
    let mut total = 0.0_f64;
    // The part below the last 万 or 亿, and the digit waiting for its unit.
    let (mut section, mut waiting) = (0.0_f64, None::<f64>);
    let mut last_unit = 1.0_f64;
    let mut known = true;
    let mut large = false;
    let mut end = at;
    let mut numbers = 0;
    while let Some(&c) = chars.get(end) {
        if let Some(d) = digit(c) {
            // 一二三: digits in a row read as digits.
            waiting = Some(waiting.unwrap_or(0.0) * 10.0 + d);
            large = false;
        } else if let Some(unit) = small_unit(c) {
            section += waiting.take().unwrap_or(1.0) * unit;
            last_unit = unit;
            large = false;
        } else if let Some(unit) = big_unit(c) {
            if numbers == 0 {
                return None;
            }
            section += waiting.take().unwrap_or(0.0);
            total = if unit > 1e4 { (total + section) * unit } else { total + section * unit };
            section = 0.0;
            last_unit = unit;
            large = true;
        } else if matches!(c, '几' | '数') {
            // 几 goes before a unit (几十万) or after ten (十几万).
            let unit_next = chars.get(end + 1).is_some_and(|n| small_unit(*n).is_some() || big_unit(*n).is_some());
            if !unit_next {
                break;
            }
            known = false;
            waiting = None;
        } else if matches!(c, '多' | '余' | '来') && numbers > 0 {
            end += 1;
            let unit_next = chars.get(end).is_some_and(|n| small_unit(*n).is_some() || big_unit(*n).is_some());
            if unit_next {
                continue;
            }
            break;
        } else {
            break;
        }
        numbers += 1;
        end += 1;
    }
    if numbers == 0 {
        return None;
    }
    // 三万五: the digit after a unit counts a tenth of it.
    if let Some(rest) = waiting {
        section += if last_unit >= 100.0 && section + total > 0.0 && chars.get(end - 2).is_some_and(|c| *c != '零') {
            rest * last_unit / 10.0
        } else {
            rest
        };
    }
    Some(Quantity { end, value: known.then_some(total + section), large })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, usize)> {
        let chars: Vec<char> = text.chars().collect();
        quantity(&chars, 0).and_then(|q| q.value.map(|v| ((v * 100.0).round() / 100.0, q.end)))
    }

    #[test]
    fn numbers_as_people_write_them() {
        for (text, value, end) in [
            ("20万", 2e5, 3),
            ("1,200.50元", 1200.5, 8),
            ("12,345,678", 12_345_678.0, 10),
            ("20余万元", 2e5, 4),
            ("3千", 3e3, 2),
            ("3万5千", 35_000.0, 4),
            ("1.5亿", 1.5e8, 4),
            ("2000多", 2000.0, 5),
            ("三十五", 35.0, 3),
            ("十二", 12.0, 2),
            ("一百二十万三千", 1_203_000.0, 7),
            ("贰拾万", 2e5, 3),
            ("三万五", 35_000.0, 3),
            ("一千零五", 1005.0, 4),
            ("两千多", 2000.0, 3),
            ("三亿五千万", 3.5e8, 5),
            ("5,6", 5.0, 1),
        ] {
            assert_eq!(read(text), Some((value, end)), "{text}");
        }
    }

    #[test]
    fn vague_numbers_have_no_value() {
        for text in ["几十万", "数百万", "十几万"] {
            let chars: Vec<char> = text.chars().collect();
            let q = quantity(&chars, 0).expect("a number");
            assert_eq!((q.value, q.end, q.large), (None, 3, true), "{text}");
        }
        assert_eq!(read("几个人"), None);
        assert_eq!(read("万"), None);
        assert_eq!(read("多"), None);
    }
}
