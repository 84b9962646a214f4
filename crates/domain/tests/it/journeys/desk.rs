//! What people see: clocks, lawful actions, the timeline; and who may act at all.

use domain::calendar::days_between;
use domain::report::{Actor, Command, NewFacts, close_blockers, lawful_actions, timeline};
use domain::rules::Rules;
use domain::words::*;
use jiff::civil::date;

use super::to_the_department;
use crate::world::*;

#[test]
fn the_legal_clock_wins_over_the_promise() {
    let mut world = World::with(Edition::Jw, |_| {});
    // The promise of four working days is missed; the law's fifteen still have time.
    world.on(date(2026, 3, 2));
    let pair = world.report().clock_pair(world.today, Rules::embedded());
    assert_eq!(
        (pair.legal.unwrap().id.as_str(), pair.stretch.unwrap().id.as_str()),
        ("realname_accept_notice", "decide")
    );
    assert_eq!(pair.ruling().unwrap().colour(world.today, Rules::embedded()), Some(Colour::Yellow));
    assert_eq!(pair.stretch.unwrap().colour(world.today, Rules::embedded()), Some(Colour::Red));
    world.on(date(2026, 3, 11));
    let pair = world.report().clock_pair(world.today, Rules::embedded());
    assert_eq!(pair.ruling().unwrap().overdue_days(world.today), 1);
    assert_eq!(pair.ruling().unwrap().colour(world.today, Rules::embedded()), Some(Colour::Red));
}

#[test]
fn only_the_right_people_act() {
    let mut world = World::with(Edition::Jw, |_| {});
    world
        .refused(Actor::Reporter, Command::Close, "not_for_reporter")
        .refused(Actor::System, Command::Accept { kind: Kind::Accusation }, "only_staff")
        .refused(clerk(), Command::Judge { models: String::new(), abstained: true }, "only_system")
        .refused(clerk(), Command::Rate { rating: Rating::Satisfied }, "only_reporter")
        .refused(Actor::Reporter, Command::Object, "nothing_to_object_to")
        .refused(
            clerk(),
            Command::IssuePaper { paper: "handling_opinion".to_owned(), number: None },
            "paper_not_in_edition",
        )
        .by(Actor::Reporter, Command::DestroyCode)
        .refused(clerk(), Command::SendMessage, "code_gone");
    world.today = date(2026, 2, 10);
    world.refused(clerk(), Command::Accept { kind: Kind::Accusation }, "clock_behind");
    let mut empty = World::new(Edition::Jw);
    empty.refused(clerk(), Command::Close, "not_registered");
    let mut tomorrow = a_report(date(2026, 2, 12));
    empty.refused(clerk(), Command::Receive(tomorrow.clone()), "received_in_future");
    tomorrow.received_on = date(2026, 2, 11);
    tomorrow.signing = Signing::NamedVerified;
    empty.refused(Actor::Reporter, Command::Receive(tomorrow), "verified_by_herself");
}

#[test]
fn a_reporters_own_acts_carry_the_day_only() {
    let mut world = World::new(Edition::Jw);
    world.by(Actor::Reporter, Command::Receive(a_report(date(2026, 2, 11))));
    world.by(Actor::Reporter, Command::SendMessage).by(clerk(), Command::SendMessage);
    assert_eq!(world.events.iter().map(|one| one.at.is_some()).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn the_desk_shows_what_is_lawful_and_why_the_rest_is_not() {
    let mut world = World::with(Edition::Jw, |_| {});
    let allowed = |world: &World, actor| {
        lawful_actions(world.report(), &world.context(actor))
            .into_iter()
            .filter(|action| action.allowed.is_ok())
            .map(|action| action.command)
            .collect::<Vec<_>>()
    };
    let now = allowed(&world, clerk());
    assert!(
        now.contains(&CommandKind::Accept) && now.contains(&CommandKind::Refuse) && now.contains(&CommandKind::Link)
    );
    assert!(
        !now.contains(&CommandKind::Close)
            && !now.contains(&CommandKind::RecordFinding)
            && !now.contains(&CommandKind::Rate)
    );
    to_the_department(&mut world);
    let now = allowed(&world, handler());
    assert!(now.contains(&CommandKind::RecordFinding) && now.contains(&CommandKind::Dispose));
    assert!(!now.contains(&CommandKind::Dispatch) && !now.contains(&CommandKind::ApproveAnswer));
    let refusals = lawful_actions(world.report(), &world.context(clerk()));
    let dispatch = refusals.iter().find(|action| action.command == CommandKind::Dispatch).unwrap();
    assert_eq!(dispatch.allowed.as_ref().unwrap_err().id, "already_dispatched");
    let blockers = close_blockers(world.report(), &world.context(clerk()));
    let ids: Vec<_> = blockers.iter().map(|blocker| blocker.id).collect();
    assert_eq!(ids, ["close_instruction_unanswered", "close_findings_missing", "close_not_answered"]);
}

#[test]
fn the_timeline_speaks_plainly_and_names_the_next_day() {
    let mut world = World::with(Edition::Jw, |_| {});
    let zh = timeline(&world.events, Rules::embedded(), Lang::Zh);
    assert_eq!(zh[0].kind, "received");
    assert_eq!(
        zh[1].text,
        "最迟2026年3月10日，我们会告知您受理情况。这一天是这样算出的：2026年2月11日（星期三）收到，15个工作日：\
         12日、13日、14日（调休上班）、春节假期15日至23日、24日、25日、26日、27日、28日（调休上班）、周末3月1日、\
         2日、3日、4日、5日、6日、周末7日至8日、9日、10日 → 3月10日（星期二）。"
    );
    assert_eq!(zh[1].on, date(2026, 3, 10));
    to_the_department(&mut world);
    let en = timeline(&world.events, Rules::embedded(), Lang::En);
    let kinds: Vec<_> = en.iter().map(|entry| entry.kind.as_str()).collect();
    assert_eq!(kinds, ["received", "accepted", "acceptance_told", "in_handling"]);
    for entry in &en {
        for name in ["clerk_a", "leader_a", "inspection", "petition_"] {
            assert!(!entry.text.contains(name), "{entry:?}");
        }
    }
    // That the same matter was reported before is nobody's to know but the holder's.
    let mut repeat = World::with(Edition::Jw, |_| {});
    repeat.by(clerk(), Command::Link { to: other_report(3), new_facts: NewFacts::None });
    let kinds: Vec<_> =
        timeline(&repeat.events, Rules::embedded(), Lang::En).into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["received"]);
}

#[test]
fn a_given_day_is_counted_as_days() {
    let mut world = World::with(Edition::Jw, |_| {});
    to_the_department(&mut world);
    let clock = world.report().clock("instruction").unwrap();
    assert_eq!(i64::from(clock.limit.count), days_between(clock.started_on, clock.due));
}

#[test]
fn every_clock_explains_its_last_day() {
    let mut world = World::with(Edition::Xf, |_| {});
    world.by(clerk(), Command::Accept { kind: Kind::Petition }).by(
        chief(),
        Command::Extend {
            clock: "petition_finish".to_owned(),
            until: date(2026, 5, 13),
            ground: ExtensionGround::Complex,
        },
    );
    let clock = world.report().clock("petition_finish").unwrap();
    assert_eq!(
        clock.explain(Edition::Xf, Rules::embedded(), Lang::Zh),
        "2026年2月11日（星期三）受理，60日至4月12日（星期日）届满，适逢周末12日，\
         顺延至下一工作日 → 4月13日（星期一）；经批准延期至2026年5月13日"
    );
    let mut world = World::with(Edition::Jw, |_| {});
    to_the_department(&mut world);
    // 20 March 2026 is a Friday: a given day is what it is. 22 March is a Sunday and stays one.
    let clock = world.report().clock("instruction").unwrap();
    assert_eq!(
        clock.explain(Edition::Jw, Rules::embedded(), Lang::En),
        "instructed 11 February 2026, by the day the letter or instruction gives → 20 March 2026"
    );
    for clock in &world.report().clocks {
        for lang in Lang::ALL {
            let text = clock.explain(Edition::Jw, Rules::embedded(), *lang);
            assert!(text.contains(&clock.last_day().day().to_string()), "{}: {text}", clock.id);
        }
    }
}

/// What the reporter is told of the next step follows an extension, and says so.
#[test]
fn the_next_step_explains_its_day_after_an_extension_too() {
    let mut world = World::with(Edition::Xf, |_| {});
    world
        .by(clerk(), Command::Accept { kind: Kind::Petition })
        .by(clerk(), Command::TellAcceptance { way: TellingWay::Written })
        .by(
            chief(),
            Command::Extend {
                clock: "petition_finish".to_owned(),
                until: date(2026, 5, 13),
                ground: ExtensionGround::Complex,
            },
        );
    let last = timeline(&world.events, Rules::embedded(), Lang::Zh).pop().unwrap();
    assert_eq!((last.kind.as_str(), last.on), ("next_step", date(2026, 5, 13)));
    assert!(last.text.starts_with("最迟2026年5月13日"), "{}", last.text);
    assert!(last.text.contains("这一天是这样算出的：2026年2月11日（星期三）受理，60日"), "{}", last.text);
    assert!(last.text.ends_with("；经批准延期至2026年5月13日。"), "{}", last.text);
}

/// A day given in a superior's letter may fall on a day off and stays there.
#[test]
fn a_given_day_is_told_as_given() {
    let mut world = World::with(Edition::Jw, |r| {
        r.source = Source::SuperiorAssign;
        r.superior_due = Some(date(2026, 3, 22));
    });
    world.by(clerk(), Command::SignFor).by(
        chief(),
        Command::Extend {
            clock: "assigned_finish".to_owned(),
            until: date(2026, 4, 3),
            ground: ExtensionGround::Complex,
        },
    );
    let clock = world.report().clock("assigned_finish").unwrap();
    assert_eq!(
        clock.explain(Edition::Jw, Rules::embedded(), Lang::Zh),
        "2026年2月11日交办，来文或者批示所定期限 → 2026年3月22日；经批准延期至2026年4月3日"
    );
}

#[test]
fn a_rule_does_not_apply_before_its_day() {
    // 《信访工作条例》 is in force from 1 May 2022.
    for (day, runs) in [(date(2022, 4, 30), false), (date(2022, 5, 1), true)] {
        let mut world = World::new(Edition::Xf);
        world.today = day;
        world.by(clerk(), Command::Receive(a_report(day)));
        assert_eq!(world.runs("petition_register"), runs, "{day}");
    }
}

#[test]
fn recorded_events_read_back_and_old_ones_without_clocks_too() {
    let world = World::with(Edition::Jw, |_| {});
    let mut json = serde_json::to_value(&world.events[0]).unwrap();
    assert_eq!(json["clocks"][0]["change"], "started");
    assert_eq!(json["event"]["event"], "received");
    json.as_object_mut().unwrap().remove("clocks");
    let old: domain::report::Recorded = serde_json::from_value(json).unwrap();
    assert!(old.clocks.is_empty());
}
