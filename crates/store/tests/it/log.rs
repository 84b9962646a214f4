//! The log's rows: every leaf gets one place, none is skipped, and only the leader writes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::*;

use crate::world::*;

/// A head that only counts, as the ledger's stand-in.
fn count(before: &LogHead, leaves: &[LogLeaf]) -> Result<NextHead, String> {
    let size = before.size + leaves.len() as u64;
    Ok(NextHead {
        padding: Vec::new(),
        frontier: size.to_be_bytes().to_vec(),
        root: [u8::try_from(size % 251).unwrap(); 32],
        checkpoint: format!("size {size}").into_bytes(),
    })
}

async fn fence(store: &Store, who: &str, now: i64) -> Option<Fence> {
    store.lease(&tenant(), "sequencer", who, now, now + 10).await.unwrap()
}

on_both! {
    async fn every_leaf_is_sequenced_once_while_commits_go_on(world) {
        const TASKS: u32 = 8;
        const EACH: u32 = 40;
        let fence = fence(&world.store, "a", 0).await.unwrap();
        let filing: Vec<_> = (0..TASKS)
            .map(|task| {
                let store = world.store.clone();
                tokio::spawn(async move {
                    for i in 0..EACH {
                        store.append(intake(task * EACH + i)).await.unwrap();
                    }
                })
            })
            .collect();
        let done = Arc::new(AtomicBool::new(false));
        let sequencer = {
            let (store, done, fence) = (world.store.clone(), Arc::clone(&done), fence.clone());
            tokio::spawn(async move {
                let mut rounds = 0;
                loop {
                    let last = done.load(Ordering::SeqCst);
                    let head = store.log_sequence(&fence, 17, &count).await.unwrap();
                    if head.size > 0 {
                        assert_eq!(head.frontier, head.size.to_be_bytes());
                    }
                    rounds += 1;
                    if last && store.log_waiting(&tenant()).await.unwrap() == 0 {
                        return rounds;
                    }
                }
            })
        };
        for task in filing {
            task.await.unwrap();
        }
        done.store(true, Ordering::SeqCst);
        assert!(sequencer.await.unwrap() > 1);
        let size = u64::from(TASKS * EACH);
        let head = world.store.log_head(&tenant()).await.unwrap();
        assert_eq!((head.epoch, head.size), (1, size));
        let leaves = world.store.log_leaves(&tenant(), 1, 0, size + 5).await.unwrap();
        let names: BTreeSet<_> = leaves.iter().map(|l| l.commitment).collect();
        let expected: BTreeSet<_> = (0..TASKS * EACH).map(|n| commitment(&id(n), 1)).collect();
        assert_eq!((leaves.len() as u64, names), (size, expected));
        for (place, leaf) in (0..).zip(&leaves).step_by(31) {
            assert_eq!(world.store.log_index(&tenant(), &leaf.commitment).await.unwrap(), Some((1, place)));
        }
        let some = world.store.log_leaves(&tenant(), 1, 100, 110).await.unwrap();
        assert_eq!(some, leaves[100..110]);
    }

    async fn a_leader_that_lost_its_lease_writes_nothing(world) {
        file(&world.store, [1]).await;
        let old = fence(&world.store, "a", 0).await.unwrap();
        let new = fence(&world.store, "b", 100).await.unwrap();
        let refused = world.store.log_sequence(&old, 10, &count).await;
        assert!(matches!(refused, Err(StoreError::Fenced)), "{refused:?}");
        assert_eq!(world.store.log_waiting(&tenant()).await.unwrap(), 1);
        assert_eq!(world.store.log_sequence(&new, 10, &count).await.unwrap().size, 1);
    }

    async fn what_the_ledger_refuses_leaves_no_trace(world) {
        file(&world.store, 1..=3).await;
        let fence = fence(&world.store, "a", 0).await.unwrap();
        let refused = world.store.log_sequence(&fence, 10, &|_, _| Err("no key".into())).await;
        assert!(matches!(refused, Err(StoreError::Refused(ref why)) if why == "no key"), "{refused:?}");
        assert_eq!(world.store.log_waiting(&tenant()).await.unwrap(), 3);
        assert_eq!(world.store.log_head(&tenant()).await.unwrap().size, 0);
    }

    async fn a_publication_is_padded_and_an_empty_round_changes_nothing(world) {
        file(&world.store, 1..=3).await;
        let fence = fence(&world.store, "a", 0).await.unwrap();
        let padded = |before: &LogHead, leaves: &[LogLeaf]| {
            let mut next = count(before, leaves)?;
            let size = before.size + leaves.len() as u64;
            for n in size..size.next_multiple_of(16) {
                let commitment = commitment(&id(9_000_000), u32::try_from(n).unwrap());
                next.padding.push(LeafRow { commitment, salt: Some([3; 32]), day: TODAY });
            }
            Ok(next)
        };
        assert_eq!(world.store.log_sequence(&fence, 10, &padded).await.unwrap().size, 16);
        let head = world.store.log_sequence(&fence, 10, &padded).await.unwrap();
        assert_eq!(head.size, 16);
        assert_eq!(world.store.log_leaves(&tenant(), 1, 0, 99).await.unwrap().len(), 16);
        assert_eq!(world.store.salt(&tenant(), &commitment(&id(9_000_000), 3)).await.unwrap(), Some([3; 32]));
    }

    async fn after_a_restore_leaves_go_to_the_next_log(world) {
        file(&world.store, 1..=3).await;
        let fence = fence(&world.store, "a", 0).await.unwrap();
        world.store.log_sequence(&fence, 10, &count).await.unwrap();
        let next = world.store.log_open_next(&tenant()).await.unwrap();
        assert_eq!((next.epoch, next.size), (2, 0));
        let first = LeafRow { commitment: [1; 32], salt: None, day: TODAY };
        world.store.log_add(&tenant(), &[first.clone(), first]).await.unwrap();
        assert_eq!(world.store.log_index(&tenant(), &[1; 32]).await.unwrap(), None);
        assert_eq!(world.store.log_sequence(&fence, 10, &count).await.unwrap().size, 1);
        assert_eq!(world.store.log_index(&tenant(), &[1; 32]).await.unwrap(), Some((2, 0)));
        let heads = world.store.log_heads(&tenant()).await.unwrap();
        assert_eq!(heads.iter().map(|h| (h.epoch, h.size)).collect::<Vec<_>>(), [(1, 3), (2, 1)]);
    }

    async fn what_stands_in_the_head_log_is_not_added_again(world) {
        let fence = fence(&world.store, "a", 0).await.unwrap();
        let grown = |before: &LogHead, new: &[Vec<u8>]| {
            let size = before.size + new.len() as u64;
            let checkpoint = format!("size {size}").into_bytes();
            Ok(NextHead { padding: Vec::new(), frontier: size.to_be_bytes().to_vec(), root: [9; 32], checkpoint })
        };
        let entries = |texts: &[&str]| texts.iter().map(|text| text.as_bytes().to_vec()).collect::<Vec<_>>();
        let head = world.store.head_extend(&fence, &entries(&["a", "b", "a"]), &grown).await.unwrap();
        assert_eq!((head.size, head.checkpoint), (2, b"size 2".to_vec()));
        assert_eq!(world.store.head_extend(&fence, &entries(&["b"]), &grown).await.unwrap().size, 2);
        assert_eq!(world.store.head_extend(&fence, &entries(&["b", "c"]), &grown).await.unwrap().size, 3);
        assert_eq!(world.store.head_leaves(&tenant(), 1, 0, 99).await.unwrap(), entries(&["a", "b", "c"]));
        assert_eq!(world.store.head_leaves(&tenant(), 1, 1, 2).await.unwrap(), entries(&["b"]));
        assert_eq!(world.store.head_index(&tenant(), b"c").await.unwrap(), Some((1, 2)));
        assert_eq!(world.store.head_index(&tenant(), b"d").await.unwrap(), None);
        let refused = world.store.head_extend(&fence, &entries(&["d"]), &|_, _| Err("no key".into())).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
        let taken = world.store.lease(&tenant(), "sequencer", "b", 100, 110).await.unwrap().unwrap();
        let late = world.store.head_extend(&fence, &entries(&["d"]), &grown).await;
        assert!(matches!(late, Err(StoreError::Fenced)), "{late:?}");
        assert_eq!(world.store.head_extend(&taken, &entries(&["d"]), &grown).await.unwrap().size, 4);
        // Its head stands among the others', and a restore opens the next one.
        assert_eq!(world.store.log_head(&tenant()).await.unwrap().size, 4);
        world.store.log_open_next(&tenant()).await.unwrap();
        assert_eq!(world.store.head_extend(&taken, &entries(&["e"]), &grown).await.unwrap().epoch, 2);
        assert_eq!(world.store.head_leaves(&tenant(), 2, 0, 99).await.unwrap(), entries(&["e"]));
    }
}
