//! Repeats and words among N reports, in the sealed index alone.

use std::time::Instant;

use domain::ids::ReportId;
use domain::permission::Scope;
use domain::words::Channel;
use index::{Document, Index, Query, Viewer, Word, Words};
use jiff::civil::date;
use seal::IndexKey;

use crate::process::{cpu_seconds, folder_size, memory};
use crate::row::Row;
use crate::texts::{Chance, id};
use crate::{Fault, Setting, texts};

/// Reports between two commits while the index is built.
const COMMIT_EVERY: usize = 10_000;
/// Questions of each kind.
const ASKED: usize = 300;
/// Candidates asked for, as intake does.
const CANDIDATES: usize = 20;

/// Builds an index and asks it.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(200, 20_000);
    let folder = tempfile::tempdir()?;
    let index = Index::open(folder.path(), &IndexKey::generate(&mut seal::SystemEntropy))?;
    let mut chance = Chance::new(2);
    let ids: Vec<ReportId> = (0..size).map(|_| ReportId(id(&mut chance))).collect();
    let mut row = Row::new("repeats and search in the sealed index", size, "reports");

    let begun = Instant::now();
    for (n, report) in ids.iter().enumerate() {
        index.put(&document(*report, n))?;
        if (n + 1) % COMMIT_EVERY == 0 {
            index.commit(n as u64)?;
        }
    }
    index.commit(size as u64)?;
    row.add("built", size as f64 / begun.elapsed().as_secs_f64(), "reports/s");
    row.add("on disk", folder_size(folder.path())? as f64 / size as f64 / 1024.0, "KiB/report");

    // Merges that still go on are no part of a question.
    let begun = Instant::now();
    index.settle()?;
    row.add("settled after", begun.elapsed().as_secs_f64(), "s");
    let segments = index.segments();
    row.count("segments", segments.count);
    let asked = ASKED.min(size);
    let own = std::process::id();
    let before = cpu_seconds(own)?;
    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..asked {
        let n = chance.below(size);
        let copy = texts::edited(&texts::report(n as u64), n as u64);
        let begun = Instant::now();
        let prints = triage::fingerprint(&copy);
        let candidates = index.candidates(&prints.terms, CANDIDATES)?;
        times.push(begun.elapsed());
        found += usize::from(candidates.contains(&ids[n]));
    }
    row.times("repeats ", &mut times);
    row.add("repeats CPU", (cpu_seconds(own)? - before) * 1000.0 / asked as f64, "ms");
    row.add("recall of edited copies", found as f64 / asked as f64, "");

    let viewer = Viewer { scope: Scope::Tenant, me: "nobody".to_owned() };
    let mut times = Vec::new();
    let mut hits = 0;
    let before = cpu_seconds(own)?;
    for _ in 0..asked {
        let text = texts::report(chance.below(size) as u64);
        let words: Vec<String> = triage::tokens_for_search(&text)
            .into_iter()
            .map(|t| t.text.to_owned())
            .skip(4)
            .step_by(9)
            .take(2)
            .collect();
        let begun = Instant::now();
        let query = Query { words: Some(Words::All(words)), limit: 20, ..Query::default() };
        hits += usize::from(index.search(&query, &viewer)?.total > 0);
        times.push(begun.elapsed());
    }
    row.times("search of two words ", &mut times);
    row.add("search CPU", (cpu_seconds(own)? - before) * 1000.0 / asked as f64, "ms");
    row.add("searches with hits", hits as f64 / asked as f64, "");
    row.add("memory", memory(own, "VmRSS")?, "MiB");
    Ok(row)
}

fn document(report: ReportId, n: usize) -> Document {
    let text = texts::report(n as u64);
    let words = triage::tokens_for_search(&text).into_iter().map(|t| (t.text.to_owned(), t.start));
    let mut document = Document::new(report, date(2026, 3, 2), n as u32, Channel::Web);
    document.words = Word::join([words]);
    document.fingerprints = triage::fingerprint(&text).terms;
    document
}
