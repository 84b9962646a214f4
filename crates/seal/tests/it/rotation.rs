//! Wrapped content keys and the office's key ring.

use seal::{ContentKey, KeyPlace, OfficeRing, OfficeSecret, Place, SealError, WrappedKey, open_part, seal_part};

use crate::{REPORT, TENANT, entropy, flipped, key_place, minted};

#[test]
fn the_ring_opens_what_the_public_key_wrapped() {
    let mut rng = entropy(1);
    let (office, key, wrapped) = minted(1, &mut rng);
    let place = Place::whole(TENANT, REPORT, 1, "received");
    let envelope = seal_part(&key, &place, b"text", &mut rng).unwrap().envelope;
    let stored = WrappedKey::from_bytes(wrapped.as_bytes().to_vec()).unwrap();
    assert_eq!(stored.key_id(), office.id());
    let ring = OfficeRing::new(office, Vec::new());
    let again = ring.unwrap(&stored, &key_place(1)).unwrap();
    assert_eq!(&open_part(&again, &place, &envelope).unwrap().plaintext[..], b"text");
}

#[test]
fn it_opens_for_no_other_tenant_report_number_or_key() {
    let mut rng = entropy(2);
    let (office, _, wrapped) = minted(1, &mut rng);
    let ring = OfficeRing::new(office, Vec::new());
    for place in
        [KeyPlace { tenant: "990200ABC", ..key_place(1) }, KeyPlace { report: [8; 16], ..key_place(1) }, key_place(2)]
    {
        assert_eq!(ring.unwrap(&wrapped, &place).unwrap_err(), SealError::Commitment("wrapped key"));
    }
    let stranger = OfficeRing::new(OfficeSecret::generate(&mut rng), Vec::new());
    let needed = wrapped.key_id();
    assert_eq!(stranger.unwrap(&wrapped, &key_place(1)).unwrap_err(), SealError::KeyMissing { needed });
    for (at, bad) in flipped(wrapped.as_bytes(), 0..wrapped.as_bytes().len()) {
        let opened = WrappedKey::from_bytes(bad).and_then(|w| ring.unwrap(&w, &key_place(1)));
        assert!(opened.is_err(), "byte {at}");
    }
}

#[test]
fn after_rotation_the_new_key_encrypts_and_both_open() {
    let mut rng = entropy(3);
    let (old, key, wrapped) = minted(1, &mut rng);
    let place = Place::whole(TENANT, REPORT, 1, "received");
    let envelope = seal_part(&key, &place, b"text", &mut rng).unwrap().envelope;
    let new = OfficeSecret::generate(&mut rng);
    let ring = OfficeRing::new(new.clone(), vec![old.clone()]);
    assert_eq!(ring.ids(), [new.id(), old.id()]);
    assert!(ring.unwrap(&wrapped, &key_place(1)).is_ok());

    let rewrapped = ring.rewrap(&wrapped, &key_place(1), &ring.public(), &mut rng).unwrap();
    assert_eq!(rewrapped.key_id(), new.id());
    let only_new = OfficeRing::new(new, Vec::new());
    let key = only_new.unwrap(&rewrapped, &key_place(1)).unwrap();
    assert_eq!(&open_part(&key, &place, &envelope).unwrap().plaintext[..], b"text");
    let only_old = OfficeRing::new(old, Vec::new());
    assert!(only_old.unwrap(&rewrapped, &key_place(1)).is_err());
}

/// What the public side adds later has a key of its own, because it cannot open the first one.
#[test]
fn later_keys_stand_beside_the_first() {
    let mut rng = entropy(4);
    let (office, _, _) = minted(1, &mut rng);
    let (second, wrapped) = ContentKey::mint(&office.public(), &key_place(2), &mut rng).unwrap();
    let place = Place::whole(TENANT, REPORT, 5, "message_left");
    let envelope = seal_part(&second, &place, b"more", &mut rng).unwrap().envelope;
    assert_eq!(seal::SealedPart::key_number(&envelope).unwrap(), 2);
    let ring = OfficeRing::new(office, Vec::new());
    let key = ring.unwrap(&wrapped, &key_place(2)).unwrap();
    assert_eq!(&open_part(&key, &place, &envelope).unwrap().plaintext[..], b"more");
}

#[test]
fn a_public_key_everyone_has_the_secret_of_is_refused() {
    let mut rng = entropy(5);
    let low_order = seal::OfficePublic::from_bytes([0; 32]);
    assert!(ContentKey::mint(&low_order, &key_place(1), &mut rng).is_err());
}
