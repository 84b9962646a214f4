//! Progress of long commands: a bar on a terminal, a plain line now and then otherwise.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

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
        let style = if total == 0 { "{msg} {pos} {spinner}" } else { "{msg} {bar:32} {pos}/{len} {eta}" };
        if let Ok(style) = ProgressStyle::with_template(style) {
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

    /// Ends with how many there were.
    pub fn done(self, count: u64) {
        self.bar.finish_and_clear();
        eprintln!("{}: {count}", self.what);
    }
}
