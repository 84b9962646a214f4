//! Two engines, one body.
use sqlx::{PgPool, SqlitePool};
/// The two engines.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}
