//! Habits every source file keeps: it says what it is, stays short enough to read, leaves nothing
//! for later and silences no lint without a reason.

use house::{files_ending, text};

use crate::none;

/// Longest source file, in lines.
const LONGEST: usize = 600;

/// Marks of work left for later; put together here so that this file does not hold them itself.
fn marks() -> Vec<String> {
    [("TO", "DO"), ("FIX", "ME"), ("XX", "X:"), ("todo", "!("), ("unimplemented", "!("), ("dbg", "!(")]
        .iter()
        .map(|(a, b)| format!("{a}{b}"))
        .collect()
}

#[test]
fn every_source_file_opens_with_what_it_is() {
    let mut found = Vec::new();
    for file in files_ending(&[".rs"]) {
        let source = text(&file).expect("a source file is text");
        if !source.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with("//!")) {
            found.push(format!("{file}:1: say in a //! paragraph what this file is and what it does not know"));
        }
    }
    none("source files without their opening paragraph", &found);
}

#[test]
fn no_source_file_is_longer_than_one_can_read() {
    let mut found = Vec::new();
    for file in files_ending(&[".rs", ".html", ".mjs", ".js"]) {
        let lines = text(&file).expect("a source file is text").lines().count();
        if lines > LONGEST {
            found.push(format!("{file}: {lines} lines; split it by verb"));
        }
    }
    none("files over the limit", &found);
}

#[test]
fn nothing_is_left_for_later() {
    let marks = marks();
    let mut found = Vec::new();
    for file in files_ending(&[".rs", ".html", ".mjs", ".js", ".ftl", ".toml", ".typ", ".sql", ".sh"]) {
        let source = text(&file).expect("a source file is text");
        for (at, line) in source.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                found.push(format!("{file}:{}: {mark}", at + 1));
            }
        }
    }
    none("work left for later", &found);
}

#[test]
fn a_lint_is_expected_with_a_reason_and_never_allowed() {
    let allow = ["[all", "ow("].concat();
    let expect = ["[exp", "ect("].concat();
    let mut found = Vec::new();
    for file in files_ending(&[".rs"]) {
        let source = text(&file).expect("a source file is text");
        for (at, line) in source.lines().enumerate() {
            let attribute = line.trim_start();
            if !attribute.starts_with('#') {
                continue;
            }
            if attribute.contains(&allow) {
                found.push(format!("{file}:{}: use #{expect}lint, reason = \"…\")]", at + 1));
            }
        }
        // The reason may stand on a later line of the attribute.
        for (at, _) in source.match_indices(&format!("#{expect}")) {
            let attribute = &source[at..at + source[at..].find(")]").unwrap_or(0)];
            if !attribute.contains("reason") {
                let line = source[..at].lines().count();
                found.push(format!("{file}:{line}: a lint is expected without a reason"));
            }
        }
    }
    none("lints silenced", &found);
}

#[test]
fn one_integration_binary_per_crate() {
    let found: Vec<String> = files_ending(&[".rs"])
        .into_iter()
        .filter(|file| {
            let parts: Vec<&str> = file.split('/').collect();
            matches!(parts.as_slice(), ["crates" | "tests", _, "tests", _])
        })
        .map(|file| format!("{file}: move it into tests/it and name it in tests/it/main.rs"))
        .collect();
    none("integration tests with a binary of their own", &found);
}
