//! Check characters of numbers people write: identity cards, credit codes, bank cards.
//!
//! A number that passes is well formed, no more; whether it belongs to anybody is not known here.
//! Full-width digits count as digits; anything else that does not belong makes the answer no.

/// GB 11643: an 18-character citizen identity number with its check character and a possible
/// date of birth.
pub fn identity_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let text = crate::directory::normal(text).to_ascii_uppercase();
    let bytes = text.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = bytes.iter().zip(WEIGHTS).map(|(b, w)| u32::from(b - b'0') * w).sum();
    let number = |range: std::ops::Range<usize>| text[range].parse::<i16>().unwrap_or(0);
    let birth = i8::try_from(number(10..12)).ok().zip(i8::try_from(number(12..14)).ok());
    let possible = birth.is_some_and(|(month, day)| jiff::civil::Date::new(number(6..10), month, day).is_ok());
    bytes[17] == CHECKS[(sum % 11) as usize] && possible && bytes[0] != b'0'
}

/// GB 32100: an 18-character unified social credit code.
pub fn credit_code(text: &str) -> bool {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
    let text = crate::directory::normal(text).to_ascii_uppercase();
    if text.len() != 18 {
        return false;
    }
    let values: Option<Vec<usize>> = text.bytes().map(|b| ALPHABET.iter().position(|a| *a == b)).collect();
    let Some(values) = values else { return false };
    let sum: usize = values.iter().zip(WEIGHTS).map(|(v, w)| v * w).sum();
    values[17] == (31 - sum % 31) % 31
}

/// Luhn over the digits of a bank card number of 12 to 19 digits; blanks and hyphens are skipped.
pub fn luhn(text: &str) -> bool {
    let text: String = crate::directory::normal(text).replace('-', "");
    if !(12..=19).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let digit = u32::from(b - b'0');
            match (i % 2, digit * 2) {
                (0, _) => digit,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_examples_of_the_standards_hold() {
        assert!(identity_number("11010519491231002X"));
        assert!(identity_number("１１０１０５１９４９１２３１００２x"));
        assert!(!identity_number("110105194912310021"));
        assert!(!identity_number("11010519491331002X"));
        assert!(credit_code("91350100M000100Y43"));
        assert!(credit_code("91110000802100433B"));
        assert!(!credit_code("91110000802100433A"));
        assert!(luhn("4111 1111 1111 1111"));
        assert!(luhn("6222-0212-3456-7894-20") == luhn("6222021234567894 20"));
        assert!(!luhn("4111 1111 1111 1112"));
        assert!(!luhn("0"));
    }

    #[test]
    fn no_length_or_script_makes_them_stumble() {
        for text in ["", "张", "1101051949123100２Ⅹ", "1".repeat(10_000).as_str(), "é1010519491231002X"] {
            assert!(!identity_number(text));
            assert!(!credit_code(text));
            assert!(!luhn(text));
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(digits in proptest::collection::vec(0u8..10, 15), at in 0usize..16, by in 1u8..10) {
            let body: String = digits.iter().map(|d| char::from(b'0' + d)).collect();
            let whole = (0..10).map(|c| format!("{body}{c}")).find(|t| luhn(t)).expect("one check digit fits");
            let mut bytes = whole.into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            prop_assert!(!luhn(&String::from_utf8(bytes).expect("digits")));
        }

        #[test]
        fn one_wrong_digit_of_a_card_is_noticed(serial in 0u32..1000, at in 14usize..17, by in 1u8..10) {
            let body = format!("11010519491231{serial:03}");
            let whole = "0123456789X".chars().map(|c| format!("{body}{c}")).find(|t| identity_number(t)).expect("one fits");
            let mut bytes = whole.into_bytes();
            bytes[at] = b'0' + (bytes[at] - b'0' + by) % 10;
            prop_assert!(!identity_number(&String::from_utf8(bytes).expect("digits")));
        }
    }
}
