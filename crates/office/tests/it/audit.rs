//! Who looked is on record; the words searched for are under the seal; an auditor sees neither her
//! own unit nor what was done to a report that names her.

use domain::report::Command;
use domain::words::Kind;
use office::Error;
use office::audit::Deed;
use office::keys::Holding;
use office::report::Act;
use rstest::rstest;

use crate::world::*;

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_look_is_recorded_for_somebody_else_to_read(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let seen = world.file(JW, TEXT, stranger(), None).await;
    let about_her = world.file(JW, TEXT, vec![subject("尹明澈", "", "")], None).await;
    world.settle().await;
    for report in [seen.report, about_her.report] {
        hall.view(&world.me("clerk"), report).await.unwrap();
    }
    let _ = hall.view(&world.me("supervisor"), seen.report).await.unwrap();
    hall.search(&world.me("clerk"), &office::desk::Query { words: "招标".into(), ..Default::default() }).await.unwrap();
    world.on(TODAY.tomorrow().unwrap());
    hall.view(&world.me("head"), seen.report).await.unwrap();

    let found = hall.audit(&world.me("auditor"), TODAY, TODAY.tomorrow().unwrap()).await.unwrap();
    let deeds = |who: &str| found.iter().filter(|e| e.staff.0 == who).map(|e| e.deed.clone()).collect::<Vec<_>>();
    assert_eq!(deeds("clerk"), [Deed::Searched { hits: 2 }, Deed::Viewed { report: seen.report }]);
    assert_eq!(deeds("head"), [Deed::Viewed { report: seen.report }]);
    assert_eq!(deeds("supervisor"), [], "her own unit is for another auditor");
    let first_day = hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    assert!(first_day.iter().all(|e| e.day == TODAY));
    for user in ["clerk", "chief", "admin", "security"] {
        assert!(matches!(hall.audit(&world.me(user), TODAY, TODAY).await, Err(Error::Forbidden(_))), "{user}");
    }
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_two_processes_record_at_once_is_no_conflict(#[case] engine: Engine) {
    let world = World::new(engine).await;
    // On SQLite there is one process; its requests come at once all the same.
    let second = match engine {
        Engine::Sqlite => world.hall.clone(),
        Engine::Postgres => world.process(&world.keys(), Holding::Desk).await,
    };
    let mut acting = tokio::task::JoinSet::new();
    let mut filed = Vec::new();
    for _ in 0..40 {
        filed.push(world.file(JW, TEXT, stranger(), None).await.report);
    }
    for (n, report) in filed.into_iter().enumerate() {
        let hall = if n % 2 == 0 { world.hall.clone() } else { second.clone() };
        let me = world.me(if n % 4 < 2 { "clerk" } else { "clerk2" });
        acting
            .spawn(async move { hall.act(&me, report, Act::plain(Command::Accept { kind: Kind::Accusation })).await });
    }
    while let Some(acted) = acting.join_next().await {
        acted.unwrap().unwrap_or_else(|e| panic!("it was hers alone: {e:?}"));
    }
    let entries = world.hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    assert_eq!(entries.iter().filter(|e| matches!(e.deed, Deed::Acted { .. })).count(), 40);
    world.sound().await;
}
