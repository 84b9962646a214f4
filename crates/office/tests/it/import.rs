//! Tables of other systems come in row by row; what is wrong with a row is said without saying
//! what stands in it.

use std::sync::Arc;

use domain::ids::ReportId;
use domain::words::Signing;
use office::audit::Deed;
use office::import::{Imported, Taking};
use papers::rows::{Format, Input, Mapping, Options, Rows, open};
use rstest::rstest;
use store::{Filter, Order, Sort, SortBy};

use crate::world::*;

/// A table at hand, opened as `dengwen import` opens a file.
pub fn rows(world: &World, name: &str, bytes: Vec<u8>) -> Rows {
    let organ = world.hall.organ(&tenant(JW)).unwrap();
    let lookup = move |words: &str| organ.division(words);
    let options = Options { mapping: Mapping::default(), division: Some(Box::new(lookup)), zone: zone() };
    open(Input::Bytes { name: name.into(), bytes: Arc::from(bytes) }, Format::Guess, options).unwrap()
}

pub async fn import(world: &World, source: &str, rows: Rows) -> Imported {
    world.hall.import(&tenant(JW), source, rows, &mut |_| Ok(()), &mut |_| {}).await.unwrap()
}

/// Comma separated, in the letters a Chinese spreadsheet program saves.
pub fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GB18030.encode(text).0.into_owned()
}

const TABLE: &str = "编号,主题,留言时间,属地,反映内容,被反映人\n\
    1,路灯,2026-02-11 09:30,澜东县,城南小区路灯坏了三个月没有人修。,\n\
    2,缺内容,2026-02-12,,,\n\
    3,日子不对,2026-02-30,,二月三十日发生的事情。,\n\
    4,地方不对,2026-02-12,没有这个县,有人占道经营。,\n\
    5,公式,2026-02-12,,\"=HYPERLINK(\"\"http://x\"\",\"\"密语甲\"\")\",\n\
    6,路灯,2026-02-13,澜东县,城南小区路灯坏了三个月没有人修。,林晓舟\n\
    7,书记,2026-02-13,澜东县,市纪委有人收钱办事。,顾长风\n";

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_is_recorded_when_it_begins_and_when_it_ends(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let (hall, clerk) = (&world.hall, world.me("clerk"));
    let take = async || hall.import_table(&clerk, "城市留言", "留言.csv", gbk(TABLE), Taking::Import).await;
    // The database takes no more rows for a while.
    let (stop, go_on) = match engine {
        Engine::Sqlite => (
            "CREATE TRIGGER stop BEFORE INSERT ON import_rows BEGIN SELECT RAISE(ABORT, 'stop'); END",
            "DROP TRIGGER stop",
        ),
        Engine::Postgres => (
            "ALTER TABLE import_rows ADD CONSTRAINT stop CHECK (false) NOT VALID",
            "ALTER TABLE import_rows DROP CONSTRAINT stop",
        ),
    };
    world.raw(stop).await;
    assert!(take().await.is_err());
    world.raw(go_on).await;
    assert_eq!(take().await.unwrap().rows.added, 3);
    assert_eq!(take().await.unwrap().rows.known, 3);
    let mut entries = hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    entries.retain(|entry| entry.staff == clerk.staff);
    entries.reverse();
    let deeds: Vec<Deed> = entries.iter().map(|entry| entry.deed.clone()).collect();
    let ended = |reports, known| Deed::Imported { reports, known, refused: 4 };
    // Looked at, and not one of them taken.
    let broken = Deed::ImportBroken { rows: 3 };
    assert_eq!(deeds, [Deed::ImportBegun, broken, Deed::ImportBegun, ended(3, 0), Deed::ImportBegun, ended(0, 3)]);
    assert!(entries[0].words.is_some(), "of which source, under the seal");
    world.sound().await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn good_rows_go_in_and_bad_ones_are_listed_without_their_words(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let huge = format!("{TABLE}8,太长,2026-02-14,,{},\n", "密语乙".repeat(120_000));
    let done = import(&world, "城市留言", rows(&world, "留言.csv", gbk(&huge))).await;
    assert_eq!((done.added, done.known, done.refused), (3, 0, 5), "{:?}", done.faults);
    let told: Vec<_> = done.faults.iter().map(|f| (f.line, f.column.as_str(), f.slug.as_str())).collect();
    assert_eq!(
        told,
        [
            (3, "反映内容", "missing_text"),
            (4, "留言时间", "impossible_date"),
            (5, "属地", "unknown_division"),
            (6, "反映内容", "formula_cell"),
            (9, "反映内容", "cell_too_long"),
        ]
    );
    for fault in &done.faults {
        let all = format!("{fault:?}");
        assert!(fault.zh.contains('：') && fault.zh.contains("请"), "it says what to do: {all}");
        for words in ["密语", "二月三十日", "没有这个县", "占道", "HYPERLINK", "2026-02-30"] {
            assert!(!all.contains(words), "{all}");
        }
    }
    let again = import(&world, "城市留言", rows(&world, "留言.csv", gbk(&huge))).await;
    assert_eq!((again.added, again.known, again.refused), (0, 3, 5), "run twice it adds nothing");
    let elsewhere = import(&world, "另一个来源", rows(&world, "留言.csv", gbk(TABLE))).await;
    assert_eq!((elsewhere.added, elsewhere.known), (3, 0), "the same rows from elsewhere are other rows");

    world.settle().await;
    // One of them names the clerk, one the main leader: the first hides, the other went up.
    let sort = Sort { by: SortBy::Number, order: Order::Ascending };
    let list = async |user: &str| {
        let page = world.hall.list(&world.me(user), "register", &Filter::default(), sort, 0, 50).await.unwrap();
        page.rows.iter().map(|r| (r.row.received_on.to_string(), r.narrative.title.clone())).collect::<Vec<_>>()
    };
    assert_eq!(list("clerk2").await.len(), 4);
    assert_eq!(list("clerk").await.len(), 2);
    assert_eq!(list("above-clerk").await.len(), 2);
    assert!(list("clerk2").await.contains(&("2026-02-11".to_owned(), "路灯".to_owned())));
    world.sound().await;
}

/// Nothing of a row is cut, moved to another day or dropped in silence.
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_row_is_lost_in_silence(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let (title, long) = ("题".repeat(120), "题".repeat(301));
    let text = "有人在河边倒渣土。";
    let table = format!(
        "编号,标题,留言时间,反映内容,举报人,联系电话,工作单位\n\
         1,甲,2026-02-11,{text}一,苗望春,,\n\
         2,乙,2026-02-11,{text}二,,13900000000,\n\
         3,丙,2026-02-11,{text}三,匿名,,\n\
         4,{title},2026-02-11,{text}四,,,\n\
         5,戊,2026-03-03,{text}五,,,\n\
         6,{long},2026-02-11,{text}六,,,\n\
         7,庚,2026-02-11,{},,,\n\
         8,辛,2026-02-11,{text}八,,,{long}\n\
         9,壬,2026-02-11,{text}九,{},13900000001,\n",
        "土".repeat(20_481),
        "苗".repeat(301),
    );
    let done = import(&world, "渣土", rows(&world, "a.csv", table.into())).await;
    let told: Vec<_> = done.faults.iter().map(|f| (f.line, f.column.as_str(), f.slug.as_str())).collect();
    assert_eq!(
        told,
        [
            (6, "留言时间", "future_date"),
            (7, "标题", "field_too_long"),
            (8, "反映内容", "text_too_long"),
            (9, "工作单位", "field_too_long"),
            (10, "举报人", "field_too_long"),
        ]
    );
    assert!(done.faults.iter().all(|f| f.zh.contains('请') && !f.zh.contains('题')), "{:?}", done.faults);
    assert_eq!((done.added, done.refused), (4, 5));

    world.settle().await;
    let sort = Sort { by: SortBy::Number, order: Order::Ascending };
    let page = world.hall.list(&world.me("clerk2"), "register", &Filter::default(), sort, 0, 50).await.unwrap();
    let signing: Vec<_> = page.rows.iter().map(|r| r.row.signing).collect();
    assert_eq!(signing, [Signing::NamedPending, Signing::NamedPending, Signing::Anonymous, Signing::Anonymous]);
    assert_eq!(page.rows[3].narrative.title, title, "a long title stays whole");
    // What she gave lies under the identity seal: the three holders together read it.
    assert_eq!(identity(&world, page.rows[0].row.report).await, Some(("苗望春".to_owned(), String::new())));
    assert_eq!(identity(&world, page.rows[1].row.report).await, Some((String::new(), "13900000000".to_owned())));
    assert_eq!(identity(&world, page.rows[2].row.report).await, None);
    world.sound().await;
}

/// 序号 says where a row stands: next month's table begins at 1 again. A number of the row's own is
/// its name: another content under it is told, and not taken for the same.
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_counted_row_is_no_name_and_a_name_used_twice_is_told(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let counted = |month: &str| format!("序号,反映内容\n1,{month}路灯坏了。\n2,{month}井盖丢了。\n");
    let january = import(&world, "月报", rows(&world, "a.csv", counted("一月").into())).await;
    assert_eq!((january.added, january.known), (2, 0));
    let february = import(&world, "月报", rows(&world, "a.csv", counted("二月").into())).await;
    assert_eq!((february.added, february.known, february.refused), (2, 0, 0), "{:?}", february.faults);
    let again = import(&world, "月报", rows(&world, "a.csv", counted("二月").into())).await;
    assert_eq!((again.added, again.known), (0, 2));

    let named = |text: &str| format!("信访件编号,反映内容,举报人\nA-1,{text},\nA-2,桥面塌了一块。,\n");
    let first = import(&world, "转办", rows(&world, "b.csv", named("水管漏了。").into())).await;
    assert_eq!(first.added, 2);
    let other = import(&world, "转办", rows(&world, "b.csv", named("学校门口乱停车。").into())).await;
    assert_eq!((other.added, other.known, other.refused), (0, 1, 1));
    let fault = &other.faults[0];
    assert_eq!((fault.line, fault.column.as_str(), fault.slug.as_str()), (2, "信访件编号", "same_id_other_content"));
    assert!(fault.zh.contains("请") && !fault.zh.contains("A-1"), "{}", fault.zh);
    // A name that was filled in afterwards is content too.
    let signed = "信访件编号,反映内容,举报人\nA-2,桥面塌了一块。,苗望春\n";
    assert_eq!(import(&world, "转办", rows(&world, "b.csv", signed.into())).await.refused, 1);
    // Twice in one file: the first is taken, the second told.
    let twice = "信访件编号,反映内容\nB-1,一件事情。\nB-1,另一件事情。\nB-1,一件事情。\n";
    let twice = import(&world, "转办", rows(&world, "b.csv", twice.into())).await;
    assert_eq!((twice.added, twice.known, twice.refused), (1, 1, 1), "{:?}", twice.faults);
    world.settle().await;
    world.sound().await;
}

/// Name and contact under a report's identity seal, opened by its three holders together.
async fn identity(world: &World, report: ReportId) -> Option<(String, String)> {
    crate::identity::opened(world, report).await.map(|who| (who.name, who.contact))
}

/// Rows without an id are known by where they stand and what they say.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_without_an_id_are_known_again() {
    let world = World::new(Engine::Sqlite).await;
    let table = "反映内容\n路灯坏了三个月没有人修。\n路灯坏了三个月没有人修。\n";
    let first = import(&world, "来信", rows(&world, "a.csv", table.into())).await;
    assert_eq!((first.added, first.known), (2, 0), "equal texts in different rows are different reports");
    let more = format!("{table}井盖丢了两个星期没有人管。\n");
    let second = import(&world, "来信", rows(&world, "a.csv", more.into())).await;
    assert_eq!((second.added, second.known), (1, 2));
    world.settle().await;
    world.sound().await;
}

/// Places as tables write them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_division_is_found_by_code_name_or_chain() {
    let world = World::new(Engine::Sqlite).await;
    let organ = world.hall.organ(&tenant(JW)).unwrap();
    for (written, code) in [
        ("990121", Some("990121")),
        ("澜东县", Some("990121")),
        ("澜江省望澜市澜东县", Some("990121")),
        ("湖南省长沙市岳麓区", Some("430104")),
        ("北京市朝阳区", Some("110105")),
        ("上海市上海市徐汇区", Some("310104")),
        ("湖南省长沙市没有这样的开发区", Some("4301")),
        ("朝阳区", None),
        ("没有这个县", None),
        ("海口路", None),
        ("四川省内江市隆昌县", Some("511083")),
        ("", None),
    ] {
        assert_eq!(organ.division(written).as_deref(), code, "{written}");
    }
}

/// Whatever comes, the memory for faults is bounded: the first are kept, all are counted and told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_bad_rows_the_first_are_kept_and_every_one_is_told() {
    let world = World::new(Engine::Sqlite).await;
    let bad = office::import::KEPT as u64 * 3;
    let mut table = String::from("编号,留言时间,反映内容\n0,2026-02-12,路灯坏了三个月没有人修。\n");
    for n in 1..=bad {
        table.push_str(&format!("{n},2026-02-30,路灯坏了三个月没有人修。\n"));
    }
    let mut told = Vec::new();
    let rows_of = || rows(&world, "a.csv", table.clone().into());
    let tell: office::import::Tell<'_> = &mut |fault: &office::import::Fault| {
        told.push(fault.line);
        Ok(())
    };
    let done = world.hall.import(&tenant(JW), "清单", rows_of(), tell, &mut |_| {}).await.unwrap();
    assert_eq!((done.added, done.refused, done.faults_in_all), (1, bad, bad));
    let kept: Vec<u64> = done.faults.iter().map(|f| f.line).collect();
    assert_eq!(kept, (3..3 + office::import::KEPT as u64).collect::<Vec<_>>());
    assert_eq!(told, (3..3 + bad).collect::<Vec<_>>());

    let full: office::import::Tell<'_> = &mut |_: &office::import::Fault| Err(office::Error::Io("full".to_owned()));
    let stopped = world.hall.import(&tenant(JW), "清单", rows_of(), full, &mut |_| {}).await;
    assert!(matches!(stopped, Err(office::Error::Io(_))), "a list that cannot be written ends the import");
}
