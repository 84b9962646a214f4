//! Who may see what: roles that read no report, handlers who see theirs, and a public role that
//! holds nothing that opens.

use domain::report::Command;
use domain::words::*;
use office::Error;
use office::desk::{Ask, Ledger};
use office::keys::Holding;
use office::report::Act;
use office::thread::Addition;
use rstest::rstest;
use store::{Filter, Order, Sort, SortBy};

use crate::world::*;

const NEWEST: Sort = Sort { by: SortBy::Received, order: Order::Descending };

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_keeps_the_house_running_reads_no_report(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    let hall = &world.hall;
    for user in ["admin", "security", "analyst", "custodian", "approver", "auditor"] {
        let me = world.me(user);
        assert!(matches!(hall.view(&me, filed.report).await, Err(Error::Forbidden(_))), "{user} views");
        assert!(
            matches!(hall.report_numbered(&me, &filed.number.to_string()).await, Err(Error::Forbidden(_))),
            "{user} views by number"
        );
        assert!(matches!(hall.counts(&me).await, Err(Error::Forbidden(_))), "{user} counts");
        let list = hall.list(&me, "register", &Filter::default(), NEWEST, 0, 20).await;
        assert!(matches!(list, Err(Error::Forbidden(_))), "{user} lists");
        let ledger = hall.ledger(&me, Ledger::Register, &Ask::of(Ledger::Register)).await;
        assert!(matches!(ledger, Err(Error::Forbidden(_))), "{user} opens the register");
        let found = hall.search(&me, &office::desk::Query { words: "道路".into(), ..Default::default() }).await;
        assert!(matches!(found, Err(Error::Forbidden(_))), "{user} searches");
        assert!(matches!(hall.look_for_repeats(&me, TEXT).await, Err(Error::Forbidden(_))), "{user} compares");
        assert!(matches!(world.export(&me, Ledger::Register, "x").await, Err(Error::Forbidden(_))), "{user} exports");
        let act = world.refused(user, filed.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
        assert!(matches!(act, Error::Forbidden(_) | Error::NotFound), "{user} acts: {act:?}");
    }
    // A person of another organ has never heard of it.
    for user in ["above-clerk", "xf-clerk"] {
        assert!(matches!(hall.view(&world.me(user), filed.report).await, Err(Error::NotFound)), "{user}");
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_sees_hers_and_what_waits_in_her_office(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let mut reports = Vec::new();
    for _ in 0..3 {
        let filed = world.file(JW, TEXT, stranger(), None).await;
        reports.push(filed.report);
    }
    for report in &reports[..2] {
        world.act("clerk", *report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
        world.act("clerk", *report, Act::plain(Command::Present { to: Role::Leader })).await;
        let yes = Command::Instruct { due: None, verdict: domain::report::Confirmed::Yes };
        world.act("leader", *report, Act::plain(yes)).await;
        world.act("clerk", *report, dispatch("jj1")).await;
    }
    world.act("leader2", reports[0], assign("handler")).await;
    let sees = async |user: &str| {
        let me = world.me(user);
        let page = hall.list(&me, "inbox", &Filter::default(), NEWEST, 0, 20).await.unwrap();
        let mut seen = Vec::new();
        for (n, report) in reports.iter().enumerate() {
            let listed = page.rows.iter().any(|row| row.row.report == *report);
            let opened = hall.view(&me, *report).await.is_ok();
            assert_eq!(listed, opened, "list and view disagree about {n} for {user}");
            if opened {
                seen.push(n);
            }
        }
        // What waits for her: of the clerk's three only the one that is not dispatched.
        let waiting = if user == "clerk" { 1 } else { seen.len() };
        assert_eq!(hall.counts(&me).await.unwrap().open.at_least() as usize, waiting, "{user}");
        seen
    };
    assert_eq!(sees("handler").await, [0, 1], "hers, and what nobody in her office has yet");
    assert_eq!(sees("handler1").await, [1], "not what her colleague has");
    assert_eq!(sees("handler2").await, [0usize; 0], "another office's");
    assert_eq!(sees("clerk").await, [0, 1, 2]);
    // Search obeys the same predicate.
    world.settle().await;
    let query = office::desk::Query { words: "道路改造".into(), ..Default::default() };
    for (user, hits) in [("handler", 2), ("handler1", 1), ("handler2", 0), ("clerk", 3)] {
        let found = hall.search(&world.me(user), &query).await.unwrap();
        assert_eq!((found.rows.len(), found.total), (hits, hits), "{user}");
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_role_takes_reports_without_a_private_key(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let keys = world.folder.path().join("public.keys");
    copy_public(&world.keys(), &keys);
    // On SQLite one process writes at a time.
    world.hall.store.close().await;
    let public_hall = world.process(&keys, Holding::Public).await;
    let new = public(TEXT, stranger(), signed());
    let mut opening = public_hall.open_report(&tenant(JW), &new.subjects).unwrap();
    public_hall.attach(&mut opening, "照片.png", crate::journey::picture()).await.unwrap();
    let filed = public_hall.receive(opening, new).await.unwrap();
    let her = public_hall.present(&filed.code).await.unwrap();
    public_hall.add(&her, Addition::Message("补充一句。".to_owned())).await.unwrap();
    public_hall
        .add(&her, Addition::Evidence(String::new(), vec![("a.png".into(), crate::journey::picture())]))
        .await
        .unwrap();
    let status = public_hall.status(&her, Lang::Zh).await.unwrap();
    assert_eq!(status.messages.len(), 1);
    let clerk = world.me("clerk");
    assert!(matches!(public_hall.view(&clerk, filed.report).await, Err(Error::NoKey)));
    assert!(matches!(public_hall.work(&tenant(JW)).await, Err(Error::NoKey)));
    assert!(matches!(public_hall.publish(&tenant(JW)).await, Err(Error::NoKey)));
    assert!(matches!(public_hall.look_for_repeats(&clerk, TEXT).await, Err(Error::NoKey)));
    let proof = public_hall.proof(&her).await.unwrap_err();
    assert_eq!(proof.slug(), "proof-not-yet", "it cannot promise in the log's name");
    public_hall.store.close().await;

    let desk = world.process(&world.keys(), Holding::Desk).await;
    while desk.work(&tenant(JW)).await.unwrap() > 0 {}
    let open = desk.view(&clerk, filed.report).await.unwrap();
    assert_eq!(open.narrative.text, TEXT);
    assert!(open.suggestions.is_some(), "what the public role left to do is done by the worker");
    assert_eq!(open.files().len(), 2);
    sound(&desk).await;
}

/// What the public role's folder holds: the shared keys, the signed directories, and the intake
/// keys; nothing that opens.
fn copy_public(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for path in files(from) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if ["shared.key", "intake.key", "directory.json", "root.pub"].contains(&name) {
            let target = to.join(path.strip_prefix(from).unwrap());
            std::fs::create_dir_all(target.parent().unwrap()).unwrap();
            std::fs::copy(&path, target).unwrap();
        }
    }
}
