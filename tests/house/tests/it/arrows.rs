//! The arrows of ARCHITECTURE.md: a room uses only rooms further down, and the parts that only one
//! room may see. Dependencies of tests are exempt, and so are the crates under `tests`.

use std::collections::{BTreeMap, BTreeSet};

use house::{files, text};

use crate::none;

/// The drawing, from the top: rooms of one row stand beside each other and do not use each other.
const ROWS: &[&[&str]] = &[
    &["dengwen"],
    &["web"],
    &["office"],
    &["store", "index", "papers", "gateways", "triage"],
    &["ledger"],
    &["seal"],
    &["domain"],
];

/// Parts that only the rooms named may see, and why.
const PARTS: &[(&[&str], &[&str], &str)] = &[
    (&["sqlx", "sqlx-core", "rusqlite", "tokio-postgres"], &["store"], "store is the only SQL"),
    (&["tantivy"], &["index"], "index is the only search engine"),
    (
        &["typst", "typst-layout", "typst-pdf", "calamine", "rust_xlsxwriter", "qrcode", "csv", "csv-core"],
        &["papers"],
        "papers is the only room that sets letters and reads or writes tables",
    ),
    (&["axum", "hyper", "hyper-util", "tower", "tower-http", "askama", "utoipa"], &["web"], "web is the only HTTP"),
    (&["tokio-rustls"], &["web"], "web is the only room that answers by TLS"),
    (&["rustls"], &["web", "gateways"], "only web and gateways speak TLS"),
    (&["jieba-rs"], &["triage"], "triage cuts texts into words"),
    (
        &[
            "argon2",
            "chacha20poly1305",
            "aes-gcm",
            "hkdf",
            "hmac",
            "hpke",
            "x25519-dalek",
            "rsa",
            "sm2",
            "sm3",
            "sm4",
            "age",
        ],
        &["seal"],
        "seal is the only room that sees ciphers",
    ),
    (&["ed25519-dalek", "sha2"], &["seal", "ledger"], "seal and ledger are the only rooms that sign and hash"),
    (&["object_store", "reqwest"], &["gateways"], "gateways is the only room that asks the network for anything"),
    (&["ureq", "openssl", "native-tls"], &[], "one client of the network, one TLS"),
];

/// Parts a pure room may not see: no database, no network, no clock of its own, no randomness.
const IMPURE: &[&str] = &["tokio", "getrandom", "rand", "nix", "tempfile", "tracing"];
const PURE: &[&str] = &["domain", "ledger", "triage"];

/// Normal and build dependencies of every crate under `crates`.
fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for file in files().iter().filter(|f| f.starts_with("crates/") && f.ends_with("/Cargo.toml")) {
        let manifest: toml::Table = text(file).expect("a manifest is text").parse().expect("a manifest is TOML");
        let name = manifest["package"]["name"].as_str().expect("a crate has a name").to_owned();
        let mut names = BTreeSet::new();
        collect(&manifest, &mut names);
        // Dependencies for one platform only are dependencies too.
        for (_, target) in manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten() {
            collect(target.as_table().expect("a target is a table"), &mut names);
        }
        all.insert(name, names);
    }
    all
}

fn collect(table: &toml::Table, names: &mut BTreeSet<String>) {
    for section in ["dependencies", "build-dependencies"] {
        for (name, value) in table.get(section).and_then(toml::Value::as_table).into_iter().flatten() {
            let package = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
            names.insert(package.to_owned());
        }
    }
}

fn row(room: &str) -> Option<usize> {
    ROWS.iter().position(|rooms| rooms.contains(&room))
}

#[test]
fn every_crate_is_a_room_of_the_drawing() {
    let built: BTreeSet<String> = dependencies().into_keys().collect();
    let drawn: BTreeSet<String> = ROWS.iter().flat_map(|rooms| rooms.iter().map(|r| (*r).to_owned())).collect();
    assert_eq!(built, drawn, "a crate came or went: draw it in ARCHITECTURE.md and here");
}

#[test]
fn a_room_uses_only_rooms_further_down() {
    let mut found = Vec::new();
    for (room, names) in dependencies() {
        for name in names {
            if let (Some(from), Some(to)) = (row(&room), row(&name))
                && to <= from
            {
                found.push(format!("crates/{room}/Cargo.toml: {room} uses {name}, which stands above or beside it"));
            }
        }
    }
    none("arrows the drawing does not have", &found);
}

#[test]
fn a_part_is_seen_by_its_room_only() {
    let mut found = Vec::new();
    for (room, names) in dependencies() {
        for (parts, rooms, why) in PARTS {
            for part in parts.iter().filter(|part| names.contains(**part) && !rooms.contains(&room.as_str())) {
                found.push(format!("crates/{room}/Cargo.toml: {room} sees {part}; {why}"));
            }
        }
        for part in IMPURE.iter().filter(|part| names.contains(**part) && PURE.contains(&room.as_str())) {
            found.push(format!("crates/{room}/Cargo.toml: {room} is pure and sees {part}"));
        }
    }
    none("parts seen from the wrong room", &found);
}

#[test]
fn nothing_is_depended_on_that_is_not_used() {
    // A name that stands in no source file of the crate is a dependency nobody needs.
    let files = files();
    let mut found = Vec::new();
    for (room, names) in dependencies() {
        let sources: String = files
            .iter()
            .filter(|f| f.starts_with(&format!("crates/{room}/src/")) || **f == format!("crates/{room}/build.rs"))
            .filter_map(|f| text(f))
            .collect();
        for name in names {
            if !is_used(&name.replace('-', "_"), &sources) {
                found.push(format!("crates/{room}/Cargo.toml: {name} stands in no source file of {room}"));
            }
        }
    }
    none("dependencies nothing uses", &found);
}

/// Whether a name stands at the head of a path, and not as a part of a longer word.
fn is_used(name: &str, sources: &str) -> bool {
    sources.match_indices(name).any(|(at, _)| {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let alone = !sources[..at].chars().next_back().is_some_and(word);
        let rest = &sources[at + name.len()..];
        let imported = sources[..at].ends_with("use ") && (rest.starts_with(';') || rest.starts_with(" as "));
        alone && (rest.starts_with("::") || imported)
    })
}

#[test]
fn every_version_is_exact() {
    let manifest: toml::Table = text("Cargo.toml").expect("the manifest is there").parse().expect("it is TOML");
    let parts = manifest["workspace"]["dependencies"].as_table().expect("the workspace pins its parts");
    let mut found = Vec::new();
    for (name, value) in parts {
        let version = value.as_str().or_else(|| value.get("version").and_then(toml::Value::as_str));
        let ours = value.get("path").is_some();
        if !ours && !version.is_some_and(|v| v.starts_with('=')) {
            found.push(format!("Cargo.toml: {name} is not pinned with ="));
        }
    }
    none("parts without an exact version", &found);
}
