//! Stories about the store, each told on both engines.

/// Tells each story on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($world:ident) $body:block)+) => {
        $($(#[$doc])*
        mod $name {
            use super::*;
            async fn story($world: $crate::world::World) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story($crate::world::World::new($crate::world::Engine::Sqlite).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                story($crate::world::World::new($crate::world::Engine::Postgres).await).await;
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
