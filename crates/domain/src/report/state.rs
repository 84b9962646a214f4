//! The state of a report: the fold of its events.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Holder;
use crate::ids::{OfficeId, ReportId, StaffId};
use crate::rules::{AnswerForm, FindingNeed, Rules};
use crate::words::*;

/// Everything the law needs to know about one report, and nothing that was written in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Number of events folded.
    pub version: u32,
    /// Edition of its organ.
    pub edition: Edition,
    /// 收到日期
    pub received_on: Date,
    /// 渠道
    pub channel: Channel,
    /// 来源
    pub source: Source,
    /// 署名
    pub signing: Signing,
    /// The name was looked into since it was given, whatever came of it (实名核实).
    #[serde(default)]
    pub name_checked: bool,
    /// 紧急程度
    pub urgency: Urgency,
    /// Registering petition office.
    pub office: OfficeId,
    /// 类别, once decided.
    pub kind: Option<Kind>,
    /// 环节
    pub stage: Stage,
    /// 承办单位
    pub holder: Holder,
    /// Two-way transfers: who follows it.
    pub watcher: Option<OfficeId>,
    /// Way of the last dispatch, until returned.
    pub dispatched: Option<DispatchWay>,
    /// A two-way transfer was answered by the department (M34).
    #[serde(default)]
    pub two_way_answered: bool,
    /// 简易办理 was chosen (xf).
    #[serde(default)]
    pub simple: bool,
    /// Times dispatched so far.
    pub dispatches: u16,
    /// 承办人
    pub assignee: Option<StaffId>,
    /// 首办责任: the first handler named (M52).
    pub first_assignee: Option<StaffId>,
    /// The scope decision, if made.
    pub scope: Option<Scope>,
    /// Who proposed "no substance", waiting for a second person.
    pub no_substance_proposed: Option<StaffId>,
    /// To whom it is presented, waiting for 批示.
    pub presented_to: Option<Role>,
    /// Last 批示 agreed.
    pub instructed: bool,
    /// The highest role whose 批示 agreed (Art 20 asks for 分管领导 or above).
    #[serde(default)]
    pub instructed_by: Option<Role>,
    /// A 批示 asked to be reported back to and was not yet.
    #[serde(default)]
    pub instruction_open: bool,
    /// The earlier report it repeats; its own number stays.
    pub repeat_of: Option<ReportId>,
    /// A repeat treated as first-time.
    pub promoted: bool,
    /// The clocks that fell away with the latest link; they go on where it is taken back.
    #[serde(default)]
    pub set_aside: Vec<String>,
    /// How many allegations there are.
    pub allegations: u16,
    /// Findings by allegation.
    pub findings: BTreeMap<u16, Finding>,
    /// 处置方式
    pub disposal: Option<Disposal>,
    /// Who drafted the feedback/reply now waiting; another person approves.
    pub answer_drafted_by: Option<StaffId>,
    /// The feedback/reply was approved.
    pub answer_approved: bool,
    /// Who had a part in the answer: handlers, who found, drafted, approved or reviewed it.
    #[serde(default)]
    pub parties: Vec<StaffId>,
    /// Day the feedback/reply was delivered.
    pub answered_on: Option<Date>,
    /// Day the signed reporter was told of acceptance.
    pub acceptance_told_on: Option<Date>,
    /// Objections made so far; in xf the first asks for 复查, the second for 复核.
    #[serde(default)]
    pub objections: u16,
    /// Objections not yet explained.
    pub open_objections: u16,
    /// Evidence after a finding not yet checked.
    pub unchecked_evidence: u16,
    /// Day of the first of her messages that nobody has answered yet.
    #[serde(default)]
    pub message_on: Option<Date>,
    /// Rating given.
    pub rating: Option<Rating>,
    /// Files attached so far.
    pub files: u16,
    /// Contacts held.
    pub contacts: u16,
    /// The query code still opens it.
    pub code_alive: bool,
    /// National platform's number.
    pub platform_number: Option<String>,
    /// Recusal tokens.
    pub recused: Vec<String>,
    /// All clocks ever started, in order.
    pub clocks: Vec<crate::clock::Clock>,
    /// Day closed.
    pub closed_on: Option<Date>,
    /// Day of the last event: no later event has an earlier day.
    pub last_on: Date,
}

/// 受理 or 不予受理.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// `None`: accepted.
    pub ground: Option<Ground>,
    /// What is still to be done about it.
    pub duty: Option<Art13Duty>,
    /// Decided on.
    pub on: Date,
}

impl Report {
    /// Whether the reporter gave a name that has not turned out to be false (规则 Art 24, 30).
    pub fn is_signed(&self) -> bool {
        matches!(self.signing, Signing::NamedPending | Signing::NamedVerified)
    }

    /// Whether it counts as a repeat: linked and not promoted (规则 Art 14, 26).
    pub fn is_repeat(&self) -> bool {
        self.repeat_of.is_some() && !self.promoted
    }

    /// Whether it was accepted; `None` while nobody has decided.
    pub fn accepted(&self) -> Option<bool> {
        self.scope.as_ref().map(|scope| scope.ground.is_none())
    }

    /// Whether its answer says what becomes of a request (条例 Art 32: support, explain, not support).
    pub fn says_to_a_request(&self, rules: &Rules) -> bool {
        let rules = rules.edition(self.edition);
        let kind = self.kind.and_then(|kind| rules.kind(kind));
        rules.answer == AnswerForm::Reply && kind.is_some_and(|kind| kind.finding == FindingNeed::Each)
    }

    /// The allegations that need a finding. A report whose problems were never listed one by one
    /// counts as one problem.
    pub fn allegation_ids(&self) -> std::ops::RangeInclusive<u16> {
        1..=self.allegations.max(1)
    }

    /// Whether every allegation has its finding (M102).
    pub fn all_found(&self) -> bool {
        self.allegation_ids().all(|id| self.findings.contains_key(&id))
    }

    /// Whether the reporter is owed something that closing does not end: an objection to be explained,
    /// new evidence to be checked (规则 Art 27, M50), a message to be answered.
    pub fn owes_reporter(&self) -> bool {
        self.open_objections > 0 || self.unchecked_evidence > 0 || self.message_on.is_some()
    }

    /// Whether this person had a part in the answer that an objection is about: as handler, finder,
    /// drafter, approver, or as whoever reviewed it before.
    pub fn is_party_to_answer(&self, staff: &StaffId) -> bool {
        self.parties.contains(staff)
    }

    /// Whether it went for good to an organ with a register of its own: 径送, 移送 or 转送, where
    /// no result is asked back. 交办 and 双向移交 stay ours until answered.
    pub fn handed_away(&self) -> bool {
        let elsewhere = matches!(self.holder, Holder::Organ { .. } | Holder::Outside { .. });
        elsewhere && matches!(self.dispatched, Some(DispatchWay::DirectSeal | DispatchWay::Move | DispatchWay::Forward))
    }

    /// The running clock of this id.
    pub fn clock(&self, id: &str) -> Option<&crate::clock::Clock> {
        self.clocks.iter().rev().find(|clock| clock.id == id && clock.is_running())
    }

    /// The clocks that speak for it in a list.
    pub fn clock_pair(&self, today: Date, rules: &crate::rules::Rules) -> crate::clock::ClockPair<'_> {
        crate::clock::ClockPair::of(&self.clocks, today, rules)
    }
}
