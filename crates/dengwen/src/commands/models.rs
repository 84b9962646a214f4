//! `dengwen train` and `dengwen eval`: the category model.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use ::triage::{EvalOptions, TrainOptions, eval_from_jsonl, train_from_jsonl};

use crate::progress::Progress;
use crate::setup::Fault;

fn rows(path: &Path) -> Result<BufReader<File>, Fault> {
    File::open(path).map(BufReader::new).map_err(|e| Fault::file(path, &e))
}

pub fn train(file: &Path, out: &Path) -> Result<ExitCode, Fault> {
    let mut progress = Progress::new("steps", 0);
    let weights = train_from_jsonl(rows(file)?, &TrainOptions::default(), &mut |p| progress.at(p.done))
        .map_err(|e| Fault::Say(e.to_string()))?;
    progress.done(weights.len() as u64);
    std::fs::write(out, weights).map_err(|e| Fault::file(out, &e))?;
    println!("{}", out.display());
    Ok(ExitCode::SUCCESS)
}

pub fn eval(file: &Path) -> Result<ExitCode, Fault> {
    let mut progress = Progress::new("steps", 0);
    let report = eval_from_jsonl(rows(file)?, &EvalOptions::default(), &mut |p| progress.at(p.done))
        .map_err(|e| Fault::Say(e.to_string()))?;
    println!("{report}");
    Ok(ExitCode::SUCCESS)
}
