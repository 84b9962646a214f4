//! Ten thousand whole lives: reports of both editions driven by random commands, lawful and not,
//! and after every step what must always hold. The seed is fixed, so a failure comes back; the
//! life's number is in the message.

use std::collections::{BTreeMap, BTreeSet};

use domain::clock::Basis;
use domain::ids::{OfficeId, StaffId};
use domain::report::{
    Actor, Command, Confirmed, Context, Event, Holder, NewFacts, Receive, Recorded, Report, decide, evolve, fold,
    lawful_actions, timeline,
};
use domain::rules::{FindingNeed, KindScope, Rules};
use domain::words::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::world::*;

const LIVES: u64 = 10_000;
const STEPS: u32 = 60;

/// xorshift64*: small, fast, and the same everywhere.
struct Chance(u64);

impl Chance {
    fn of(life: u64) -> Self {
        Self((life + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize].clone()
    }
    fn maybe<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if self.one_in(2) { None } else { Some(self.pick(all)) }
    }
    fn verdict(&mut self) -> Confirmed {
        if self.one_in(4) { Confirmed::No } else { Confirmed::Yes }
    }
}

fn plus_days(day: Date, n: i64) -> Date {
    day.saturating_add(n.days())
}

fn people() -> Vec<Actor> {
    vec![
        Actor::Reporter,
        Actor::System,
        clerk(),
        staff("clerk_b", Role::Clerk),
        head(),
        leader(),
        chief(),
        handler(),
        staff("handler_b", Role::Handler),
        staff("supervisor_a", Role::Supervisor),
    ]
}

fn holders() -> Vec<Holder> {
    vec![
        office("inspection_one"),
        office("inspection_two"),
        office("petition"),
        organ("990001JW1"),
        Holder::Outside { key: "bureau".to_owned() },
    ]
}

fn random_receive(chance: &mut Chance, today: Date) -> Receive {
    let source = if chance.one_in(2) { Source::Own } else { chance.pick(Source::ALL) };
    Receive {
        received_on: plus_days(today, -(chance.below(10) as i64)),
        channel: chance.pick(Channel::ALL),
        source,
        signing: chance.pick(Signing::ALL),
        urgency: if chance.one_in(5) { chance.pick(Urgency::ALL) } else { Urgency::Normal },
        office: OfficeId("petition".to_owned()),
        superior_due: (source == Source::SuperiorAssign).then(|| plus_days(today, chance.below(200) as i64)),
        allegations: chance.below(4) as u16,
        files: chance.below(3) as u16,
        recused: Vec::new(),
    }
}

/// Any command at all, sensible or not.
fn random_command(chance: &mut Chance, report: &Report, today: Date) -> Command {
    let later = plus_days(today, chance.below(120) as i64 - 5);
    match chance.pick(CommandKind::ALL) {
        CommandKind::Receive => Command::Receive(random_receive(chance, today)),
        CommandKind::Judge => Command::Judge { models: "m1".to_owned(), abstained: chance.one_in(2) },
        CommandKind::SignFor => Command::SignFor,
        CommandKind::AddEvidence => Command::AddEvidence { files: chance.below(3) as u16 },
        CommandKind::CheckEvidence => Command::CheckEvidence,
        CommandKind::Correct => Command::Correct {
            channel: chance.maybe(Channel::ALL),
            source: chance.maybe(Source::ALL),
            signing: chance.maybe(Signing::ALL),
            urgency: chance.maybe(Urgency::ALL),
            allegations: chance.maybe(&[0, 1, 2, 3]),
            recused: None,
        },
        CommandKind::VerifyName => Command::VerifyName { signing: chance.pick(Signing::ALL) },
        CommandKind::Accept => Command::Accept { kind: chance.pick(Kind::ALL) },
        CommandKind::Refuse => Command::Refuse { kind: chance.pick(Kind::ALL), ground: chance.pick(Ground::ALL) },
        CommandKind::ConfirmNoSubstance => Command::ConfirmNoSubstance { confirmed: chance.verdict() },
        CommandKind::DoDuty => Command::DoDuty,
        CommandKind::UseSimple => Command::UseSimple,
        CommandKind::TellAcceptance => Command::TellAcceptance { way: chance.pick(TellingWay::ALL) },
        CommandKind::Present => Command::Present { to: chance.pick(&[Role::Head, Role::Leader, Role::Chief, Role::Admin]) },
        CommandKind::Instruct => Command::Instruct { due: chance.maybe(&[later]), verdict: chance.verdict() },
        CommandKind::AnswerInstruction => Command::AnswerInstruction,
        CommandKind::Link => {
            Command::Link { to: other_report(chance.below(200) as u8), new_facts: chance.pick(&[NewFacts::Some, NewFacts::None]) }
        }
        CommandKind::Unlink => Command::Unlink,
        CommandKind::Promote => Command::Promote,
        CommandKind::Split => {
            let n = chance.below(3);
            Command::Split { into: (0..n).map(|_| other_report(chance.below(4) as u8)).collect() }
        }
        CommandKind::Dispatch => Command::Dispatch {
            way: chance.pick(DispatchWay::ALL),
            to: chance.pick(&holders()),
            watcher: chance.maybe(&[OfficeId("inspection_two".to_owned())]),
            ground: chance.maybe(AssignGround::ALL),
            due: chance.maybe(&[later]),
        },
        CommandKind::AnswerTwoWay => Command::AnswerTwoWay,
        CommandKind::Return => Command::Return { ground: chance.pick(ReturnGround::ALL) },
        CommandKind::Assign => Command::Assign { staff: StaffId(chance.pick(&["handler_a", "handler_b"]).to_owned()) },
        CommandKind::Extend => Command::Extend {
            clock: report.clocks.get(chance.below(8) as usize).map_or(String::new(), |clock| clock.id.clone()),
            until: later,
            ground: chance.pick(ExtensionGround::ALL),
        },
        CommandKind::RecordContact => Command::RecordContact { way: chance.pick(ContactWay::ALL) },
        CommandKind::Dispose => Command::Dispose { way: chance.pick(Disposal::ALL) },
        CommandKind::RecordFinding => {
            Command::RecordFinding { allegation: chance.below(5) as u16, finding: chance.pick(Finding::ALL) }
        }
        CommandKind::DraftAnswer => Command::DraftAnswer,
        CommandKind::ApproveAnswer => Command::ApproveAnswer { verdict: chance.verdict() },
        CommandKind::DeliverAnswer => Command::DeliverAnswer { way: chance.pick(TellingWay::ALL) },
        CommandKind::Object => Command::Object,
        CommandKind::ExplainObjection => Command::ExplainObjection,
        CommandKind::Rate => Command::Rate { rating: chance.pick(Rating::ALL) },
        CommandKind::SendMessage => Command::SendMessage,
        CommandKind::IssuePaper => Command::IssuePaper { paper: "acceptance_notice".to_owned(), number: None },
        CommandKind::SetPlatformNumber => Command::SetPlatformNumber { number: "P-1".to_owned() },
        CommandKind::ReplaceCode => Command::ReplaceCode,
        CommandKind::DestroyCode => {
            if chance.one_in(4) { Command::DestroyCode } else { Command::ReplaceCode }
        }
        CommandKind::Close => Command::Close,
        CommandKind::Reopen => Command::Reopen { cause: chance.pick(ReopenCause::ALL) },
    }
}

/// What a diligent office would do next.
fn diligent_command(chance: &mut Chance, report: &Report, today: Date) -> (Actor, Command) {
    let rules = Rules::embedded().edition(report.edition);
    let kinds: Vec<Kind> = rules.kind.iter().filter(|rule| rule.scope == KindScope::Inside).map(|rule| rule.id).collect();
    let tell = (clerk(), Command::TellAcceptance { way: TellingWay::Written });
    let way = chance.pick(&[DispatchWay::Move, DispatchWay::Move, DispatchWay::Forward, DispatchWay::Assign, DispatchWay::TwoWay, DispatchWay::DirectSeal]);
    let send = (clerk(), dispatch(way, chance.pick(&holders())));
    let present = (clerk(), Command::Present { to: chance.pick(&[Role::Head, Role::Leader, Role::Chief]) });
    let duty_owed = report.scope.as_ref().is_some_and(|scope| matches!(scope.duty, Some(Art13Duty::Forward | Art13Duty::Tell)));
    let options = match report.stage {
        Stage::AwaitingSigning => vec![(clerk(), Command::SignFor)],
        Stage::AwaitingJudgement if report.no_substance_proposed.is_some() => {
            vec![(chance.pick(&[head(), leader()]), Command::ConfirmNoSubstance { confirmed: chance.verdict() })]
        }
        Stage::AwaitingJudgement => {
            let ground = chance.pick(&rules.ground);
            vec![
                (clerk(), Command::Accept { kind: chance.pick(&kinds) }),
                (clerk(), Command::Accept { kind: chance.pick(&kinds) }),
                (clerk(), Command::Refuse { kind: chance.pick(&ground.kinds), ground: ground.id }),
            ]
        }
        Stage::AwaitingPresentation => vec![present, tell, send],
        Stage::AwaitingInstruction => {
            let to = report.presented_to.unwrap_or(Role::Leader);
            let some_day = plus_days(today, chance.below(30) as i64);
            let due = chance.maybe(&[some_day]);
            vec![(staff("post_a", to), Command::Instruct { due, verdict: chance.verdict() })]
        }
        Stage::AwaitingDispatch if duty_owed => vec![(clerk(), Command::DoDuty), send],
        Stage::AwaitingDispatch => vec![send.clone(), send, tell],
        Stage::InHandling => {
            let missing = report.allegation_ids().find(|id| !report.findings.contains_key(id));
            let who = report.assignee.clone().map_or(handler(), |id| staff(&id.0, Role::Handler));
            let finding = (who.clone(), Command::RecordFinding { allegation: missing.unwrap_or(1), finding: chance.pick(Finding::ALL) });
            vec![
                finding.clone(),
                finding,
                (who.clone(), Command::DraftAnswer),
                (who, Command::CheckEvidence),
                tell,
                (head(), Command::AnswerInstruction),
                (clerk(), Command::AnswerTwoWay),
                (clerk(), Command::Close),
            ]
        }
        Stage::AwaitingApproval => vec![(chance.pick(&[head(), leader(), chief()]), Command::ApproveAnswer { verdict: chance.verdict() })],
        Stage::AwaitingFeedback if duty_owed => vec![(clerk(), Command::DoDuty)],
        Stage::AwaitingFeedback => vec![
            (head(), Command::DeliverAnswer { way: chance.pick(&[TellingWay::System, TellingWay::Written]) }),
            (head(), Command::AnswerInstruction),
            (head(), Command::ExplainObjection),
            (clerk(), Command::Close),
            (clerk(), Command::Close),
        ],
        Stage::Closed => vec![
            (Actor::Reporter, Command::Object),
            (head(), Command::ExplainObjection),
            (Actor::Reporter, Command::Rate { rating: chance.pick(Rating::ALL) }),
            (Actor::Reporter, Command::SendMessage),
            (head(), Command::CheckEvidence),
            (head(), Command::Reopen { cause: chance.pick(ReopenCause::ALL) }),
        ],
    };
    chance.pick(&options)
}

/// What must hold between one state and the next.
fn check_step(before: Option<&Report>, recorded: &Recorded, after: &Report) {
    assert_eq!(after.version, before.map_or(0, |report| report.version) + 1);
    assert_eq!(after.last_on, recorded.day);
    if let Some(before) = before {
        assert!(recorded.day >= before.last_on, "a day ran backwards");
        if before.closed_on.is_some() {
            let still_lawful = [
                "message_sent", "evidence_added", "evidence_checked", "objected", "objection_explained", "rated",
                "code_replaced", "code_destroyed", "paper_issued", "platform_number_set", "reopened",
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
        assert_eq!((&before.received_on, &before.office, before.edition), (&after.received_on, &after.office, after.edition));
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
        assert!(told || stopped_or_running, "no notice clock: {report:#?}");
        if !told && !report.handed_away() && report.closed_on.is_none() && report.dispatched != Some(DispatchWay::TwoWay) {
            assert!(report.clocks.iter().any(|clock| notice(&clock.id) && clock.is_running()), "no notice clock runs: {report:#?}");
        }
    }
    if report.is_repeat() {
        assert!(!report.clocks.iter().any(|clock| notice(&clock.id) && clock.is_running()), "a repeat is told again");
    }
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
fn check_history(events: &[Recorded], report: &Report, chance: &mut Chance) {
    assert_eq!(report.version as usize, events.len());
    assert_eq!(fold(events).unwrap().as_ref(), Some(report));
    crate::indicators::add_up(events, report);
    let cut = chance.below(events.len() as u64 + 1) as usize;
    let first = fold(&events[..cut]).unwrap();
    let rest = events[cut..].iter().fold(first, |state, one| Some(evolve(state, one).unwrap()));
    assert_eq!(rest.as_ref(), Some(report), "fold(prefix) + rest differs at {cut}");
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
                assert_ne!(who.map(|who| who.0), proposed.clone().map(|who| who.0), "one person alone said no substance");
            }
            Event::Linked { to, .. } => {
                linked.insert(*to);
            }
            Event::Dispatched { way: DispatchWay::Assign, ground, .. } => {
                assert!(agreed && ground.is_some(), "assigned without a leader or a ground");
            }
            Event::Rated { .. } => {
                assert_eq!(one.actor, Actor::Reporter);
                assert!((report.edition, report.kind) != (Edition::Xf, Some(Kind::Accusation)) || report.answered_on.is_none());
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
    let edition = if life % 2 == 0 { Edition::Jw } else { Edition::Xf };
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
                if life % 100 == 0
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
                "feedback_drafted", "feedback_approved", "feedback_delivered", "disposed", "no_substance_proposed",
                "no_substance_declined", "two_way_answered",
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
