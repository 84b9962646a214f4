//! The portable snapshot: out of one engine, into the other, and nothing is lost or changed.

use domain::ids::{ReportId, StaffId};
use store::*;

use crate::world::*;

async fn export(store: &Store) -> (String, u64) {
    let mut bytes = Vec::new();
    let rows = store.export_snapshot(&mut bytes, &mut |_, _| {}).await.unwrap();
    (String::from_utf8(bytes).unwrap(), rows)
}

async fn import(store: &Store, text: &str) -> Result<u64, StoreError> {
    store.import_snapshot(&mut text.as_bytes(), &mut |_, _| {}).await
}

/// A register in which no table is empty, and one table is longer than a page.
async fn full(world: &World) {
    let store = &world.store;
    store.append(found(other_tenant(), Some(tenant()))).await.unwrap();
    for n in 1..=40 {
        let bend: Bend = Box::new(move |rows| {
            let projection = rows.projection.as_mut().unwrap();
            projection.clocks.push(clock(1, TODAY, TODAY, TODAY));
            projection.recused = vec![format!("token-{n}")];
            projection.papers.push(PaperRow { version: 1, paper: "proof".into(), number: None, day: TODAY });
            rows.thread = vec![ThreadRow { seq: 1, day: TODAY, from: ThreadFrom::Reporter, envelope: vec![1] }];
            rows.blobs = vec![BlobRow {
                blob: id(n),
                version: 1,
                part: BlobPart::Attachment,
                key_no: 1,
                size: 12,
                commitment: None,
            }];
            rows.outbox = vec![NewWork {
                id: id(n),
                kind: "transfer".into(),
                subject: id(n),
                payload: b"\x00\xff".to_vec(),
                due_at: i64::MAX,
            }];
            rows.ferry = Some(FerryRow { package: None });
            rows.imports = vec![ImportRow { source: "板".into(), key: [u8::try_from(n).unwrap(); 32] }];
        });
        let once = Some(Once { key: commitment(&id(n), 3), body: [1; 32] });
        store.append(Append { once, ..intake_with(n, bend) }).await.unwrap();
    }
    for _ in 0..600 {
        store.append(audit(id(5005))).await.unwrap();
    }
    let act = FerryAct { report: ReportId(id(1)), ord: 1, payload: vec![7] };
    assert!(store.ferry_act(&tenant(), &act, &FerryBeside::default()).await.unwrap());
    assert!(!store.ferry_act(&tenant(), &act, &FerryBeside::default()).await.unwrap(), "another act came first");
    let (filings, acts) = store.ferry_waiting(&tenant()).await.unwrap();
    assert_eq!((filings.len(), &acts), (40, &vec![act]));
    let load = FerryLoad { filings, ..FerryLoad::default() };
    let turn = store.lease(&tenant(), "ferry", "a", 0, 1).await.unwrap().unwrap();
    store.ferry_sent(&turn, 1, &[1; 32], &load).await.unwrap();
    store.ferry_copy(&tenant(), ReportId(id(1)), 1, &[8], &[]).await.unwrap();
    assert_eq!(store.ferry_report(&tenant(), ReportId(id(1))).await.unwrap().unwrap().package, Some(1));
    assert!(store.ferry_waiting(&tenant()).await.unwrap().0.is_empty());
    let fence = store.lease(&tenant(), "sequencer", "a", 0, 10).await.unwrap().unwrap();
    let next = |_: &LogHead, _: &[LogLeaf]| {
        Ok(NextHead { padding: vec![], frontier: vec![1], root: [2; 32], checkpoint: vec![3] })
    };
    store.log_sequence(&fence, 20, &next).await.unwrap();
    let over_all = store.lease(&other_tenant(), "sequencer", "a", 0, 10).await.unwrap().unwrap();
    let grown = |_: &LogHead, _: &[Vec<u8>]| {
        Ok(NextHead { padding: vec![], frontier: vec![1], root: [2; 32], checkpoint: vec![3] })
    };
    store.head_extend(&over_all, &[b"\x00 a checkpoint\n".to_vec()], &grown).await.unwrap();
    let staff = StaffId("lin".into());
    let draft = DraftRow { draft: id(1), form: "visit".into(), sealed: vec![0; 9], changed_on: TODAY };
    store.draft_put(&tenant(), &staff, &draft).await.unwrap();
    let (kind, secret) = (CredentialKind::Password, "phc".to_owned());
    let row = CredentialRow { lookup: [1; 32], kind, tenant: tenant(), staff: staff.clone(), secret, expires_at: None };
    store.credential_put(&row).await.unwrap();
    let key = ApiKeyRow { key: [1; 32], tenant: tenant(), name: "front".into(), created_on: TODAY };
    store.api_key_put(&key).await.unwrap();
    store.view_put(&tenant(), &staff, "todo", "{}").await.unwrap();
    let session = SessionRow {
        token: [1; 32],
        tenant: tenant(),
        staff,
        data: "{}".into(),
        created_at: 0,
        seen_at: 0,
        expires_at: i64::MAX,
    };
    store.session_begin(&session).await.unwrap();
}

on_both! {
    async fn a_snapshot_goes_into_the_other_engine_unchanged(world) {
        full(&world).await;
        let (text, rows) = export(&world.store).await;
        for table in TABLES {
            assert!(world.ask(&format!("SELECT count(*) FROM {}", table.name)).await > 0, "{} is empty", table.name);
        }
        let other = match world.engine {
            Engine::Sqlite => Engine::Postgres,
            Engine::Postgres => Engine::Sqlite,
        };
        for engine in [other, world.engine] {
            let copy = World::new(engine).await;
            assert_eq!(import(&copy.store, &text).await.unwrap(), rows);
            assert_eq!(export(&copy.store).await.0, text);
            assert_eq!(copy.ask("SELECT count(*) FROM sessions").await, 0, "nobody is signed in by a restore");
            // It is a living register: the series goes on.
            assert_eq!(copy.store.append(intake(900)).await.unwrap().number.unwrap().serial, 41);
            let again = import(&copy.store, &text).await.unwrap_err();
            assert!(again.to_string().contains("empty"), "{again}");
        }
    }

    async fn a_damaged_snapshot_leaves_the_database_empty(world) {
        let source = World::new(Engine::Sqlite).await;
        file(&source.store, 1..=3).await;
        let (text, _) = export(&source.store).await;
        let lines: Vec<&str> = text.lines().collect();
        // Cut off after any line, or any line left out.
        for i in 0..lines.len() {
            let cut = lines[..i].join("\n");
            assert!(matches!(import(&world.store, &cut).await, Err(StoreError::Snapshot(_))), "cut before line {i}");
            let mut without = lines.clone();
            without.remove(i);
            let missing = import(&world.store, &without.join("\n")).await;
            assert!(matches!(missing, Err(StoreError::Snapshot(_))), "without line {i}");
        }
        let other = text.replacen("\"schema\":", "\"schema\":7", 1);
        assert!(import(&world.store, &other).await.unwrap_err().to_string().contains("dengwen migrate"));
        assert_eq!(world.ask("SELECT count(*) FROM events").await, 0);
        import(&world.store, &text).await.unwrap();
    }

    async fn a_snapshot_shows_one_moment_while_filing_goes_on(world) {
        file(&world.store, 1..=20).await;
        let store = world.store.clone();
        let filing = tokio::spawn(async move {
            for n in 100..160 {
                store.append(intake(n)).await.unwrap();
            }
        });
        for _ in 0..5 {
            let (text, _) = export(&world.store).await;
            let copy = World::new(Engine::Sqlite).await;
            import(&copy.store, &text).await.unwrap();
            let reports = copy.ask("SELECT count(*) FROM reports").await;
            for table in ["events", "salts", "log_rows", "identities", "codes"] {
                assert_eq!(copy.ask(&format!("SELECT count(*) FROM {table}")).await, reports, "{table}");
            }
            assert_eq!(copy.ask("SELECT given FROM numbers").await, reports);
        }
        filing.await.unwrap();
    }
}
