//! Templates ask only for messages and files that exist.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn templates(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("templates are readable").flatten() {
        let path = entry.path();
        if path.is_dir() {
            templates(&path, all);
        } else {
            all.push(path);
        }
    }
}

/// Every literal first argument of `call(` in the templates, with where it stands.
fn asked(call: &str) -> BTreeSet<(String, String)> {
    let mut files = Vec::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut files);
    let mut found = BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a template is text");
        for (at, _) in text.match_indices(&format!("{call}(\"")) {
            let rest = &text[at + call.len() + 2..];
            let key = rest.split('"').next().unwrap_or_default().to_owned();
            found.insert((key, file.display().to_string()));
        }
    }
    found
}

#[test]
fn no_template_asks_for_an_unknown_message() {
    for call in [".t", ".t1", ".t2", ".ta"] {
        for (key, file) in asked(call) {
            assert!(web::locale::knows(&key), "{file} asks for {key}, which no locale has");
        }
    }
}

#[test]
fn no_template_asks_for_an_unknown_file() {
    let names = asked(".asset");
    assert!(!names.is_empty());
    for (name, file) in names {
        assert_ne!(web::assets::path(&name), "/assets/missing", "{file} asks for {name}");
    }
}

#[test]
fn no_template_has_inline_script_or_style() {
    let mut files = Vec::new();
    templates(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut files);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a template is text");
        for bad in
            [" style=", " onclick=", " onload=", "<style", "javascript:", " hx-on", "|safe", "http://", "https://"]
        {
            assert!(!text.contains(bad), "{} has {bad}", file.display());
        }
    }
}
