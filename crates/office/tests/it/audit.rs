//! Who looked is on record; the words searched for are under the seal; an auditor sees neither her
//! own unit nor what was done to a report that names her.

use office::Error;
use office::audit::Deed;
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
