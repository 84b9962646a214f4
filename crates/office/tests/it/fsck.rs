//! The check of the whole history while others write it, and of the papers on file. What it finds
//! in a changed register is told in `damage`.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::report::Command;
use domain::words::*;
use office::Hall;
use office::fsck::Ended;
use office::paper::PaperKind;
use office::report::Act;
use rstest::rstest;

use crate::world::*;

/// Files, judges and acts until told to stop; how many reports came of it.
async fn busy(hall: Arc<Hall>, clerk: office::desk::Me, stop: Arc<AtomicBool>) -> u32 {
    let mut done = 0;
    while !stop.load(Ordering::Relaxed) {
        let new = public(&format!("核查时仍有人反映第{done}件事。"), stranger(), None);
        let opening = hall.open_report(&tenant(JW), &new.subjects).unwrap();
        let filed = hall.receive(opening, new).await.unwrap();
        // Another writer's judging may come between: that refusal is not what this is about.
        let accept = Act::plain(Command::Accept { kind: Kind::Accusation });
        let _too_early_or_meanwhile = hall.act(&clerk, filed.report, accept).await;
        let _judged = hall.work(&tenant(JW)).await;
        done += 1;
    }
    done
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_register_that_is_written_meanwhile_is_sound(#[case] engine: Engine) {
    let world = World::new(engine).await;
    for n in 0..30 {
        world.file(JW, &format!("先前的第{n}件反映。"), stranger(), None).await;
    }
    world.settle().await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..3 {
        writers.spawn(busy(world.hall.clone(), world.me("clerk"), stop.clone()));
    }
    let (hall, ended) = (world.hall.clone(), stop.clone());
    let publisher = tokio::spawn(async move {
        while !ended.load(Ordering::Relaxed) {
            hall.publish(&tenant(JW)).await.unwrap();
        }
    });
    for _ in 0..8 {
        world.sound().await;
    }
    stop.store(true, Ordering::Relaxed);
    let written: u32 = writers.join_all().await.into_iter().sum();
    publisher.await.unwrap();
    assert!(written > 0, "nobody wrote meanwhile");
    // What was judged and acted on at once is judged again a little later.
    world.pass(60);
    world.settle().await;
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_on_file_is_the_one_that_was_issued(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), signed()).await;
    world.settle().await;
    world.act("clerk", filed.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    let names = |_: &str, word: &str| word.to_owned();
    let clerk = world.me("clerk");
    for _ in 0..2 {
        world.hall.issue_paper(&clerk, filed.report, PaperKind::AcceptanceNotice, &names).await.unwrap();
    }
    assert_eq!(world.sound().await.files, 2);
    let fault = async || match world.hall.fsck(&mut |_| {}).await {
        Err(Ended::Unsound(fault)) => fault.to_string(),
        other => panic!("this was to be found: {other:?}"),
    };
    // One byte of the sealed file.
    let path = files(&world.hall.places.blobs()).into_iter().next().unwrap();
    let whole = std::fs::read(&path).unwrap();
    let mut bent = whole.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 1;
    std::fs::write(&path, &bent).unwrap();
    let said = fault().await;
    assert!(said.contains(&filed.number.to_string()), "{said}");
    std::fs::write(&path, &whole).unwrap();
    world.sound().await;
    // Both papers open, and each is said to be what another leaf of the log stands for.
    let other = "UPDATE blobs SET commitment = (SELECT e.commitment FROM events e WHERE e.event = 'received' LIMIT 1)";
    world.raw(other).await;
    let said = fault().await;
    assert!(said.contains("not the one that was issued"), "{said}");
}
