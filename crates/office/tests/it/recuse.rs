//! 回避 beyond the subject fields: names in the text, in what is added later, people who join the
//! staff later, and whoever is kept away by hand.

use domain::directory::{Directory, OfficeKind};
use domain::ids::{OfficeId, StaffId};
use domain::indicators::Period;
use domain::report::{Command, Event};
use domain::words::*;
use office::Error;
use office::desk::{Ask, Ledger};
use office::report::{Act, Part};
use office::thread::Addition;
use rstest::rstest;
use store::{Filter, Order, Sort, SortBy};

use crate::world::*;

const NEWEST: Sort = Sort { by: SortBy::Received, order: Order::Descending };
/// Names a clerk in passing.
const NAMING: &str = "澜东县修路的钱不见了。我到信访室去过三次，林晓舟收了村支书两条烟，不给登记。";

async fn listed(world: &World, user: &str) -> usize {
    world.hall.list(&world.me(user), "register", &Filter::default(), NEWEST, 0, 100).await.unwrap().rows.len()
}

fn keep_away(staff: &str, reason: &str) -> Act {
    let recuse = Command::Recuse { recused: domain::recusal::KeptAway::nobody(), basis: RecusalBasis::ByHand };
    let act = if reason.is_empty() { Act::plain(recuse) } else { Act::with_text(recuse, reason) };
    Act { keep_away: vec![world_staff(staff)], ..act }
}

fn world_staff(id: &str) -> domain::ids::StaffId {
    domain::ids::StaffId(id.to_owned())
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_in_the_text_alone_hides_the_report_from_its_bearer(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, NAMING, stranger(), None).await;
    // Before any worker looked at it.
    assert!(matches!(world.hall.view(&world.me("clerk"), filed.report).await, Err(Error::NotFound)));
    assert_eq!((listed(&world, "clerk").await, listed(&world, "clerk2").await), (0, 1));
    world.settle().await;
    assert!(matches!(world.hall.view(&world.me("clerk"), filed.report).await, Err(Error::NotFound)));
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_in_a_later_message_hides_it_from_then_on(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    assert_eq!(listed(&world, "clerk").await, 1);
    let her = world.hall.present(&filed.code).await.unwrap();
    world.hall.add(&her, Addition::Message("补充一点：收件的林晓舟是蒋立诚的表妹。".into())).await.unwrap();
    assert_eq!((listed(&world, "clerk").await, listed(&world, "clerk2").await), (0, 1));
    let open = world.hall.view(&world.me("clerk2"), filed.report).await.unwrap();
    let added: Vec<_> = open.events.iter().filter(|e| matches!(e.recorded.event, Event::Recused { .. })).collect();
    assert_eq!(added.len(), 1);
    assert_eq!(added[0].recorded.at, None, "the time of the reporter's message stands nowhere");
    world.settle().await;
    let query = office::desk::Query { words: "道路改造".into(), ..Default::default() };
    assert_eq!(world.hall.search(&world.me("clerk"), &query).await.unwrap().total, 0, "the index follows");
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_joins_the_staff_never_reads_what_names_her(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let about = world.file(JW, TEXT, vec![subject("穆清和", "澜东县住建局", "副局长")], None).await;
    let naming = world.file(JW, "穆清和替施工队说情，质检报告是假的，村里人都知道。", stranger(), None).await;
    let other = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    let mut directory: Directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
    let mut joins = directory.staff[1].clone();
    (joins.id, joins.user, joins.name) = (world_staff("clerk3"), "clerk3".into(), "穆清和".into());
    directory.staff.push(joins);
    world.hall.set_directory(directory).await.unwrap();
    // At once, before the register was gone through.
    for report in [about.report, naming.report] {
        assert!(matches!(world.hall.view(&world.me("clerk3"), report).await, Err(Error::NotFound)));
    }
    assert!(world.hall.view(&world.me("clerk3"), other.report).await.is_ok());
    let page = world.hall.list(&world.me("clerk3"), "register", &Filter::default(), NEWEST, 0, 100).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.row.report).collect::<Vec<_>>(), [other.report]);
    assert_eq!(page.total, store::Total::Exactly(1), "nor does a count tell");
    // And for good, in every list.
    world.settle().await;
    assert_eq!((listed(&world, "clerk3").await, listed(&world, "clerk2").await), (1, 3));
    assert_eq!(world.hall.counts(&world.me("clerk3")).await.unwrap().open.at_least(), 1);
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_is_kept_away_by_hand_with_a_reason() {
    let world = World::new(Engine::Sqlite).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    assert_eq!(world.refused("clerk", filed.report, keep_away("clerk2", "")).await.slug(), "recuse-reason");
    world.act("clerk", filed.report, keep_away("clerk2", "与被反映人系同乡，本人申请回避。")).await;
    assert_eq!((listed(&world, "clerk").await, listed(&world, "clerk2").await), (1, 0));
    let again = world.refused("clerk", filed.report, keep_away("clerk2", "再次登记")).await;
    assert!(matches!(again, Error::Refused(_)), "{again:?}");
    world.act("clerk", filed.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("clerk", filed.report, keep_away("handler", "曾在该县住建局任职。")).await;
    world.act("clerk", filed.report, Act::with_text(Command::Present { to: Role::Leader }, "拟移送")).await;
    world
        .act(
            "leader",
            filed.report,
            Act::with_text(Command::Instruct { due: None, verdict: domain::report::Confirmed::Yes }, "同意"),
        )
        .await;
    world.act("clerk", filed.report, dispatch("jj1")).await;
    assert!(matches!(world.hall.view(&world.me("handler"), filed.report).await, Err(Error::NotFound)));
    let refused = world.refused("leader2", filed.report, assign("handler")).await;
    assert_eq!(refused.slug(), "assign-recused");
    world.act("leader2", filed.report, assign("handler1")).await;
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_part_keeps_away_whoever_the_whole_keeps_away() {
    let world = World::new(Engine::Sqlite).await;
    let filed = world.file(JW, NAMING, stranger(), None).await;
    let part = |text: &str| Part { title: String::new(), text: text.into(), subjects: stranger(), division: None };
    let parts = vec![part("修路的钱不见了。"), part("窗口不给登记。")];
    let done = world.hall.split(&world.me("clerk2"), filed.report, parts, None).await.unwrap();
    for part in done {
        assert!(matches!(world.hall.view(&world.me("clerk"), part.report).await, Err(Error::NotFound)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_figure_of_the_cockpit_tells_of_a_hidden_report() {
    let world = World::new(Engine::Sqlite).await;
    let period = Period { from: TODAY.first_of_month(), until: TODAY.last_of_month() };
    world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    let figures =
        async |user: &str| format!("{:?}", world.hall.cockpit(&world.me(user), period).await.unwrap().figures);
    let (head, chief) = (figures("head").await, figures("chief").await);
    let hidden = world.file(JW, "贺知秋压着件不办，已经三个月。", stranger(), None).await;
    world.settle().await;
    world.act("clerk", hidden.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    assert_eq!(figures("head").await, head, "what names her changes nothing she sees");
    assert_ne!(figures("chief").await, chief, "and is counted for the others");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_code_survives_a_lost_answer(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let her = hall.present(&filed.code).await.unwrap();
    let form = hall.once();
    let fresh = hall.replace_code(&her, &filed.code, form.as_bytes()).await.unwrap();
    // The answer never arrived; the same form is sent again.
    let (again, code) = hall.replaced(&filed.code, form.as_bytes()).await.unwrap();
    assert_eq!((again.tenant, &code), (tenant(JW), &fresh));
    assert!(hall.present(&fresh).await.is_ok());
    // Whoever has only the old code gets nothing, with whatever form of his own.
    assert!(matches!(hall.present(&filed.code).await, Err(Error::NotFound)));
    assert!(matches!(hall.replaced(&filed.code, hall.once().as_bytes()).await, Err(Error::NotFound)));
    assert!(hall.replaced(&filed.code, b"").await.is_err());
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_names_everybody_is_not_buried() {
    let world = World::new(Engine::Sqlite).await;
    // A township's clerk sees what his office holds: nobody is left because of him.
    let mut directory: Directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
    let mut office = directory.offices[0].clone();
    (office.id, office.name, office.kind) = (OfficeId("liuyan".into()), "柳堰镇纪委".into(), OfficeKind::Township);
    let mut townsman = directory.user("clerk2").unwrap().clone();
    (townsman.id, townsman.user) = (StaffId("liuyan1".into()), "liuyan1".into());
    (townsman.name, townsman.office) = ("戴长庚".into(), office.id.clone());
    directory.offices.push(office);
    directory.staff.push(townsman);
    world.hall.set_directory(directory).await.unwrap();
    world.settle().await;
    let everybody = "我找过林晓舟、余安禾、贺知秋、秦远山、温如岳，书记顾长风也知道，谁都不管。";
    let filed = world.file(JW, everybody, stranger(), None).await;
    world.settle().await;
    for user in ["clerk", "clerk2", "head", "leader", "leader2"] {
        assert!(matches!(world.hall.view(&world.me(user), filed.report).await, Err(Error::NotFound)), "{user}");
    }
    assert!(world.hall.view(&world.me("chief"), filed.report).await.is_ok(), "somebody can open it");
    assert_eq!(listed(&world, "chief").await, 1);
    // It is on his desk, and nobody below could take it further: he does.
    let todo = world.hall.ledger(&world.me("chief"), Ledger::Todo, &Ask::of(Ledger::Todo)).await.unwrap();
    assert_eq!(todo.rows.iter().map(|row| row.row.report).collect::<Vec<_>>(), [filed.report]);
    world.act("chief", filed.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("chief", filed.report, dispatch("jj1")).await;
    let other = world.file(JW, TEXT, stranger(), None).await;
    let accept = Act::plain(Command::Accept { kind: Kind::Accusation });
    assert!(
        matches!(world.refused("chief", other.report, accept).await, Error::Forbidden(_)),
        "else it is the clerks'"
    );
    // Nor can the last one be kept away by hand.
    for who in ["clerk2", "head", "leader", "leader2", "chief"] {
        world.act("clerk", other.report, keep_away(who, "本人申请回避。")).await;
    }
    assert_eq!(world.refused("clerk", other.report, keep_away("clerk", "本人申请回避。")).await.slug(), "recuse-last");
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_main_leader_never_reads_what_is_about_him() {
    let world = World::new(Engine::Sqlite).await;
    let filed = world.file(JW, TEXT, vec![subject("穆清和", "澜东县住建局", "副局长")], None).await;
    world.settle().await;
    let mut directory: Directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
    let chief = directory.staff.iter_mut().find(|s| s.user == "chief").unwrap();
    chief.name = "穆清和".into();
    world.hall.set_directory(directory).await.unwrap();
    for _ in 0..2 {
        // At once, and after the register was gone through: everybody answers to him, somebody must read it.
        for user in ["chief", "head", "clerk", "clerk2"] {
            let seen = world.hall.view(&world.me(user), filed.report).await;
            assert!(matches!(seen, Err(Error::NotFound)), "{user}");
        }
        assert!(world.hall.view(&world.me("leader"), filed.report).await.is_ok());
        world.settle().await;
    }
    world.sound().await;
}

fn corrected(narrative: domain::content::Narrative) -> Act {
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
async fn a_corrected_text_that_names_everybody_is_not_buried(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    // Nobody follows the secretary and the leaders yet.
    let mut directory: Directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
    for person in directory.staff.iter_mut().filter(|p| matches!(p.roles[..], [Role::Chief | Role::Leader])) {
        (person.roles, person.ended_on) = (Vec::new(), Some(TODAY));
    }
    directory.offices.iter_mut().for_each(|office| office.leader = None);
    world.hall.set_directory(directory).await.unwrap();
    world.settle().await;
    let mut narrative = world.hall.view(&world.me("clerk"), filed.report).await.unwrap().narrative;
    narrative.text = "我找过林晓舟、余安禾、贺知秋，谁都不管。".into();
    world.act("clerk", filed.report, corrected(narrative)).await;
    for _ in 0..2 {
        for user in ["clerk", "clerk2"] {
            let seen = world.hall.view(&world.me(user), filed.report).await;
            assert!(matches!(seen, Err(Error::NotFound)), "{user}");
        }
        let seen = world.hall.view(&world.me("head"), filed.report).await.unwrap();
        assert_eq!(seen.state.recused.len(), 2, "the head goes on seeing it");
        // Nor does looking at all of them again bury it.
        let directory: Directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
        world.hall.set_directory(directory).await.unwrap();
        world.settle().await;
    }
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_about_him_to_whom_all_the_others_answer_is_read_by_the_highest_of_them() {
    let world = World::new(Engine::Sqlite).await;
    // This bureau has no main leader: its leader has every office in his charge.
    let filed = world.file(XF, TEXT, vec![subject("孟见山", "", "")], None).await;
    world.settle().await;
    for user in ["xf-leader", "xf-clerk", "xf-handler"] {
        let seen = world.hall.view(&world.me(user), filed.report).await;
        assert!(matches!(seen, Err(Error::NotFound)), "{user}");
    }
    assert!(world.hall.view(&world.me("xf-head"), filed.report).await.is_ok());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_pass_waits_however_often_the_directory_changes_and_whoever_files_comes_first(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let waiting = async || world.hall.jobs_waiting(&tenant(JW)).await.unwrap();
    let judged = async |report| world.hall.view(&world.me("clerk2"), report).await.unwrap().suggestions.is_some();
    for _ in 0..55 {
        world.file(JW, NAMING, stranger(), None).await;
    }
    world.settle().await;
    let join = async |id: &str, name: &str| {
        let mut directory: Directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
        let mut joins = directory.staff[1].clone();
        (joins.id, joins.user, joins.name) = (world_staff(id), id.into(), name.into());
        directory.staff.push(joins);
        world.hall.set_directory(directory).await.unwrap();
    };
    for id in ["joins1", "joins2", "joins3"] {
        join(id, "穆清和").await;
    }
    assert_eq!(waiting().await, 1, "one pass");
    let naming = world.file(JW, "穆清和替施工队说情，质检报告是假的，村里人都知道。", stranger(), None).await;
    assert!(world.hall.work(&tenant(JW)).await.unwrap() > 0);
    assert!(judged(naming.report).await, "before the pass is over");
    assert_eq!(waiting().await, 1, "which has come to the fiftieth and waits again");
    // It begins anew with the next change: whoever joins now is looked for in all of them.
    join("joins4", "村支书").await;
    assert_eq!(waiting().await, 1, "still one");
    world.settle().await;
    assert_eq!(listed(&world, "joins4").await, 1, "of all that is here one does not name him");
    assert_eq!(listed(&world, "joins1").await, 55);
    world.sound().await;
}
