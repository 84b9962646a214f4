//! `dengwen triage FILE|-`: JSON lines in, one line out for each, in order.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write, stdin, stdout};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use ::triage::{Judge, Models, line};
use domain::divisions::Divisions;

use crate::setup::Fault;

/// Exit code when some line was bad.
const BAD_LINE: u8 = 2;

pub fn run(file: &Path) -> Result<ExitCode, Fault> {
    let models = Models::embedded().map_err(|e| Fault::Say(e.to_string()))?;
    let judge = Judge::new(&models, Arc::new(office::organ::Places(Divisions::national())));
    let input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(file).map_err(|e| Fault::file(file, &e))?))
    };
    let mut out = BufWriter::new(stdout().lock());
    let mut code = ExitCode::SUCCESS;
    for (bytes, number) in input.split(b'\n').zip(1..) {
        let bytes = bytes.map_err(|e| Fault::file(file, &e))?;
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        // Bytes that are no UTF-8 make a line that is no JSON, which is said in its place.
        let outcome = line(&judge, &String::from_utf8_lossy(&bytes), number);
        if outcome.is_bad() {
            code = ExitCode::from(BAD_LINE);
        }
        writeln!(out, "{}", outcome.json()).map_err(|e| Fault::Say(e.to_string()))?;
    }
    out.flush().map_err(|e| Fault::Say(e.to_string()))?;
    Ok(code)
}
