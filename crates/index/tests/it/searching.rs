//! Words, filters, order and pages.

use domain::words::{Channel, Kind, Rank};
use index::{Document, Index, Order, Query, Words};
use jiff::civil::date;
use tempfile::TempDir;

use crate::{all, empty, head, id, report, words};

fn filled() -> (TempDir, Index) {
    let (dir, index) = empty();
    let documents = [
        Document {
            subjects: vec!["王 小明".into(), "赵六".into()],
            units: vec!["某某市住房和城乡建设局".into()],
            posts: vec!["副局长".into()],
            ranks: vec![Rank::County],
            categories: vec!["bribery".into(), "integrity".into()],
            places: vec!["990101".into(), "990100".into()],
            kind: Some(Kind::Accusation),
            ..report(1, "反映 住建局 副局长 收受 礼金 礼金")
        },
        Document {
            subjects: vec!["小王".into()],
            units: vec!["某某镇人民政府".into()],
            ranks: vec![Rank::Section],
            categories: vec!["integrity".into()],
            places: vec!["990102".into(), "990100".into()],
            projects: vec!["南门大桥改造工程".into()],
            accounts: vec!["6200000000000000".into()],
            kind: Some(Kind::Accusation),
            channel: Channel::Letter,
            ..report(2, "反映 镇长 在 大桥 改造 工程 中 收受 好处 未 收 礼金")
        },
        Document {
            kind: Some(Kind::Suggestion),
            letters: vec!["某省信访局 某信转〔2026〕12号".into()],
            ..report(3, "建议 礼金 收受 标准 公开 Wifi 覆盖")
        },
    ];
    for document in &documents {
        index.put(document).expect("room on the disk");
    }
    index.commit(3).expect("room on the disk");
    (dir, index)
}

fn found(index: &Index, query: Query) -> Vec<u128> {
    let hits = index.search(&query, &head()).expect("an answer");
    assert_eq!(hits.total, hits.reports.len());
    hits.reports.iter().map(|r| u128::from_be_bytes(r.0)).collect()
}

fn all_of(words: &[&str]) -> Query {
    Query { words: Some(Words::All(words.iter().map(|w| (*w).into()).collect())), ..all() }
}

fn phrase(text: &str) -> Query {
    Query { words: Some(Words::Phrase(words(text))), ..all() }
}

#[test]
fn words_are_found_together_or_as_a_phrase() {
    let (_dir, index) = filled();
    assert_eq!(found(&index, all_of(&["收受", "礼金"])), [3, 2, 1]);
    assert_eq!(found(&index, all_of(&["收受", "大桥"])), [2]);
    assert_eq!(found(&index, phrase("收受 礼金")), [1]);
    assert_eq!(found(&index, phrase("大桥 改造 工程")), [2]);
    assert_eq!(found(&index, phrase("改造 大桥")), [0; 0]);
    assert_eq!(found(&index, phrase("礼金")), [3, 2, 1]);
    assert_eq!(found(&index, all_of(&["没有"])), [0; 0]);
    assert_eq!(found(&index, all_of(&[])), [3, 2, 1]);
    assert_eq!(found(&index, all_of(&["WIFI"])), [3]);
}

#[test]
fn a_phrase_does_not_run_from_one_text_into_the_next() {
    let (_dir, index) = empty();
    let title = [("收受", 0)];
    let text = [("礼金", 0), ("问题", 2)];
    let joined = index::Word::join([&title[..], &text[..]].map(|part| part.iter().copied()));
    index.put(&Document { words: joined, ..report(1, "") }).unwrap();
    index.commit(1).unwrap();
    assert_eq!(found(&index, phrase("收受 礼金")), [0; 0]);
    assert_eq!(found(&index, phrase("礼金 问题")), [1]);
}

#[test]
fn overlapping_words_stand_at_their_characters() {
    let (_dir, index) = empty();
    // What a segmenter for search gives for 市住建局局长: long words and the short ones inside.
    let cut = [("市", 0), ("住建", 1), ("住建局", 1), ("局长", 4)];
    index.put(&Document { words: index::Word::join([cut]), ..report(1, "") }).unwrap();
    index.commit(1).unwrap();
    assert_eq!(found(&index, phrase("住建局 局长")), [1]);
    assert_eq!(found(&index, phrase("市 住建局")), [1]);
    assert_eq!(found(&index, phrase("市 局长")), [0; 0]);
}

#[test]
fn every_filter_filters() {
    let (_dir, index) = filled();
    let cases: Vec<(Query, &[u128])> = vec![
        (Query { subject: Some("王小明".into()), ..all() }, &[1]),
        (Query { subject: Some("小".into()), ..all() }, &[2, 1]),
        (Query { subject: Some("明赵".into()), ..all() }, &[]),
        (Query { unit: Some("城乡建设".into()), ..all() }, &[1]),
        (Query { post: Some("局长".into()), ..all() }, &[1]),
        (Query { project: Some("大桥".into()), ..all() }, &[2]),
        (Query { account: Some("6200000000000000".into()), ..all() }, &[2]),
        (Query { letter: Some("〔2026〕12".into()), ..all() }, &[3]),
        (Query { letter: Some("〔2025〕12".into()), ..all() }, &[]),
        (Query { account: Some("620000000000000".into()), ..all() }, &[]),
        (Query { categories: vec!["integrity".into()], ..all() }, &[2, 1]),
        (Query { categories: vec!["bribery".into(), "none".into()], ..all() }, &[1]),
        (Query { ranks: vec![Rank::County, Rank::Section], ..all() }, &[2, 1]),
        (Query { places: vec!["990102".into()], ..all() }, &[2]),
        (Query { places: vec!["990100".into()], ..all() }, &[2, 1]),
        (Query { kinds: vec![Kind::Suggestion], ..all() }, &[3]),
        (Query { channels: vec![Channel::Letter], ..all() }, &[2]),
        (Query { from: Some(date(2026, 11, 12)), ..all() }, &[3, 2]),
        (Query { until: Some(date(2026, 11, 12)), ..all() }, &[2, 1]),
        (Query { from: Some(date(2026, 11, 12)), until: Some(date(2026, 11, 12)), ..all() }, &[2]),
        (Query { kinds: vec![Kind::Accusation], unit: Some("镇".into()), ..all_of(&["礼金"]) }, &[2]),
        (Query { subject: Some("  ".into()), ..all() }, &[3, 2, 1]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&index, query.clone()), expected, "{query:?}");
    }
}

#[test]
fn hits_come_in_order_and_by_pages_with_the_full_count() {
    let (_dir, index) = filled();
    let best = Query { order: Order::Relevance, ..all_of(&["礼金"]) };
    assert_eq!(found(&index, best)[0], 1, "two of few words");
    let page = |offset, limit| {
        let hits = index.search(&Query { offset, limit, ..Query::default() }, &head()).unwrap();
        assert_eq!(hits.total, 3);
        hits.reports
    };
    assert_eq!(page(0, 2), [id(3), id(2)]);
    assert_eq!(page(2, 2), [id(1)]);
    assert!(page(4, 2).is_empty());
    assert!(page(0, 0).is_empty());
}

#[test]
fn reports_of_one_day_come_by_their_serial() {
    let (_dir, index) = empty();
    for serial in [2u32, 3, 1] {
        let document = Document { serial, day: date(2026, 1, 5), ..report(u128::from(serial), "字") };
        index.put(&document).unwrap();
        index.commit(1).unwrap();
    }
    assert_eq!(found(&index, all()), [3, 2, 1]);
}

#[test]
fn a_whole_name_finds_its_bearer_however_it_is_spaced_and_nobody_else() {
    let (_dir, index) = empty();
    for (n, name) in [(1, "王 小明"), (2, "王小明明"), (3, "小明"), (4, "ＬＩＵ　Ｙｉ"), (5, "阿卜杜•买买提")]
    {
        index.put(&Document { subjects: vec!["某某".into(), name.into()], ..report(n, "") }).unwrap();
    }
    index.commit(1).unwrap();
    let named = |name: &str| found(&index, Query { named: Some(name.into()), ..all() });
    assert_eq!(named("王小明"), [1]);
    assert_eq!(named(" 王\u{3000}小 明"), [1]);
    assert_eq!(named("小明"), [3], "a part of a name is not the name");
    assert_eq!(named("liu yi"), [4]);
    assert_eq!(named("阿卜杜·买买提"), [5]);
    assert_eq!(named("王"), [0; 0]);
    assert_eq!(named("某某"), [5, 4, 3, 2, 1]);
    assert_eq!(named("　"), [5, 4, 3, 2, 1], "nothing asked");
}
