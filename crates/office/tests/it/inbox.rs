//! 待办: each finds what waits for her and not what lies on another desk, and what the reporter asks
//! after closing comes back to whoever owes her the answer.

use domain::report::{Command, Confirmed};
use domain::words::*;
use office::desk::{Ask, Ledger};
use office::report::Act;
use office::thread::Addition;
use rstest::rstest;
use store::Filter;

use crate::world::*;

/// Who of these finds something in a list.
async fn finds(world: &World, ledger: Ledger) -> Vec<&'static str> {
    let mut found = Vec::new();
    for user in ["clerk", "head", "leader", "chief", "handler", "handler1", "handler2", "supervisor"] {
        let me = world.me(user);
        let page = world.hall.ledger(&me, ledger, &Ask::of(ledger)).await.unwrap();
        if ledger == Ledger::Todo {
            let counts = world.hall.counts(&me).await.unwrap();
            assert_eq!(counts.open.at_least(), page.rows.len() as u64, "the menu says what the list has: {user}");
        }
        found.extend((!page.rows.is_empty()).then_some(user));
    }
    found
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_waits_for_whoever_has_the_next_step(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let waits = async || finds(&world, Ledger::Todo).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let r = filed.report;
    let act = async |user: &str, command| world.act(user, r, Act::plain(command)).await;
    assert_eq!(waits().await, ["clerk", "supervisor"]);
    // Two people judge that it has no substance: it waits for a second one, and goes on waiting for the first.
    act("clerk", Command::Refuse { kind: Kind::NoSubstance, ground: Ground::NameOnly }).await;
    assert_eq!(waits().await, ["clerk", "head", "leader", "chief", "supervisor"]);
    act("head", Command::ConfirmNoSubstance { confirmed: Confirmed::No }).await;
    act("clerk", Command::Accept { kind: Kind::Accusation }).await;
    assert_eq!(waits().await, ["clerk", "supervisor"]);
    act("clerk", Command::Present { to: Role::Leader }).await;
    assert_eq!(waits().await, ["leader", "supervisor"], "his word, not the head's or the chief's");
    act("leader", Command::Instruct { due: None, verdict: Confirmed::Yes }).await;
    assert_eq!(waits().await, ["clerk", "supervisor"]);
    world.act("clerk", r, dispatch("jj1")).await;
    assert_eq!(waits().await, ["handler", "handler1", "supervisor"], "nobody has it yet");
    world.act("leader2", r, assign("handler")).await;
    assert_eq!(waits().await, ["handler", "supervisor"]);
    act("handler", Command::RecordFinding { allegation: 1, finding: Finding::NotProved }).await;
    world.act("handler", r, Act::with_text(Command::DraftAnswer, "经核查，不属实。")).await;
    assert_eq!(waits().await, ["leader", "chief", "supervisor"]);
    act("leader2", Command::ApproveAnswer { verdict: Confirmed::Yes }).await;
    assert_eq!(waits().await, ["handler", "supervisor"]);
    let answer = Command::DeliverAnswer { way: TellingWay::System };
    world.act("handler", r, Act::plain(answer).telling("经核查，不属实。")).await;
    act("handler", Command::Close).await;
    assert!(waits().await.is_empty());
    assert_eq!(finds(&world, Ledger::Done).await, ["clerk", "head", "leader", "chief", "handler", "supervisor"]);

    // Closed it is, and she objects: nobody may overlook that.
    let her = world.hall.present(&filed.code).await.unwrap();
    world.hall.add(&her, Addition::Objection("没有问过证人。".to_owned())).await.unwrap();
    assert_eq!(waits().await, ["handler", "supervisor"]);
    assert!(finds(&world, Ledger::Done).await.is_empty());
    let closed = Ask { filter: Filter { stages: vec![Stage::Closed], ..Filter::default() }, ..Ask::of(Ledger::Todo) };
    let page = world.hall.ledger(&world.me("handler"), Ledger::Todo, &closed).await.unwrap();
    assert_eq!(page.rows.len(), 1);
    assert!(page.rows[0].colour.is_some(), "its clock is shown");
    world.on(jiff::civil::date(2026, 12, 1));
    assert!(finds(&world, Ledger::Overdue).await.contains(&"head"), "late, it is late for all");
    world.act("handler", r, Act::plain(Command::ExplainObjection).telling("证人已经问过。")).await;
    assert!(waits().await.is_empty() && finds(&world, Ledger::Overdue).await.is_empty());
    // New evidence is owed a check in the same way.
    world.hall.add(&her, Addition::Evidence("补一份记录".to_owned(), vec![])).await.unwrap();
    assert_eq!(waits().await, ["handler", "supervisor"]);
    act("handler", Command::CheckEvidence).await;
    assert!(waits().await.is_empty());
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_organ_has_waits_for_the_clerk_until_it_is_closed() {
    let world = World::new(Engine::Sqlite).await;
    let r = world.file(JW, TEXT, stranger(), None).await.report;
    world.act("clerk", r, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    let to = domain::report::Holder::Outside { key: "landong".to_owned() };
    let away = Command::Dispatch { way: DispatchWay::Forward, to, watcher: None, ground: None, due: None };
    world.act("clerk", r, Act::plain(away)).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["clerk", "supervisor"]);
    world.act("clerk", r, Act::plain(Command::Close)).await;
    assert!(finds(&world, Ledger::Todo).await.is_empty());
}
