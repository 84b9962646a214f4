//! Jobs and the outbox: work that was promised in a commit and is done after it.
//!
//! One shape for both: a lease, attempts with growing pauses, and a dead list people look at. A
//! worker may die at any point, so the effect of every job must be idempotent by its id. Polled
//! tenant by tenant, because a sharded database refuses to lock across tenants (citus.md 4).

use std::collections::{BTreeMap, HashSet};

use domain::ids::TenantCode;

use crate::db::{Cells, LONGEST_INSERT, Marks, Sql, Value, args, run_tx, statements};
use crate::rows::Id16;
use crate::{Store, StoreError};

/// Tries before work goes to the dead list.
const TRIES: u32 = 10;
/// The longest pause between tries, in microseconds.
const LONGEST_PAUSE: i64 = 3600 * 1_000_000;

/// The statements of one of the two tables.
struct QueueStatements {
    table: &'static str,
    waits: &'static str,
    give_up: &'static str,
    claim_sqlite: &'static str,
    claim_postgres: &'static str,
    failed: &'static str,
    onward: &'static str,
    dead: &'static str,
    revive: &'static str,
    dead_count: &'static str,
    waiting: &'static str,
}

/// Which work may be taken at `$2`: what is due and nobody holds. Nothing is put off or held for longer
/// than an hour; what says so for two was written while the clock ran ahead, and would otherwise wait
/// until that time has come.
macro_rules! free {
    () => {
        "(due_at <= $2 OR due_at > $2 + 7200000000) \
        AND (lease_until IS NULL OR lease_until <= $2 OR lease_until > $2 + 7200000000)"
    };
}

/// One set of statements, written once for both tables.
macro_rules! queue_statements {
    ($table:literal) => {
        QueueStatements {
            table: $table,
            waits: concat!("SELECT 1 FROM ", $table, " WHERE tenant = $1 AND dead = 0 AND ", free!(), " LIMIT 1"),
            // Whoever claims and never comes back (it may be the work itself that kills him) has used a try.
            give_up: concat!(
                "UPDATE ",
                $table,
                " SET dead = 1, lease_until = NULL, due_at = $2, error = 'lost' \
                WHERE tenant = $1 AND dead = 0 AND attempts >= $3 AND lease_until <= $2"
            ),
            claim_sqlite: concat!(
                "UPDATE ",
                $table,
                " SET lease_until = $3, attempts = attempts + 1 \
                WHERE tenant = $1 AND id IN (SELECT id FROM ",
                $table,
                " WHERE tenant = $1 AND dead = 0 AND ",
                free!(),
                " ORDER BY due_at, id LIMIT $4) \
                RETURNING id, kind, subject, payload, attempts, error, lease_until"
            ),
            claim_postgres: concat!(
                "UPDATE ",
                $table,
                " SET lease_until = $3, attempts = attempts + 1 \
                WHERE tenant = $1 AND id IN (SELECT id FROM ",
                $table,
                " WHERE tenant = $1 AND dead = 0 AND ",
                free!(),
                " ORDER BY due_at, id LIMIT $4 FOR UPDATE SKIP LOCKED) \
                RETURNING id, kind, subject, payload, attempts, error, lease_until"
            ),
            failed: concat!(
                "UPDATE ",
                $table,
                " SET lease_until = NULL, due_at = $5, dead = $6, error = $7 \
                WHERE tenant = $1 AND id = $2 AND lease_until = $3 AND attempts = $4"
            ),
            onward: concat!(
                "UPDATE ",
                $table,
                " SET lease_until = NULL, due_at = $6, attempts = 0, payload = $5 \
                WHERE tenant = $1 AND id = $2 AND lease_until = $3 AND attempts = $4"
            ),
            dead: concat!(
                "SELECT id, kind, attempts, error, due_at FROM ",
                $table,
                " \
                WHERE tenant = $1 AND dead = 1 ORDER BY due_at DESC, id LIMIT 1000"
            ),
            dead_count: concat!("SELECT count(*) FROM ", $table, " WHERE tenant = $1 AND dead = 1"),
            revive: concat!(
                "UPDATE ",
                $table,
                " SET dead = 0, attempts = 0, due_at = 0, error = NULL \
                WHERE tenant = $1 AND id = $2 AND dead = 1"
            ),
            waiting: concat!("SELECT count(*) FROM ", $table, " WHERE tenant = $1 AND dead = 0"),
        }
    };
}

const JOBS: QueueStatements = queue_statements!("jobs");
const OUTBOX: QueueStatements = queue_statements!("outbox");

statements! {
    JOBS_WAITS = JOBS.waits;
    JOBS_GIVE_UP = JOBS.give_up;
    JOBS_CLAIM_SQLITE = JOBS.claim_sqlite;
    JOBS_CLAIM_POSTGRES = JOBS.claim_postgres;
    JOBS_FAILED = JOBS.failed;
    JOBS_ONWARD = JOBS.onward;
    JOBS_DEAD = JOBS.dead;
    JOBS_REVIVE = JOBS.revive;
    JOBS_DEAD_COUNT = JOBS.dead_count;
    JOBS_WAITING = JOBS.waiting;
    OUTBOX_WAITS = OUTBOX.waits;
    OUTBOX_GIVE_UP = OUTBOX.give_up;
    OUTBOX_CLAIM_SQLITE = OUTBOX.claim_sqlite;
    OUTBOX_CLAIM_POSTGRES = OUTBOX.claim_postgres;
    OUTBOX_FAILED = OUTBOX.failed;
    OUTBOX_ONWARD = OUTBOX.onward;
    OUTBOX_DEAD = OUTBOX.dead;
    OUTBOX_REVIVE = OUTBOX.revive;
    OUTBOX_DEAD_COUNT = OUTBOX.dead_count;
    OUTBOX_WAITING = OUTBOX.waiting;
}

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Queue {
    /// Work of our own.
    Jobs,
    /// Messages to others.
    Outbox,
}

impl Queue {
    fn statements(self) -> &'static QueueStatements {
        match self {
            Queue::Jobs => &JOBS,
            Queue::Outbox => &OUTBOX,
        }
    }
}

/// A piece of work that this worker holds until the lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Name.
    pub id: Id16,
    /// What to do.
    pub kind: String,
    /// Which stream it is about.
    pub subject: Id16,
    /// What the worker needs.
    pub payload: Vec<u8>,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// Why it failed last: an error's short name, never a text.
    pub error: Option<String>,
    /// End of the lease, Unix microseconds; proves to the store that this worker still holds it.
    pub lease_until: i64,
}

/// A piece of work that was given up: it waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadWork {
    /// Name.
    pub id: Id16,
    /// What was to be done.
    pub kind: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it failed last: an error's short name, never a text.
    pub error: Option<String>,
    /// When it was given up, Unix microseconds.
    pub given_up_at: i64,
}

/// What becomes of failed work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkTurn {
    /// It will be tried again.
    Again {
        /// Not before, Unix microseconds.
        due_at: i64,
    },
    /// It was tried often enough; it waits on the dead list for a person.
    Dead,
}

impl Store {
    /// Whether anything may be claimed now; a look that takes nothing.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_waits(&self, queue: Queue, tenant: &TenantCode, now: i64) -> Result<bool, StoreError> {
        let sql = queue.statements();
        Ok(!self.read.fetch(sql.table, sql.waits, args![tenant, now]).await?.is_empty())
    }

    /// Claims up to `limit` pieces of due work for `lease` microseconds.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_claim(
        &self,
        queue: Queue,
        tenant: &TenantCode,
        now: i64,
        lease: i64,
        limit: u32,
    ) -> Result<Vec<Work>, StoreError> {
        let sql = queue.statements();
        // Workers ask every second: on SQLite only those who will find something stand in line to write.
        if !self.work_waits(queue, tenant, now).await? {
            return Ok(Vec::new());
        }
        let rows = run_tx!(self.write, "claim work", tx => {
            tx.execute(sql.give_up, args![tenant, now, TRIES]).await?;
            let claim = tx.pick(sql.claim_sqlite, sql.claim_postgres);
            tx.fetch(sql.table, claim, args![tenant, now, now.saturating_add(lease), limit]).await
        })?;
        rows.into_iter().map(|mut r| work_row(&mut r)).collect()
    }

    /// Work is done and vanishes, all of it in one commit. Returns the names of what vanished; whose
    /// lease had been lost to another worker stays, and she will do it again.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_done(
        &self,
        queue: Queue,
        tenant: &TenantCode,
        done: &[Work],
    ) -> Result<HashSet<Id16>, StoreError> {
        if done.is_empty() {
            return Ok(HashSet::new());
        }
        run_tx!(self.write, "work done", tx => {
            let mut gone = HashSet::with_capacity(done.len());
            // A later claim of the same work always ends later: the end of the lease tells them apart.
            let mut leases: BTreeMap<i64, Vec<&Id16>> = BTreeMap::new();
            for work in done {
                leases.entry(work.lease_until).or_default().push(&work.id);
            }
            for (lease_until, ids) in leases {
                for some in ids.chunks(LONGEST_INSERT) {
                    // Few lengths, so that the statements stay prepared: the last name is given again.
                    let length = some.len().next_power_of_two();
                    let mut args = args![tenant, lease_until];
                    args.extend((0..length).map(|i| Value::from(some[i.min(some.len() - 1)])));
                    let sql = done_sql(tx.marks(), queue, length);
                    for mut row in tx.fetch(queue.statements().table, sql, args).await? {
                        gone.insert(row.array("id")?);
                    }
                }
            }
            Ok(gone)
        })
    }

    /// Work failed: again after 1, 2, 4 … seconds (an hour at most), dead after ten attempts.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_failed(
        &self,
        queue: Queue,
        tenant: &TenantCode,
        work: &Work,
        error: &str,
        now: i64,
    ) -> Result<WorkTurn, StoreError> {
        let sql = queue.statements();
        let turn = if work.attempts >= TRIES {
            WorkTurn::Dead
        } else {
            let pause = (1_000_000i64 << work.attempts.saturating_sub(1).min(20)).min(LONGEST_PAUSE);
            WorkTurn::Again { due_at: now.saturating_add(pause) }
        };
        let (due_at, dead) = match turn {
            WorkTurn::Again { due_at } => (due_at, 0i64),
            WorkTurn::Dead => (now, 1),
        };
        run_tx!(self.write, "work failed", tx => {
            let args = args![tenant, &work.id, work.lease_until, work.attempts, due_at, dead, error];
            tx.execute(sql.failed, args).await
        })?;
        Ok(turn)
    }

    /// A part of long work is done: it is put back with the place it came to, as if new, behind all
    /// that is due before `due_at`. False if the lease had been lost to another worker, who does that
    /// part again, or the work was begun anew meanwhile.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_onward(
        &self,
        queue: Queue,
        tenant: &TenantCode,
        work: &Work,
        payload: &[u8],
        due_at: i64,
    ) -> Result<bool, StoreError> {
        let sql = queue.statements();
        let put = run_tx!(self.write, "work onward", tx => {
            tx.execute(sql.onward, args![tenant, &work.id, work.lease_until, work.attempts, payload, due_at]).await
        })?;
        Ok(put > 0)
    }

    /// The dead list, the latest first; a thousand at most. It does not say which report is meant:
    /// whoever looks after the machine may read none.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_dead(&self, queue: Queue, tenant: &TenantCode) -> Result<Vec<DeadWork>, StoreError> {
        let sql = queue.statements();
        let rows = self.read.fetch(sql.table, sql.dead, args![tenant]).await?;
        rows.into_iter()
            .map(|mut row| {
                Ok(DeadWork {
                    id: row.array("id")?,
                    kind: row.text("kind")?,
                    attempts: row.num("attempts")?,
                    error: row.opt_text("error")?,
                    given_up_at: row.int("due_at")?,
                })
            })
            .collect()
    }

    /// How long the dead list is.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_dead_count(&self, queue: Queue, tenant: &TenantCode) -> Result<u64, StoreError> {
        let sql = queue.statements();
        let mut rows = self.read.fetch(sql.table, sql.dead_count, args![tenant]).await?;
        rows.first_mut().map_or(Ok(0), |r| r.num("count"))
    }

    /// Puts dead work back, as if new. False if it is not on the dead list.
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_revive(&self, queue: Queue, tenant: &TenantCode, id: &Id16) -> Result<bool, StoreError> {
        let sql = queue.statements();
        let back = run_tx!(self.write, "revive work", tx => tx.execute(sql.revive, args![tenant, id]).await)?;
        Ok(back > 0)
    }

    /// How much waits (dead work not counted).
    ///
    /// # Errors
    /// The database fails.
    pub async fn work_waiting(&self, queue: Queue, tenant: &TenantCode) -> Result<u64, StoreError> {
        let sql = queue.statements();
        let mut rows = self.read.fetch(sql.table, sql.waiting, args![tenant]).await?;
        rows.first_mut().map_or(Ok(0), |r| r.num("count"))
    }
}

/// Deletes up to `n` pieces of work under the lease they were claimed with.
pub(crate) fn done_sql(marks: Marks, queue: Queue, n: usize) -> Sql {
    let mut sql = format!("DELETE FROM {} WHERE tenant = ", queue.statements().table);
    marks.push(&mut sql, 1);
    sql.push_str(" AND lease_until = ");
    marks.push(&mut sql, 2);
    sql.push_str(" AND id IN (");
    marks.push_list(&mut sql, 3, n);
    sql.push_str(") RETURNING id");
    Sql(sql.into())
}

fn work_row(row: &mut Cells) -> Result<Work, StoreError> {
    Ok(Work {
        id: row.array("id")?,
        kind: row.text("kind")?,
        subject: row.array("subject")?,
        payload: row.bytes("payload")?,
        attempts: row.num("attempts")?,
        error: row.opt_text("error")?,
        lease_until: row.opt_int("lease_until")?.unwrap_or(0),
    })
}
