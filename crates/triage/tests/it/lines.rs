//! `dengwen triage`, line by line.

use serde_json::{Value, json};
use triage::{EntityKind, LineOutcome, line};

use crate::judge;

fn read(outcome: &LineOutcome) -> Value {
    assert!(!outcome.json().contains('\n'), "one line out for one line in");
    serde_json::from_str(outcome.json()).expect("a line of JSON")
}

#[test]
fn a_line_in_is_a_line_out_with_the_agreed_fields() {
    let text = "举报长沙市岳麓区某局局长王建国2024年5月收受20万元。";
    let out = read(&line(judge(), &json!({"id": "a-1", "title": "受贿", "text": text}).to_string(), 1));
    let mut keys: Vec<&str> = out.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["category", "entities", "grounds", "id", "places"]);
    assert_eq!(out["id"], "a-1");
    assert!(out["category"]["label"].is_string() && out["category"]["confidence"].is_f64());
    for alternative in out["category"]["alternatives"].as_array().expect("a list") {
        assert!(alternative["label"].is_string() && alternative["confidence"].is_f64());
    }
    let chars: Vec<char> = text.chars().collect();
    let entities = out["entities"].as_array().expect("a list");
    for e in entities {
        let (start, end) = (e["start"].as_u64().expect("start") as usize, e["end"].as_u64().expect("end") as usize);
        assert_eq!(chars[start..end].iter().collect::<String>(), e["text"].as_str().expect("text"));
        assert!(EntityKind::ALL.iter().any(|k| k.as_str() == e["type"]));
        assert_eq!(e.as_object().expect("an object").len(), 4);
    }
    assert!(entities.iter().any(|e| e["type"] == "money" && e["text"] == "20万元"));
    assert_eq!(out["places"], json!([{"code": "430104", "name": "岳麓区"}]));
    assert!(out["grounds"].as_array().is_some_and(|g| g.iter().all(|g| g["because"].is_string())));
}

#[test]
fn ids_are_echoed_as_given() {
    for id in [json!("x"), json!(7), json!(-1.5), json!("")] {
        let out = read(&line(judge(), &json!({"id": id, "text": "路灯坏了"}).to_string(), 1));
        assert_eq!(out["id"], id);
    }
}

#[test]
fn a_bad_line_keeps_its_place_and_never_quotes_the_text() {
    for (n, bad) in [
        "",
        "   ",
        "{",
        "[]",
        "null",
        "42",
        "{\"id\":1}",
        "{\"text\":\"秘密内容\"}",
        "{\"id\":null,\"text\":\"秘密内容\"}",
        "{\"id\":[1],\"text\":\"秘密内容\"}",
        "{\"id\":1,\"text\":5}",
        "{\"id\":1,\"text\":\"秘密内容\",\"title\":3}",
        "{\"id\":1,\"text\":\"秘密内容\"} x",
    ]
    .into_iter()
    .enumerate()
    {
        let outcome = line(judge(), bad, n as u64 + 1);
        assert!(outcome.is_bad(), "{bad}");
        let out = read(&outcome);
        assert_eq!(out["id"], Value::Null);
        assert_eq!(out["line"], n as u64 + 1);
        assert_eq!(out.as_object().expect("an object").len(), 3);
        assert!(!out["error"].as_str().expect("words").contains("秘密"), "{bad}");
    }
}

#[test]
fn a_title_may_be_null_and_unknown_fields_pass() {
    let out = line(judge(), "{\"id\":1,\"title\":null,\"text\":\"路灯坏了\",\"time\":\"x\"}\r", 1);
    assert!(!out.is_bad());
    assert!(!line(judge(), "\u{feff}{\"id\":1,\"text\":\"路灯坏了\"}", 1).is_bad());
}
