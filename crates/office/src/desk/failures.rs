//! Tries to sign in, counted by name before a password is looked at: guessing slows down however
//! many try at once, nobody is locked out, and a flood of failures is a few records and not a flood
//! of them. All of it is in memory; a restart only helps the honest.
//!
//! A browser that signed in before is counted by itself (it shows a token that only the server can
//! make), so that a stranger who tries a name a thousand times does not slow down its owner.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::ids::{StaffId, TenantCode};

/// Tries that cost nothing: slips of the finger.
const FREE: u32 = 4;
/// Longest pause between two tries, microseconds.
const LONGEST_PAUSE: i64 = 30_000_000;
/// Whoever would have to wait longer is asked to come again, microseconds.
const LONGEST_WAIT: i64 = 60_000_000;
/// After this long without a try a name begins anew, microseconds.
const FORGOTTEN: i64 = 900_000_000;
/// Failures of a name are recorded at most this often, microseconds.
const RECORDED_EVERY: i64 = 600_000_000;
/// Names kept at most: names made up by the thousand push out each other, not the memory.
const NAMES: usize = 10_000;

/// Whose tries are counted together: a name, or a name from one known browser.
pub(super) type Key = [u8; 32];

/// A member of staff whose name somebody tried.
pub(super) type Who = (TenantCode, StaffId);

#[derive(Default)]
struct Tries {
    count: u32,
    /// When the last of them was or will be let through.
    slot: i64,
    who: Option<Who>,
    unrecorded: u32,
    recorded_at: Option<i64>,
}

/// The book.
#[derive(Default)]
pub(crate) struct Failures(Mutex<HashMap<Key, Tries>>);

impl Failures {
    /// Counts a try. Microseconds it has to wait: nothing for the first four, then a second, two,
    /// four … after the one before it, whether that is over or waits as well; `None` where so many
    /// wait already that it would be longer than a minute.
    pub(super) fn begin(&self, key: Key, now: i64) -> Option<i64> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if book.len() >= NAMES && !book.contains_key(&key) {
            book.retain(|_, tries| tries.unrecorded > 0 || now - tries.slot < FORGOTTEN);
            if book.len() >= NAMES {
                book.clear();
            }
        }
        let tries = book.entry(key).or_default();
        if now - tries.slot > FORGOTTEN {
            tries.count = 0;
        }
        let pause = match tries.count.checked_sub(FREE) {
            None => 0,
            Some(more) => (1_000_000_i64 << more.min(5)).min(LONGEST_PAUSE),
        };
        let slot = if pause == 0 { now } else { now.max(tries.slot + pause) };
        if slot - now > LONGEST_WAIT {
            tries.unrecorded = tries.unrecorded.saturating_add(1);
            return None;
        }
        tries.count = tries.count.saturating_add(1);
        tries.slot = slot;
        Some(slot - now)
    }

    /// The password fitted: the slips before it cost nothing any more.
    pub(super) fn succeeded(&self, key: &Key) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tries) = book.get_mut(key) {
            tries.count = 0;
        }
    }

    /// A try of this person's name failed. How many failures are to be recorded now: all since the
    /// last record, or `None` while that is fresh.
    pub(super) fn failed(&self, key: Key, who: Who, now: i64) -> Option<u32> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tries = book.entry(key).or_default();
        tries.who = Some(who);
        tries.unrecorded = tries.unrecorded.saturating_add(1);
        if tries.recorded_at.is_some_and(|at| now - at < RECORDED_EVERY) {
            return None;
        }
        tries.recorded_at = Some(now);
        Some(std::mem::take(&mut tries.unrecorded))
    }

    /// Takes what was not recorded yet: everything at the end, else what is due.
    pub(super) fn unrecorded(&self, due: Due, now: i64) -> Vec<(Who, u32)> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        for tries in book.values_mut().filter(|tries| tries.unrecorded > 0) {
            let fresh = tries.recorded_at.is_some_and(|at| now - at < RECORDED_EVERY);
            if due == Due::Now && fresh {
                continue;
            }
            let Some(who) = tries.who.clone() else {
                // Nobody of this name: nothing to record, and nothing to keep for it.
                tries.unrecorded = 0;
                continue;
            };
            tries.recorded_at = Some(now);
            found.push((who, std::mem::take(&mut tries.unrecorded)));
        }
        found
    }
}

/// Which records are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Those whose interval is over.
    Now,
    /// All: the process ends.
    AtTheEnd,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    fn who() -> Who {
        ("990100JW1".parse().expect("a code"), StaffId("clerk".into()))
    }

    #[test]
    fn a_hundred_tries_at_once_are_let_through_one_by_one_and_few_of_them() {
        let book = Failures::default();
        let waits: Vec<Option<i64>> = (0..100).map(|_| book.begin([1; 32], 0)).collect();
        let through: Vec<i64> = waits.iter().flatten().map(|w| w / SECOND).collect();
        assert_eq!(through, [0, 0, 0, 0, 1, 3, 7, 15, 31], "seconds");
        // Another name waits for nobody.
        assert_eq!(book.begin([2; 32], 0), Some(0));
        // And this one is not locked: after a while it waits half a minute at the most, then not at all.
        assert!(book.begin([1; 32], 40 * SECOND).is_some_and(|wait| wait <= 30 * SECOND));
        assert_eq!(book.begin([1; 32], 3600 * SECOND), Some(0));
    }

    #[test]
    fn a_success_forgives_the_slips_before_it() {
        let book = Failures::default();
        for _ in 0..6 {
            book.begin([1; 32], 0);
        }
        book.succeeded(&[1; 32]);
        assert_eq!(book.begin([1; 32], 0), Some(0));
    }

    #[test]
    fn a_flood_of_failures_is_one_record_for_each_interval_and_none_is_left_out() {
        let book = Failures::default();
        let mut records = Vec::new();
        for n in 0..1000 {
            records.extend(book.failed([1; 32], who(), n * SECOND));
        }
        assert_eq!(records, [1, 600], "after ten minutes the next");
        assert!(book.unrecorded(Due::Now, 1000 * SECOND).is_empty());
        assert_eq!(book.unrecorded(Due::Now, 1300 * SECOND), [(who(), 399)]);
        assert!(book.unrecorded(Due::AtTheEnd, 1300 * SECOND).is_empty());
        book.failed([1; 32], who(), 1301 * SECOND);
        assert_eq!(book.unrecorded(Due::AtTheEnd, 1302 * SECOND), [(who(), 1)]);
    }
}
