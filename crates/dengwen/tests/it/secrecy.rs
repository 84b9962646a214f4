//! Attack 6 of the security design: what people wrote stands in no file and no log.

use std::path::Path;
use std::time::Duration;

use rstest::rstest;
use serde_json::json;

use crate::city::{City, Engine};
use crate::http::send;

/// The smallest PNG: one grey pixel.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82,
    0, 0x81, 0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

const MARKERS: [&str; 7] =
    ["蛰居翡翠壁", "ZQXTEXTWVK", "ZQXTITLEWVK", "ZQXNAMEWVK", "ZQXCONTACTWVK", "ZQXSUBJECTWVK", "ZQXFILEWVK"];

/// The ways a marker could stand somewhere: as it is, in UTF-16, in hexadecimal digits.
fn traces(marker: &str) -> [Vec<u8>; 3] {
    let wide = marker.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let digits = marker.bytes().map(|b| format!("{b:02x}")).collect::<String>().into_bytes();
    [marker.as_bytes().to_vec(), wide, digits]
}

/// Every file below a folder that holds a marker.
fn found(folder: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            all.extend(found(&path));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        let name = path.to_string_lossy();
        for marker in MARKERS {
            let seen = traces(marker).iter().any(|t| bytes.windows(t.len()).any(|w| w == t));
            if seen || name.contains(marker) {
                all.push(format!("{marker} in {name}"));
            }
        }
    }
    all
}

#[test]
fn the_search_itself_finds_a_planted_marker() {
    let folder = tempfile::tempdir().expect("a folder");
    for (n, trace) in traces(MARKERS[1]).iter().enumerate() {
        let path = folder.path().join(n.to_string());
        std::fs::write(&path, [b"before".as_slice(), trace, b"after"].concat()).expect("a file");
        assert_eq!(found(folder.path()).len(), n + 1);
    }
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
fn what_was_written_is_nowhere(#[case] engine: Engine) {
    let mut city = City::serving(engine);
    let [chinese, text, title, name, contact, subject, file] = MARKERS;
    let answer = city.file(&json!({
        "channel": "letter", "title": title, "text": format!("{chinese}，{text}。青禾路的路灯坏了三个月，多次反映没有人修。"),
        "named": {"name": name, "contact": contact}, "subjects": [{"name": subject, "unit": format!("{subject}局")}],
    }));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let code = answer.json()["code"].as_str().expect("a code").to_owned();

    let public = city.announced["public"].as_str().expect("an address").to_owned();
    let boundary = "------------------------a1b2c3";
    let mut form = Vec::new();
    for (field, value) in [("code", code.as_str()), ("evidence", text)] {
        form.extend(
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file}.png\"\r\nContent-Type: image/png\r\n\r\n"
    );
    form.extend(head.bytes());
    form.extend(PNG);
    form.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let kind = format!("multipart/form-data; boundary={boundary}");
    let sent = send("POST", &format!("{public}/990100J01/status/evidence"), &[("Content-Type", &kind)], &form);
    assert_eq!(sent.status, 200, "{}", sent.text());
    // What is refused must not be written down either.
    let bad = format!(r#"{{"channel":"web","text":"{text}","{name}":1}}"#);
    city.file_as(&crate::city::fresh_key(), bad.as_bytes()).problem(422);

    // While it serves: the WAL and the index's newest files. Judging comes within seconds.
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(found(city.root.path()), Vec::<String>::new());
    city.stop();
    assert_eq!(found(city.root.path()), Vec::<String>::new());
    if let Some(dump) = city.dump() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("dump"), dump).expect("a file");
        assert_eq!(found(folder.path()), Vec::<String>::new());
    }
    let checked = city.run(&["fsck"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    assert!(std::fs::read_dir(city.data().join("blobs")).expect("blobs").next().is_some(), "the file was kept, sealed");
}
