//! `dengwen eval`: how good the category model is on these rows, everything fitted inside the fold.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use triage::EvalOptions;

use crate::progress::Progress;
use crate::setup::Fault;

/// Measures and prints the figures.
///
/// # Errors
/// The rows or the file are not what they should be.
pub fn run(file: &Path) -> Result<ExitCode, Fault> {
    let input = BufReader::new(File::open(file).map_err(|e| Fault::file(file, &e))?);
    let mut bar = Progress::new("measuring", 0);
    let figures = triage::eval_from_jsonl(input, &EvalOptions::default(), &mut |p| bar.of(p.done, p.total))
        .map_err(|e| Fault::Say(format!("{}: {e}", file.display())))?;
    bar.done(figures.rows as u64);
    println!("{figures}");
    Ok(ExitCode::SUCCESS)
}
