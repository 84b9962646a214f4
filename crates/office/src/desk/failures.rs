//! Tries to sign in, counted by name before a password is looked at: guessing slows down however
//! many try at once, nobody is locked out, and a flood of failures is a few records and not a flood
//! of them. All of it is in memory; a restart only helps the honest.
//!
//! A browser that signed in before is counted by itself (it shows a token that only the server can
//! make), and browsers nobody knows are counted in a few lanes: a stranger who tries a name a
//! thousand times slows down his own lane and not its owner. Names that nobody has are counted the
//! same way in a sketch of fixed size: made-up names push out no real one and take no memory.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
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
/// As many counts are kept before those that are over are looked for.
const TIDY: usize = 1024;
/// Rows of the sketch, and cells in each: a megabyte in all.
const ROWS: usize = 4;
const CELLS: usize = 16_384;

/// Whose tries are counted together: a name in one lane, or a name from one known browser.
pub(super) type Key = [u8; 32];

/// A member of staff whose name somebody tried.
pub(super) type Who = (TenantCode, StaffId);

/// One of the few lanes into which unknown browsers are sorted by where they come from, without its
/// being known here. So few that whoever comes from everywhere guesses no faster than they allow.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lane(u8);

impl Lane {
    /// How many there are.
    pub const COUNT: u8 = 32;

    /// The lane of a number, whatever it is.
    pub fn of(number: u64) -> Self {
        Self((number % u64::from(Self::COUNT)) as u8)
    }

    /// Under what the tries of a name are counted in this lane.
    pub(super) fn key(self, lookup: &[u8; 32]) -> Key {
        seal::sha256(&[lookup.as_slice(), &[self.0]].concat())
    }
}

/// Whose name is tried. There are as many of the first two as the house has staff, links and known
/// browsers; of the last there is no end.
#[derive(Debug, Clone)]
pub(super) enum Whose {
    /// Somebody's who works here.
    Staff(Who),
    /// The code of a one-time link.
    Link,
    /// Nobody's.
    Nobody,
}

/// Tries of one key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tries {
    count: u32,
    /// When the last of them was or will be let through.
    slot: i64,
}

impl Tries {
    /// As they count now: nothing after a quarter of an hour.
    fn now(self, now: i64) -> Self {
        if now - self.slot > FORGOTTEN { Self { count: 0, ..self } } else { self }
    }

    /// With one try more, and how long it waits; see [`Failures::begin`].
    fn with_another(self, now: i64) -> Option<(Self, i64)> {
        let pause = match self.count.checked_sub(FREE) {
            None => 0,
            Some(more) => (1_000_000_i64 << more.min(5)).min(LONGEST_PAUSE),
        };
        let slot = if pause == 0 { now } else { now.max(self.slot + pause) };
        let wait = slot - now;
        (wait <= LONGEST_WAIT).then_some((Self { count: self.count.saturating_add(1), slot }, wait))
    }
}

/// Tries of names that nobody has: each stands in one cell of every row, and the emptiest of them
/// counts. With cells for all who can come within a quarter of an hour it tells what a list would.
struct Sketch {
    hash: RandomState,
    cells: Vec<Tries>,
}

impl Default for Sketch {
    fn default() -> Self {
        Self { hash: RandomState::new(), cells: vec![Tries::default(); ROWS * CELLS] }
    }
}

impl Sketch {
    fn cells_of(&self, key: &Key) -> [usize; ROWS] {
        std::array::from_fn(|row| row * CELLS + (self.hash.hash_one((row, key)) % CELLS as u64) as usize)
    }

    fn tries(&self, key: &Key, now: i64) -> Tries {
        let all = self.cells_of(key).map(|at| self.cells[at].now(now));
        all.into_iter().min_by_key(|tries| (tries.count, tries.slot)).unwrap_or_default()
    }

    fn put(&mut self, key: &Key, tries: Tries, now: i64) {
        for at in self.cells_of(key) {
            // A cell that somebody else filled higher stays as it is.
            if self.cells[at].now(now).count <= tries.count {
                self.cells[at] = tries;
            }
        }
    }
}

/// Failures of one person's name.
#[derive(Default)]
struct Record {
    unrecorded: u32,
    recorded_at: Option<i64>,
}

#[derive(Default)]
struct Book {
    tries: HashMap<Key, Tries>,
    /// At how many counts those that are over are looked for next.
    tidy_at: usize,
    records: HashMap<Who, Record>,
    nobody: Sketch,
}

impl Book {
    /// Lets counts go that are over. What is left is bounded by who works here.
    fn tidy(&mut self, now: i64) {
        if self.tries.len() >= self.tidy_at.max(TIDY) {
            self.tries.retain(|_, tries| tries.now(now).count > 0);
            self.tidy_at = self.tries.len() * 2;
        }
    }
}

/// The book.
#[derive(Default)]
pub(crate) struct Failures(Mutex<Book>);

impl Failures {
    /// Counts a try. Microseconds it has to wait: nothing for the first four, then a second, two,
    /// four … after the one before it, whether that is over or waits as well; `None` where so many
    /// wait already that it would be longer than a minute.
    pub(super) fn begin(&self, key: Key, whose: &Whose, now: i64) -> Option<i64> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Whose::Nobody = whose {
            let (tries, wait) = book.nobody.tries(&key, now).with_another(now)?;
            book.nobody.put(&key, tries, now);
            return Some(wait);
        }
        book.tidy(now);
        let tries = book.tries.entry(key).or_default();
        *tries = tries.now(now);
        if let Some((more, wait)) = tries.with_another(now) {
            *tries = more;
            return Some(wait);
        }
        if let Whose::Staff(who) = whose {
            let record = book.records.entry(who.clone()).or_default();
            record.unrecorded = record.unrecorded.saturating_add(1);
        }
        None
    }

    /// The password fitted: the slips before it cost nothing any more.
    pub(super) fn succeeded(&self, key: &Key) {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tries) = book.tries.get_mut(key) {
            tries.count = 0;
        }
    }

    /// A try of this person's name failed. How many failures are to be recorded now: all since the
    /// last record, or `None` while that is fresh.
    pub(super) fn failed(&self, who: Who, now: i64) -> Option<u32> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let record = book.records.entry(who).or_default();
        record.unrecorded = record.unrecorded.saturating_add(1);
        if record.recorded_at.is_some_and(|at| now - at < RECORDED_EVERY) {
            return None;
        }
        record.recorded_at = Some(now);
        Some(std::mem::take(&mut record.unrecorded))
    }

    /// Takes what was not recorded yet: everything at the end, else what is due.
    pub(super) fn unrecorded(&self, due: Due, now: i64) -> Vec<(Who, u32)> {
        let mut book = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = Vec::new();
        for (who, record) in book.records.iter_mut().filter(|(_, record)| record.unrecorded > 0) {
            let fresh = record.recorded_at.is_some_and(|at| now - at < RECORDED_EVERY);
            if due == Due::Now && fresh {
                continue;
            }
            record.recorded_at = Some(now);
            found.push((who.clone(), std::mem::take(&mut record.unrecorded)));
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

    fn hers() -> Whose {
        Whose::Staff(who())
    }

    fn made_up(n: u32) -> Key {
        seal::sha256(&n.to_be_bytes())
    }

    #[test]
    fn a_hundred_tries_at_once_are_let_through_one_by_one_and_few_of_them() {
        let book = Failures::default();
        let waits: Vec<Option<i64>> = (0..100).map(|_| book.begin([1; 32], &hers(), 0)).collect();
        let through: Vec<i64> = waits.iter().flatten().map(|w| w / SECOND).collect();
        assert_eq!(through, [0, 0, 0, 0, 1, 3, 7, 15, 31], "seconds");
        // Another name waits for nobody.
        assert_eq!(book.begin([2; 32], &hers(), 0), Some(0));
        // And this one is not locked: after a while it waits half a minute at the most, then not at all.
        assert!(book.begin([1; 32], &hers(), 40 * SECOND).is_some_and(|wait| wait <= 30 * SECOND));
        assert_eq!(book.begin([1; 32], &hers(), 3600 * SECOND), Some(0));
    }

    #[test]
    fn whoever_keeps_guessing_a_name_slows_down_his_own_lane() {
        let book = Failures::default();
        let name = seal::sha256(b"clerk");
        for second in 0..3600 {
            book.begin(Lane::of(7).key(&name), &hers(), second * SECOND);
        }
        let now = 3600 * SECOND;
        assert_ne!(book.begin(Lane::of(7).key(&name), &hers(), now), Some(0));
        assert_eq!(book.begin(Lane::of(8).key(&name), &hers(), now), Some(0), "the owner comes from elsewhere");
    }

    #[test]
    fn made_up_names_push_out_no_real_one_and_take_no_memory() {
        let book = Failures::default();
        for _ in 0..20 {
            book.begin([1; 32], &hers(), 0);
        }
        for n in 0..100_000 {
            book.begin(made_up(n), &Whose::Nobody, 0);
        }
        assert_eq!(book.begin([1; 32], &hers(), 0), None, "still slowed down");
        assert_eq!(book.begin([2; 32], &hers(), 0), Some(0), "and nobody else is");
        let inner = book.0.lock().expect("no panic before");
        assert_eq!((inner.tries.len(), inner.nobody.cells.len()), (2, ROWS * CELLS));
    }

    #[test]
    fn a_name_that_nobody_has_is_slowed_down_like_one_that_somebody_has() {
        let book = Failures::default();
        for n in 0..500 {
            book.begin(made_up(n), &Whose::Nobody, 0);
        }
        for (round, pace) in [0, 1, 7, 31, 100].into_iter().enumerate() {
            let key = [100 + round as u8; 32];
            for n in 0..60 {
                let now = (n * pace + 1) * SECOND;
                assert_eq!(
                    book.begin(key, &hers(), now),
                    book.begin(key, &Whose::Nobody, now),
                    "try {n}, every {pace} s"
                );
            }
            let later = (60 * pace + 3600) * SECOND;
            assert_eq!(book.begin(key, &Whose::Nobody, later), Some(0), "forgotten as well");
        }
    }

    #[test]
    fn counts_that_are_over_are_let_go() {
        let book = Failures::default();
        for n in 0..5_000 {
            book.begin(made_up(n), &Whose::Link, i64::from(n) * 10 * SECOND);
        }
        assert!(book.0.lock().expect("no panic before").tries.len() <= 2 * TIDY);
    }

    #[test]
    fn a_success_forgives_the_slips_before_it() {
        let book = Failures::default();
        for _ in 0..6 {
            book.begin([1; 32], &hers(), 0);
        }
        book.succeeded(&[1; 32]);
        assert_eq!(book.begin([1; 32], &hers(), 0), Some(0));
    }

    #[test]
    fn a_flood_of_failures_is_one_record_for_each_interval_and_none_is_left_out() {
        let book = Failures::default();
        let mut records = Vec::new();
        for n in 0..1000 {
            records.extend(book.failed(who(), n * SECOND));
        }
        assert_eq!(records, [1, 600], "after ten minutes the next");
        assert!(book.unrecorded(Due::Now, 1000 * SECOND).is_empty());
        assert_eq!(book.unrecorded(Due::Now, 1300 * SECOND), [(who(), 399)]);
        assert!(book.unrecorded(Due::AtTheEnd, 1300 * SECOND).is_empty());
        book.failed(who(), 1301 * SECOND);
        assert_eq!(book.unrecorded(Due::AtTheEnd, 1302 * SECOND), [(who(), 1)]);
    }
}
