//! Two engines, one body: values, rows, transactions, and the retry that both need.
//!
//! Everything above speaks in [`Value`]s and [`Cells`] and never sees a driver. `sqlx::Any` is kept
//! out (it fails on types and placeholders, see design/stack.md 2.3); instead the macro `on!`
//! expands one body for both typed pools. Statements are constants; the few that are put together
//! from constants pass through [`Sql`], so a bound value can never become part of a statement.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{
    AssertSqlSafe, Column, PgPool, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, SqlitePool, Transaction, TypeInfo,
    ValueRef,
};

pub(crate) use crate::cells::Cells;
use crate::error::StoreError;
use crate::faults::Faults;
pub(crate) use crate::retry::{Failure, failure, run_tx};
use crate::schema::Table;
pub(crate) use crate::values::{Value, args, day_number, int};

/// A call to a database. Boxed, so that what it does is compiled in this crate: a plain `async fn` is
/// compiled anew, both drivers with it, in every crate whose functions come to it by any way.
pub(crate) type Called<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A database, and the failing of its calls in tests.
#[derive(Debug, Clone)]
pub(crate) struct Db {
    pub(crate) pool: Pool,
    pub(crate) faults: Faults,
}

/// The two engines.
#[derive(Debug, Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// An open transaction; dropped, it rolls back. On SQLite it holds the only write connection.
pub(crate) struct Tx {
    open: Open,
    faults: Faults,
}

enum Open {
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
            let name =
                if null { Cow::Borrowed(declared.name()) } else { Cow::Owned(raw.type_info().name().to_owned()) };
            values.push(match name.as_ref() {
                // A bare `1` is four bytes long on PostgreSQL.
                "INT4" => Value::Int(if null { None } else { Some(row.try_get::<i32, _>(i)?.into()) }),
                "INTEGER" | "INT8" => Value::Int(if null { None } else { Some(row.try_get::<i64, _>(i)?) }),
                "TEXT" | "VARCHAR" | "NAME" => {
                    Value::Text(if null { None } else { Some(row.try_get::<String, _>(i)?) })
                }
                "BLOB" | "BYTEA" => Value::Bytes(if null { None } else { Some(row.try_get::<Vec<u8>, _>(i)?) }),
                // SQLite reports no type for a NULL that comes from an expression.
                _ if null => Value::Int(None),
                other => {
                    return Err(sqlx::Error::Decode(format!("column {i} has type {other}").into()));
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
    pub(crate) fn begin(&self) -> Called<'_, Tx> {
        let begun = async move {
            Ok(match &self.pool {
                Pool::Sqlite(pool) => Open::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
                Pool::Postgres(pool) => Open::Postgres(pool.begin().await?),
            })
        };
        Box::pin(async move { Ok(Tx { open: self.faults.call(begun).await?, faults: self.faults.clone() }) })
    }

    /// Begins a transaction that reads one unchanging state of the whole database.
    pub(crate) fn begin_snapshot(&self) -> Called<'_, Tx> {
        let begun = async move {
            Ok(match &self.pool {
                Pool::Sqlite(pool) => Open::Sqlite(pool.begin_with("BEGIN").await?),
                Pool::Postgres(pool) => {
                    Open::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
                }
            })
        };
        Box::pin(async move { Ok(Tx { open: self.faults.call(begun).await?, faults: self.faults.clone() }) })
    }

    /// All rows of a reading statement.
    pub(crate) fn fetch(&self, table: &'static str, sql: impl SqlSafeStr, args: Vec<Value>) -> Called<'_, Vec<Cells>> {
        self.rows(table, sql.into_sql_str(), args)
    }

    fn rows(&self, table: &'static str, sql: SqlStr, args: Vec<Value>) -> Called<'_, Vec<Cells>> {
        let fetched = async move {
            match &self.pool {
                Pool::Sqlite(pool) => bound!(Sqlite, sql, args).try_map(|row| sqlite_row(&row)).fetch_all(pool).await,
                Pool::Postgres(pool) => {
                    bound!(Postgres, sql, args).try_map(|row| postgres_row(&row)).fetch_all(pool).await
                }
            }
        };
        Box::pin(async move {
            let rows = self.faults.call(fetched).await?;
            Ok(rows.into_iter().map(|values| Cells::new(table, values)).collect())
        })
    }

    /// Waits until every connection has come back, then closes them.
    pub(crate) fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async { on!(Pool, &self.pool, pool => pool.close().await) })
    }
}

/// What a store reads from: the newest state, or one that stands still.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) pool: Db,
    frozen: Option<Arc<tokio::sync::Mutex<Tx>>>,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("pool", &self.pool).field("frozen", &self.frozen.is_some()).finish()
    }
}

impl Reader {
    /// Of the newest state.
    pub(crate) fn new(pool: Db) -> Self {
        Self { pool, frozen: None }
    }

    /// Of one state of the whole database: that of the first statement.
    pub(crate) async fn freeze(&self) -> Result<Self, StoreError> {
        let tx = self.pool.begin_snapshot().await?;
        Ok(Self { pool: self.pool.clone(), frozen: Some(Arc::new(tokio::sync::Mutex::new(tx))) })
    }

    /// As [`Db::fetch`].
    pub(crate) fn fetch(&self, table: &'static str, sql: impl SqlSafeStr, args: Vec<Value>) -> Called<'_, Vec<Cells>> {
        let sql = sql.into_sql_str();
        match &self.frozen {
            Some(tx) => Self::standing(tx, table, sql, args),
            None => self.pool.rows(table, sql, args),
        }
    }

    fn standing<'a>(
        tx: &'a tokio::sync::Mutex<Tx>,
        table: &'static str,
        sql: SqlStr,
        args: Vec<Value>,
    ) -> Called<'a, Vec<Cells>> {
        Box::pin(async move { tx.lock().await.rows(table, sql, args).await })
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
}

impl Tx {
    /// All rows of a statement.
    pub(crate) fn fetch(
        &mut self,
        table: &'static str,
        sql: impl SqlSafeStr,
        args: Vec<Value>,
    ) -> Called<'_, Vec<Cells>> {
        self.rows(table, sql.into_sql_str(), args)
    }

    fn rows(&mut self, table: &'static str, sql: SqlStr, args: Vec<Value>) -> Called<'_, Vec<Cells>> {
        let (open, faults) = (&mut self.open, &self.faults);
        let fetched = async move {
            match open {
                Open::Sqlite(tx) => {
                    bound!(Sqlite, sql, args).try_map(|row| sqlite_row(&row)).fetch_all(&mut **tx).await
                }
                Open::Postgres(tx) => {
                    bound!(Postgres, sql, args).try_map(|row| postgres_row(&row)).fetch_all(&mut **tx).await
                }
            }
        };
        Box::pin(async move {
            let rows = faults.call(fetched).await?;
            Ok(rows.into_iter().map(|values| Cells::new(table, values)).collect())
        })
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
    pub(crate) fn execute(&mut self, sql: impl SqlSafeStr, args: Vec<Value>) -> Called<'_, u64> {
        self.touched(sql.into_sql_str(), args)
    }

    fn touched(&mut self, sql: SqlStr, args: Vec<Value>) -> Called<'_, u64> {
        let (open, faults) = (&mut self.open, &self.faults);
        let executed = async move {
            Ok(match open {
                Open::Sqlite(tx) => bound!(Sqlite, sql, args).execute(&mut **tx).await?.rows_affected(),
                Open::Postgres(tx) => bound!(Postgres, sql, args).execute(&mut **tx).await?.rows_affected(),
            })
        };
        Box::pin(faults.call(executed))
    }

    /// How places for values are written for this engine.
    pub(crate) fn marks(&self) -> Marks {
        match self.open {
            Open::Sqlite(_) => Marks::Plain,
            Open::Postgres(_) => Marks::Numbered,
        }
    }

    /// The statement for this engine, where the two need different words.
    pub(crate) fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.open {
            Open::Sqlite(_) => sqlite,
            Open::Postgres(_) => postgres,
        }
    }

    /// Whether other processes may write at the same time.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.open, Open::Postgres(_))
    }

    pub(crate) fn commit(self) -> Called<'static, ()> {
        Box::pin(async move { self.faults.call(async { on!(Open, self.open, tx => tx.commit().await) }).await })
    }

    pub(crate) fn rollback(self) -> Called<'static, ()> {
        Box::pin(async move { self.faults.call(async { on!(Open, self.open, tx => tx.rollback().await) }).await })
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
            let n = insert_length(rows.len());
            let args = rows.by_ref().take(n).flatten().collect();
            touched += self.execute(insert_sql(self.marks(), table, clash, n), args).await?;
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

/// How the places for values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Marks {
    /// `?`, in order. SQLite looks a name up among all names of the statement, one after another:
    /// with numbers, a statement of a thousand places takes a million looks.
    Plain,
    /// `$1`, `$2` …
    Numbered,
}

impl Marks {
    /// Of the engine of a database.
    pub(crate) fn of(db: &Db) -> Self {
        match db.pool {
            Pool::Sqlite(_) => Self::Plain,
            Pool::Postgres(_) => Self::Numbered,
        }
    }

    /// Adds the place of the value number `at`, from 1.
    pub(crate) fn push(self, sql: &mut String, at: usize) {
        // Writing into a String cannot fail.
        let _infallible = match self {
            Self::Plain => write!(sql, "?"),
            Self::Numbered => write!(sql, "${at}"),
        };
    }

    /// Adds `n` places, the first of them number `first`.
    pub(crate) fn push_list(self, sql: &mut String, first: usize, n: usize) {
        for at in first..first + n {
            if at > first {
                sql.push(',');
            }
            self.push(sql, at);
        }
    }
}

/// Rows of one statement where `left` rows are left to insert: a power of two, so that few
/// statements stay prepared and a batch of any size takes few of them. Every statement is a way to
/// another thread or machine and back; on a busy machine that costs more than the statement.
pub(crate) fn insert_length(left: usize) -> usize {
    1 << left.max(1).ilog2().min(LONGEST_INSERT.ilog2())
}

/// Most rows of one statement: both engines take the values of so many rows of our widest table.
pub(crate) const LONGEST_INSERT: usize = 256;

/// The statement that inserts `n` whole rows; made once for each engine, table, clash and length.
pub(crate) fn insert_sql(marks: Marks, table: &Table, clash: Clash, n: usize) -> Sql {
    type Made = HashMap<(Marks, &'static str, Clash, usize), Arc<str>>;
    static MADE: Mutex<Option<Made>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let text = made.get_or_insert_default().entry((marks, table.name, clash, n)).or_insert_with(|| {
        let width = table.columns.len();
        let mut sql = format!("INSERT INTO {} ({}) VALUES ", table.name, table.column_names());
        for row in 0..n {
            sql.push_str(if row == 0 { "(" } else { ", (" });
            marks.push_list(&mut sql, row * width + 1, width);
            sql.push(')');
        }
        let rest = &table.columns[table.key..];
        match clash {
            Clash::Fail => {}
            Clash::Keep => sql.push_str(" ON CONFLICT DO NOTHING"),
            Clash::Replace if rest.is_empty() => sql.push_str(" ON CONFLICT DO NOTHING"),
            Clash::Replace => {
                let set: Vec<String> = rest.iter().map(|(c, _)| format!("{c} = excluded.{c}")).collect();
                let _ = write!(sql, " ON CONFLICT ({}) DO UPDATE SET {}", table.key_names(), set.join(", "));
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
