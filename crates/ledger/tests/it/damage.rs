//! Every kind of damage to a log folder is found: each byte flipped, each file
//! shortened, lengthened, removed, or exchanged with another.

use std::fs;
use std::path::{Path, PathBuf};

use ledger::folder::Folder;
use ledger::reader::Reader;
use ledger::{Flaw, Quorum, Trust, verify_folder};
use proptest::prelude::*;

use crate::world::{Files, checkpoint, edge, files, key, publish, trust, witness};

/// A folder published at several sizes, so that superseded partial tiles lie
/// in it too.
fn folder(sizes: &[u64]) -> (tempfile::TempDir, Folder) {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    for size in sizes {
        publish(&folder, *size);
    }
    (dir, folder)
}

fn all_files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { out.extend(all_files(&path)) } else { out.push(path) }
    }
    out.sort();
    out
}

/// Flips each byte of each file in turn; of the large full tiles every
/// `step`-th (a prime, so that all columns are met).
fn flip(sizes: &[u64], step: usize) {
    let (_dir, folder) = folder(sizes);
    verify_folder(folder.dir(), &trust()).unwrap();
    let mut flips = 0;
    for path in all_files(folder.dir()) {
        let sound = fs::read(&path).unwrap();
        let step = if sound.len() < 8192 { 1 } else { step };
        for at in (0..sound.len()).step_by(step) {
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(&path, &bytes).unwrap();
            let verdict = verify_folder(folder.dir(), &trust());
            assert!(verdict.is_err(), "byte {at} of {} flipped unseen", path.display());
            flips += 1;
        }
        fs::write(&path, &sound).unwrap();
    }
    assert!(flips > 100);
    verify_folder(folder.dir(), &trust()).unwrap();
}

#[test]
fn no_flipped_byte_goes_unseen_in_a_log_of_one() {
    flip(&[1], 1);
}

#[test]
fn no_flipped_byte_goes_unseen_in_a_log_of_five() {
    flip(&[2, 5], 1);
}

#[test]
fn no_flipped_byte_goes_unseen_in_a_log_of_three_hundred() {
    flip(&[258, 300], 1);
}

#[test]
fn no_flipped_byte_goes_unseen_in_a_log_of_seven_hundred() {
    flip(&[514, 700], 13);
}

/// With witnesses required, their lines are as firm as the log's own.
#[test]
fn no_flipped_byte_goes_unseen_in_a_cosigned_checkpoint() {
    let here = checkpoint(&edge(5));
    let (city, province) = (witness("city.example/w", 1), witness("province.example/w", 2));
    let mut note = here.sign(&key()).unwrap();
    note.add(city.cosign(&here.text(), 1_770_000_000).unwrap());
    note.add(province.cosign(&here.text(), 1_770_000_000).unwrap());
    let witnesses = vec![city.verifier(), province.verifier()];
    let trust = Trust { quorum: Quorum::at_least(2, &witnesses), witnesses, ..trust() };
    let sound = note.to_string().into_bytes();
    trust.checkpoint("checkpoint", &sound).unwrap();
    for at in 0..sound.len() {
        for bit in 0..8 {
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << bit;
            assert!(trust.checkpoint("checkpoint", &bytes).is_err(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn no_file_can_be_cut_or_lengthened() {
    let (_dir, folder) = folder(&[258, 300, 700]);
    for path in all_files(folder.dir()) {
        let sound = fs::read(&path).unwrap();
        let (one_less, half) = (&sound[..sound.len() - 1], &sound[..sound.len() / 2]);
        let longer = [&sound[..], &[0]].concat();
        let another_hash = [&sound[..], &[0; 32]].concat();
        for bytes in [&[], one_less, half, &longer, &another_hash] {
            fs::write(&path, bytes).unwrap();
            let verdict = verify_folder(folder.dir(), &trust());
            assert!(verdict.is_err(), "{} with {} bytes", path.display(), bytes.len());
        }
        fs::write(&path, &sound).unwrap();
    }
}

#[test]
fn no_file_can_be_missing_or_stand_for_another() {
    let (_dir, folder) = folder(&[700]);
    let paths = all_files(folder.dir());
    for path in &paths {
        let sound = fs::read(path).unwrap();
        fs::remove_file(path).unwrap();
        let fault = verify_folder(folder.dir(), &trust()).unwrap_err();
        assert_eq!(fault.flaw, Flaw::Missing);
        assert_eq!(folder.dir().join(&fault.place), *path);
        for other in paths.iter().filter(|other| *other != path) {
            let theirs = fs::read(other).unwrap();
            fs::write(path, &theirs).unwrap();
            fs::write(other, &sound).unwrap();
            assert!(verify_folder(folder.dir(), &trust()).is_err(), "{path:?} and {other:?}");
            fs::write(other, &theirs).unwrap();
        }
        fs::write(path, &sound).unwrap();
    }
    verify_folder(folder.dir(), &trust()).unwrap();
}

#[test]
fn strangers_are_named_and_do_no_harm() {
    let (dir, folder) = folder(&[16]);
    fs::write(dir.path().join("tile/0/README"), b"?").unwrap();
    fs::write(dir.path().join("tile/1"), b"?").unwrap();
    let report = verify_folder(folder.dir(), &trust()).unwrap();
    assert_eq!(report.strangers, ["tile/0/README", "tile/1"]);
    assert_eq!(verify_folder(&dir.path().join("none"), &trust()).unwrap_err().flaw, Flaw::Missing);
}

/// CVE-2026-56865: at 70,000 leaves the size has six one bits, but only three
/// tiles stand at the right edge. A reader that begins to check tiles at the
/// number of root hashes lets the next ones pass unproven.
#[test]
fn more_root_hashes_than_edge_tiles_hide_no_flipped_byte() {
    assert!(70_000u64.count_ones() > 3);
    let (Files(sound), here) = files(70_000);
    let path = "tile/0/048";
    let mut spoiled = Files(sound.clone());
    // Leaf 12291 is the fourth hash of tile 48.
    spoiled.0.get_mut(path).unwrap()[3 * 32] ^= 1;
    let mut reader = Reader::open(&spoiled, &here).unwrap();
    let parent = |verdict: Result<(), ledger::Fault>| {
        let fault = verdict.unwrap_err();
        assert_eq!((fault.place.as_str(), fault.flaw), (path, Flaw::Parent));
    };
    parent(reader.entry(12_291).map(|_| ()));
    parent(reader.inclusion(12_291).map(|_| ()));
    parent(reader.inclusion(12_290).map(|_| ()));
    parent(reader.tile(0, 48).map(|_| ()));
    // Whatever else was read before, and in whatever order.
    for first in [0, 12_287, 12_544, 65_535, 65_536, 69_888, 69_999] {
        reader.entry(first).unwrap();
        reader.inclusion(first).unwrap();
        parent(reader.entry(12_291).map(|_| ()));
    }
    // And so for every full tile of the level.
    for tile in 0..273u64 {
        let path = ledger::tiles::TileId::full(ledger::tiles::Rank::Level(0), tile).to_string();
        let mut spoiled = Files(sound.clone());
        spoiled.0.get_mut(&path).unwrap()[(tile as usize * 37) % 8192] ^= 0x10;
        let mut reader = Reader::open(&spoiled, &here).unwrap();
        assert_eq!(reader.tile(0, tile).unwrap_err().place, path);
    }
}

#[test]
fn the_folder_check_refuses_that_case_too() {
    let (_dir, folder) = folder(&[70_000]);
    assert_eq!(verify_folder(folder.dir(), &trust()).unwrap().size, 70_000);
    let path = folder.dir().join("tile/0/048");
    let mut bytes = fs::read(&path).unwrap();
    bytes[3 * 32] ^= 1;
    fs::write(&path, bytes).unwrap();
    let fault = verify_folder(folder.dir(), &trust()).unwrap_err();
    assert_eq!((fault.place.as_str(), fault.flaw), ("tile/0/048", Flaw::Parent));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any size, any file, any byte: a reader that walks the whole log notices.
    #[test]
    fn a_walk_over_any_log_finds_any_flip(
        size in 1u64..2000, file in any::<prop::sample::Index>(),
        byte in any::<prop::sample::Index>(), flip in 1u8..=255,
    ) {
        let (mut store, here) = files(size);
        let walk = |store: &Files| {
            let mut reader = Reader::open(store, &here)?;
            (0..size.div_ceil(256)).try_for_each(|index| reader.bundle(index).map(|_| ()))
        };
        prop_assert_eq!(walk(&store), Ok(()));
        let path = file.get(&store.0.keys().cloned().collect::<Vec<_>>()).clone();
        let bytes = store.0.get_mut(&path).unwrap();
        let at = byte.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(walk(&store).is_err(), "byte {} of {}", at, path);
    }
}
