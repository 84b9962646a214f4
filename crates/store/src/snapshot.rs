//! The whole database as one portable stream of JSON lines, read under one snapshot.
//!
//! One format for both engines: `backup` and `restore` use it, and it is the way from SQLite to
//! PostgreSQL. It holds what the tables hold: envelopes and wrapped keys, no key and no plaintext.
//! Sessions are left out, because whoever was signed out since must stay signed out.
//!
//! The first line names format and schema. Each table then has a line with its name and columns, a
//! line for each row (an array; bytes as base64) and a line with the number of its rows. The last
//! line has the number of all rows, so that a stream that was cut off is noticed.

use std::io::{BufRead, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use crate::connect::schema_version;
use crate::db::{Clash, Sql, Tx, Value};
use crate::schema::{ColumnType, TABLES, Table};
use crate::{Store, StoreError};

const FORMAT: &str = "dengwen-snapshot-1";
/// Rows read or written at once.
const PAGE: usize = 512;

/// The tables a snapshot carries.
fn carried() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().copied().filter(|t| t.name != "sessions")
}

impl Store {
    /// Writes every table under one snapshot; returns the number of rows. `progress` is told the
    /// table and the rows so far.
    ///
    /// # Errors
    /// The database or the writer fails.
    pub async fn export_snapshot(
        &self,
        out: &mut (dyn Write + Send),
        progress: &mut (dyn FnMut(&str, u64) + Send),
    ) -> Result<u64, StoreError> {
        let mut tx = self.read.pool.begin_snapshot().await?;
        let mut all = 0;
        line(out, &json!({"format": FORMAT, "schema": schema_version()}))?;
        for table in carried() {
            let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
            line(out, &json!({"table": table.name, "columns": columns}))?;
            let mut rows = 0u64;
            let mut last: Option<Vec<Value>> = None;
            loop {
                let page = page(&mut tx, table, last.take()).await?;
                for row in &page {
                    line(out, &row.iter().map(to_json).collect())?;
                }
                rows += page.len() as u64;
                progress(table.name, rows);
                let full = page.len() == PAGE;
                last = page.into_iter().next_back();
                if !full {
                    break;
                }
            }
            line(out, &json!({"rows": rows}))?;
            all += rows;
        }
        line(out, &json!({"end": all}))?;
        out.flush()?;
        tx.rollback().await?;
        Ok(all)
    }

    /// Reads a snapshot into an empty database of the same schema, all or nothing; returns the
    /// number of rows.
    ///
    /// # Errors
    /// [`StoreError::Snapshot`] if the stream is cut off, of another schema, or the database is not
    /// empty; or the database fails.
    pub async fn import_snapshot(
        &self,
        input: &mut (dyn BufRead + Send),
        progress: &mut (dyn FnMut(&str, u64) + Send),
    ) -> Result<u64, StoreError> {
        let mut tx = self.write.begin().await?;
        match read_in(&mut tx, input, progress).await {
            Ok(all) => {
                tx.commit().await?;
                Ok(all)
            }
            Err(error) => {
                let _ = tx.rollback().await;
                Err(error)
            }
        }
    }
}

async fn read_in(
    tx: &mut Tx,
    input: &mut (dyn BufRead + Send),
    progress: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<u64, StoreError> {
    for table in carried() {
        if !tx.fetch(table.name, some_row_sql(table), Vec::new()).await?.is_empty() {
            return Err(bad("this database already holds a register; give the address of an empty one"));
        }
    }
    let head = next_line(input)?;
    if head["format"] != FORMAT {
        return Err(bad("it is not a snapshot of this program"));
    }
    if head["schema"] != schema_version() {
        return Err(StoreError::Snapshot(format!(
            "it has schema {}, this program has {}; restore it with the program that made it, then run `dengwen migrate`",
            head["schema"],
            schema_version()
        )));
    }
    let mut all = 0;
    for table in carried() {
        let columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        if next_line(input)? != json!({"table": table.name, "columns": columns}) {
            return Err(bad("a table is missing or has other columns"));
        }
        let mut rows = 0u64;
        let mut page = Vec::with_capacity(PAGE);
        loop {
            let line = next_line(input)?;
            match line {
                Json::Array(cells) => page.push(row(table, cells)?),
                end => {
                    if end["rows"] != json!(rows + page.len() as u64) {
                        return Err(bad("rows of a table are missing"));
                    }
                    rows += page.len() as u64;
                    tx.insert(table, Clash::Fail, page).await?;
                    break;
                }
            }
            if page.len() == PAGE {
                rows += page.len() as u64;
                tx.insert(table, Clash::Fail, std::mem::take(&mut page)).await?;
                progress(table.name, rows);
            }
        }
        progress(table.name, rows);
        all += rows;
    }
    if next_line(input)? != json!({"end": all}) {
        return Err(bad("its end is missing"));
    }
    Ok(all)
}

/// The next rows of a table in order of its key.
async fn page(tx: &mut Tx, table: &'static Table, after: Option<Vec<Value>>) -> Result<Vec<Vec<Value>>, StoreError> {
    let (sql, args) = match after {
        None => (first_page_sql(table), Vec::new()),
        Some(mut row) => {
            row.truncate(table.key);
            (next_page_sql(table), row)
        }
    };
    let rows = tx.fetch(table.name, sql, args).await?;
    Ok(rows.into_iter().map(|cells| cells.rest().collect()).collect())
}

pub(crate) fn some_row_sql(table: &Table) -> Sql {
    Sql(format!("SELECT 1 FROM {} LIMIT 1", table.name).into())
}

pub(crate) fn first_page_sql(table: &Table) -> Sql {
    let (columns, key) = (table.column_names(), table.key_names());
    Sql(format!("SELECT {columns} FROM {} ORDER BY {key} LIMIT {PAGE}", table.name).into())
}

pub(crate) fn next_page_sql(table: &Table) -> Sql {
    let (columns, key) = (table.column_names(), table.key_names());
    let places: Vec<String> = (1..=table.key).map(|i| format!("${i}")).collect();
    let places = places.join(", ");
    Sql(format!("SELECT {columns} FROM {} WHERE ({key}) > ({places}) ORDER BY {key} LIMIT {PAGE}", table.name).into())
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Int(v) => json!(v),
        Value::Text(v) => json!(v),
        Value::Bytes(v) => json!(v.as_ref().map(|b| STANDARD.encode(b))),
    }
}

fn row(table: &Table, cells: Vec<Json>) -> Result<Vec<Value>, StoreError> {
    if cells.len() != table.columns.len() {
        return Err(bad("a row has other columns than its table"));
    }
    let values = cells.into_iter().zip(table.columns).map(|(cell, (_, kind))| match (kind, cell) {
        (ColumnType::Int, Json::Null) => Some(Value::Int(None)),
        (ColumnType::Text, Json::Null) => Some(Value::Text(None)),
        (ColumnType::Bytes, Json::Null) => Some(Value::Bytes(None)),
        (ColumnType::Int, Json::Number(n)) => n.as_i64().map(|n| Value::Int(Some(n))),
        (ColumnType::Text, Json::String(s)) => Some(Value::Text(Some(s))),
        (ColumnType::Bytes, Json::String(s)) => STANDARD.decode(s).ok().map(|b| Value::Bytes(Some(b))),
        _ => None,
    });
    values.collect::<Option<_>>().ok_or_else(|| bad("a row holds a value of another kind"))
}

fn line(out: &mut (dyn Write + Send), value: &Json) -> Result<(), StoreError> {
    serde_json::to_writer(&mut *out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}

fn next_line(input: &mut (dyn BufRead + Send)) -> Result<Json, StoreError> {
    let mut text = String::new();
    input.read_line(&mut text)?;
    serde_json::from_str(&text).map_err(|_| bad("it was cut off or damaged"))
}

fn bad(reason: &str) -> StoreError {
    StoreError::Snapshot(reason.to_owned())
}
