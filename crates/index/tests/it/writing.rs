//! Putting, deleting, reopening, erasing.

use std::fs;

use index::{Document, Index, IndexError, Query, Words};

use crate::{all, empty, head, id, key, report};

fn total(index: &Index) -> usize {
    index.search(&all(), &head()).expect("an answer").total
}

fn finds(index: &Index, word: &str) -> usize {
    let query = Query { words: Some(Words::All(vec![word.into()])), ..all() };
    index.search(&query, &head()).expect("an answer").total
}

#[test]
fn what_is_put_is_found_after_a_commit_and_after_reopening() {
    let (dir, index) = empty();
    assert_eq!((total(&index), index.watermark().unwrap()), (0, 0));
    index.put(&report(1, "供暖 不足")).unwrap();
    assert_eq!(total(&index), 0);
    index.commit(17).unwrap();
    assert_eq!((total(&index), index.watermark().unwrap()), (1, 17));
    drop(index);
    let index = Index::open(dir.path().join("990100ABC"), &key()).unwrap();
    assert_eq!((total(&index), index.watermark().unwrap()), (1, 17));
    assert!(index.contains(id(1)).unwrap() && !index.contains(id(2)).unwrap());
}

#[test]
fn putting_again_replaces() {
    let (_dir, index) = empty();
    index.put(&report(1, "旧 字")).unwrap();
    index.put(&report(1, "新 字")).unwrap();
    index.commit(1).unwrap();
    assert_eq!((total(&index), finds(&index, "旧"), finds(&index, "新")), (1, 0, 1));
    index.put(&report(1, "更新 字")).unwrap();
    index.commit(2).unwrap();
    assert_eq!((total(&index), finds(&index, "新"), finds(&index, "更新")), (1, 0, 1));
}

#[test]
fn what_was_not_committed_is_gone_after_a_crash_and_nothing_else() {
    let (dir, index) = empty();
    index.put(&report(1, "一")).unwrap();
    index.commit(1).unwrap();
    index.put(&report(2, "二")).unwrap();
    drop(index);
    let index = Index::open(dir.path().join("990100ABC"), &key()).unwrap();
    assert_eq!((total(&index), index.watermark().unwrap()), (1, 1));
    index.put(&report(2, "二")).unwrap();
    index.commit(2).unwrap();
    assert_eq!(total(&index), 2);
}

#[test]
fn erased_reports_leave_the_segments() {
    let (dir, index) = empty();
    for n in 1..=6 {
        index.put(&report(n, "字")).unwrap();
    }
    index.commit(1).unwrap();
    index.delete(id(2)).unwrap();
    index.commit(2).unwrap();
    assert_eq!((total(&index), index.segments().deleted), (5, 1));
    let before: Vec<_> = names(&dir);
    index.expunge().unwrap();
    assert_eq!((total(&index), index.segments().deleted, index.watermark().unwrap()), (5, 0, 2));
    let kept = names(&dir).into_iter().filter(|name| before.contains(name) && name.contains(".term")).count();
    assert_eq!(kept, 0, "the old segment's words are off the disk");
}

#[test]
fn a_segment_of_which_nothing_is_left_goes_too() {
    let (dir, index) = empty();
    index.put(&report(1, "字")).unwrap();
    index.commit(1).unwrap();
    index.delete(id(1)).unwrap();
    index.commit(2).unwrap();
    index.expunge().unwrap();
    assert_eq!(total(&index), 0);
    assert!(!names(&dir).iter().any(|name| name.contains(".term")), "{:?}", names(&dir));
}

fn names(dir: &tempfile::TempDir) -> Vec<String> {
    fs::read_dir(dir.path().join("990100ABC"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn one_writes_and_others_read_along() {
    let (dir, writer) = empty();
    let root = dir.path().join("990100ABC");
    writer.put(&report(1, "一")).unwrap();
    writer.commit(1).unwrap();
    let reader = Index::open(&root, &key()).unwrap();
    assert_eq!(total(&reader), 1);
    assert!(matches!(reader.put(&report(9, "九")), Err(IndexError::Busy)));
    writer.put(&report(2, "二")).unwrap();
    writer.commit(2).unwrap();
    assert_eq!(total(&reader), 2, "without being told");
    writer.rest();
    reader.put(&report(3, "三")).unwrap();
    reader.commit(3).unwrap();
    assert_eq!((total(&reader), total(&writer)), (3, 3));
}

#[test]
fn many_small_commits_do_not_pile_up_segments() {
    let (_dir, index) = empty();
    for n in 0..40 {
        index.put(&report(n, "字")).unwrap();
        index.commit(n as u64).unwrap();
    }
    assert_eq!(total(&index), 40);
    index.rest();
    let segments = index.segments();
    assert!(segments.count < 20, "{segments:?}");
}

#[test]
fn building_it_again_starts_empty() {
    let (dir, index) = empty();
    index.put(&Document { ..report(1, "字") }).unwrap();
    index.commit(9).unwrap();
    drop(index);
    let index = Index::recreate(dir.path().join("990100ABC"), &key()).unwrap();
    assert_eq!((total(&index), index.watermark().unwrap()), (0, 0));
}
