//! The main journeys of both editions from receipt to closing.

use domain::report::{Actor, Command, Confirmed, Event, Review};
use domain::words::*;
use jiff::civil::date;

use super::to_the_department;
use crate::world::*;

#[test]
fn a_signed_accusation_is_handled_fed_back_and_closed() {
    let mut world = World::with(Edition::Jw, |_| {});
    assert_eq!(world.due("realname_accept_notice"), date(2026, 3, 10));
    to_the_department(&mut world);
    assert_eq!(world.report().stage, Stage::InHandling);
    assert!(!world.runs("realname_accept_notice"));
    assert_eq!(world.due("instruction"), date(2026, 3, 20));
    assert_eq!(world.due("clue_opinion"), date(2026, 3, 11));
    world
        .by(head(), Command::Assign { staff: domain::ids::StaffId("handler_a".to_owned()) })
        .by(handler(), Command::RecordContact { way: ContactWay::Phone })
        .by(handler(), Command::Dispose { way: Disposal::PreliminaryCheck })
        .refused(handler(), Command::DraftAnswer, "findings_missing")
        .refused(handler(), Command::Close, "close_instruction_unanswered")
        .on(date(2026, 3, 10))
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::PartlyProved });
    assert_eq!(world.due("realname_result"), date(2026, 3, 31));
    world
        .by(handler(), Command::DraftAnswer)
        .refused(handler(), Command::ApproveAnswer { verdict: Confirmed::Yes }, "own_draft")
        .refused(clerk(), Command::ApproveAnswer { verdict: Confirmed::Yes }, "approver_role")
        .by(head(), Command::ApproveAnswer { verdict: Confirmed::No });
    assert_eq!(world.report().stage, Stage::InHandling);
    world
        .by(handler(), Command::DraftAnswer)
        .by(head(), Command::ApproveAnswer { verdict: Confirmed::Yes })
        .by(handler(), Command::DeliverAnswer { way: TellingWay::Phone })
        .by(head(), Command::AnswerInstruction)
        .by(clerk(), Command::Close);
    assert_eq!(world.report().stage, Stage::Closed);
    assert!(world.report().clocks.iter().all(|clock| !clock.is_running()));
    assert_eq!(world.report().first_assignee.as_ref().unwrap().0, "handler_a");
    world.by(Actor::Reporter, Command::Rate { rating: Rating::Satisfied });
    world.refused(Actor::Reporter, Command::Rate { rating: Rating::Unsatisfied }, "rate_once");
    world.check();
}

#[test]
fn an_anonymous_accusation_closes_without_notice_or_feedback() {
    let mut world = World::with(Edition::Jw, |receive| receive.signing = Signing::Anonymous);
    world
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .refused(clerk(), Command::TellAcceptance { way: TellingWay::Phone }, "no_one_to_tell")
        .name_looked_into()
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")))
        .refused(clerk(), Command::Close, "close_findings_missing")
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::CannotVerify })
        .by(clerk(), Command::Close);
    world.check();
}

#[test]
fn a_petition_is_accepted_answered_in_writing_reviewed_and_closed() {
    let mut world = World::with(Edition::Xf, |_| {});
    assert_eq!(world.due("petition_accept_notice"), date(2026, 2, 26));
    world
        .by(clerk(), Command::Accept { kind: Kind::Petition })
        .by(clerk(), Command::TellAcceptance { way: TellingWay::Written })
        .name_looked_into()
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")));
    assert_eq!(world.due("petition_finish"), date(2026, 4, 13));
    world
        .refused(
            leader(),
            Command::Extend {
                clock: "petition_finish".to_owned(),
                until: date(2026, 5, 1),
                ground: ExtensionGround::Complex,
            },
            "extend_approver",
        )
        .refused(
            chief(),
            Command::Extend {
                clock: "petition_finish".to_owned(),
                until: date(2026, 6, 1),
                ground: ExtensionGround::Complex,
            },
            "extend_too_far",
        )
        .by(
            chief(),
            Command::Extend {
                clock: "petition_finish".to_owned(),
                until: date(2026, 5, 13),
                ground: ExtensionGround::Complex,
            },
        )
        .refused(
            chief(),
            Command::Extend {
                clock: "petition_finish".to_owned(),
                until: date(2026, 5, 14),
                ground: ExtensionGround::Complex,
            },
            "extended_enough",
        )
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::Proved })
        .by(handler(), Command::DraftAnswer)
        .by(leader(), Command::ApproveAnswer { verdict: Confirmed::Yes })
        .refused(handler(), Command::DeliverAnswer { way: TellingWay::Phone }, "telling_way")
        .by(handler(), Command::DeliverAnswer { way: TellingWay::Written });
    assert_eq!(*world.last_event(), Event::ReplyDelivered { way: TellingWay::Written });
    assert_eq!(world.due("review_request"), date(2026, 3, 13));
    world.by(clerk(), Command::Close);
    assert!(world.runs("review_request"), "closing takes no right away");
    world.on(date(2026, 3, 13)).by(Actor::Reporter, Command::Object);
    assert_eq!(world.due("review_answer"), date(2026, 4, 13));
    world
        .on(date(2026, 4, 1))
        .refused(handler(), Command::ExplainObjection { review: Review::Here }, "reviewer_role")
        .refused(leader(), Command::ExplainObjection { review: Review::Here }, "reviewer_is_party")
        .by(head(), Command::ExplainObjection { review: Review::Here })
        .by(Actor::Reporter, Command::Object)
        .refused(head(), Command::ExplainObjection { review: Review::Here }, "reviewer_is_party")
        // Whoever had a part in it may send her to the superior organ.
        .by(head(), Command::ExplainObjection { review: Review::Superior })
        .refused(Actor::Reporter, Command::Object, "objections_used_up");
    world.check();
}

#[test]
fn a_petitioner_who_waits_too_long_may_not_ask_for_review() {
    let mut world = World::with(Edition::Xf, |_| {});
    world
        .by(clerk(), Command::Accept { kind: Kind::Petition })
        .name_looked_into()
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")))
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::NotProved })
        .by(handler(), Command::DraftAnswer)
        .by(head(), Command::ApproveAnswer { verdict: Confirmed::Yes })
        .by(handler(), Command::DeliverAnswer { way: TellingWay::Written })
        .on(date(2026, 3, 16))
        .refused(Actor::Reporter, Command::Object, "objection_window_over");
    assert_eq!(world.report().clock("review_request").unwrap().overdue_days(world.today), 0);
}

#[test]
fn xf_accusations_go_to_the_competent_organ_and_are_never_rated() {
    let mut world = World::with(Edition::Xf, |_| {});
    world.by(clerk(), Command::Accept { kind: Kind::Accusation }).refused(
        clerk(),
        dispatch(DispatchWay::TwoWay, office("inspection_one")),
        "way_not_in_edition",
    );
    assert!(!world.runs("petition_accept_notice") && world.runs("realname_accept_notice"));
    world
        .name_looked_into()
        .by(clerk(), dispatch(DispatchWay::Forward, organ("990000JW1")))
        .refused(clerk(), Command::DraftAnswer, "answered_elsewhere")
        .refused(Actor::Reporter, Command::Rate { rating: Rating::Satisfied }, "not_rated")
        .by(clerk(), Command::Close);
}
