//! Repeats: each is carried by a first one that carries itself, whoever links what at the same time;
//! and none ever loses its own number.

use std::collections::BTreeMap;

use domain::ids::ReportId;
use domain::report::{Command, NewFacts};
use office::Error;
use office::intake::Received;
use office::keys::Holding;
use office::report::Act;
use rstest::rstest;
use store::{Filter, Order, Scope, Sort, SortBy};

use crate::world::*;

fn link(to: ReportId) -> Act {
    Act::plain(Command::Link { to, new_facts: NewFacts::None })
}

async fn file(world: &World, n: usize) -> Vec<Received> {
    let mut filed = Vec::with_capacity(n);
    for _ in 0..n {
        filed.push(world.file(JW, TEXT, stranger(), None).await);
    }
    world.settle().await;
    filed
}

/// Who repeats whom, as the register has it.
async fn repeats(world: &World) -> BTreeMap<ReportId, Option<ReportId>> {
    let sort = Sort { by: SortBy::Number, order: Order::Ascending };
    let page =
        world.hall.store.list(&Scope::program(tenant(JW)), &Filter::default(), sort, TODAY, 0, 200).await.unwrap();
    page.rows.into_iter().map(|row| (row.report, row.repeat_of)).collect()
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_reports_repeat_each_other_by_any_way_round(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let [a, b, c] = file(&world, 3).await.try_into().unwrap();
    world.act("clerk2", b.report, link(a.report)).await;
    // There and back: neither by the first to its repeat, nor by another one to a repeat.
    for (from, to, why) in [
        (a.report, b.report, "link_to_a_repeat"),
        (c.report, b.report, "link_to_a_repeat"),
        (a.report, c.report, "link_has_repeats"),
    ] {
        let refused = world.refused("clerk2", from, link(to)).await;
        assert_eq!(refused.slug(), why);
        let Error::Refused(said) = refused else { panic!("the law says so") };
        assert!(said.zh.contains('请'), "it says what to do: {}", said.zh);
    }
    world.act("clerk2", c.report, link(a.report)).await;

    // A promoted one is a first one: it carries others, and so is no longer to become a repeat itself.
    world.act("clerk2", b.report, Act::plain(Command::Promote)).await;
    world.act("clerk2", c.report, Act::plain(Command::Unlink)).await;
    world.act("clerk2", c.report, link(b.report)).await;
    world.act("clerk2", b.report, Act::plain(Command::Unlink)).await;
    assert_eq!(world.refused("clerk2", b.report, link(a.report)).await.slug(), "link_has_repeats");
    // Once the others hang on somebody else, it may.
    world.act("clerk2", c.report, Act::plain(Command::Unlink)).await;
    world.act("clerk2", c.report, link(a.report)).await;
    world.act("clerk2", b.report, link(a.report)).await;
    world.act("clerk2", b.report, Act::plain(Command::Close)).await;
    world.act("clerk2", c.report, Act::plain(Command::Close)).await;
    // The first one is not closed like that.
    assert_eq!(world.refused("clerk2", a.report, Act::plain(Command::Close)).await.slug(), "close_scope_undecided");
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn links_made_at_the_same_time_leave_every_repeat_its_first_one(#[case] engine: Engine) {
    let world = World::new(engine).await;
    // Two processes on PostgreSQL, one on SQLite.
    let second = match engine {
        Engine::Sqlite => world.hall.clone(),
        Engine::Postgres => world.process(&world.keys(), Holding::Desk).await,
    };
    let filed = file(&world, 18).await;
    let ids: Vec<ReportId> = filed.iter().map(|f| f.report).collect();
    // Six rings of three, each report linked to the next by somebody else at once.
    let tasks: Vec<_> = (0..ids.len())
        .map(|n| {
            let to = ids[if n % 3 == 2 { n - 2 } else { n + 1 }];
            let (from, hall) = (ids[n], if n % 2 == 0 { world.hall.clone() } else { second.clone() });
            let me = world.me("clerk2");
            tokio::spawn(async move { hall.act(&me, from, link(to)).await })
        })
        .collect();
    let mut linked = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => linked += 1,
            Err(Error::Conflict | Error::Busy) => {}
            Err(Error::Refused(why)) => assert!(why.id.starts_with("link_"), "{}", why.id),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert!(linked > 0, "somebody wins");
    let repeats = repeats(&world).await;
    assert_eq!(repeats.values().flatten().count(), linked);
    for (report, first) in &repeats {
        if let Some(first) = first {
            assert_eq!(repeats[first], None, "{report} hangs on one that is a repeat itself");
        }
    }
    world.sound().await;
}

/// 规则 Art 14: a repeat is registered like any other report and stays so.
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_repeat_never_loses_its_own_number(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let [first, repeat] = file(&world, 2).await.try_into().unwrap();
    assert_ne!(first.number, repeat.number);
    let me = world.me("clerk2");
    for act in [
        link(first.report),
        Act::plain(Command::Promote),
        Act::plain(Command::Unlink),
        link(first.report),
        Act::plain(Command::Unlink),
    ] {
        let what = act.command.kind();
        world.act("clerk2", repeat.report, act).await;
        for filed in [&first, &repeat] {
            let open = world.hall.view(&me, filed.report).await.unwrap();
            assert_eq!(open.number, filed.number, "after {what}");
            let by_number = world.hall.report_numbered(&me, &filed.number.to_string()).await.unwrap();
            assert_eq!(by_number, Some((filed.report, filed.number.clone())), "after {what}");
            let her = world.hall.present(&filed.code).await.unwrap();
            let code = world.hall.status(&her, domain::words::Lang::Zh).await.unwrap();
            assert_eq!(code.number, filed.number, "after {what}");
        }
    }
    world.sound().await;
}
