//! The schema: the same on both engines, tenant first, and never mistaken for another program's.

use std::collections::BTreeMap;

use harness::Postgres;
use sqlx::Row as _;
use store::*;

use crate::world::*;

#[tokio::test]
async fn both_engines_have_the_tables_of_the_list() {
    let mut expected: BTreeMap<String, Vec<(String, ColumnType)>> = BTreeMap::new();
    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for table in TABLES {
        let columns = table.columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect();
        assert!(expected.insert(table.name.into(), columns).is_none(), "{} is listed twice", table.name);
        keys.insert(table.name.into(), table.columns[..table.key].iter().map(|(n, _)| (*n).to_owned()).collect());
    }
    let (sqlite, postgres) = (World::new(Engine::Sqlite).await, World::new(Engine::Postgres).await);
    assert_eq!(sqlite_tables(&sqlite.url).await, (expected.clone(), keys.clone()));
    assert_eq!(postgres_tables(&postgres.url).await, (expected, keys));
}

type Tables = (BTreeMap<String, Vec<(String, ColumnType)>>, BTreeMap<String, Vec<String>>);

async fn sqlite_tables(url: &str) -> Tables {
    let pool = sqlx::SqlitePool::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT m.name, c.name, c.type, c.pk FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx_%' ORDER BY m.name, c.cid",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let (mut tables, mut keys): (Tables, BTreeMap<String, BTreeMap<i64, String>>) = Default::default();
    for row in rows {
        let (table, column, kind, pk): (String, String, String, i64) = (row.get(0), row.get(1), row.get(2), row.get(3));
        let kind = match kind.as_str() {
            "INTEGER" => ColumnType::Int,
            "TEXT" => ColumnType::Text,
            "BLOB" => ColumnType::Bytes,
            other => panic!("{table}.{column} has type {other}"),
        };
        tables.0.entry(table.clone()).or_default().push((column.clone(), kind));
        if pk > 0 {
            keys.entry(table).or_default().insert(pk, column);
        }
    }
    tables.1 = keys.into_iter().map(|(t, k)| (t, k.into_values().collect())).collect();
    tables
}

async fn postgres_tables(url: &str) -> Tables {
    let pool = sqlx::PgPool::connect(url).await.unwrap();
    let rows = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx\\_%' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let mut tables: Tables = Default::default();
    for row in rows {
        let (table, column, kind): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let kind = match kind.as_str() {
            "bigint" => ColumnType::Int,
            "text" => ColumnType::Text,
            "bytea" => ColumnType::Bytes,
            other => panic!("{table}.{column} has type {other}"),
        };
        tables.0.entry(table).or_default().push((column, kind));
    }
    for (table, (_, primary, columns)) in postgres_unique(&pool).await.into_values().map(|i| (i.0.clone(), i)) {
        if primary {
            tables.1.insert(table, columns);
        }
    }
    tables
}

/// Every unique index and constraint: table, whether it is the primary key, columns in order.
async fn postgres_unique(pool: &sqlx::PgPool) -> BTreeMap<String, (String, bool, Vec<String>)> {
    let rows = sqlx::query(
        "SELECT i.relname::text, t.relname::text, x.indisprimary, a.attname::text \
         FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid \
         JOIN pg_namespace n ON n.oid = t.relnamespace \
         CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k(attnum, place) \
         JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
         WHERE n.nspname = 'public' AND (x.indisunique OR x.indisexclusion) AND t.relname NOT LIKE '\\_sqlx\\_%' \
         ORDER BY i.relname, k.place",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut found: BTreeMap<String, (String, bool, Vec<String>)> = BTreeMap::new();
    for row in rows {
        let entry = found.entry(row.get(0)).or_insert_with(|| (row.get(1), row.get(2), Vec::new()));
        entry.2.push(row.get(3));
    }
    found
}

/// citus.md 1 and 2: the tenant is in every unique key, first; foreign keys do not exist. Tables
/// found by a hash alone are the allow-list.
#[tokio::test]
async fn tenant_comes_first_in_every_key() {
    let allowed: Vec<&str> = TABLES.iter().filter(|t| t.found == Found::ByHash).map(|t| t.name).collect();
    assert_eq!(allowed, ["credentials", "sessions", "idempotency", "codes", "api_keys"]);
    let world = World::new(Engine::Postgres).await;
    let pool = sqlx::PgPool::connect(&world.url).await.unwrap();
    let unique = postgres_unique(&pool).await;
    assert!(unique.len() > TABLES.len(), "every table has a primary key, and some have more");
    for (index, (table, _, columns)) in unique {
        if !allowed.contains(&table.as_str()) {
            assert_eq!(columns[0], "tenant", "{index} of {table}");
        }
    }
    let foreign = world.ask("SELECT count(*) FROM pg_constraint WHERE contype = 'f'").await;
    assert_eq!(foreign, 0);
    for table in TABLES {
        assert!(table.columns.iter().any(|(name, _)| *name == "tenant"), "{} has no tenant", table.name);
    }
}

/// citus.md 1: every table is spread, by the organ or, where it is found by a hash, by that hash.
#[test]
fn the_statements_for_citus_name_every_table() {
    let text = include_str!("../../../../deploy/citus/distribute.sql");
    let spread: BTreeMap<&str, &str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("SELECT create_distributed_table('"))
        .filter_map(|rest| {
            let mut quoted = rest.split('\'');
            Some((quoted.next()?, quoted.nth(1)?))
        })
        .collect();
    let by = |table: &&Table| match table.found {
        Found::ByTenant => "tenant",
        Found::ByHash => table.columns[0].0,
    };
    assert_eq!(spread, TABLES.iter().map(|table| (table.name, by(table))).collect());
    assert!(text.contains("REVOKE UPDATE, DELETE, TRUNCATE ON events"), "append-only without triggers");
}

/// citus.md 1 and 8: a statement says whose rows it means, and lets the program, not the database,
/// make times and chance.
#[tokio::test]
async fn every_statement_names_its_tenant() {
    let world = World::new(Engine::Postgres).await;
    let open: Vec<&str> = TABLES.iter().filter(|t| t.found == Found::ByHash).map(|t| t.name).collect();
    let mut looked_at = 0;
    let mut without = Vec::new();
    // The snapshot of a backup or restore means the whole register, table by table.
    let whole = ["empty ", "first page ", "next page "];
    for (name, sql) in world.store.statement_texts() {
        if whole.iter().any(|kind| name.starts_with(kind)) {
            continue;
        }
        for volatile in ["random()", "gen_random_uuid", "clock_timestamp", "nextval", "now()"] {
            assert!(!sql.contains(volatile), "{name} asks the database for {volatile}: {sql}");
        }
        let words: Vec<&str> = sql.split_whitespace().collect();
        let of = |before: &str| words.iter().position(|w| w == &before).and_then(|at| words.get(at + 1));
        let Some(table) = of("FROM").or_else(|| of("UPDATE")) else { continue };
        let table = table.trim_matches(|c: char| !c.is_alphanumeric() && c != '_');
        if !TABLES.iter().any(|t| t.name == table) || open.contains(&table) {
            continue;
        }
        looked_at += 1;
        if !sql.contains("tenant =") && !ALL_ORGANS.contains(&name.as_str()) {
            without.push(format!("{name}: {sql}"));
        }
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
    assert!(looked_at > 60, "only {looked_at} statements were looked at");
}

/// Statements that mean every organ, asked at start, by the snapshot and by sweeps.
const ALL_ORGANS: &[&str] = &["BLOB_NAMES", "TENANTS_ALL"];

on_both! {
    async fn every_statement_can_be_prepared(world) {
        let count = world.store.prepare_all().await.unwrap();
        assert!(count > 150, "only {count} statements were found");
    }

    async fn migrating_twice_changes_nothing(world) {
        file(&world.store, [1]).await;
        assert_eq!(Store::migrate(&world.url).await.unwrap(), 0);
        assert_eq!(world.ask("SELECT count(*) FROM events").await, 1);
    }

    async fn an_unknown_schema_is_refused_with_a_way_out(world) {
        // A later program was here.
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     SELECT 9999, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
        world.raw(later).await.unwrap();
        let refused = Store::connect(&world.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::NewerSchema { found: 9999, .. }), "{refused}");
        assert!(refused.to_string().contains("dengwen migrate"));
        assert!(matches!(Store::migrate(&world.url).await, Err(StoreError::NewerSchema { .. })));
        world.raw("DELETE FROM _sqlx_migrations WHERE version = 9999").await.unwrap();
        Store::connect(&world.url).await.unwrap().close().await;

        // An earlier program was here.
        world.raw("DELETE FROM _sqlx_migrations WHERE version > 1").await.unwrap();
        let refused = Store::connect(&world.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::OlderSchema { found: 1, .. }), "{refused}");
        assert!(refused.to_string().contains("dengwen migrate"));

        // The same version with other contents.
        let zeros = match world.engine {
            Engine::Sqlite => "UPDATE _sqlx_migrations SET checksum = x'00'",
            Engine::Postgres => "UPDATE _sqlx_migrations SET checksum = '\\x00'",
        };
        world.raw(zeros).await.unwrap();
        let refused = Store::connect(&world.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::ForeignSchema { version: 1 }), "{refused}");

        // Nobody was here.
        world.raw("DELETE FROM _sqlx_migrations").await.unwrap();
        let refused = Store::connect(&world.url).await.unwrap_err();
        assert!(matches!(refused, StoreError::NoSchema), "{refused}");
        assert!(refused.to_string().contains("dengwen migrate"));
    }
}

#[tokio::test]
async fn an_empty_place_is_not_a_register() {
    let folder = tempfile::tempdir().unwrap();
    let missing = format!("sqlite:{}/none.db", folder.path().display());
    assert!(matches!(Store::connect(&missing).await, Err(StoreError::NoSchema)));
    assert!(!folder.path().join("none.db").exists(), "asking must not make the file");
    let empty = Postgres::shared().database();
    assert!(matches!(Store::connect(&empty.url).await, Err(StoreError::NoSchema)));
    assert!(matches!(Store::connect("mysql://somewhere").await, Err(StoreError::Address)));
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_reads_the_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(Engine::Sqlite).await;
    file(&world.store, [1]).await;
    let path = world.url.trim_start_matches("sqlite:");
    for suffix in ["", "-wal", "-shm"] {
        let mode = std::fs::metadata(format!("{path}{suffix}")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{path}{suffix}");
    }
}
