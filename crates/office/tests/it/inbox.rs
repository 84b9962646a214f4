//! 待办: each finds what waits for her and not what lies on another desk, and what the reporter asks
//! after closing comes back to whoever owes her the answer.

use domain::directory::{Office, OfficeKind};
use domain::ids::{OfficeId, StaffId};
use domain::recusal::KeptAway;
use domain::report::{Command, Confirmed, Review};
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
    let no = Command::ConfirmNoSubstance { confirmed: Confirmed::No };
    assert_eq!(world.refused("head", r, Act::plain(no.clone())).await.slug(), "verdict-reason");
    world.act("head", r, Act::with_text(no, "有具体工程和时间。")).await;
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
    world
        .act("handler", r, Act::plain(Command::ExplainObjection { review: Review::Here }).telling("证人已经问过。"))
        .await;
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

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_waits_until_it_is_answered(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let her = world.hall.present(&filed.code).await.unwrap();
    let unanswered = async || {
        let filter = Filter { unanswered: true, ..Filter::default() };
        let ask = Ask { filter, ..Ask::of(Ledger::Todo) };
        world.hall.ledger(&world.me("clerk"), Ledger::Todo, &ask).await.unwrap().rows
    };
    let outside = Command::Refuse { kind: Kind::OutOfScope, ground: Ground::OtherOrgan };
    world.act("clerk", filed.report, Act::plain(outside)).await;
    world.act("clerk", filed.report, Act::plain(Command::DoDuty).telling("请向澜东县教育局反映。")).await;
    assert!(unanswered().await.is_empty());
    world.hall.add(&her, Addition::Message("我还有话要说。".to_owned())).await.unwrap();
    world.hall.add(&her, Addition::Message("在吗？".to_owned())).await.unwrap();
    assert_eq!(unanswered().await[0].row.message_on, Some(TODAY));
    // Closing does not answer it.
    world.act("clerk", filed.report, Act::plain(Command::Close)).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["clerk", "head", "supervisor"]);
    assert!(finds(&world, Ledger::Done).await.is_empty());
    world.act("clerk", filed.report, Act::plain(Command::SendMessage).telling("在的，您请说。")).await;
    assert!(unanswered().await.is_empty() && finds(&world, Ledger::Todo).await.is_empty());
    // What she wrote before she destroyed her code can be answered by nobody.
    let gone = world.file(JW, TEXT, stranger(), None).await;
    let hers = world.hall.present(&gone.code).await.unwrap();
    world.hall.add(&hers, Addition::Message("就这样吧。".to_owned())).await.unwrap();
    assert_eq!(unanswered().await.len(), 1);
    world.hall.destroy_code(&hers).await.unwrap();
    assert!(unanswered().await.is_empty());
    world
        .act("clerk", gone.report, Act::plain(Command::Refuse { kind: Kind::OutOfScope, ground: Ground::OtherOrgan }))
        .await;
    world.act("clerk", gone.report, Act::plain(Command::DoDuty)).await;
    world.act("clerk", gone.report, Act::plain(Command::Close)).await;
    // Nor does evidence that comes after closing lie unread, although nothing was ever found.
    world.hall.add(&her, Addition::Evidence("一份合同".to_owned(), vec![])).await.unwrap();
    assert_eq!(finds(&world, Ledger::Todo).await, ["clerk", "head", "supervisor"]);
    world.act("clerk", filed.report, Act::with_text(Command::CheckEvidence, "与本机关职责无关。")).await;
    assert!(finds(&world, Ledger::Todo).await.is_empty());
    world.sound().await;
}

fn keep_away(who: &str) -> Act {
    let command = Command::Recuse { recused: KeptAway::nobody(), basis: RecusalBasis::ByHand };
    Act { keep_away: vec![StaffId(who.to_owned())], ..Act::with_text(command, "与被反映人系同学。") }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_colleague_must_not_see_waits_for_another(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let r = world.file(JW, TEXT, stranger(), None).await.report;
    let act = async |user: &str, command| world.act(user, r, Act::plain(command)).await;
    world.act("head", r, keep_away("clerk")).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["supervisor"], "the other clerk has it");
    world.act("head", r, keep_away("clerk2")).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["head", "supervisor"]);
    act("head", Command::Accept { kind: Kind::Accusation }).await;
    // A post whose holder may not see it is not asked; what was asked of one can be asked of another.
    world.act("head", r, keep_away("chief")).await;
    let to = |role| Act::with_text(Command::Present { to: role }, "拟同意受理。");
    assert_eq!(world.refused("head", r, to(Role::Chief)).await.slug(), "present-nobody");
    world.act("head", r, to(Role::Leader)).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["leader", "supervisor"]);
    assert_eq!(world.refused("head", r, to(Role::Head)).await.slug(), "present-asked", "a lower post than was asked");
    world.act("leader2", r, keep_away("leader")).await;
    world.act("leader2", r, Act::with_text(Command::Instruct { due: None, verdict: Confirmed::Yes }, "同意")).await;
    world.act("head", r, dispatch("jj1")).await;
    for elsewhere in ["handler2", "clerk2", "supervisor"] {
        let refused = world.refused("leader2", r, assign(elsewhere)).await;
        assert!(["assign-elsewhere", "assign-recused"].contains(&refused.slug()), "{elsewhere}: {refused:?}");
    }
    world.act("leader2", r, assign("handler")).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["handler", "supervisor"]);
    // Given to her first, and kept from her afterwards: whoever can name another finds it.
    world.act("leader2", r, keep_away("handler")).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["supervisor"], "leader and chief are kept away");
    let leads = world.hall.ledger(&world.me("leader2"), Ledger::Todo, &Ask::of(Ledger::Todo)).await.unwrap();
    assert_eq!(leads.rows.len(), 1);
    world.act("leader2", r, assign("handler1")).await;
    assert_eq!(finds(&world, Ledger::Todo).await, ["handler1", "supervisor"]);
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accusation_does_not_go_to_those_it_is_about() {
    let world = World::new(Engine::Sqlite).await;
    let mut directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
    directory.offices.push(Office {
        id: OfficeId("liuyan".to_owned()),
        name: "柳堰镇纪委".to_owned(),
        aliases: vec![],
        kind: OfficeKind::Township,
        divisions: vec!["990121101".to_owned()],
        leader: None,
        phone: String::new(),
    });
    let mut townsman = directory.user("handler").unwrap().clone();
    (townsman.id, townsman.user) = (StaffId("liuyan1".to_owned()), "liuyan1".to_owned());
    (townsman.name, townsman.office) = ("戴长庚".to_owned(), OfficeId("liuyan".to_owned()));
    directory.staff.push(townsman);
    world.hall.set_directory(directory).await.unwrap();
    world.settle().await;
    let about = |unit: &str, kind: Kind| {
        let (world, unit) = (&world, unit.to_owned());
        async move {
            let r = world.file(JW, TEXT, vec![subject("鲁广田", &unit, "所长")], None).await.report;
            world.act("clerk", r, Act::plain(Command::Accept { kind })).await;
            r
        }
    };
    let r = about("柳堰镇人民政府财政所", Kind::Accusation).await;
    assert_eq!(world.refused("clerk", r, dispatch("liuyan")).await.slug(), "dispatch-next-door");
    let Act { command, .. } = dispatch("liuyan");
    world.act("clerk", r, Act::with_text(command, "举报人已当面同意由镇纪委了解。")).await;
    let r = about("柳堰镇纪委", Kind::Accusation).await;
    let Act { command, .. } = dispatch("liuyan");
    assert_eq!(world.refused("clerk", r, Act::with_text(command, "由其自查。")).await.slug(), "dispatch-reported");
    let r = about("澜东县住建局", Kind::Accusation).await;
    world.act("clerk", r, keep_away("liuyan1")).await;
    assert_eq!(world.refused("clerk", r, dispatch("liuyan")).await.slug(), "dispatch-recused");
    world.act("clerk", r, dispatch("jj1")).await;
}
