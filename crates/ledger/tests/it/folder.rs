//! Publishing: what is written, what is refused, what a crash leaves.

use std::fs;

use ledger::folder::{Folder, FolderError};
use ledger::reader::Reader;
use ledger::tree::verify_inclusion;
use ledger::{Checkpoint, Flaw, verify_folder};

use crate::world::{ORIGIN, checkpoint, edge, entry, files, key, leaf, publish, trust};

#[test]
fn a_log_grows_step_by_step_and_stays_sound() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path().join("log"));
    for size in [0, 1, 16, 255, 256, 257, 512, 700, 700] {
        publish(&folder, size);
        let report = verify_folder(folder.dir(), &trust()).unwrap();
        assert_eq!(report.checkpoint(), checkpoint(&edge(size)));
        assert_eq!((report.beyond, report.strangers), (vec![], vec![]));
    }
    // The bytes are those of a log written in one go.
    let (whole, _) = files(700);
    for (path, bytes) in &whole.0 {
        assert_eq!(fs::read(folder.dir().join(path)).unwrap(), *bytes, "{path}");
    }
    // Partial tiles whose full tile stands are gone.
    assert!(!folder.dir().join("tile/0/000.p").exists());
    assert!(folder.dir().join("tile/0/002.p/188").exists());
    assert!(!folder.dir().join(".new").exists());
}

#[test]
fn proofs_from_the_folder_hold() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    publish(&folder, 700);
    let here = checkpoint(&edge(700));
    let mut reader = Reader::open(&folder, &here).unwrap();
    for index in [0, 1, 255, 256, 511, 512, 699] {
        assert_eq!(reader.entry(index).unwrap(), entry(index));
        let path = reader.inclusion(index).unwrap();
        verify_inclusion(&leaf(index).hash(), index, 700, &path, &here.root).unwrap();
    }
    assert!(reader.entry(700).is_err());
    assert!(reader.inclusion(700).is_err());
    assert!(reader.bundle(3).is_err());
    assert!(reader.consistency(701).is_err());
}

#[test]
fn an_anchor_finds_a_roll_back_and_a_fork() {
    let (store, here) = files(700);
    let mut reader = Reader::open(&store, &here).unwrap();
    for size in [0, 1, 255, 256, 300, 699, 700] {
        assert_eq!(reader.extends(&checkpoint(&edge(size))), Ok(()));
    }
    let later = reader.extends(&checkpoint(&edge(701))).unwrap_err();
    assert_eq!(later.flaw, Flaw::RolledBack { anchor: 701, size: 700 });
    let other = Checkpoint { root: [3; 32], ..checkpoint(&edge(300)) };
    assert_eq!(reader.extends(&other).unwrap_err().flaw, Flaw::Fork { anchor: 300 });
}

#[test]
fn a_smaller_checkpoint_never_replaces_a_larger_one() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    publish(&folder, 300);
    let before = folder.checkpoint().unwrap();
    let note = checkpoint(&edge(20)).sign(&key()).unwrap().to_string();
    let trust = trust();
    let mut again = folder.begin_again(&trust).unwrap();
    (0..20).for_each(|index| again.push(&entry(index)).unwrap());
    let refused = again.finish(&note).unwrap_err();
    assert!(matches!(refused, FolderError::Behind { published: 300, offered: 20 }), "{refused}");
    assert_eq!(folder.checkpoint().unwrap(), before);
    verify_folder(folder.dir(), &trust).unwrap();
}

#[test]
fn a_fork_is_not_published() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    publish(&folder, 16);
    let mut forked = ledger::tiles::Edge::new();
    (0..16).for_each(|index| {
        forked.push(&entry(index + 1000)).unwrap();
    });
    let note = checkpoint(&forked).sign(&key()).unwrap().to_string();
    let trust = trust();
    let mut again = folder.begin_again(&trust).unwrap();
    (0..16).for_each(|index| again.push(&entry(index + 1000)).unwrap());
    assert!(matches!(again.finish(&note), Err(FolderError::Fork(16))));
    verify_folder(folder.dir(), &trust).unwrap();
}

#[test]
fn a_checkpoint_must_speak_of_the_leaves_pushed_and_be_signed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    let trust = trust();
    let sign = |checkpoint: &Checkpoint| checkpoint.sign(&key()).unwrap().to_string();
    let with_16 = || {
        let mut publication = folder.begin(&trust).unwrap();
        (0..16).for_each(|index| publication.push(&entry(index)).unwrap());
        publication
    };
    let other_root = Checkpoint { root: [1; 32], ..checkpoint(&edge(16)) };
    let stranger = ledger::Signer::from_seed(ORIGIN, ledger::note::KeyKind::Log, &[8; 32]).unwrap();
    let by_stranger = checkpoint(&edge(16)).sign(&stranger).unwrap().to_string();
    for note in [sign(&checkpoint(&edge(17))), sign(&other_root), by_stranger, "no note".into()] {
        let refused = with_16().finish(&note).unwrap_err();
        assert!(matches!(refused, FolderError::Checkpoint(_)), "{refused}");
    }
    assert_eq!(folder.checkpoint().unwrap(), None);
    with_16().finish(&sign(&checkpoint(&edge(16)))).unwrap();
}

#[test]
fn an_interrupted_publication_is_taken_up_again() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    publish(&folder, 16);
    let trust = trust();
    let mut interrupted = folder.begin(&trust).unwrap();
    (16..300).for_each(|index| interrupted.push(&entry(index)).unwrap());
    drop(interrupted);
    // A half-written file stays under the one temporary name.
    fs::write(dir.path().join(".new"), b"half").unwrap();
    let report = verify_folder(folder.dir(), &trust).unwrap();
    assert_eq!(report.size, 16);
    assert_eq!(report.beyond, ["tile/0/000", "tile/entries/000"]);
    publish(&folder, 300);
    let report = verify_folder(folder.dir(), &trust).unwrap();
    assert_eq!((report.size, report.beyond), (300, vec![]));
}

#[test]
fn damage_stops_a_publication_and_writing_again_mends_it() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    publish(&folder, 300);
    let trust = trust();
    let note = checkpoint(&edge(600)).sign(&key()).unwrap().to_string();

    let edge_tile = dir.path().join("tile/0/001.p/44");
    let sound = fs::read(&edge_tile).unwrap();
    fs::write(&edge_tile, &sound[1..]).unwrap();
    assert!(matches!(folder.begin(&trust), Err(FolderError::Unsound(_))));

    // Tiles no checkpoint covers yet, spoiled before they were published.
    fs::write(&edge_tile, &sound).unwrap();
    fs::write(dir.path().join("tile/0/001"), b"spoiled").unwrap();
    let mut publication = folder.begin(&trust).unwrap();
    let refused = (300..600).find_map(|index| publication.push(&entry(index)).err()).unwrap();
    assert!(matches!(refused, FolderError::Conflict(_)), "{refused}");
    drop(publication);

    let mut again = folder.begin_again(&trust).unwrap();
    assert_eq!(again.size(), 0);
    (0..600).for_each(|index| again.push(&entry(index)).unwrap());
    again.finish(&note).unwrap();
    assert_eq!(verify_folder(folder.dir(), &trust).unwrap().size, 600);
}

#[test]
fn a_cosigned_checkpoint_replaces_the_bare_one() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    publish(&folder, 16);
    let here = checkpoint(&edge(16));
    let mut note = here.sign(&key()).unwrap();
    note.add(crate::world::witness("city.example/w", 1).cosign(&here.text(), 7).unwrap());
    let trust = trust();
    folder.begin(&trust).unwrap().finish(&note.to_string()).unwrap();
    assert_eq!(verify_folder(folder.dir(), &trust).unwrap().unknown_signatures, 1);
    // Published once more, or with another witness's line alone, it keeps the first one's.
    folder.begin(&trust).unwrap().finish(&here.sign(&key()).unwrap().to_string()).unwrap();
    assert_eq!(verify_folder(folder.dir(), &trust).unwrap().unknown_signatures, 1);
    let mut other = here.sign(&key()).unwrap();
    other.add(crate::world::witness("peer.example/w", 2).cosign(&here.text(), 8).unwrap());
    folder.begin(&trust).unwrap().finish(&other.to_string()).unwrap();
    assert_eq!(verify_folder(folder.dir(), &trust).unwrap().unknown_signatures, 2);
}

#[test]
fn publishers_of_one_folder_take_turns() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Folder::at(dir.path());
    std::thread::scope(|scope| {
        for size in [16, 304, 32, 160, 592, 480] {
            let folder = &folder;
            scope.spawn(move || {
                let trust = trust();
                let note = checkpoint(&edge(size)).sign(&key()).unwrap().to_string();
                let mut publication = folder.begin(&trust).unwrap();
                if publication.size() <= size {
                    let wanted = publication.size()..size;
                    wanted.for_each(|index| publication.push(&entry(index)).unwrap());
                    publication.finish(&note).unwrap();
                }
            });
        }
    });
    assert_eq!(verify_folder(folder.dir(), &trust()).unwrap().size, 592);
}
