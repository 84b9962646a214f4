//! Progress of long commands: a bar on a terminal, a plain line at the beginning, now and then, and at
//! the end otherwise.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// With a known end.
const KNOWN: &str = "{msg} {bar:32} {pos}/{len} {eta}";
/// Without one.
const UNKNOWN: &str = "{msg} {pos} {spinner}";

/// A plain line comes after so many, or after so long.
const MANY: u64 = 1000;
const LONG: Duration = Duration::from_secs(10);

/// Shows how far a long command has come.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    terminal: bool,
    last: (u64, Instant),
}

impl Progress {
    /// Begins; `total` 0 is unknown.
    pub fn new(what: &'static str, total: u64) -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = if terminal { ProgressBar::new(total) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template(if total == 0 { UNKNOWN } else { KNOWN }) {
            bar.set_style(style);
        }
        bar.set_message(what);
        bar.set_length(total);
        if !terminal && total > 0 {
            eprintln!("{what}: 0 of {total}");
        }
        Self { bar, what, terminal, last: (0, Instant::now()) }
    }

    /// Says how far it is.
    pub fn at(&mut self, position: u64) {
        self.bar.set_position(position);
        let (before, since) = self.last;
        if !self.terminal && (position >= before + MANY || position > before && since.elapsed() >= LONG) {
            self.last = (position, Instant::now());
            eprintln!("{}: {position}", self.what);
        }
    }

    /// Says how far it is of how much, where that is told only on the way.
    pub fn of(&mut self, position: u64, total: u64) {
        if self.bar.length() != Some(total) {
            self.bar.set_length(total);
            if let Ok(style) = ProgressStyle::with_template(KNOWN) {
                self.bar.set_style(style);
            }
        }
        self.at(position);
    }

    /// Ends with how many there were.
    pub fn done(self, count: u64) {
        self.bar.finish_and_clear();
        eprintln!("{}: {count}", self.what);
    }
}
