//! Files in segments.

use proptest::prelude::*;
use seal::{
    ContentKey, FilePlace, PartDigest, SEGMENT_LEN, SealError, SegmentOpener, SegmentSealer, SystemEntropy, open_file,
    seal_file, sha256,
};

use crate::{REPORT, TENANT, entropy, flipped, minted};

const SEALED: usize = 4 + SEGMENT_LEN + 16;

fn place() -> FilePlace<'static> {
    FilePlace { tenant: TENANT, report: REPORT, blob: [3; 16] }
}

fn sealed(key: &ContentKey, data: &[u8]) -> (Vec<u8>, PartDigest) {
    let mut out = Vec::new();
    let file = seal_file(key, &place(), &mut entropy(90), &mut &data[..], &mut out).expect("memory takes it");
    assert_eq!((file.len, file.sha256), (data.len() as u64, sha256(data)));
    assert_eq!(file.digest.ciphertext, sha256(&out));
    (out, file.digest)
}

fn opened(key: &ContentKey, place: &FilePlace<'_>, mut bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = Vec::new();
    open_file(key, place, &mut bytes, &mut out).map(|_| out)
}

fn pattern(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i % 253) as u8).collect()
}

#[test]
fn every_length_around_a_segment_comes_back() {
    let (_, key, _) = minted(1, &mut entropy(1));
    for len in [0, 1, SEGMENT_LEN - 33, SEGMENT_LEN - 32, SEGMENT_LEN - 31, SEGMENT_LEN, 3 * SEGMENT_LEN + 5] {
        let data = pattern(len);
        let (bytes, digest) = sealed(&key, &data);
        let mut out = Vec::new();
        let file = open_file(&key, &place(), &mut &bytes[..], &mut out).unwrap();
        assert_eq!(out, data);
        assert_eq!(file.digest, digest);
        assert_eq!(file.sha256, sha256(&data));
        assert_eq!(SegmentOpener::key_number(&bytes).unwrap(), 1);
    }
}

#[test]
fn the_length_is_hidden_within_a_segment() {
    let (_, key, _) = minted(1, &mut entropy(2));
    assert_eq!(sealed(&key, b"").0.len(), sealed(&key, &pattern(60_000)).0.len());
}

#[test]
fn cutting_adding_and_reordering_are_found() {
    let (_, key, _) = minted(1, &mut entropy(3));
    let (bytes, _) = sealed(&key, &pattern(2 * SEGMENT_LEN + 100));
    let header = SegmentOpener::HEADER_LEN;
    let trailer = bytes.len() - 32;
    assert_eq!(trailer, header + 3 * SEALED);
    let segment = |n: usize| &bytes[header + n * SEALED..header + (n + 1) * SEALED];
    let build = |order: &[usize]| {
        let mut out = bytes[..header].to_vec();
        order.iter().for_each(|&n| out.extend_from_slice(segment(n)));
        out.extend_from_slice(&bytes[trailer..]);
        out
    };
    assert!(opened(&key, &place(), &build(&[0, 1, 2])).is_ok());
    for order in [&[0, 1][..], &[0], &[2], &[], &[1, 0, 2], &[0, 2], &[0, 1, 2, 2], &[0, 1, 1, 2], &[0, 1, 2, 1]] {
        assert!(opened(&key, &place(), &build(order)).is_err(), "{order:?}");
    }
    for len in [0, 10, header, header + SEALED, trailer, bytes.len() - 1] {
        assert!(opened(&key, &place(), &bytes[..len]).is_err(), "cut to {len}");
    }
    assert!(opened(&key, &place(), &[&bytes[..], b"x"].concat()).is_err());
}

#[test]
fn it_opens_for_no_other_report_blob_or_key() {
    let (_, key, _) = minted(1, &mut entropy(4));
    let (_, other, _) = minted(1, &mut entropy(5));
    let (bytes, _) = sealed(&key, b"photo");
    for place in [
        FilePlace { tenant: "990200ABC", ..place() },
        FilePlace { report: [8; 16], ..place() },
        FilePlace { blob: [4; 16], ..place() },
    ] {
        assert!(opened(&key, &place, &bytes).is_err(), "{place:?}");
    }
    let header = &bytes[..SegmentOpener::HEADER_LEN];
    let swapped = SegmentOpener::start(&other, &place(), header).err();
    assert_eq!(swapped, Some(SealError::Commitment("sealed file")));
}

#[test]
fn a_segment_of_another_file_under_the_same_key_is_refused() {
    let (_, key, _) = minted(1, &mut entropy(6));
    let first = sealed(&key, b"one").0;
    let mut second = Vec::new();
    seal_file(&key, &place(), &mut entropy(91), &mut &b"two"[..], &mut second).unwrap();
    let header = SegmentOpener::HEADER_LEN;
    let mixed = [&first[..header], &second[header..]].concat();
    assert!(opened(&key, &place(), &mixed).is_err());
}

#[test]
fn a_change_of_any_byte_is_found() {
    let (_, key, _) = minted(1, &mut entropy(7));
    let (bytes, _) = sealed(&key, b"a small file");
    let ends = (0..200).chain(bytes.len() - 100..bytes.len());
    for (at, bad) in flipped(&bytes, ends.chain((0..bytes.len()).step_by(503))) {
        assert!(opened(&key, &place(), &bad).is_err(), "byte {at}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However the bytes come in, the sealed file is the same and opens to the same.
    #[test]
    fn pieces_do_not_matter(
        data in proptest::collection::vec(any::<u8>(), 0..150_000),
        cuts in proptest::collection::vec(1usize..70_000, 1..6),
    ) {
        let (_, key, _) = minted(1, &mut SystemEntropy);
        let whole = sealed(&key, &data).0;
        let mut out = Vec::new();
        let mut sealer = SegmentSealer::start(&key, &place(), &mut entropy(90), &mut out);
        let mut rest = &data[..];
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break }
            let (now, later) = rest.split_at(rest.len().min(*cut));
            sealer.update(now, &mut out);
            rest = later;
        }
        sealer.finish(&mut out);
        prop_assert_eq!(&out, &whole);

        let (header, mut rest) = whole.split_at(SegmentOpener::HEADER_LEN);
        let mut opener = SegmentOpener::start(&key, &place(), header).unwrap();
        let mut plain = Vec::new();
        for cut in cuts.iter().cycle() {
            if rest.is_empty() { break }
            let (now, later) = rest.split_at(rest.len().min(*cut));
            opener.update(now, &mut plain).unwrap();
            rest = later;
        }
        opener.finish(&mut plain).unwrap();
        prop_assert_eq!(plain, data);
    }
}
