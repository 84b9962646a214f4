//! Jobs, outbox and leases: claimed once, given back when the worker dies, given up in the end.

use std::collections::BTreeSet;

use store::*;

use crate::world::*;

const SECOND: i64 = 1_000_000;
const LEASE: i64 = 60 * SECOND;

on_both! {
    async fn every_job_is_claimed_by_one_worker(world) {
        file(&world.store, 1..=30).await;
        let workers: Vec<_> = (0..8)
            .map(|_| {
                let store = world.store.clone();
                tokio::spawn(async move {
                    let mut claimed = Vec::new();
                    for _ in 0..10 {
                        claimed.extend(store.work_claim(Queue::Jobs, &tenant(), SECOND, LEASE, 4).await.unwrap());
                    }
                    claimed
                })
            })
            .collect();
        let mut names = Vec::new();
        for worker in workers {
            names.extend(worker.await.unwrap().into_iter().map(|w| w.id));
        }
        assert_eq!(names.len(), 30);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 30);
        assert!(world.store.work_claim(Queue::Jobs, &other_tenant(), SECOND, LEASE, 4).await.unwrap().is_empty());
        assert!(world.store.work_claim(Queue::Outbox, &tenant(), SECOND, LEASE, 4).await.unwrap().is_empty());
    }

    async fn work_of_a_dead_worker_goes_to_another(world) {
        file(&world.store, [1]).await;
        let store = &world.store;
        let claim = async |now| store.work_claim(Queue::Jobs, &tenant(), now, LEASE, 10).await.unwrap();
        let first = claim(SECOND).await.remove(0);
        assert_eq!((first.kind.as_str(), first.attempts, first.subject), ("judge", 1, id(1)));
        assert!(claim(SECOND + LEASE - 1).await.is_empty());
        let second = claim(SECOND + LEASE).await.remove(0);
        assert_eq!(second.attempts, 2);
        // The first wakes up late: what it says no longer counts.
        assert!(store.work_done(Queue::Jobs, &tenant(), std::slice::from_ref(&first)).await.unwrap().is_empty());
        store.work_failed(Queue::Jobs, &tenant(), &first, "late", 2 * LEASE).await.unwrap();
        assert!(claim(SECOND + LEASE + 5).await.is_empty());
        assert_eq!(store.work_done(Queue::Jobs, &tenant(), &[first, second]).await.unwrap(), [id(1)].into());
        assert_eq!(store.work_waiting(Queue::Jobs, &tenant()).await.unwrap(), 0);
    }

    async fn work_done_together_vanishes_together(world) {
        file(&world.store, 1..=70).await;
        let store = &world.store;
        let mut claimed = store.work_claim(Queue::Jobs, &tenant(), SECOND, LEASE, 40).await.unwrap();
        claimed.extend(store.work_claim(Queue::Jobs, &tenant(), 2 * SECOND, LEASE, 27).await.unwrap());
        let gone = store.work_done(Queue::Jobs, &tenant(), &claimed).await.unwrap();
        assert_eq!(gone, claimed.iter().map(|w| w.id).collect());
        assert_eq!(store.work_waiting(Queue::Jobs, &tenant()).await.unwrap(), 3);
        assert!(store.work_done(Queue::Jobs, &tenant(), &[]).await.unwrap().is_empty());
    }

    async fn failing_work_waits_longer_each_time_and_is_given_up(world) {
        file(&world.store, [1]).await;
        let store = &world.store;
        let mut now = SECOND;
        let mut pauses = Vec::new();
        loop {
            let work = store.work_claim(Queue::Jobs, &tenant(), now, LEASE, 1).await.unwrap().remove(0);
            match store.work_failed(Queue::Jobs, &tenant(), &work, "no_answer", now).await.unwrap() {
                WorkTurn::Again { due_at } => {
                    pauses.push((due_at - now) / SECOND);
                    assert!(store.work_claim(Queue::Jobs, &tenant(), due_at - 1, LEASE, 1).await.unwrap().is_empty());
                    now = due_at;
                }
                WorkTurn::Dead => break,
            }
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256]);
        let dead = store.work_dead(Queue::Jobs, &tenant()).await.unwrap();
        assert_eq!((dead.len(), dead[0].error.as_deref(), dead[0].attempts), (1, Some("no_answer"), 10));
        assert_eq!(dead[0].given_up_at, now);
        assert_eq!(store.work_waiting(Queue::Jobs, &tenant()).await.unwrap(), 0);
        assert_eq!(store.work_dead_count(Queue::Jobs, &tenant()).await.unwrap(), 1);
        assert_eq!(store.work_dead_count(Queue::Outbox, &tenant()).await.unwrap(), 0);
        assert!(store.work_revive(Queue::Jobs, &tenant(), &dead[0].id).await.unwrap());
        assert!(!store.work_revive(Queue::Jobs, &tenant(), &dead[0].id).await.unwrap());
        assert_eq!(store.work_claim(Queue::Jobs, &tenant(), now, LEASE, 1).await.unwrap()[0].attempts, 1);
    }

    async fn work_that_kills_its_workers_is_given_up_too(world) {
        file(&world.store, [1]).await;
        let mut now = SECOND;
        for _ in 0..10 {
            assert_eq!(world.store.work_claim(Queue::Jobs, &tenant(), now, LEASE, 1).await.unwrap().len(), 1);
            now += LEASE;
        }
        assert!(world.store.work_claim(Queue::Jobs, &tenant(), now, LEASE, 1).await.unwrap().is_empty());
        assert_eq!(world.store.work_dead(Queue::Jobs, &tenant()).await.unwrap()[0].error.as_deref(), Some("lost"));
    }

    async fn the_same_message_is_sent_once(world) {
        let message = |n: u32| intake_with(n, Box::new(|rows| {
            rows.outbox = vec![NewWork {
                id: id(77),
                kind: "transfer".into(),
                subject: id(1),
                payload: vec![1, 2, 3],
                due_at: 5 * SECOND,
            }];
        }));
        world.store.append(message(1)).await.unwrap();
        world.store.append(message(2)).await.unwrap();
        assert!(world.store.work_claim(Queue::Outbox, &tenant(), 4 * SECOND, LEASE, 9).await.unwrap().is_empty());
        let claimed = world.store.work_claim(Queue::Outbox, &tenant(), 5 * SECOND, LEASE, 9).await.unwrap();
        assert_eq!((claimed.len(), claimed[0].payload.as_slice()), (1, &[1, 2, 3][..]));
    }

    async fn a_clock_that_ran_ahead_holds_nothing_back(world) {
        file(&world.store, [1, 2]).await;
        let store = &world.store;
        let ahead = 3 * 24 * 3600 * SECOND;
        // Two days ahead one job is taken by a worker that dies, the other fails and is put off.
        let taken = store.work_claim(Queue::Jobs, &tenant(), ahead, LEASE, 2).await.unwrap();
        store.work_failed(Queue::Jobs, &tenant(), &taken[0], "late", ahead).await.unwrap();
        let lease = async |holder, now| store.lease(&tenant(), "sequencer", holder, now, now + LEASE).await.unwrap();
        let first = lease("one", ahead).await.unwrap();
        // The clock is put right.
        let again = store.work_claim(Queue::Jobs, &tenant(), SECOND, LEASE, 5).await.unwrap();
        assert_eq!(again.len(), 2, "both are taken up");
        assert!(store.work_claim(Queue::Jobs, &tenant(), SECOND, LEASE, 5).await.unwrap().is_empty(), "and once");
        let second = lease("two", SECOND).await.unwrap();
        assert!(second.number > first.number);
        // Machines whose clocks differ a little leave each other's leases alone.
        assert_eq!(lease("three", SECOND - LEASE / 2).await, None);
    }

    async fn a_lease_has_one_holder_and_its_number_only_grows(world) {
        let store = &world.store;
        let take = async |who: &str, now: i64| store.lease(&tenant(), "sequencer", who, now, now + LEASE).await.unwrap();
        let first = take("a", 0).await.unwrap();
        assert_eq!(take("b", LEASE - 1).await, None);
        assert_eq!(take("a", LEASE - 1).await, Some(first.clone()), "renewed");
        assert_eq!(take("b", 2 * LEASE - 2).await, None);
        let second = take("b", 2 * LEASE).await.unwrap();
        assert!(second.number > first.number);
        store.lease_release(&first).await.unwrap();
        assert_eq!(take("c", 2 * LEASE + 1).await, None, "a lost lease cannot be released");
        store.lease_release(&second).await.unwrap();
        assert!(take("a", 2 * LEASE + 2).await.unwrap().number > second.number);
        assert!(store.lease(&other_tenant(), "sequencer", "z", 0, 1).await.unwrap().is_some());
    }
}
