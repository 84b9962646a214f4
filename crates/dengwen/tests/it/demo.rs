//! A small city of sixty reports, made by the real program: it has something at every stage, in every
//! colour, by every way in, and what people did to reports is all there. And a city whose making was
//! broken off says what to do about it.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use domain::ids::{StreamKind, TenantCode};
use domain::words::{Channel, Stage};
use store::{Order, Scope, Sort, SortBy, Store};

use crate::city::terminate;

fn program(data: &Path, reports: u32) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dengwen"));
    command.env("DENGWEN_ALLOW_SWAP", "1").arg("--data").arg(data);
    command.args(["demo", "--listen", "127.0.0.1:0", "--json", "--reports", &reports.to_string()]);
    command.stdin(Stdio::null());
    command
}

/// Makes a city, and ends the program in order once it serves.
fn made(data: &Path, reports: u32) {
    let mut child = program(data, reports).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with('{'), "{line}");
    terminate(&child);
    assert!(child.wait().unwrap().success());
}

#[derive(Default)]
struct Found {
    stages: BTreeMap<Stage, u64>,
    channels: BTreeMap<Channel, usize>,
    events: BTreeMap<String, usize>,
    papers: BTreeSet<String>,
    platform_numbers: usize,
    open: u64,
    yellow: u64,
    red: u64,
    overdue: u64,
    returned: u64,
}

async fn newest(store: &Store) -> jiff::civil::Date {
    let scope = Scope::program("990100J01".parse().unwrap());
    let sort = Sort { by: SortBy::Number, order: Order::Ascending };
    let day: jiff::civil::Date = "2026-01-01".parse().unwrap();
    let rows = store.list(&scope, &store::Filter::default(), sort, day, 0, 500).await.unwrap().rows;
    rows.iter().map(|row| row.last_on).max().unwrap()
}

/// Everything that stands in the clear in both registers of the city.
async fn look(data: &Path) -> Found {
    let store = Store::connect(&format!("sqlite:{}", data.join("register.db").display())).await.unwrap();
    // The day the city calls today: the newest of its days.
    let today = newest(&store).await;
    let mut found = Found::default();
    for code in ["990100J01", "990100X01"] {
        let tenant: TenantCode = code.parse().unwrap();
        let scope = Scope::program(tenant.clone());
        let counts = store.counts(&scope, None, today).await.unwrap();
        for (stage, n) in counts.stages {
            *found.stages.entry(stage).or_default() += n.at_least();
        }
        let stock = store.open_stock(&scope, today).await.unwrap();
        found.open += stock.open;
        found.yellow += stock.yellow;
        found.red += stock.red;
        found.overdue += counts.overdue.at_least();
        found.returned += counts.returned.at_least();
        let sort = Sort { by: SortBy::Number, order: Order::Ascending };
        for row in store.list(&scope, &store::Filter::default(), sort, today, 0, 500).await.unwrap().rows {
            *found.channels.entry(row.channel).or_default() += 1;
            found.platform_numbers += usize::from(row.platform_number.is_some());
        }
        let mut last = None;
        loop {
            let streams = store.streams_after(&tenant, StreamKind::Report, last.as_ref(), 100).await.unwrap();
            let Some(end) = streams.last().and_then(|s| s.first()).map(|e| e.stream) else { break };
            for event in streams.iter().flatten() {
                *found.events.entry(event.row.event.clone()).or_default() += 1;
                let header: serde_json::Value = serde_json::from_str(&event.row.header).unwrap();
                if let Some(paper) = header["event"]["paper"].as_str() {
                    found.papers.insert(paper.to_owned());
                }
            }
            last = Some(end);
        }
    }
    store.close().await;
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_small_city_is_alive_at_every_stage_and_in_every_colour() {
    let root = tempfile::tempdir().unwrap();
    let data = root.path().join("d");
    made(&data, 90);
    let found = look(&data).await;
    println!("{:?}\n{:?}\n{:?}\n{:?}", found.stages, found.channels, found.events, found.papers);
    println!(
        "open {} yellow {} red {} overdue {} returned {}",
        found.open, found.yellow, found.red, found.overdue, found.returned
    );
    for stage in Stage::ALL.iter().filter(|s| **s != Stage::Closed) {
        assert!(found.stages.get(stage).is_some_and(|n| *n > 0), "nothing lies at {stage}: {:?}", found.stages);
    }
    for channel in Channel::ALL.iter().filter(|c| **c != Channel::Video) {
        assert!(found.channels.contains_key(channel), "nothing came by {channel}: {:?}", found.channels);
    }
    for event in [
        "returned",
        "split",
        "corrected",
        "linked",
        "signed_for",
        "name_verified",
        "message_sent",
        "contact_held",
        "evidence_added",
        "objected",
        "objection_explained",
        "rated",
        "platform_number_set",
        "closed",
    ] {
        assert!(found.events.contains_key(event), "nothing was {event}: {:?}", found.events);
    }
    assert!(found.returned > 0 && found.platform_numbers > 0);
    let blue = found.open - found.yellow - found.red;
    assert!(blue > 0 && found.yellow > 0 && found.red > 0, "blue {blue}, yellow {}, red {}", found.yellow, found.red);
    let share = found.overdue * 100 / found.open;
    assert!((5..=30).contains(&share), "{share}% of {} open reports are overdue", found.open);
    // Without a font no letter can be set anywhere; with one, every letter of both editions was.
    if papers::Fonts::new(papers::FontPlaces { configured: None, roots: vec![".".into()] }).check().is_ok() {
        let letters = ["acceptance_letter", "acceptance_notice", "feedback_record", "handling_opinion"];
        assert_eq!(found.papers.iter().map(String::as_str).collect::<Vec<_>>(), letters);
    } else {
        println!("skipped: no font for the letters");
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_city_broken_off_names_the_folders_to_delete() {
    let root = tempfile::tempdir().unwrap();
    let (data, keys) = (root.path().join("d"), root.path().join("d.keys"));
    let child = program(&data, 400).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !keys.join("demo.making").exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(keys.join("demo.making").exists(), "the mark is written before anything else");
    kill(child);
    let again = program(&data, 0).output().unwrap();
    assert!(!again.status.success());
    let sentence = said(&again);
    let remedy = format!("rm -r '{}' '{}'", data.display(), keys.display());
    assert!(sentence.contains(&remedy) && !sentence.contains("real installation"), "{sentence}");
    // And that is all there is to do.
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::remove_dir_all(&keys).unwrap();
    made(&data, 0);
    assert!(keys.join("demo.json").exists() && !keys.join("demo.making").exists());
}
