//! What must hold after every step and over every whole history, in other words than the code's.

use std::collections::{BTreeMap, BTreeSet};

use domain::clock::Basis;
use domain::ids::ReportId;
use domain::report::{Actor, Command, Context, Event, NewFacts, Recorded, Report, decide, evolve, fold, timeline};
use domain::rules::{FindingNeed, Rules};
use domain::words::*;

use super::commands::Chance;
use crate::world::clerk;

/// What must hold between one state and the next.
pub fn check_step(before: Option<&Report>, recorded: &Recorded, after: &Report) {
    assert_eq!(after.version, before.map_or(0, |report| report.version) + 1);
    assert_eq!(after.last_on, recorded.day);
    if let Some(before) = before {
        assert!(recorded.day >= before.last_on, "a day ran backwards");
        if before.closed_on.is_some() {
            let still_lawful = [
                "message_sent",
                "evidence_added",
                "evidence_checked",
                "objected",
                "objection_explained",
                "rated",
                "code_replaced",
                "code_destroyed",
                "paper_issued",
                "platform_number_set",
                "reopened",
                "recused",
            ];
            assert!(still_lawful.contains(&recorded.event.name()), "{} after closing", recorded.event.name());
        }
        // Clocks only move forward and end at most once; none ever disappears.
        assert!(after.clocks.len() >= before.clocks.len());
        for (old, new) in before.clocks.iter().zip(&after.clocks) {
            assert_eq!((&old.id, old.started_on, old.due, old.limit), (&new.id, new.started_on, new.due, new.limit));
            assert!(new.last_day() >= old.last_day(), "{} ran backwards", old.id);
            if !old.is_running() {
                assert_eq!(old, new, "{} moved after it had ended", old.id);
            }
        }
        // A link is only ever taken back by a person's word, and its own history stays.
        if before.repeat_of.is_some() && after.repeat_of != before.repeat_of {
            assert_eq!(recorded.event, Event::Unlinked);
        }
        assert_eq!(
            (&before.received_on, &before.office, before.edition),
            (&after.received_on, &after.office, after.edition)
        );
        assert!(
            before.recused.iter().all(|who| after.recused.contains(who)),
            "somebody who was kept away sees the report again"
        );
        if before.first_assignee.is_some() {
            assert_eq!(before.first_assignee, after.first_assignee, "the first handler stays the first (M52)");
        }
    }
    let running: Vec<_> = after.clocks.iter().filter(|clock| clock.is_running()).collect();
    let ids: BTreeSet<_> = running.iter().map(|clock| &clock.id).collect();
    assert_eq!(ids.len(), running.len(), "two clocks of one name run");
    for clock in &after.clocks {
        assert!(clock.due >= clock.started_on && clock.last_day() >= clock.due, "{clock:?}");
        assert!(clock.stopped_on.is_none() || clock.cancelled_on.is_none(), "{clock:?} ended twice");
    }
    if after.closed_on.is_some() && recorded.event == Event::Closed {
        assert!(running.iter().all(|clock| clock.basis == Basis::Window), "{running:?} run after closing");
        check_closing(after);
    }
    check_notice(after);
    let pair = after.clock_pair(recorded.day, Rules::embedded());
    if running.iter().any(|clock| clock.basis == Basis::Legal) {
        assert_eq!(pair.ruling().map(|clock| clock.basis), Some(Basis::Legal), "a promise hid the law");
    }
    if let Some(worst) = pair.legal.and_then(|clock| clock.colour(recorded.day, Rules::embedded())) {
        let red = running.iter().any(|clock| clock.basis == Basis::Legal && clock.overdue_days(recorded.day) > 0);
        assert!(!red || worst == Colour::Red, "an overdue clock is not red");
    }
}

/// Every accepted signed first report has a notice clock, whatever became of it; a repeat has none
/// running (规则 Art 26; 条例 Art 19, 23).
fn check_notice(report: &Report) {
    let notice = |id: &str| id == "realname_accept_notice" || id == "petition_accept_notice";
    if report.accepted() == Some(true) && report.is_signed() && !report.is_repeat() {
        let told = report.acceptance_told_on.is_some();
        let stopped_or_running = report.clocks.iter().any(|clock| notice(&clock.id));
        // Whoever took it over tells her; a name learnt afterwards is told there too.
        assert!(told || stopped_or_running || report.handed_away(), "no notice clock: {report:#?}");
        if !told
            && !report.handed_away()
            && report.closed_on.is_none()
            && report.dispatched != Some(DispatchWay::TwoWay)
        {
            assert!(
                report.clocks.iter().any(|clock| notice(&clock.id) && clock.is_running()),
                "no notice clock runs: {report:#?}"
            );
        }
    }
    if report.is_repeat() {
        assert!(!report.clocks.iter().any(|clock| notice(&clock.id) && clock.is_running()), "a repeat is told again");
    }
}

/// A link made by mistake and taken back the same day loses no legal clock and moves none.
fn check_link_taken_back(events: &[Recorded]) {
    let Some(before) = fold(events).unwrap().filter(|report| report.repeat_of.is_none()) else { return };
    // Promoting made the clocks run anew on purpose.
    if events.iter().any(|one| one.event == Event::Promoted) {
        return;
    }
    let context =
        Context { today: before.last_on, at: 1, actor: clerk(), rules: Rules::embedded(), edition: before.edition };
    let link = Command::Link { to: ReportId([9; 16]), new_facts: NewFacts::None };
    let Ok(linked) = decide(Some(&before), &link, &context) else { return };
    let apply =
        |report: Report, all: &[Recorded]| all.iter().fold(report, |state, one| evolve(Some(state), one).unwrap());
    let linked = apply(before.clone(), &linked);
    let after = apply(linked.clone(), &decide(Some(&linked), &Command::Unlink, &context).unwrap());
    let running = |report: &Report| -> BTreeSet<_> {
        let legal = report.clocks.iter().filter(|clock| clock.is_running() && clock.basis == Basis::Legal);
        legal.map(|clock| (clock.id.clone(), clock.started_on, clock.last_day())).collect()
    };
    // New facts win no time: what was nearly due is not begun anew by a link.
    let link = Command::Link { to: ReportId([9; 16]), new_facts: NewFacts::Some };
    let promoted = apply(before.clone(), &decide(Some(&before), &link, &context).unwrap());
    let (before, after, promoted) = (running(&before), running(&after), running(&promoted));
    assert!(before.is_subset(&after), "a link taken back moved a legal clock: {before:?}, then {after:?}: {events:#?}");
    assert!(before.is_subset(&promoted), "new facts moved a legal clock: {before:?}, then {promoted:?}: {events:#?}");
}

/// What closing promises, said again in other words than the code's.
fn check_closing(report: &Report) {
    assert!(report.open_objections == 0 && report.unchecked_evidence == 0 && !report.instruction_open);
    if report.is_repeat() || report.handed_away() || report.dispatched == Some(DispatchWay::TwoWay) {
        return;
    }
    let scope = report.scope.as_ref().expect("nothing closes undecided");
    if scope.ground.is_some() {
        assert!(matches!(scope.duty, None | Some(Art13Duty::KeepRecord)), "a duty was left");
        return;
    }
    assert!(report.dispatched.is_some());
    let rule = Rules::embedded().edition(report.edition).kind(report.kind.unwrap()).unwrap();
    if rule.finding == FindingNeed::Each {
        assert!(report.all_found());
    }
    if report.is_signed() && matches!(report.kind, Some(Kind::Accusation | Kind::Appeal | Kind::Petition)) {
        assert!(report.acceptance_told_on.is_some(), "she was never told of acceptance");
        if (report.edition, report.kind) != (Edition::Xf, Some(Kind::Accusation)) {
            assert!(report.answered_on.is_some(), "she was never told the result");
        }
    }
}

/// What must hold over a whole history.
pub fn check_history(events: &[Recorded], report: &Report, chance: &mut Chance) {
    assert_eq!(report.version as usize, events.len());
    assert_eq!(fold(events).unwrap().as_ref(), Some(report));
    crate::indicators::add_up(events, report);
    let cut = chance.below(events.len() as u64 + 1) as usize;
    let first = fold(&events[..cut]).unwrap();
    let rest = events[cut..].iter().fold(first, |state, one| Some(evolve(state, one).unwrap()));
    assert_eq!(rest.as_ref(), Some(report), "fold(prefix) + rest differs at {cut}");
    check_link_taken_back(&events[..cut]);
    let (mut presented, mut drafted, mut proposed, mut linked, mut agreed) = (None, None, None, BTreeSet::new(), false);
    let mut stops: BTreeMap<&str, i32> = BTreeMap::new();
    for one in events {
        let who = match &one.actor {
            Actor::Staff { staff, role, .. } => Some((staff.clone(), *role)),
            Actor::Reporter => {
                assert_eq!(one.at, None, "a reporter's act carries a time");
                None
            }
            Actor::System => None,
        };
        match &one.event {
            Event::Presented { to } => presented = Some(*to),
            Event::Instructed { agreed: yes, .. } => {
                assert_eq!(who.as_ref().map(|who| who.1), presented, "somebody else instructed");
                agreed |= *yes && matches!(presented, Some(Role::Leader | Role::Chief));
            }
            Event::FeedbackDrafted | Event::ReplyDrafted => drafted = who,
            Event::FeedbackApproved { .. } | Event::ReplyApproved { .. } => {
                assert_ne!(who.map(|who| who.0), drafted.clone().map(|who| who.0), "the drafter approved his own");
            }
            Event::NoSubstanceProposed => proposed = who,
            Event::ScopeDecided { kind: Kind::NoSubstance, .. } => {
                assert_ne!(
                    who.map(|who| who.0),
                    proposed.clone().map(|who| who.0),
                    "one person alone said no substance"
                );
            }
            Event::Linked { to, .. } => {
                linked.insert(*to);
            }
            Event::Dispatched { way: DispatchWay::Assign, ground, .. } => {
                assert!(agreed && ground.is_some(), "assigned without a leader or a ground");
            }
            Event::Rated { .. } => {
                assert_eq!(one.actor, Actor::Reporter);
                assert!(
                    (report.edition, report.kind) != (Edition::Xf, Some(Kind::Accusation))
                        || report.answered_on.is_none()
                );
            }
            _ => {}
        }
        for change in &one.clocks {
            use domain::clock::ClockChange as C;
            let step = match change {
                C::Started { .. } => 1,
                C::Stopped { .. } | C::Cancelled { .. } => -1,
                C::Extended { .. } => 0,
            };
            let running = stops.entry(change.id()).or_default();
            *running += step;
            assert!((0..=1).contains(running), "{} ended more often than it began", change.id());
        }
    }
    if let Some(to) = report.repeat_of {
        assert!(linked.contains(&to), "a link nobody made");
    }
    let text = serde_json::to_string(events).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Recorded>>(&text).unwrap(), events);
    let text = serde_json::to_string(report).unwrap();
    assert_eq!(&serde_json::from_str::<Report>(&text).unwrap(), report);
    for entry in timeline(events, Rules::embedded(), Lang::En) {
        for name in ["clerk", "head_a", "leader_a", "chief_a", "handler", "post_a", "inspection"] {
            assert!(!entry.text.contains(name), "{entry:?}");
        }
    }
}
