//! The public messages, as they are and as the tables an office would have.

use std::path::PathBuf;
use std::sync::Arc;

use papers::rows::*;
use papers::sheet::{self, Cell, Column, ColumnKind, Sheet};
use serde_json::{Map, Value};

/// The rows of a public set, or nothing where it is not at hand.
fn messages(name: &str) -> Option<(PathBuf, Vec<Map<String, Value>>)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/messages").join(name);
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: ../shared/data/messages/{name} is not here");
        return None;
    };
    let rows = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    Some((path, rows))
}

fn read(input: Input, format: Format) -> Vec<Row> {
    let options = Options { mapping: Mapping::default(), division: None, zone: jiff::tz::TimeZone::UTC };
    let rows = open(input, format, options).unwrap_or_else(|e| panic!("{e}"));
    rows.map(|row| row.unwrap_or_else(|faults| panic!("{faults:?}"))).collect()
}

fn as_bytes(name: &str, bytes: Vec<u8>) -> Input {
    Input::Bytes { name: name.into(), bytes: Arc::from(bytes) }
}

/// Every row with its text, whatever the format; times are equal too.
fn check(set: &str, columns: &[(&str, &str)], text_key: &str, id_key: &str, count: usize) {
    let Some((path, messages)) = messages(set) else { return };
    let word = |message: &Map<String, Value>, key: &str| match &message[key] {
        Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    let expected: Vec<(String, String)> = messages
        .iter()
        .map(|m| (word(m, id_key), word(m, text_key).replace("\r\n", "\n").replace('\r', "\n")))
        .collect();
    assert_eq!(expected.len(), count);

    let plain = read(Input::File(path), Format::Guess);
    let of = |rows: &[Row]| -> Vec<(String, String)> {
        rows.iter().map(|r| (r.id.clone().unwrap(), r.text.clone())).collect()
    };
    assert!(of(&plain) == expected, "jsonl differs");
    assert!(plain.iter().all(|r| r.time.is_some() && r.title.is_some()));

    let table = Sheet {
        title: "登记簿".into(),
        columns: columns
            .iter()
            .map(|(heading, _)| Column { title: (*heading).into(), width: 20.0, kind: ColumnKind::LongText })
            .collect(),
        rows: messages.iter().map(|m| columns.iter().map(|(_, key)| Cell::Text(word(m, key))).collect()).collect(),
        watermark: Vec::new(),
        exported_at: jiff::civil::datetime(2026, 2, 12, 8, 0, 0, 0),
    };
    let times: Vec<_> = plain.iter().map(|r| r.time).collect();
    let xlsx = read(as_bytes("a.xlsx", sheet::write(&table).unwrap()), Format::Guess);
    assert!(of(&xlsx) == expected, "xlsx differs");
    assert!(xlsx.iter().map(|r| r.time).eq(times.iter().copied()));

    // As a spreadsheet program saves it: without the lines our own export adds.
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(columns.iter().map(|(heading, _)| heading)).unwrap();
    for message in &messages {
        csv.write_record(columns.iter().map(|(_, key)| word(message, key))).unwrap();
    }
    let utf8 = csv.into_inner().unwrap();
    let (gb18030, _, _) = encoding_rs::GB18030.encode(std::str::from_utf8(&utf8).unwrap());
    for (encoding, content) in [("UTF-8", utf8.clone()), ("GB18030", gb18030.into_owned())] {
        let rows = read(as_bytes("a.csv", content), Format::Guess);
        assert!(of(&rows) == expected, "csv in {encoding} differs");
        assert!(rows.iter().map(|r| r.time).eq(times.iter().copied()), "{encoding}");
    }
}

#[test]
fn messages_of_the_city_board() {
    let columns = [
        ("留言编号", "id"),
        ("留言用户", "user"),
        ("留言主题", "title"),
        ("留言时间", "time"),
        ("留言详情", "text"),
        ("反对数", "against"),
        ("点赞数", "for"),
    ];
    check("hot_issues.jsonl", &columns, "text", "id", 4_326);
}

#[test]
fn messages_to_leaders() {
    let columns = [
        ("留言编号", "replyID"),
        ("留言日期", "replyDate"),
        ("标题", "title"),
        ("留言对象", "reply_object"),
        ("省份", "province"),
        ("城市", "city"),
        ("区县", "county"),
        ("留言内容", "replyContentMain"),
        ("答复时间", "handleTime"),
        ("答复意见", "handleContent"),
    ];
    check("leaders_board.jsonl", &columns, "replyContentMain", "replyID", 500);
    let Some((path, _)) = messages("leaders_board.jsonl") else { return };
    let rows = read(Input::File(path), Format::Guess);
    let province = |d: &str| ["省", "自治区", "市"].iter().any(|p| d.contains(p));
    assert!(rows.iter().all(|r| r.division.as_deref().is_some_and(province)));
    assert!(rows.iter().all(|r| r.subjects.len() == 1 && r.subjects[0].unit.is_some()));
    assert!(rows.iter().filter(|r| r.reply.is_some()).count() > 400);
    assert!(rows.iter().all(|r| r.name.is_none()), "masked account names are not reporters' names");
}
