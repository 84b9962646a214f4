//! Progress of long commands: a bar on a terminal, a plain line now and then otherwise.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// With a known end.
const KNOWN: &str = "{msg} {bar:32} {pos}/{len} {eta}";
/// Without one.
const UNKNOWN: &str = "{msg} {pos} {spinner}";

/// Shows how far a long command has come.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    terminal: bool,
    last: u64,
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
        Self { bar, what, terminal, last: 0 }
    }

    /// Says how far it is.
    pub fn at(&mut self, position: u64) {
        self.bar.set_position(position);
        if !self.terminal && position >= self.last + 1000 {
            self.last = position;
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
