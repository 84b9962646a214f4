//! A database that fails when a test says so: at the n-th call from now, before the call is made or
//! after it took effect and before its answer arrived. It is compiled into every build, because a
//! feature of one crate's tests would be switched on for the program beside it; unarmed it costs a
//! look at one number a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::StoreError;

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The call is never made.
    Before,
    /// It takes effect, and its answer is lost. A commit that is lost this way is the worst there is.
    After,
}

/// The failing of one store's calls; shared by its clones.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<State>);

#[derive(Debug, Default)]
struct State {
    /// Calls until one fails, that one included; 0 while nothing is armed.
    left: AtomicU64,
    after: AtomicBool,
}

impl Faults {
    /// Makes the `nth` call from now fail, once; `nth` counts from 1.
    pub fn arm(&self, nth: u64, moment: Moment) {
        self.0.after.store(moment == Moment::After, Ordering::SeqCst);
        self.0.left.store(nth, Ordering::SeqCst);
    }

    /// Lets every call through again; whether the armed one had failed.
    pub fn disarm(&self) -> bool {
        self.0.left.swap(0, Ordering::SeqCst) == 0
    }

    /// Counts a call; the moment at which it fails, if it is the one.
    fn count(&self) -> Option<Moment> {
        if self.0.left.load(Ordering::Relaxed) == 0 {
            return None;
        }
        let before = self.0.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        (before == Ok(1)).then(|| if self.0.after.load(Ordering::SeqCst) { Moment::After } else { Moment::Before })
    }

    /// Makes a call, or loses it.
    pub(crate) async fn call<T>(&self, call: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        let moment = self.count();
        if moment == Some(Moment::Before) {
            return Err(lost());
        }
        let answer = call.await?;
        if moment == Some(Moment::After) { Err(lost()) } else { Ok(answer) }
    }
}

/// As a connection that broke.
fn lost() -> StoreError {
    sqlx::Error::Io(std::io::Error::new(
        std::io::ErrorKind::ConnectionReset,
        "the connection was lost, as a test wanted",
    ))
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_nth_call_fails_and_no_other() {
        let faults = Faults::default();
        let call = async |faults: &Faults| faults.call(async { Ok(1) }).await.is_ok();
        assert!(call(&faults).await);
        for moment in [Moment::Before, Moment::After] {
            faults.arm(3, moment);
            let told: Vec<bool> =
                vec![call(&faults).await, call(&faults).await, call(&faults).await, call(&faults).await];
            assert_eq!(told, [true, true, false, true]);
            assert!(faults.disarm());
        }
        faults.arm(9, Moment::Before);
        assert!(call(&faults).await);
        assert!(!faults.disarm(), "it was not its turn yet");
        assert!(call(&faults).await);
    }
}
