//! Tile names and the growing edge.

use std::collections::BTreeSet;

use ledger::reader::Reader;
use ledger::tiles::{Edge, EntryTooLong, Rank, TileId, tiles_for};
use proptest::prelude::*;

use crate::world::{Files, checkpoint, edge, entry, files};

#[test]
fn paths_are_spelled_as_the_specification_spells_them() {
    let full = |index| TileId::full(Rank::Level(0), index).to_string();
    assert_eq!(full(1_234_067), "tile/0/x001/x234/067");
    assert_eq!(full(0), "tile/0/000");
    assert_eq!(full(1000), "tile/0/x001/000");
    let partial = TileId { rank: Rank::Entries, index: 273, width: 112 };
    assert_eq!(partial.to_string(), "tile/entries/273.p/112");
}

#[test]
fn only_the_one_spelling_is_read() {
    for path in ["tile/0/000", "tile/63/x001/x234/067", "tile/entries/273.p/112", "tile/1/255.p/1"] {
        assert_eq!(TileId::parse(path).unwrap().to_string(), path);
    }
    for path in [
        "",
        "tile",
        "tile/0",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/001",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p",
        "tile/0/000/",
        "/tile/0/000",
        "tile/entry/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
        "checkpoint",
    ] {
        assert_eq!(TileId::parse(path), None, "{path}");
    }
}

#[test]
fn seventy_thousand_leaves_have_the_tiles_of_the_example() {
    let all = tiles_for(0, 70_000);
    let count = |rank| all.iter().filter(|id| id.rank == rank && id.is_full()).count();
    let partial = |rank| all.iter().find(|id| id.rank == rank && !id.is_full()).map(|id| id.width);
    assert_eq!((count(Rank::Level(0)), partial(Rank::Level(0))), (273, Some(112)));
    assert_eq!((count(Rank::Level(1)), partial(Rank::Level(1))), (1, Some(17)));
    assert_eq!((count(Rank::Level(2)), partial(Rank::Level(2))), (0, Some(1)));
    assert_eq!((count(Rank::Entries), partial(Rank::Entries)), (273, Some(112)));
    assert_eq!(tiles_for(256, 256), []);
    let full_and_parent: Vec<String> = tiles_for(0, 256).iter().map(TileId::to_string).collect();
    assert_eq!(full_and_parent, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
}

#[test]
fn an_entry_too_long_for_its_frame_is_refused() {
    let mut edge = Edge::new();
    assert_eq!(edge.push(&vec![0; 65_536]), Err(EntryTooLong(65_536)));
    assert_eq!(edge.size(), 0);
    assert!(edge.push(&vec![0; 65_535]).is_ok());
    assert!(edge.push(&[]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Written in one go or in two, by one server or by another that takes the
    /// edge from the files: the same names, the same bytes.
    #[test]
    fn growth_in_steps_writes_the_same_bytes(old in 0u64..1400, more in 0u64..1400) {
        let new = old + more;
        let (mut first, at_old) = files(old);
        let mut resumed = Reader::open(&first, &at_old).unwrap().edge().unwrap();
        prop_assert_eq!(&resumed, &edge(old));
        let mut written = BTreeSet::new();
        let mut grown = Files::default();
        for index in old..new {
            for (id, bytes) in resumed.push(&entry(index)).unwrap() {
                written.insert(id);
                grown.0.insert(id.to_string(), bytes);
            }
        }
        for (id, bytes) in resumed.partials() {
            written.insert(id);
            grown.0.insert(id.to_string(), bytes);
        }
        let (whole, at_new) = files(new);
        prop_assert_eq!(checkpoint(&resumed), at_new);
        for (path, bytes) in &grown.0 {
            prop_assert_eq!(Some(bytes), whole.0.get(path));
        }
        // Every file that is new is announced by `tiles_for`, and no other,
        // besides partial tiles of the old size that did not change.
        let announced: BTreeSet<_> = tiles_for(old, new).into_iter().collect();
        prop_assert!(announced.is_subset(&written));
        for id in written.difference(&announced) {
            prop_assert!(first.0.contains_key(&id.to_string()));
        }
        first.0.extend(grown.0);
        for path in whole.0.keys() {
            prop_assert!(first.0.contains_key(path));
        }
    }
}
