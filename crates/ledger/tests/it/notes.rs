//! Signed notes against published vectors, and keys, witnesses and quorums.

use ledger::note::{KeyKind, Note, NoteFault, SignatureLine, Signer, Verifier};
use ledger::{Checkpoint, Flaw, Quorum, Trust};

use crate::world::{ORIGIN, checkpoint, edge, key, trust, witness};

/// From the C2SP signed-note specification.
const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE_NOTE: &str = "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

#[test]
fn the_example_of_the_specification_verifies() {
    let verifier = Verifier::parse(EXAMPLE_KEY).unwrap();
    assert_eq!(verifier.to_string(), EXAMPLE_KEY);
    let note = Note::parse(EXAMPLE_NOTE.as_bytes()).unwrap();
    assert_eq!(note.to_string(), EXAMPLE_NOTE);
    assert_eq!(note.verified([&verifier]).unwrap().len(), 1);
    let changed = EXAMPLE_NOTE.replace("message.", "message!");
    let note = Note::parse(changed.as_bytes()).unwrap();
    let refused = note.verified([&verifier]).unwrap_err();
    assert_eq!(refused, NoteFault::Signature("example.com/foo".into()));
}

#[test]
fn no_byte_of_a_signed_note_can_change() {
    let verifier = Verifier::parse(EXAMPLE_KEY).unwrap();
    for at in 0..EXAMPLE_NOTE.len() {
        for flip in 1..=255u8 {
            let mut bytes = EXAMPLE_NOTE.as_bytes().to_vec();
            bytes[at] ^= flip;
            let verdict = Note::parse(&bytes).and_then(|n| n.verified([&verifier]).map(|_| ()));
            assert!(verdict.is_err(), "byte {at} ^ {flip:#x}");
        }
    }
}

#[test]
fn private_keys_read_back_and_do_not_show() {
    // The key pair in the documentation of Go's sumdb/note.
    let skey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    let vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    let signer = Signer::parse(skey).unwrap();
    assert_eq!(signer.to_skey(), skey);
    assert_eq!(signer.verifier().to_string(), vkey);
    assert_eq!(format!("{signer:?}"), "Signer(PeterNeumann)");
    let other = signer.renamed("other.example").unwrap();
    assert_ne!(other.verifier().id(), signer.verifier().id());
    assert_eq!(other.verifier().public_key(), signer.verifier().public_key());
}

#[test]
fn keys_that_are_not_whole_are_refused() {
    for bad in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example.com foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert!(Verifier::parse(bad).is_err(), "{bad}");
    }
    assert!(Signer::from_seed("a b", KeyKind::Log, &[0; 32]).is_err());
    assert!(Signer::from_seed("a+b", KeyKind::Log, &[0; 32]).is_err());
    assert!(Signer::parse(EXAMPLE_KEY).is_err());
}

#[test]
fn texts_that_are_no_notes_are_refused() {
    for bad in [
        "",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        "text\n\n— name\n",
        "text\n\n— name AAAA\n",
        "text\n\n— na+me AAAAAAA=\n",
        "text\r\n\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAB=",
    ] {
        assert!(Note::parse(bad.as_bytes()).is_err(), "{bad:?}");
    }
    let many = format!("text\n\n{}", "— name AAAAAAA=\n".repeat(65));
    assert!(Note::parse(many.as_bytes()).is_err());
    let sixteen = format!("text\n\n{}", "— name AAAAAAA=\n".repeat(16));
    assert!(Note::parse(sixteen.as_bytes()).is_ok());
    // An empty line belongs to the text: the last one divides.
    let note = Note::parse("a\n\nb\n\n— name AAAAAAA=\n".as_bytes()).unwrap();
    assert_eq!(note.text(), "a\n\nb\n");
}

#[test]
fn a_checkpoint_has_three_lines_and_one_spelling() {
    let here = checkpoint(&edge(5));
    assert_eq!(Checkpoint::parse(&here.text()), Ok(here.clone()));
    let root = here.text().lines().last().unwrap().to_owned();
    for bad in [
        format!("{ORIGIN}\n5\n{root}"),
        format!("{ORIGIN}\n05\n{root}\n"),
        format!("{ORIGIN}\n+5\n{root}\n"),
        format!("{ORIGIN}\n\n{root}\n"),
        format!("\n5\n{root}\n"),
        format!("{ORIGIN}\n5\n{root}\nextension\n"),
        format!("{ORIGIN}\n5\nAAAA\n"),
        format!("{ORIGIN}\n18446744073709551616\n{root}\n"),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
    }
    let stranger = Signer::from_seed("log.example/log/990200", KeyKind::Log, &[8; 32]).unwrap();
    assert!(matches!(here.sign(&stranger), Err(Flaw::Origin { .. })));
}

#[test]
fn a_key_speaks_for_its_own_log_only() {
    let mut here = checkpoint(&edge(5));
    here.origin = "log.example/log/990200".into();
    let note = key().sign(&here.text()).unwrap().to_string();
    let fault = trust().checkpoint("checkpoint", note.as_bytes()).unwrap_err();
    assert!(matches!(fault.flaw, Flaw::Origin { .. }), "{fault}");
}

#[test]
fn witnesses_are_counted_and_strangers_ignored() {
    let here = checkpoint(&edge(5));
    let (city, province) = (witness("city.example/w", 1), witness("province.example/w", 2));
    let mut note = here.sign(&key()).unwrap();
    note.add(city.cosign(&here.text(), 1_770_000_000).unwrap());
    note.add(province.cosign(&here.text(), 1_770_000_060).unwrap());
    note.add(witness("stranger.example/w", 3).cosign(&here.text(), 5).unwrap());
    let text = note.to_string();

    let mut trust = trust();
    let alone = trust.checkpoint("checkpoint", text.as_bytes()).unwrap();
    assert_eq!((alone.witnesses.len(), alone.unknown), (0, 3));

    trust.witnesses = vec![city.verifier(), province.verifier()];
    trust.quorum = Quorum::at_least(2, &trust.witnesses);
    let vouched = trust.checkpoint("checkpoint", text.as_bytes()).unwrap();
    assert_eq!(vouched.checkpoint, here);
    assert_eq!(
        vouched.witnesses,
        [("city.example/w".into(), 1_770_000_000), ("province.example/w".into(), 1_770_000_060)]
    );
    assert_eq!(vouched.unknown, 1);

    trust.witnesses.push(witness("peer.example/w", 4).verifier());
    trust.quorum = Quorum::at_least(3, &trust.witnesses);
    let fault = trust.checkpoint("checkpoint", text.as_bytes()).unwrap_err();
    assert_eq!(fault.flaw, Flaw::Quorum { wanted: trust.quorum.to_string(), found: 2 });

    // A later cosignature replaces the witness's earlier one.
    note.add(city.cosign(&here.text(), 1_770_003_600).unwrap());
    assert_eq!(note.signatures().len(), 4);
    // A vkey of a witness reads back as one.
    assert_eq!(Verifier::parse(&city.verifier().to_string()).unwrap().kind(), KeyKind::Witness);
}

/// A checkpoint of ours with the line that aics-witness 0.1.0 (PyPI) gave back
/// when it was posted to `add-checkpoint`.
#[test]
fn the_cosignature_of_a_witness_nobody_here_wrote_verifies() {
    let log = "log.example/log/990100+1868b93e+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs";
    let witness = "witness.example/w1+cbcde7bb+BBx6sNmbhvzQGd13AZcrgG2ryRrxo8aa28IS/FUEmhaD";
    let note = "log.example/log/990100
150
+Gx1Neotuc2FovUvpGwfvS4oA+DsKtx8N5G+CLo1S5s=

— log.example/log/990100 GGi5Pg7qMIGQCB9hbYILd7mEXrY53Xvua1T6ctiJC8kYjEynqd/ZO0ZBjSsUOCKdO6Wf8CTLjdrG3TD9QDDpgC9MuQk=
— witness.example/w1 y83nuwAAAABrAl/xpQ4K3nWVH7gmuIQBJKDf33beVFGqgaJ35ikcSKromWu4aPxhQy0vUI5INPYHnWoZYfZ8359LbjWKoHMEYvX+Cg==
";
    let witnesses: Vec<Verifier> = vec![witness.parse().unwrap()];
    let trust = Trust { logs: vec![log.parse().unwrap()], quorum: Quorum::at_least(1, &witnesses), witnesses };
    let vouched = trust.checkpoint("checkpoint", note.as_bytes()).unwrap();
    assert_eq!(vouched.witnesses, [("witness.example/w1".to_owned(), 1_795_317_745)]);
}

#[test]
fn a_cosignature_binds_time_text_and_key() {
    let here = checkpoint(&edge(5));
    let city = witness("city.example/w", 1);
    let witnesses = vec![city.verifier()];
    let trust = Trust { quorum: Quorum::at_least(1, &witnesses), witnesses, ..trust() };
    let with = |line: SignatureLine| {
        let mut note = here.sign(&key()).unwrap();
        note.add(line);
        trust.checkpoint("checkpoint", note.to_string().as_bytes()).map(|_| ())
    };
    let line = city.cosign(&here.text(), 1_770_000_000).unwrap();
    assert_eq!(with(line.clone()), Ok(()));
    for at in 0..line.bytes.len() {
        let mut bytes = line.bytes.clone();
        bytes[at] ^= 1;
        let fault = with(SignatureLine { bytes, ..line.clone() }).unwrap_err();
        assert_eq!(fault.flaw, NoteFault::Signature("city.example/w".into()).into());
    }
    assert!(with(city.cosign(&checkpoint(&edge(6)).text(), 1_770_000_000).unwrap()).is_err());
    assert!(with(city.cosign(&here.text(), 1 << 63).unwrap()).is_err());
    // A log's plain signature is not a cosignature, nor the other way round.
    assert!(city.sign(&here.text()).is_err());
    assert!(key().cosign(&here.text(), 0).is_err());
}

#[test]
fn a_repeated_line_by_a_known_key_must_hold_too() {
    let here = checkpoint(&edge(5));
    let good = here.sign(&key()).unwrap().to_string();
    let forged = checkpoint(&edge(6)).sign(&key()).unwrap().signatures()[0].to_string();
    let doubled = format!("{good}{forged}\n");
    assert!(trust().checkpoint("checkpoint", doubled.as_bytes()).is_err());
}
