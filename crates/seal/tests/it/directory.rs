//! The signed key directory (attack 31: a key inserted into it).

use jiff::civil::{Date, date};
use seal::{
    ApproverSecret, CustodianSecret, DirectoryDraft, DirectoryEntry, DirectoryError, GateSecret, KeyDirectory, KeyRole,
    OfficeSecret, RootPublic, RootSecret,
};

use crate::{TENANT, entropy, flipped};

const START: Date = date(2026, 1, 1);
const END: Date = date(2027, 12, 31);
const TODAY: Date = date(2026, 11, 22);

fn draft(seed: u64) -> DirectoryDraft {
    let rng = &mut entropy(seed);
    DirectoryDraft {
        version: 1,
        tenant: TENANT.into(),
        until: END,
        previous: "0".repeat(64),
        entries: vec![
            DirectoryEntry::new(&OfficeSecret::generate(rng).public(), "office", START, END),
            DirectoryEntry::new(&CustodianSecret::generate(rng).public(), "custodian", START, END),
            DirectoryEntry::new(&ApproverSecret::generate(rng).public(), "approver", START, END),
            DirectoryEntry::new(&GateSecret::generate(rng).public(), "gate", START, END),
        ],
    }
}

fn root(seed: u64) -> RootSecret {
    RootSecret::generate(&mut entropy(seed))
}

fn open(signed: &[u8]) -> Result<KeyDirectory, DirectoryError> {
    KeyDirectory::open(signed, &root(50).public(), TENANT, TODAY, 1)
}

#[test]
fn a_signed_directory_gives_its_recipients() {
    let directory = open(&draft(1).sign(&root(50))).unwrap();
    let to = directory.recipients(TODAY).unwrap();
    assert_eq!(to.office.id(), draft(1).entries[0].key_id);
    assert_eq!(to.gate.id(), draft(1).entries[3].key_id);
}

#[test]
fn unsigned_foreign_and_altered_ones_are_refused() {
    let signed = draft(1).sign(&root(50));
    let unsigned = serde_json::to_vec(&draft(1)).unwrap();
    assert_eq!(open(&unsigned).unwrap_err(), DirectoryError::Unsigned);
    assert_eq!(open(b"").unwrap_err(), DirectoryError::Unsigned);
    assert_eq!(open(&draft(1).sign(&root(51))).unwrap_err(), DirectoryError::Unsigned);
    for (at, bad) in flipped(&signed, 0..signed.len()) {
        // Changes that JSON does not see (the case of a hexadecimal digit) leave the same document.
        match open(&bad) {
            Ok(directory) => assert_eq!(directory.entries(), draft(1).entries, "byte {at}"),
            Err(error) => assert_eq!(error, DirectoryError::Unsigned, "byte {at}"),
        }
    }
    let zero = RootPublic::from_bytes([0; 32]);
    assert!(KeyDirectory::open(&signed, &zero, TENANT, TODAY, 1).is_err());
}

#[test]
fn another_tenants_directory_is_refused() {
    let foreign = DirectoryDraft { tenant: "990200ABC".into(), ..draft(1) };
    assert_eq!(open(&foreign.sign(&root(50))).unwrap_err(), DirectoryError::OtherTenant { found: "990200ABC".into() });
}

#[test]
fn an_older_version_put_back_is_refused() {
    let signed = draft(1).sign(&root(50));
    let late = KeyDirectory::open(&signed, &root(50).public(), TENANT, TODAY, 2);
    assert_eq!(late.unwrap_err(), DirectoryError::Order { found: 1, wanted: 2 });
}

#[test]
fn versions_follow_each_other_without_gaps_and_by_hash() {
    let first = open(&draft(1).sign(&root(50))).unwrap();
    let next = first.next();
    let second = first.succeed(&next.sign(&root(50)), &root(50).public(), TODAY).unwrap();
    assert_eq!(second.version(), 2);
    let skipping = DirectoryDraft { version: 3, ..next.clone() };
    assert_eq!(
        first.succeed(&skipping.sign(&root(50)), &root(50).public(), TODAY).unwrap_err(),
        DirectoryError::Order { found: 3, wanted: 2 }
    );
    let forked = DirectoryDraft { previous: "0".repeat(64), ..next.clone() };
    assert_eq!(first.succeed(&forked.sign(&root(50)), &root(50).public(), TODAY).unwrap_err(), DirectoryError::Chain);
    assert_eq!(first.succeed(&next.sign(&root(51)), &root(50).public(), TODAY).unwrap_err(), DirectoryError::Unsigned);
}

#[test]
fn what_is_out_of_term_is_never_fallen_back_to() {
    let expired = DirectoryDraft { until: date(2026, 11, 21), ..draft(1) };
    assert_eq!(open(&expired.sign(&root(50))).unwrap_err(), DirectoryError::Expired { until: date(2026, 11, 21) });
    let directory = open(&draft(1).sign(&root(50))).unwrap();
    let after = date(2028, 1, 1);
    assert_eq!(directory.recipients(after).unwrap_err(), DirectoryError::Expired { until: END });
    let mut lapsed = draft(1);
    lapsed.entries[1].until = date(2026, 6, 30);
    let directory = open(&lapsed.sign(&root(50))).unwrap();
    assert_eq!(
        directory.recipients(TODAY).unwrap_err(),
        DirectoryError::NoKey { role: KeyRole::Custodian, day: TODAY }
    );
}

#[test]
fn an_entry_whose_name_does_not_fit_its_key_is_refused() {
    let mut bent = draft(1);
    bent.entries[0].public = draft(2).entries[0].public.clone();
    assert_eq!(open(&bent.sign(&root(50))).unwrap_err(), DirectoryError::Malformed("key id"));
    let mut moved = draft(1);
    moved.entries[0].role = KeyRole::Custodian;
    assert_eq!(open(&moved.sign(&root(50))).unwrap_err(), DirectoryError::Malformed("key id"));
}

#[test]
fn the_first_of_several_keys_in_term_is_used() {
    let mut two = draft(1);
    let fresh = OfficeSecret::generate(&mut entropy(9)).public();
    two.entries.insert(0, DirectoryEntry::new(&fresh, "office", START, END));
    let directory = open(&two.sign(&root(50))).unwrap();
    assert_eq!(directory.recipients(TODAY).unwrap().office, fresh);
    let later = date(2026, 12, 1);
    two.entries[0].from = later;
    let directory = open(&two.sign(&root(50))).unwrap();
    assert_ne!(directory.recipients(TODAY).unwrap().office, fresh, "not yet in term");
    assert_eq!(directory.recipients(later).unwrap().office, fresh);
}
