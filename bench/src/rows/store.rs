//! What the store takes without HTTP and without sealing, beside what the database takes at all.

use std::sync::Arc;
use std::time::Instant;

use domain::ids::{OfficeId, ReportId, Series, StreamKind, TenantCode};
use domain::report::Holder;
use domain::words::{Channel, Signing, Source, Stage, Urgency};
use jiff::civil::{Date, date};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use store::{
    Append, CodeChange, CodeRow, ContentKeyRow, EventRow, Expected, IdentityRow, NewEvent, NewWork, NextDue, Numbering,
    Once, Projection, ReportRow, Rows, Store, Tally,
};

use crate::city::{City, Engine, runtime};
use crate::process::cpu_seconds;
use crate::row::Row;
use crate::texts::{Chance, id};
use crate::{Fault, Setting};

/// Appends that wait at a time.
const ABREAST: usize = 512;
/// Rows an intake writes: event, salt, leaf, key, identity, code, idempotency, projection, job.
const ROWS_OF_A_REPORT: usize = 9;
const DAY: Date = date(2026, 3, 2);

/// Appends in group commits, and plain rows as large as theirs in batches of a hundred.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(200, 20_000);
    let city = City::found(setting)?;
    let mut row = Row::new("store, group commit without HTTP", size, format!("reports, {}", setting.engine.name()));
    runtime()?.block_on(async {
        let store = city.store().await?;
        let tenant = city.organ()?;
        let (begun, before) = (Instant::now(), cpu_seconds(std::process::id())?);
        appended(&store, &tenant, size).await?;
        let took = begun.elapsed().as_secs_f64();
        row.add("appends", size as f64 / took, "reports/s");
        row.add("CPU", (cpu_seconds(std::process::id())? - before) * 1000.0 / size as f64, "ms/report");
        store.close().await;
        if setting.engine == Engine::Sqlite {
            let limit = plain_rows(&city, size * ROWS_OF_A_REPORT).await?;
            row.add("limit: plain rows of 1.1 KB, 100 to a commit", limit, "rows/s");
            let share = size as f64 / took * ROWS_OF_A_REPORT as f64 / limit;
            row.add("rows of the appends against it", share * 100.0, "%");
        }
        Ok::<_, Fault>(())
    })?;
    Ok(row)
}

/// Appends `count` made-up reports, many at a time.
pub async fn appended(store: &Store, tenant: &TenantCode, count: usize) -> Result<(), Fault> {
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..ABREAST.min(count) {
        let (store, tenant) = (store.clone(), tenant.clone());
        workers.spawn(async move {
            for n in (worker..count).step_by(ABREAST) {
                store.append(intake(&tenant, n as u64)).await?;
            }
            Ok::<_, Fault>(())
        });
    }
    while let Some(done) = workers.join_next().await {
        done??;
    }
    Ok(())
}

/// What an anonymous report of the median length writes.
fn intake(tenant: &TenantCode, n: u64) -> Append {
    let mut chance = Chance::new(n ^ 0x57_0e);
    let stream = id(&mut chance);
    let bytes = |chance: &mut Chance| {
        let (a, b) = (id(chance), id(chance));
        std::array::from_fn(|i| if i < 16 { a[i] } else { b[i - 16] })
    };
    let (commitment, key, lookup): ([u8; 32], [u8; 32], [u8; 32]) =
        (bytes(&mut chance), bytes(&mut chance), bytes(&mut chance));
    Append {
        tenant: tenant.clone(),
        kind: StreamKind::Report,
        stream,
        expected: Expected::Version(0),
        number: Numbering::Next(2026, Series::Register),
        once: Some(Once { key, body: key }),
        today: DAY,
        fill: Box::new(move |place| {
            let Some(number) = place.number.cloned() else { return Rows::default() };
            Rows {
                events: vec![NewEvent {
                    row: EventRow {
                        version: 1,
                        event: "received".into(),
                        day: DAY,
                        header: "x".repeat(600),
                        sealed: Some(vec![7; 4266]),
                        key_no: Some(1),
                        prev: place.prev,
                        commitment,
                    },
                    salt: key,
                }],
                projection: Some(Projection {
                    report: report_row(ReportId(stream), number),
                    clocks: Vec::new(),
                    recused: Vec::new(),
                    papers: Vec::new(),
                }),
                tallies: vec![Tally { day: DAY, key: "received".into(), delta: 1 }],
                content_keys: vec![ContentKeyRow {
                    key_no: 1,
                    key_id: "0123456789abcdef".into(),
                    wrapped: vec![1; 90],
                }],
                identity: Some(IdentityRow {
                    envelope: vec![2; 4410],
                    custodian_share: Vec::new(),
                    approver_share: Vec::new(),
                    gate_share: Vec::new(),
                }),
                code: Some(CodeChange::Set(CodeRow { lookup, thread_key: key })),
                jobs: vec![NewWork {
                    id: stream,
                    kind: "judge".into(),
                    subject: stream,
                    payload: Vec::new(),
                    due_at: 0,
                }],
                ..Rows::default()
            }
        }),
    }
}

fn report_row(report: ReportId, number: domain::ids::ReportNumber) -> ReportRow {
    ReportRow {
        report,
        number,
        version: 1,
        received_on: DAY,
        channel: Channel::Web,
        source: Source::Own,
        signing: Signing::Anonymous,
        urgency: Urgency::Normal,
        kind: None,
        ground: None,
        stage: Stage::AwaitingJudgement,
        office: OfficeId("petition".into()),
        holder: Holder::Office { office: OfficeId("petition".into()) },
        watcher: None,
        assignee: None,
        dispatched: None,
        repeat_of: None,
        platform_number: None,
        answered_on: None,
        rating: None,
        files: 0,
        closed_on: None,
        last_on: DAY,
        returned_on: None,
        awaits: None,
        message_on: None,
        settled_on: None,
        next: NextDue::default(),
    }
}

/// Rows a second of the plainest table there is, under the store's own settings.
async fn plain_rows(city: &City, count: usize) -> Result<f64, Fault> {
    let options = SqliteConnectOptions::new()
        .filename(city.folder().join("plain.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    sqlx::query("CREATE TABLE plain (id BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL)").execute(&pool).await?;
    let mut chance = Chance::new(1);
    let sql: Arc<str> = format!("INSERT INTO plain VALUES {}", vec!["(?, ?)"; 25].join(", ")).into();
    let begun = Instant::now();
    let commits = (count / 100).max(1);
    for _ in 0..commits {
        let mut tx = pool.begin_with("BEGIN IMMEDIATE").await?;
        for _ in 0..4 {
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql.clone()));
            for _ in 0..25 {
                query = query.bind(id(&mut chance).to_vec()).bind(vec![7u8; 1100]);
            }
            query.execute(&mut *tx).await?;
        }
        tx.commit().await?;
    }
    let rate = (commits * 100) as f64 / begun.elapsed().as_secs_f64();
    pool.close().await;
    Ok(rate)
}
