//! Query codes.

use std::collections::HashSet;

use proptest::prelude::*;
use seal::{CodeError, Pepper, QueryCode};

use crate::{TENANT, entropy};

const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn pepper(seed: u64) -> Pepper {
    Pepper::generate(&mut entropy(seed))
}

#[test]
fn the_same_token_gives_the_same_code() {
    let pepper = pepper(1);
    let code = QueryCode::from_token(&pepper, TENANT, b"token");
    assert_eq!(code, QueryCode::from_token(&pepper, TENANT, b"token"));
    assert_ne!(code, QueryCode::from_token(&pepper, TENANT, b"tokem"));
    assert_ne!(code, QueryCode::from_token(&pepper, "990200ABC", b"token"));
    assert_ne!(code, QueryCode::from_token(&self::pepper(2), TENANT, b"token"));
}

#[test]
fn it_is_read_however_it_was_written_down() {
    let code = QueryCode::from_token(&pepper(1), TENANT, b"token");
    let shown = code.grouped();
    assert_eq!(shown.len(), 23);
    assert_eq!(shown.matches('-').count(), 3);
    let wide: String = code.as_str().chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect();
    let careless = code.as_str().to_lowercase().replace('0', "o").replace('1', "l");
    let other = code.as_str().replace('0', "O").replace('1', "I");
    for text in [
        shown.clone(),
        shown.replace('-', " "),
        shown.replace('-', ""),
        format!(" {shown}\n"),
        wide,
        careless,
        other,
        shown.replace('-', "－"),
    ] {
        assert_eq!(text.parse::<QueryCode>().as_ref(), Ok(&code), "{text}");
    }
}

#[test]
fn mistakes_are_told_apart() {
    let code = QueryCode::from_token(&pepper(1), TENANT, b"token");
    let text = code.as_str();
    assert_eq!("".parse::<QueryCode>(), Err(CodeError::Length { found: 0 }));
    assert_eq!(text[..19].parse::<QueryCode>(), Err(CodeError::Length { found: 19 }));
    assert_eq!(format!("{text}0").parse::<QueryCode>(), Err(CodeError::Length { found: 21 }));
    let with_u = format!("{}U{}", &text[..4], &text[5..]);
    assert_eq!(with_u.parse::<QueryCode>(), Err(CodeError::Character { place: 5 }));
    let huge = "0".repeat(100_000);
    assert_eq!(huge.parse::<QueryCode>(), Err(CodeError::Length { found: 100_000 }));
}

#[test]
fn every_wrong_character_and_every_exchange_of_two_is_found() {
    let code = QueryCode::from_token(&pepper(1), TENANT, b"token");
    let letters: Vec<char> = code.as_str().chars().collect();
    for at in 0..20 {
        for wrong in ALPHABET.chars().filter(|&c| c != letters[at]) {
            let mut bad = letters.clone();
            bad[at] = wrong;
            let bad: String = bad.into_iter().collect();
            assert_eq!(bad.parse::<QueryCode>(), Err(CodeError::Check), "{bad}");
        }
        for other in at + 1..20 {
            let mut bad = letters.clone();
            bad.swap(at, other);
            if bad != letters {
                let bad: String = bad.into_iter().collect();
                assert_eq!(bad.parse::<QueryCode>(), Err(CodeError::Check), "{bad}");
            }
        }
    }
}

#[test]
fn codes_do_not_repeat_and_use_every_character_everywhere() {
    let pepper = pepper(3);
    let codes: HashSet<String> =
        (0..2000u32).map(|n| QueryCode::from_token(&pepper, TENANT, &n.to_be_bytes()).as_str().to_owned()).collect();
    assert_eq!(codes.len(), 2000);
    for at in 0..20 {
        let seen: HashSet<u8> = codes.iter().map(|code| code.as_bytes()[at]).collect();
        assert_eq!(seen.len(), 32, "place {at}");
    }
}

#[test]
fn the_look_up_needs_the_pepper() {
    let code = QueryCode::from_token(&pepper(1), TENANT, b"token");
    assert_eq!(code.lookup(&pepper(1)), code.lookup(&pepper(1)));
    assert_ne!(code.lookup(&pepper(1)), code.lookup(&pepper(2)));
    assert_eq!(format!("{code:?}"), "QueryCode(…)");
}

proptest! {
    #[test]
    fn what_is_shown_is_read(seed in any::<u64>()) {
        let code = QueryCode::generate(&mut entropy(seed));
        prop_assert_eq!(code.grouped().parse::<QueryCode>(), Ok(code));
    }

    #[test]
    fn no_input_breaks_the_parser(text in ".{0,60}") {
        let _ = text.parse::<QueryCode>();
    }
}
