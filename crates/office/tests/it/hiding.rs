//! 回避: a report about a member of staff does not exist for her, on any way to it; one about the
//! main leader never stands in the register he leads.

use domain::ids::ReportId;
use domain::report::{Command, NewFacts};
use domain::words::*;
use office::Error;
use office::desk::{Ledger, Me, Query};
use office::report::Act;
use rstest::rstest;
use store::{Filter, Order, Sort, SortBy};

use crate::world::*;

const NEWEST: Sort = Sort { by: SortBy::Received, order: Order::Descending };

/// Every way to a report a person has: list, count, search by words, subject and number, look-alikes,
/// view, and an export.
async fn ways(world: &World, me: &Me, report: ReportId, number: &domain::ids::ReportNumber) -> [bool; 8] {
    let hall = &world.hall;
    let page = hall.list(me, "register", &Filter::default(), NEWEST, 0, 50).await.unwrap();
    let words = |words: &str| Query { words: words.to_owned(), ..Query::default() };
    let found = async |query: Query| {
        let found = hall.search(me, &query).await.unwrap();
        assert_eq!(found.total > 0, !found.rows.is_empty(), "the count says what the rows do not");
        found.rows.iter().any(|row| row.row.report == report)
    };
    let alike = hall.look_for_repeats(me, TEXT).await.unwrap();
    let sheet = world.export(me, Ledger::Register, "测试").await.unwrap();
    [
        page.rows.iter().any(|row| row.row.report == report),
        hall.counts(me).await.unwrap().open.at_least() > 0,
        found(words("道路改造")).await,
        found(Query { subject: "林晓舟".to_owned(), ..Query::default() }).await,
        found(words(&number.to_string())).await,
        alike.iter().any(|(row, _)| row.row.report == report),
        hall.view(me, report).await.is_ok() && hall.report_numbered(me, &number.to_string()).await.unwrap().is_some(),
        holds(&sheet, &number.to_string()),
    ]
}

/// Whether a workbook says something.
pub fn holds(sheet: &[u8], words: &str) -> bool {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(sheet)).unwrap();
    (0..archive.len()).any(|i| {
        let mut text = String::new();
        let mut entry = archive.by_index(i).unwrap();
        std::io::Read::read_to_string(&mut entry, &mut text).is_ok() && text.contains(words)
    })
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_names_her_does_not_exist_for_her(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, vec![subject("林晓舟", "", ""), subject("蒋立诚", "", "")], None).await;
    world.settle().await;
    assert_eq!(ways(&world, &world.me("clerk2"), filed.report, &filed.number).await, [true; 8]);
    assert_eq!(ways(&world, &world.me("clerk"), filed.report, &filed.number).await, [false; 8]);
    let act = Act::plain(Command::Accept { kind: Kind::Accusation });
    assert!(matches!(world.refused("clerk", filed.report, act).await, Error::NotFound));

    // A report of hers to judge is told to repeat it only to those who may see both.
    let later = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    let hall = &world.hall;
    let seen = async |user: &str| {
        let open = hall.view(&world.me(user), later.report).await.unwrap();
        hall.visible_repeats(&world.me(user), &open.suggestions.unwrap().repeats).await.unwrap().len()
    };
    assert_eq!((seen("clerk2").await, seen("clerk").await), (1, 0));
    let link = |to| Act::plain(Command::Link { to, new_facts: NewFacts::None });
    assert_eq!(world.refused("clerk", later.report, link(filed.report)).await.slug(), "link-unknown");
    assert_eq!(world.refused("clerk", later.report, link(ReportId([7; 16]))).await.slug(), "link-unknown");
    assert_eq!(world.refused("clerk2", later.report, link(later.report)).await.slug(), "link-self");
    world.act("clerk2", later.report, link(filed.report)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_near_relation_hides_it_too() {
    let world = World::new(Engine::Sqlite).await;
    let filed = world.file(JW, TEXT, vec![subject("林建平", "澜东县水利局", "副局长")], None).await;
    assert!(matches!(world.hall.view(&world.me("clerk"), filed.report).await, Err(Error::NotFound)));
    assert!(world.hall.view(&world.me("clerk2"), filed.report).await.is_ok());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_about_the_main_leader_stands_with_the_superior_only(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, vec![subject("顾长风", "", "")], None).await;
    world.settle().await;
    assert_eq!(filed.tenant, tenant(ABOVE));
    assert_eq!(filed.number.tenant, tenant(ABOVE));
    let open = world.hall.view(&world.me("above-clerk"), filed.report).await.unwrap();
    assert_eq!(open.narrative.text, TEXT);
    for user in ["chief", "head", "clerk", "supervisor"] {
        let me = world.me(user);
        assert!(matches!(world.hall.view(&me, filed.report).await, Err(Error::NotFound)), "{user}");
        assert_eq!(world.hall.counts(&me).await.unwrap().open.at_least(), 0, "{user}");
    }
    let ours = world.hall.store.streams_count(&tenant(JW), domain::ids::StreamKind::Report).await.unwrap();
    assert_eq!(ours, 0, "a trace of it stands in the register he leads");
    let next = world.file(JW, TEXT, stranger(), None).await;
    assert_eq!(next.number.serial, 1, "and our series has no gap that tells of it");
    // Whoever has the code finds it, wherever it stands.
    let her = world.hall.present(&filed.code).await.unwrap();
    assert_eq!(her.tenant, tenant(ABOVE));
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_figure_of_the_day_before_leaves_out_what_is_hidden_from_somebody(#[case] engine: Engine) {
    let world = World::new(engine).await;
    world.file(JW, TEXT, stranger(), None).await;
    world.file(JW, TEXT, vec![subject("林晓舟", "", "")], None).await;
    assert_eq!(world.hall.received_previous_day(&tenant(JW)).await.unwrap(), 0, "today's is told tomorrow");
    world.on(TODAY.tomorrow().unwrap());
    assert_eq!(world.hall.received_previous_day(&tenant(JW)).await.unwrap(), 1);
}
