//! Packages between two networks: whole or refused, sealed to one side only, never whole in memory.

use std::io::{Read, Write};

use proptest::prelude::*;
use seal::{
    FerryKeys, FerryPair, FerrySide, PackageError, PackageLink, PackageReader, PackageWriter, SeededEntropy,
    check_package, ferry_padding,
};

fn pair(seed: u64) -> FerryPair {
    FerryPair::generate(&mut SeededEntropy::new(seed))
}

fn package(keys: &FerryKeys, number: u64, content: &[u8]) -> Vec<u8> {
    let link = PackageLink { number, before: [7; 32] };
    let mut rng = SeededEntropy::new(number);
    let mut writer = PackageWriter::start(keys, &link, &mut rng, Vec::new()).expect("it begins");
    writer.write_all(content).expect("it is taken");
    writer.finish().expect("it ends").0
}

fn content(keys: &FerryKeys, bytes: &[u8]) -> Vec<u8> {
    let checked = check_package(keys, &mut &bytes[..], bytes.len() as u64).expect("its signature holds");
    let mut reader = PackageReader::open(keys, &checked.link, bytes, bytes.len() as u64).expect("it opens");
    let mut out = Vec::new();
    reader.read_to_end(&mut out).expect("it is whole");
    out
}

#[test]
fn what_one_side_packs_the_other_unpacks_and_nobody_else() {
    let FerryPair { outside, inside } = pair(1);
    assert_eq!((outside.side(), inside.side()), (FerrySide::Outside, FerrySide::Inside));
    for length in [0, 1, 65_504, 65_536, 65_537, 400_000] {
        let words: Vec<u8> = (0..length).map(|n: u32| n as u8).collect();
        let bytes = package(&outside, 3, &words);
        assert_eq!(content(&inside, &bytes), words, "{length}");
        let check = |keys: &FerryKeys| check_package(keys, &mut &bytes[..], bytes.len() as u64);
        assert!(matches!(check(&outside), Err(PackageError::OwnSide)));
        assert!(matches!(check(&pair(2).inside), Err(PackageError::OtherPair)));
        assert_eq!(check(&inside).expect("it holds").link, PackageLink { number: 3, before: [7; 32] });
    }
}

#[test]
fn no_changed_byte_and_no_missing_end_goes_unseen() {
    let FerryPair { outside, inside } = pair(1);
    let bytes = package(&inside, 1, &[5; 1000]);
    for at in (0..bytes.len()).step_by(97).chain(bytes.len() - 64..bytes.len()) {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(check_package(&outside, &mut &other[..], other.len() as u64).is_err(), "byte {at}");
    }
    for length in [0, 10, 300, bytes.len() - 1] {
        assert!(check_package(&outside, &mut &bytes[..length], length as u64).is_err(), "{length} bytes");
    }
    let longer = [&bytes[..], &[0]].concat();
    assert!(check_package(&outside, &mut &longer[..], longer.len() as u64).is_err());
}

#[test]
fn nothing_of_the_content_stands_in_a_package() {
    let keys = pair(1).outside;
    let bytes = package(&keys, 1, "河清市收受礼金".repeat(1000).as_bytes());
    assert!(!bytes.windows(9).any(|w| w == "河清市".as_bytes()));
}

proptest! {
    #[test]
    fn padding_leaves_little_to_be_told_from_the_size(length in 0u64..1 << 33) {
        let whole = length + ferry_padding(length);
        prop_assert!(whole >= 256 * 1024 && whole.is_multiple_of(256 * 1024));
        prop_assert!(whole - length <= (length.next_power_of_two() / 8).max(256 * 1024));
    }
}
