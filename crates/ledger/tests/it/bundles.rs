//! Proof files and bundles: read by their specification, sound until a byte
//! changes, and never more than commitment, day, salt, digests, signatures.

use ledger::commit::{Day, Leaf, commitment, event_digest, file_digest, sha256};
use ledger::proof::TlogProof;
use ledger::reader::Reader;
use ledger::receipt::{Opening, Promise, Standing, Subject};
use ledger::tiles::Edge;
use ledger::{Bundle, Checkpoint, Flaw, Quorum, Trust, verify_bundle};

use crate::world::{Files, ORIGIN, entry, key, trust, witness};

pub const DAY: Day = Day(20_495);

/// A log of 40 leaves in which leaf 21 is this one; the proof for it.
pub fn proof_for(leaf: &Leaf) -> TlogProof {
    let mut edge = Edge::new();
    for index in 0..40 {
        let bytes = if index == 21 { leaf.to_bytes().to_vec() } else { entry(index) };
        edge.push(&bytes).unwrap();
    }
    let files = edge.partials().into_iter().map(|(id, bytes)| (id.to_string(), bytes)).collect();
    let here = Checkpoint { origin: ORIGIN.into(), size: 40, root: edge.root() };
    let mut note = here.sign(&key()).unwrap();
    note.add(witness("city.example/w", 1).cosign(&here.text(), 1_770_000_000).unwrap());
    let files = Files(files);
    let mut reader = Reader::open(&files, &here).unwrap();
    TlogProof::make(&mut reader, 21, &note.to_string()).unwrap()
}

fn witnessed() -> Trust {
    let witnesses = vec![witness("city.example/w", 1).verifier()];
    Trust { quorum: Quorum::at_least(1, &witnesses), witnesses, ..trust() }
}

pub fn filing() -> Bundle {
    let digest = event_digest(b"{\"event\":\"received\"}", &[], &ledger::commit::GENESIS);
    let salt = [5; 32];
    let commitment = commitment(&salt, &digest);
    let promise = Promise { origin: ORIGIN.into(), commitment, day: DAY };
    Bundle {
        subject: Subject::Filing(Some(Opening { salt, digest })),
        commitment,
        day: DAY,
        promise: Some(promise.sign(&key()).unwrap().to_string()),
        proof: None,
    }
}

pub fn logged() -> Bundle {
    let bundle = filing();
    let leaf = Leaf { commitment: bundle.commitment, day: DAY };
    Bundle { proof: Some(proof_for(&leaf)), ..bundle }
}

fn paper() -> Bundle {
    let opening = Opening { salt: [6; 32], digest: sha256(b"%PDF letter") };
    let commitment = commitment(&opening.salt, &file_digest(&opening.digest));
    let leaf = Leaf { commitment, day: DAY };
    let proof = Some(proof_for(&leaf));
    Bundle { subject: Subject::Paper(opening), commitment, day: DAY, promise: None, proof }
}

#[test]
fn a_promise_stands_until_the_proof_takes_over() {
    let shown = verify_bundle(filing().to_json().as_bytes(), &trust()).unwrap();
    assert_eq!(shown.origin, ORIGIN);
    assert_eq!(shown.standing, Standing::Promised { due: Day(20_496) });
    assert!(shown.to_string().contains("2026-02-11"));
    assert!(shown.zh().contains("24 小时"));

    let shown = verify_bundle(logged().to_json().as_bytes(), &witnessed()).unwrap();
    let Standing::Included { index, size, witnesses, .. } = &shown.standing else { panic!() };
    assert_eq!((*index, *size), (21, 40));
    assert_eq!(witnesses[..], [("city.example/w".to_owned(), 1_770_000_000)]);
    assert!(shown.zh().contains("序号 21"));
}

#[test]
fn both_forms_say_the_same() {
    for bundle in [logged(), paper()] {
        assert_eq!(Bundle::parse(bundle.to_json().as_bytes()).unwrap(), bundle);
        let text = bundle.to_tlog_proof().unwrap();
        assert_eq!(Bundle::parse(text.as_bytes()).unwrap(), bundle);
        verify_bundle(text.as_bytes(), &witnessed()).unwrap();
    }
    assert_eq!(filing().to_tlog_proof(), None);
    assert_eq!(Bundle::parse(filing().to_json().as_bytes()).unwrap(), filing());
}

#[test]
fn a_proof_file_follows_the_specification_line_by_line() {
    let text = paper().to_tlog_proof().unwrap();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
    assert!(lines[1].starts_with("extra "));
    assert_eq!(lines[2], "index 21");
    // 40 = 32 + 8: five levels to the root of the first 32, one for the rest.
    assert!(lines[3..9].iter().all(|line| line.len() == 44));
    assert_eq!(lines[9..12], ["", ORIGIN, "40"]);
    assert!(lines[14].starts_with(&format!("— {ORIGIN} ")));
    assert!(text.ends_with('\n'));
}

#[test]
fn proof_files_of_another_form_are_refused() {
    let good = proof_for(&Leaf { commitment: [1; 32], day: DAY }).to_string();
    assert!(TlogProof::parse(good.as_bytes()).is_ok());
    for (from, to) in [
        ("@v1", "@v2"),
        ("index 21", "index 021"),
        ("index 21", "index +21"),
        ("index 21", "index"),
        ("index 21", "index 21\nindex 21"),
        ("index 21", "extra ?\nindex 21"),
        ("\nindex 21", "\n\nindex 21"),
        ("index 21", "index 21\nAAAA"),
    ] {
        assert!(TlogProof::parse(good.replace(from, to).as_bytes()).is_err(), "{to}");
    }
    let too_long = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".repeat(65);
    let long = good.replace("index 21\n", &format!("index 21\n{too_long}"));
    assert!(TlogProof::parse(long.as_bytes()).is_err());
}

#[test]
fn a_paper_proves_its_own_file_only() {
    let shown = paper().verify(&trust()).unwrap();
    assert_eq!(shown.matches_file(b"%PDF letter"), Ok(()));
    assert_eq!(shown.matches_file(b"%PDF lettex").unwrap_err().flaw, Flaw::OtherFile);
    let filed = filing().verify(&trust()).unwrap();
    assert_eq!(filed.matches_file(b"%PDF letter").unwrap_err().flaw, Flaw::OtherFile);
}

#[test]
fn the_first_unsound_thing_is_named() {
    let place = |bundle: Bundle, trust: &Trust| {
        let fault = bundle.verify(trust).unwrap_err();
        assert!(!fault.zh().is_empty());
        (fault.place, fault.flaw)
    };
    let other = [9; 32];

    let wrong_salt = Subject::Filing(Some(Opening { salt: other, digest: other }));
    let bundle = Bundle { subject: wrong_salt, ..logged() };
    assert_eq!(place(bundle, &trust()), ("commitment".into(), Flaw::Opening));

    let bundle = Bundle { subject: Subject::Filing(None), commitment: other, ..logged() };
    let disagrees = Flaw::Disagrees("the commitment");
    assert_eq!(place(bundle, &trust()), ("promise".into(), disagrees));

    let bundle = Bundle { day: Day(20_494), ..logged() };
    assert_eq!(place(bundle, &trust()), ("promise".into(), Flaw::Disagrees("the day")));

    let bundle = Bundle { day: Day(20_494), promise: None, ..logged() };
    assert_eq!(place(bundle, &trust()).0, "proof");

    let bundle = Bundle { promise: None, ..filing() };
    assert_eq!(place(bundle, &trust()), ("proof".into(), Flaw::Missing));

    let nobody = Trust::default();
    assert_eq!(place(filing(), &nobody).0, "promise");

    let mut strict = witnessed();
    strict.witnesses.push(witness("province.example/w", 2).verifier());
    strict.quorum = Quorum::at_least(2, &strict.witnesses);
    let quorum = Flaw::Quorum { wanted: strict.quorum.to_string(), found: 1 };
    assert_eq!(place(paper(), &strict), ("proof checkpoint".into(), quorum));
}

#[test]
fn a_checkpoint_is_no_promise_and_a_promise_no_checkpoint() {
    let bundle = logged();
    let checkpoint = bundle.proof.clone().unwrap().checkpoint;
    let swapped = Bundle { promise: Some(checkpoint), ..filing() };
    assert_eq!(swapped.verify(&trust()).unwrap_err().place, "promise");
    let promise = bundle.promise.clone().unwrap();
    let proof = TlogProof { checkpoint: promise, ..bundle.proof.clone().unwrap() };
    let swapped = Bundle { proof: Some(proof), ..bundle };
    assert_eq!(swapped.verify(&trust()).unwrap_err().place, "proof checkpoint");
}

#[test]
fn no_flipped_byte_goes_unseen_in_a_bundle() {
    let trust = witnessed();
    let texts = [
        filing().to_json(),
        logged().to_json(),
        paper().to_json(),
        logged().to_tlog_proof().unwrap(),
        paper().to_tlog_proof().unwrap(),
    ];
    for text in texts {
        let sound = Bundle::parse(text.as_bytes()).unwrap();
        sound.verify(&trust).unwrap();
        for at in 0..text.len() {
            for bit in 0..8 {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                // White space between JSON fields may change; nothing said may.
                let seen = match Bundle::parse(&bytes) {
                    Ok(parsed) if parsed == sound => bytes[at].is_ascii_whitespace(),
                    Ok(parsed) => parsed.verify(&trust).is_err(),
                    Err(_) => true,
                };
                assert!(seen, "byte {at}, bit {bit}: {}", String::from_utf8_lossy(&bytes));
            }
        }
    }
}

#[test]
fn a_bundle_holds_nothing_but_what_it_must() {
    let json: serde_json::Value = serde_json::from_str(&logged().to_json()).unwrap();
    let mut fields: Vec<&String> = json.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(fields, ["about", "commitment", "day", "digest", "format", "promise", "proof", "salt"]);
    let more = filing().to_json().replace("\"about\"", "\"code\": \"x\", \"about\"");
    assert!(Bundle::parse(more.as_bytes()).is_err());
}
