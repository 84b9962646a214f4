//! Builds registers with made-up contents for the stories.

use std::collections::HashMap;

use domain::ids::{OfficeId, ReportId, ReportNumber, StreamKind, TenantCode};
use domain::report::Holder;
use domain::words::{Channel, Edition, Signing, Source, Stage, Urgency};
use harness::{Database, Postgres};
use jiff::civil::{Date, date};
use store::*;

/// The day the stories begin.
pub const TODAY: Date = date(2026, 3, 2);

#[derive(Debug, Clone, Copy)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A migrated, empty register.
pub struct World {
    pub store: Store,
    pub url: String,
    pub engine: Engine,
    _place: Place,
}

enum Place {
    Folder { _folder: tempfile::TempDir },
    Database { _database: Database },
}

impl World {
    pub async fn new(engine: Engine) -> Self {
        let mut world = Self::unmigrated(engine);
        Store::migrate(&world.1).await.unwrap();
        let store = Store::connect(&world.1).await.unwrap();
        Self { store, url: std::mem::take(&mut world.1), engine, _place: world.0 }
    }

    fn unmigrated(engine: Engine) -> (Place, String) {
        match engine {
            Engine::Sqlite => {
                let folder = tempfile::tempdir().unwrap();
                let url = format!("sqlite:{}/register.db", folder.path().display());
                (Place::Folder { _folder: folder }, url)
            }
            Engine::Postgres => {
                let database = Postgres::shared().database();
                let url = database.url.clone();
                (Place::Database { _database: database }, url)
            }
        }
    }

    /// A statement past the store, as somebody with the password could send it.
    pub async fn raw(&self, sql: &str) -> Result<(), sqlx::Error> {
        raw(&self.url, sql).await
    }

    /// One number asked past the store.
    pub async fn ask(&self, sql: &str) -> i64 {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.engine {
            Engine::Sqlite => {
                let pool = sqlx::SqlitePool::connect(&self.url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
            }
            Engine::Postgres => {
                let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
                sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap()
            }
        }
    }
}

pub async fn raw(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        let pool = sqlx::SqlitePool::connect(url).await?;
        sqlx::raw_sql(sql).execute(&pool).await.map(drop)
    } else {
        let pool = sqlx::PgPool::connect(url).await?;
        sqlx::raw_sql(sql).execute(&pool).await.map(drop)
    }
}

pub fn tenant() -> TenantCode {
    "990100001".parse().unwrap()
}

pub fn other_tenant() -> TenantCode {
    "990200001".parse().unwrap()
}

/// Spreads a small number over an id, so that names come in no order.
pub fn id(n: u32) -> [u8; 16] {
    let mut id = [0u8; 16];
    id[..4].copy_from_slice(&n.wrapping_mul(2_654_435_761).to_be_bytes());
    id[12..].copy_from_slice(&n.to_be_bytes());
    id
}

pub fn commitment(stream: &[u8; 16], version: u32) -> [u8; 32] {
    let mut c = [7u8; 32];
    c[..16].copy_from_slice(stream);
    c[16..20].copy_from_slice(&version.to_be_bytes());
    c
}

pub fn event(stream: &[u8; 16], version: u32, prev: [u8; 32]) -> NewEvent {
    NewEvent {
        row: EventRow {
            version,
            event: if version == 1 { "received" } else { "signed_for" }.into(),
            day: TODAY,
            header: format!("{{\"version\":{version}}}"),
            sealed: Some(vec![version as u8; 40]),
            key_no: Some(1),
            prev,
            commitment: commitment(stream, version),
        },
        salt: [9; 32],
    }
}

pub fn report_row(report: ReportId, number: ReportNumber, version: u32) -> ReportRow {
    ReportRow {
        report,
        number,
        version,
        received_on: TODAY,
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
        last_on: TODAY,
        returned_on: None,
        awaits: None,
        message_on: None,
        settled_on: None,
        next: NextDue::default(),
    }
}

pub fn clock(seq: u32, yellow: Date, red: Date, due: Date) -> ClockRow {
    ClockRow {
        seq,
        clock: "jw.acceptance_notice".into(),
        basis: "legal".into(),
        started_on: TODAY,
        due_on: due,
        yellow_on: Some(yellow),
        red_on: Some(red),
        state: ClockState::Running,
        stopped_on: None,
    }
}

pub fn projection(row: ReportRow) -> Projection {
    Projection { report: row, clocks: Vec::new(), recused: Vec::new(), papers: Vec::new() }
}

/// How a story bends an intake.
pub type Bend = Box<dyn Fn(&mut Rows) + Send + Sync>;

/// A new report with everything an intake writes.
pub fn intake(n: u32) -> Append {
    intake_with(n, Box::new(|_| {}))
}

pub fn intake_with(n: u32, bend: Bend) -> Append {
    let stream = id(n);
    Append {
        tenant: tenant(),
        kind: StreamKind::Report,
        stream,
        expected: Expected::Version(0),
        number: Numbering::Next(2026, domain::ids::Series::Register),
        once: None,
        today: TODAY,
        fill: Box::new(move |place| {
            let number = place.number.unwrap().clone();
            let mut rows = Rows {
                events: vec![event(&stream, 1, place.prev)],
                projection: Some(projection(report_row(ReportId(stream), number, 1))),
                tallies: vec![Tally { day: TODAY, key: "received".into(), delta: 1 }],
                content_keys: vec![ContentKeyRow { key_no: 1, key_id: "office-1".into(), wrapped: vec![1; 80] }],
                identity: Some(IdentityRow {
                    envelope: vec![2; 64],
                    custodian_share: vec![3; 80],
                    approver_share: vec![4; 80],
                    gate_share: vec![5; 80],
                }),
                code: Some(CodeChange::Set(CodeRow { lookup: commitment(&stream, 100), thread_key: [6; 32] })),
                jobs: vec![NewWork {
                    id: stream,
                    kind: "judge".into(),
                    subject: stream,
                    payload: Vec::new(),
                    due_at: 0,
                }],
                ..Rows::default()
            };
            bend(&mut rows);
            rows
        }),
    }
}

/// One more event on a report, its projection moved on.
pub fn step(
    n: u32,
    expected: u32,
    bend: impl Fn(&mut ReportRow) + Send + Sync + 'static,
    number: ReportNumber,
) -> Append {
    let stream = id(n);
    Append {
        tenant: tenant(),
        kind: StreamKind::Report,
        stream,
        expected: Expected::Version(expected),
        number: Numbering::Without,
        once: None,
        today: TODAY,
        fill: Box::new(move |place| {
            let mut row = report_row(ReportId(stream), number.clone(), place.version + 1);
            bend(&mut row);
            Rows {
                events: vec![event(&stream, place.version + 1, place.prev)],
                projection: Some(projection(row)),
                ..Rows::default()
            }
        }),
    }
}

/// One line in an audit stream, wherever it ends.
pub fn audit(stream: [u8; 16]) -> Append {
    Append {
        tenant: tenant(),
        kind: StreamKind::Audit,
        stream,
        expected: Expected::End,
        number: Numbering::Without,
        once: None,
        today: TODAY,
        fill: Box::new(move |place| Rows {
            events: vec![event(&stream, place.version + 1, place.prev)],
            ..Rows::default()
        }),
    }
}

/// A directory event that founds an organ.
pub fn found(tenant: TenantCode, superior: Option<TenantCode>) -> Append {
    let stream = id(1_000_000);
    Append {
        tenant,
        kind: StreamKind::Directory,
        stream,
        expected: Expected::Version(0),
        number: Numbering::Without,
        once: None,
        today: TODAY,
        fill: Box::new(move |place| Rows {
            events: vec![event(&stream, 1, place.prev)],
            tenant: Some(TenantRow { edition: Edition::Jw, superior: superior.clone() }),
            ..Rows::default()
        }),
    }
}

/// Files `n` reports one after the other.
pub async fn file(store: &Store, numbers: impl IntoIterator<Item = u32>) -> HashMap<u32, ReportNumber> {
    let mut filed = HashMap::new();
    for n in numbers {
        filed.insert(n, store.append(intake(n)).await.unwrap().number.unwrap());
    }
    filed
}
