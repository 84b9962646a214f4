//! Which commands are lawful now, and why the others are not: what the desk shows as buttons. It
//! asks `decide` itself with plausible particulars, so that a button and the law cannot differ.

use serde::Serialize;

use super::command::{Command, Confirmed, NewFacts, Review};
use super::decide::{Context, decide};
use super::event::Holder;
use super::refusal::Refusal;
use super::state::Report;
use crate::calendar::plus_days;
use crate::ids::{OfficeId, ReportId, StaffId};
use crate::recusal::KeptAway;
use crate::words::*;

/// One command and whether it may be given now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LawfulAction {
    /// Which command.
    pub command: CommandKind,
    /// `Ok`: it may, with the right particulars. Otherwise why not, and what to do.
    pub allowed: Result<(), Refusal>,
}

/// Every command on an existing report, in the order of the work, for the actor of the context.
/// This asks the law only; who may give a command by role and office is `permission::may`.
pub fn lawful_actions(report: &Report, context: &Context<'_>) -> Vec<LawfulAction> {
    CommandKind::ALL
        .iter()
        .filter(|command| **command != CommandKind::Receive)
        .map(|command| LawfulAction { command: *command, allowed: any_of(*command, report, context) })
        .collect()
}

fn any_of(command: CommandKind, report: &Report, context: &Context<'_>) -> Result<(), Refusal> {
    let mut first = None;
    for probe in probes(command, report, context) {
        match decide(Some(report), &probe, context) {
            Ok(_) => return Ok(()),
            Err(refusal) => first = first.or(Some(refusal)),
        }
    }
    first.map_or(Ok(()), Err)
}

/// Commands of one kind with every choice a person could make, the commonest first.
fn probes(command: CommandKind, report: &Report, context: &Context<'_>) -> Vec<Command> {
    // Names that no directory has: the law asks only that they differ from the present holder.
    let elsewhere = Holder::Outside { key: "·".to_owned() };
    let office = || Some(OfficeId("·".to_owned()));
    let kinds = context.rules.edition(context.edition).kind.iter().map(|rule| rule.id);
    match command {
        CommandKind::Receive => Vec::new(),
        CommandKind::Judge => vec![Command::Judge { models: String::new(), abstained: true }],
        CommandKind::SignFor => vec![Command::SignFor],
        CommandKind::AddEvidence => vec![Command::AddEvidence { files: 0 }],
        CommandKind::CheckEvidence => vec![Command::CheckEvidence],
        CommandKind::Correct => vec![Command::Correct {
            channel: None,
            source: None,
            signing: None,
            urgency: None,
            allegations: None,
            recused: Some(KeptAway::nobody()),
        }],
        CommandKind::Recuse => RecusalBasis::ALL
            .iter()
            .map(|basis| Command::Recuse { recused: KeptAway::somebody(), basis: *basis })
            .collect(),
        CommandKind::VerifyName => vec![Command::VerifyName { signing: Signing::NamedVerified }],
        CommandKind::Accept => kinds.map(|kind| Command::Accept { kind }).collect(),
        CommandKind::Refuse => {
            let edition = context.rules.edition(context.edition);
            let pairs = edition.ground.iter().flat_map(|rule| rule.kinds.iter().map(|kind| (*kind, rule.id)));
            pairs.map(|(kind, ground)| Command::Refuse { kind, ground }).collect()
        }
        CommandKind::ConfirmNoSubstance => vec![Command::ConfirmNoSubstance { confirmed: Confirmed::Yes }],
        CommandKind::DoDuty => vec![Command::DoDuty],
        CommandKind::UseSimple => vec![Command::UseSimple],
        CommandKind::TellAcceptance => {
            TellingWay::ALL.iter().map(|way| Command::TellAcceptance { way: *way }).collect()
        }
        CommandKind::Present => [Role::Leader, Role::Chief, Role::Head].map(|to| Command::Present { to }).to_vec(),
        CommandKind::Instruct => vec![Command::Instruct { due: None, verdict: Confirmed::Yes }],
        CommandKind::AnswerInstruction => vec![Command::AnswerInstruction],
        CommandKind::Link => vec![Command::Link { to: ReportId([0; 16]), new_facts: NewFacts::None }],
        CommandKind::Unlink => vec![Command::Unlink],
        CommandKind::Promote => vec![Command::Promote],
        CommandKind::Split => vec![Command::Split { into: vec![ReportId([0; 16])] }],
        CommandKind::Dispatch => {
            let edition = context.rules.edition(context.edition);
            // 径送 is for what a superior manages; it comes last, so that its leave does not
            // speak for the other ways.
            let mut ways = edition.ways.clone();
            ways.sort_by_key(|way| *way == DispatchWay::DirectSeal);
            let order = |way| Command::Dispatch {
                way,
                to: elsewhere.clone(),
                watcher: office(),
                ground: Some(AssignGround::Other),
                due: None,
            };
            ways.into_iter().map(order).collect()
        }
        CommandKind::AnswerTwoWay => vec![Command::AnswerTwoWay],
        CommandKind::Return => ReturnGround::ALL.iter().map(|ground| Command::Return { ground: *ground }).collect(),
        CommandKind::Assign => vec![Command::Assign { staff: StaffId("·".to_owned()) }],
        CommandKind::Extend => {
            let running = report.clocks.iter().filter(|clock| clock.is_running());
            // An extendable clock first: its reason says more than that another cannot be extended.
            let mut clocks: Vec<_> = running.collect();
            clocks.sort_by_key(|clock| {
                context.rules.clock(context.edition, &clock.id).is_none_or(|rule| rule.extend.is_none())
            });
            let extend =
                |id: &str, until| Command::Extend { clock: id.to_owned(), until, ground: ExtensionGround::Complex };
            let mut probes: Vec<_> =
                clocks.iter().map(|clock| extend(&clock.id, plus_days(clock.last_day(), 1))).collect();
            if probes.is_empty() {
                probes.push(extend("", context.today));
            }
            probes
        }
        CommandKind::RecordContact => ContactWay::ALL.iter().map(|way| Command::RecordContact { way: *way }).collect(),
        CommandKind::Dispose => Disposal::ALL.iter().map(|way| Command::Dispose { way: *way }).collect(),
        CommandKind::RecordFinding => vec![Command::RecordFinding { allegation: 1, finding: Finding::Proved }],
        CommandKind::DraftAnswer => vec![Command::DraftAnswer],
        CommandKind::ApproveAnswer => vec![Command::ApproveAnswer { verdict: Confirmed::Yes }],
        CommandKind::DeliverAnswer => {
            TellingWay::ALL.iter().rev().map(|way| Command::DeliverAnswer { way: *way }).collect()
        }
        CommandKind::Object => vec![Command::Object],
        CommandKind::ExplainObjection => {
            [Review::Here, Review::Superior].map(|review| Command::ExplainObjection { review }).to_vec()
        }
        CommandKind::Rate => vec![Command::Rate { rating: Rating::Satisfied }],
        CommandKind::SendMessage => vec![Command::SendMessage],
        CommandKind::IssuePaper => vec![Command::IssuePaper { paper: "·".to_owned(), number: None }],
        CommandKind::SetPlatformNumber => vec![Command::SetPlatformNumber { number: "·".to_owned() }],
        CommandKind::ReplaceCode => vec![Command::ReplaceCode],
        CommandKind::DestroyCode => vec![Command::DestroyCode],
        CommandKind::Close => vec![Command::Close],
        CommandKind::Reopen => ReopenCause::ALL.iter().map(|cause| Command::Reopen { cause: *cause }).collect(),
    }
}
