//! Parts of a report.

use proptest::prelude::*;
use seal::{Last, PartDigest, Place, SealError, SealedPart, SystemEntropy, open_part, padded_len, seal_part, sha256};

use crate::{REPORT, TENANT, entropy, flipped, minted};

fn place() -> Place<'static> {
    Place::whole(TENANT, REPORT, 3, "scope_decided")
}

#[test]
fn what_was_sealed_opens_at_its_place() {
    let mut rng = entropy(1);
    let (_, key, _) = minted(1, &mut rng);
    let text = "反映某某镇负责人收受礼金".as_bytes();
    let sealed = seal_part(&key, &place(), text, &mut rng).unwrap();
    let open = open_part(&key, &place(), &sealed.envelope).unwrap();
    assert_eq!(&open.plaintext[..], text);
    assert_eq!(open.salt, sealed.salt);
    assert_eq!(SealedPart::key_number(&sealed.envelope).unwrap(), 1);
}

#[test]
fn the_digest_is_read_without_a_key_and_covers_every_byte() {
    let mut rng = entropy(2);
    let (_, key, _) = minted(1, &mut rng);
    let sealed = seal_part(&key, &place(), b"text", &mut rng).unwrap();
    let digest = PartDigest::of(&sealed.envelope).unwrap();
    assert_eq!(digest, sealed.digest);
    assert_eq!(digest.ciphertext, sha256(&sealed.envelope));
    let again = seal_part(&key, &place(), b"text", &mut rng).unwrap();
    assert_ne!(again.digest.content, digest.content, "the code of a text is salted");
    assert_eq!(again.digest.key_commitment, digest.key_commitment);
}

#[test]
fn it_opens_at_no_other_place() {
    let mut rng = entropy(3);
    let (_, key, _) = minted(1, &mut rng);
    let envelope = seal_part(&key, &place(), b"text", &mut rng).unwrap().envelope;
    let others = [
        Place { tenant: "990200ABC", ..place() },
        Place { report: [8; 16], ..place() },
        Place { version: 4, ..place() },
        Place { kind: "received", ..place() },
        Place { part: 1, ..place() },
        Place { chunk: 1, ..place() },
        Place { last: Last::No, ..place() },
    ];
    for other in others {
        let refused = open_part(&key, &other, &envelope).unwrap_err();
        assert_eq!(refused, SealError::Commitment("sealed part"), "{other:?}");
    }
    // Fields are bound with their lengths: none can borrow from its neighbour.
    let shifted = Place { tenant: "990100ABCs", kind: "cope_decided", ..place() };
    assert!(open_part(&key, &shifted, &envelope).is_err());
}

#[test]
fn a_change_of_any_byte_is_found() {
    let mut rng = entropy(4);
    let (_, key, _) = minted(1, &mut rng);
    let envelope = seal_part(&key, &place(), b"text", &mut rng).unwrap().envelope;
    for (at, bad) in flipped(&envelope, 0..envelope.len()) {
        assert!(open_part(&key, &place(), &bad).is_err(), "byte {at}");
    }
    for len in [0, 1, 101, envelope.len() - 1] {
        assert!(open_part(&key, &place(), &envelope[..len]).is_err(), "cut to {len}");
    }
}

/// Attack 36: a wrapped key is swapped for another one under the same record.
#[test]
fn a_swapped_key_is_refused_by_the_commitment() {
    let mut rng = entropy(5);
    let (_, key, _) = minted(1, &mut rng);
    let (_, other, _) = minted(1, &mut rng);
    let ours = seal_part(&key, &place(), b"what she wrote", &mut rng).unwrap().envelope;
    let theirs = seal_part(&other, &place(), b"what she did not write", &mut rng).unwrap().envelope;
    let commitment = SealError::Commitment("sealed part");
    assert_eq!(open_part(&other, &place(), &ours).unwrap_err(), commitment);
    // The other's ciphertext under our commitment, and ours under the other's.
    for (head, body) in [(&ours, &theirs), (&theirs, &ours)] {
        let mixed = [&head[..102], &body[102..]].concat();
        assert!(open_part(&key, &place(), &mixed).is_err());
        assert!(open_part(&other, &place(), &mixed).is_err());
    }
    // Only the commitment exchanged.
    let mut bent = theirs.clone();
    bent[38..70].copy_from_slice(&ours[38..70]);
    assert!(open_part(&key, &place(), &bent).is_err());
    assert_eq!(open_part(&other, &place(), &bent).unwrap_err(), commitment);
}

#[test]
fn the_number_of_the_key_is_bound() {
    let mut rng = entropy(6);
    let (office, key, wrapped) = minted(1, &mut rng);
    let envelope = seal_part(&key, &place(), b"text", &mut rng).unwrap().envelope;
    let ring = seal::OfficeRing::new(office, Vec::new());
    assert!(ring.unwrap(&wrapped, &crate::key_place(2)).is_err());
    let mut renumbered = envelope;
    renumbered[5] = 2;
    assert!(open_part(&key, &place(), &renumbered).is_err());
}

#[test]
fn an_unknown_suite_is_named() {
    let mut rng = entropy(7);
    let (_, key, _) = minted(1, &mut rng);
    let mut envelope = seal_part(&key, &place(), b"text", &mut rng).unwrap().envelope;
    envelope[0] = 9;
    assert_eq!(open_part(&key, &place(), &envelope).unwrap_err(), SealError::Suite(9));
}

#[test]
fn padding_hides_the_length() {
    let mut rng = entropy(8);
    let (_, key, _) = minted(1, &mut rng);
    let mut len = |n: usize| seal_part(&key, &place(), &vec![b'x'; n], &mut rng).unwrap().envelope.len();
    let small = len(0);
    assert_eq!(small, len(1));
    assert_eq!(small, len(4000));
    assert_eq!(len(5000), len(16_000));
    assert_eq!(len(20_000), len(65_000));
    assert_eq!(len(66_000), len(131_000));
    assert_eq!([0, 4060, 4061].map(padded_len), [4096, 4096, 16_384]);
    assert_eq!([16_349, 65_500, 65_501].map(padded_len), [65_536, 65_536, 131_072]);
}

#[test]
fn secrets_are_never_printed() {
    let mut rng = entropy(9);
    let (office, key, _) = minted(1, &mut rng);
    assert_eq!(format!("{key:?}"), "ContentKey(no. 1)");
    assert_eq!(format!("{office:?}"), format!("SecretKey(office {})", office.id()));
    assert_eq!(format!("{:?}", seal::Pepper::generate(&mut rng)), "Pepper(…)");
    let sealed = seal_part(&key, &place(), b"secret words", &mut rng).unwrap();
    let open = open_part(&key, &place(), &sealed.envelope).unwrap();
    assert_eq!(format!("{open:?}"), "OpenPart(12 bytes)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_at_any_place_comes_back(
        text in proptest::collection::vec(any::<u8>(), 0..20_000),
        version in any::<u32>(), part in any::<u16>(), chunk in any::<u32>(),
        kind in "[a-z_]{0,20}", report in any::<[u8; 16]>(),
        flip in any::<proptest::sample::Index>(),
    ) {
        let mut rng = SystemEntropy;
        let (_, key, _) = minted(4, &mut rng);
        let place = Place { tenant: TENANT, report, version, kind: &kind, part, chunk, last: Last::Yes };
        let sealed = seal_part(&key, &place, &text, &mut rng).unwrap();
        prop_assert_eq!(&open_part(&key, &place, &sealed.envelope).unwrap().plaintext[..], &text[..]);
        let (_, bad) = flipped(&sealed.envelope, [flip.index(sealed.envelope.len())]).next().unwrap();
        prop_assert!(open_part(&key, &place, &bad).is_err());
    }
}
