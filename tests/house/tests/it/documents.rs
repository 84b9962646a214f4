//! The documents agree with each other and with the code: links lead somewhere, both READMEs have
//! the same shape and the same commands, every test a document names exists, every command of the
//! program is described, decisions are numbered without gaps.

use std::collections::BTreeSet;

use house::{files, files_ending, root, text};

use crate::none;

/// Documents that must be there.
const DOCUMENTS: [&str; 9] = [
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/glossary.md",
    "docs/operating.md",
    "docs/threat-model.md",
    "docs/performance.md",
    "docs/decisions/README.md",
];

fn document(file: &str) -> String {
    text(file).unwrap_or_else(|| panic!("{file} is missing"))
}

/// A document without its blocks of code.
fn prose(document: &str) -> String {
    let mut inside = false;
    let mut out = String::new();
    for line in document.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            out.push_str(line);
        }
        out.push('\n');
    }
    out
}

/// Targets of the links and pictures of a document, with the number of their line.
fn links(document: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(document).lines().enumerate() {
        for (at, _) in line.match_indices("](") {
            let rest = &line[at + 2..];
            if let Some(end) = rest.find(')') {
                found.push((number + 1, rest[..end].to_owned()));
            }
        }
    }
    found
}

/// The anchor a heading gets: lower case, blanks to hyphens, punctuation left out.
fn anchor(heading: &str) -> String {
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
            _ => None,
        })
        .collect()
}

fn headings(document: &str) -> Vec<(usize, String)> {
    prose(document)
        .lines()
        .filter(|line| line.starts_with('#'))
        .map(|line| (line.chars().take_while(|c| *c == '#').count(), line.trim_start_matches('#').trim().to_owned()))
        .collect()
}

fn blocks(document: &str) -> Vec<String> {
    document.split("```").skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_document_is_there() {
    for file in DOCUMENTS.iter().chain(&["LICENSE", "NOTICE"]) {
        assert!(!document(file).trim().is_empty(), "{file} is empty");
    }
}

#[test]
fn every_link_leads_somewhere() {
    let mut found = Vec::new();
    for file in files_ending(&[".md"]) {
        let content = document(&file);
        for (line, target) in links(&content) {
            if target.starts_with("https://") || target.starts_with("http://") || target.starts_with("mailto:") {
                continue;
            }
            let (path, wanted) = target.split_once('#').unwrap_or((&target, ""));
            let folder = std::path::Path::new(&file).parent().unwrap_or(std::path::Path::new(""));
            let full = if path.is_empty() { root().join(&file) } else { root().join(folder).join(path) };
            if !full.exists() {
                found.push(format!("{file}:{line}: {target}"));
                continue;
            }
            if !wanted.is_empty()
                && let Ok(there) = std::fs::read_to_string(&full)
                && !headings(&there).iter().any(|(_, heading)| anchor(heading) == wanted)
            {
                found.push(format!("{file}:{line}: {target} has no such heading"));
            }
        }
    }
    none("links that lead nowhere", &found);
}

#[test]
fn both_readmes_have_the_same_shape_and_the_same_commands() {
    let (en, zh) = (document("README.md"), document("README.zh-CN.md"));
    let levels = |d: &str| headings(d).into_iter().map(|(level, _)| level).collect::<Vec<_>>();
    assert_eq!(levels(&en), levels(&zh), "the headings of README.md and README.zh-CN.md differ");
    assert_eq!(blocks(&en), blocks(&zh), "the code of README.md and README.zh-CN.md differs");
    let targets = |d: &str| {
        let mut all: Vec<String> = links(d).into_iter().map(|(_, t)| t).filter(|t| !t.starts_with("README")).collect();
        all.sort();
        all
    };
    assert_eq!(targets(&en), targets(&zh), "README.md and README.zh-CN.md lead to different places");
}

/// Documents cite the test that holds a promise by its name; a name that no longer exists is a
/// promise nobody keeps.
#[test]
fn every_test_a_document_names_exists() {
    let functions: BTreeSet<String> = files_ending(&[".rs"])
        .iter()
        .filter_map(|file| text(file))
        .flat_map(|source| {
            source
                .match_indices("fn ")
                .map(|(at, _)| {
                    source[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let mut found = Vec::new();
    let mut named = 0;
    for file in files_ending(&[".md"]) {
        for (number, line) in prose(&document(&file)).lines().enumerate() {
            for word in line.split('`').skip(1).step_by(2) {
                // Tests are named in sentences: three words or more. Columns and keys are shorter.
                let is_name = word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
                if !is_name || word.matches('_').count() < 2 || file == "docs/glossary.md" {
                    continue;
                }
                named += 1;
                if !functions.contains(word) {
                    found.push(format!("{file}:{}: {word}", number + 1));
                }
            }
        }
    }
    none("tests named in documents that do not exist", &found);
    assert!(named > 40, "the documents name {named} tests only; was their spelling changed?");
}

#[test]
fn every_command_is_described_for_operators() {
    let source = document("crates/dengwen/src/cli.rs");
    let body = source.split("pub enum Command {").nth(1).expect("the commands are an enum");
    let body = &body[..body.find("\n}").expect("the enum ends")];
    let commands: Vec<String> = body
        .lines()
        .filter(|line| line.starts_with("    ") && line.as_bytes().get(4).is_some_and(u8::is_ascii_uppercase))
        .map(|line| {
            let name: String = line.trim().chars().take_while(char::is_ascii_alphanumeric).collect();
            let mut kebab = String::new();
            for (at, c) in name.char_indices() {
                if c.is_ascii_uppercase() && at > 0 {
                    kebab.push('-');
                }
                kebab.push(c.to_ascii_lowercase());
            }
            kebab
        })
        .collect();
    assert!(commands.len() > 10, "the commands were not found in cli.rs");
    let operating = document("docs/operating.md");
    let found: Vec<String> = commands
        .into_iter()
        .filter(|c| !operating.contains(&format!("`dengwen {c}")))
        .map(|c| format!("dengwen {c}"))
        .collect();
    none("commands docs/operating.md does not describe", &found);
}

#[test]
fn decisions_are_numbered_without_gaps_and_listed() {
    let list = document("docs/decisions/README.md");
    let records: Vec<String> = files()
        .into_iter()
        .filter_map(|file| file.strip_prefix("docs/decisions/").map(str::to_owned))
        .filter(|name| name != "README.md")
        .collect();
    assert!(!records.is_empty(), "there are no decision records");
    for (at, name) in records.iter().enumerate() {
        assert!(
            name.starts_with(&format!("{:04}-", at + 1)),
            "docs/decisions/{name}: the number after {at} was expected"
        );
        assert!(list.contains(&format!("({name})")), "docs/decisions/README.md does not list {name}");
        let record = document(&format!("docs/decisions/{name}"));
        for part in ["## Context", "## Choice", "## What would change our mind"] {
            assert!(record.contains(part), "docs/decisions/{name} has no “{part}”");
        }
    }
}
