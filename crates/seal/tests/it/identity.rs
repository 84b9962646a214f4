//! The identity envelope and its three shares (attack 12).

use seal::{
    Approver, ApproverSecret, Custodian, CustodianSecret, Gate, GateSecret, IDENTITY_LIMIT, IdentityPlace,
    OfficeSecret, Recipients, SealError, Share, open_identity, open_share, seal_identity,
};

use crate::{REPORT, TENANT, entropy, flipped};

struct Keys {
    custodian: CustodianSecret,
    approver: ApproverSecret,
    gate: GateSecret,
    to: Recipients,
}

fn keys(seed: u64) -> Keys {
    let rng = &mut entropy(seed);
    let (custodian, approver, gate) =
        (CustodianSecret::generate(rng), ApproverSecret::generate(rng), GateSecret::generate(rng));
    let to = Recipients {
        office: OfficeSecret::generate(rng).public(),
        custodian: custodian.public(),
        approver: approver.public(),
        gate: gate.public(),
    };
    Keys { custodian, approver, gate, to }
}

fn place() -> IdentityPlace<'static> {
    IdentityPlace { tenant: TENANT, report: REPORT, part: 0 }
}

type Shares = (Share<Custodian>, Share<Approver>, Share<Gate>);

fn shares(keys: &Keys, place: &IdentityPlace<'_>, envelope: &[u8]) -> Result<Shares, SealError> {
    Ok((
        open_share(&keys.custodian, place, envelope)?,
        open_share(&keys.approver, place, envelope)?,
        open_share(&keys.gate, place, envelope)?,
    ))
}

fn open(keys: &Keys, place: &IdentityPlace<'_>, envelope: &[u8]) -> Result<Option<Vec<u8>>, SealError> {
    let (a, b, c) = shares(keys, place, envelope)?;
    Ok(open_identity(place, envelope, &a, &b, &c)?.map(|text| text.to_vec()))
}

#[test]
fn three_shares_open_it() {
    let keys = keys(1);
    let envelope = seal_identity(&keys.to, &place(), Some("李某,电话".as_bytes()), &mut entropy(2)).unwrap();
    assert_eq!(open(&keys, &place(), &envelope).unwrap().unwrap(), "李某,电话".as_bytes());
}

#[test]
fn an_anonymous_report_carries_one_of_the_same_size() {
    let keys = keys(1);
    let dummy = seal_identity(&keys.to, &place(), None, &mut entropy(3)).unwrap();
    let signed = seal_identity(&keys.to, &place(), Some(&[b'x'; 900]), &mut entropy(4)).unwrap();
    assert_eq!(dummy.len(), signed.len());
    // What stands in clear is the same for both: suite, form, and names of keys.
    assert_eq!(dummy[..10], signed[..10]);
    assert_eq!(open(&keys, &place(), &dummy).unwrap(), None);
    let empty = seal_identity(&keys.to, &place(), Some(b""), &mut entropy(5)).unwrap();
    assert_eq!(open(&keys, &place(), &empty).unwrap(), Some(Vec::new()));
}

#[test]
fn any_two_shares_fail() {
    let keys = keys(1);
    let envelope = seal_identity(&keys.to, &place(), Some(b"name"), &mut entropy(2)).unwrap();
    let (a, b, c) = shares(&keys, &place(), &envelope).unwrap();
    let commitment = Some(SealError::Commitment("identity envelope"));
    for guess in [[0; 32], *a.expose(), *b.expose(), *c.expose()] {
        let first = open_identity(&place(), &envelope, &Share::from_bytes(guess), &b, &c);
        let second = open_identity(&place(), &envelope, &a, &Share::from_bytes(guess), &c);
        let third = open_identity(&place(), &envelope, &a, &b, &Share::from_bytes(guess));
        if guess != *a.expose() {
            assert_eq!(first.err(), commitment);
        }
        if guess != *b.expose() {
            assert_eq!(second.err(), commitment);
        }
        if guess != *c.expose() {
            assert_eq!(third.err(), commitment);
        }
    }
}

#[test]
fn one_holder_cannot_open_the_share_of_another() {
    let mine = keys(1);
    let theirs = keys(2);
    let envelope = seal_identity(&mine.to, &place(), Some(b"name"), &mut entropy(3)).unwrap();
    assert!(matches!(open_share(&theirs.custodian, &place(), &envelope), Err(SealError::KeyMissing { .. })));
    // The custodian's bytes as an approver's key: another role is another key.
    let rng = &mut entropy(1);
    let as_approver = ApproverSecret::generate(rng);
    assert_ne!(as_approver.id().to_string(), mine.custodian.id().to_string());
    assert!(open_share(&as_approver, &place(), &envelope).is_err());
    // The office opens content, never an identity.
    let office = OfficeSecret::generate(&mut entropy(9));
    assert!(open_share(&office, &place(), &envelope).is_err());
}

#[test]
fn it_does_not_open_for_another_report_tenant_or_part() {
    let keys = keys(1);
    let envelope = seal_identity(&keys.to, &place(), Some(b"name"), &mut entropy(2)).unwrap();
    let (a, b, c) = shares(&keys, &place(), &envelope).unwrap();
    for other in [
        IdentityPlace { report: [8; 16], ..place() },
        IdentityPlace { tenant: "990200ABC", ..place() },
        IdentityPlace { part: 1, ..place() },
    ] {
        assert!(shares(&keys, &other, &envelope).is_err(), "{other:?}");
        assert!(open_identity(&other, &envelope, &a, &b, &c).is_err(), "{other:?}");
    }
    // Shares released for one report are worth nothing for another.
    let second = IdentityPlace { report: [8; 16], ..place() };
    let another = seal_identity(&keys.to, &second, Some(b"other name"), &mut entropy(3)).unwrap();
    assert!(open_identity(&second, &another, &a, &b, &c).is_err());
}

#[test]
fn a_change_of_any_byte_is_found() {
    let keys = keys(1);
    let envelope = seal_identity(&keys.to, &place(), Some(b"name"), &mut entropy(2)).unwrap();
    let (a, b, c) = shares(&keys, &place(), &envelope).unwrap();
    for (at, bad) in flipped(&envelope, 0..envelope.len()) {
        assert!(open_identity(&place(), &bad, &a, &b, &c).is_err(), "byte {at}");
    }
    for (at, bad) in flipped(&envelope, (2..362).step_by(7)) {
        assert!(open(&keys, &place(), &bad).is_err(), "byte {at}");
    }
    assert!(open_identity(&place(), &envelope[..envelope.len() - 1], &a, &b, &c).is_err());
}

#[test]
fn what_does_not_fit_is_refused() {
    let keys = keys(1);
    let long = vec![b'x'; IDENTITY_LIMIT + 1];
    assert!(matches!(
        seal_identity(&keys.to, &place(), Some(&long), &mut entropy(2)),
        Err(SealError::TooLong { limit: IDENTITY_LIMIT, .. })
    ));
    let fits = &long[..IDENTITY_LIMIT];
    let envelope = seal_identity(&keys.to, &place(), Some(fits), &mut entropy(2)).unwrap();
    assert_eq!(open(&keys, &place(), &envelope).unwrap().unwrap(), fits);
}
