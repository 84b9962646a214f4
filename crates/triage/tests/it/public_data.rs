//! On the public data, where present: the figures promised, the groups of equal messages, copies
//! edited at random.

use std::collections::HashMap;
use std::time::Instant;

use triage::{EvalOptions, compare, eval_from_jsonl, fingerprint, group_equal, select_terms};

use crate::data;

fn texts(path: &str) -> Option<Vec<String>> {
    let rows = data(path)?;
    let text = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok()?["text"].as_str().map(str::to_owned);
    Some(rows.lines().filter_map(text).collect())
}

#[test]
fn the_category_model_reaches_what_is_promised() {
    let Some(rows) = data("messages/classified.jsonl") else {
        return;
    };
    let e = eval_from_jsonl(rows.as_bytes(), &EvalOptions::default(), &mut |_| {}).expect("measured");
    println!("{e}");
    assert!(e.macro_f1 >= 0.895, "{e}");
    assert!(e.ece <= 0.03, "{e}");
}

#[test]
fn the_equal_messages_are_found_and_no_others() {
    let Some(texts) = texts("messages/hot_issues.jsonl") else {
        return;
    };
    let groups = group_equal(&texts);
    assert_eq!(groups.len(), 108);
    // Against brute force over the letters and digits alone.
    let letters: Vec<String> = texts.iter().map(|t| t.chars().filter(|c| c.is_alphanumeric()).collect()).collect();
    let mut brute: HashMap<&str, usize> = HashMap::new();
    for l in &letters {
        *brute.entry(l).or_default() += 1;
    }
    assert_eq!(brute.values().filter(|n| **n > 1).count(), 108);
    for group in &groups {
        for pair in group.windows(2) {
            assert!(compare(&texts[pair[0]], &texts[pair[1]]).equal);
            assert_eq!(fingerprint(&texts[pair[0]]).exact, fingerprint(&texts[pair[1]]).exact);
        }
    }
}

/// xorshift64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

/// A copy with `percent` of its characters replaced, left out or doubled, and its sentences moved.
fn edited(text: &str, percent: usize, dice: &mut Dice, pool: &[char]) -> String {
    let mut sentences: Vec<String> = text.split_inclusive(['。', '!', '?', '！', '？']).map(str::to_owned).collect();
    if sentences.len() > 2 {
        let (a, b) = (dice.below(sentences.len()), dice.below(sentences.len()));
        sentences.swap(a, b);
    }
    let mut out = String::new();
    for c in sentences.concat().chars() {
        if dice.below(100) < percent {
            match dice.below(3) {
                0 => {}
                1 => out.push(pool[dice.below(pool.len())]),
                _ => out.extend([c, pool[dice.below(pool.len())]]),
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[test]
fn edited_copies_are_found_and_told_from_others() {
    let Some(texts) = texts("messages/hot_issues.jsonl") else {
        return;
    };
    // One of each group of equal ones, of at least 40 letters.
    let mut seen = std::collections::HashSet::new();
    let texts: Vec<&String> = texts
        .iter()
        .filter(|t| {
            let print = fingerprint(t);
            print.length >= 40 && seen.insert(print.exact)
        })
        .collect();
    let prints: Vec<_> = texts.iter().map(|t| fingerprint(t)).collect();
    let mut holders: HashMap<u64, Vec<usize>> = HashMap::new();
    for (i, print) in prints.iter().enumerate() {
        for term in &print.terms {
            holders.entry(*term).or_default().push(i);
        }
    }
    let pool: Vec<char> = texts.iter().take(200).flat_map(|t| t.chars()).filter(|c| c.is_alphanumeric()).collect();
    let df = |t: u64| holders.get(&t).map_or(0, |h| h.len() as u64);
    let mut dice = Dice(0x5eed);
    for percent in [10, 20, 30] {
        let (mut candidates_hit, mut confirmed, mut others, mut asked) = (0, 0, 0, 0);
        let begun = Instant::now();
        for i in (0..texts.len()).step_by(8) {
            asked += 1;
            let copy = edited(texts[i], percent, &mut dice, &pool);
            let terms = select_terms(&fingerprint(&copy), &df, 32);
            let mut votes: HashMap<usize, usize> = HashMap::new();
            for holder in terms.iter().filter_map(|t| holders.get(t)).flatten() {
                *votes.entry(*holder).or_default() += 1;
            }
            candidates_hit += usize::from(votes.contains_key(&i));
            let mut best: Vec<(usize, usize)> = votes.into_iter().map(|(i, n)| (n, i)).collect();
            best.sort_unstable_by(|a, b| b.cmp(a));
            for (_, other) in best.into_iter().take(10) {
                if compare(texts[other], &copy).edited {
                    if other == i {
                        confirmed += 1;
                    } else if !compare(texts[other], texts[i]).edited {
                        // Another message that was not already a copy of the original.
                        others += 1;
                    }
                }
            }
        }
        let recall = f64::from(confirmed) / f64::from(asked);
        let precision = f64::from(confirmed) / f64::from(confirmed + others);
        println!(
            "{percent} %: {asked} copies, candidates {candidates_hit}, recall {recall:.4}, precision {precision:.4}, {:?}",
            begun.elapsed()
        );
        assert!(recall >= 0.98, "{percent} %: {recall}");
        assert!(precision >= 0.98, "{percent} %: {precision}");
    }
}

#[test]
fn the_gazetteer_settles_counties_by_their_chain() {
    let Some(rows) = data("china/areas.csv") else {
        return;
    };
    let divisions = domain::divisions::Divisions::national();
    let (mut right, mut all) = (0, 0);
    for line in rows.lines().skip(1).step_by(5) {
        let Some(code) = line.split(',').next() else {
            continue;
        };
        let Some(full) = divisions.full_name(code) else {
            continue;
        };
        let text = format!("我是{full}的居民,反映修路的问题。");
        let judged = crate::judge().judge(&triage::Input { text: &text, ..triage::Input::default() });
        all += 1;
        right += usize::from(judged.places.len() == 1 && judged.places[0].code == code);
    }
    println!("{right} of {all} counties settled");
    assert!(right * 100 >= all * 98, "{right} of {all}");
}
