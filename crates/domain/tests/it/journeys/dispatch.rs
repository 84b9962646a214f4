//! Dispatch in every way, returning and sending up.

use domain::report::{Command, Confirmed, Event, Holder, NewFacts};
use domain::words::*;
use jiff::civil::date;

use super::to_the_department;
use crate::world::*;

#[test]
fn assigning_needs_a_ground_a_leader_and_a_lawful_date() {
    let mut world = World::with(Edition::Jw, |_| {});
    let assign = |ground, due| Command::Dispatch {
        way: DispatchWay::Assign,
        to: organ("990001JW1"),
        watcher: None,
        ground,
        due,
    };
    let ground = Some(AssignGround::LongDelay);
    world
        .refused(clerk(), assign(ground, None), "decide_scope_first")
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .refused(clerk(), assign(ground, None), "instruct_first")
        .by(clerk(), Command::Present { to: Role::Head })
        .refused(leader(), Command::Instruct { due: None, verdict: Confirmed::Yes }, "not_presented_to_you")
        .by(head(), Command::Instruct { due: None, verdict: Confirmed::Yes })
        .refused(clerk(), assign(ground, None), "instruct_first")
        .by(head(), Command::Present { to: Role::Leader })
        .by(leader(), Command::Instruct { due: None, verdict: Confirmed::Yes })
        .name_looked_into()
        .refused(clerk(), assign(None, None), "assign_ground_needed")
        .refused(clerk(), assign(ground, Some(date(2026, 8, 1))), "assign_due_too_late")
        .refused(clerk(), assign(ground, Some(date(2026, 2, 11))), "assign_due_too_late")
        .by(clerk(), assign(ground, Some(date(2026, 3, 1))));
    assert_eq!(world.due("assigned_finish"), date(2026, 3, 1), "the date in the letter is earlier than the law's");
    world.refused(clerk(), Command::Close, "close_not_told");
}

#[test]
fn returning_needs_the_leader_and_the_report_goes_on() {
    let mut world = World::with(Edition::Jw, |_| {});
    to_the_department(&mut world);
    world
        .refused(handler(), Command::Return { ground: ReturnGround::WrongOrgan }, "return_approver")
        .by(leader(), Command::Return { ground: ReturnGround::WrongOrgan });
    assert_eq!((world.report().stage, world.report().holder.clone()), (Stage::AwaitingDispatch, office("petition")));
    world
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_two")))
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::Proved })
        .refused(leader(), Command::Return { ground: ReturnGround::WrongOrgan }, "found_not_returned")
        .refused(staff("handler_b", Role::Handler), Command::DraftAnswer, "not_the_handler");
    assert_eq!(world.report().dispatches, 2);
}

/// 规则 Art 24: whose name nobody looked into goes no further; whoever cannot be reached holds nothing up,
/// and what concerns a superior's cadre goes up at once.
#[test]
fn a_signed_report_goes_on_once_its_name_was_looked_into() {
    let accepted = |signing| {
        let mut world = World::with(Edition::Jw, |receive| receive.signing = signing);
        world.by(clerk(), Command::Accept { kind: Kind::Accusation });
        world
    };
    let on = || dispatch(DispatchWay::Move, office("inspection_one"));
    for result in [Signing::NamedVerified, Signing::FalseName, Signing::NamedPending] {
        let mut world = accepted(Signing::NamedPending);
        world
            .refused(clerk(), on(), "name_first")
            .by(clerk(), Command::VerifyName { signing: result })
            .by(clerk(), on());
    }
    accepted(Signing::Anonymous).by(clerk(), on());
    accepted(Signing::NamedPending).by(clerk(), dispatch(DispatchWay::DirectSeal, organ("990009JW1")));
    let link = Command::Link { to: other_report(7), new_facts: NewFacts::None };
    accepted(Signing::NamedPending).by(clerk(), link).by(clerk(), on());
}

#[test]
fn an_xf_organ_says_within_five_working_days_that_it_is_not_competent() {
    let mut world = World::with(Edition::Xf, |_| {});
    world
        .by(clerk(), Command::Accept { kind: Kind::Petition })
        .name_looked_into()
        .by(clerk(), dispatch(DispatchWay::Forward, organ("990002XF1")));
    assert_eq!(world.due("petition_objection"), date(2026, 2, 25));
    assert!(!world.runs("petition_finish") && !world.runs("petition_accept_notice"));
    let mut late = World {
        edition: world.edition,
        today: date(2026, 2, 26),
        report: world.report.clone(),
        events: world.events.clone(),
    };
    late.refused(head(), Command::Return { ground: ReturnGround::WrongOrgan }, "return_window_over");
    world.on(date(2026, 2, 25)).by(head(), Command::Return { ground: ReturnGround::WrongOrgan });
    assert_eq!(world.due("petition_finish"), date(2026, 4, 13), "from acceptance, as if it had not been away");
    assert_eq!(world.due("petition_accept_notice"), date(2026, 2, 26));
}

#[test]
fn two_way_transfers_are_watched_and_never_of_accusations() {
    let mut world = World::with(Edition::Jw, |receive| receive.channel = Channel::Letter);
    world
        .by(clerk(), Command::Refuse { kind: Kind::OutOfScope, ground: Ground::OtherOrgan })
        .by(clerk(), dispatch(DispatchWay::TwoWay, Holder::Outside { key: "housing_bureau".to_owned() }));
    assert_eq!(*world.last_event(), Event::DutyDone { duty: Art13Duty::Forward });
    assert!(world.report().watcher.is_some());
    world
        .refused(clerk(), Command::Close, "close_two_way_unanswered")
        .by(clerk(), Command::AnswerTwoWay)
        .by(clerk(), Command::Close);
    let mut world = World::with(Edition::Jw, |_| {});
    world.by(clerk(), Command::Accept { kind: Kind::Accusation }).refused(
        clerk(),
        dispatch(DispatchWay::TwoWay, office("inspection_one")),
        "accusation_not_two_way",
    );
}

#[test]
fn what_concerns_a_superiors_cadre_goes_up_at_once() {
    let mut world = World::with(Edition::Jw, |receive| receive.source = Source::SuperiorTransfer);
    world
        .on(date(2026, 2, 26))
        .by(clerk(), dispatch(DispatchWay::DirectSeal, organ("990009JW1")))
        .refused(clerk(), Command::SetPlatformNumber { number: "A1".to_owned() }, "sealed_not_in_platform")
        .refused(leader(), Command::Return { ground: ReturnGround::WrongOrgan }, "sealed_not_returned")
        .by(clerk(), Command::Close);
    let clock = world.report().clocks.iter().find(|clock| clock.id == "sup_report").unwrap();
    assert_eq!(
        (clock.due, clock.overdue_days(world.today)),
        (date(2026, 2, 25), 1),
        "five working days were missed by one"
    );
}
