//! What an owner of the database changes behind the program's back, `fsck` names.

use domain::report::Command;
use domain::words::*;
use office::fsck::Ended;
use office::report::Act;
use rstest::rstest;

use crate::world::*;

/// The triggers stop nobody who owns the database; the chain and the log do.
fn unlock(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "DROP TRIGGER events_no_update; DROP TRIGGER events_no_delete;",
        Engine::Postgres => "ALTER TABLE events DISABLE TRIGGER USER;",
    }
}

async fn told(world: &World) -> String {
    match world.hall.fsck(&mut |_| {}).await {
        Err(Ended::Unsound(fault)) => fault.to_string(),
        other => panic!("this was to be found: {other:?}"),
    }
}

/// A house with two reports, one of them acted on.
async fn house(engine: Engine) -> (World, String) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), signed()).await;
    world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    world.act("clerk", filed.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("clerk", filed.report, Act::with_text(Command::Present { to: Role::Leader }, "请批示。")).await;
    world.hall.publish(&tenant(JW)).await.unwrap();
    world.sound().await;
    let number = filed.number.to_string();
    (world, number)
}

#[rstest]
#[case::a_header_changed(
    "UPDATE events SET header = replace(header, 'accusation', 'suggestion') WHERE event = 'scope_decided'",
    "was changed"
)]
#[case::the_first_event_changed(
    "UPDATE events SET header = replace(header, '\"web\"', '\"letter\"') WHERE event = 'received'",
    ""
)]
#[case::an_event_taken_out("DELETE FROM events WHERE event = 'scope_decided'", "missing before")]
#[case::the_last_event_taken_out("DELETE FROM events WHERE event = 'presented'", "")]
#[case::a_report_taken_out(
    "DELETE FROM events WHERE kind = 'report' AND number LIKE '%-000002-%'; DELETE FROM events WHERE kind = 'report' AND stream NOT IN (SELECT stream FROM events WHERE number IS NOT NULL)",
    "events that are gone"
)]
#[case::a_link_changed("UPDATE events SET prev = commitment WHERE event = 'presented'", "does not follow")]
#[case::words_swapped(
    "UPDATE events SET sealed = (SELECT e.sealed FROM events e WHERE e.event = 'judged' ORDER BY stream LIMIT 1) WHERE event = 'presented'",
    "was changed"
)]
#[case::an_identity_swapped(
    "UPDATE identities SET envelope = (SELECT i.envelope FROM identities i ORDER BY report DESC LIMIT 1)",
    "was changed"
)]
#[case::an_identity_taken_out("DELETE FROM identities", "envelope is gone")]
#[case::a_salt_taken_out_with_its_event_changed(
    "DELETE FROM salts WHERE commitment IN (SELECT commitment FROM events WHERE event = 'scope_decided'); UPDATE events SET header = replace(header, 'accusation', 'suggestion') WHERE event = 'scope_decided'",
    ""
)]
#[case::the_words_buried_with_their_key("DELETE FROM content_keys", "key of its words is gone")]
#[case::a_head_reckoned_anew("UPDATE log_heads SET checkpoint = frontier", "")]
#[case::a_stage_in_the_list("UPDATE reports SET stage = 'closed'", "does not agree with its events")]
#[case::a_clock_stopped("UPDATE clocks SET state = 'stopped'", "does not agree with its events")]
#[case::a_recusal_added(
    "INSERT INTO recusals SELECT tenant, report, 'x' FROM reports",
    "does not agree with its events"
)]
#[case::a_figure_changed("UPDATE tallies SET value = value + 1", "does not agree with the events")]
#[case::a_leaf_taken_out("DELETE FROM log_rows WHERE idx = 3", "")]
#[case::a_leaf_changed("UPDATE log_rows SET day = day - 1 WHERE idx = 3", "does not follow from its leaves")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_changed_behind_its_back_is_named(#[case] change: &str, #[case] says: &str) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (world, _) = house(engine).await;
        world.raw(&format!("{}{change};", unlock(engine))).await;
        let fault = told(&world).await;
        assert!(fault.contains(says), "{engine:?}: {fault}");
        for secret in ["蒋立诚", "苗望春", "请批示"] {
            assert!(!fault.contains(secret), "{fault}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_fault_names_the_report() {
    let (world, number) = house(Engine::Sqlite).await;
    let change = "UPDATE events SET header = replace(header, 'accusation', 'suggestion') WHERE event = 'scope_decided'";
    world.raw(&format!("{}{change};", unlock(Engine::Sqlite))).await;
    assert!(told(&world).await.contains(&number));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_byte_in_the_published_log_and_a_missing_file_are_named() {
    let (world, _) = house(Engine::Sqlite).await;
    let log = world.hall.places.log(&tenant(JW), 1);
    let tile = files(&log).into_iter().find(|p| p.to_string_lossy().contains("entries")).unwrap();
    let mut bytes = std::fs::read(&tile).unwrap();
    bytes[40] ^= 1;
    std::fs::write(&tile, &bytes).unwrap();
    assert!(told(&world).await.contains("published log"));
    bytes[40] ^= 1;
    std::fs::write(&tile, &bytes).unwrap();
    world.sound().await;

    let new = public(TEXT, stranger(), None);
    let mut opening = world.hall.open_report(&tenant(JW), &new.subjects).unwrap();
    world.hall.attach(&mut opening, "a.png", crate::journey::picture()).await.unwrap();
    let filed = world.hall.receive(opening, new).await.unwrap();
    world.sound().await;
    let blob = files(&world.hall.places.blobs()).into_iter().next().unwrap();
    std::fs::remove_file(blob).unwrap();
    let fault = told(&world).await;
    assert!(fault.contains("file is missing") && fault.contains(&filed.number.to_string()), "{fault}");
}
