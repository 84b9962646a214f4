//! Judging, accepting and refusing, repeats, evidence and findings.

use domain::report::{Actor, Command, Confirmed, NewFacts};
use domain::words::*;
use jiff::civil::date;

use super::to_the_department;
use crate::world::*;

#[test]
fn what_is_not_accepted_is_forwarded_or_told_by_channel() {
    for (channel, duty) in [
        (Channel::Letter, Art13Duty::Forward),
        (Channel::Visit, Art13Duty::Tell),
        (Channel::Phone, Art13Duty::Tell),
        (Channel::Web, Art13Duty::Tell),
    ] {
        let mut world = World::with(Edition::Jw, |receive| receive.channel = channel);
        world
            .refused(
                clerk(),
                Command::Refuse { kind: Kind::Accusation, ground: Ground::OtherOrgan },
                "ground_does_not_fit",
            )
            .refused(
                clerk(),
                Command::Refuse { kind: Kind::OutOfScope, ground: Ground::Ended },
                "ground_not_in_edition",
            )
            .refused(clerk(), Command::Accept { kind: Kind::OutOfScope }, "kind_only_refused")
            .refused(clerk(), Command::Accept { kind: Kind::Petition }, "kind_not_in_edition")
            .by(clerk(), Command::Refuse { kind: Kind::OutOfScope, ground: Ground::OtherOrgan });
        assert_eq!(world.report().scope.as_ref().unwrap().duty, Some(duty));
        world
            .refused(clerk(), Command::Close, "close_duty_owed")
            .refused(clerk(), dispatch(DispatchWay::Move, office("inspection_one")), "refused_not_dispatched")
            .by(clerk(), Command::DoDuty)
            .by(clerk(), Command::Close);
        world.check();
    }
}

#[test]
fn no_substance_takes_two_people() {
    let mut world = World::with(Edition::Jw, |_| {});
    let refuse = Command::Refuse { kind: Kind::NoSubstance, ground: Ground::NameOnly };
    world
        .by(head(), refuse.clone())
        .refused(clerk(), refuse.clone(), "no_substance_waiting")
        .refused(head(), Command::ConfirmNoSubstance { confirmed: Confirmed::Yes }, "second_person")
        .refused(clerk(), Command::ConfirmNoSubstance { confirmed: Confirmed::Yes }, "second_person_role")
        .by(leader(), Command::ConfirmNoSubstance { confirmed: Confirmed::No })
        .by(clerk(), refuse)
        .by(leader(), Command::ConfirmNoSubstance { confirmed: Confirmed::Yes });
    assert_eq!(world.report().kind, Some(Kind::NoSubstance));
    // She adds what was missing: it is judged again and can be accepted.
    world
        .by(Actor::Reporter, Command::AddEvidence { files: 1 })
        .refused(clerk(), Command::Close, "close_scope_undecided")
        .by(clerk(), Command::Accept { kind: Kind::Accusation });
    assert_eq!(world.report().stage, Stage::AwaitingPresentation);
    assert!(world.runs("realname_accept_notice"));
}

#[test]
fn a_repeat_is_kept_not_told_and_promoted_when_it_brings_new_facts() {
    let mut world = World::with(Edition::Jw, |_| {});
    world.by(clerk(), Command::Link { to: other_report(7), new_facts: NewFacts::None });
    assert!(world.report().is_repeat() && !world.runs("realname_accept_notice"));
    world
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .refused(clerk(), Command::TellAcceptance { way: TellingWay::Phone }, "repeat_not_told")
        .by(clerk(), Command::Promote);
    assert!(!world.report().is_repeat() && world.runs("realname_accept_notice"));
    assert_eq!(world.report().repeat_of, Some(other_report(7)), "a promoted repeat keeps its link");
    world.by(clerk(), Command::Unlink).by(clerk(), Command::Link { to: other_report(8), new_facts: NewFacts::Some });
    assert!(world.report().promoted && world.runs("realname_accept_notice"));
    // An unpromoted repeat is kept for reference without a second handling (Art 14).
    let mut world = World::with(Edition::Jw, |_| {});
    world.by(clerk(), Command::Link { to: other_report(7), new_facts: NewFacts::None }).by(clerk(), Command::Close);
}

#[test]
fn a_false_name_is_handled_as_anonymous() {
    let mut world = World::with(Edition::Jw, |_| {});
    world.by(clerk(), Command::VerifyName { signing: Signing::FalseName });
    assert!(!world.runs("realname_accept_notice"));
    world
        .refused(clerk(), Command::VerifyName { signing: Signing::NamedVerified }, "nothing_to_verify")
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .refused(clerk(), Command::TellAcceptance { way: TellingWay::Phone }, "no_one_to_tell");
}

#[test]
fn the_simple_procedure_has_its_own_limits() {
    let mut world = World::with(Edition::Xf, |_| {});
    world.by(clerk(), Command::UseSimple);
    assert_eq!(world.due("simple_accept"), date(2026, 2, 14));
    world.by(clerk(), Command::Accept { kind: Kind::Petition });
    assert_eq!(world.due("simple_opinion"), date(2026, 3, 3));
    World::with(Edition::Jw, |_| {}).refused(clerk(), Command::UseSimple, "simple_only_first_petition");
}

#[test]
fn urgent_reports_may_be_presented_before_they_are_judged() {
    let mut world = World::with(Edition::Jw, |receive| receive.urgency = Urgency::Critical);
    assert_eq!(world.due("urgent_push_critical"), world.today);
    world
        .by(clerk(), Command::Present { to: Role::Chief })
        .refused(clerk(), Command::Accept { kind: Kind::Accusation }, "waiting_for_instruction")
        .by(chief(), Command::Instruct { due: None, verdict: Confirmed::Yes });
    assert_eq!(world.report().stage, Stage::AwaitingJudgement);
    world.by(clerk(), Command::Accept { kind: Kind::Accusation });
    assert_eq!(world.report().stage, Stage::AwaitingDispatch, "the chief has already agreed");
    World::with(Edition::Jw, |_| {}).refused(clerk(), Command::Present { to: Role::Leader }, "present_not_now");
}

#[test]
fn a_transferred_item_is_signed_for_and_decided_in_five_working_days() {
    let mut world = World::with(Edition::Jw, |receive| {
        receive.source = Source::SuperiorAssign;
        receive.superior_due = Some(date(2026, 4, 1));
    });
    assert_eq!(world.report().stage, Stage::AwaitingSigning);
    assert_eq!(world.due("lower_accept"), date(2026, 2, 25));
    assert_eq!(world.due("sign"), date(2026, 2, 12));
    assert_eq!(world.due("assigned_finish"), date(2026, 4, 1));
    world
        .refused(clerk(), Command::Accept { kind: Kind::Accusation }, "sign_first")
        .by(clerk(), Command::SignFor)
        .refused(clerk(), Command::SignFor, "not_to_be_signed_for")
        .by(clerk(), Command::Accept { kind: Kind::Accusation });
    assert!(!world.runs("lower_accept"));
}

#[test]
fn new_evidence_after_a_finding_must_be_checked() {
    let mut world = World::with(Edition::Jw, |receive| receive.signing = Signing::Anonymous);
    world
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")))
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::NotProved })
        .by(Actor::Reporter, Command::AddEvidence { files: 2 })
        .refused(clerk(), Command::Close, "close_evidence_unchecked")
        .refused(handler(), Command::DraftAnswer, "check_evidence_first")
        .by(handler(), Command::CheckEvidence)
        .by(clerk(), Command::Close)
        .by(Actor::Reporter, Command::AddEvidence { files: 1 })
        .by(handler(), Command::CheckEvidence)
        .refused(handler(), Command::RecordFinding { allegation: 1, finding: Finding::Proved }, "closed")
        .refused(clerk(), Command::Reopen { cause: ReopenCause::ObjectionUpheld }, "no_objection_made")
        .by(head(), Command::Reopen { cause: ReopenCause::NewEvidence })
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::Proved })
        .by(clerk(), Command::Close);
    world.check();
}

#[test]
fn every_allegation_needs_its_own_finding() {
    let mut world = World::with(Edition::Jw, |receive| receive.allegations = 3);
    to_the_department(&mut world);
    world
        .by(handler(), Command::RecordFinding { allegation: 1, finding: Finding::Proved })
        .refused(handler(), Command::RecordFinding { allegation: 4, finding: Finding::Proved }, "no_such_allegation")
        .refused(handler(), Command::DraftAnswer, "findings_missing")
        .by(handler(), Command::RecordFinding { allegation: 2, finding: Finding::NotProved });
    assert!(!world.runs("realname_result"));
    world.by(handler(), Command::RecordFinding { allegation: 3, finding: Finding::CannotVerify });
    assert!(world.runs("realname_result"));
    world.refused(
        clerk(),
        Command::Correct {
            channel: None,
            source: None,
            signing: None,
            urgency: None,
            allegations: Some(2),
            recused: None,
        },
        "fewer_than_found",
    );
}
