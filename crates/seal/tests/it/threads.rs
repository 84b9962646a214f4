//! The reporter's thread.

use seal::{Pepper, QueryCode, SealError, ThreadPlace, ThreadPublic, open_thread, seal_to_thread, thread_keys};

use crate::{REPORT, TENANT, entropy, flipped};

fn place() -> ThreadPlace<'static> {
    ThreadPlace { tenant: TENANT, report: REPORT, seq: 2 }
}

fn code(seed: u64) -> QueryCode {
    QueryCode::generate(&mut entropy(seed))
}

#[test]
fn the_code_opens_what_was_sealed_to_its_public_half() {
    let pepper = Pepper::generate(&mut entropy(1));
    let stored = *thread_keys(&pepper, &code(2)).public().as_bytes();
    let entry =
        seal_to_thread(&ThreadPublic::from_bytes(stored), &place(), "您好".as_bytes(), &mut entropy(3)).unwrap();
    // Later, on another visit, the code is typed in again.
    let typed: QueryCode = code(2).grouped().to_lowercase().parse().unwrap();
    let opened = open_thread(&thread_keys(&pepper, &typed), &place(), &entry).unwrap();
    assert_eq!(&opened[..], "您好".as_bytes());
}

#[test]
fn no_other_code_pepper_or_place_opens_it() {
    let pepper = Pepper::generate(&mut entropy(1));
    let keys = thread_keys(&pepper, &code(2));
    let entry = seal_to_thread(&keys.public(), &place(), b"text", &mut entropy(3)).unwrap();
    let stranger = thread_keys(&pepper, &code(4));
    assert!(matches!(open_thread(&stranger, &place(), &entry), Err(SealError::KeyMissing { .. })));
    let unpeppered = thread_keys(&Pepper::generate(&mut entropy(9)), &code(2));
    assert!(matches!(open_thread(&unpeppered, &place(), &entry), Err(SealError::KeyMissing { .. })));
    for other in [
        ThreadPlace { tenant: "990200ABC", ..place() },
        ThreadPlace { report: [8; 16], ..place() },
        ThreadPlace { seq: 3, ..place() },
    ] {
        assert_eq!(open_thread(&keys, &other, &entry).unwrap_err(), SealError::Commitment("thread entry"));
    }
    for (at, bad) in flipped(&entry, (0..100).chain((100..entry.len()).step_by(97))) {
        assert!(open_thread(&keys, &place(), &bad).is_err(), "byte {at}");
    }
}

#[test]
fn the_length_of_a_message_is_hidden() {
    let keys = thread_keys(&Pepper::generate(&mut entropy(1)), &code(2));
    let len = |n: usize| seal_to_thread(&keys.public(), &place(), &vec![b'x'; n], &mut entropy(3)).unwrap().len();
    assert_eq!(len(0), len(3000));
    assert_ne!(len(0), len(5000));
}
