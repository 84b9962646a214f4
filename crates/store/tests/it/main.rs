//! Stories about the store, each told on both engines.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

/// Tells each story on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $($(#[$doc])*
        async fn $name($world: $crate::world::World) $body
        mod $name {
            use $crate::world::{Engine, World};
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(World::new(Engine::Sqlite).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(World::new(Engine::Postgres).await).await;
            }
        })+
    };
}

mod access;
mod append;
mod blobs;
mod lists;
mod log;
mod rebuild;
mod register;
mod schema;
mod snapshot;
mod work;
mod world;
