//! What the person in the computer room does, with the real program in real folders: founding,
//! importing, exporting, backing up and restoring, rotating keys, looking whether all is sound.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

use jiff::civil::datetime;
use papers::sheet::{Cell, Column, ColumnKind, Sheet};
use rstest::rstest;

use crate::city::{City, Engine, a_report};
use crate::http::send;

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The words of a command that must go well.
fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", out(output), err(output));
    out(output)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

fn code_of(city: &City, words: &str) -> String {
    city.file(&a_report(words)).json()["code"].as_str().expect("a code").to_owned()
}

const HEADINGS: [&str; 4] = ["编号", "主题", "留言时间", "留言内容"];
const ROWS: [[&str; 4]; 3] = [
    ["a-1", "路灯", "2026-02-11", "城南小区的路灯坏了三个月没有人修。"],
    ["a-2", "公交", "2026-02-12", "七路公交车晚上收车太早，下班的人坐不上。"],
    ["a-3", "路灯", "2026-02-13", "城南小区的路灯坏了三个月没有人修。"],
];

fn csv(rows: &[[&str; 4]]) -> String {
    let lines = std::iter::once(HEADINGS.join(",")).chain(rows.iter().map(|r| r.join(",")));
    lines.map(|line| line + "\n").collect()
}

#[test]
fn tables_of_every_kind_are_imported_once_and_exported_again() {
    let mut city = City::serving(Engine::Sqlite);
    let root = city.root.path().to_owned();
    let at = |name: &str| -> PathBuf { root.join(name) };
    let write = |name: &str, bytes: &[u8]| {
        std::fs::write(at(name), bytes).expect("a file");
        text(&at(name)).to_owned()
    };
    let gbk = write("gbk.csv", &encoding_rs::GBK.encode(&csv(&ROWS)).0);
    let mut sheet = Sheet {
        title: "留言".to_owned(),
        columns: HEADINGS.map(|t| Column { title: t.to_owned(), width: 12.0, kind: ColumnKind::Text }).to_vec(),
        rows: ROWS.map(|row| row.map(|cell| Cell::Text(cell.to_owned())).to_vec()).to_vec(),
        watermark: Vec::new(),
        exported_at: datetime(2026, 2, 14, 9, 0, 0, 0),
    };
    sheet.columns[0].title = "内部号码".to_owned();
    let xlsx = write("table.xlsx", &papers::sheet::write(&sheet).expect("a workbook"));
    let lines: String = ROWS
        .iter()
        .map(|[id, title, time, text]| {
            serde_json::json!({ "id": id, "title": title, "time": time, "text": text }).to_string() + "\n"
        })
        .collect();
    let jsonl = write("rows.jsonl", lines.as_bytes());
    let mapping = write("mapping.toml", "id = \"内部号码\"\n".as_bytes());
    let mut bad = ROWS;
    bad[1][2] = "2026-02-30";
    bad[2][3] = "";
    let bad = write("bad.csv", csv(&bad).as_bytes());

    // While it is served, the folder has another writer.
    let refused = city.run(&["import", &gbk]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("another dengwen is at work"), "{}", err(&refused));
    city.stop();

    let added = |output: &Output| good(output).lines().next().unwrap_or_default().to_owned();
    assert!(added(&city.run(&["import", &gbk])).contains("3 reports added, 0 were there already, 0 rows refused"));
    assert!(added(&city.run(&["import", &gbk])).contains("0 reports added, 3 were there already"));
    assert!(added(&city.run(&["import", &jsonl])).contains("3 reports added"), "another source");
    let mapped = city.run(&["import", &xlsx, "--source", "留言系统", "--mapping", &mapping]);
    assert!(added(&mapped).contains("3 reports added"));
    // The same source and ids from another kind of file are the same rows.
    let renamed = city.run(&["import", &jsonl, "--source", "留言系统", "--no-judge"]);
    assert!(added(&renamed).contains("0 reports added, 3 were there already"), "{}", out(&renamed));
    let partly = city.run(&["import", &bad]);
    assert_eq!(partly.status.code(), Some(2), "{}{}", out(&partly), err(&partly));
    assert!(out(&partly).contains("1 reports added, 0 were there already, 2 rows refused"), "{}", out(&partly));
    let listed = std::fs::read_to_string(format!("{bad}.errors.csv")).expect("the list of refused rows");
    for wanted in ["\"3\",\"留言时间\",\"impossible_date\"", "\"4\",\"留言内容\",\"missing_text\""] {
        assert!(listed.contains(wanted), "{wanted}: {listed}");
    }
    assert!(!listed.contains("公交") && !listed.contains("2026-02-30"), "no cell is quoted: {listed}");
    assert_eq!(city.run(&["import", text(&at("none.csv"))]).status.code(), Some(1));

    let list = at("list.xlsx");
    let exported = city.run(&["export", "--as", "zhuren", "--purpose", "季度统计", text(&list)]);
    assert!(good(&exported).contains("recorded"));
    assert!(std::fs::read(&list).expect("a file").starts_with(b"PK"));
    let nobody = city.run(&["export", "--as", "nobody", "--purpose", "x", text(&list)]);
    assert!(nobody.status.code() == Some(1) && err(&nobody).contains("nobody here signs in as"), "{}", err(&nobody));

    good(&city.run(&["reindex"]));
    let migrated = city.run(&["migrate"]);
    assert!(migrated.status.success() && err(&migrated).contains("up to date"), "{}", err(&migrated));
    assert!(good(&city.run(&["fsck"])).starts_with("Sound: "));
}

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
fn a_backup_is_restored_into_an_empty_folder_and_codes_still_open(#[case] engine: Engine) {
    let mut city = City::serving(engine);
    let code = code_of(&city, "备份以前收到的一件反映。");
    // A file that belongs to no report, from long ago: the serving process sweeps it.
    city.stop();
    let orphan = city.data().join("blobs/ab/abababababababababababababababab");
    std::fs::create_dir_all(orphan.parent().expect("a folder")).expect("a folder");
    let file = std::fs::File::create(&orphan).expect("a file");
    file.set_modified(SystemTime::UNIX_EPOCH).expect("its time");
    city.start();
    for _ in 0..300 {
        if !orphan.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!orphan.exists(), "{}", city.said());

    // While it serves.
    let folder = city.root.path().join("backup");
    assert!(good(&city.run(&["backup", text(&folder)])).contains("Keys are not in it"));
    assert_eq!(city.run(&["backup", text(&folder)]).status.code(), Some(1), "an old backup is never overwritten");
    let before = city.status(&code).json();
    city.stop();

    // A new office key: what was sealed under the former one still opens.
    if engine == Engine::Postgres {
        let refused = city.run(&["rotate-keys", "--organ", "990100J01"]);
        assert_eq!(refused.status.code(), Some(1));
        assert!(err(&refused).contains("--nobody-serves"), "{}", err(&refused));
    }
    let rotated = good(&city.run(&["rotate-keys", "--organ", "990100J01", "--nobody-serves"]));
    assert!(rotated.contains("wrapped to the new office key"), "{rotated}");
    let former = rotated.split("Kept for older backups: ").nth(1).and_then(|rest| rest.get(..16)).expect("a key's id");
    assert!(good(&city.run(&["fsck"])).starts_with("Sound: "));

    // Into an empty folder on embedded SQLite, whatever it came from, with the same keys.
    let mut other = City::beside(&city, "restored");
    assert!(good(&other.run(&["restore", text(&folder)])).contains("are back"));
    assert_eq!(other.run(&["restore", text(&folder)]).status.code(), Some(1), "the register is not empty any more");
    good(&other.run(&["reindex"]));
    let checked = good(&other.run(&["fsck"]));
    assert!(checked.starts_with("Sound: "), "{checked}");
    other.start();
    assert_eq!(other.status(&code).json(), before);
    other.stop();
    city.start();
    assert_eq!(city.status(&code).json(), before);
    city.stop();

    // The former key is destroyed: the register goes on, and what was saved before does not open.
    let forget = ["rotate-keys", "--organ", "990100J01", "--nobody-serves", "--forget", former];
    assert!(good(&city.run(&forget)).contains("is destroyed"));
    assert_eq!(city.run(&forget).status.code(), Some(1), "it is not there any more");
    assert!(good(&city.run(&["fsck"])).starts_with("Sound: "));
    assert_eq!(other.run(&["fsck"]).status.code(), Some(1), "the restored backup was wrapped to the former key");

    // A half backup is none.
    std::fs::remove_file(folder.join("COMPLETE")).expect("it was there");
    let half = City::beside(&city, "half").run(&["restore", text(&folder)]);
    assert!(half.status.code() == Some(1) && err(&half).contains("not whole"), "{}", err(&half));
}

#[test]
fn a_link_is_made_by_whoever_has_the_folder_and_works_once() {
    let mut city = City::serving(Engine::Sqlite);
    let desk = city.announced["desk"].as_str().expect("an address").to_owned();
    let link = |city: &City| -> String {
        let said = good(&city.run(&["invite", "jingban", "--desk", &desk]));
        said.lines().next().and_then(|l| l.split("/invitation/").nth(1)).expect("a link").to_owned()
    };
    let spend = |desk: &str, token: &str, password: &str| {
        let kind = [("Content-Type", "application/x-www-form-urlencoded")];
        send("POST", &format!("{desk}/invitation"), &kind, format!("token={token}&password={password}").as_bytes())
    };
    let token = link(&city);
    assert_eq!(spend(&desk, &token, "short").status, 422);
    let done = spend(&desk, &token, "san-zhi-hui-yazi");
    assert!(done.status == 303 && done.headers.contains_key("set-cookie"), "{}", done.text());
    assert_eq!(spend(&desk, &token, "san-zhi-hui-yazi").status, 404, "used up");
    assert_eq!(city.run(&["invite", "nobody"]).status.code(), Some(1));
    city.stop();
    let later = link(&city);
    city.start();
    let desk = city.announced["desk"].as_str().expect("an address").to_owned();
    assert_eq!(spend(&desk, &later, "wu-zhi-bai-yazi-youshui").status, 303);
}

#[test]
fn weights_are_trained_and_measured_on_rows_of_ones_own() {
    let root = tempfile::tempdir().expect("a folder");
    let (rows, weights) = (root.path().join("rows.jsonl"), root.path().join("weights.bin"));
    let mut lines = String::new();
    for n in 0..40 {
        for (label, words) in
            [("交通", "公交车站牌公路堵车"), ("教育", "学校老师上课学生"), ("环保", "河水污染烟囱气味")]
        {
            lines.push_str(
                &serde_json::json!({ "title": "", "text": format!("第{n}次反映{words}的事情。"), "label": label })
                    .to_string(),
            );
            lines.push('\n');
        }
    }
    std::fs::write(&rows, &lines).expect("a file");
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_dengwen")).args(arguments).stdin(Stdio::null()).output().expect("it starts")
    };
    good(&run(&["train", text(&rows), text(&weights)]));
    let first = std::fs::read(&weights).expect("weights");
    good(&run(&["train", text(&rows), text(&weights)]));
    assert_eq!(std::fs::read(&weights).expect("weights"), first, "the same rows give the same bytes");
    let figures = good(&run(&["eval", text(&rows)]));
    assert!(figures.contains("1.000") || figures.contains("100"), "words that no two classes share: {figures}");
    std::fs::write(&rows, "not json\n").expect("a file");
    let wrong = run(&["train", text(&rows), text(&weights)]);
    assert_eq!(wrong.status.code(), Some(1));
    assert_eq!(std::fs::read(&weights).expect("weights"), first, "weights in use are left alone");
    assert_eq!(run(&["eval", text(&rows)]).status.code(), Some(1));
}
