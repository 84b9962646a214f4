//! Stories of triage from outside: any text whatever, the line contract, the shipped weights, and
//! the public data where it is present.

mod any_text;
mod lines;
mod public_data;
mod weights;

use std::sync::{Arc, OnceLock};

use triage::{Divisions, Judge, Models};

/// The judge as the program sets it up, loaded once.
fn judge() -> &'static Judge {
    static JUDGE: OnceLock<Judge> = OnceLock::new();
    JUDGE.get_or_init(|| {
        let models = Models::embedded().expect("the shipped weights can be read");
        Judge::new(&models, Arc::new(Divisions::new(domain::divisions::Divisions::national())))
    })
}

/// A file of the public data, or nothing with a word about it.
fn data(path: &str) -> Option<String> {
    let path = format!("{}/../../../shared/data/{path}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        println!("skipped: {path} is absent");
    }
    text
}
