//! The log of an organ: sequenced, padded, published, and proofs a person takes home.

use domain::report::Command;
use domain::words::Kind;
use ledger::receipt::Standing;
use office::paper::PaperKind;
use office::report::Act;
use office::{Error, Hall};
use rstest::rstest;

use crate::world::*;

async fn verified(hall: &Hall, code: &str) -> ledger::receipt::Verified {
    let her = hall.present(code).await.unwrap();
    let proof = hall.proof(&her).await.unwrap();
    let trust = hall.trust(&tenant(JW)).await.unwrap();
    ledger::verify_bundle(&proof.bytes, &trust).unwrap_or_else(|e| panic!("{e}"))
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_is_a_promise_first_and_inclusion_after_the_hour(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let organ = tenant(JW);
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let promised = verified(hall, &filed.code).await;
    assert!(!matches!(promised.standing, Standing::Included { .. }), "{:?}", promised.standing);
    assert_eq!(promised.commitment, filed.commitment);

    let first = hall.publish(&organ).await.unwrap().unwrap();
    assert_eq!(first.size % 16, 0, "what is published tells no count");
    let folder = hall.places.log(&organ, 1);
    let trust = hall.trust(&organ).await.unwrap();
    let report = ledger::verify_folder(&folder, &trust).unwrap();
    assert_eq!(report.size, first.size);
    let included = verified(hall, &filed.code).await;
    assert!(matches!(included.standing, Standing::Included { .. }), "{:?}", included.standing);
    let her = hall.present(&filed.code).await.unwrap();
    let proof = hall.proof(&her).await.unwrap();
    let text = String::from_utf8(proof.bytes.clone()).unwrap();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\n"), "{text}");
    for word in [filed.code.replace('-', "").as_str(), "蒋立诚", &filed.number.to_string()] {
        assert!(!text.contains(word), "the proof tells {word}");
    }
    let mut other = proof.bytes;
    let at = other.len() / 2;
    other[at] ^= 1;
    assert!(ledger::verify_bundle(&other, &trust).is_err(), "a proof with another byte holds");

    // Published also when nothing came in, and by as much as ever.
    world.pass(60);
    let second = hall.publish(&organ).await.unwrap().unwrap();
    assert_eq!((second.size % 16, second.size > first.size), (0, true), "an hour without reports looks like any other");
    world.pass(60);
    world.file(JW, TEXT, stranger(), None).await;
    let third = hall.publish(&organ).await.unwrap().unwrap();
    assert_eq!(third.size - second.size, second.size - first.size, "and one with a report does, too");
    ledger::verify_folder(&folder, &trust).unwrap();
    assert_eq!(verified(hall, &filed.code).await.commitment, filed.commitment);
    world.sound().await;
}

/// The folder is a cache: gone, it is written again and says the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_folder_is_written_again() {
    let world = World::new(Engine::Sqlite).await;
    let hall = &world.hall;
    let organ = tenant(JW);
    world.file(JW, TEXT, stranger(), None).await;
    let first = hall.publish(&organ).await.unwrap().unwrap();
    let folder = hall.places.log(&organ, 1);
    let checkpoint = std::fs::read(folder.join("checkpoint")).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    world.pass(60);
    let second = hall.publish(&organ).await.unwrap().unwrap();
    assert!(second.size >= first.size);
    let trust = hall.trust(&organ).await.unwrap();
    ledger::verify_folder(&folder, &trust).unwrap();
    assert_ne!(checkpoint, b"");
    world.sound().await;
}

/// The letter as it was issued, and the proof that goes with it: both to be had again on the desk.
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_and_its_proof_fit_each_other_and_nothing_else(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let organ = tenant(JW);
    let filed = world.file(JW, TEXT, stranger(), signed()).await;
    world.settle().await;
    world.act("clerk", filed.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    let names = |_: &str, word: &str| word.to_owned();
    let clerk = world.me("clerk");
    let issued = hall.issue_paper(&clerk, filed.report, PaperKind::AcceptanceNotice, &names).await.unwrap();
    hall.issue_paper(&clerk, filed.report, PaperKind::AcceptanceNotice, &names).await.unwrap();

    let open = hall.view(&clerk, filed.report).await.unwrap();
    let papers = hall.papers_on_file(&open).await.unwrap();
    assert_eq!(papers.len(), 2);
    let audit = hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    let printed = audit.iter().filter(|entry| entry.deed.kind() == "printed").count();
    assert_eq!(printed, 2, "each in the commit of its letter, once");
    let trust = hall.trust(&organ).await.unwrap();
    let mut leaves = std::collections::BTreeSet::new();
    for published in [false, true] {
        if published {
            hall.publish(&organ).await.unwrap().unwrap();
        }
        for paper in &papers {
            let pdf = hall.paper_on_file(&clerk, filed.report, &paper.blob).await.unwrap().pdf;
            let proof = hall.paper_proof(&clerk, filed.report, &paper.blob).await.unwrap();
            let shown = ledger::verify_bundle(&proof.bytes, &trust).unwrap();
            assert_eq!(matches!(shown.standing, Standing::Included { .. }), published);
            shown.matches_file(&pdf).unwrap();
            let mut bent = pdf;
            bent[100] ^= 1;
            assert!(shown.matches_file(&bent).is_err(), "a letter with another byte fits");
            leaves.insert(shown.commitment);
            let text = String::from_utf8(proof.bytes).unwrap();
            assert!(!text.contains(&filed.number.to_string()), "{text}");
        }
    }
    assert_eq!(leaves.len(), 2, "each letter has a leaf of its own, the same before and after");
    let first = hall.paper_on_file(&clerk, filed.report, &papers[0].blob).await.unwrap();
    assert_eq!(first.pdf, issued.pdf, "as it was issued");

    let nobody = hall.paper_proof(&clerk, filed.report, "00000000000000000000000000000000").await;
    assert!(matches!(nobody, Err(Error::NotFound)));
}

/// The key stands beside the published folder, for processes that cannot sign.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_verification_page_knows_the_keys_that_sign() {
    let world = World::new(Engine::Sqlite).await;
    let hall = &world.hall;
    let organ = tenant(JW);
    world.file(JW, TEXT, stranger(), None).await;
    let published = hall.publish(&organ).await.unwrap().unwrap();
    let known = hall.trusted_logs().await.unwrap();
    let own = known.iter().find(|log| log.vkey == published.vkey).expect("the key of this log");
    assert_eq!(own.fingerprint.len(), 64);
    assert_eq!(known.len(), hall.organs().len());
    let beside = hall.places.data.join("log").join(format!("{organ}.vkey"));
    assert_eq!(std::fs::read_to_string(beside).unwrap(), published.vkey);
}
