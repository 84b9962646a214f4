//! What this verifier says of sound, damaged and forged bundles, written down for the verifier in the
//! browser: `tests/verify/cases.json`. The page must say the same of each
//! (tests/verify/alike.test.mjs). After a deliberate change write the file anew with
//! `DENGWEN_WRITE_CASES=1 cargo test -p ledger alike`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ledger::commit::{Day, Leaf, commitment, file_digest, sha256};
use ledger::note::{KeyKind, Note, Signer};
use ledger::receipt::{Opening, Promise, Standing, Subject};
use ledger::{Bundle, Quorum, Trust, Verifier, verify_bundle};
use serde_json::{Value, json};

use crate::bundles::{DAY, filing, logged, proof_for};
use crate::world::{ORIGIN, key, witness};

const LETTER: &[u8] = b"%PDF-1.7 letter\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n";

fn letter() -> Bundle {
    let opening = Opening { salt: [6; 32], digest: sha256(LETTER) };
    let commitment = commitment(&opening.salt, &file_digest(&opening.digest));
    let promise = Promise { origin: ORIGIN.into(), commitment, day: DAY };
    Bundle {
        subject: Subject::Paper(opening),
        commitment,
        day: DAY,
        promise: Some(promise.sign(&key()).unwrap().to_string()),
        proof: Some(proof_for(&Leaf { commitment, day: DAY })),
    }
}

/// Whom a case believes, as this verifier takes it and as the lines of a policy.
struct Believes {
    trust: Trust,
    policy: String,
}

/// One log and some witnesses of which so many must have cosigned.
fn believes(log: &Verifier, witnesses: &[Verifier], quorum: usize) -> Believes {
    let mut policy = format!("log {log}\n");
    for (n, witness) in witnesses.iter().enumerate() {
        policy.push_str(&format!("witness w{n} {witness}\n"));
    }
    let names: Vec<String> = (0..witnesses.len()).map(|n| format!("w{n}")).collect();
    policy.push_str(&match quorum {
        0 => "quorum none\n".to_owned(),
        some => format!("group all {some} {}\nquorum all\n", names.join(" ")),
    });
    let quorum = Quorum::at_least(quorum, witnesses);
    let trust = Trust { logs: vec![log.clone()], witnesses: witnesses.to_vec(), quorum };
    Believes { trust, policy }
}

/// The verdict in one line: how far a sound bundle goes, or the place of the first fault.
fn verdict(file: &[u8], paper: Option<&[u8]>, trust: &Trust) -> String {
    let found = verify_bundle(file, trust).and_then(|found| {
        if let Some(paper) = paper {
            found.matches_file(paper)?;
        }
        Ok(found)
    });
    match found {
        Err(fault) => format!("refused: {}", fault.place),
        Ok(found) => match found.standing {
            Standing::Promised { due } => format!("promised: {} {due}", found.origin),
            Standing::Included { index, size, witnesses, .. } => {
                let seen: Vec<String> = witnesses.iter().map(|(name, time)| format!(" {name} {time}")).collect();
                format!("included: {} {index} {size}{}", found.origin, seen.concat())
            }
        },
    }
}

/// The note with something done to the bytes of its first signature line.
fn forged(note: &str, forge: impl Fn(&mut [u8])) -> String {
    let note = Note::parse(note.as_bytes()).unwrap();
    let mut line = note.signatures()[0].clone();
    forge(&mut line.bytes);
    format!("{}\n{line}\n", note.text())
}

/// S + the order of the group: the same signature to a lenient verifier.
fn malleable(signature: &mut [u8]) {
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (byte, order) in signature[32..].iter_mut().zip(ORDER) {
        carry += u16::from(*byte) + u16::from(order);
        *byte = carry as u8;
        carry >>= 8;
    }
    assert_eq!(carry, 0);
}

/// A verifier key as written down, whatever point its bytes are.
fn vkey(name: &str, point: [u8; 32]) -> Option<Verifier> {
    let bytes = [&[1], &point[..]].concat();
    let id = hex::encode(&sha256(&[name.as_bytes(), b"\n", &bytes].concat())[..4]);
    Verifier::parse(&format!("{name}+{id}+{}", STANDARD.encode(bytes))).ok()
}

/// Name, whom it believes, the file, the paper.
type Case = (String, Believes, Vec<u8>, Option<Vec<u8>>);

fn cases() -> Vec<Case> {
    let log = key().verifier();
    let city = witness("city.example/w", 1).verifier();
    let county = witness("county.example/w", 2).verifier();
    let plain = || believes(&log, &[], 0);
    let seen = || believes(&log, std::slice::from_ref(&city), 1);
    let json = logged().to_json();
    let tlog = letter().to_tlog_proof().unwrap();
    let paper = || Some(LETTER.to_vec());
    let mut all: Vec<Case> = vec![
        ("a promise".into(), plain(), filing().to_json().into(), None),
        ("a proof without witnesses".into(), plain(), json.clone().into(), None),
        ("a proof with a witness".into(), seen(), json.clone().into(), None),
        ("one of two witnesses".into(), believes(&log, &[city.clone(), county.clone()], 1), json.clone().into(), None),
        ("two of two witnesses".into(), believes(&log, &[city.clone(), county.clone()], 2), json.clone().into(), None),
        ("an unknown witness".into(), believes(&log, &[county], 1), json.clone().into(), None),
        ("a filing without its opening".into(), plain(), closed().to_tlog_proof().unwrap().into(), None),
        ("a letter's proof alone".into(), seen(), tlog.clone().into(), None),
        ("a letter".into(), seen(), tlog.clone().into(), paper()),
        ("a letter's bundle as JSON".into(), seen(), letter().to_json().into(), paper()),
        ("another letter".into(), seen(), tlog.clone().into(), Some(b"%PDF another".to_vec())),
        ("an empty letter".into(), seen(), tlog.clone().into(), Some(Vec::new())),
        ("a filing and a letter".into(), seen(), json.clone().into(), paper()),
        ("nothing".into(), plain(), Vec::new(), None),
        ("a letter in place of its proof".into(), plain(), LETTER.into(), None),
        ("no UTF-8".into(), plain(), vec![0xff; 40], None),
        ("much too long".into(), plain(), vec![b' '; (1 << 20) + 1], None),
    ];
    // The same name and another key, and another name with the same key.
    let other = Signer::from_seed(ORIGIN, KeyKind::Log, &[8; 32]).unwrap().verifier();
    all.push(("another key of that name".into(), believes(&other, &[], 0), json.clone().into(), None));
    let renamed = key().renamed("log.example/log/990200").unwrap().verifier();
    all.push(("the key under another name".into(), believes(&renamed, &[], 0), json.clone().into(), None));
    // Keys of small order sign anything for whoever is lenient; R the neutral point, S nought.
    let neutral = [&[1u8][..], &[0; 63]].concat();
    let twisted = ["c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "01"].map(|point| {
        let mut bytes = [0; 32];
        hex::decode_to_slice(format!("{point:0<64}"), &mut bytes).unwrap();
        bytes
    });
    for (n, point) in twisted.into_iter().enumerate() {
        let weak = vkey(ORIGIN, point).expect("a point of the curve");
        let mut bundle = filing();
        let note = bundle.promise.take().unwrap();
        let id = weak.id().to_be_bytes();
        let line = STANDARD.encode([&id[..], &neutral].concat());
        bundle.promise = Some(format!("{}\n— {ORIGIN} {line}\n", Note::parse(note.as_bytes()).unwrap().text()));
        all.push((format!("key {n} of small order"), believes(&weak, &[], 0), bundle.to_json().into(), None));
    }
    // Signatures that are almost right.
    type Forge = fn(&mut [u8]);
    let forgeries: [(&str, Forge); 5] = [
        ("S beyond the order", malleable),
        ("R of small order", |bytes| bytes[..32].copy_from_slice(&[&[1u8][..], &[0; 31]].concat())),
        ("R no point", |bytes| bytes[..32].copy_from_slice(&[&[2u8][..], &[0; 31]].concat())),
        ("R beyond the prime", |bytes| bytes[..32].fill(0xff)),
        ("nothing but noughts", |bytes| bytes.fill(0)),
    ];
    for (name, forge) in forgeries {
        let promise = filing().promise.map(|note| forged(&note, forge));
        all.push((name.into(), plain(), Bundle { promise, ..filing() }.to_json().into(), None));
    }
    // Texts that another reader might let pass.
    let proof = letter().to_tlog_proof().unwrap();
    let changed: [(&str, &str, String); 16] = [
        ("spaces between fields", "{\n", "{ \n\t ".into()),
        ("a mark of byte order", "{", "\u{feff}{".into()),
        ("a field twice", "\"about\"", "\"day\": \"2026-02-11\", \"about\"".into()),
        ("a field nobody knows", "\"about\"", "\"code\": \"x\", \"about\"".into()),
        ("another format", "proof/1", "proof/2".into()),
        ("a day that is none", "2026-02-11\"", "2026-02-30\"".into()),
        ("a day before all days", "2026-02-11\"", "1969-12-31\"".into()),
        ("a day with a time", "2026-02-11\"", "2026-02-11T00:00:00\"".into()),
        ("an escaped letter", "\"filing\"", "\"fil\\u0069ng\"".into()),
        ("half a character", "\"filing\"", "\"fil\\ud800ng\"".into()),
        ("a number for a string", "\"filing\"", "7".into()),
        ("something after the end", "}\n", "}\nx".into()),
        ("a comma too many", "\"\n}", "\",\n}".into()),
        ("no comma", "\",\n", "\"\n".into()),
        ("null for a promise", "\"promise\": \"", "\"promise\": null, \"x\": \"".into()),
        ("a size with a nought before", "40\\n", "040\\n".into()),
    ];
    for (name, from, to) in changed {
        let text = json.replacen(from, &to, 1);
        assert_ne!(text, json, "{name}");
        all.push((name.into(), plain(), text.into(), None));
    }
    let changed: [(&str, &str, String); 8] = [
        ("another index", "index 21", "index 20".into()),
        ("an index outside", "index 21", "index 40".into()),
        ("an index with a nought before", "index 21", "index 021".into()),
        ("a hash too many", "index 21\n", format!("index 21\n{}\n", STANDARD.encode([1; 32]))),
        ("lines of another system", "\n", "\r\n".into()),
        ("no line between", "\n\n", "\n".into()),
        ("a cosignature of nobody known", "— city", "— nobody.example/x AAAAAAA=\n— city".into()),
        ("a name with a plus", "— city", "— ci+ty".into()),
    ];
    for (name, from, to) in changed {
        let text = proof.replace(from, &to);
        assert_ne!(text, proof, "{name}");
        all.push((name.into(), plain(), text.into(), paper()));
    }
    // Signed, and yet not what belongs there.
    let checkpoint = logged().proof.unwrap().checkpoint;
    all.push(("a checkpoint for a promise".into(), plain(), with_promise(&checkpoint), None));
    let elsewhere = Promise { origin: ORIGIN.into(), commitment: [1; 32], day: DAY }.sign(&key()).unwrap().to_string();
    all.push(("a promise of something else".into(), plain(), with_promise(&elsewhere), None));
    let commitment = filing().commitment;
    let another = Promise { origin: ORIGIN.into(), commitment, day: Day(20_000) }.sign(&key()).unwrap().to_string();
    all.push(("a promise of another day".into(), plain(), with_promise(&another), None));
    let long = key().sign("log.example/log/990100\n40\nmore\nlines\n").unwrap().to_string();
    let longer = logged().proof.map(|proof| ledger::TlogProof { checkpoint: long, ..proof });
    all.push((
        "a checkpoint with more lines".into(),
        plain(),
        Bundle { proof: longer, ..logged() }.to_json().into(),
        None,
    ));
    all
}

fn with_promise(note: &str) -> Vec<u8> {
    Bundle { promise: Some(note.to_owned()), ..filing() }.to_json().into()
}

/// As the reporter gets it: the opening stays the office's.
fn closed() -> Bundle {
    Bundle { subject: Subject::Filing(None), ..logged() }
}

/// The verdict on every byte flipped in one bit, runs of the same one counted.
fn flips(file: &[u8], trust: &Trust) -> Vec<(String, usize)> {
    let mut runs: Vec<(String, usize)> = Vec::new();
    for at in 0..file.len() {
        let mut bytes = file.to_vec();
        bytes[at] ^= 1 << (at % 8);
        let verdict = verdict(&bytes, None, trust);
        assert!(verdict.starts_with("refused"), "byte {at}");
        match runs.last_mut() {
            Some((last, count)) if *last == verdict => *count += 1,
            _ => runs.push((verdict, 1)),
        }
    }
    runs
}

#[test]
fn the_verdicts_the_page_is_held_to_are_these() {
    let written: Vec<Value> = cases()
        .into_iter()
        .map(|(name, Believes { trust, policy }, file, paper)| {
            let verdict = verdict(&file, paper.as_deref(), &trust);
            let shown = if file.len() > 1 << 20 {
                // One case is long by design and not worth a megabyte.
                json!({ "byte": file[0], "count": file.len() })
            } else {
                json!(STANDARD.encode(&file))
            };
            json!({ "name": name, "policy": policy, "file": shown,
                    "paper": paper.map(|paper| STANDARD.encode(paper)), "verdict": verdict })
        })
        .collect();
    let Believes { trust, policy } = believes(&key().verifier(), &[witness("city.example/w", 1).verifier()], 1);
    let flipped: Vec<Value> = [closed().to_tlog_proof().unwrap(), letter().to_json()]
        .into_iter()
        .map(|file| json!({ "policy": policy, "file": STANDARD.encode(&file), "verdicts": flips(file.as_bytes(), &trust) }))
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "cases": written, "flipped": flipped })).unwrap() + "\n";
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/verify/cases.json");
    if std::env::var_os("DENGWEN_WRITE_CASES").is_some() {
        std::fs::write(&place, &text).unwrap();
    }
    assert!(std::fs::read_to_string(&place).unwrap() == text, "{} is out of date", place.display());
}
