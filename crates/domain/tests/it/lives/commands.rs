//! Chance, and the commands people give: sensible ones and any at all.

use domain::ids::{OfficeId, StaffId};
use domain::recusal::KeptAway;
use domain::report::{Actor, Command, Confirmed, Holder, NewFacts, Receive, Report, Review};
use domain::rules::{KindScope, Rules};
use domain::words::*;
use jiff::ToSpan;
use jiff::civil::Date;

use crate::world::*;

/// xorshift64*: small, fast, and the same everywhere.
pub struct Chance(u64);

impl Chance {
    pub fn of(life: u64) -> Self {
        Self((life + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }
    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    pub fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
    pub fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize].clone()
    }
    pub fn maybe<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if self.one_in(2) { None } else { Some(self.pick(all)) }
    }
    pub fn verdict(&mut self) -> Confirmed {
        if self.one_in(4) { Confirmed::No } else { Confirmed::Yes }
    }
}

pub fn plus_days(day: Date, n: i64) -> Date {
    day.saturating_add(n.days())
}

pub fn people() -> Vec<Actor> {
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

pub fn holders() -> Vec<Holder> {
    vec![
        office("inspection_one"),
        office("inspection_two"),
        office("petition"),
        organ("990001JW1"),
        Holder::Outside { key: "bureau".to_owned() },
    ]
}

pub fn random_receive(chance: &mut Chance, today: Date) -> Receive {
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
        recused: KeptAway::nobody(),
    }
}

/// Any command at all, sensible or not.
pub fn random_command(chance: &mut Chance, report: &Report, today: Date) -> Command {
    let later = plus_days(today, chance.below(120) as i64 - 5);
    match chance.pick(CommandKind::ALL) {
        CommandKind::Receive => Command::Receive(random_receive(chance, today)),
        CommandKind::Judge => Command::Judge { models: "m1".to_owned(), abstained: chance.one_in(2) },
        CommandKind::SignFor => Command::SignFor,
        CommandKind::AddEvidence => Command::AddEvidence { files: chance.below(3) as u16 },
        CommandKind::CheckEvidence => Command::CheckEvidence,
        CommandKind::Recuse => {
            let token = format!("t{}", chance.below(5));
            let recused = KeptAway::leaving_somebody(&[], vec![token], &[], &[]);
            Command::Recuse { recused, basis: chance.pick(RecusalBasis::ALL) }
        }
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
        CommandKind::Present => {
            Command::Present { to: chance.pick(&[Role::Head, Role::Leader, Role::Chief, Role::Admin]) }
        }
        CommandKind::Instruct => Command::Instruct { due: chance.maybe(&[later]), verdict: chance.verdict() },
        CommandKind::AnswerInstruction => Command::AnswerInstruction,
        CommandKind::Link => Command::Link {
            to: other_report(chance.below(200) as u8),
            new_facts: chance.pick(&[NewFacts::Some, NewFacts::None]),
        },
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
            // Mostly a clock that runs, from its own last day on: few others can be extended at all.
            clock: match report.clocks.iter().filter(|clock| clock.is_running()).collect::<Vec<_>>().as_slice() {
                running if !running.is_empty() && !chance.one_in(8) => chance.pick(running).id.clone(),
                _ => report.clocks.get(chance.below(8) as usize).map_or(String::new(), |clock| clock.id.clone()),
            },
            until: report
                .clocks
                .last()
                .filter(|_| chance.one_in(2))
                .map_or(later, |clock| plus_days(clock.last_day(), 7)),
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
        CommandKind::ExplainObjection => Command::ExplainObjection { review: Review::Here },
        CommandKind::Rate => Command::Rate { rating: chance.pick(Rating::ALL) },
        CommandKind::SendMessage => Command::SendMessage,
        CommandKind::IssuePaper => Command::IssuePaper { paper: "acceptance_notice".to_owned(), number: None },
        CommandKind::SetPlatformNumber => Command::SetPlatformNumber { number: "P-1".to_owned() },
        CommandKind::ReplaceCode => Command::ReplaceCode,
        CommandKind::DestroyCode => {
            if chance.one_in(4) {
                Command::DestroyCode
            } else {
                Command::ReplaceCode
            }
        }
        CommandKind::Close => Command::Close,
        CommandKind::Reopen => Command::Reopen { cause: chance.pick(ReopenCause::ALL) },
    }
}

/// What a diligent office would do next.
pub fn diligent_command(chance: &mut Chance, report: &Report, today: Date) -> (Actor, Command) {
    let rules = Rules::embedded().edition(report.edition);
    let kinds: Vec<Kind> =
        rules.kind.iter().filter(|rule| rule.scope == KindScope::Inside).map(|rule| rule.id).collect();
    let tell = (clerk(), Command::TellAcceptance { way: TellingWay::Written });
    let way = chance.pick(&[
        DispatchWay::Move,
        DispatchWay::Move,
        DispatchWay::Forward,
        DispatchWay::Assign,
        DispatchWay::TwoWay,
        DispatchWay::DirectSeal,
    ]);
    let send = (clerk(), dispatch(way, chance.pick(&holders())));
    let present = (clerk(), Command::Present { to: chance.pick(&[Role::Head, Role::Leader, Role::Chief]) });
    let duty_owed =
        report.scope.as_ref().is_some_and(|scope| matches!(scope.duty, Some(Art13Duty::Forward | Art13Duty::Tell)));
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
            let finding = (
                who.clone(),
                Command::RecordFinding { allegation: missing.unwrap_or(1), finding: chance.pick(Finding::ALL) },
            );
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
        Stage::AwaitingApproval => {
            vec![(chance.pick(&[head(), leader(), chief()]), Command::ApproveAnswer { verdict: chance.verdict() })]
        }
        Stage::AwaitingFeedback if duty_owed => vec![(clerk(), Command::DoDuty)],
        Stage::AwaitingFeedback => vec![
            (head(), Command::DeliverAnswer { way: chance.pick(&[TellingWay::System, TellingWay::Written]) }),
            (head(), Command::AnswerInstruction),
            (head(), Command::ExplainObjection { review: Review::Here }),
            (clerk(), Command::Close),
            (clerk(), Command::Close),
        ],
        Stage::Closed => vec![
            (Actor::Reporter, Command::Object),
            (head(), Command::ExplainObjection { review: Review::Here }),
            (Actor::Reporter, Command::Rate { rating: chance.pick(Rating::ALL) }),
            (Actor::Reporter, Command::SendMessage),
            (head(), Command::CheckEvidence),
            (head(), Command::Reopen { cause: chance.pick(ReopenCause::ALL) }),
        ],
    };
    chance.pick(&options)
}
