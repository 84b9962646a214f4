//! The state of a report: the fold of its events.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Holder;
use crate::ids::{OfficeId, ReportId, StaffId};
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
    /// The earlier report it repeats; its own number stays.
    pub repeat_of: Option<ReportId>,
    /// A repeat treated as first-time.
    pub promoted: bool,
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
    /// Day the feedback/reply was delivered.
    pub answered_on: Option<Date>,
    /// Day the signed reporter was told of acceptance.
    pub acceptance_told_on: Option<Date>,
    /// Objections not yet explained.
    pub open_objections: u16,
    /// Evidence after a finding not yet checked.
    pub unchecked_evidence: u16,
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
