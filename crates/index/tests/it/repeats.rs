//! Candidates for repeats.

use index::Document;

use crate::{empty, id, report};

fn with(n: u128, fingerprints: &[u64]) -> Document {
    Document { fingerprints: fingerprints.to_vec(), ..report(n, "字") }
}

#[test]
fn those_that_share_most_come_first() {
    let (_dir, index) = empty();
    index.put(&with(1, &[10, 20, 30, u64::MAX])).unwrap();
    index.put(&with(2, &[10, 20, 40])).unwrap();
    index.commit(1).unwrap();
    index.put(&with(3, &[50])).unwrap();
    index.put(&with(4, &[10])).unwrap();
    index.commit(2).unwrap();
    assert_eq!(index.candidates(&[10, 20, 30, u64::MAX], 10).unwrap(), [id(1), id(2), id(4)]);
    assert_eq!(index.candidates(&[10, 20, 30, 30], 1).unwrap(), [id(1)]);
    assert_eq!(index.candidates(&[u64::MAX], 10).unwrap(), [id(1)]);
    assert!(index.candidates(&[60], 10).unwrap().is_empty());
    assert!(index.candidates(&[], 10).unwrap().is_empty());
    assert!(index.candidates(&[10], 0).unwrap().is_empty());
}

#[test]
fn a_deleted_report_is_no_candidate() {
    let (_dir, index) = empty();
    index.put(&with(1, &[10])).unwrap();
    index.put(&with(2, &[10])).unwrap();
    index.commit(1).unwrap();
    index.delete(id(1)).unwrap();
    index.commit(2).unwrap();
    assert_eq!(index.candidates(&[10], 10).unwrap(), [id(2)]);
}

#[test]
fn a_common_fingerprint_does_not_push_out_those_that_share_rare_ones() {
    let (_dir, index) = empty();
    for n in 0..200 {
        index.put(&with(n, &[7])).unwrap();
    }
    index.put(&with(500, &[7, 8])).unwrap();
    index.commit(1).unwrap();
    let best = index.candidates(&[7, 8], 5).unwrap();
    assert_eq!((best.len(), best[0]), (5, id(500)));
}
