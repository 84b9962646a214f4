//! Numbers that identify: identity cards, credit codes, bank cards, telephones, plates. Check digits are those of `domain::checks`; nothing here knows whose they are.

use domain::checks;

use super::{Found, Scene};
use crate::entity::{EntityKind, Value};
use crate::stage::Rule;

/// Finds them all.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let chars = scene.chars;
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_ascii_alphanumeric() && !scene.previous(at).is_some_and(|c| c.is_ascii_alphanumeric()) {
            coded(scene, at, found);
        }
        match chars[at] {
            '0'..='9' | '+' | '(' if !scene.previous(at).is_some_and(|c| c.is_ascii_alphanumeric()) => {
                telephone(scene, at, found);
            }
            c if PROVINCES.contains(c) => plate(scene, at, found),
            _ => {}
        }
        at += 1;
    }
}

/// The letters and digits from `at`, joined over single blanks or hyphens between groups of at
/// most eight digits, at most 30: the characters and the end after each of them.
fn joined(scene: &Scene<'_>, at: usize) -> Vec<(char, usize)> {
    let group = |from: usize| {
        scene.chars[from.min(scene.chars.len())..].iter().take(9).take_while(|c| c.is_ascii_alphanumeric()).count()
    };
    let mut out = Vec::new();
    let mut i = at;
    let mut begun = at;
    while out.len() < 30 {
        match scene.char(i) {
            Some(c) if c.is_ascii_alphanumeric() => {
                out.push((c.to_ascii_uppercase(), i + 1));
                i += 1;
            }
            Some(' ' | '-')
                if scene.char(i + 1).is_some_and(|c| c.is_ascii_digit()) && i - begun <= 8 && group(i + 1) <= 8 =>
            {
                i += 1;
                begun = i;
            }
            _ => break,
        }
    }
    out
}

/// Identity numbers, credit codes and bank cards at `at`.
fn coded(scene: &Scene<'_>, at: usize, found: &mut Vec<Found>) {
    // As written without a gap first; with gaps only digits are joined.
    let solid = scene.chars[at..].iter().take(31).take_while(|c| c.is_ascii_alphanumeric()).count();
    let text: String = scene.chars[at..at + solid].iter().map(char::to_ascii_uppercase).collect();
    if solid == 18 && checks::identity_number(&text) {
        let entity = Found::new(at, at + 18, EntityKind::Identity, 0.99, Rule::IdentityChecksum);
        found.push(entity.with(Value::Number(text)));
        return;
    }
    if solid == 18 && checks::credit_code(&text) && text.bytes().any(|b| b.is_ascii_digit()) {
        let all_digits = text.bytes().all(|b| b.is_ascii_digit());
        // A code of digits alone may also be a bank card; the word before it tells.
        if !all_digits || !checks::luhn(&text) || scene.lately(at, 10, &["信用代码", "代码"]) {
            let entity = Found::new(at, at + 18, EntityKind::CreditCode, 0.98, Rule::CreditChecksum);
            found.push(entity.with(Value::Number(text)));
            return;
        }
    }
    let spread = joined(scene, at);
    if spread.len() == 18 && solid < 18 {
        let text: String = spread.iter().map(|s| s.0).collect();
        if checks::identity_number(&text) && gaps_of_identity(&spread, at) {
            let entity = Found::new(at, spread[17].1, EntityKind::Identity, 0.98, Rule::IdentityChecksum);
            found.push(entity.with(Value::Number(text)));
            return;
        }
    }
    let digits: String = spread.iter().map(|s| s.0).collect();
    if (16..=19).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && checks::luhn(&digits) {
        // One of ten mistyped identity numbers passes Luhn too.
        let like_identity = digits.len() == 18
            && (digits[6..8] == *"19" || digits[6..8] == *"20")
            && scene.lately(at, 12, &["身份证", "证件号", "公民身份"]);
        let all_same = digits.bytes().all(|b| b == digits.as_bytes()[0]);
        if !like_identity
            && !all_same
            && let Some(last) = spread.last()
        {
            let entity = Found::new(at, last.1, EntityKind::Account, 0.97, Rule::AccountLuhn);
            found.push(entity.with(Value::Number(digits)));
        }
    }
}

/// Identity numbers are written with gaps after the place and the birthday, if at all.
fn gaps_of_identity(spread: &[(char, usize)], at: usize) -> bool {
    let end = |n: usize| spread[n - 1].1;
    let gap_after = |n: usize| spread[n].1 - end(n) > 1;
    (1..18).all(|n| !gap_after(n) || matches!(n, 6 | 10 | 12 | 14)) && end(1) == at + 1
}

fn number(scene: &Scene<'_>, start: usize, end: usize, confidence: f32, rule: Rule) -> Found {
    let digits: String = scene.chars[start..end].iter().filter(|c| c.is_ascii_digit()).collect();
    Found::new(start, end, EntityKind::Phone, confidence, rule).with(Value::Number(digits))
}

/// Telephone numbers at `at`: mobile, landline with area code, service numbers.
fn telephone(scene: &Scene<'_>, at: usize, found: &mut Vec<Found>) {
    // +86 138 1234 5678, 0086-138…
    let mut start = at;
    let prefixed = ["+86", "0086"].iter().find(|p| scene.at(at, p)).map(|p| p.len());
    if let Some(width) = prefixed {
        start = at + width;
        if matches!(scene.char(start), Some(' ' | '-')) {
            start += 1;
        }
    } else if scene.char(at) == Some('+') {
        return;
    }
    let spread = joined(scene, start);
    let digits: String = spread.iter().map(|s| s.0).take_while(char::is_ascii_digit).collect();
    let whole = digits.len() == spread.len();
    let bytes = digits.as_bytes();
    if whole && digits.len() == 11 && bytes[0] == b'1' && (b'3'..=b'9').contains(&bytes[1]) {
        let gap_after = |n: usize| spread[n].1 - spread[n - 1].1 > 1;
        if (1..11).all(|n| !gap_after(n) || n == 3 || n == 7) {
            found.push(number(scene, at, spread[10].1, 0.97, Rule::MobileNumber));
            return;
        }
    }
    if prefixed.is_some() {
        return;
    }
    // 0731-88123456, (0731)88123456, 400-810-1234
    let open = scene.char(at) == Some('(');
    let area_at = if open { at + 1 } else { at };
    let run =
        |from: usize| scene.chars[from.min(scene.chars.len())..].iter().take_while(|c| c.is_ascii_digit()).count();
    let area = run(area_at);
    if scene.char(area_at) == Some('0') && scene.char(area_at + 1) != Some('0') {
        if (3..=4).contains(&area) {
            let mut i = area_at + area;
            match (open, scene.char(i)) {
                (true, Some(')')) | (false, Some('-' | ' ' | '—')) => i += 1,
                _ => return,
            }
            let rest = run(i);
            if (7..=8).contains(&rest) && !scene.char(i + rest).is_some_and(|c| c.is_ascii_alphanumeric()) {
                found.push(number(scene, at, i + rest, 0.95, Rule::LandlineNumber));
            }
        } else if !open
            && (10..=12).contains(&area)
            && !scene.char(at + area).is_some_and(|c| c.is_ascii_alphanumeric())
        {
            found.push(number(scene, at, at + area, 0.9, Rule::LandlineNumber));
        }
        return;
    }
    if open {
        return;
    }
    if whole && digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800")) {
        found.push(number(scene, at, spread[9].1, 0.93, Rule::LandlineNumber));
        return;
    }
    let cue = |words: &[&str]| scene.lately(at, 8, words);
    if matches!(area, 7 | 8) && !scene.char(at + area).is_some_and(|c| c.is_ascii_alphanumeric()) {
        if cue(&["电话", "座机", "致电", "拨打", "热线", "联系方式"]) {
            found.push(number(scene, at, at + area, 0.85, Rule::LandlineNumber));
        }
    } else if (3..=5).contains(&area) && matches!(scene.char(at), Some('1' | '9')) {
        let after = ["热线", "电话", "举报", "平台", "客服"].iter().any(|w| scene.at(at + area, w));
        let before = cue(&["电话", "致电", "拨打", "热线", "报警", "打了", "打"])
            && scene.previous(at).is_some_and(|c| !c.is_ascii_digit());
        let known = matches!(
            scene.string(at, at + area).as_str(),
            "110"
                | "119"
                | "120"
                | "122"
                | "12388"
                | "12345"
                | "12315"
                | "12333"
                | "12369"
                | "12348"
                | "12380"
                | "12328"
                | "12393"
                | "12319"
                | "12337"
                | "12329"
                | "12366"
        );
        if known && (after || before) {
            found.push(number(scene, at, at + area, 0.85, Rule::LandlineNumber));
        }
    }
}

/// First characters of plates.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";

/// A plate at `at`: 湘A12345, 湘A·D12345, 粤Z1234港.
fn plate(scene: &Scene<'_>, at: usize, found: &mut Vec<Found>) {
    let letter = |c: char| c.is_ascii_alphabetic() && !matches!(c.to_ascii_uppercase(), 'I' | 'O');
    if !scene.char(at + 1).is_some_and(letter) {
        return;
    }
    let mut i = at + 2;
    if matches!(scene.char(i), Some('·' | '.' | '•' | '・' | ' ' | '-')) {
        i += 1;
    }
    let from = i;
    let mut digits = 0;
    while i - from < 6 && scene.char(i).is_some_and(|c| c.is_ascii_digit() || letter(c)) {
        digits += usize::from(scene.chars[i].is_ascii_digit());
        i += 1;
    }
    let mut length = i - from;
    if length == 4 && scene.char(i).is_some_and(|c| "学警港澳挂领使试".contains(c)) {
        i += 1;
        length += 1;
    }
    let closed = !scene.char(i).is_some_and(|c| c.is_ascii_alphanumeric());
    if matches!(length, 5 | 6) && digits >= 2 && closed {
        let value: String =
            scene.chars[at..i].iter().filter(|c| c.is_alphanumeric()).map(char::to_ascii_uppercase).collect();
        found.push(Found::new(at, i, EntityKind::Vehicle, 0.95, Rule::Plate).with(Value::Number(value)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{entities, of, values};
    use super::*;

    #[test]
    fn identity_numbers_need_their_check_digit() {
        assert_eq!(of("身份证11010519491231002X。", EntityKind::Identity), ["11010519491231002X"]);
        assert_eq!(of("身份证１１０１０５１９４９１２３１００２ｘ", EntityKind::Identity).len(), 1);
        assert_eq!(of("110105 19491231 002X", EntityKind::Identity), ["110105 19491231 002X"]);
        assert!(of("身份证110105194912310021", EntityKind::Identity).is_empty());
        assert!(of("编号9911010519491231002X", EntityKind::Identity).is_empty());
    }

    #[test]
    fn accounts_pass_luhn_and_have_16_to_19_digits() {
        assert_eq!(of("卡号6222021234567890128", EntityKind::Account), ["6222021234567890128"]);
        assert_eq!(of("卡号6222 0212 3456 7890 128", EntityKind::Account), ["6222 0212 3456 7890 128"]);
        assert_eq!(
            values("6222-0212-3456-7890-128", EntityKind::Account),
            [Some(Value::Number("6222021234567890128".into()))]
        );
        assert!(of("卡号6222021234567890129", EntityKind::Account).is_empty());
        assert!(of("0000000000000000", EntityKind::Account).is_empty());
    }

    #[test]
    fn credit_codes_need_their_check_character() {
        assert_eq!(of("代码91350100M000100Y43,", EntityKind::CreditCode), ["91350100M000100Y43"]);
        assert!(of("代码91350100M000100Y44,", EntityKind::CreditCode).is_empty());
    }

    #[test]
    fn telephones() {
        for (text, span) in [
            ("手机13812345678。", "13812345678"),
            ("电话138-1234-5678", "138-1234-5678"),
            ("+86 13812345678", "+86 13812345678"),
            ("座机0731-88123456转", "0731-88123456"),
            ("（0731）88123456", "（0731）88123456"),
            ("01088123456", "01088123456"),
            ("客服400-810-1234", "400-810-1234"),
            ("联系电话：88123456", "88123456"),
            ("拨打12345热线", "12345"),
        ] {
            assert_eq!(of(text, EntityKind::Phone), [span], "{text}");
        }
        for text in ["单号138123456789", "共88123456元", "面积12345平方米", "2018-2019年", "12345678"] {
            assert!(of(text, EntityKind::Phone).is_empty(), "{text}");
        }
    }

    #[test]
    fn plates() {
        for (text, span) in [
            ("车牌湘A12345", "湘A12345"),
            ("湘A·D12345停在", "湘A·D12345"),
            ("粤b8k88警", "粤b8k88警"),
            ("鲁Ｂ１２３４５", "鲁Ｂ１２３４５"),
        ] {
            assert_eq!(of(text, EntityKind::Vehicle), [span], "{text}");
        }
        assert!(of("川A区", EntityKind::Vehicle).is_empty());
        assert!(of("湘ABCDEFG", EntityKind::Vehicle).is_empty());
    }

    #[test]
    fn no_number_is_claimed_twice() {
        let text = "11010519491231002X 6222021234567890128 13812345678 91350100M000100Y43 湘A12345";
        let kinds: Vec<EntityKind> = entities(text).into_iter().map(|e| e.kind).collect();
        use EntityKind::*;
        assert_eq!(kinds, [Identity, Account, Phone, CreditCode, Vehicle]);
    }
}
