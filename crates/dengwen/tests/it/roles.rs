//! Roles and locks: the public role takes reports without a private key, and one folder has one
//! writer.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::city::{City, Engine, a_report, file_at, fresh_key, terminate};
use crate::http::send;

/// A copy of the keys without any that opens something.
fn public_keys(from: &Path, to: &Path) -> usize {
    std::fs::create_dir_all(to).expect("a folder");
    let mut left_out = 0;
    for entry in std::fs::read_dir(from).expect("the keys") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let target = to.join(&name);
        if path.is_dir() {
            left_out += public_keys(&path, &target);
        } else if name.ends_with(".key") && !["shared.key", "intake.key"].contains(&name.as_str()) {
            left_out += 1;
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
    left_out
}

#[test]
fn the_public_role_takes_reports_on_a_folder_without_a_private_key() {
    let mut city = City::serving(Engine::Sqlite);
    city.stop();
    let keys = city.root.path().join("public.keys");
    assert!(public_keys(&city.keys(), &keys) > 6, "private keys were left out");

    let mut child = city
        .command(&keys)
        .args(["serve", "--role", "public", "--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut said = String::new();
    let mut reader = BufReader::new(child.stderr.take().expect("a pipe"));
    let public = loop {
        let mut line = String::new();
        assert!(reader.read_line(&mut line).expect("a line") > 0, "it ended: {said}");
        if let Some(address) = line.strip_prefix("public pages: ") {
            break address.trim().to_owned();
        }
        said.push_str(&line);
    };
    let api = format!("{public}/api/v1");
    let made = file_at(&api, &city.api_key(), &fresh_key(), a_report("公众端收到的一件反映。").to_string().as_bytes());
    assert_eq!(made.status, 201, "{}", made.text());
    let code = made.json()["code"].as_str().expect("a code").to_owned();
    let status = send("GET", &format!("{api}/status"), &[("Query-Code", &code)], b"");
    assert_eq!(status.status, 200, "{}", status.text());
    terminate(&child);
    assert!(child.wait().expect("it ends").success());

    // Whoever holds the keys can open and judge it afterwards.
    city.start();
    assert_eq!(city.status(&code).json()["number"], made.json()["number"]);
    std::thread::sleep(std::time::Duration::from_secs(4));
    city.stop();
    let checked = city.run(&["fsck"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
}

#[test]
fn a_second_writer_is_told_in_one_sentence() {
    let city = City::serving(Engine::Sqlite);
    for arguments in [
        &["demo", "--listen", "127.0.0.1:0", "--reports", "0"][..],
        &["reindex"],
        &["serve", "--listen", "127.0.0.1:0"],
    ] {
        let second = city.run(arguments);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(1), "{said}");
        assert!(said.contains("another dengwen is at work"), "{said}");
        assert_eq!(said.trim().lines().count(), 1, "{said}");
    }
}

#[test]
fn a_demo_opened_again_adds_nothing_and_prints_the_same_keys() {
    let mut city = City::serving(Engine::Sqlite);
    let code = city.file(&a_report("重新打开后仍在的一件。")).json()["code"].as_str().expect("a code").to_owned();
    let before = city.announced.clone();
    city.stop();
    let took = city.start();
    println!("reopened in {took:?}");
    for same in ["api_key", "sign_ins", "log"] {
        assert_eq!(city.announced[same], before[same]);
    }
    assert_eq!(city.status(&code).status, 200);
    assert!(city.file(&a_report("第二件。")).json()["number"].as_str().is_some_and(|n| n.contains("-000002-")));
}
