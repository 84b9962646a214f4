//! The rows behind the transparency log: leaves that wait, the head they are sequenced under, and
//! signed checkpoints (ledger.md, Sequencing).
//!
//! Rows are marked one by one under the locked head; there is no cursor, so a commit that comes
//! late is never skipped. What the tree looks like and how a checkpoint is signed is the caller's
//! business: a pure function handed in.

use std::collections::HashSet;

use domain::ids::TenantCode;
use jiff::civil::Date;

use crate::db::{Cells, Clash, LONGEST_INSERT, Marks, Sql, Tx, Value, args, int, run_tx, statements};
use crate::gather::waiting_leaves;
use crate::leases::Fence;
use crate::rows::{Bytes32, LeafRow};
use crate::{Store, StoreError, schema};

statements! {
    FENCE_SQLITE = "SELECT fence FROM leases WHERE tenant = $1 AND name = $2";
    FENCE_POSTGRES = "SELECT fence FROM leases WHERE tenant = $1 AND name = $2 FOR UPDATE";
    HEAD = "SELECT epoch, size, frontier, root, checkpoint FROM log_heads \
        WHERE tenant = $1 ORDER BY epoch DESC LIMIT 1";
    HEAD_LOCKED_POSTGRES = "SELECT epoch, size, frontier, root, checkpoint FROM log_heads \
        WHERE tenant = $1 ORDER BY epoch DESC LIMIT 1 FOR UPDATE";
    HEADS = "SELECT epoch, size, frontier, root, checkpoint FROM log_heads WHERE tenant = $1 ORDER BY epoch";
    LEAVES_WAITING = "SELECT count(*) FROM log_rows WHERE tenant = $1 AND idx IS NULL";
    /// Marks and reads in one statement, so that nothing can slip in between.
    LEAVES_MARK = "UPDATE log_rows SET epoch = $2, idx = $3 + w.place \
        FROM (SELECT commitment, row_number() OVER (ORDER BY commitment) - 1 AS place FROM log_rows \
              WHERE tenant = $1 AND idx IS NULL ORDER BY commitment LIMIT $4) AS w \
        WHERE log_rows.tenant = $1 AND log_rows.commitment = w.commitment \
        RETURNING log_rows.idx, log_rows.commitment, log_rows.day";
    LEAVES_BETWEEN = "SELECT commitment, day FROM log_rows \
        WHERE tenant = $1 AND epoch = $2 AND idx >= $3 AND idx < $4 ORDER BY idx LIMIT 65536";
    LEAF_KNOWN = "SELECT 1 FROM log_rows WHERE tenant = $1 AND commitment = $2";
    LEAF_PLACE = "SELECT epoch, idx FROM log_rows WHERE tenant = $1 AND commitment = $2 AND idx IS NOT NULL";
}

/// A leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLeaf {
    /// The commitment.
    pub commitment: Bytes32,
    /// Civil day.
    pub day: Date,
}

/// The head of a tenant's log as last committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// 1 for the first log, one more after each restore (origin `…/2`).
    pub epoch: u32,
    /// Leaves in the tree.
    pub size: u64,
    /// The roots of the full subtrees at the right edge, as the ledger encodes them.
    pub frontier: Vec<u8>,
    /// Root hash.
    pub root: Bytes32,
    /// Signed checkpoint of exactly this size; empty for an empty log.
    pub checkpoint: Vec<u8>,
}

/// What the ledger makes of a head and the leaves that waited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextHead {
    /// Leaves to add after the waiting ones (padding of a publication).
    pub padding: Vec<LeafRow>,
    /// New frontier, padding included.
    pub frontier: Vec<u8>,
    /// New root.
    pub root: Bytes32,
    /// Signed checkpoint of the new size.
    pub checkpoint: Vec<u8>,
}

/// How a log grows: from the head before and the leaves that waited to the head after, or the reason
/// why not. Pure, because it may be called again.
pub type Grow<'a> = dyn Fn(&LogHead, &[LogLeaf]) -> Result<NextHead, String> + Send + Sync + 'a;

impl Store {
    /// The head of a tenant's current log; an empty head if nothing was sequenced yet.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_head(&self, tenant: &TenantCode) -> Result<LogHead, StoreError> {
        let row = self.read.fetch_one("log_heads", HEAD, args![tenant]).await?;
        row.map_or_else(|| Ok(empty_head(1)), |mut r| head(&mut r))
    }

    /// All heads a tenant ever had, oldest log first (one, unless a backup was restored).
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_heads(&self, tenant: &TenantCode) -> Result<Vec<LogHead>, StoreError> {
        let rows = self.read.fetch("log_heads", HEADS, args![tenant]).await?;
        rows.into_iter().map(|mut r| head(&mut r)).collect()
    }

    /// Opens the next log after a restore: later leaves go to it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_open_next(&self, tenant: &TenantCode) -> Result<LogHead, StoreError> {
        run_tx!(self.write, "open next log", tx => {
            let next = empty_head(locked_head(&mut tx, tenant).await?.epoch + 1);
            put_head(&mut tx, tenant, &next, Clash::Fail).await?;
            Ok(next)
        })
    }

    /// Adds leaves that belong to no event (the first leaf of a new log, a daily dummy).
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_add(&self, tenant: &TenantCode, leaves: &[LeafRow]) -> Result<(), StoreError> {
        run_tx!(self.write, "add leaves", tx => {
            let rows = waiting_leaves(leaves.to_vec(), tenant);
            tx.insert(&schema::LOG_ROWS, Clash::Keep, rows.log_rows).await?;
            tx.insert(&schema::SALTS, Clash::Keep, rows.salts).await
        })?;
        Ok(())
    }

    /// How many leaves wait.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_waiting(&self, tenant: &TenantCode) -> Result<u64, StoreError> {
        let mut rows = self.read.fetch("log_rows", LEAVES_WAITING, args![tenant]).await?;
        rows.first_mut().map_or(Ok(0), |r| r.num("count"))
    }

    /// Sequences up to `limit` waiting leaves under the locked head, in order of commitment (which
    /// says nothing about who came first). `next` is told the head before and the leaves, and gives
    /// the head after; it is pure and may be called again. It is called also when nothing waits, so
    /// that it may pad; if it adds nothing then, nothing is written.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if the lease was taken over; [`StoreError::Refused`] with `next`'s
    /// words; or the database fails. Nothing was written then.
    pub async fn log_sequence(&self, fence: &Fence, limit: u32, next: &Grow<'_>) -> Result<LogHead, StoreError> {
        let tenant = &fence.tenant;
        run_tx!(self.write, "sequence log", tx => {
            check_fence(&mut tx, fence).await?;
            let before = locked_head(&mut tx, tenant).await?;
            let mut marked = Vec::new();
            for mut row in
                tx.fetch("log_rows", LEAVES_MARK, args![tenant, before.epoch, int(before.size), limit]).await?
            {
                let place: u64 = row.num("idx")?;
                marked.push((place, leaf(&mut row)?));
            }
            marked.sort_unstable_by_key(|(place, _)| *place);
            let leaves: Vec<LogLeaf> = marked.into_iter().map(|(_, leaf)| leaf).collect();
            let after = next(&before, &leaves).map_err(StoreError::Refused)?;
            if leaves.is_empty() && after.padding.is_empty() {
                return Ok(before);
            }
            let first = before.size + leaves.len() as u64;
            let size = first + after.padding.len() as u64;
            let salts = after.padding.iter().filter_map(|l| l.salt.map(|s| args![tenant, &l.commitment, &s])).collect();
            let padding = (first..)
                .zip(&after.padding)
                .map(|(place, l)| args![tenant, &l.commitment, l.day, before.epoch, int(place)])
                .collect();
            tx.insert(&schema::SALTS, Clash::Fail, salts).await?;
            tx.insert(&schema::LOG_ROWS, Clash::Fail, padding).await?;
            let head = LogHead {
                epoch: before.epoch,
                size,
                frontier: after.frontier,
                root: after.root,
                checkpoint: after.checkpoint,
            };
            put_head(&mut tx, tenant, &head, Clash::Replace).await?;
            Ok(head)
        })
    }

    /// The sequenced leaves `from..to` of one log, in order; at most 65,536 at a time.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_leaves(
        &self,
        tenant: &TenantCode,
        epoch: u32,
        from: u64,
        to: u64,
    ) -> Result<Vec<LogLeaf>, StoreError> {
        let args = args![tenant, epoch, int(from), int(to)];
        let rows = self.read.fetch("log_rows", LEAVES_BETWEEN, args).await?;
        rows.into_iter().map(|mut r| leaf(&mut r)).collect()
    }

    /// Whether a commitment is a leaf of the log, in its place or waiting for one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_knows(&self, tenant: &TenantCode, commitment: &Bytes32) -> Result<bool, StoreError> {
        Ok(self.read.fetch_one("log_rows", LEAF_KNOWN, args![tenant, commitment]).await?.is_some())
    }

    /// Those of these commitments that are no leaf of the log, neither in its place nor waiting for one.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_lacks(&self, tenant: &TenantCode, commitments: &[Bytes32]) -> Result<Vec<Bytes32>, StoreError> {
        let mut lacking: HashSet<Bytes32> = commitments.iter().copied().collect();
        for some in commitments.chunks(LONGEST_INSERT) {
            // Few lengths, so that the statements stay prepared: the last one is given again.
            let length = some.len().next_power_of_two();
            let mut args = args![tenant];
            args.extend((0..length).map(|i| Value::from(some[i.min(some.len() - 1)])));
            let sql = leaves_known_sql(Marks::of(&self.read.pool), length);
            for mut row in self.read.fetch("log_rows", sql, args).await? {
                lacking.remove(&row.array("commitment")?);
            }
        }
        Ok(commitments.iter().filter(|commitment| lacking.contains(*commitment)).copied().collect())
    }

    /// Where a commitment stands: (epoch, index); `None` while it waits or if it is unknown.
    ///
    /// # Errors
    /// The database fails.
    pub async fn log_index(&self, tenant: &TenantCode, commitment: &Bytes32) -> Result<Option<(u32, u64)>, StoreError> {
        let row = self.read.fetch_one("log_rows", LEAF_PLACE, args![tenant, commitment]).await?;
        row.map(|mut r| Ok((r.num("epoch")?, r.num("idx")?))).transpose()
    }
}

fn empty_head(epoch: u32) -> LogHead {
    LogHead { epoch, size: 0, frontier: Vec::new(), root: [0; 32], checkpoint: Vec::new() }
}

/// Whether the lease still is whose work this is.
pub(crate) async fn check_fence(tx: &mut Tx, fence: &Fence) -> Result<(), StoreError> {
    let sql = tx.pick(FENCE_SQLITE, FENCE_POSTGRES);
    let held = tx.fetch_one("leases", sql, args![&fence.tenant, fence.name.as_str()]).await?;
    let held = held.map(|mut r| r.int("fence")).transpose()?;
    if held == Some(fence.number) { Ok(()) } else { Err(StoreError::Fenced) }
}

/// The current head under lock; made if the log is new, so that there is a row to lock.
pub(crate) async fn locked_head(tx: &mut Tx, tenant: &TenantCode) -> Result<LogHead, StoreError> {
    let sql = tx.pick(HEAD, HEAD_LOCKED_POSTGRES);
    if let Some(mut row) = tx.fetch_one("log_heads", sql, args![tenant]).await? {
        return head(&mut row);
    }
    put_head(tx, tenant, &empty_head(1), Clash::Keep).await?;
    match tx.fetch_one("log_heads", sql, args![tenant]).await? {
        Some(mut row) => head(&mut row),
        None => Err(StoreError::Damaged { table: "log_heads", column: "epoch" }),
    }
}

pub(crate) async fn put_head(tx: &mut Tx, tenant: &TenantCode, head: &LogHead, clash: Clash) -> Result<(), StoreError> {
    let values =
        args![tenant, head.epoch, int(head.size), head.frontier.as_slice(), &head.root, head.checkpoint.as_slice()];
    tx.insert(&schema::LOG_HEADS, clash, vec![values]).await.map(drop)
}

fn head(row: &mut Cells) -> Result<LogHead, StoreError> {
    Ok(LogHead {
        epoch: row.num("epoch")?,
        size: row.num("size")?,
        frontier: row.bytes("frontier")?,
        root: row.array("root")?,
        checkpoint: row.bytes("checkpoint")?,
    })
}

fn leaf(row: &mut Cells) -> Result<LogLeaf, StoreError> {
    Ok(LogLeaf { commitment: row.array("commitment")?, day: row.day("day")? })
}

/// Which of `n` commitments are leaves.
pub(crate) fn leaves_known_sql(marks: Marks, n: usize) -> Sql {
    let mut sql = "SELECT commitment FROM log_rows WHERE tenant = ".to_owned();
    marks.push(&mut sql, 1);
    sql.push_str(" AND commitment IN (");
    marks.push_list(&mut sql, 2, n);
    sql.push(')');
    Sql(sql.into())
}
