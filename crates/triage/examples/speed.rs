//! Measures the whole judgement on labelled rows, one thread: for the table in the model card and
//! docs/performance.md.
//!
//! `cargo run -p triage --example speed -- ROWS.jsonl`

use std::sync::Arc;
use std::time::Instant;

use triage::category::rows_from_jsonl;
use triage::{Divisions, Input, Judge, Models};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("ROWS.jsonl")?;
    let rows = rows_from_jsonl(std::io::BufReader::new(std::fs::File::open(path)?))?;
    let models = Models::embedded()?;
    let judge = Judge::new(&models, Arc::new(Divisions::new(domain::divisions::Divisions::national())));
    let begun = Instant::now();
    judge.judge(&Input { text: "云川省云川市", ..Input::default() });
    println!("first judgement, loading the divisions: {:?}", begun.elapsed());
    let mut times = Vec::with_capacity(rows.len());
    let begun = Instant::now();
    for row in &rows {
        let one = Instant::now();
        std::hint::black_box(judge.judge(&Input { title: row.title.as_deref(), text: &row.text, ..Input::default() }));
        times.push(one.elapsed());
    }
    let all = begun.elapsed().as_secs_f64();
    times.sort();
    let chars: usize = rows.iter().map(|r| r.text.chars().count()).sum();
    println!(
        "judge: {:.0} reports/s, {:.1} million characters/s, median {:?}, p99 {:?}",
        rows.len() as f64 / all,
        chars as f64 / all / 1e6,
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
    let begun = Instant::now();
    for row in &rows {
        std::hint::black_box(models.category.rank(row.title.as_deref().unwrap_or_default(), &row.text));
    }
    println!("category alone: {:.0} reports/s", rows.len() as f64 / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    for row in &rows {
        std::hint::black_box(triage::fingerprint(&row.text));
    }
    println!("fingerprint: {:.0} reports/s", rows.len() as f64 / begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    triage::tokens("装入词典");
    println!("dictionary of words, first use: {:?}", begun.elapsed());
    let begun = Instant::now();
    for row in &rows {
        std::hint::black_box(triage::tokens_for_search(&row.text));
    }
    println!("tokens for search: {:.0} reports/s", rows.len() as f64 / begun.elapsed().as_secs_f64());
    Ok(())
}
