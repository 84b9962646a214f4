//! What a witness cosigns and what it refuses: growth, replays, forks, strangers.

use ledger::policy::Policy;
use ledger::tree::BadProof;
use ledger::witness::{Refusal, Request, judge};
use ledger::{Checkpoint, Reader, Signer, Verifier};
use proptest::prelude::*;

use crate::world::*;

/// The request of the log of the tests to go from one size to another.
fn growth(old: u64, size: u64) -> Request {
    let (files, here) = files(size);
    let proof = Reader::open(&files, &here).unwrap().consistency(old).unwrap();
    Request { old, proof, checkpoint: here.sign(&key()).unwrap().to_string() }
}

fn known() -> Vec<Verifier> {
    vec![key().verifier()]
}

fn at(size: u64) -> Checkpoint {
    checkpoint(&edge(size))
}

#[test]
fn what_grows_is_cosigned_and_a_replay_is_no_harm() {
    assert!(judge(&growth(0, 5), &known(), None).is_ok());
    assert!(judge(&growth(5, 700), &known(), Some(&at(5))).is_ok());
    // Sent again after a lost answer.
    assert!(judge(&growth(700, 700), &known(), Some(&at(700))).is_ok());
}

#[test]
fn every_refusal_has_its_reason() {
    let refused = |request: &Request, seen: u64| judge(request, &known(), Some(&at(seen))).unwrap_err();
    assert_eq!(refused(&growth(5, 700), 6), Refusal::Stale { size: 6 });
    assert_eq!(refused(&growth(0, 700), 6), Refusal::Stale { size: 6 });
    assert_eq!(judge(&growth(5, 700), &known(), None), Err(Refusal::Stale { size: 0 }));
    assert_eq!(judge(&growth(0, 5), &[], None), Err(Refusal::UnknownLog(ORIGIN.into())));
    let impostor = Signer::from_seed(ORIGIN, ledger::note::KeyKind::Log, &[8; 32]).unwrap();
    let forged = Request { checkpoint: at(5).sign(&impostor).unwrap().to_string(), ..growth(0, 5) };
    assert_eq!(judge(&forged, &known(), None), Err(Refusal::Unsigned(ORIGIN.into())));
    assert_eq!(refused(&Request { old: 701, ..growth(5, 700) }, 5), Refusal::Backwards);
    let short = Request { proof: vec![], ..growth(5, 700) };
    assert!(matches!(refused(&short, 5), Refusal::Proof(BadProof::Length { found: 0, .. })));
}

#[test]
fn a_fork_is_refused_and_is_evidence() {
    // Another history under the same key: its checkpoint of the same size, and a larger one.
    let mut other = edge(4);
    other.push(b"another fifth leaf").unwrap();
    let forked = |edge: &ledger::tiles::Edge| checkpoint(edge).sign(&key()).unwrap().to_string();
    let same = Request { old: 5, proof: vec![], checkpoint: forked(&other) };
    let refusal = judge(&same, &known(), Some(&at(5))).unwrap_err();
    assert_eq!(refusal, Refusal::Fork { size: 5 });
    assert!(refusal.is_evidence());
    for index in 5..9 {
        other.push(&entry(index)).unwrap();
    }
    let larger = Request { checkpoint: forked(&other), ..growth(5, 9) };
    let refusal = judge(&larger, &known(), Some(&at(5))).unwrap_err();
    assert_eq!(refusal, Refusal::Proof(BadProof::Root));
    assert!(refusal.is_evidence() && !Refusal::Stale { size: 5 }.is_evidence());
}

proptest! {
    #[test]
    fn a_request_reads_back_and_is_cosigned_only_from_where_the_witness_stands(
        old in 0u64..80, grown in 0u64..80, seen in 0u64..80
    ) {
        let request = growth(old, old + grown);
        let back = Request::parse(request.to_string().as_bytes()).unwrap();
        prop_assert_eq!(&back, &request);
        let judged = judge(&back, &known(), Some(&at(seen)));
        prop_assert_eq!(judged.is_ok(), seen == old, "{:?}", judged);
    }

    #[test]
    fn no_flipped_byte_of_a_request_is_cosigned(at_byte in 0usize..600, bit in 0u8..8) {
        let mut bytes = growth(5, 70).to_string().into_bytes();
        let place = at_byte % bytes.len();
        bytes[place] ^= 1 << bit;
        let judged = Request::parse(&bytes).and_then(|request| judge(&request, &known(), Some(&at(5))));
        prop_assert!(judged.is_err(), "byte {place}, bit {bit}");
    }

    #[test]
    fn no_bytes_break_the_reader_of_requests(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Request::parse(&bytes);
        let _ = Policy::parse(&bytes);
    }
}
