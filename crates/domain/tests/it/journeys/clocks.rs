//! Every clock of both editions: what starts it and when it ends, what stops it, what makes it fall away.

use std::collections::BTreeSet;

use domain::ids::StaffId;
use domain::report::{Actor, Command, Confirmed, NewFacts, Receive, Review};
use domain::rules::Rules;
use domain::words::*;
use jiff::civil::{Date, date};

use crate::world::*;

/// What happens to a report; several in a row.
type Steps = &'static [fn(&mut World)];

/// One row of the table. All of it happens on 11 February 2026, the day of receipt.
struct Case {
    clock: &'static str,
    report: fn(&mut Receive),
    start: Steps,
    due: Date,
    stop: Steps,
    cancel: Steps,
}

fn plain(_: &mut Receive) {}
fn passed_down(receive: &mut Receive) {
    receive.source = Source::SuperiorTransfer;
}
fn assigned(receive: &mut Receive) {
    receive.source = Source::SuperiorAssign;
}
fn assigned_with_a_day(receive: &mut Receive) {
    assigned(receive);
    receive.superior_due = Some(date(2026, 3, 20));
}
fn critical(receive: &mut Receive) {
    receive.urgency = Urgency::Critical;
}
fn urgent(receive: &mut Receive) {
    receive.urgency = Urgency::Urgent;
}

fn nothing(_: &mut World) {}
fn sign_for(w: &mut World) {
    w.by(clerk(), Command::SignFor);
}
fn accept(w: &mut World) {
    let kind = if w.edition == Edition::Jw { Kind::Accusation } else { Kind::Petition };
    w.by(clerk(), Command::Accept { kind });
}
fn accept_accusation(w: &mut World) {
    w.by(clerk(), Command::Accept { kind: Kind::Accusation });
}
fn refuse(w: &mut World) {
    let kind = if w.edition == Edition::Jw { Kind::OutOfScope } else { Kind::Petition };
    w.by(clerk(), Command::Refuse { kind, ground: Ground::OtherOrgan });
}
fn do_duty(w: &mut World) {
    w.by(clerk(), Command::DoDuty);
}
fn tell(w: &mut World) {
    w.by(clerk(), Command::TellAcceptance { way: TellingWay::Written });
}
fn link(w: &mut World) {
    w.by(clerk(), Command::Link { to: other_report(7), new_facts: NewFacts::None });
}
fn simple(w: &mut World) {
    w.by(clerk(), Command::UseSimple);
}
fn present(w: &mut World) {
    w.by(clerk(), Command::Present { to: Role::Leader });
}
fn instruct(w: &mut World) {
    w.by(leader(), Command::Instruct { due: Some(date(2026, 3, 20)), verdict: Confirmed::Yes });
}
fn answer_instruction(w: &mut World) {
    w.by(head(), Command::AnswerInstruction);
}
fn move_on(w: &mut World) {
    w.name_looked_into().by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")));
}
fn forward(w: &mut World) {
    w.name_looked_into().by(clerk(), dispatch(DispatchWay::Forward, organ("990002XF1")));
}
fn assign_down(w: &mut World) {
    w.name_looked_into().by(clerk(), dispatch(DispatchWay::Assign, organ("990002XF1")));
}
fn seal_up(w: &mut World) {
    w.by(clerk(), dispatch(DispatchWay::DirectSeal, organ("990009JW1")));
}
fn send_back(w: &mut World) {
    w.by(leader(), Command::Return { ground: ReturnGround::WrongOrgan });
}
fn name_handler(w: &mut World) {
    w.by(head(), Command::Assign { staff: StaffId("handler_a".to_owned()) });
}
fn contact(w: &mut World) {
    w.by(handler(), Command::RecordContact { way: ContactWay::Phone });
}
fn inquire(w: &mut World) {
    w.by(handler(), Command::Dispose { way: Disposal::Inquiry });
}
fn check_first(w: &mut World) {
    w.by(handler(), Command::Dispose { way: Disposal::PreliminaryCheck });
}
fn find(w: &mut World) {
    w.by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::Proved });
}
fn answer(w: &mut World) {
    w.by(handler(), Command::DraftAnswer)
        .by(head(), Command::ApproveAnswer { verdict: Confirmed::Yes })
        .by(handler(), Command::DeliverAnswer { way: TellingWay::Written });
}
fn close(w: &mut World) {
    w.by(clerk(), Command::Close);
}
fn reopen(w: &mut World) {
    w.by(head(), Command::Reopen { cause: ReopenCause::Mistake });
}
fn object(w: &mut World) {
    w.by(Actor::Reporter, Command::Object);
}
fn explain(w: &mut World) {
    // Whoever reviewed or approved it does not review it again (xf).
    let again = w.report().objections > 1;
    w.by(if again { chief() } else { leader() }, Command::ExplainObjection { review: Review::Here });
}
fn more_evidence(w: &mut World) {
    w.by(Actor::Reporter, Command::AddEvidence { files: 1 });
}
fn check_evidence(w: &mut World) {
    w.by(handler(), Command::CheckEvidence);
}
fn false_name(w: &mut World) {
    w.by(clerk(), Command::VerifyName { signing: Signing::FalseName });
}
fn correct(w: &mut World, source: Option<Source>, urgency: Option<Urgency>) {
    let correct = Command::Correct { channel: None, source, signing: None, urgency, allegations: None, recused: None };
    w.by(clerk(), correct);
}
fn came_by_itself(w: &mut World) {
    correct(w, Some(Source::Own), None);
}
fn not_urgent(w: &mut World) {
    correct(w, None, Some(Urgency::Normal));
}

/// A row: clock, report, start → last day, stop, cancel (`[]`: nothing cancels it).
const fn row(
    clock: &'static str,
    report: fn(&mut Receive),
    start: Steps,
    due: (i8, i8),
    stop: Steps,
    cancel: Steps,
) -> Case {
    Case { clock, report, start, due: date(2026, due.0, due.1), stop, cancel }
}

const JW: &[Case] = &[
    row("realname_accept_notice", plain, &[], (3, 10), &[accept, tell], &[link]),
    row("realname_result", plain, &[accept, move_on, find], (3, 10), &[answer], &[false_name]),
    row("sup_report", plain, &[seal_up], (2, 25), &[nothing], &[]),
    row("sup_report_watch", plain, &[], (2, 25), &[accept], &[link]),
    row("lower_accept", passed_down, &[], (2, 25), &[sign_for, accept], &[came_by_itself]),
    row("assigned_finish", assigned, &[], (5, 11), &[sign_for, accept, move_on, find], &[sign_for, refuse]),
    row("clue_opinion", plain, &[accept, move_on], (3, 11), &[check_first], &[send_back]),
    row("results_to_xinfang", plain, &[accept, move_on], (5, 11), &[find], &[send_back]),
    row("inquiry_letter_reply", plain, &[accept, move_on, inquire], (3, 10), &[find], &[check_first]),
    row("inquiry_report", plain, &[accept, move_on, inquire], (3, 13), &[find], &[check_first]),
    row("instruction", plain, &[accept, present, instruct], (3, 20), &[answer_instruction], &[present, instruct]),
    row("sign", passed_down, &[], (2, 12), &[sign_for], &[]),
    row("decide", plain, &[], (2, 24), &[accept], &[link]),
    row("contact_and_plan", plain, &[accept, move_on, name_handler], (2, 14), &[contact], &[send_back]),
    row("first_contact", plain, &[accept], (2, 24), &[contact], &[link]),
    row("own_transfer", plain, &[accept], (2, 25), &[move_on], &[link]),
    row("scope_duty", plain, &[refuse], (2, 25), &[do_duty], &[accept]),
    row("objection", plain, &[accept, move_on, find, answer, object], (3, 10), &[explain], &[]),
    row("evidence_check", plain, &[accept, move_on, find, more_evidence], (3, 10), &[check_evidence], &[]),
    row("urgent_push_critical", critical, &[], (2, 11), &[accept, present], &[not_urgent]),
    row("urgent_push", urgent, &[], (2, 11), &[accept, present], &[not_urgent]),
];

const XF: &[Case] = &[
    row("petition_register", plain, &[], (2, 26), &[accept, move_on], &[link]),
    row("petition_accept_notice", plain, &[], (2, 26), &[accept, tell], &[link]),
    row("realname_accept_notice", plain, &[accept_accusation], (3, 10), &[tell], &[link]),
    row("petition_finish", plain, &[accept], (4, 13), &[move_on, find, answer], &[link]),
    row("petition_objection", plain, &[accept, forward], (2, 25), &[send_back], &[]),
    row("review_request", plain, &[accept, tell, move_on, find, answer], (3, 13), &[object], &[close, reopen, answer]),
    row("review_answer", plain, &[accept, move_on, find, answer, object], (3, 13), &[explain], &[]),
    row("recheck_answer", plain, &[accept, move_on, find, answer, object, explain, object], (3, 13), &[explain], &[]),
    row(
        "superior_due",
        assigned_with_a_day,
        &[],
        (3, 20),
        &[sign_for, accept, move_on, find, answer],
        &[sign_for, refuse],
    ),
    row("assigned_result", plain, &[accept, present, instruct, assign_down], (4, 13), &[find], &[send_back]),
    row("simple_accept", plain, &[simple], (2, 14), &[accept], &[]),
    row("simple_opinion", plain, &[accept, simple], (3, 3), &[move_on, find, answer], &[link]),
    row("instruction", plain, &[accept, present, instruct], (3, 20), &[answer_instruction], &[present, instruct]),
    row("sign", passed_down, &[], (2, 12), &[sign_for], &[]),
    row("decide", plain, &[], (2, 24), &[accept], &[link]),
    row("contact_and_plan", plain, &[accept, move_on, name_handler], (2, 14), &[contact], &[send_back]),
    row("first_contact", plain, &[accept], (2, 24), &[contact], &[link]),
    row("evidence_check", plain, &[accept, move_on, find, more_evidence], (3, 10), &[check_evidence], &[]),
    row("urgent_push_critical", critical, &[], (2, 11), &[accept, present], &[not_urgent]),
    row("urgent_push", urgent, &[], (2, 11), &[accept, present], &[not_urgent]),
];

fn lived(edition: Edition, case: &Case, steps: &[Steps]) -> World {
    let mut world = World::with(edition, case.report);
    for step in steps.iter().copied().flatten() {
        step(&mut world);
    }
    world.check();
    world
}

#[test]
fn every_clock_starts_ends_stops_and_falls_away_as_the_table_says() {
    for (edition, table) in [(Edition::Jw, JW), (Edition::Xf, XF)] {
        for case in table {
            let id = case.clock;
            let clocks = |world: &World| -> Vec<_> {
                world.report().clocks.iter().filter(|clock| clock.id == id).cloned().collect()
            };
            // Until the last step it does not run.
            if let Some((_, before)) = case.start.split_last() {
                assert!(!lived(edition, case, &[before]).runs(id), "{edition} {id} runs too early");
            }
            let started = lived(edition, case, &[case.start]);
            let last = clocks(&started).pop().unwrap_or_else(|| panic!("{edition} {id} did not start"));
            assert_eq!(last.due, case.due, "{edition} {id}");
            assert_eq!(last.is_running(), id != "sup_report", "{edition} {id}: {last:?}");
            assert!(last.explain(edition, Rules::embedded(), Lang::Zh).contains("2026年2月11日"), "{edition} {id}");
            let stopped = lived(edition, case, &[case.start, case.stop]);
            let ended = clocks(&stopped).pop().unwrap();
            assert_eq!((ended.stopped_on, ended.cancelled_on), (Some(stopped.today), None), "{edition} {id}");
            let cancels = Rules::embedded().clock(edition, id).unwrap().cancels.is_empty();
            assert_eq!(case.cancel.is_empty(), cancels, "{edition} {id}: its row forgets what cancels it");
            if !case.cancel.is_empty() {
                let gone = clocks(&lived(edition, case, &[case.start, case.cancel]));
                assert!(gone.iter().any(|clock| clock.cancelled_on.is_some()), "{edition} {id}: {gone:?}");
                assert!(gone.iter().all(|clock| clock.stopped_on.is_none()), "{edition} {id}: {gone:?}");
            }
        }
        let rows: BTreeSet<&str> = table.iter().map(|case| case.clock).collect();
        let rules: BTreeSet<&str> = Rules::embedded().clocks(edition).iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(rows, rules, "{edition}: every clock has its row");
    }
}

/// 规则 Art 18: every quarter until all is found, not once.
#[test]
fn the_petition_office_is_told_again_within_a_quarter_of_every_disposal() {
    let mut world = World::with(Edition::Jw, plain);
    accept(&mut world);
    move_on(&mut world);
    assert_eq!(world.due("results_to_xinfang"), date(2026, 5, 11));
    world.on(date(2026, 4, 9));
    check_first(&mut world);
    assert_eq!(world.due("results_to_xinfang"), date(2026, 7, 9));
    let runs: Vec<_> = world.report().clocks.iter().filter(|c| c.id == "results_to_xinfang").collect();
    assert_eq!((runs.len(), runs[0].stopped_on), (2, Some(date(2026, 4, 9))));
    world.on(date(2026, 7, 10));
    assert_eq!(world.report().clock("results_to_xinfang").unwrap().overdue_days(world.today), 1);
    find(&mut world);
    assert!(!world.runs("results_to_xinfang"));
    world.check();
}

/// 规则 Art 27: new evidence may come after closing too, and somebody is to look at it in time.
#[test]
fn new_evidence_after_closing_has_its_clock() {
    let mut world = World::with(Edition::Jw, plain);
    for step in [accept, tell, move_on, find, answer, close, more_evidence] {
        step(&mut world);
    }
    assert_eq!(world.due("evidence_check"), date(2026, 3, 10));
    check_evidence(&mut world);
    assert!(!world.runs("evidence_check"));
    world.check();
}

/// Nothing in clear tells whom a report concerns before it goes up (规则 Art 15): the warning runs for all.
#[test]
fn the_warning_to_send_up_runs_for_every_report_alike() {
    for change in [plain as fn(&mut Receive), critical, |r: &mut Receive| r.signing = Signing::Anonymous] {
        let mut world = World::with(Edition::Jw, change);
        assert_eq!(world.due("sup_report_watch"), date(2026, 2, 25));
        world.on(date(2026, 2, 25));
        let colour = world.report().clock("sup_report_watch").unwrap().colour(world.today, Rules::embedded());
        assert_eq!(colour, Some(Colour::Red), "it warns before the day is over");
    }
}
