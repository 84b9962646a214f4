//! Two networks that never meet: a program outside takes reports, another one inside handles them,
//! and only files pass between the two.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rstest::rstest;
use serde_json::Value;
use tempfile::TempDir;

use crate::city::{City, Engine, a_report, file_at, fresh_key, terminate};
use crate::http::{Answer, send};

const ORGAN: &str = "990100J01";

/// The outside: a folder of its own with the keys it was given, and the public role serving it.
struct Outside {
    root: TempDir,
    child: Option<Child>,
    public: String,
}

impl Drop for Outside {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }
}

impl Outside {
    fn of(inside: &City) -> Self {
        let root = tempfile::Builder::new().prefix("outside").tempdir().expect("a folder");
        let keys = root.path().join("d.keys");
        good(&inside.run(&["ferry", "outfit", text(&keys), "--organ", ORGAN]));
        Self { root, child: None, public: String::new() }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dengwen"));
        command.arg("--data").arg(self.root.path().join("d")).stdin(Stdio::null()).env("DENGWEN_ALLOW_SWAP", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command().args(arguments).output().expect("the program starts")
    }

    fn start(&mut self) {
        let mut child = self
            .command()
            .args(["serve", "--role", "public", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut reader = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut said = String::new();
        self.public = loop {
            let mut line = String::new();
            assert!(reader.read_line(&mut line).expect("a line") > 0, "it ended: {said}");
            if let Some(address) = line.strip_prefix("public pages: ") {
                break address.trim().to_owned();
            }
            said.push_str(&line);
        };
        // Nobody reads on: what it says later must not stop it.
        std::thread::spawn(move || for _line in reader.lines() {});
        self.child = Some(child);
    }

    fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        terminate(&child);
        assert!(child.wait().expect("it ends").success());
    }

    fn file(&self, key: &str, once: &str, words: &str) -> Answer {
        file_at(&format!("{}/api/v1", self.public), key, once, a_report(words).to_string().as_bytes())
    }

    fn status(&self, code: &str) -> Answer {
        send("GET", &format!("{}/api/v1/status", self.public), &[("Query-Code", code)], b"")
    }

    /// A form of the status page.
    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (mut body, kind) = (String::new(), "application/x-www-form-urlencoded");
        for (name, value) in fields {
            let value: String = value.bytes().map(|b| format!("%{b:02X}")).collect();
            body.push_str(&format!("{name}={value}&"));
        }
        let body = body.trim_end_matches('&');
        send("POST", &format!("{}/{ORGAN}{path}", self.public), &[("Content-Type", kind)], body.as_bytes())
    }

    /// Evidence with a file.
    fn evidence(&self, code: &str, words: &str, name: &str, bytes: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (field, value) in [("code", code), ("evidence", words)] {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!("--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n--edge--\r\n");
        let kind = [("Content-Type", "multipart/form-data; boundary=edge")];
        send("POST", &format!("{}/{ORGAN}/status/evidence", self.public), &kind, &body)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The words of a command that must go well.
fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", words(&output.stdout), words(&output.stderr));
    words(&output.stdout)
}

/// The words of a command that must refuse.
fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{}{}", words(&output.stdout), words(&output.stderr));
    words(&output.stderr)
}

/// The disk between the two; packages by direction and number.
struct Disk(TempDir);

impl Disk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }
    fn path(&self) -> &str {
        text(self.0.path())
    }
    fn package(&self, way: &str, number: u32) -> PathBuf {
        let ending = format!("-{way}-{number:06}.ferry");
        let found = std::fs::read_dir(self.0.path()).expect("the disk").map(|entry| entry.expect("an entry").path());
        found.filter(|path| text(path).ends_with(&ending)).last().unwrap_or_else(|| panic!("no package {ending}"))
    }
}

fn code_of(answer: &Answer) -> String {
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["code"].as_str().expect("a code").to_owned()
}

fn messages(status: &Answer) -> Vec<String> {
    assert_eq!(status.status, 200, "{}", status.text());
    let list = status.json()["messages"].as_array().expect("a list").clone();
    list.iter().map(|m: &Value| m["text"].as_str().expect("text").to_owned()).collect()
}

fn hidden_value(html: &str, name: &str) -> String {
    let tag = format!("name=\"{name}\" value=\"");
    html.split(&tag)
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_else(|| panic!("no {name}: {html}"))
        .to_owned()
}

fn code_on(html: &str) -> String {
    let shown = html.split("<p class=\"dw-code\"").nth(1).and_then(|rest| rest.split("</p>").next()).expect("a code");
    shown.split("<span>").skip(1).filter_map(|s| s.split('<').next()).collect()
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
fn reports_come_in_and_answers_go_out_between_servers_that_never_meet(#[case] engine: Engine) {
    let mut inside = City::serving(engine);
    let key = inside.api_key();
    inside.stop();
    let mut outside = Outside::of(&inside);
    let disk = Disk::new();

    // The first package founds the outside: directory, and who may file.
    good(&inside.run(&["ferry", "out", disk.path(), "--organ", ORGAN]));
    assert!(good(&outside.run(&["ferry", "in", text(&disk.package("out", 1))])).contains("package 1 taken"));
    outside.start();

    // Acknowledged outside: a number of its own series, a code, and the same code again.
    let once = fresh_key();
    let first = outside.file(&key, &once, "河边工地夜里偷排泥浆，已经两个月。");
    let code = code_of(&first);
    assert!(first.json()["number"].as_str().is_some_and(|n| n.starts_with("990100J01-") && n.contains("-W00001-")));
    assert_eq!(outside.file(&key, &once, "河边工地夜里偷排泥浆，已经两个月。").body, first.body);
    let second = code_of(&outside.file(&key, &fresh_key(), "镇卫生院多收挂号费，请查一查。"));
    let sent = outside.evidence(
        &code,
        "补充照片说明一份。",
        "照片说明.pdf",
        b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n",
    );
    assert_eq!(sent.status, 200, "{}", sent.text());
    assert!(messages(&outside.status(&code)).is_empty(), "evidence is never shown again");

    // In, by file, while the outside goes on serving. Nothing of it is readable on the way.
    good(&outside.run(&["ferry", "out", disk.path()]));
    let package = disk.package("in", 1);
    let bytes = std::fs::read(&package).expect("a package");
    assert!(!bytes.windows(9).any(|w| w == "河边工".as_bytes() || w == b"990100J01"));
    let taken = good(&inside.run(&["ferry", "in", text(&package)]));
    assert!(taken.contains("2 reports, 1 acts"), "{taken}");
    assert!(good(&inside.run(&["ferry", "in", text(&package)])).contains("taken before; nothing was added"));

    // Inside it is a report like any other: judged, with its file, its number and its code.
    inside.start();
    let seen = inside.status(&code);
    assert_eq!(seen.json()["number"], first.json()["number"]);
    let own = inside.file(&a_report("来信登记的一件，编号在自己的序列里。"));
    assert!(own.json()["number"].as_str().is_some_and(|n| n.contains("-000001-")), "{}", own.text());
    std::thread::sleep(std::time::Duration::from_secs(3));
    good(&inside.run(&["log", "publish"]));

    // Out: what she is told, sealed to her code, with the published proof.
    good(&inside.run(&["ferry", "out", disk.path(), "--organ", ORGAN]));
    let shown = good(&outside.run(&["ferry", "in", text(&disk.package("out", 2))]));
    assert!(shown.contains("2 reports shown"), "{shown}");
    let status = outside.status(&code).json();
    assert_eq!(status["timeline"].as_array().map(Vec::len), seen.json()["timeline"].as_array().map(Vec::len));
    assert_eq!(status["timeline"][0], seen.json()["timeline"][0]);
    let proof = outside.post("/status/proof", &[("code", &code)]);
    assert!(proof.text().starts_with("c2sp.org/tlog-proof@v1"), "{}", proof.text());
    assert!(good(&outside.run(&["ferry", "status"])).contains("arrived over there: 1, kept until then: none"));

    // Her code replaced outside holds there at once, and inside once it has come.
    let page = outside.post("/status", &[("code", &code)]).text();
    let replaced = outside.post("/status/replace", &[("code", &code), ("once", &hidden_value(&page, "once"))]);
    let fresh = code_on(&replaced.text());
    assert_eq!(outside.status(&code).status, 404);
    assert_eq!(outside.status(&fresh).json()["timeline"], status["timeline"], "the copy went along");
    let asked = outside.post("/status/message", &[("code", &fresh), ("message", "请问什么时候有结果？")]);
    assert_eq!(asked.status, 200, "{}", asked.text());

    // A package that was lost, one that comes too early, one that was changed, another network's.
    good(&outside.run(&["ferry", "out", disk.path()]));
    let third = outside.file(&key, &fresh_key(), "第三件反映，在丢失的包之后。");
    good(&outside.run(&["ferry", "out", disk.path()]));
    let early = inside.run(&["ferry", "in", text(&disk.package("in", 3))]);
    assert_eq!(early.status.code(), Some(3));
    assert!(words(&early.stdout).contains("package 2 is missing, bring them first"), "{}", words(&early.stdout));
    assert_eq!(inside.status(&code_of(&third)).status, 404);
    let changed = disk.package("in", 2);
    let mut bytes = std::fs::read(&changed).expect("a package");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&changed, &bytes).expect("it is changed");
    assert!(refused(&inside.run(&["ferry", "in", text(&changed)])).contains("signature does not hold"));
    good(&outside.run(&["ferry", "out", disk.path(), "--again", "2"]));
    let both = good(&inside.run(&["ferry", "in", text(&disk.package("in", 2))]));
    assert!(both.contains("packages 2–3 taken: 1 reports, 2 acts"), "{both}");
    assert!(refused(&inside.run(&["ferry", "in", text(&disk.package("out", 2))])).contains("made on this side"));
    assert_eq!(inside.status(&code).status, 404);
    assert_eq!(inside.status(&fresh).status, 200);
    assert_eq!(inside.status(&code_of(&third)).status, 200);
    assert_eq!(outside.status(&second).status, 200);

    // Both are sound, and each says what it could not look into.
    outside.stop();
    std::thread::sleep(std::time::Duration::from_secs(3));
    inside.stop();
    assert!(good(&inside.run(&["fsck"])).starts_with("Sound: "));
    let checked = good(&outside.run(&["fsck"]));
    assert!(checked.starts_with("Sound: ") && checked.contains("for want of the office key"), "{checked}");
}
