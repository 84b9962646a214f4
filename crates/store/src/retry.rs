//! Transactions that other transactions are in the way of: what an error means, and the second try.

use std::ops::ControlFlow;
use std::time::Duration;

use sqlx::error::ErrorKind;

use crate::db::Tx;
use crate::error::StoreError;

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
        tracing::debug!(transaction = self.name, tries = self.tries, "in the way of another transaction, again");
        tokio::time::sleep(Duration::from_millis(2 << self.tries.min(6))).await;
        ControlFlow::Continue(())
    }
}

/// The only way to write outside the append queue: a named transaction, run again when another one
/// was in the way. The body may run more than once and must have no effect outside `$tx`.
macro_rules! run_tx {
    ($db:expr, $name:literal, $tx:ident => $body:expr) => {{
        let mut turn = $crate::retry::Turn::new($name);
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
