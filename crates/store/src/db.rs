//! Two engines, one body: values, rows, transactions, and the retry that both need.
//!
//! Everything above speaks in [`Value`]s and [`Cells`] and never sees a driver. `sqlx::Any` is kept
//! out (it fails on types and placeholders, see design/stack.md 2.3); instead the macro `on!`
//! expands one body for both typed pools. Statements are constants; the few that are put together
//! from constants pass through [`Sql`], so a bound value can never become part of a statement.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::civil::Date;
use sqlx::error::ErrorKind;
use sqlx::{
    AssertSqlSafe, Column, PgPool, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, SqlitePool,
    Transaction, TypeInfo, ValueRef,
};

use crate::error::StoreError;
use crate::schema::Table;

/// The two engines.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// An open transaction; dropped, it rolls back. On SQLite it holds the only write connection.
pub(crate) enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Expands one body for both engines.
macro_rules! on {
    ($which:ident, $subject:expr, $inner:ident => $body:expr) => {
        match $subject {
            $which::Sqlite($inner) => $body,
            $which::Postgres($inner) => $body,
        }
    };
}

/// A bound value or a value read; `None` is NULL of that type.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($from:ty => $variant:ident($v:ident) $make:expr;)+) => {
        $(impl From<$from> for Value {
            fn from($v: $from) -> Self {
                Value::$variant(Some($make))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                Value::$variant(value.map(|$v| $make))
            }
        })+
    };
}
value_from! {
    i64 => Int(v) v;
    u32 => Int(v) v.into();
    i16 => Int(v) v.into();
    Date => Int(v) day_number(v);
    &str => Text(v) v.to_owned();
    String => Text(v) v;
    Vec<u8> => Bytes(v) v;
    &[u8] => Bytes(v) v.to_vec();
    &[u8; 16] => Bytes(v) v.to_vec();
    &[u8; 32] => Bytes(v) v.to_vec();
    [u8; 16] => Bytes(v) v.to_vec();
    [u8; 32] => Bytes(v) v.to_vec();
    &domain::ids::TenantCode => Text(v) v.as_str().to_owned();
    &domain::ids::StaffId => Text(v) v.0.clone();
    &domain::ids::OfficeId => Text(v) v.0.clone();
    &domain::ids::ReportNumber => Text(v) v.to_string();
    domain::ids::ReportId => Bytes(v) v.0.to_vec();
}

/// Bound values in the order of their placeholders.
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}
pub(crate) use args;

/// A size as the database keeps it; none of ours comes near the end of `i64`.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// Days since 1970-01-01.
pub(crate) fn day_number(day: Date) -> i64 {
    day.duration_since(EPOCH).as_hours() / 24
}

/// The day of a number of days since 1970-01-01.
pub(crate) fn day_of(number: i64) -> Option<Date> {
    let span = jiff::Span::new().try_days(number).ok()?;
    EPOCH.checked_add(span).ok()
}

/// A statement that was put together from constants: its text holds names and placeholders only.
#[derive(Debug, Clone)]
pub(crate) struct Sql(pub(crate) Arc<str>);

impl SqlSafeStr for Sql {
    fn into_sql_str(self) -> SqlStr {
        AssertSqlSafe(self.0).into_sql_str()
    }
}

macro_rules! bound {
    ($engine:ty, $sql:expr, $args:expr) => {{
        let mut query = sqlx::query::<$engine>($sql);
        for value in $args {
            query = match value {
                Value::Int(v) => query.bind(v),
                Value::Text(v) => query.bind(v),
                Value::Bytes(v) => query.bind(v),
            };
        }
        query
    }};
}

/// Reads every column of a row by the type the database reports.
macro_rules! decoded {
    ($row:expr) => {{
        let row = $row;
        let mut values = Vec::with_capacity(row.len());
        for i in 0..row.len() {
            let raw = row.try_get_raw(i)?;
            let declared = row.column(i).type_info();
            let null = raw.is_null();
            let name = if null {
                Cow::Borrowed(declared.name())
            } else {
                Cow::Owned(raw.type_info().name().to_owned())
            };
            values.push(match name.as_ref() {
                // A bare `1` is four bytes long on PostgreSQL.
                "INT4" => Value::Int(if null {
                    None
                } else {
                    Some(row.try_get::<i32, _>(i)?.into())
                }),
                "INTEGER" | "INT8" => Value::Int(if null {
                    None
                } else {
                    Some(row.try_get::<i64, _>(i)?)
                }),
                "TEXT" | "VARCHAR" | "NAME" => Value::Text(if null {
                    None
                } else {
                    Some(row.try_get::<String, _>(i)?)
                }),
                "BLOB" | "BYTEA" => Value::Bytes(if null {
                    None
                } else {
                    Some(row.try_get::<Vec<u8>, _>(i)?)
                }),
                // SQLite reports no type for a NULL that comes from an expression.
                _ if null => Value::Int(None),
                other => {
                    return Err(sqlx::Error::Decode(
                        format!("column {i} has type {other}").into(),
                    ));
                }
            });
        }
        Ok(values)
    }};
}

fn sqlite_row(row: &sqlx::sqlite::SqliteRow) -> Result<Vec<Value>, sqlx::Error> {
    decoded!(row)
}
fn postgres_row(row: &sqlx::postgres::PgRow) -> Result<Vec<Value>, sqlx::Error> {
    decoded!(row)
}

impl Db {
    /// Begins a transaction that may write. On SQLite it is IMMEDIATE: a deferred one fails at once
    /// with "database is locked" when it turns into a writer under another one.
    pub(crate) async fn begin(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that reads one unchanging state of the whole database.
    pub(crate) async fn begin_snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match self {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin_with("BEGIN").await?),
            Db::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// All rows of a reading statement.
    pub(crate) async fn fetch(
        &self,
        table: &'static str,
        sql: impl SqlSafeStr + Send,
        args: Vec<Value>,
    ) -> Result<Vec<Cells>, StoreError> {
        let sql = sql.into_sql_str();
        let rows = match self {
            Db::Sqlite(pool) => {
                bound!(Sqlite, sql, args)
                    .try_map(|row| sqlite_row(&row))
                    .fetch_all(pool)
                    .await
            }
            Db::Postgres(pool) => {
                bound!(Postgres, sql, args)
                    .try_map(|row| postgres_row(&row))
                    .fetch_all(pool)
                    .await
            }
        }?;
        Ok(rows
            .into_iter()
            .map(|values| Cells::new(table, values))
            .collect())
    }

    /// The first row of a reading statement.
    pub(crate) async fn fetch_one(
        &self,
        table: &'static str,
        sql: impl SqlSafeStr + Send,
        args: Vec<Value>,
    ) -> Result<Option<Cells>, StoreError> {
        Ok(self.fetch(table, sql, args).await?.into_iter().next())
    }

    /// Waits until every connection has come back, then closes them.
    pub(crate) async fn close(&self) {
        on!(Db, self, pool => pool.close().await);
    }
}

impl Tx {
    /// All rows of a statement.
    pub(crate) async fn fetch(
        &mut self,
        table: &'static str,
        sql: impl SqlSafeStr + Send,
        args: Vec<Value>,
    ) -> Result<Vec<Cells>, StoreError> {
        let sql = sql.into_sql_str();
        let rows = match self {
            Tx::Sqlite(tx) => {
                bound!(Sqlite, sql, args)
                    .try_map(|row| sqlite_row(&row))
                    .fetch_all(&mut **tx)
                    .await
            }
            Tx::Postgres(tx) => {
                bound!(Postgres, sql, args)
                    .try_map(|row| postgres_row(&row))
                    .fetch_all(&mut **tx)
                    .await
            }
        }?;
        Ok(rows
            .into_iter()
            .map(|values| Cells::new(table, values))
            .collect())
    }

    /// The first row of a statement.
    pub(crate) async fn fetch_one(
        &mut self,
        table: &'static str,
        sql: impl SqlSafeStr + Send,
        args: Vec<Value>,
    ) -> Result<Option<Cells>, StoreError> {
        Ok(self.fetch(table, sql, args).await?.into_iter().next())
    }

    /// Runs a statement; the number of rows it touched.
    pub(crate) async fn execute(
        &mut self,
        sql: impl SqlSafeStr + Send,
        args: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let sql = sql.into_sql_str();
        Ok(match self {
            Tx::Sqlite(tx) => bound!(Sqlite, sql, args)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
            Tx::Postgres(tx) => bound!(Postgres, sql, args)
                .execute(&mut **tx)
                .await?
                .rows_affected(),
        })
    }

    /// The statement for this engine, where the two need different words.
    pub(crate) fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Tx::Sqlite(_) => sqlite,
            Tx::Postgres(_) => postgres,
        }
    }

    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        on!(Tx, self, tx => tx.commit().await)?;
        Ok(())
    }

    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        on!(Tx, self, tx => tx.rollback().await)?;
        Ok(())
    }

    /// Inserts whole rows, many per statement.
    pub(crate) async fn insert(
        &mut self,
        table: &Table,
        clash: Clash,
        rows: Vec<Vec<Value>>,
    ) -> Result<u64, StoreError> {
        let mut touched = 0;
        let mut rows = rows.into_iter();
        while rows.len() > 0 {
            // Few lengths, so that the statements stay prepared.
            let n = [64, 8].into_iter().find(|n| rows.len() >= *n).unwrap_or(1);
            let args = rows.by_ref().take(n).flatten().collect();
            touched += self.execute(insert_sql(table, clash, n), args).await?;
        }
        Ok(touched)
    }
}

/// What to do with a row whose key stands there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Clash {
    /// Fail.
    Fail,
    /// Keep what stands there.
    Keep,
    /// Put the new row in its place.
    Replace,
    /// Add the last column to what stands there.
    Add,
}

/// The statement that inserts `n` whole rows; made once for each table, clash and length.
pub(crate) fn insert_sql(table: &Table, clash: Clash, n: usize) -> Sql {
    type Made = HashMap<(&'static str, Clash, usize), Arc<str>>;
    static MADE: Mutex<Option<Made>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = made
        .get_or_insert_default()
        .entry((table.name, clash, n))
        .or_insert_with(|| {
            let width = table.columns.len();
            let mut sql = format!(
                "INSERT INTO {} ({}) VALUES ",
                table.name,
                table.column_names()
            );
            for row in 0..n {
                sql.push_str(if row == 0 { "(" } else { ", (" });
                for column in 1..=width {
                    let _ = write!(
                        sql,
                        "{}${}",
                        if column == 1 { "" } else { "," },
                        row * width + column
                    );
                }
                sql.push(')');
            }
            let rest = &table.columns[table.key..];
            match clash {
                Clash::Fail => {}
                Clash::Keep => sql.push_str(" ON CONFLICT DO NOTHING"),
                Clash::Replace if rest.is_empty() => sql.push_str(" ON CONFLICT DO NOTHING"),
                Clash::Replace => {
                    let set: Vec<String> = rest
                        .iter()
                        .map(|(c, _)| format!("{c} = excluded.{c}"))
                        .collect();
                    let _ = write!(
                        sql,
                        " ON CONFLICT ({}) DO UPDATE SET {}",
                        table.key_names(),
                        set.join(", ")
                    );
                }
                Clash::Add => {
                    let last = table.columns[table.columns.len() - 1].0;
                    let _ = write!(
                        sql,
                        " ON CONFLICT ({}) DO UPDATE SET {last} = {}.{last} + excluded.{last}",
                        table.key_names(),
                        table.name
                    );
                }
            }
            sql.into()
        });
    Sql(Arc::clone(text))
}

/// A row read, taken column by column in the order of the statement.
#[derive(Debug)]
pub(crate) struct Cells {
    table: &'static str,
    values: std::vec::IntoIter<Value>,
}

impl Cells {
    fn new(table: &'static str, values: Vec<Value>) -> Self {
        Self {
            table,
            values: values.into_iter(),
        }
    }

    /// All values that are left.
    pub(crate) fn rest(self) -> impl Iterator<Item = Value> {
        self.values
    }

    fn damaged(&self, column: &'static str) -> StoreError {
        StoreError::Damaged {
            table: self.table,
            column,
        }
    }

    pub(crate) fn opt_int(&mut self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self.values.next() {
            Some(Value::Int(v)) => Ok(v),
            Some(Value::Text(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(self.damaged(column)),
        }
    }
    pub(crate) fn int(&mut self, column: &'static str) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| self.damaged(column))
    }
    /// An integer of a narrower kind.
    pub(crate) fn num<T: TryFrom<i64>>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let value = self.int(column)?;
        T::try_from(value).map_err(|_| self.damaged(column))
    }
    pub(crate) fn opt_num<T: TryFrom<i64>>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let value = self.opt_int(column)?;
        value
            .map(|v| T::try_from(v).map_err(|_| self.damaged(column)))
            .transpose()
    }
    pub(crate) fn opt_day(&mut self, column: &'static str) -> Result<Option<Date>, StoreError> {
        let value = self.opt_int(column)?;
        value
            .map(|v| day_of(v).ok_or_else(|| self.damaged(column)))
            .transpose()
    }
    pub(crate) fn day(&mut self, column: &'static str) -> Result<Date, StoreError> {
        self.opt_day(column)?.ok_or_else(|| self.damaged(column))
    }
    pub(crate) fn opt_text(&mut self, column: &'static str) -> Result<Option<String>, StoreError> {
        match self.values.next() {
            Some(Value::Text(v)) => Ok(v),
            Some(Value::Int(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(self.damaged(column)),
        }
    }
    pub(crate) fn text(&mut self, column: &'static str) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| self.damaged(column))
    }
    /// A word in its stored spelling.
    pub(crate) fn opt_word<T: FromStr>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let text = self.opt_text(column)?;
        text.map(|t| t.parse().map_err(|_| self.damaged(column)))
            .transpose()
    }
    pub(crate) fn word<T: FromStr>(&mut self, column: &'static str) -> Result<T, StoreError> {
        self.opt_word(column)?.ok_or_else(|| self.damaged(column))
    }
    /// One of a few values, by its stored spelling.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        column: &'static str,
        all: &[T],
        spelling: fn(T) -> &'static str,
    ) -> Result<T, StoreError> {
        let text = self.text(column)?;
        all.iter()
            .copied()
            .find(|v| spelling(*v) == text)
            .ok_or_else(|| self.damaged(column))
    }
    pub(crate) fn opt_bytes(
        &mut self,
        column: &'static str,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        match self.values.next() {
            Some(Value::Bytes(v)) => Ok(v),
            Some(Value::Int(None) | Value::Text(None)) => Ok(None),
            _ => Err(self.damaged(column)),
        }
    }
    pub(crate) fn bytes(&mut self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.opt_bytes(column)?.ok_or_else(|| self.damaged(column))
    }
    /// Bytes of a known length.
    pub(crate) fn opt_array<const N: usize>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<[u8; N]>, StoreError> {
        let value = self.opt_bytes(column)?;
        value
            .map(|v| v.try_into().map_err(|_| self.damaged(column)))
            .transpose()
    }
    pub(crate) fn array<const N: usize>(
        &mut self,
        column: &'static str,
    ) -> Result<[u8; N], StoreError> {
        self.opt_array(column)?.ok_or_else(|| self.damaged(column))
    }
}

/// What a failed statement means for the one who sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// A key stands there already, in this table.
    Unique(String),
    /// Another transaction was in the way; the same again may go through.
    InTheWay,
    /// Anything else.
    Other,
}

/// Sorts an error of either engine.
pub(crate) fn failure(error: &StoreError) -> Failure {
    let StoreError::Database(sqlx::Error::Database(e)) = error else {
        return Failure::Other;
    };
    if e.kind() == ErrorKind::UniqueViolation {
        // PostgreSQL names the table; SQLite only says so in words:
        // "UNIQUE constraint failed: events.tenant, events.kind, …".
        let named = e.table().map(str::to_owned).or_else(|| {
            let columns = e.message().split("failed: ").nth(1)?;
            Some(columns.split('.').next()?.to_owned())
        });
        return Failure::Unique(named.unwrap_or_default());
    }
    match e.code().as_deref() {
        // serialization_failure, deadlock_detected; SQLITE_BUSY and its extended codes.
        Some("40001" | "40P01" | "5" | "261" | "517" | "773") => Failure::InTheWay,
        _ => Failure::Other,
    }
}

/// Declares statements and lists them, so that a test can prepare each on both engines. A name that
/// ends in `_SQLITE` or `_POSTGRES` is for that engine alone.
macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(crate) const $name: &str = $text;)+
        /// Every statement of this file.
        pub(crate) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name),)+];
    };
}
pub(crate) use statements;

/// Counts the tries of one transaction (see `run_tx!`).
pub(crate) struct Turn {
    name: &'static str,
    tries: u32,
}

impl Turn {
    const MOST: u32 = 8;

    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, tries: 0 }
    }

    /// Commits or rolls back; `Continue` asks for the same again.
    pub(crate) async fn settle<T>(
        &mut self,
        tx: Tx,
        result: Result<T, StoreError>,
    ) -> ControlFlow<Result<T, StoreError>> {
        let error = match result {
            Ok(value) => match tx.commit().await {
                Ok(()) => return ControlFlow::Break(Ok(value)),
                Err(error) => error,
            },
            Err(error) => {
                // A connection that cannot even roll back is thrown away by the pool.
                let _ = tx.rollback().await;
                error
            }
        };
        self.tries += 1;
        let again = match failure(&error) {
            Failure::InTheWay => self.tries < Self::MOST,
            // Two processes made the same row at once: the second look finds it.
            Failure::Unique(_) => self.tries < 3,
            Failure::Other => false,
        };
        if !again {
            return ControlFlow::Break(Err(error));
        }
        tracing::debug!(
            transaction = self.name,
            tries = self.tries,
            "in the way of another transaction, again"
        );
        tokio::time::sleep(Duration::from_millis(2 << self.tries.min(6))).await;
        ControlFlow::Continue(())
    }
}

/// The only way to write outside the append queue: a named transaction, run again when another one
/// was in the way. The body may run more than once and must have no effect outside `$tx`.
macro_rules! run_tx {
    ($db:expr, $name:literal, $tx:ident => $body:expr) => {{
        let mut turn = $crate::db::Turn::new($name);
        loop {
            let mut $tx = $db.begin().await?;
            let result: Result<_, $crate::error::StoreError> = async { $body }.await;
            if let ::std::ops::ControlFlow::Break(done) = turn.settle($tx, result).await {
                break done;
            }
        }
    }};
}
pub(crate) use run_tx;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_from_1970_and_back() {
        for (day, number) in [
            (jiff::civil::date(1970, 1, 1), 0),
            (jiff::civil::date(1969, 12, 31), -1),
            (jiff::civil::date(2026, 2, 11), 20495),
        ] {
            assert_eq!(day_number(day), number);
            assert_eq!(day_of(number), Some(day));
        }
        assert_eq!(day_of(i64::MAX), None);
    }
}
