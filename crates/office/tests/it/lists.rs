//! The lists of the desk: each holds what it says, sealed conditions find what she may see, a view is
//! its owner's, and sealed columns leave the house for a purpose only.

use domain::content::{Allegation, Narrative};
use domain::report::{Command, NewFacts};
use domain::words::*;
use office::Error;
use office::audit::Deed;
use office::desk::{Ask, Bit, Column, Ledger, Me, Sealed, View, cell};
use office::export::{Table, Take};
use office::intake::NewReport;
use office::report::Act;
use rstest::rstest;
use store::{Filter, Order, Sort, SortBy, Total};

use crate::hiding::holds;
use crate::world::*;

async fn shown(world: &World, me: &Me, ledger: Ledger, ask: &Ask) -> Vec<u32> {
    let page = world.hall.ledger(me, ledger, ask).await.unwrap();
    assert_eq!(page.total, Total::Exactly(page.rows.len() as u64));
    assert_eq!(page.sums.map(|s| s.all), Some(page.rows.len() as u64), "the last line counts what is above it");
    page.rows.iter().map(|r| r.row.number.serial).collect()
}

fn oldest(ledger: Ledger) -> Ask {
    Ask { sort: Sort { by: SortBy::Number, order: Order::Ascending }, ..Ask::of(ledger) }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_list_holds_what_its_name_says(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let clerk = world.me("clerk2");
    let first = world.file(JW, TEXT, stranger(), None).await;
    let named = world.file(JW, TEXT, stranger(), signed()).await;
    let back = world.file(JW, TEXT, stranger(), None).await;
    world.act("clerk2", named.report, Act::plain(Command::Link { to: first.report, new_facts: NewFacts::None })).await;
    world.act("clerk2", back.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("clerk2", back.report, Act::plain(Command::Present { to: Role::Leader })).await;
    let yes = Command::Instruct { due: None, verdict: domain::report::Confirmed::Yes };
    world.act("leader", back.report, Act::plain(yes)).await;
    world.act("clerk2", back.report, dispatch("jj1")).await;
    let list = async |ledger| shown(&world, &clerk, ledger, &oldest(ledger)).await;
    assert_eq!(list(Ledger::Todo).await, [1, 2], "the third lies on another desk");
    assert_eq!(list(Ledger::Register).await, [1, 2, 3]);
    assert_eq!(list(Ledger::Named).await, [2]);
    assert_eq!(list(Ledger::Repeated).await, [2]);
    for empty in [Ledger::Done, Ledger::Overdue, Ledger::Assigned, Ledger::Visits, Ledger::Calls] {
        assert!(list(empty).await.is_empty(), "{empty:?}");
    }
    // A repeat says which one it is; who may not see the first one is not told.
    let page = world.hall.ledger(&clerk, Ledger::Repeated, &oldest(Ledger::Repeated)).await.unwrap();
    let series = page.rows[0].series.clone().unwrap();
    assert_eq!((series.first_number, series.times, series.nth), (first.number.to_string(), 2, 2));
    assert_eq!(page.rows[0].new_facts, Some(false));
    // Returned, it is counted and found as such until it is sent on.
    let returned = Ask { filter: Filter { returned: true, ..Filter::default() }, ..oldest(Ledger::Todo) };
    assert!(shown(&world, &clerk, Ledger::Todo, &returned).await.is_empty());
    world.act("leader2", back.report, assign("handler")).await;
    world.act("handler", back.report, Act::plain(Command::Return { ground: ReturnGround::Incomplete })).await;
    assert_eq!(shown(&world, &clerk, Ledger::Todo, &returned).await, [3]);
    assert_eq!(world.hall.counts(&clerk).await.unwrap().returned.at_least(), 1);
    world.act("clerk2", back.report, dispatch("jj1")).await;
    assert!(shown(&world, &clerk, Ledger::Todo, &returned).await.is_empty());
    // A page past the end is the last one, not an empty one.
    let far = Ask { page: 400, ..oldest(Ledger::Register) };
    let page = world.hall.ledger(&clerk, Ledger::Register, &far).await.unwrap();
    assert_eq!((page.page, page.rows.len()), (0, 3));
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_conditions_find_only_what_she_may_see() {
    let world = World::new(Engine::Sqlite).await;
    let hall = &world.hall;
    let hers = world.file(JW, TEXT, vec![subject("林晓舟", "澜东县水利局", "副局长")], None).await;
    let other = world.file(JW, "某镇农技站虚报化肥补贴。", vec![subject("孔某某", "柳河镇农技站", "")], None).await;
    let open = hall.view(&world.me("clerk2"), other.report).await.unwrap();
    let judged = Narrative {
        allegations: vec![Allegation { id: 1, subject: Some(0), problem: Some("79".into()), summary: "补贴".into() }],
        ..open.narrative.clone()
    };
    let correct = Command::Correct {
        channel: None,
        source: None,
        signing: None,
        urgency: None,
        allegations: Some(1),
        recused: None,
    };
    let act = Act { narrative: Some(Box::new(judged)), ..Act::plain(correct) };
    world.act("clerk2", other.report, act).await;
    world.settle().await;
    let find = async |user: &str, sealed: Sealed| {
        let ask = Ask { sealed, ..oldest(Ledger::Register) };
        shown(&world, &world.me(user), Ledger::Register, &ask).await
    };
    let by = |field: fn(&mut Sealed)| {
        let mut sealed = Sealed::default();
        field(&mut sealed);
        sealed
    };
    assert_eq!(find("clerk2", by(|s| s.subject = "林晓舟".into())).await, [1]);
    assert_eq!(find("clerk2", by(|s| s.subject = " 林　晓 舟".into())).await, [1], "however it is spaced");
    assert!(find("clerk2", by(|s| s.subject = "林晓".into())).await.is_empty(), "a part of a name is another name");
    assert!(
        find("clerk", by(|s| s.subject = "林晓舟".into())).await.is_empty(),
        "a report that names her is not there"
    );
    assert!(find("clerk", by(|s| s.words = "道路改造".into())).await.is_empty());
    assert_eq!(find("clerk2", by(|s| s.unit = "柳河镇农技站".into())).await, [2]);
    assert_eq!(find("clerk2", by(|s| s.words = "化肥补贴".into())).await, [2]);
    // A class is found by itself and by its group; the column names it.
    assert_eq!(find("clerk2", by(|s| s.problem = "79".into())).await, [2]);
    let group = hall.lists(Edition::Jw).unwrap().problems.get("79").unwrap().0.code.clone();
    assert_eq!(find("clerk2", Sealed { problem: group, ..Sealed::default() }).await, [2]);
    assert!(find("clerk2", by(|s| s.problem = "80".into())).await.is_empty());
    let page = hall.ledger(&world.me("clerk2"), Ledger::Register, &oldest(Ledger::Register)).await.unwrap();
    let problem = cell(Column::Problem, &page.rows[1], 2, TODAY);
    assert!(matches!(&problem[0][0], Bit::Both(zh, _) if zh.contains("公款旅游")), "{problem:?}");
    let nowhere = Ask { sealed: by(|s| s.place = "无此地".into()), ..oldest(Ledger::Register) };
    let refused = hall.ledger(&world.me("clerk2"), Ledger::Register, &nowhere).await.unwrap_err();
    assert_eq!(refused.slug(), "place-unknown");
    // Every one of these looks is recorded, the words under the seal.
    let entries = hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    let listed: Vec<_> =
        entries.iter().filter(|e| matches!(&e.deed, Deed::Listed { list, .. } if list == "register")).collect();
    assert!(listed.len() >= 8);
    assert!(listed.iter().filter(|e| e.words.is_some()).count() >= 8, "what was asked is kept under the seal");
    let _first = hers;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sealed_columns_leave_for_a_purpose_only() {
    let world = World::new(Engine::Sqlite).await;
    let hall = &world.hall;
    let about = vec![subject("孔某某", "柳河镇农技站", "")];
    let new =
        NewReport { title: "=cmd|' /c zqjisuan'!A1".to_owned(), ..public("报账的单子对不上。", about, None) };
    let opening = hall.open_report(&tenant(JW), &new.subjects).unwrap();
    hall.receive(opening, new).await.unwrap();
    let head = world.me("head");
    let ledger = Ledger::Register;
    let refused = world.export(&head, ledger, " ").await.unwrap_err();
    assert_eq!(refused.slug(), "purpose-missing");
    let said = |bit: &Bit| match bit {
        Bit::Text(text) => text.clone(),
        _ => "x".to_owned(),
    };
    let take = Take { columns: ledger.columns(), sealed: false, purpose: String::new() };
    let plain = hall.export(&head, ledger, &Ask::of(ledger), &take, &said).await.unwrap();
    assert!(!holds(&plain, "孔某某") && !holds(&plain, "zqjisuan"), "nothing sealed leaves by default");
    let take = Take { sealed: true, purpose: "季度分析".into(), ..take };
    let whole = hall.export(&head, ledger, &Ask::of(ledger), &take, &said).await.unwrap();
    assert!(holds(&whole, "孔某某") && holds(&whole, "zqjisuan") && holds(&whole, "季度分析"));
    assert!(!holds(&whole, "<f>"), "a text that looks like a formula stays a text");
    // What looks at lists without exporting rights cannot take them along either.
    let table = || Table { name: "directory", title: "t".into(), headings: vec![("h".into(), 9.0)], rows: Vec::new() };
    assert!(matches!(hall.export_table(&world.me("handler"), table(), "").await, Err(Error::Forbidden(_))));
    assert!(hall.export_table(&world.me("auditor"), table(), "").await.is_ok());
    let entries = hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    let taken = entries.iter().filter(|e| matches!(e.deed, Deed::Exported { .. })).count();
    assert_eq!(taken, 2, "both exports of hers; the auditor does not see her own");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_saved_view_is_its_owners() {
    let world = World::new(Engine::Sqlite).await;
    let (hall, clerk) = (&world.hall, world.me("clerk"));
    let mut view = View {
        columns: vec![Column::Stage, Column::Due],
        widths: Vec::new(),
        sort: "due-asc".into(),
        size: 50,
        filter: vec![("channel".into(), "letter".into())],
    };
    // Widths are even and bounded; what is frozen beside others keeps its own.
    for (column, width) in [(Column::Due, 200), (Column::Stage, 11), (Column::Stage, 13), (Column::Number, 40)] {
        view.widen(column, width);
    }
    let set = [Column::Due, Column::Stage, Column::Number, Column::Subject].map(|c| view.width(c));
    assert_eq!(set, [Some(60), Some(14), None, None]);
    hall.save_view(&clerk, Ledger::Register, &view).await.unwrap();
    assert_eq!(hall.list_view(&clerk, Ledger::Register).await.unwrap(), view);
    // Number and position stay, whatever was chosen.
    let columns = view.columns(Ledger::Register);
    assert_eq!(columns, [Column::No, Column::Number, Column::Stage, Column::Due]);
    assert_eq!(hall.list_view(&clerk, Ledger::Todo).await.unwrap(), View::default());
    assert_eq!(hall.list_view(&world.me("clerk2"), Ledger::Register).await.unwrap(), View::default());
    hall.save_view(&clerk, Ledger::Register, &View::default()).await.unwrap();
    assert_eq!(hall.list_view(&clerk, Ledger::Register).await.unwrap(), View::default());
}

/// 径送 found half-way: it stands in the lists of whoever may see it, and in no figure. `fsck` counts what
/// is open from the reports' own states.
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sealed_upward_half_way_is_in_no_figure(#[case] engine: Engine) {
    let world = World::new(engine).await;
    for _ in 0..2 {
        world.file(JW, TEXT, stranger(), signed()).await;
    }
    let up = world.file(JW, TEXT, stranger(), signed()).await.report;
    world.settle().await;
    world.act("clerk", up, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    let to = domain::report::Holder::Organ { tenant: tenant(ABOVE) };
    let seal = Command::Dispatch { way: DispatchWay::DirectSeal, to, watcher: None, ground: None, due: None };
    world.act("clerk", up, Act::plain(seal)).await;
    world.sound().await;
    // So late that every clock there is has run out.
    world.on(jiff::civil::date(2027, 3, 2));
    world.sound().await;
    let period = domain::indicators::Period { from: TODAY, until: jiff::civil::date(2027, 3, 2) };
    let seen = world.hall.cockpit(&world.me("chief"), period).await.unwrap();
    let open = seen.figures.iter().find(|figure| figure.number == 47).unwrap();
    assert_eq!(open.value, domain::indicators::Cell::Number(2.0));
}
