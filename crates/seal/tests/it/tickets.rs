//! Form tickets, tokens and passwords.

use seal::{
    Cost, PASSWORD_LIMIT, RecusalKey, RowKey, Ticket, TicketError, TicketKey, fresh_id, fresh_token, hash_password,
    keyed_digest, recusal_token, same, sign_ticket, token_digest, verify_password, verify_ticket, work_is_done,
};

use crate::{TENANT, entropy};

fn ticket() -> Ticket {
    Ticket { tenant: TENANT.into(), form: "report".into(), expires: 1_000, bits: 12, nonce: [5; 16] }
}

#[test]
fn a_ticket_is_taken_for_its_form_and_in_its_term() {
    let key = TicketKey::generate(&mut entropy(1));
    let text = sign_ticket(&key, &ticket());
    assert_eq!(verify_ticket(&key, &text, TENANT, "report", 999), Ok(ticket()));
    assert_eq!(verify_ticket(&key, &text, TENANT, "report", 1_000), Err(TicketError::Expired));
    assert_eq!(verify_ticket(&key, &text, TENANT, "message", 999), Err(TicketError::OtherForm));
    assert_eq!(verify_ticket(&key, &text, "990200ABC", "report", 999), Err(TicketError::OtherForm));
    let other = TicketKey::generate(&mut entropy(2));
    assert_eq!(verify_ticket(&other, &text, TENANT, "report", 999), Err(TicketError::Invalid));
    for bad in [text.replace(".12.", ".00."), text.replace(".1000.", ".9000."), String::new(), "1.2.3".into()] {
        assert_eq!(verify_ticket(&key, &bad, TENANT, "report", 999), Err(TicketError::Invalid), "{bad}");
    }
}

#[test]
fn work_is_counted_in_leading_zero_bits() {
    let solved = (0u32..).map(|n| n.to_string()).find(|n| work_is_done("ticket", n, 12)).unwrap();
    let digest = seal::sha256(format!("ticket:{solved}").as_bytes());
    assert_eq!((digest[0], digest[1] >> 4), (0, 0));
    assert!(!work_is_done("another", &solved, 12));
    assert!(work_is_done("ticket", "anything", 0));
    assert!(!work_is_done("ticket", &solved, 255));
}

#[test]
fn recusal_tokens_say_nothing_without_their_key() {
    let key = RecusalKey::generate(&mut entropy(1));
    let token = recusal_token(&key, TENANT, "s-001");
    assert_eq!(token.len(), 32);
    assert_eq!(token, recusal_token(&key, TENANT, "s-001"));
    assert_ne!(token, recusal_token(&key, TENANT, "s-002"));
    assert_ne!(token, recusal_token(&key, "990200ABC", "s-001"));
    assert_ne!(token, recusal_token(&RecusalKey::generate(&mut entropy(2)), TENANT, "s-001"));
}

#[test]
fn row_digests_are_keyed() {
    let key = RowKey::generate(&mut entropy(1));
    assert_eq!(keyed_digest(&key, b"row"), keyed_digest(&key, b"row"));
    assert_ne!(keyed_digest(&key, b"row"), keyed_digest(&RowKey::generate(&mut entropy(2)), b"row"));
}

#[test]
fn tokens_are_long_and_stored_as_digests() {
    let rng = &mut entropy(1);
    let token = fresh_token(rng);
    assert_eq!(token.len(), 64);
    assert_ne!(token, fresh_token(rng));
    assert_ne!(fresh_id(rng), fresh_id(rng));
    assert!(same(&token_digest(&token), &token_digest(&token)));
    assert!(!same(b"a", b"ab"));
}

#[test]
fn passwords_verify_against_their_hash_only() {
    let rng = &mut entropy(1);
    let hash = hash_password("正确的密码-1", Cost::Demo, rng).unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=4096,t=1,p=1$"), "{hash}");
    assert!(verify_password("正确的密码-1", &hash));
    assert!(!verify_password("正确的密码-2", &hash));
    assert!(!verify_password("正确的密码-1", "not a hash"));
    assert_ne!(hash, hash_password("正确的密码-1", Cost::Demo, rng).unwrap(), "salted");
    let real = hash_password("word", Cost::SignIn, rng).unwrap();
    assert!(real.contains("m=47104,t=2,p=1"));
    assert!(verify_password("word", &real));
}

/// Attack 5: a password of a megabyte costs nothing.
#[test]
fn a_huge_password_is_refused_before_hashing() {
    let huge = "x".repeat(1_000_000);
    assert!(hash_password(&huge, Cost::Demo, &mut entropy(1)).is_err());
    let hash = hash_password(&huge[..PASSWORD_LIMIT], Cost::Demo, &mut entropy(1)).unwrap();
    assert!(!verify_password(&huge, &hash));
}
