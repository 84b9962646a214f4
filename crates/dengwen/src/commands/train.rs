//! `dengwen train`: category weights from classified JSON lines. The same rows give the same bytes.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use triage::TrainOptions;

use crate::progress::Progress;
use crate::setup::Fault;

/// Trains and writes the weights.
///
/// # Errors
/// The rows or a file are not what they should be.
pub fn run(file: &Path, out: &Path) -> Result<ExitCode, Fault> {
    let input = BufReader::new(File::open(file).map_err(|e| Fault::file(file, &e))?);
    let mut bar = Progress::new("training", 0);
    let bytes = triage::train_from_jsonl(input, &TrainOptions::default(), &mut |p| bar.of(p.done, p.total))
        .map_err(|e| Fault::Say(format!("{}: {e}", file.display())))?;
    // Beside its place first: weights in use are never half written.
    let beside = out.with_extension("new");
    std::fs::write(&beside, &bytes).map_err(|e| Fault::file(&beside, &e))?;
    std::fs::rename(&beside, out).map_err(|e| Fault::file(out, &e))?;
    bar.done(bytes.len() as u64);
    eprintln!("weights written to {}", out.display());
    Ok(ExitCode::SUCCESS)
}
