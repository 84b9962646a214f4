//! 拆分: mixed matters become reports of their own, in one commit, under numbers of their own.

use domain::report::{Command, Event};
use domain::words::*;
use office::Error;
use office::report::{Act, Part};
use rstest::rstest;

use crate::world::*;

fn part(text: &str, about: &str) -> Part {
    Part { title: "拆分".into(), text: text.into(), subjects: vec![subject(about, "", "")], division: None }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mixed_report_becomes_several(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let filed = world.file(JW, TEXT, stranger(), signed()).await;
    world.on(TODAY.tomorrow().unwrap());
    let clerk = world.me("clerk");
    let parts = vec![part("拆分工程逃避招标。", "蒋立诚"), part("公车私用接送孩子。", "林晓舟")];
    let done = hall.split(&clerk, filed.report, parts, Some(1)).await.unwrap();
    assert_eq!(done.iter().map(|p| p.number.serial).collect::<Vec<_>>(), [2, 3]);
    let open = hall.view(&clerk, filed.report).await.unwrap();
    let into = done.iter().map(|p| p.report).collect::<Vec<_>>();
    assert!(open.events.iter().any(|e| e.recorded.event == Event::Split { into: into.clone() }));
    let first = hall.view(&clerk, done[0].report).await.unwrap();
    assert_eq!(first.narrative.text, "拆分工程逃避招标。");
    assert_eq!(first.narrative.source_note.as_deref(), Some(&*format!("由{}拆分", filed.number)));
    assert_eq!(first.state.received_on, TODAY, "the law counts from the day the whole came in");
    assert_eq!(first.state.signing, Signing::NamedPending);
    // The second part is about her: splitting it off took it from her sight.
    assert!(matches!(hall.view(&clerk, done[1].report).await, Err(Error::NotFound)));
    assert!(hall.view(&world.me("clerk2"), done[1].report).await.is_ok());
    assert!(matches!(hall.present(&done[0].code).await, Err(Error::NotFound)), "parts have no code of their own");
    world.settle().await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_that_cannot_stand_here_splits_nothing() {
    let world = World::new(Engine::Sqlite).await;
    let hall = &world.hall;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let clerk = world.me("clerk");
    let upward =
        hall.split(&clerk, filed.report, vec![part("甲", "蒋立诚"), part("乙", "顾长风")], None).await.unwrap_err();
    assert_eq!(upward.slug(), "split-upward");
    let empty = hall.split(&clerk, filed.report, vec![part("  ", "蒋立诚")], None).await.unwrap_err();
    assert_eq!(empty.slug(), "text-missing");
    let none = hall.split(&clerk, filed.report, Vec::new(), None).await.unwrap_err();
    assert!(matches!(none, Error::Refused(_)), "{none:?}");
    let handler = hall.split(&world.me("handler"), filed.report, vec![part("甲", "蒋立诚")], None).await.unwrap_err();
    assert!(matches!(handler, Error::NotFound), "{handler:?}");
    let bare = Act::plain(Command::Split { into: vec![filed.report] });
    assert!(matches!(world.refused("clerk", filed.report, bare).await, Error::Forbidden(_)), "parts that do not exist");
    let next = world.file(JW, TEXT, stranger(), None).await;
    assert_eq!(next.number.serial, 2, "nothing was registered");
}
