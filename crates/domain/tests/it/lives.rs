//! Ten thousand whole lives: reports of both editions driven by random commands, lawful and not,
//! and after every step what must always hold. The seed is fixed, so a failure comes back; the
//! life's number is in the message.

mod commands;
mod invariants;

use std::collections::{BTreeMap, BTreeSet};

use domain::report::{Command, Context, Event, Recorded, Report, decide, evolve, lawful_actions};
use domain::rules::Rules;
use domain::words::*;
use jiff::civil::date;

use commands::{Chance, diligent_command, people, plus_days, random_command, random_receive};
use invariants::{check_history, check_step};

const LIVES: u64 = 10_000;
const STEPS: u32 = 60;

#[derive(Default)]
struct Seen {
    events: BTreeMap<(Edition, &'static str), u32>,
    refusals: BTreeSet<&'static str>,
    lawful: u32,
    refused: u32,
    closed: u32,
}

fn live(life: u64, seen: &mut Seen) {
    let mut chance = Chance::of(life);
    let edition = if life.is_multiple_of(2) { Edition::Jw } else { Edition::Xf };
    let mut today = plus_days(date(2025, 1, 1), chance.below(700) as i64);
    let mut report: Option<Report> = None;
    let mut events: Vec<Recorded> = Vec::new();
    for _ in 0..STEPS {
        if chance.one_in(3) {
            today = plus_days(today, chance.below(9) as i64);
        }
        let (mut actor, command) = match &report {
            None => (chance.pick(&people()), Command::Receive(random_receive(&mut chance, today))),
            Some(report) if chance.below(100) < 55 => diligent_command(&mut chance, report, today),
            Some(report) => (chance.pick(&people()), random_command(&mut chance, report, today)),
        };
        if chance.one_in(40) {
            actor = chance.pick(&people());
        }
        let context_day = if chance.one_in(60) { plus_days(today, -3) } else { today };
        let context = Context { today: context_day, at: 1, actor, rules: Rules::embedded(), edition };
        let before = report.clone();
        match decide(report.as_ref(), &command, &context) {
            Ok(recorded) => {
                assert!(!recorded.is_empty());
                if life.is_multiple_of(100)
                    && let Some(report) = &report
                {
                    // The button of a lawful command is never grey, whatever the particulars.
                    let actions = lawful_actions(report, &context);
                    let action = actions.iter().find(|action| action.command == command.kind()).unwrap();
                    assert_eq!(action.allowed, Ok(()), "{command:?}");
                }
                for one in recorded {
                    let after = evolve(report.clone(), &one).unwrap();
                    check_step(report.as_ref(), &one, &after);
                    *seen.events.entry((edition, one.event.name())).or_default() += 1;
                    seen.closed += u32::from(one.event == Event::Closed);
                    events.push(one);
                    report = Some(after);
                }
                seen.lawful += 1;
            }
            Err(refusal) => {
                assert_eq!(report, before, "a refusal changed something");
                seen.refusals.insert(refusal.id);
                seen.refused += 1;
            }
        }
    }
    if let Some(report) = &report {
        check_history(&events, report, &mut chance);
    }
}

#[test]
fn ten_thousand_whole_lives() {
    let mut seen = Seen::default();
    for life in 0..LIVES {
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| live(life, &mut seen)));
        assert!(result.is_ok(), "life {life} broke an invariant; the message is above");
    }
    println!(
        "{LIVES} lives: {} lawful commands, {} refused for {} reasons, {} closings",
        seen.lawful,
        seen.refused,
        seen.refusals.len(),
        seen.closed
    );
    // The lives must reach everything, or the invariants say little.
    for edition in Edition::ALL {
        let only_elsewhere: &[&str] = match edition {
            Edition::Jw => &["simple_used", "reply_drafted", "reply_approved", "reply_delivered"],
            Edition::Xf => &[
                "feedback_drafted",
                "feedback_approved",
                "feedback_delivered",
                "disposed",
                "no_substance_proposed",
                "no_substance_declined",
                "two_way_answered",
            ],
        };
        for name in Event::NAMES {
            let times = seen.events.get(&(*edition, *name)).copied().unwrap_or(0);
            assert_eq!(times == 0, only_elsewhere.contains(name), "{edition}: {name} happened {times} times");
        }
    }
    assert!(seen.closed > 2_000, "only {} lives closed", seen.closed);
    assert!(seen.refusals.len() > 90, "only {} reasons of refusal were met", seen.refusals.len());
}
