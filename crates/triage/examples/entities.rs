//! Measures entities on labelled lines `{"text", "entities": [{"start","end","type","text"}]}`:
//! exact spans, for each type. For those who work on the rules.
//!
//! `cargo run -p triage --example entities -- LINES.jsonl [TYPE: print misses]`

use std::collections::BTreeMap;
use std::collections::HashSet;
use std::sync::Arc;

use triage::{Divisions, Input, Judge, Models};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let path = args.first().ok_or("LINES.jsonl [TYPE]")?;
    let shown = args.get(1).map(String::as_str);
    let gazetteer = Arc::new(Divisions::new(domain::divisions::Divisions::national()));
    let judge = Judge::new(&Models::embedded()?, gazetteer);
    let mut tally: BTreeMap<String, (usize, usize, usize)> = BTreeMap::new();
    for line in std::fs::read_to_string(path)?.lines() {
        let row: serde_json::Value = serde_json::from_str(line)?;
        let text = row["text"].as_str().unwrap_or_default();
        let key = |e: &serde_json::Value| {
            (
                e["start"].as_u64().unwrap_or(0),
                e["end"].as_u64().unwrap_or(0),
                e["type"].as_str().unwrap_or_default().to_owned(),
            )
        };
        let truth: HashSet<_> = row["entities"].as_array().into_iter().flatten().map(key).collect();
        let judged = judge.judge(&Input { text, ..Input::default() });
        let given: HashSet<_> =
            judged.entities.iter().map(|e| (e.start as u64, e.end as u64, e.kind.as_str().to_owned())).collect();
        for (all, slot) in [(&truth, 0), (&given, 1)] {
            for e in all {
                let t = tally.entry(e.2.clone()).or_default();
                if slot == 0 {
                    t.0 += 1
                } else {
                    t.1 += 1
                }
                if slot == 1 && truth.contains(e) {
                    t.2 += 1;
                }
            }
        }
        if let Some(kind) = shown {
            let words =
                |e: &(u64, u64, String)| text.chars().skip(e.0 as usize).take((e.1 - e.0) as usize).collect::<String>();
            let wrong: Vec<String> = given.iter().filter(|e| e.2 == kind && !truth.contains(e)).map(&words).collect();
            let missed: Vec<String> = truth.iter().filter(|e| e.2 == kind && !given.contains(e)).map(&words).collect();
            if !wrong.is_empty() || !missed.is_empty() {
                println!("+{wrong:?} -{missed:?} {text}");
            }
        }
    }
    for (kind, (truth, given, both)) in tally {
        let (p, r) = (both as f64 / given.max(1) as f64, both as f64 / truth.max(1) as f64);
        println!(
            "{kind:14} truth {truth:6} given {given:6} P {p:.3} R {r:.3} F1 {:.3}",
            2.0 * p * r / (p + r).max(1e-9)
        );
    }
    Ok(())
}
