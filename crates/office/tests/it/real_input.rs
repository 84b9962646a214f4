//! The public messages, whole: as JSON lines, as a workbook and as the tables an office would have;
//! judged, with the equal ones found, and nothing wrong afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Instant;

use domain::ids::{ReportId, ReportNumber, Series, StreamKind};
use papers::sheet::{self, Cell, Column, ColumnKind, Sheet};
use serde_json::{Map, Value};
use store::Scope;

use crate::import::{gbk, import, rows};
use crate::world::*;

type Message = Map<String, Value>;

/// The rows of a public set, or nothing where it is not at hand.
fn messages(name: &str) -> Option<(Vec<u8>, Vec<Message>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messages").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: ../shared/data/messages/{name} is not here");
        return None;
    };
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Some((text.into_bytes(), rows))
}

fn word(message: &Message, key: &str) -> String {
    match &message[key] {
        Value::String(s) => s.clone(),
        other => other.to_string(),
    }
}

const HOT: [(&str, &str); 5] =
    [("留言编号", "id"), ("留言用户", "user"), ("留言主题", "title"), ("留言时间", "time"), ("留言详情", "text")];
const BOARD: [(&str, &str); 8] = [
    ("留言编号", "replyID"),
    ("留言日期", "replyDate"),
    ("标题", "title"),
    ("留言对象", "reply_object"),
    ("省份", "province"),
    ("城市", "city"),
    ("区县", "county"),
    ("留言内容", "replyContentMain"),
];

fn workbook(columns: &[(&str, &str)], messages: &[Message]) -> Vec<u8> {
    let column = |heading: &str| Column { title: heading.into(), width: 20.0, kind: ColumnKind::LongText };
    sheet::write(&Sheet {
        title: "登记簿".into(),
        columns: columns.iter().map(|(heading, _)| column(heading)).collect(),
        rows: messages.iter().map(|m| columns.iter().map(|(_, key)| Cell::Text(word(m, key))).collect()).collect(),
        watermark: Vec::new(),
        exported_at: jiff::civil::datetime(2026, 2, 12, 8, 0, 0, 0),
    })
    .unwrap()
}

fn table(columns: &[(&str, &str)], messages: &[Message]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(columns.iter().map(|(heading, _)| heading)).unwrap();
    for message in messages {
        out.write_record(columns.iter().map(|(_, key)| word(message, key))).unwrap();
    }
    gbk(&String::from_utf8(out.into_inner().unwrap()).unwrap())
}

/// A row by the set it comes from and its id there.
type Origin = (&'static str, String);

/// Which row became which report: rows go in in their order, each into the series of its year.
async fn origins(
    world: &World,
    rows: &[(Origin, String, i16)],
    texts: &BTreeMap<ReportId, String>,
) -> BTreeMap<ReportId, Origin> {
    let program = Scope::program(tenant(JW));
    let mut given: BTreeMap<i16, u32> = BTreeMap::new();
    let mut origins = BTreeMap::new();
    for (origin, text, year) in rows {
        let serial = given.entry(*year).and_modify(|n| *n += 1).or_insert(1);
        let number = ReportNumber { tenant: tenant(JW), year: *year, series: Series::Register, serial: *serial };
        let row = world.hall.store.report_by_number(&program, &number).await.unwrap().expect("every row has a report");
        assert_eq!(texts[&row.report].trim(), text.trim(), "{number} is not {origin:?}");
        origins.insert(row.report, origin.clone());
    }
    assert_eq!(origins.len(), rows.len());
    origins
}

/// What the suggestions say: the reports joined into groups of equal texts; and every report's text.
async fn equal_groups(world: &World) -> (Vec<BTreeSet<ReportId>>, BTreeMap<ReportId, String>) {
    let head = world.me("chief");
    let mut last = None;
    let mut texts = BTreeMap::new();
    let mut group: BTreeMap<ReportId, ReportId> = BTreeMap::new();
    fn root(group: &BTreeMap<ReportId, ReportId>, mut at: ReportId) -> ReportId {
        while let Some(next) = group.get(&at).filter(|next| **next != at) {
            at = *next;
        }
        at
    }
    loop {
        let streams =
            world.hall.store.streams_after(&tenant(JW), StreamKind::Report, last.as_ref(), 200).await.unwrap();
        let Some(end) = streams.last().and_then(|s| s.first()).map(|e| e.stream) else { break };
        for stream in &streams {
            let report = ReportId(stream[0].stream);
            let open = world.hall.view(&head, report).await.unwrap();
            texts.insert(report, open.narrative.text);
            for repeat in open.suggestions.expect("every report was judged").repeats.iter().filter(|r| r.equal) {
                let (a, b) = (root(&group, report), root(&group, repeat.report));
                group.insert(a.max(b), a.min(b));
                group.entry(a.min(b)).or_insert(a.min(b));
            }
        }
        last = Some(end);
    }
    let mut groups: BTreeMap<ReportId, BTreeSet<ReportId>> = BTreeMap::new();
    for report in group.keys() {
        groups.entry(root(&group, *report)).or_default().insert(*report);
    }
    (groups.into_values().collect(), texts)
}

/// All 4,826 rows as they are given, on embedded SQLite.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_public_messages_are_imported_judged_and_compared() {
    let (Some((hot, hot_rows)), Some((board, board_rows))) =
        (messages("hot_issues.jsonl"), messages("leaders_board.jsonl"))
    else {
        return;
    };
    let world = World::new(Engine::Sqlite).await;
    let begun = Instant::now();
    let first = import(&world, "热点问题", rows(&world, "hot_issues.jsonl", hot.clone())).await;
    assert_eq!((first.added, first.known, first.refused), (4_326, 0, 0), "{:?}", first.faults.first());
    let second = import(&world, "领导留言板", rows(&world, "leaders_board.jsonl", board.clone())).await;
    assert_eq!((second.added, second.known, second.refused), (500, 0, 0), "{:?}", second.faults.first());
    println!("imported in {:.1} s", begun.elapsed().as_secs_f32());
    for (source, name, bytes) in [("热点问题", "hot_issues.jsonl", hot), ("领导留言板", "leaders_board.jsonl", board)]
    {
        let again = import(&world, source, rows(&world, name, bytes)).await;
        assert_eq!((again.added, again.refused), (0, 0));
    }
    // The same rows as an office would have them, under the same source: the same rows.
    let same = import(&world, "热点问题", rows(&world, "热点.xlsx", workbook(&HOT, &hot_rows))).await;
    assert_eq!((same.added, same.known, same.refused), (0, 4_326, 0), "{:?}", same.faults.first());
    let same = import(&world, "热点问题", rows(&world, "热点.csv", table(&HOT, &hot_rows))).await;
    assert_eq!((same.added, same.known, same.refused), (0, 4_326, 0), "{:?}", same.faults.first());
    let same = import(&world, "领导留言板", rows(&world, "留言板.xlsx", workbook(&BOARD, &board_rows))).await;
    assert_eq!((same.added, same.known, same.refused), (0, 500, 0), "{:?}", same.faults.first());
    let same = import(&world, "领导留言板", rows(&world, "留言板.csv", table(&BOARD, &board_rows))).await;
    assert_eq!((same.added, same.known, same.refused), (0, 500, 0), "{:?}", same.faults.first());

    let begun = Instant::now();
    world.settle().await;
    println!("judged in {:.1} s", begun.elapsed().as_secs_f32());
    let begun = Instant::now();
    let year = |m: &Message, key| word(m, key)[..4].parse::<i16>().unwrap();
    let of_hot = |m: &Message| (("hot", word(m, "id")), word(m, "text"), year(m, "time"));
    let of_board = |m: &Message| (("board", word(m, "replyID")), word(m, "replyContentMain"), year(m, "replyDate"));
    let all: Vec<_> = hot_rows.iter().map(of_hot).chain(board_rows.iter().map(of_board)).collect();
    let texts: Vec<&str> = all.iter().map(|(_, text, _)| text.as_str()).collect();
    assert_eq!(triage::group_equal(&texts[..4_326]).len(), 108, "the set is the one the count was made on");
    let wanted: BTreeSet<BTreeSet<Origin>> = triage::group_equal(&texts)
        .into_iter()
        .map(|group| group.into_iter().map(|at| all[at].0.clone()).collect())
        .collect();
    let (groups, narratives) = equal_groups(&world).await;
    let origins = origins(&world, &all, &narratives).await;
    let found: BTreeSet<BTreeSet<Origin>> =
        groups.into_iter().map(|group| group.into_iter().map(|report| origins[&report].clone()).collect()).collect();
    assert!(wanted.len() >= 108);
    assert_eq!(found, wanted, "the very rows, not only as many");
    println!("{} groups of equal texts read back in {:.1} s", found.len(), begun.elapsed().as_secs_f32());
    let begun = Instant::now();
    let checked = world.sound().await;
    assert!(checked.envelopes >= 2 * 4_826, "{checked:?}");
    println!("checked in {:.1} s", begun.elapsed().as_secs_f32());
}

/// A slice of them through every format, on PostgreSQL.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slice_goes_through_postgres_in_every_format() {
    let Some((_, all)) = messages("hot_issues.jsonl") else { return };
    let world = World::new(Engine::Postgres).await;
    let some = &all[..200];
    let lines = some.iter().map(|m| format!("{}\n", serde_json::to_string(m).unwrap())).collect::<String>();
    for (name, bytes) in
        [("a.xlsx", workbook(&HOT, some)), ("a.csv", table(&HOT, some)), ("a.jsonl", lines.into_bytes())]
    {
        let done = import(&world, name, rows(&world, name, bytes)).await;
        assert_eq!((done.added, done.known, done.refused), (200, 0, 0), "{:?}", done.faults.first());
    }
    world.settle().await;
    // Every row came three times, from three sources: three reports that are told to be alike.
    let (groups, _) = equal_groups(&world).await;
    assert_eq!(groups.iter().map(BTreeSet::len).sum::<usize>(), 600);
    assert!(groups.iter().all(|g| g.len() % 3 == 0));
    world.sound().await;
}
