//! The one task of a process that writes appends: group commit, gapless numbers, nothing twice.
//!
//! Appends wait in a bounded channel. The task takes all that wait (up to [`MOST`]), sorts out those
//! that were done before or come too late, advances the number series once for the rest, writes all
//! rows, commits, and only then answers. While it commits, the next batch gathers.
//!
//! Numbers are given after the sorting out and taken back with the transaction, so nothing that
//! fails leaves a gap. If any row of a batch does not go in, the whole batch is rolled back and
//! redone one by one: the guilty append fails alone and nobody else notices. (Savepoints would keep
//! the batch, but a number already given to the guilty one would be missing from the series.)
//! On PostgreSQL several processes do this at once; the primary keys settle who was first.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use domain::ids::{ReportNumber, StreamKind, TenantCode};
use tokio::sync::{mpsc, oneshot};

use crate::append::{Append, Appended, Expected, Guard, Numbering, Place};
use crate::db::{Db, Failure, LONGEST_INSERT, Marks, Sql, Tx, args, day_number, failure, statements};
use crate::error::{AppendError, Prior, StoreError};
use crate::gather::Gathered;
use crate::rows::{Bytes32, Id16};

/// Commits that may wait; one more is answered [`AppendError::Busy`].
const WAITING: usize = 1024;
/// Commits in one transaction.
const MOST: usize = 256;
/// Tries of one commit that others are in the way of.
const TRIES: u32 = 8;
/// Tries of one commit that only wants to follow whoever came first: one of those who race is always
/// through, so that nobody is sent away while the others go on.
const FOLLOWING: u32 = 64;

statements! {
    TAIL = "SELECT version, commitment FROM events \
    WHERE tenant = $1 AND kind = $2 AND stream = $3 ORDER BY version DESC LIMIT 1";
    /// The series of a tenant and year: one row, advanced once per batch by the number of reports in it.
    ADVANCE = "INSERT INTO numbers (tenant, year, given) VALUES ($1, $2, $3) \
    ON CONFLICT (tenant, year) DO UPDATE SET given = numbers.given + excluded.given RETURNING given";
    /// Whoever appends to a report writes its row too: locked, the report stands still until the commit.
    HOLD_POSTGRES = "SELECT version FROM reports WHERE tenant = $1 AND report = $2 FOR UPDATE";
    HAS_REPEATS = "SELECT 1 FROM reports WHERE tenant = $1 AND repeat_of = $2 LIMIT 1";
    ONCE_EXPIRED = "DELETE FROM idempotency WHERE expires_on < $1";
    ONCE_CLEAR = "DELETE FROM idempotency WHERE key_hash = $1 AND expires_on < $2";
}

type Answer = oneshot::Sender<Result<Vec<Appended>, AppendError>>;

/// One commit that waits: all of its appends go in or none.
struct Waiting {
    appends: Vec<Append>,
    guards: Vec<Guard>,
    answer: Answer,
}

/// A commit as the transaction sees it.
#[derive(Clone, Copy)]
struct Unit<'a> {
    appends: &'a [Append],
    guards: &'a [Guard],
}

impl Waiting {
    fn unit(&self) -> Unit<'_> {
        Unit { appends: &self.appends, guards: &self.guards }
    }
}

enum Message {
    Commit(Waiting),
    Stop(oneshot::Sender<()>),
}

/// The way to the writing task.
#[derive(Debug)]
pub(crate) struct Writer {
    queue: mpsc::Sender<Message>,
}

impl Writer {
    /// Starts the task.
    pub(crate) fn start(db: Db) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write(db, waiting));
        Self { queue }
    }

    /// Hands over a commit and waits for its answer.
    pub(crate) async fn send(&self, appends: Vec<Append>, guards: Vec<Guard>) -> Result<Vec<Appended>, AppendError> {
        let Some(first) = appends.first() else {
            return Ok(Vec::new());
        };
        let mut places = HashSet::new();
        if !appends.iter().all(|a| a.tenant == first.tenant && places.insert((a.kind, a.stream))) {
            return Err(AppendError::Malformed("one commit appends to different streams of one tenant"));
        }
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Message::Commit(Waiting { appends, guards, answer })).map_err(|_| AppendError::Busy)?;
        answered.await.unwrap_or(Err(AppendError::Busy))
    }

    /// Waits for everything handed over before, then ends the task.
    pub(crate) async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        if self.queue.send(Message::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
    }
}

async fn write(db: Db, mut queue: mpsc::Receiver<Message>) {
    let mut messages = Vec::with_capacity(MOST);
    while queue.recv_many(&mut messages, MOST).await > 0 {
        let mut stop = None;
        let mut batch = Vec::with_capacity(messages.len());
        for message in messages.drain(..) {
            match message {
                Message::Commit(waiting) => batch.push(waiting),
                Message::Stop(done) => stop = Some(done),
            }
        }
        while !batch.is_empty() {
            batch = commit_batch(&db, batch).await;
        }
        if let Some(done) = stop {
            // Later ones are refused, earlier ones were answered.
            queue.close();
            let _ = done.send(());
            return;
        }
    }
}

/// Commits a batch and answers its members; returns those that must wait for the next one because
/// they depend on a member of this one.
async fn commit_batch(db: &Db, batch: Vec<Waiting>) -> Vec<Waiting> {
    let units: Vec<Unit<'_>> = batch.iter().map(Waiting::unit).collect();
    match try_commit(db, &units).await {
        Ok(outcomes) => {
            let mut later = Vec::new();
            for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                match outcome {
                    Outcome::Done(result) => {
                        // Whoever asked may be gone; it was done all the same.
                        let _ = waiting.answer.send(result);
                    }
                    Outcome::Later => later.push(waiting),
                }
            }
            later
        }
        Err(error) => {
            if batch.len() > 1 {
                tracing::debug!(members = batch.len(), %error, "batch is redone one by one");
            }
            for waiting in batch {
                let result = commit_alone(db, waiting.unit()).await;
                let _ = waiting.answer.send(result);
            }
            Vec::new()
        }
    }
}

/// Commits one unit, again while others are in the way.
async fn commit_alone(db: &Db, unit: Unit<'_>) -> Result<Vec<Appended>, AppendError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let error = match try_commit(db, &[unit]).await {
            Ok(outcomes) => match outcomes.into_iter().next() {
                Some(Outcome::Done(result)) => return result,
                _ => return Err(AppendError::Malformed("a lone append waits for nothing")),
            },
            Err(error) => error,
        };
        let AppendError::Store(cause) = &error else {
            return Err(error);
        };
        let mut most = TRIES;
        let again = match failure(cause) {
            Failure::Unique(table) => match table.as_str() {
                "import_rows" => return Err(AppendError::Imported),
                "events" if moved(db, unit.appends).await? => return Err(AppendError::Conflict),
                // The end of a stream moved that was only to be gone on with (the audit's, which
                // every process writes), or the same request went in elsewhere: look again.
                "events" => {
                    most = FOLLOWING;
                    true
                }
                "idempotency" | "numbers" => true,
                _ => false,
            },
            Failure::InTheWay => true,
            Failure::Other => false,
        };
        if !again {
            return Err(error);
        }
        if tries >= most {
            return Err(AppendError::Busy);
        }
        tokio::time::sleep(Duration::from_millis(2 << tries.min(6))).await;
    }
}

/// Whether one of the streams is not where the unit expects it: only that is a conflict.
async fn moved(db: &Db, unit: &[Append]) -> Result<bool, AppendError> {
    let mut tx = db.begin().await?;
    let mut moved = false;
    for append in unit {
        if let Expected::Version(version) = append.expected {
            moved |= tail(&mut tx, append).await?.version != version;
        }
    }
    tx.rollback().await?;
    Ok(moved)
}

enum Outcome {
    Done(Result<Vec<Appended>, AppendError>),
    /// It touches a stream or key of another member; it is looked at again after this commit.
    Later,
}

type StreamKey<'a> = (&'a TenantCode, StreamKind, &'a Id16);

/// Where a stream ends.
#[derive(Clone, Copy)]
struct Tail {
    version: u32,
    commitment: Bytes32,
}

/// One transaction over several units. An error means nothing of any of them was written.
async fn try_commit(db: &Db, units: &[Unit<'_>]) -> Result<Vec<Outcome>, AppendError> {
    let mut tx = db.begin().await?;
    match fill_transaction(&mut tx, units).await {
        Ok(outcomes) => {
            tx.commit().await?;
            Ok(outcomes)
        }
        Err(error) => {
            let _ = tx.rollback().await;
            Err(error)
        }
    }
}

async fn fill_transaction(tx: &mut Tx, units: &[Unit<'_>]) -> Result<Vec<Outcome>, AppendError> {
    let (mut outcomes, mut tails) = sort_out(tx, units).await?;

    // Numbers: who needs one, in order; one statement per series.
    let mut series: BTreeMap<(&TenantCode, i16), u32> = BTreeMap::new();
    for (unit, outcome) in units.iter().zip(&outcomes) {
        if outcome.is_none() {
            for append in unit.appends {
                if let Numbering::Next(year, _) = append.number {
                    *series.entry((&append.tenant, year)).or_default() += 1;
                }
            }
        }
    }
    let mut next: BTreeMap<(&TenantCode, i16), u32> = BTreeMap::new();
    for (key, wanted) in series {
        let row = tx.fetch_one("numbers", ADVANCE, args![key.0, key.1, wanted]).await?;
        let mut row = row.ok_or(StoreError::Damaged { table: "numbers", column: "given" })?;
        let given: u32 = row.num("given")?;
        next.insert(key, given - wanted + 1);
    }

    let mut gathered = Gathered::default();
    let mut answers = Vec::with_capacity(units.len());
    for (unit, outcome) in units.iter().zip(&mut outcomes) {
        if let Some(outcome) = outcome.take() {
            answers.push(outcome);
            continue;
        }
        let mut done = Vec::with_capacity(unit.appends.len());
        for append in unit.appends {
            let number = match &append.number {
                Numbering::Without => None,
                Numbering::Given(number) => Some(number.clone()),
                Numbering::Next(year, series) => next.get_mut(&(&append.tenant, *year)).map(|serial| {
                    let tenant = append.tenant.clone();
                    let number = ReportNumber { tenant, year: *year, series: *series, serial: *serial };
                    *serial += 1;
                    number
                }),
            };
            let key = (&append.tenant, append.kind, &append.stream);
            let tail = tails.get(&key).copied().unwrap_or(Tail { version: 0, commitment: [0; 32] });
            let place = Place { number: number.as_ref(), version: tail.version, prev: tail.commitment };
            let rows = catch_unwind(AssertUnwindSafe(|| (append.fill)(place)))
                .map_err(|_| AppendError::Malformed("the append's own function panicked"))?;
            let appended = gathered.add(append, &place, rows)?;
            tails.insert(key, Tail { version: appended.version, commitment: appended.commitment });
            done.push(appended);
        }
        answers.push(Outcome::Done(Ok(done)));
    }
    gathered.write(tx).await?;
    Ok(answers)
}

/// Finds out, before any number is given, who must not go in: `None` stands for those who may.
async fn sort_out<'u>(
    tx: &mut Tx,
    units: &[Unit<'u>],
) -> Result<(Vec<Option<Outcome>>, HashMap<StreamKey<'u>, Tail>), StoreError> {
    let mut prior = priors(tx, units).await?;
    let mut keys: HashSet<Bytes32> = HashSet::new();
    let mut touched: HashMap<StreamKey<'u>, Expected> = HashMap::new();
    let mut tails: HashMap<StreamKey<'u>, Tail> = HashMap::new();
    let mut outcomes = Vec::with_capacity(units.len());
    'unit: for unit in units {
        for append in unit.appends {
            let Some(once) = append.once else { continue };
            if keys.contains(&once.key) {
                outcomes.push(Some(Outcome::Later));
                continue 'unit;
            }
            if let Some((body, found)) = prior.remove(&once.key) {
                let error = if body == once.body {
                    AppendError::Replayed(Box::new(found.clone()))
                } else {
                    AppendError::KeyReused
                };
                prior.insert(once.key, (body, found));
                outcomes.push(Some(Outcome::Done(Err(error))));
                continue 'unit;
            }
        }
        for append in unit.appends {
            let key = (&append.tenant, append.kind, &append.stream);
            match touched.get(&key) {
                // Appends that only want the end follow each other within one batch.
                Some(Expected::End) if append.expected == Expected::End => continue,
                Some(_) => {
                    outcomes.push(Some(Outcome::Later));
                    continue 'unit;
                }
                None => {}
            }
            // A stream that must not exist yet is settled by the primary key alone.
            if append.expected == Expected::Version(0) {
                continue;
            }
            let tail = match tails.get(&key) {
                Some(tail) => *tail,
                None => tail(tx, append).await?,
            };
            tails.insert(key, tail);
            if let Expected::Version(version) = append.expected
                && version != tail.version
            {
                outcomes.push(Some(Outcome::Done(Err(AppendError::Conflict))));
                continue 'unit;
            }
        }
        // A guard looks at what was committed: it waits for those of this batch that write there.
        let mut held: Vec<StreamKey<'u>> = Vec::new();
        if let Some(first) = unit.appends.first() {
            for guard in unit.guards {
                let key = (&first.tenant, StreamKind::Report, &guard.report().0);
                if touched.contains_key(&key) {
                    outcomes.push(Some(Outcome::Later));
                    continue 'unit;
                }
                if !holds(tx, &first.tenant, guard).await? {
                    outcomes.push(Some(Outcome::Done(Err(AppendError::Conflict))));
                    continue 'unit;
                }
                held.push(key);
            }
        }
        touched.extend(held.into_iter().map(|key| (key, Expected::Version(0))));
        for append in unit.appends {
            touched.insert((&append.tenant, append.kind, &append.stream), append.expected);
            keys.extend(append.once.map(|o| o.key));
        }
        outcomes.push(None);
    }
    Ok((outcomes, tails))
}

/// Whether a guard holds; if so it does until the transaction ends. On SQLite nobody else writes
/// meanwhile; on PostgreSQL the report's row is locked before anything is read.
async fn holds(tx: &mut Tx, tenant: &TenantCode, guard: &Guard) -> Result<bool, StoreError> {
    let report = &guard.report().0;
    if tx.is_shared() {
        tx.fetch_one("reports", HOLD_POSTGRES, args![tenant, report]).await?;
    }
    Ok(match guard {
        Guard::At(_, version) => stream_tail(tx, tenant, StreamKind::Report, report).await?.version == *version,
        Guard::NoRepeats(_) => tx.fetch_one("reports", HAS_REPEATS, args![tenant, report]).await?.is_none(),
    })
}

async fn tail(tx: &mut Tx, append: &Append) -> Result<Tail, StoreError> {
    stream_tail(tx, &append.tenant, append.kind, &append.stream).await
}

async fn stream_tail(tx: &mut Tx, tenant: &TenantCode, kind: StreamKind, stream: &Id16) -> Result<Tail, StoreError> {
    let found = tx.fetch_one("events", TAIL, args![tenant, kind.as_str(), stream]).await?;
    Ok(match found {
        Some(mut row) => Tail { version: row.num("version")?, commitment: row.array("commitment")? },
        None => Tail { version: 0, commitment: [0; 32] },
    })
}

/// What the idempotency keys of a batch were used for before, by key: body hash and answer.
async fn priors(tx: &mut Tx, units: &[Unit<'_>]) -> Result<HashMap<Bytes32, (Bytes32, Prior)>, StoreError> {
    let mut asked: Vec<(Bytes32, i64)> = units
        .iter()
        .flat_map(|unit| unit.appends.iter())
        .filter_map(|a| a.once.map(|o| (o.key, day_number(a.today))))
        .collect();
    asked.sort_unstable();
    asked.dedup();
    let mut found = HashMap::new();
    for some in asked.chunks(LONGEST_INSERT) {
        let today = some.iter().map(|(_, day)| *day).max().unwrap_or(0);
        let mut values: Vec<&Bytes32> = some.iter().map(|(key, _)| key).collect();
        // Few lengths, so that the statements stay prepared.
        let length = values.len().next_power_of_two();
        values.resize(length, values[0]);
        let sql = once_sql(tx.marks(), length);
        for mut row in tx.fetch("idempotency", sql, values.into_iter().map(Into::into).collect()).await? {
            let key: Bytes32 = row.array("key_hash")?;
            let body: Bytes32 = row.array("body_hash")?;
            let prior = Prior {
                stream: row.array("stream")?,
                number: row.opt_word("number")?,
                day: row.day("day")?,
                commitment: row.array("commitment")?,
            };
            if row.int("expires_on")? < today {
                tx.execute(ONCE_CLEAR, args![&key, today]).await?;
            } else {
                found.insert(key, (body, prior));
            }
        }
    }
    Ok(found)
}

/// The look-up of `n` idempotency keys.
pub(crate) fn once_sql(marks: Marks, n: usize) -> Sql {
    let mut sql = "SELECT key_hash, body_hash, stream, number, day, commitment, expires_on FROM idempotency \
        WHERE key_hash IN ("
        .to_owned();
    marks.push_list(&mut sql, 1, n);
    sql.push(')');
    Sql(sql.into())
}
