//! docs/glossary.md is the table of the vocabulary: every stored spelling of every word of
//! `domain::words`, with the names the screens use. The code and the locales are the source; this
//! sees that the document says the same.

use std::collections::BTreeMap;

use house::text;

use crate::none;

/// A word's family: its type, and every stored spelling in order.
fn families() -> Vec<(String, Vec<String>)> {
    let source = text("crates/domain/src/words.rs").expect("the vocabulary is there");
    let mut families = Vec::new();
    for block in source.split("\nword! {").skip(1) {
        let block = &block[..block.find("\n}").expect("a word ends")];
        let mut name = String::new();
        let mut spellings = Vec::new();
        for line in block.lines().map(str::trim).filter(|line| !line.starts_with("///")) {
            if let Some(head) = line.strip_suffix(" {") {
                name = head.to_owned();
            } else if let Some((_, text)) = line.split_once(" = \"") {
                spellings.push(text.trim_end_matches("\",").to_owned());
            }
        }
        families.push((name, spellings));
    }
    families
}

/// Messages of a language: key to its words, and to those of the petition-bureau edition.
fn messages(lang: &str) -> BTreeMap<String, (String, Option<String>)> {
    let source = text(&format!("locales/{lang}/words.ftl")).expect("the words are there");
    let mut all: BTreeMap<String, (String, Option<String>)> = BTreeMap::new();
    let mut last = String::new();
    for line in source.lines() {
        if let Some(xf) = line.trim().strip_prefix(".xf = ") {
            if let Some(entry) = all.get_mut(&last) {
                entry.1 = Some(xf.to_owned());
            }
        } else if let Some((key, words)) = line.split_once(" = ") {
            last = key.to_owned();
            all.insert(last.clone(), (words.to_owned(), None));
        }
    }
    all
}

/// `DispatchWay` is `dispatch_way` in the locales; commands are named without their `_kind`.
fn family_key(name: &str) -> String {
    let mut key = String::new();
    for (at, c) in name.char_indices() {
        if c.is_ascii_uppercase() && at > 0 {
            key.push('_');
        }
        key.push(c.to_ascii_lowercase());
    }
    key.trim_end_matches("_kind").to_owned()
}

fn cell(message: &(String, Option<String>)) -> String {
    match &message.1 {
        Some(xf) => format!("{} · xf: {xf}", message.0),
        None => message.0.clone(),
    }
}

#[test]
fn every_word_stands_in_the_glossary_as_stored_and_as_shown() {
    let glossary = text("docs/glossary.md").expect("docs/glossary.md is there");
    let (zh, en) = (messages("zh-CN"), messages("en"));
    let families = families();
    assert!(families.len() > 20, "the words were not found in words.rs");
    let mut found = Vec::new();
    for (name, spellings) in families {
        assert!(!spellings.is_empty(), "{name} has no values");
        if !glossary.contains(&format!("`{name}`")) {
            found.push(format!("the word `{name}`"));
        }
        for spelling in spellings {
            let key = format!("word-{}-{spelling}", family_key(&name));
            let (Some(zh), Some(en)) = (zh.get(&key), en.get(&key)) else {
                found.push(format!("{key} has no name in locales/*/words.ftl"));
                continue;
            };
            let row = format!("| `{spelling}` | {} | {} |", cell(zh), cell(en));
            if !glossary.contains(&row) {
                found.push(row);
            }
        }
    }
    none("missing in docs/glossary.md, or different there", &found);
}
