//! The main journeys of both editions from receipt to closing, and the places where the law says no.

use domain::calendar::days_between;
use domain::report::{Actor, Command, Confirmed, Event, NewFacts, close_blockers, lawful_actions, timeline};
use domain::rules::Rules;
use domain::report::Holder;
use domain::words::*;
use jiff::civil::date;

use crate::world::*;

fn to_the_department(world: &mut World) {
    world
        .by(Actor::System, Command::Judge { models: "m1".to_owned(), abstained: false })
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .by(clerk(), Command::TellAcceptance { way: TellingWay::Phone })
        .by(clerk(), Command::Present { to: Role::Leader })
        .by(leader(), Command::Instruct { due: Some(date(2026, 3, 20)), verdict: Confirmed::Yes })
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")));
}

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
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")));
    assert_eq!(world.due("petition_finish"), date(2026, 4, 13));
    world
        .refused(leader(), Command::Extend { clock: "petition_finish".to_owned(), until: date(2026, 5, 1), ground: ExtensionGround::Complex }, "extend_approver")
        .refused(chief(), Command::Extend { clock: "petition_finish".to_owned(), until: date(2026, 6, 1), ground: ExtensionGround::Complex }, "extend_too_far")
        .by(chief(), Command::Extend { clock: "petition_finish".to_owned(), until: date(2026, 5, 13), ground: ExtensionGround::Complex })
        .refused(chief(), Command::Extend { clock: "petition_finish".to_owned(), until: date(2026, 5, 14), ground: ExtensionGround::Complex }, "extended_enough")
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
        .by(head(), Command::ExplainObjection)
        .by(Actor::Reporter, Command::Object)
        .by(head(), Command::ExplainObjection)
        .refused(Actor::Reporter, Command::Object, "objections_used_up");
    world.check();
}

#[test]
fn a_petitioner_who_waits_too_long_may_not_ask_for_review() {
    let mut world = World::with(Edition::Xf, |_| {});
    world
        .by(clerk(), Command::Accept { kind: Kind::Petition })
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
    world
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .refused(clerk(), dispatch(DispatchWay::TwoWay, office("inspection_one")), "way_not_in_edition");
    assert!(!world.runs("petition_accept_notice") && world.runs("realname_accept_notice"));
    world
        .by(clerk(), dispatch(DispatchWay::Forward, organ("990000JW1")))
        .refused(clerk(), Command::DraftAnswer, "answered_elsewhere")
        .refused(Actor::Reporter, Command::Rate { rating: Rating::Satisfied }, "not_rated")
        .by(clerk(), Command::Close);
}

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
            .refused(clerk(), Command::Refuse { kind: Kind::Accusation, ground: Ground::OtherOrgan }, "ground_does_not_fit")
            .refused(clerk(), Command::Refuse { kind: Kind::OutOfScope, ground: Ground::Ended }, "ground_not_in_edition")
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
fn assigning_needs_a_ground_a_leader_and_a_lawful_date() {
    let mut world = World::with(Edition::Jw, |_| {});
    let assign = |ground, due| Command::Dispatch { way: DispatchWay::Assign, to: organ("990001JW1"), watcher: None, ground, due };
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

#[test]
fn an_xf_organ_says_within_five_working_days_that_it_is_not_competent() {
    let mut world = World::with(Edition::Xf, |_| {});
    world
        .by(clerk(), Command::Accept { kind: Kind::Petition })
        .by(clerk(), dispatch(DispatchWay::Forward, organ("990002XF1")));
    assert_eq!(world.due("petition_objection"), date(2026, 2, 25));
    assert!(!world.runs("petition_finish") && !world.runs("petition_accept_notice"));
    let mut late = World { edition: world.edition, today: date(2026, 2, 26), report: world.report.clone(), events: world.events.clone() };
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
    world
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .refused(clerk(), dispatch(DispatchWay::TwoWay, office("inspection_one")), "accusation_not_two_way");
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
    assert_eq!((clock.due, clock.overdue_days(world.today)), (date(2026, 2, 25), 1), "five working days were missed by one");
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
fn the_legal_clock_wins_over_the_promise() {
    let mut world = World::with(Edition::Jw, |_| {});
    // The promise of four working days is missed; the law's fifteen still have time.
    world.on(date(2026, 3, 2));
    let pair = world.report().clock_pair(world.today, Rules::embedded());
    assert_eq!((pair.legal.unwrap().id.as_str(), pair.stretch.unwrap().id.as_str()), ("realname_accept_notice", "decide"));
    assert_eq!(pair.ruling().unwrap().colour(world.today, Rules::embedded()), Some(Colour::Yellow));
    assert_eq!(pair.stretch.unwrap().colour(world.today, Rules::embedded()), Some(Colour::Red));
    world.on(date(2026, 3, 11));
    let pair = world.report().clock_pair(world.today, Rules::embedded());
    assert_eq!(pair.ruling().unwrap().overdue_days(world.today), 1);
    assert_eq!(pair.ruling().unwrap().colour(world.today, Rules::embedded()), Some(Colour::Red));
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
        Command::Correct { channel: None, source: None, signing: None, urgency: None, allegations: Some(2), recused: None },
        "fewer_than_found",
    );
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
fn only_the_right_people_act() {
    let mut world = World::with(Edition::Jw, |_| {});
    world
        .refused(Actor::Reporter, Command::Close, "not_for_reporter")
        .refused(Actor::System, Command::Accept { kind: Kind::Accusation }, "only_staff")
        .refused(clerk(), Command::Judge { models: String::new(), abstained: true }, "only_system")
        .refused(clerk(), Command::Rate { rating: Rating::Satisfied }, "only_reporter")
        .refused(Actor::Reporter, Command::Object, "nothing_to_object_to")
        .refused(clerk(), Command::IssuePaper { paper: "handling_opinion".to_owned(), number: None }, "paper_not_in_edition")
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
    assert!(now.contains(&CommandKind::Accept) && now.contains(&CommandKind::Refuse) && now.contains(&CommandKind::Link));
    assert!(!now.contains(&CommandKind::Close) && !now.contains(&CommandKind::RecordFinding) && !now.contains(&CommandKind::Rate));
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
    assert_eq!(zh[1].text, "最迟2026年3月10日,我们会告知您是否受理。");
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
    let kinds: Vec<_> = timeline(&repeat.events, Rules::embedded(), Lang::En).into_iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, ["received"]);
}

#[test]
fn a_given_day_is_counted_as_days() {
    let mut world = World::with(Edition::Jw, |_| {});
    to_the_department(&mut world);
    let clock = world.report().clock("instruction").unwrap();
    assert_eq!(i64::from(clock.limit.count), days_between(clock.started_on, clock.due));
}
