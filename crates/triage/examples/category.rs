//! Trains or measures the category model from a file, for those who work on it. The program's own
//! commands are `dengwen train` and `dengwen eval`.
//!
//! `cargo run -p triage --example category -- train ROWS.jsonl OUT.bin`
//! `cargo run -p triage --example category -- eval ROWS.jsonl [grouped] [SEED]`

use std::fs::File;
use std::io::BufReader;

use triage::category::{EvalOptions, Split, TrainOptions, eval_from_jsonl, train_from_jsonl};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let mut progress = |p: triage::Progress| eprint!("\r{}/{}", p.done, p.total);
    match args[..] {
        ["train", rows, out] => {
            let bytes = train_from_jsonl(BufReader::new(File::open(rows)?), &TrainOptions::default(), &mut progress)?;
            eprintln!("\n{} bytes", bytes.len());
            std::fs::write(out, bytes)?;
        }
        ["eval", rows, ref rest @ ..] => {
            let split = if rest.contains(&"grouped") { Split::Grouped } else { Split::Stratified };
            let seed = rest.iter().find_map(|a| a.parse().ok()).unwrap_or(EvalOptions::default().seed);
            let options = EvalOptions { split, seed, ..EvalOptions::default() };
            let report = eval_from_jsonl(BufReader::new(File::open(rows)?), &options, &mut progress)?;
            eprintln!();
            println!("{report}");
        }
        _ => return Err("train ROWS OUT | eval ROWS [grouped] [SEED]".into()),
    }
    Ok(())
}
