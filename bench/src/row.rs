//! One row of the table: what, at which size, and its figures in words and as JSON.

use std::time::Duration;

use serde_json::{Map, Value, json};

/// A measured row.
pub struct Row {
    what: &'static str,
    size: usize,
    of: String,
    figures: Vec<Figure>,
}

struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
}

/// The build this was measured in: the program beside us was built the same way.
const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };

/// The head of the table.
pub fn heading() -> String {
    "| what | size | build | measured |\n| --- | --- | --- | --- |".to_owned()
}

impl Row {
    /// An empty row over so many of something.
    pub fn new(what: &'static str, size: usize, of: impl ToString) -> Self {
        Self { what, size, of: of.to_string(), figures: Vec::new() }
    }

    /// Adds a figure, and says it at once on standard error: a row of a million reports takes a while.
    pub fn add(&mut self, name: impl Into<String>, value: f64, unit: &'static str) {
        let figure = Figure { name: name.into(), value, unit };
        eprintln!("{}, {} {}: {figure}", self.what, self.size, self.of);
        self.figures.push(figure);
    }

    /// Adds a figure counted.
    pub fn count(&mut self, name: impl Into<String>, value: usize) {
        self.add(name, value as f64, "");
    }

    /// Adds p50 and p99 of the times taken.
    pub fn times(&mut self, name: &str, taken: &mut [Duration]) {
        taken.sort_unstable();
        for (word, part) in [("p50", 0.50), ("p99", 0.99)] {
            let at = ((taken.len() as f64 * part) as usize).min(taken.len().saturating_sub(1));
            let time = taken.get(at).copied().unwrap_or_default();
            self.add(format!("{name}{word}"), time.as_secs_f64() * 1000.0, "ms");
        }
    }

    /// As a row of the table.
    pub fn markdown(&self) -> String {
        let figures: Vec<String> = self.figures.iter().map(Figure::to_string).collect();
        format!("| {} | {} {} | {PROFILE} | {} |", self.what, self.size, self.of, figures.join("; "))
    }

    /// As one line of JSON.
    pub fn json(&self) -> String {
        let figures: Map<String, Value> =
            self.figures.iter().map(|f| (f.name.clone(), json!({ "value": f.value, "unit": f.unit }))).collect();
        json!({ "what": self.what, "size": self.size, "of": self.of, "build": PROFILE, "figures": figures }).to_string()
    }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.name, short(self.value))?;
        if self.unit.is_empty() { Ok(()) } else { write!(f, " {}", self.unit) }
    }
}

/// Three figures that count.
fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        v if v >= 10.0 => format!("{value:.1}"),
        v if v >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
