//! The tree against a naive definition and against ct-merkle.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ledger::Hash;
use ledger::tree::{
    BadProof, Frontier, consistency_proof, empty_root, inclusion_proof, leaf_hash, node_hash, root_at,
    verify_consistency, verify_inclusion,
};
use proptest::prelude::*;
use sha2::Sha256;

fn leaves(n: u64) -> Vec<Hash> {
    (0..n).map(|i| leaf_hash(&i.to_be_bytes())).collect()
}

/// RFC 6962, 2.1, word for word.
fn naive(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        many => {
            let k = many.len().next_power_of_two() / 2;
            node_hash(&naive(&many[..k]), &naive(&many[k..]))
        }
    }
}

fn other(n: u64) -> MemoryBackedTree<Sha256, Vec<u8>> {
    let mut tree = MemoryBackedTree::new();
    (0..n).for_each(|i| tree.push(i.to_be_bytes().to_vec()));
    tree
}

#[test]
fn every_small_tree_proves_all_its_leaves_and_all_its_pasts() {
    let all = leaves(70);
    let mut frontier = Frontier::new();
    for size in 0..=70u64 {
        let here = &all[..size as usize];
        let root = naive(here);
        assert_eq!(frontier.root(), root);
        assert_eq!(Frontier::from_bytes(&frontier.to_bytes()).unwrap(), frontier);
        for index in 0..size {
            let path = inclusion_proof(&mut &here[..], size, index).unwrap();
            let leaf = &here[index as usize];
            assert_eq!(verify_inclusion(leaf, index, size, &path, &root), Ok(()));
            let neighbour = (index + 1) % size;
            if neighbour != index {
                assert!(verify_inclusion(leaf, neighbour, size, &path, &root).is_err());
            }
            assert!(verify_inclusion(leaf, index, size, &path, &empty_root()).is_err());
            for at in 0..path.len() {
                let mut bad = path.clone();
                bad[at][size as usize % 32] ^= 1;
                let verdict = verify_inclusion(leaf, index, size, &bad, &root);
                assert_eq!(verdict, Err(BadProof::Root));
                let verdict = verify_inclusion(leaf, index, size, &path[..at], &root);
                assert!(matches!(verdict, Err(BadProof::Length { .. })));
            }
        }
        for old in 0..=size {
            let old_root = naive(&all[..old as usize]);
            assert_eq!(root_at(&mut &here[..], old).unwrap(), old_root);
            let path = consistency_proof(&mut &here[..], old, size).unwrap();
            assert_eq!(verify_consistency(old, size, &path, &old_root, &root), Ok(()));
            let wrong = [9; 32];
            assert!(verify_consistency(old, size, &path, &wrong, &root).is_err());
            if old > 0 {
                assert!(verify_consistency(old, size, &path, &old_root, &wrong).is_err());
            }
            for at in 0..path.len() {
                let mut bad = path.clone();
                bad[at][0] ^= 0x80;
                assert!(verify_consistency(old, size, &bad, &old_root, &root).is_err());
            }
        }
        if size < 70 {
            assert_eq!(frontier.push(all[size as usize]), size);
        }
    }
}

#[test]
fn proofs_outside_the_tree_are_refused() {
    let root = naive(&leaves(4));
    assert_eq!(verify_inclusion(&root, 4, 4, &[], &root), Err(BadProof::OutOfRange));
    assert_eq!(verify_inclusion(&root, 0, 0, &[], &root), Err(BadProof::OutOfRange));
    assert_eq!(verify_consistency(5, 4, &[], &root, &root), Err(BadProof::OutOfRange));
    assert_eq!(verify_inclusion(&root, 0, 1, &[], &root), Ok(()));
    let far = u64::MAX;
    assert!(matches!(verify_inclusion(&root, far - 1, far, &[], &root), Err(BadProof::Length { .. })));
    assert!(matches!(verify_consistency(far - 1, far, &[], &root, &root), Err(BadProof::Length { .. })));
}

#[test]
fn bytes_that_are_no_frontier_are_refused() {
    let mut frontier = Frontier::new();
    leaves(5).into_iter().for_each(|leaf| {
        frontier.push(leaf);
    });
    let bytes = frontier.to_bytes();
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 1]).is_err());
    assert!(Frontier::from_bytes(&bytes[..bytes.len() - 32]).is_err());
    assert!(Frontier::from_bytes(&[]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn another_implementation_says_the_same(
        new in 1u64..1500, a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()
    ) {
        let all = leaves(new);
        let oracle = other(new);
        let mut frontier = Frontier::new();
        all.iter().for_each(|leaf| { frontier.push(*leaf); });
        let theirs = oracle.root();
        prop_assert_eq!(&frontier.root()[..], &theirs.as_bytes()[..]);

        let index = a.index(new as usize) as u64;
        let path = inclusion_proof(&mut &all[..], new, index).unwrap();
        let theirs = oracle.prove_inclusion(index as usize);
        prop_assert_eq!(&path.concat()[..], theirs.as_bytes());

        let old = b.index(new as usize) as u64 + 1;
        let path = consistency_proof(&mut &all[..], old, new).unwrap();
        let theirs = oracle.prove_consistency((new - old) as usize);
        let old_root = naive(&all[..old as usize]);
        prop_assert_eq!(verify_consistency(old, new, &path, &old_root, &frontier.root()), Ok(()));
        prop_assert_eq!(&path.concat()[..], theirs.as_bytes());
    }
}
