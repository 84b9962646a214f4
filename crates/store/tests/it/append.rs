//! Appending: who wins a race, what is never lost, doubled or left out.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::ids::{ReportId, StreamKind};
use store::*;

use crate::world::*;

/// Runs many tasks at once and waits for all.
async fn join_all<T: Send + 'static>(
    futures: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut done = Vec::with_capacity(tasks.len());
    for task in tasks {
        done.push(task.await.unwrap());
    }
    done
}

/// Appends and, like a polite caller, comes again when the register is busy.
async fn append_patiently(store: Store, make: impl Fn() -> Append) -> Result<Appended, AppendError> {
    loop {
        match store.append(make()).await {
            Err(AppendError::Busy) => tokio::time::sleep(Duration::from_millis(5)).await,
            other => return other,
        }
    }
}

on_both! {
    async fn what_was_appended_stands_there_after_reopening(world) {
        let done = world.store.append(intake(1)).await.unwrap();
        let number = done.number.clone().unwrap();
        assert_eq!((number.serial, number.year, done.version), (1, 2026, 1));
        world.store.close().await;

        let store = Store::connect(&world.url).await.unwrap();
        let events = store.stream(&tenant(), StreamKind::Report, &id(1)).await.unwrap();
        assert_eq!(events.len(), 1);
        assert_eq!(events[0].number.as_ref(), Some(&number));
        assert_eq!(events[0].row, event(&id(1), 1, [0; 32]).row);
        assert_eq!(events[0].salt, Some([9; 32]));
        let report = ReportId(id(1));
        let found = store.code(&commitment(&id(1), 100)).await.unwrap().unwrap();
        assert_eq!((found.tenant, found.report, found.thread_key), (tenant(), report, [6; 32]));
        assert_eq!(store.content_keys(&tenant(), report).await.unwrap()[0].wrapped, vec![1; 80]);
        assert_eq!(store.identity(&tenant(), report).await.unwrap().unwrap().gate_share, vec![5; 80]);
        assert_eq!(store.salt(&tenant(), &commitment(&id(1), 1)).await.unwrap(), Some([9; 32]));
        assert_eq!(store.log_waiting(&tenant()).await.unwrap(), 1);
        assert_eq!(store.work_waiting(Queue::Jobs, &tenant()).await.unwrap(), 1);
        let row = store.report_by_number(&Scope::program(tenant()), &number).await.unwrap().unwrap();
        assert_eq!(row, report_row(report, number, 1));
    }

    async fn of_forty_racing_appends_exactly_one_wins(world) {
        let number = file(&world.store, [1]).await.remove(&1).unwrap();
        let results = join_all((0..40).map(|_| {
            let (store, number) = (world.store.clone(), number.clone());
            async move { store.append(step(1, 1, |_| {}, number)).await }
        })).await;
        let won = results.iter().filter(|r| r.is_ok()).count();
        let late = results.iter().filter(|r| matches!(r, Err(AppendError::Conflict))).count();
        assert_eq!((won, late), (1, 39));
        assert_eq!(world.store.stream(&tenant(), StreamKind::Report, &id(1)).await.unwrap().len(), 2);
    }

    async fn a_version_that_is_not_there_yet_is_a_conflict(world) {
        let number = file(&world.store, [1]).await.remove(&1).unwrap();
        let ahead = world.store.append(step(1, 5, |_| {}, number)).await;
        assert!(matches!(ahead, Err(AppendError::Conflict)), "{ahead:?}");
    }

    async fn numbers_are_gapless_whatever_fails_between_them(world) {
        const TASKS: u32 = 64;
        const EACH: u32 = 50;
        let url = world.url.clone();
        // On PostgreSQL a second process files into the same series at the same time.
        let second = match world.engine {
            Engine::Sqlite => world.store.clone(),
            Engine::Postgres => Store::connect(&url).await.unwrap(),
        };
        let results = join_all((0..TASKS).map(|task| {
            let store = if task % 2 == 0 { world.store.clone() } else { second.clone() };
            async move {
                let mut numbers = Vec::new();
                for i in 0..EACH {
                    let n = task * EACH + i;
                    match i % 10 {
                        // A report that is already there: refused after it was given a number.
                        3 => {
                            let again = append_patiently(store.clone(), || intake(n - 1)).await;
                            assert!(matches!(again, Err(AppendError::Conflict)), "{again:?}");
                        }
                        // A mistake found while the transaction is open.
                        5 => {
                            let bad = append_patiently(store.clone(), || {
                                intake_with(n, Box::new(|rows| rows.events.clear()))
                            }).await;
                            assert!(matches!(bad, Err(AppendError::Malformed(_))), "{bad:?}");
                        }
                        // Two rows of one key: refused by the database in the middle of the inserts.
                        7 => {
                            let bad = append_patiently(store.clone(), || {
                                intake_with(n, Box::new(|rows| {
                                    let key = rows.content_keys[0].clone();
                                    rows.content_keys.push(key);
                                }))
                            }).await;
                            assert!(matches!(bad, Err(AppendError::Store(_))), "{bad:?}");
                        }
                        // Sent twice, answered once and remembered once.
                        9 => {
                            let once = Once { key: commitment(&id(n), 7), body: [1; 32] };
                            let make = || Append { once: Some(once), ..intake(n) };
                            let first = append_patiently(store.clone(), make).await.unwrap();
                            let again = append_patiently(store.clone(), make).await;
                            let Err(AppendError::Replayed(prior)) = again else { panic!("{again:?}") };
                            assert_eq!(prior.number, first.number);
                            numbers.push(first.number.unwrap());
                        }
                        _ => {
                            let done = append_patiently(store.clone(), || intake(n)).await.unwrap();
                            numbers.push(done.number.unwrap());
                        }
                    }
                }
                numbers
            }
        })).await;
        let given: Vec<u32> = results.into_iter().flatten().map(|n| n.serial).collect();
        let expected = (TASKS * EACH) as usize * 7 / 10;
        assert_eq!(given.len(), expected);
        assert_eq!(given.iter().copied().collect::<BTreeSet<_>>(), (1..=expected as u32).collect());
        assert_eq!(world.ask("SELECT given FROM numbers").await, expected as i64);
        for table in ["events", "reports", "salts", "log_rows", "content_keys", "identities", "codes", "jobs"] {
            assert_eq!(world.ask(&format!("SELECT count(*) FROM {table}")).await, expected as i64, "{table}");
        }
        assert_eq!(world.ask("SELECT value FROM tallies").await, expected as i64);
    }

    async fn a_request_sent_again_is_the_same_report(world) {
        let once = Once { key: [1; 32], body: [2; 32] };
        // Twenty tries of one lost answer, each with a fresh random id, as a retry would have.
        let results = join_all((0..20).map(|n| {
            let store = world.store.clone();
            async move { store.append(Append { once: Some(once), ..intake(n) }).await }
        })).await;
        let done: Vec<_> = results.iter().filter_map(|r| r.as_ref().ok()).collect();
        assert_eq!(done.len(), 1);
        for result in &results {
            if let Err(error) = result {
                let AppendError::Replayed(prior) = error else { panic!("{error}") };
                assert_eq!(prior.number, done[0].number);
                assert_eq!(prior.commitment, done[0].commitment);
                assert_eq!(prior.day, TODAY);
            }
        }
        assert_eq!(world.ask("SELECT count(*) FROM reports").await, 1);

        let other = Once { key: [1; 32], body: [3; 32] };
        let refused = world.store.append(Append { once: Some(other), ..intake(50) }).await;
        assert!(matches!(refused, Err(AppendError::KeyReused)), "{refused:?}");
    }

    async fn an_idempotency_key_is_free_again_after_its_days(world) {
        let once = Some(Once { key: [1; 32], body: [2; 32] });
        world.store.append(Append { once, ..intake(1) }).await.unwrap();
        let next_day = TODAY.tomorrow().unwrap();
        let replay = world.store.append(Append { once, today: next_day, ..intake(2) }).await;
        assert!(matches!(replay, Err(AppendError::Replayed(_))), "at least 24 hours: {replay:?}");
        let later = next_day.tomorrow().unwrap().tomorrow().unwrap();
        world.store.append(Append { once, today: later, ..intake(2) }).await.unwrap();
        assert_eq!(world.store.sweep_idempotency(later).await.unwrap(), 0);
        let much_later = later.checked_add(jiff::Span::new().days(9)).unwrap();
        assert_eq!(world.store.sweep_idempotency(much_later).await.unwrap(), 1);
    }

    async fn what_belongs_together_goes_in_together_or_not_at_all(world) {
        let number = file(&world.store, [1]).await.remove(&1).unwrap();
        let together = vec![step(1, 1, |_| {}, number.clone()), intake(2), intake(3)];
        let done = world.store.append_together(together).await.unwrap();
        assert_eq!(done.iter().map(|d| d.number.as_ref().map(|n| n.serial)).collect::<Vec<_>>(), [None, Some(2), Some(3)]);

        let stale = vec![intake(4), step(1, 1, |_| {}, number)];
        let refused = world.store.append_together(stale).await;
        assert!(matches!(refused, Err(AppendError::Conflict)), "{refused:?}");
        assert!(world.store.stream(&tenant(), StreamKind::Report, &id(4)).await.unwrap().is_empty());
        assert_eq!(world.store.append(intake(5)).await.unwrap().number.unwrap().serial, 4);
    }

    async fn a_commit_waits_upon_other_reports_and_writes_nothing_where_they_moved(world) {
        let numbers = file(&world.store, [1, 2, 3]).await;
        let report = |n| ReportId(id(n));
        let link = |n: u32, version, to: u32, guards| {
            let bend = move |row: &mut ReportRow| row.repeat_of = Some(report(to));
            world.store.append_guarded(vec![step(n, version, bend, numbers[&n].clone())], guards)
        };
        let stale = link(1, 1, 2, vec![Guard::At(report(2), 2)]).await;
        assert!(matches!(stale, Err(AppendError::Conflict)), "{stale:?}");
        let nowhere = link(1, 1, 9, vec![Guard::At(report(9), 1)]).await;
        assert!(matches!(nowhere, Err(AppendError::Conflict)), "{nowhere:?}");
        assert_eq!(world.store.stream_version(&tenant(), StreamKind::Report, &id(1)).await.unwrap(), 1);
        link(1, 1, 2, vec![Guard::At(report(2), 1), Guard::NoRepeats(report(1))]).await.unwrap();
        let carries = link(2, 1, 3, vec![Guard::At(report(3), 1), Guard::NoRepeats(report(2))]).await;
        assert!(matches!(carries, Err(AppendError::Conflict)), "{carries:?}");
        link(3, 1, 2, vec![Guard::At(report(2), 1), Guard::NoRepeats(report(3))]).await.unwrap();
    }

    async fn of_reports_linked_to_each_other_at_once_no_two_repeat_each_other(world) {
        // Two processes on PostgreSQL, one on SQLite.
        let second = match world.engine {
            Engine::Sqlite => world.store.clone(),
            Engine::Postgres => Store::connect(&world.url).await.unwrap(),
        };
        let numbers = file(&world.store, 1..=60).await;
        // Twenty rings of three: each links to the next, all at once.
        let results = join_all((1..=60u32).map(|n| {
            let to = if n % 3 == 0 { n - 2 } else { n + 1 };
            let store = if n % 2 == 0 { world.store.clone() } else { second.clone() };
            let number = numbers[&n].clone();
            async move {
                let to = ReportId(id(to));
                let append = step(n, 1, move |row| row.repeat_of = Some(to), number);
                let guards = vec![Guard::At(to, 1), Guard::NoRepeats(ReportId(id(n)))];
                store.append_guarded(vec![append], guards).await
            }
        })).await;
        for (ring, of_ring) in results.chunks(3).enumerate() {
            let linked = of_ring.iter().filter(|r| r.is_ok()).count();
            assert_eq!(linked, 1, "ring {ring}: {of_ring:?}");
            for result in of_ring {
                assert!(matches!(result, Ok(_) | Err(AppendError::Conflict)), "{result:?}");
            }
        }
        assert_eq!(world.ask("SELECT count(*) FROM reports WHERE repeat_of IS NOT NULL").await, 20);
    }

    async fn appends_that_want_only_the_end_follow_each_other(world) {
        // Two processes on PostgreSQL, one on SQLite.
        let second = match world.engine {
            Engine::Sqlite => world.store.clone(),
            Engine::Postgres => Store::connect(&world.url).await.unwrap(),
        };
        let results = join_all((0..200).map(|n| {
            let store = if n % 2 == 0 { world.store.clone() } else { second.clone() };
            async move { append_patiently(store, || audit(id(7))).await }
        })).await;
        assert!(results.iter().all(Result::is_ok), "{:?}", results.iter().find(|r| r.is_err()));
        let events = world.store.stream(&tenant(), StreamKind::Audit, &id(7)).await.unwrap();
        assert_eq!(events.len(), 200);
        let mut prev = [0; 32];
        for (version, event) in (1..).zip(events) {
            assert_eq!((event.row.version, event.row.prev), (version, prev));
            prev = event.row.commitment;
        }
    }

    async fn what_is_recorded_beside_a_step_never_makes_it_a_conflict(world) {
        const REPORTS: u32 = 60;
        let mut numbers = file(&world.store, 1..=REPORTS).await;
        let second = match world.engine {
            Engine::Sqlite => world.store.clone(),
            Engine::Postgres => Store::connect(&world.url).await.unwrap(),
        };
        let results = join_all((1..=REPORTS).map(|n| {
            let store = if n % 2 == 0 { world.store.clone() } else { second.clone() };
            let number = numbers.remove(&n).unwrap();
            async move { store.append_together(vec![step(n, 1, |_| {}, number), audit(id(5_007))]).await }
        })).await;
        assert!(results.iter().all(Result::is_ok), "{:?}", results.iter().find(|r| r.is_err()));
        let records = world.store.stream(&tenant(), StreamKind::Audit, &id(5_007)).await.unwrap();
        assert_eq!(records.len(), results.len(), "each step has its record, once");

        // Whoever comes too late to the report itself is still told so.
        let number = world.store.stream(&tenant(), StreamKind::Report, &id(1)).await.unwrap()[0].number.clone().unwrap();
        let late = second.append_together(vec![step(1, 1, |_| {}, number), audit(id(5_007))]).await;
        assert!(matches!(late, Err(AppendError::Conflict)), "{late:?}");
        let filed_twice = second.append_together(vec![intake(2), audit(id(5_007))]).await;
        assert!(matches!(filed_twice, Err(AppendError::Conflict)), "{filed_twice:?}");
        assert_eq!(world.store.stream(&tenant(), StreamKind::Audit, &id(5_007)).await.unwrap().len(), records.len());
    }

    async fn a_row_is_imported_once(world) {
        let make = |n| intake_with(n, Box::new(|rows| {
            rows.imports = vec![ImportRow { source: "board".into(), key: [5; 32] }];
        }));
        world.store.append(make(1)).await.unwrap();
        let again = world.store.append(make(2)).await;
        assert!(matches!(again, Err(AppendError::Imported)), "{again:?}");
        let keys: Vec<_> = (0..40).map(|k| [k; 32]).collect();
        let known = world.store.imported(&tenant(), "board", &keys).await.unwrap();
        assert_eq!(known.into_iter().collect::<Vec<_>>(), [[5; 32]]);
        assert!(world.store.imported(&tenant(), "letters", &keys).await.unwrap().is_empty());
    }

    async fn too_many_waiting_are_told_so_and_the_rest_go_in(world) {
        // Somebody holds the database for a while.
        let url = world.url.clone();
        let (held, release) = (tokio::sync::oneshot::channel::<()>(), tokio::sync::oneshot::channel::<()>());
        let holder = tokio::spawn(async move {
            if url.starts_with("sqlite:") {
                let pool = sqlx::SqlitePool::connect(&url).await.unwrap();
                let tx = pool.begin_with("BEGIN IMMEDIATE").await.unwrap();
                held.0.send(()).unwrap();
                release.1.await.unwrap();
                tx.rollback().await.unwrap();
            } else {
                let pool = sqlx::PgPool::connect(&url).await.unwrap();
                let mut tx = pool.begin().await.unwrap();
                sqlx::query("LOCK TABLE numbers IN ACCESS EXCLUSIVE MODE").execute(&mut *tx).await.unwrap();
                held.0.send(()).unwrap();
                release.1.await.unwrap();
                tx.rollback().await.unwrap();
            }
        });
        held.1.await.unwrap();
        let tasks: Vec<_> = (0..1500)
            .map(|n| {
                let store = world.store.clone();
                tokio::spawn(async move { store.append(intake(n)).await })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(300)).await;
        release.0.send(()).unwrap();
        holder.await.unwrap();
        let (mut done, mut busy) = (0, 0);
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => done += 1,
                Err(AppendError::Busy) => busy += 1,
                Err(other) => panic!("{other}"),
            }
        }
        assert!(busy > 0 && done > 1000, "done {done}, busy {busy}");
        assert_eq!(world.ask("SELECT count(*) FROM reports").await, done);
        assert_eq!(world.ask("SELECT given FROM numbers").await, done);
    }

    async fn an_append_that_panics_harms_nobody_else(world) {
        let bad = world.store.append(intake_with(1, Box::new(|_| panic!("as this story wants it")))).await;
        assert!(matches!(bad, Err(AppendError::Malformed(_))), "{bad:?}");
        assert_eq!(world.store.append(intake(2)).await.unwrap().number.unwrap().serial, 1);
    }

    async fn a_code_is_replaced_and_destroyed(world) {
        let number = file(&world.store, [1]).await.remove(&1).unwrap();
        let report = ReportId(id(1));
        let change = |expected, code: CodeChange| {
            let number = number.clone();
            Append {
                fill: Box::new(move |place| Rows {
                    events: vec![event(&id(1), place.version + 1, place.prev)],
                    projection: Some(projection(report_row(report, number.clone(), place.version + 1))),
                    code: Some(code.clone()),
                    thread: vec![ThreadRow { seq: place.version + 1, day: TODAY, from: ThreadFrom::Office, envelope: vec![8; 9] }],
                    ..Rows::default()
                }),
                ..step(1, expected, |_| {}, first_number())
            }
        };
        let new = CodeRow { lookup: [1; 32], thread_key: [2; 32] };
        world.store.append(change(1, CodeChange::Set(new))).await.unwrap();
        assert_eq!(world.store.code(&commitment(&id(1), 100)).await.unwrap(), None);
        assert_eq!(world.store.code(&[1; 32]).await.unwrap().unwrap().report, report);
        assert_eq!(world.store.thread_key(&tenant(), report).await.unwrap(), Some([2; 32]));
        world.store.append(change(2, CodeChange::Destroy)).await.unwrap();
        assert_eq!(world.store.code(&[1; 32]).await.unwrap(), None);
        assert_eq!(world.store.thread_key(&tenant(), report).await.unwrap(), None);
        let thread = world.store.thread(&tenant(), report).await.unwrap();
        assert_eq!(thread.iter().map(|t| t.seq).collect::<Vec<_>>(), [2, 3]);
    }
}

fn first_number() -> domain::ids::ReportNumber {
    domain::ids::ReportNumber { tenant: tenant(), year: 2026, series: domain::ids::Series::Register, serial: 1 }
}
