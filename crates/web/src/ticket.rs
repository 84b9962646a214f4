//! Tickets: what a submission shows so that machines cannot flood the office. A browser with
//! scripts solves a small puzzle (about two seconds on an old phone); one without waits a little
//! in a queue whose wait grows under load and never becomes a refusal. Either is bound to one form
//! and one organ, expires, and is kept with no report. It does not know who submits: no address,
//! no cookie.

use std::collections::HashSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use sha2::{Digest, Sha256};

/// Signs tickets under a key of this process; `seal` has the key and the mathematics.
pub trait Signer: Send + Sync {
    /// A 32-byte code of authentication over the message.
    fn sign(&self, message: &[u8]) -> [u8; 32];
}

/// Microseconds in a second.
const SECOND: i64 = 1_000_000;
/// A puzzle may be answered for two hours: people write slowly.
const PUZZLE_LIFE: i64 = 7_200 * SECOND;
/// A wait ticket may be used for one hour after its wait.
const WAIT_LIFE: i64 = 3_600 * SECOND;
/// The shortest wait.
const SHORTEST: i64 = 5 * SECOND;
/// The longest wait; beyond it the queue stops growing.
const LONGEST: i64 = 600 * SECOND;
/// How many wait tickets come due in a second.
const PER_SECOND: i64 = 20;
/// Used tickets remembered; when full, the older half is forgotten by expiry of its generation.
const REMEMBERED: usize = 50_000;

/// What became of a ticket or an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Good, and now used.
    Good,
    /// Too early: this many seconds are left.
    Early(u32),
    /// Missing, wrong, expired or used: a new one is needed.
    Needed,
}

/// A wait ticket as handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// The ticket, for a hidden field.
    pub ticket: String,
    /// Seconds until it is good.
    pub seconds: u32,
}

/// Hands out and checks tickets of one organ.
pub struct Tickets {
    signer: Box<dyn Signer>,
    tenant: String,
    bits: u8,
    /// When the next wait ticket comes due, Unix microseconds.
    next_due: AtomicI64,
    used: Mutex<Used>,
}

#[derive(Default)]
struct Used {
    now: HashSet<[u8; 16]>,
    before: HashSet<[u8; 16]>,
}

impl Tickets {
    /// For one organ; `bits` is how many leading zero bits an answer needs (17 takes an old phone
    /// about two seconds; 0 lets every answer through, for tests of other things).
    pub fn new(signer: Box<dyn Signer>, tenant: &str, bits: u8) -> Self {
        Self {
            signer,
            tenant: tenant.to_owned(),
            bits,
            next_due: AtomicI64::new(0),
            used: Mutex::default(),
        }
    }

    /// How many leading zero bits an answer needs.
    pub fn bits(&self) -> u8 {
        self.bits
    }

    /// A puzzle for the form `form`, at `now` (Unix microseconds).
    pub fn puzzle(&self, form: &str, now: i64) -> String {
        self.seal("work", form, now + PUZZLE_LIFE)
    }

    /// Checks the answer to a puzzle: SHA-256(puzzle ‖ ":" ‖ answer) starts with enough zero bits.
    pub fn answer(&self, puzzle: &str, answer: &str, form: &str, now: i64) -> Verdict {
        let Some(until) = self.open("work", puzzle, form) else { return Verdict::Needed };
        let hash = Sha256::digest(format!("{puzzle}:{answer}"));
        let solved = !answer.is_empty() && answer.len() <= 20 && leading_zeros(&hash) >= u32::from(self.bits);
        if solved && now <= until { self.use_once(puzzle) } else { Verdict::Needed }
    }

    /// A place in the queue for the form `form`.
    pub fn wait(&self, form: &str, now: i64) -> Wait {
        let step = SECOND / PER_SECOND;
        let due = self
            .next_due
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| {
                Some((last + step).clamp(now + SHORTEST, now + LONGEST))
            })
            .map_or(now + SHORTEST, |last| (last + step).clamp(now + SHORTEST, now + LONGEST));
        Wait { ticket: self.seal("wait", form, due), seconds: seconds_until(due, now) }
    }

    /// Checks a wait ticket.
    pub fn waited(&self, ticket: &str, form: &str, now: i64) -> Verdict {
        match self.open("wait", ticket, form) {
            Some(due) if now < due => Verdict::Early(seconds_until(due, now)),
            Some(due) if now <= due + WAIT_LIFE => self.use_once(ticket),
            _ => Verdict::Needed,
        }
    }

    /// Gives a used ticket back: the submission it was shown for failed and stored nothing.
    pub fn give_back(&self, ticket: &str) {
        if let Ok(mut used) = self.used.lock() {
            let key = short(ticket);
            used.now.remove(&key);
            used.before.remove(&key);
        }
    }

    fn use_once(&self, ticket: &str) -> Verdict {
        let Ok(mut used) = self.used.lock() else { return Verdict::Needed };
        let key = short(ticket);
        if used.now.contains(&key) || used.before.contains(&key) {
            return Verdict::Needed;
        }
        if used.now.len() >= REMEMBERED {
            used.before = std::mem::take(&mut used.now);
        }
        used.now.insert(key);
        Verdict::Good
    }

    /// `TIME.CODE`, both hexadecimal; the code binds kind, organ, form and time.
    fn seal(&self, kind: &str, form: &str, time: i64) -> String {
        let code = self.signer.sign(&self.message(kind, form, time));
        format!("{time:x}.{}", hex::encode(code))
    }

    fn open(&self, kind: &str, ticket: &str, form: &str) -> Option<i64> {
        let (time, code) = ticket.split_once('.')?;
        let time = i64::from_str_radix(time, 16).ok()?;
        let code: [u8; 32] = hex::decode(code).ok()?.try_into().ok()?;
        let expected = self.signer.sign(&self.message(kind, form, time));
        // Compared without an early exit, so that timing tells nothing about the code.
        let difference = code.iter().zip(expected).fold(0u8, |acc, (a, b)| acc | (a ^ b));
        (difference == 0).then_some(time)
    }

    fn message(&self, kind: &str, form: &str, time: i64) -> Vec<u8> {
        format!("dengwen ticket v1\n{kind}\n{}\n{form}\n{time}", self.tenant).into_bytes()
    }
}

fn seconds_until(due: i64, now: i64) -> u32 {
    u32::try_from((due - now + SECOND - 1) / SECOND).unwrap_or(0)
}

fn leading_zeros(hash: &[u8]) -> u32 {
    let mut zeros = 0;
    for byte in hash {
        zeros += byte.leading_zeros();
        if *byte != 0 {
            break;
        }
    }
    zeros
}

fn short(ticket: &str) -> [u8; 16] {
    let mut out = [0; 16];
    out.copy_from_slice(&Sha256::digest(ticket)[..16]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Key(u8);
    impl Signer for Key {
        fn sign(&self, message: &[u8]) -> [u8; 32] {
            let mut hash = Sha256::new();
            hash.update([self.0]);
            hash.update(message);
            hash.finalize().into()
        }
    }

    fn tickets(bits: u8) -> Tickets {
        Tickets::new(Box::new(Key(7)), "990100J01", bits)
    }

    const NOW: i64 = 1_800_000_000 * SECOND;

    fn solve(puzzle: &str, bits: u32) -> String {
        (0u64..)
            .map(|n| n.to_string())
            .find(|n| leading_zeros(&Sha256::digest(format!("{puzzle}:{n}"))) >= bits)
            .expect("there is an answer")
    }

    #[test]
    fn work_opens_once_and_only_its_own_form_and_organ() {
        let t = tickets(8);
        let puzzle = t.puzzle("form-a", NOW);
        let answer = solve(&puzzle, 8);
        assert_eq!(t.answer(&puzzle, &answer, "form-b", NOW), Verdict::Needed);
        let other = Tickets::new(Box::new(Key(7)), "990200X01", 8);
        assert_eq!(other.answer(&puzzle, &answer, "form-a", NOW), Verdict::Needed);
        let stranger = Tickets::new(Box::new(Key(8)), "990100J01", 8);
        assert_eq!(stranger.answer(&puzzle, &answer, "form-a", NOW), Verdict::Needed);
        assert_eq!(t.answer(&puzzle, "", "form-a", NOW), Verdict::Needed);
        assert_eq!(t.answer(&puzzle, &answer, "form-a", NOW + PUZZLE_LIFE + 1), Verdict::Needed);
        assert_eq!(t.answer(&puzzle, &answer, "form-a", NOW), Verdict::Good);
        assert_eq!(t.answer(&puzzle, &answer, "form-a", NOW), Verdict::Needed);
        t.give_back(&puzzle);
        assert_eq!(t.answer(&puzzle, &answer, "form-a", NOW), Verdict::Good);
    }

    #[test]
    fn a_wait_is_short_says_how_long_and_opens_once() {
        let t = tickets(17);
        let w = t.wait("form", NOW);
        assert_eq!(w.seconds, 5);
        assert_eq!(t.waited(&w.ticket, "form", NOW + 2 * SECOND), Verdict::Early(3));
        assert_eq!(t.waited(&w.ticket, "other", NOW + 6 * SECOND), Verdict::Needed);
        assert_eq!(t.waited(&w.ticket, "form", NOW + 6 * SECOND), Verdict::Good);
        assert_eq!(t.waited(&w.ticket, "form", NOW + 6 * SECOND), Verdict::Needed);
    }

    #[test]
    fn the_wait_grows_under_load_and_never_refuses() {
        let t = tickets(17);
        let waits: Vec<u32> = (0..20_000).map(|n| t.wait(&n.to_string(), NOW).seconds).collect();
        assert!(waits.windows(2).all(|w| w[0] <= w[1]));
        assert!(waits[10_000] > 300);
        assert_eq!(*waits.last().expect("waits"), 600);
        // An hour later the queue is empty again.
        assert_eq!(t.wait("later", NOW + 3_600 * SECOND).seconds, 5);
    }
}
