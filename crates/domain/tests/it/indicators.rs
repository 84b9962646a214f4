//! Figures moved event by event equal figures counted afresh, over random histories.
//!
//! The histories need not be lawful: whatever `evolve` accepts must be counted right. The fresh
//! count below shares no code with the incremental one.

use std::collections::BTreeMap;

use domain::calendar::Limit;
use domain::clock::{Basis, ClockChange};
use domain::ids::{OfficeId, ReportId, StaffId};
use domain::indicators::{Audience, Catalogue, Cell, Counts, Period, Stock, Value, compute, counted, tallies};
use domain::report::{Actor, Event, Holder, Recorded, Report, evolve};
use domain::rules::Rules;
use domain::words::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

const START: Date = date(2026, 1, 1);

fn day(n: u16) -> Date {
    START + i64::from(n).days()
}

fn pick<T: Copy>(all: &[T], n: u8) -> T {
    all[usize::from(n) % all.len()]
}

fn event(what: u8, a: u8, b: u8) -> Event {
    let staff = StaffId("s".into());
    match what % 14 {
        0 => Event::ScopeDecided {
            kind: pick(Kind::ALL, a),
            ground: b.is_multiple_of(2).then(|| pick(Ground::ALL, b / 2)),
            duty: None,
        },
        1 => Event::Linked { to: ReportId([a; 16]), new_facts: b.is_multiple_of(2) },
        2 => Event::Unlinked,
        3 => Event::Promoted,
        4 => Event::NameVerified {
            signing: if a.is_multiple_of(2) { Signing::NamedVerified } else { Signing::FalseName },
        },
        5 => Event::Corrected {
            channel: a.is_multiple_of(2).then(|| pick(Channel::ALL, b)),
            source: a.is_multiple_of(3).then(|| pick(Source::ALL, b)),
            signing: a.is_multiple_of(5).then(|| pick(Signing::ALL, b)),
            urgency: None,
            allegations: None,
            recused: None,
        },
        6 => Event::Dispatched {
            way: pick(DispatchWay::ALL, a),
            to: Holder::Office { office: OfficeId("o".into()) },
            watcher: None,
            ground: None,
            due: None,
        },
        7 => Event::Returned { ground: pick(ReturnGround::ALL, a) },
        8 => Event::FindingRecorded { allegation: u16::from(a % 3), finding: pick(Finding::ALL, b) },
        9 => Event::Closed,
        10 => Event::Reopened { cause: ReopenCause::Mistake },
        11 => Event::Assigned { staff },
        12 => Event::Objected,
        _ => Event::MessageSent { from_office: false },
    }
}

/// Clocks of both editions, of every basis.
const CLOCKS: &[&str] = &[
    "realname_accept_notice",
    "realname_result",
    "petition_accept_notice",
    "petition_finish",
    "simple_accept",
    "simple_opinion",
    "decide",
    "sign",
    "review_request",
];
/// Clocks of telling that a report was accepted, and of telling its result.
const ACCEPTANCE: [&str; 3] = ["realname_accept_notice", "petition_accept_notice", "simple_accept"];
const RESULT: [&str; 3] = ["realname_result", "petition_finish", "simple_opinion"];

fn change(what: u8, on: Date, a: u8) -> ClockChange {
    let id = pick(CLOCKS, a / 8).to_owned();
    let limit: Limit = "5wd".parse().unwrap();
    match what % 4 {
        0 => {
            let basis = match id.as_str() {
                "review_request" => Basis::Window,
                "decide" | "sign" => Basis::Stretch,
                _ => Basis::Legal,
            };
            ClockChange::Started { id, basis, from: on, limit, due: on + i64::from(a % 8).days() }
        }
        1 => ClockChange::Stopped { id, on },
        2 => ClockChange::Extended { id, until: on + i64::from(a % 30).days() },
        _ => ClockChange::Cancelled { id, on },
    }
}

/// One step: which event, its particulars, days gone by, and perhaps a change of a clock.
type Step = (u8, u8, u8, u8, Option<(u8, u8)>);

fn live(received: (u16, u8, u8, u8), steps: &[Step], sums: &mut Counts) -> Report {
    let (first, channel, source, signing) = received;
    let mut today = day(first % 60);
    let first = Recorded {
        day: today,
        at: None,
        actor: Actor::Reporter,
        event: Event::Received {
            edition: Edition::Jw,
            rules: "test".into(),
            received_on: today,
            channel: pick(Channel::ALL, channel),
            source: pick(Source::ALL, source),
            signing: pick(Signing::ALL, signing),
            urgency: Urgency::Normal,
            office: OfficeId("petition".into()),
            superior_due: None,
            allegations: 3,
            files: 0,
            recused: vec![],
        },
        clocks: vec![],
    };
    let mut add = |before: Option<&Report>, recorded: &Recorded, after: &Report| {
        for t in tallies(before, recorded, after) {
            assert_ne!(t.delta, 0);
            *sums.entry((t.day, t.key)).or_default() += t.delta;
        }
    };
    let mut report = evolve(None, &first).unwrap();
    add(None, &first, &report);
    for (what, a, b, gap, clock) in steps {
        today += i64::from(gap % 9).days();
        let recorded = Recorded {
            day: today,
            at: Some(0),
            actor: Actor::System,
            event: event(*what, *a, *b),
            clocks: clock.map(|(w, c)| change(w, today, c)).into_iter().collect(),
        };
        // A clock that does not run cannot be stopped: such an event is not a history.
        let Ok(after) = evolve(Some(report.clone()), &recorded) else { continue };
        add(Some(&report), &recorded, &after);
        report = after;
    }
    report
}

/// The tallies of a history add up to what its last state counts; `lives` asks this of every
/// lawful life.
pub fn add_up(events: &[Recorded], last: &Report) {
    let mut sums = Counts::new();
    let mut report: Option<Report> = None;
    for recorded in events {
        let after = evolve(report.clone(), recorded).unwrap();
        for t in tallies(report.as_ref(), recorded, &after) {
            *sums.entry((t.day, t.key)).or_default() += t.delta;
        }
        report = Some(after);
    }
    sums.retain(|_, count| *count != 0);
    assert_eq!(sums, counted(last));
}

/// Counts afresh, report by report, in the plainest words.
fn afresh(reports: &[Report], period: Period, as_of: Date) -> BTreeMap<u16, (i64, Option<i64>)> {
    let seen: Vec<&Report> = reports.iter().filter(|r| r.dispatched != Some(DispatchWay::DirectSeal)).collect();
    let r: Vec<&&Report> = seen.iter().filter(|r| period.contains(r.received_on)).collect();
    let n = |f: &dyn Fn(&Report) -> bool| r.iter().filter(|x| f(x)).count() as i64;
    let accusation = |x: &Report| x.kind == Some(Kind::Accusation);
    let repeat = |x: &Report| x.repeat_of.is_some() && !x.promoted;
    let scoped = n(&|x| x.scope.is_some());
    let ground = |x: &Report, g: Ground| x.scope.as_ref().is_some_and(|s| s.ground == Some(g));
    let clocks = |wanted: &dyn Fn(&domain::clock::Clock) -> bool| {
        let mut met = 0;
        let mut due = 0;
        for c in seen.iter().flat_map(|x| &x.clocks).filter(|c| wanted(c) && c.cancelled_on.is_none()) {
            let last = c.extended_until.unwrap_or(c.due);
            let in_time = c.stopped_on.is_some_and(|s| s <= last);
            let ended = c.stopped_on.filter(|s| *s <= last).unwrap_or(last);
            let waiting = c.stopped_on.is_none() && last >= as_of;
            if period.contains(ended) && !waiting {
                due += 1;
                met += i64::from(in_time);
            }
        }
        (met, Some(due))
    };
    let findings = |f: &[Finding]| r.iter().flat_map(|x| x.findings.values()).filter(|v| f.contains(v)).count() as i64;
    let closed = seen.iter().filter(|x| x.closed_on.is_some_and(|d| period.contains(d))).count() as i64;
    let closed_accepted = seen
        .iter()
        .filter(|x| {
            x.closed_on.is_some_and(|d| period.contains(d)) && x.scope.as_ref().is_some_and(|s| s.ground.is_none())
        })
        .count() as i64;
    let accusations = n(&accusation);
    let above = n(&|x| matches!(x.source, Source::SuperiorTransfer | Source::SuperiorAssign));
    BTreeMap::from([
        (1, (r.len() as i64, None)),
        (4, (accusations, None)),
        (7, (n(&|x| accusation(x) && !repeat(x)), Some(accusations))),
        (8, (n(&|x| ground(x, Ground::OtherProcedure) || ground(x, Ground::OtherOrgan)), Some(scoped))),
        (9, (n(&|x| x.kind == Some(Kind::NoSubstance)), Some(scoped))),
        (10, (r.len() as i64, None)),
        (15, (above, Some(r.len() as i64))),
        (43, clocks(&|c| c.id == "decide")),
        (46, clocks(&|c| c.basis == Basis::Legal)),
        (52, (closed, None)),
        (54, (closed_accepted, None)),
        (56, (findings(&[Finding::Proved, Finding::PartlyProved]), Some(findings(Finding::ALL)))),
        (61, clocks(&|c| ACCEPTANCE.contains(&c.id.as_str()))),
        (62, clocks(&|c| RESULT.contains(&c.id.as_str()))),
        (71, (n(&|x| accusation(x) && repeat(x)), Some(accusations))),
        (86, (n(&|x| accusation(x) && x.signing == Signing::NamedVerified), Some(accusations))),
    ])
}

/// Of the same reports: what the breakdowns, medians and percentiles must be, by sorting and counting.
fn in_parts(reports: &[Report], period: Period, as_of: Date, values: &BTreeMap<u16, Value>) {
    let seen: Vec<&Report> = reports.iter().filter(|r| r.dispatched != Some(DispatchWay::DirectSeal)).collect();
    let r: Vec<&&Report> = seen.iter().filter(|r| period.contains(r.received_on)).collect();
    let part = |number: u16, key: &str| values[&number].breakdown.iter().find(|p| p.key == key).map_or(0, |p| p.count);
    for channel in Channel::ALL {
        assert_eq!(part(10, channel.as_str()), r.iter().filter(|x| x.channel == *channel).count() as i64, "{channel}");
    }
    for source in Source::ALL {
        assert_eq!(part(15, source.as_str()), r.iter().filter(|x| x.source == *source).count() as i64, "{source}");
    }
    for finding in Finding::ALL {
        let found = r.iter().flat_map(|x| x.findings.values()).filter(|f| *f == finding).count() as i64;
        assert_eq!(part(56, finding.as_str()), found, "{finding}");
    }
    for (number, ids) in [(43, &["decide"][..]), (46, CLOCKS), (61, &ACCEPTANCE), (62, &RESULT)] {
        for id in ids {
            let (mut due, mut met) = (0, 0);
            for c in seen.iter().flat_map(|x| &x.clocks).filter(|c| c.id == *id && c.cancelled_on.is_none()) {
                let last = c.extended_until.unwrap_or(c.due);
                let counted = match c.stopped_on {
                    _ if number == 46 && c.basis != Basis::Legal => false,
                    Some(stopped) => period.contains(stopped.min(last)),
                    None => period.contains(last) && last < as_of,
                };
                due += i64::from(counted && c.basis != Basis::Window);
                met += i64::from(counted && c.basis != Basis::Window && c.stopped_on.is_some_and(|s| s <= last));
            }
            assert_eq!(part(number, id), due, "{number}: {id} due");
            let told = values[&number].more.get(&format!("met/{id}")).copied().unwrap_or(0.0);
            assert_eq!(told, met as f64, "{number}: {id} met");
        }
    }
    let accepted = |x: &&&Report| x.scope.as_ref().is_some_and(|s| s.ground.is_none());
    let mut days: Vec<i32> = seen
        .iter()
        .filter(accepted)
        .filter_map(|x| {
            Some((x.closed_on.filter(|day| period.contains(*day))? - x.scope.as_ref()?.on).get_days().max(0))
        })
        .collect();
    days.sort_unstable();
    let middle = |days: &[i32]| match days.len() {
        0 => None,
        n if n % 2 == 1 => Some(f64::from(days[n / 2])),
        n => Some(f64::from(days[n / 2 - 1] + days[n / 2]) / 2.0),
    };
    assert_eq!(values[&54].value, middle(&days), "{days:?}");
    // Nearest rank: the smallest day that at least 90 of 100 do not exceed.
    let p90 = days.iter().find(|day| days.iter().filter(|d| d <= day).count() * 100 >= days.len() * 90);
    assert_eq!(values[&54].more.get("p90").copied(), p90.map(|day| f64::from(*day)), "{days:?}");

    let open: Vec<&&Report> = seen.iter().filter(|x| x.stage != Stage::Closed).collect();
    let worst = |x: &Report| x.clocks.iter().filter_map(|c| c.colour(as_of, Rules::embedded())).max();
    let colour = |wanted| open.iter().filter(|x| worst(x) == Some(wanted)).count() as i64;
    assert_eq!(values[&47].numerator, open.len() as i64);
    assert_eq!(values[&48].numerator, colour(Colour::Yellow));
    assert_eq!(values[&49].numerator, colour(Colour::Red));
    let mut over: Vec<i32> = open
        .iter()
        .filter_map(|x| {
            let legal = x
                .clocks
                .iter()
                .filter(|c| c.basis == Basis::Legal && c.stopped_on.is_none() && c.cancelled_on.is_none());
            legal.map(|c| (as_of - c.extended_until.unwrap_or(c.due)).get_days()).filter(|days| *days > 0).max()
        })
        .collect();
    over.sort_unstable();
    assert_eq!(values[&50].numerator, over.len() as i64);
    assert_eq!(values[&50].more.get("median").copied(), middle(&over));
    assert_eq!(values[&50].more.get("max").copied(), over.last().map(|days| f64::from(*days)));
}

fn catalogue() -> Catalogue {
    Catalogue::of(Rules::embedded()).unwrap()
}

type Life = ((u16, u8, u8, u8), Vec<Step>);

fn lives() -> impl Strategy<Value = Vec<Life>> {
    let step = (any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>(), proptest::option::of((any::<u8>(), any::<u8>())));
    let life = ((any::<u16>(), any::<u8>(), any::<u8>(), any::<u8>()), proptest::collection::vec(step, 0..25));
    proptest::collection::vec(life, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn moved_event_by_event_equals_counted_afresh(lives in lives(), from in 0u16..90, length in 1u16..90, as_of in 0u16..200) {
        let mut sums = Counts::new();
        let reports: Vec<Report> = lives.iter().map(|(first, steps)| live(*first, steps, &mut sums)).collect();

        // The tallies are the counts of the last states, key by key.
        let mut fresh = Counts::new();
        for report in &reports {
            for (place, count) in counted(report) {
                *fresh.entry(place).or_default() += count;
            }
        }
        sums.retain(|_, count| *count != 0);
        prop_assert_eq!(&sums, &fresh);

        // And the indicators out of them are those of a count that knows no tallies.
        let period = Period { from: day(from), until: day(from + length) };
        let as_of = day(as_of);
        let mut stock = Stock::on(as_of);
        reports.iter().for_each(|report| stock.add(report, Rules::embedded()));
        let values: BTreeMap<u16, Value> = compute(&catalogue(), period, &sums, &stock).into_iter().map(|v| (v.number, v)).collect();
        for (number, (numerator, denominator)) in afresh(&reports, period, as_of) {
            let value = &values[&number];
            prop_assert_eq!(value.numerator, numerator, "numerator of {}", number);
            prop_assert_eq!(value.denominator, denominator, "denominator of {}", number);
        }
        in_parts(&reports, period, as_of, &values);
        let channels: i64 = values[&10].breakdown.iter().map(|p| p.count).sum();
        prop_assert_eq!(channels, values[&1].numerator);
        let days: i64 = values[&1].series.iter().map(|p| p.count).sum();
        prop_assert_eq!(days, values[&1].numerator);
    }

    /// Nobody without the right to see reports reads a figure from 1 to 4, or works one out.
    #[test]
    fn small_figures_stay_hidden(lives in lives(), outside in any::<bool>()) {
        let mut sums = Counts::new();
        for (first, steps) in &lives {
            live(*first, steps, &mut sums);
        }
        let period = Period { from: day(0), until: day(400) };
        let audience = if outside { Audience::Outside } else { Audience::Office };
        let catalogue = catalogue();
        for value in compute(&catalogue, period, &sums, &Stock::on(day(400))) {
            let row = catalogue.get(value.number).unwrap();
            if row.suppression == domain::indicators::Suppression::None {
                continue;
            }
            let shown = value.seen_by(row, audience);
            let small = |c: &Cell| matches!(c, Cell::Number(n) if *n > 0.0 && *n < 5.0);
            prop_assert!(!small(&shown.numerator), "{} {:?}", value.number, shown);
            prop_assert!(!small(&shown.denominator), "{} {:?}", value.number, shown);
            prop_assert!(shown.breakdown.iter().all(|(_, c)| !small(c)), "{:?}", shown);
            prop_assert!(shown.series.iter().all(|(_, c)| !small(c)), "{:?}", shown);
            // With the total in hand, one hidden cell alone would be no secret.
            let hidden: Vec<i64> = value.breakdown.iter().zip(&shown.breakdown)
                .filter(|(_, (_, c))| *c == Cell::Few).map(|(p, _)| p.count).collect();
            let total: i64 = value.breakdown.iter().map(|p| p.count).sum();
            if total >= 5 && !hidden.is_empty() {
                prop_assert!(hidden.len() >= 2 && hidden.iter().sum::<i64>() >= 5, "{:?} {:?}", value.breakdown, shown.breakdown);
            }
        }
    }
}

#[test]
fn the_catalogue_has_exactly_twenty_rows_with_both_names() {
    let catalogue = catalogue();
    assert_eq!(catalogue.rows().len(), 20);
    for row in catalogue.rows() {
        assert!(!row.zh.is_empty() && !row.en.is_empty() && !row.formula.is_empty(), "{}", row.number);
        for id in &row.clocks {
            assert!(
                Edition::ALL.iter().any(|e| Rules::embedded().clock(*e, id).is_some()),
                "{}: no clock {id}",
                row.number
            );
        }
    }
    let values = compute(&catalogue, Period { from: day(0), until: day(30) }, &Counts::new(), &Stock::on(day(30)));
    assert_eq!(values.len(), 20, "every row has a value, also of nothing");
    assert!(values.iter().filter(|v| v.denominator.is_some()).all(|v| v.value.is_none()), "no share of nothing");
}

#[test]
fn a_report_found_to_be_for_the_superior_leaves_every_figure() {
    let mut sums = Counts::new();
    let accepted = (0, 0, 1, 0, Some((0, 3)));
    let sealed = (6, 0, 0, 1, None);
    assert_eq!(pick(DispatchWay::ALL, 0), DispatchWay::DirectSeal);
    let report = live((0, 0, 0, 0), &[accepted, sealed], &mut sums);
    assert_eq!(report.dispatched, Some(DispatchWay::DirectSeal));
    assert!(sums.values().all(|count| *count == 0), "{sums:?}");
}

#[test]
fn what_is_open_is_counted_by_its_worst_colour() {
    let mut sums = Counts::new();
    // Accepted on day 0 with a legal clock of a few days that nobody stops.
    let late = live((0, 0, 0, 0), &[(0, 0, 1, 0, Some((0, 3)))], &mut sums);
    let calm = live((0, 0, 0, 0), &[], &mut sums);
    let closed = live((0, 0, 0, 0), &[(9, 0, 0, 1, None)], &mut sums);
    let mut stock = Stock::on(day(10));
    for report in [&late, &calm, &closed] {
        stock.add(report, Rules::embedded());
    }
    assert_eq!((stock.open, stock.yellow, stock.red), (2, 0, 1));
    assert_eq!(stock.overdue, [7]);
}

#[test]
fn suppression_by_class() {
    let catalogue = catalogue();
    let values =
        |sums: &Counts| compute(&catalogue, Period { from: day(0), until: day(30) }, sums, &Stock::on(day(30)));
    let shown = |number: u16, sums: &Counts, audience| {
        let value = values(sums).into_iter().find(|v| v.number == number).unwrap();
        value.seen_by(catalogue.get(number).unwrap(), audience)
    };
    let put =
        |entries: &[(&str, i64)]| entries.iter().map(|(k, n)| ((day(1), (*k).to_owned()), *n)).collect::<Counts>();

    let few = put(&[("received", 3)]);
    assert_eq!(shown(1, &few, Audience::Entitled).value, Cell::Number(3.0));
    assert_eq!(shown(1, &few, Audience::Office).value, Cell::Few);

    let nine = put(&[("received/kind=accusation", 9), ("accusation/first", 9)]);
    assert_eq!(shown(7, &nine, Audience::Office).value, Cell::TooFew, "d: blank below ten");
    let ten = put(&[("received/kind=accusation", 10), ("accusation/first", 10)]);
    assert_eq!(shown(7, &ten, Audience::Office).value, Cell::Number(1.0));
    let telling = put(&[("received/kind=accusation", 40), ("accusation/first", 38), ("accusation/repeat", 2)]);
    assert_eq!(shown(7, &telling, Audience::Office).value, Cell::Few, "38 of 40 tells the 2");

    let process = put(&[("clock/stretch/decide/met", 3), ("clock/stretch/decide/late", 1)]);
    assert_eq!(shown(43, &process, Audience::Office).value, Cell::Number(0.75), "-: process figures are open inside");
    assert_eq!(shown(43, &process, Audience::Outside).value, Cell::TooFew);

    let channels = put(&[
        ("received", 25),
        ("received/channel=web", 15),
        ("received/channel=letter", 8),
        ("received/channel=visit", 2),
    ]);
    let cells: BTreeMap<String, Cell> = shown(10, &channels, Audience::Office).breakdown.into_iter().collect();
    assert_eq!(cells["visit"], Cell::Few);
    assert_eq!(cells["letter"], Cell::Few, "hidden so that the visits cannot be worked out");
    assert_eq!(cells["web"], Cell::Number(15.0));
    assert_eq!(cells["phone"], Cell::Number(0.0));
}
