//! Commands other programs call: their output and exit codes are a contract.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::city::{City, Engine, a_report};
use crate::http::send;

fn dengwen(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dengwen"))
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the program starts")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn clock_prints_the_due_date_alone_and_then_why() {
    for (limit, due) in [("5wd", "2026-02-25"), ("60d", "2026-04-13"), ("3mo", "2026-05-11"), ("4h", "2026-02-11")] {
        let output = dengwen(&["clock", "2026-02-11", limit]);
        assert!(output.status.success());
        let text = out(&output);
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(due), "{limit}: {text}");
        assert!(lines.next().is_some_and(|l| l.contains('月') || l.contains("小时")), "{text}");
    }
    let wrong = dengwen(&["clock", "2026-02-30", "5wd"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("2026-02-30"));
    assert_eq!(dengwen(&["clock", "2026-02-11", "five"]).status.code(), Some(1));
}

#[test]
fn triage_answers_line_by_line_and_ends_with_two_where_one_was_bad() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dengwen"))
        .args(["triage", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    let good = r#"{"id":"a","title":"拖欠工资","text":"😀岳麓区某工地拖欠工人工资 35000 元，电话 13800138000。"}"#;
    writeln!(input, "{good}\nnot json\n{}", good.replace("\"a\"", "7")).expect("the lines are taken");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(2));
    let text = out(&output);
    let lines: Vec<Value> = text.lines().map(|l| serde_json::from_str(l).expect(l)).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!((&lines[0]["id"], &lines[2]["id"]), (&Value::from("a"), &Value::from(7)));
    assert!(lines[1]["id"].is_null() && lines[1]["line"] == 2);
    let given: Vec<char> = "😀岳麓区某工地拖欠工人工资 35000 元，电话 13800138000。".chars().collect();
    let entities = lines[0]["entities"].as_array().expect("a list");
    assert!(!entities.is_empty());
    for e in entities {
        let place = |at: &str| usize::try_from(e[at].as_u64().expect("a number")).expect("small");
        let words: String = given[place("start")..place("end")].iter().collect();
        assert_eq!(e["text"], words, "offsets count characters of the text as given");
    }
}

#[test]
fn a_proof_is_published_fetched_and_verified_offline() {
    let mut city = City::serving(Engine::Sqlite);
    let code = city.file(&a_report("要带走凭证的一件反映。")).json()["code"].as_str().expect("a code").to_owned();
    // The serving process is asked to publish: the folder has one writer.
    let published = city.run(&["log", "publish"]);
    assert!(published.status.success(), "{}", String::from_utf8_lossy(&published.stderr));
    let lines = out(&published);
    let line = lines.lines().find(|l| l.contains("990100J01")).expect("the city's log");
    let vkey = line.split(' ').nth(2).expect("a verifier key").to_owned();

    let public = city.announced["public"].as_str().expect("an address");
    let form = format!("code={code}");
    let kind = [("Content-Type", "application/x-www-form-urlencoded")];
    let proof = send("POST", &format!("{public}/990100J01/status/proof"), &kind, form.as_bytes());
    assert_eq!(proof.status, 200, "{}", proof.text());
    assert!(!proof.text().contains(&code));
    let file = city.root.path().join("proof.tlog-proof");
    std::fs::write(&file, &proof.body).expect("a file");
    let name = file.to_str().expect("a path");

    let sound = dengwen(&["verify", name, "--vkey", &vkey]);
    assert!(sound.status.success() && out(&sound).contains("Sound"), "{}", out(&sound));
    let own = city.run(&["verify", name]);
    assert!(own.status.success(), "{}{}", out(&own), String::from_utf8_lossy(&own.stderr));
    // The page beside it: the same commitment, and neither code nor number nor matter.
    let page = send("POST", &format!("{public}/990100J01/status/proof/page"), &kind, form.as_bytes());
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.body.starts_with(b"%PDF") && page.headers["content-disposition"].contains("\"document.pdf\""));
    let paper = city.root.path().join("document.pdf");
    std::fs::write(&paper, &page.body).expect("a file");
    let shown = out(&sound).lines().find_map(|l| l.strip_prefix("承诺值 commitment: ").map(str::to_owned));
    let shown = shown.expect("the commitment is shown");
    if let Ok(words) = Command::new("pdftotext").arg(&paper).arg("-").output() {
        let words: String = out(&words).split_whitespace().collect();
        assert!(words.contains(&shown.replace(' ', "")), "{shown}: {words}");
        assert!(words.contains(&vkey) && words.contains("能证明您提交过"), "{words}");
        for hidden in [code.as_str(), "2026-", "000001", "带走凭证"] {
            assert!(!words.contains(hidden), "{hidden}: {words}");
        }
    }
    let told = dengwen(&["verify", paper.to_str().expect("a path"), "--vkey", &vkey]);
    assert_eq!(told.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&told.stderr).contains("proof.tlog-proof"), "what to do instead is said");
    // Any change is found: here in the middle of the file.
    let mut bytes = proof.body.clone();
    let middle = bytes.len() / 2;
    bytes[middle] = if bytes[middle] == b'A' { b'B' } else { b'A' };
    std::fs::write(&file, &bytes).expect("a file");
    let broken = dengwen(&["verify", name, "--vkey", &vkey]);
    assert_eq!(broken.status.code(), Some(1), "{}", out(&broken));

    let log = city.announced["log"].as_str().expect("a folder").to_owned();
    assert!(dengwen(&["log", "verify", &log, "--vkey", &vkey]).status.success());
    city.stop();
    let alone = city.run(&["log", "publish"]);
    assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
    let first = std::fs::read_dir(std::path::Path::new(&log).join("tile/entries"))
        .expect("entries")
        .next()
        .expect("one")
        .expect("an entry");
    assert!(first.path().exists());
    assert!(dengwen(&["log", "verify", &log, "--vkey", &vkey]).status.success());
    std::fs::write(std::path::Path::new(&log).join("checkpoint"), "forged\n").expect("a file");
    assert_eq!(dengwen(&["log", "verify", &log, "--vkey", &vkey]).status.code(), Some(1));
}

#[test]
fn rules_are_checked_before_they_are_put_in_force() {
    let output = dengwen(&["rules", "check"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("nonsense.toml"), "this is not toml").expect("a file");
    let wrong = dengwen(&["rules", "check", folder.path().to_str().expect("a path")]);
    assert_eq!(wrong.status.code(), Some(1));
}

#[test]
fn an_organ_is_founded_with_three_links_and_serves() {
    let root = tempfile::tempdir().expect("a folder");
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules/directory/example.toml");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_dengwen"))
            .arg("--data")
            .arg(root.path().join("data"))
            .args(arguments)
            .env("DENGWEN_PASSPHRASE", "柳树下的三只灰鸭子")
            .env("DENGWEN_ALLOW_SWAP", "1")
            .stdin(Stdio::null())
            .output()
            .expect("the program starts")
    };
    let founded = run(&["init", directory, "--desk", "https://desk.example"]);
    assert!(founded.status.success(), "{}", String::from_utf8_lossy(&founded.stderr));
    let links: Vec<String> = out(&founded)
        .split_whitespace()
        .filter(|w| w.starts_with("https://desk.example/invitation/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(links.len(), 3, "{}", out(&founded));
    assert_eq!(run(&["init", directory]).status.code(), Some(1), "keys are never overwritten");
    let checked = run(&["fsck"]);
    assert!(checked.status.success(), "{}{}", out(&checked), String::from_utf8_lossy(&checked.stderr));
    let locked = Command::new(env!("CARGO_BIN_EXE_dengwen"))
        .arg("--data")
        .arg(root.path().join("data"))
        .arg("fsck")
        .env_remove("DENGWEN_PASSPHRASE")
        .output()
        .expect("the program starts");
    assert_eq!(locked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&locked.stderr).contains("DENGWEN_PASSPHRASE"));
}
