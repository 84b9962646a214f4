//! 校正补录: what is corrected under the seal also changes who must not see it.

use domain::report::Command;
use domain::words::*;
use office::Error;
use office::report::Act;
use rstest::rstest;

use crate::world::*;

fn correct(narrative: domain::content::Narrative) -> Act {
    let command = Command::Correct {
        channel: None,
        source: None,
        signing: None,
        urgency: None,
        allegations: None,
        recused: None,
    };
    Act { narrative: Some(Box::new(narrative)), ..Act::plain(command) }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_added_later_hides_the_report_from_her(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    let clerk = world.me("clerk");
    let mut narrative = hall.view(&clerk, filed.report).await.unwrap().narrative;
    narrative.subjects.push(subject("林晓舟", "", ""));
    world.act("clerk2", filed.report, correct(narrative)).await;
    assert!(matches!(hall.view(&clerk, filed.report).await, Err(Error::NotFound)));
    assert_eq!(hall.view(&world.me("clerk2"), filed.report).await.unwrap().narrative.subjects.len(), 2);
    // The index follows with its own job.
    world.settle().await;
    let query = office::desk::Query { words: "道路改造".into(), ..Default::default() };
    assert_eq!(hall.search(&clerk, &query).await.unwrap().total, 0);
    assert_eq!(hall.search(&world.me("clerk2"), &query).await.unwrap().total, 1);
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_names_the_main_leader_is_refused_with_what_to_do() {
    let world = World::new(Engine::Sqlite).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let mut narrative = world.hall.view(&world.me("clerk"), filed.report).await.unwrap().narrative;
    narrative.subjects.push(subject("顾长风", "", ""));
    let refused = world.refused("clerk", filed.report, correct(narrative)).await;
    assert_eq!(refused.slug(), "corrected-upward");
    assert!(refused.sentence(Lang::Zh).contains("上级机关"));
    assert_eq!(world.hall.view(&world.me("clerk"), filed.report).await.unwrap().narrative.subjects.len(), 1);
}
