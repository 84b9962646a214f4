//! Slows down whoever tries code after code, without knowing whom: one sketch of fixed size in
//! memory, under a random key that is replaced every hour. It delays and never refuses (promise 6);
//! no address is kept, and nothing of it reaches a log, a figure or an error. It also sorts those who
//! come to the desk's door into a few lanes, so that one who guesses does not slow down the others.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use office::desk::Lane;

/// Where a request came from: lives as long as the connection. It can be neither printed nor
/// written down.
#[derive(Clone, Copy)]
pub struct Origin(IpAddr);

impl Origin {
    /// Of a connection's far end.
    pub fn of(address: IpAddr) -> Self {
        Self(address)
    }

    /// Where a request came from that a proxy on this machine handed over, if it says so; else the far
    /// end itself. Believed of nobody else, and good for a [`Lane`] only.
    pub fn behind(self, forwarded: Option<&str>) -> Self {
        let told = forwarded.and_then(|all| all.rsplit(',').next()).and_then(|last| last.trim().parse().ok());
        if self.0.to_canonical().is_loopback() { told.map_or(self, Self) } else { self }
    }

    /// What one household or one machine shares: the address, or the /64 of a long one.
    fn bytes(self) -> [u8; 8] {
        let mut short = [0; 8];
        match self.0.to_canonical() {
            IpAddr::V4(v4) => short[..4].copy_from_slice(&v4.octets()),
            IpAddr::V6(v6) => short.copy_from_slice(&v6.octets()[..8]),
        }
        short
    }
}

const ROWS: usize = 4;
const CELLS: usize = 4096;
/// The sketch forgets everything after this long.
const TURN: Duration = Duration::from_secs(3600);
/// Wrong codes an hour that cost nothing: slips of the pen.
const FREE: u16 = 10;
/// The first delay after that; each further wrong code doubles it.
const FIRST: Duration = Duration::from_millis(50);
/// The longest delay.
const LONGEST: Duration = Duration::from_secs(4);

struct Sketch {
    since: Instant,
    salt: [u8; 32],
    hash: RandomState,
    cells: Box<[[u16; CELLS]; ROWS]>,
}

impl Sketch {
    fn fresh(now: Instant) -> Self {
        let mut salt = [0; 32];
        // Without the system's randomness the hasher's own random keys remain.
        if getrandom::fill(&mut salt).is_err() {
            tracing::warn!("the system gave no randomness for the pace of look-ups");
        }
        Self { since: now, salt, hash: RandomState::new(), cells: Box::new([[0; CELLS]; ROWS]) }
    }

    fn cell(&self, row: usize, origin: Origin) -> usize {
        let mut hasher = self.hash.build_hasher();
        hasher.write(&self.salt);
        hasher.write_usize(row);
        hasher.write(&origin.bytes());
        (hasher.finish() % CELLS as u64) as usize
    }
}

/// The pace of look-ups by code.
pub struct Pace(Mutex<Sketch>);

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(Sketch::fresh(Instant::now())))
    }
}

impl Pace {
    /// Waits as long as this origin's earlier wrong codes cost; nothing where it is not known.
    pub async fn wait(&self, origin: Option<Origin>) {
        let Some(origin) = origin else { return };
        let delay = self.delay(origin, Instant::now());
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }

    /// Counts a code that opened nothing.
    pub fn missed(&self, origin: Option<Origin>) {
        if let Some(origin) = origin {
            self.count(origin, Instant::now());
        }
    }

    fn delay(&self, origin: Origin, now: Instant) -> Duration {
        let sketch = self.at(now);
        let missed = (0..ROWS).map(|row| sketch.cells[row][sketch.cell(row, origin)]).min().unwrap_or(0);
        match missed.checked_sub(FREE) {
            None | Some(0) => Duration::ZERO,
            Some(over) => FIRST.saturating_mul(1 << (over - 1).min(10)).min(LONGEST),
        }
    }

    fn count(&self, origin: Origin, now: Instant) {
        let mut sketch = self.at(now);
        for row in 0..ROWS {
            let cell = sketch.cell(row, origin);
            sketch.cells[row][cell] = sketch.cells[row][cell].saturating_add(1);
        }
    }

    fn at(&self, now: Instant) -> std::sync::MutexGuard<'_, Sketch> {
        let mut sketch = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(sketch.since) >= TURN {
            *sketch = Sketch::fresh(now);
        }
        sketch
    }
}

/// Into which lane a browser comes that nobody knows yet: by a random key that is replaced every
/// quarter of an hour, so that nobody shares a guesser's lane for longer.
pub struct Lanes(Mutex<(Instant, RandomState)>);

impl Default for Lanes {
    fn default() -> Self {
        Self(Mutex::new((Instant::now(), RandomState::new())))
    }
}

impl Lanes {
    /// How long a lane is the same.
    const TURN: Duration = Duration::from_secs(900);

    /// The lane of an origin; one for all of whom nothing is known.
    pub fn of(&self, origin: Option<Origin>) -> Lane {
        self.at(origin, Instant::now())
    }

    fn at(&self, origin: Option<Origin>, now: Instant) -> Lane {
        let mut turn = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.duration_since(turn.0) >= Self::TURN {
            *turn = (now, RandomState::new());
        }
        origin.map_or_else(Lane::default, |origin| Lane::of(turn.1.hash_one(origin.bytes())))
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;

    fn origin(last: u8) -> Origin {
        Origin::of(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)))
    }

    #[test]
    fn slips_cost_nothing_guesses_more_and_more_and_never_a_refusal() {
        let (pace, now) = (Pace::default(), Instant::now());
        let mut delays = Vec::new();
        for _ in 0..40 {
            pace.count(origin(1), now);
            delays.push(pace.delay(origin(1), now));
        }
        assert!(delays[..usize::from(FREE)].iter().all(Duration::is_zero));
        assert!(delays[usize::from(FREE)..].windows(2).all(|w| w[0] <= w[1]));
        assert_eq!(delays[39], LONGEST);
        assert!(pace.delay(origin(2), now).is_zero(), "someone else is not slowed down");
    }

    #[test]
    fn the_hour_forgets() {
        let (pace, now) = (Pace::default(), Instant::now());
        (0..30).for_each(|_| pace.count(origin(1), now));
        assert!(!pace.delay(origin(1), now).is_zero());
        assert!(pace.delay(origin(1), now + TURN).is_zero());
    }

    #[test]
    fn an_origin_keeps_its_lane_for_a_while_and_most_others_have_another() {
        let (lanes, now) = (Lanes::default(), Instant::now());
        let at = |last, now| lanes.at(Some(origin(last)), now);
        assert_eq!(at(1, now), at(1, now + Duration::from_secs(60)));
        assert!((2..=255).filter(|last| at(*last, now) != at(1, now)).count() > 200);
        let later = |turn: u32| now + Lanes::TURN * turn;
        let first = at(1, now);
        assert!((1..=20).any(|turn| at(1, later(turn)) != first), "nobody shares a lane for good");
    }

    #[test]
    fn a_proxy_on_this_machine_is_believed_and_nobody_else() {
        let local = Origin::of(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let told = Some("198.51.100.7, 192.0.2.1");
        assert_eq!(local.behind(told).bytes(), origin(1).bytes(), "the last is what the proxy saw");
        assert_eq!(local.behind(Some("nonsense")).bytes(), local.bytes());
        assert_eq!(origin(9).behind(told).bytes(), origin(9).bytes());
    }

    #[test]
    fn the_addresses_of_one_household_are_one() {
        let (pace, now) = (Pace::default(), Instant::now());
        let of = |last| Origin::of(IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 7, 0, 0, 0, last)));
        (0..30).for_each(|n| pace.count(of(n), now));
        assert_eq!(pace.delay(of(99), now), LONGEST);
    }
}
