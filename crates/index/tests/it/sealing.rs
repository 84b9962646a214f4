//! Nothing readable on disk, and nothing wrong read from it (attack 6).

use std::fs;
use std::path::{Path, PathBuf};

use domain::words::Rank;
use index::{Document, Index, IndexError, Query, Words};
use seal::IndexKey;
use tempfile::TempDir;

use crate::{all, empty, head, id, key, office, report, staff};

const MARK: &str = "zqxmarkword";

fn marked(n: u128) -> Document {
    Document {
        subjects: vec![format!("{MARK}名")],
        units: vec![format!("{MARK}局")],
        posts: vec![format!("{MARK}长")],
        ranks: vec![Rank::Bureau],
        categories: vec![format!("{MARK}-category")],
        places: vec![format!("{MARK}-place")],
        projects: vec![format!("{MARK}-project")],
        accounts: vec![format!("{MARK}-account")],
        holder: Some(office(&format!("{MARK}-holder"))),
        offices: vec![office(&format!("{MARK}-office"))],
        assignee: Some(staff(&format!("{MARK}-staff"))),
        recused: vec![format!("{MARK}-recused")],
        fingerprints: vec![0xfeed_f00d_dead_beef],
        ..report(n, &format!("{MARK} 举报标记词 文字"))
    }
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(root).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    all.sort();
    all
}

fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|window| window == needle)
}

fn marks() -> Vec<Vec<u8>> {
    let utf16: Vec<u8> = MARK.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let print = 0xfeed_f00d_dead_beef_u64;
    vec![
        MARK.as_bytes().to_vec(),
        MARK.to_uppercase().into_bytes(),
        utf16,
        "举报标记词".as_bytes().to_vec(),
        b"bureau".to_vec(),
        print.to_be_bytes().to_vec(),
        print.to_le_bytes().to_vec(),
        id(0x00c0_ffee_0000_0000_1234_5678_9abc_def0).0.to_vec(),
        0x1234_5678_9abc_def0_u64.to_le_bytes().to_vec(),
        // What the engine itself would write: names of fields, its list of segments, its footers.
        b"\"segments\"".to_vec(),
        b"fingerprints".to_vec(),
        b"index_format_version".to_vec(),
        b"\"crc\"".to_vec(),
    ]
}

fn nothing_readable(root: &Path) {
    let marks = marks();
    let mut seen = 0;
    for file in files(root) {
        let bytes = fs::read(&file).expect("readable");
        seen += bytes.len();
        for mark in &marks {
            assert!(!holds(&bytes, mark), "{mark:02x?} in {}", file.display());
        }
    }
    assert!(seen > 1000, "there is something to look at");
}

#[test]
fn no_mark_stands_in_any_file_before_or_after_deleting() {
    let (dir, index) = empty();
    let root = dir.path().join("990100ABC");
    for n in 0..40 {
        index.put(&marked(0x00c0_ffee_0000_0000_1234_5678_9abc_def0 + n)).unwrap();
        if n % 10 == 9 {
            index.commit(n as u64).unwrap();
            nothing_readable(&root);
        }
    }
    let hits = index.search(&Query { words: Some(Words::All(vec![MARK.into()])), ..all() }, &head()).unwrap();
    assert_eq!(hits.total, 40, "the marks are there for those with the key");
    index.delete(id(0x00c0_ffee_0000_0000_1234_5678_9abc_def0)).unwrap();
    index.commit(41).unwrap();
    index.expunge().unwrap();
    nothing_readable(&root);
}

#[test]
fn another_key_is_refused() {
    let (dir, index) = empty();
    let root = dir.path().join("990100ABC");
    index.put(&marked(1)).unwrap();
    index.commit(1).unwrap();
    drop(index);
    let other = IndexKey::from_bytes([12; 32]);
    assert!(matches!(Index::open(&root, &other), Err(IndexError::Key)));
    assert_eq!(Index::open(&root, &key()).unwrap().search(&all(), &head()).unwrap().total, 1);
}

fn copy(from: &Path) -> TempDir {
    let to = TempDir::new().expect("a folder");
    for file in files(from) {
        let name = file.file_name().expect("a name");
        fs::copy(&file, to.path().join(name)).expect("copied");
    }
    to
}

/// Opens, searches in every way, and compares with the truth.
fn answers(root: &Path) -> Result<Vec<Vec<domain::ids::ReportId>>, IndexError> {
    let index = Index::open(root, &key())?;
    let word = |w: &str| Some(Words::All(vec![w.into()]));
    let phrase = Some(Words::Phrase(crate::words("举报标记词 文字")));
    let mut answers = Vec::new();
    for query in [
        all(),
        Query { words: word(MARK), ..all() },
        Query { words: word("没有"), ..all() },
        Query { words: phrase, ..all() },
        Query { subject: Some("名".into()), ..all() },
        Query { ranks: vec![Rank::Bureau], ..all() },
        Query { until: Some(jiff::civil::date(2026, 11, 12)), ..all() },
    ] {
        answers.push(index.search(&query, &head())?.reports);
    }
    answers.push(index.candidates(&[0xfeed_f00d_dead_beef], 10)?);
    index.watermark()?;
    Ok(answers)
}

#[test]
fn a_flipped_byte_is_an_error_or_changes_nothing_but_never_the_answer() {
    let (dir, index) = empty();
    let root = dir.path().join("990100ABC");
    for n in 1..=5 {
        index.put(&marked(n)).unwrap();
    }
    index.commit(5).unwrap();
    index.delete(id(3)).unwrap();
    index.commit(6).unwrap();
    drop(index);
    let truth = answers(&root).unwrap();
    assert_eq!(truth[0].len(), 4);
    let mut refused = 0;
    for file in files(&root) {
        let name = file.file_name().unwrap();
        let whole = fs::read(&file).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 12 + 1) {
            let bent = copy(&root);
            let mut bytes = whole.clone();
            bytes[at] ^= 0x10;
            fs::write(bent.path().join(name), bytes).unwrap();
            match answers(bent.path()) {
                Ok(same) => assert_eq!(same, truth, "byte {at} of {name:?}"),
                Err(IndexError::Key | IndexError::Damaged(_)) => refused += 1,
                Err(other) => panic!("{other} for byte {at} of {name:?}"),
            }
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn a_file_missing_or_exchanged_is_an_error() {
    let (dir, index) = empty();
    let root = dir.path().join("990100ABC");
    index.put(&marked(1)).unwrap();
    index.commit(1).unwrap();
    drop(index);
    let sealed: Vec<PathBuf> = files(&root)
        .into_iter()
        .filter(|file| matches!(file.extension().and_then(|e| e.to_str()), Some("idx" | "term" | "pos" | "fast")))
        .collect();
    assert!(sealed.len() >= 3, "{sealed:?}");
    for file in &sealed {
        let bent = copy(&root);
        let name = file.file_name().unwrap();
        fs::remove_file(bent.path().join(name)).unwrap();
        assert!(answers(bent.path()).is_err(), "{name:?} removed");
        let other = sealed.iter().find(|o| *o != file).unwrap();
        fs::copy(other, bent.path().join(name)).unwrap();
        assert!(answers(bent.path()).is_err(), "{name:?} exchanged");
    }
}
