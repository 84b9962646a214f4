//! `dengwen triage`: JSON lines in, one line out for each, in order. Lines are judged side by side
//! and written one after the other; a bad one gets its sentence in its place and exit code 2.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use rayon::prelude::*;
use triage::{Divisions, Judge, LineOutcome, Models, line};

use crate::setup::Fault;

/// Lines judged side by side at most.
const CHUNK: usize = 256;
/// Exit code where at least one line was bad.
const BAD_LINE: u8 = 2;
/// Stands for a line that is not UTF-8: it is no JSON, and the sentence about that names encoding.
const NOT_TEXT: &str = "\u{fffd}";

/// Judges the lines of a file, or of standard input.
///
/// # Errors
/// The file or standard output fails.
pub fn run(file: &Path) -> Result<ExitCode, Fault> {
    let models = Models::embedded().map_err(|e| Fault::Say(e.to_string()))?;
    let judge = Judge::new(&models, Arc::new(Divisions::new(domain::divisions::Divisions::national())));
    let failed = |e| Fault::file(file, &e);
    let out = BufWriter::new(io::stdout().lock());
    let judged = if file == Path::new("-") {
        judge_all(&judge, BufReader::with_capacity(1 << 16, io::stdin().lock()), out)
    } else {
        judge_all(&judge, BufReader::with_capacity(1 << 16, File::open(file).map_err(failed)?), out)
    };
    match judged {
        Ok(0) => Ok(ExitCode::SUCCESS),
        Ok(_) => Ok(ExitCode::from(BAD_LINE)),
        // Whoever reads has read enough.
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(e) => Err(failed(e)),
    }
}

/// Judges every line; returns how many were bad.
fn judge_all(judge: &Judge, mut input: BufReader<impl Read>, mut out: impl Write) -> io::Result<u64> {
    let (mut number, mut bad) = (0, 0);
    loop {
        let lines = read_chunk(&mut input)?;
        if lines.is_empty() {
            return Ok(bad);
        }
        let outcomes: Vec<LineOutcome> = lines
            .par_iter()
            .enumerate()
            .map(|(n, text)| line(judge, text.as_deref().unwrap_or(NOT_TEXT), number + n as u64 + 1))
            .collect();
        number += lines.len() as u64;
        for outcome in outcomes {
            bad += u64::from(outcome.is_bad());
            writeln!(out, "{}", outcome.json())?;
        }
        out.flush()?;
    }
}

/// The lines at hand: at least one, unless the input ended, and no waiting for more than that, so
/// that a person or a program may talk to it line by line. `None` is a line that is not UTF-8.
fn read_chunk(input: &mut BufReader<impl Read>) -> io::Result<Vec<Option<String>>> {
    let mut lines = Vec::new();
    while lines.len() < CHUNK && (lines.is_empty() || input.buffer().contains(&b'\n')) {
        let mut bytes = Vec::new();
        if input.read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        lines.push(String::from_utf8(bytes).ok());
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_out_for_each_in_order_and_bad_ones_in_their_place() {
        let models = Models::embedded().expect("the shipped weights");
        let judge = Judge::new(&models, Arc::new(Divisions::new(domain::divisions::Divisions::national())));
        let mut input = Vec::new();
        for n in 1..=600 {
            match n {
                3 => input.extend(b"not json\n"),
                5 => input.extend([0xff, 0xfe, b'\n']),
                9 => input.extend(b"\r\n"),
                _ => writeln!(input, r#"{{"id":{n},"text":"小区门口的路灯坏了三个月没有人修。"}}"#).expect("memory"),
            }
        }
        let mut out = Vec::new();
        let bad = judge_all(&judge, BufReader::new(&input[..]), &mut out).expect("memory");
        assert_eq!(bad, 3);
        let out = String::from_utf8(out).expect("JSON is UTF-8");
        let lines: Vec<serde_json::Value> = out.lines().map(|l| serde_json::from_str(l).expect(l)).collect();
        assert_eq!(lines.len(), 600);
        for (n, json) in (1u64..).zip(&lines) {
            if [3, 5, 9].contains(&n) {
                assert!(json["id"].is_null() && json["line"] == n && json["error"].is_string(), "{json}");
            } else {
                assert_eq!(json["id"], n);
            }
        }
    }
}
