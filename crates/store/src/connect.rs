//! Opening a register, and bringing its schema up to date. `connect` never migrates.
//!
//! It knows the two engines' settings and nothing of what is kept.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection};

use crate::StoreError;
use crate::db::{Called, Db, Pool, Reader, statements};
use crate::faults::Faults;
use crate::writer::Writer;

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

statements! {
    APPLIED = "SELECT version, checksum FROM _sqlx_migrations ORDER BY version";
    PING = "SELECT 1";
}

/// The register and everything beside it, in one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) read: Reader,
    /// On SQLite a pool of one: whoever writes waits in line for it. On PostgreSQL the same pool.
    pub(crate) write: Db,
    pub(crate) writer: Arc<Writer>,
}

/// The schema this program knows, the same on both engines.
pub(crate) fn schema_version() -> i64 {
    SQLITE.iter().map(|m| m.version).max().unwrap_or(0)
}

/// Where a register is.
enum Address {
    Sqlite(Box<SqliteConnectOptions>),
    Postgres(Box<PgConnectOptions>),
}

impl FromStr for Address {
    type Err = StoreError;
    fn from_str(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return Ok(Self::Sqlite(Box::new(
                SqliteConnectOptions::new()
                    .filename(path)
                    .journal_mode(SqliteJournalMode::Wal)
                    // An acknowledged report survives the loss of power.
                    .synchronous(SqliteSynchronous::Full)
                    .busy_timeout(Duration::from_secs(10))
                    .statement_cache_capacity(256)
                    // A destroyed key is overwritten, not only unlinked.
                    .pragma("secure_delete", "ON")
                    // 16 MiB: the random names of a batch touch many pages, and the default of 2 MiB reads
                    // them again and again.
                    .pragma("cache_size", "-16384")
                    .pragma("temp_store", "MEMORY")
                    // 32 MiB: a batch touches a thousand pages, many of them those of the batch before. With
                    // the default of 1000, every commit would carry them into the file and sync that too.
                    .pragma("wal_autocheckpoint", "8000")
                    // Without this, REPLACE would delete from the register past its trigger.
                    .pragma("recursive_triggers", "ON"),
            )));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = PgConnectOptions::from_str(url)?.application_name("dengwen").statement_cache_capacity(256);
            return Ok(Self::Postgres(Box::new(options)));
        }
        Err(StoreError::Address)
    }
}

impl Store {
    /// Opens a register at `sqlite:PATH` or `postgres://…`. Refuses a schema it does not know, older
    /// or newer, and says what to do.
    ///
    /// # Errors
    /// [`StoreError::Address`], [`StoreError::NoSchema`], [`StoreError::OlderSchema`],
    /// [`StoreError::NewerSchema`], [`StoreError::ForeignSchema`], or the database does not answer.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connected(url).await
    }

    fn connected(url: &str) -> Called<'_, Self> {
        Box::pin(Self::open(url))
    }

    async fn open(url: &str) -> Result<Self, StoreError> {
        let (read, write, migrator) = match url.parse()? {
            Address::Sqlite(options) => {
                if !Path::new(options.get_filename()).exists() {
                    return Err(StoreError::NoSchema);
                }
                let write = SqlitePoolOptions::new()
                    .max_connections(1)
                    // A connection to a file of our own does not break while it rests; asking it each
                    // time is one more way to its thread and back.
                    .test_before_acquire(false)
                    .after_release(|connection, _| Box::pin(is_sound(connection)))
                    .connect_with((*options).clone())
                    .await?;
                let read = SqlitePoolOptions::new()
                    .max_connections(4)
                    .test_before_acquire(false)
                    .connect_with(options.pragma("query_only", "ON"))
                    .await?;
                (Pool::Sqlite(read), Pool::Sqlite(write), &SQLITE)
            }
            Address::Postgres(options) => {
                let pool = PgPoolOptions::new()
                    .max_connections(16)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect_with(*options)
                    .await?;
                (Pool::Postgres(pool.clone()), Pool::Postgres(pool), &POSTGRES)
            }
        };
        let faults = Faults::default();
        let [read, write] = [read, write].map(|pool| Db { pool, faults: faults.clone() });
        if let Err(error) = check_schema(&read, migrator).await {
            read.close().await;
            write.close().await;
            return Err(error);
        }
        let writer = Arc::new(Writer::start(write.clone()));
        Ok(Self { read: Reader::new(read), write, writer })
    }

    /// Brings the schema up to date, making the database file if needed; returns how many
    /// migrations were applied.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] if a later program wrote it; or the database fails.
    pub async fn migrate(url: &str) -> Result<u32, StoreError> {
        Self::migrated(url).await
    }

    fn migrated(url: &str) -> Called<'_, u32> {
        Box::pin(Self::bring_up(url))
    }

    async fn bring_up(url: &str) -> Result<u32, StoreError> {
        let (pool, migrator) = match url.parse()? {
            Address::Sqlite(options) => {
                let options = options.create_if_missing(true);
                let file = options.get_filename().to_path_buf();
                let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
                readable_by_owner_only(&file)?;
                (Pool::Sqlite(pool), &SQLITE)
            }
            Address::Postgres(options) => {
                (Pool::Postgres(PgPoolOptions::new().max_connections(2).connect_with(*options).await?), &POSTGRES)
            }
        };
        let db = Db { pool, faults: Faults::default() };
        let result = migrate(&db, migrator).await;
        db.close().await;
        result
    }

    /// For tests: makes calls to the database fail.
    pub fn faults(&self) -> &Faults {
        &self.write.faults
    }

    /// Whether the database answers, for readiness.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.read.fetch("database", PING, Vec::new()).await.map(drop)
    }

    /// The same store, reading one unchanging state: that of its first look. For checks that
    /// compare what was read at different moments; kept open, it keeps the database from tidying up
    /// behind the writers, so it is for as long as a check takes and no longer.
    ///
    /// # Errors
    /// The database fails.
    pub async fn frozen(&self) -> Result<Self, StoreError> {
        Ok(Self { read: self.read.freeze().await?, write: self.write.clone(), writer: self.writer.clone() })
    }

    /// Waits for the appends in hand, then closes every connection.
    pub async fn close(&self) {
        self.writer.stop().await;
        self.write.close().await;
        self.read.pool.close().await;
    }
}

/// Whether a connection may be used again. When the disk is full, SQLite ends the transaction by
/// itself; the driver then fails to roll it back, believes for ever that it is inside one, and every
/// later BEGIN on the only write connection would be refused although there is room again.
async fn is_sound(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // Flushes a rollback that is still on its way.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

async fn migrate(db: &Db, migrator: &Migrator) -> Result<u32, StoreError> {
    let before = match check_schema(db, migrator).await {
        Ok(()) => return Ok(0),
        Err(StoreError::NoSchema) => 0,
        Err(StoreError::OlderSchema { found, .. }) => migrator.iter().filter(|m| m.version <= found).count(),
        Err(error) => return Err(error),
    };
    match &db.pool {
        Pool::Sqlite(pool) => migrator.run(pool).await,
        Pool::Postgres(pool) => migrator.run(pool).await,
    }
    .map_err(StoreError::Migrate)?;
    Ok(u32::try_from(migrator.iter().count() - before).unwrap_or(u32::MAX))
}

/// Compares what was applied with what this program carries.
async fn check_schema(db: &Db, migrator: &Migrator) -> Result<(), StoreError> {
    let applied = match db.fetch("_sqlx_migrations", APPLIED, Vec::new()).await {
        Ok(applied) => applied,
        Err(StoreError::Database(sqlx::Error::Database(e)))
            if e.code().as_deref() == Some("42P01") || e.message().starts_with("no such table") =>
        {
            return Err(StoreError::NoSchema);
        }
        Err(error) => return Err(error),
    };
    let known = migrator.iter().map(|m| m.version).max().unwrap_or(0);
    let mut found = 0;
    for mut row in applied {
        let version = row.int("version")?;
        let checksum = row.bytes("checksum")?;
        found = found.max(version);
        if version > known {
            continue;
        }
        if !migrator.iter().any(|m| m.version == version && *m.checksum == *checksum) {
            return Err(StoreError::ForeignSchema { version });
        }
    }
    match found {
        0 => Err(StoreError::NoSchema),
        found if found < known => Err(StoreError::OlderSchema { found, known }),
        found if found > known => Err(StoreError::NewerSchema { found, known }),
        _ => Ok(()),
    }
}

/// SQLite gives its WAL the same rights as the file.
fn readable_by_owner_only(file: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600))?;
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::ids::StaffId;
    use jiff::civil::date;

    use super::*;
    use crate::DraftRow;

    #[tokio::test]
    async fn a_full_disk_is_survived_once_there_is_room_again() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/register.db", folder.path().display());
        Store::migrate(&url).await.unwrap();
        let store = Store::connect(&url).await.unwrap();
        let (tenant, staff) = ("990100001".parse().unwrap(), StaffId("lin".into()));
        let draft = |bytes: usize| DraftRow {
            draft: [1; 16],
            form: "letter".into(),
            sealed: vec![7; bytes],
            changed_on: date(2026, 3, 2),
        };
        store.draft_put(&tenant, &staff, &draft(10)).await.unwrap();
        // The disk ends a few pages from here.
        let Pool::Sqlite(pool) = &store.write.pool else { panic!("the story is about SQLite") };
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count").fetch_one(pool).await.unwrap();
        let limit = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {}", pages + 3));
        sqlx::query(limit).execute(pool).await.unwrap();

        let error = store.draft_put(&tenant, &staff, &draft(1 << 20)).await.unwrap_err();
        assert!(error.to_string().contains("full"), "{error}");
        assert_eq!(store.drafts(&tenant, &staff).await.unwrap()[0].sealed.len(), 10);
        // The connection it happened on is gone, and with it the end of the disk.
        store.draft_put(&tenant, &staff, &draft(1 << 20)).await.unwrap();
        assert_eq!(store.drafts(&tenant, &staff).await.unwrap()[0].sealed.len(), 1 << 20);
        store.close().await;
    }
}
