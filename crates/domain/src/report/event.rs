//! What can happen to a report. Only facts that may stand in clear: no text, name, category,
//! rank or place (architecture, Tables). Versions: a changed meaning is a new variant.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::clock::ClockChange;
use crate::ids::{OfficeId, ReportId, StaffId, TenantCode};
use crate::words::*;

/// Who acted. A reporter is never more than "the reporter".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Actor {
    /// The holder of the query code, or the person filing.
    Reporter,
    /// A member of staff in a role.
    Staff {
        /// Who.
        staff: StaffId,
        /// In which role.
        role: Role,
        /// For which office.
        office: OfficeId,
    },
    /// The program itself (judging, clocks).
    System,
}

/// 承办单位: who has the report now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Holder {
    /// An office of the same tenant (the petition office itself at first).
    Office {
        /// Which.
        office: OfficeId,
    },
    /// Another organ that keeps its own register.
    Organ {
        /// Which.
        tenant: TenantCode,
    },
    /// An organ outside the program, known to the directory by this key.
    Outside {
        /// Key in the directory.
        key: String,
    },
}

/// One event with when and by whom. A reporter's own acts carry the day only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Civil day in the organ's zone.
    pub day: Date,
    /// Unix microseconds; only for acts of staff and system, never for a reporter's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// Who acted.
    pub actor: Actor,
    /// What happened.
    pub event: Event,
    /// What it did to the clocks, decided with it: a fold needs no rules, and history does not
    /// shift when the rules change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clocks: Vec<ClockChange>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Registered. The number itself stands in the row's own column.
    Received {
        /// Edition in force for this organ.
        edition: Edition,
        /// Version of the rules in force (`rules/VERSION`).
        rules: String,
        /// 收到日期: clocks start here.
        received_on: Date,
        /// 渠道
        channel: Channel,
        /// 来源
        source: Source,
        /// 署名
        signing: Signing,
        /// 紧急程度
        urgency: Urgency,
        /// The petition office that registered it.
        office: OfficeId,
        /// For 上级交办: the date in the letter, if any.
        superior_due: Option<Date>,
        /// Number of allegations in the sealed narrative at intake.
        allegations: u16,
        /// Files attached at intake.
        files: u16,
        /// Keyed tokens of staff who must not see it (recusal); meaningless without the key.
        recused: Vec<String>,
    },
    /// The funnel suggested; its grounds are sealed beside.
    Judged {
        /// Version of the models.
        models: String,
        /// Version of the rules.
        rules: String,
        /// It was not sure enough to suggest a kind.
        abstained: bool,
    },
    /// 签收 of a transferred item.
    SignedFor,
    /// Evidence arrived, from the reporter or by staff.
    EvidenceAdded {
        /// How many files.
        files: u16,
        /// True if a finding already stood: Art 27 makes checking a duty.
        after_finding: bool,
    },
    /// New evidence after a finding was checked.
    EvidenceChecked,
    /// 校正: plain columns that changed; old and new values are sealed beside.
    Corrected {
        /// New channel, if corrected.
        channel: Option<Channel>,
        /// New source, if corrected.
        source: Option<Source>,
        /// New signing, if corrected.
        signing: Option<Signing>,
        /// New urgency, if corrected.
        urgency: Option<Urgency>,
        /// New count of allegations, if they were edited.
        allegations: Option<u16>,
        /// Recusal tokens that follow from the corrected subjects; they join those there are.
        recused: Option<Vec<String>>,
    },
    /// 回避: more people must not see it. Nobody is taken off the list again: a report shown to the
    /// person it names cannot be unshown.
    Recused {
        /// Their keyed tokens; meaningless without the key.
        recused: Vec<String>,
        /// What showed it.
        basis: RecusalBasis,
    },
    /// 实名核实 with its result.
    NameVerified {
        /// `named_verified`, or `false_name`.
        signing: Signing,
    },
    /// Two people are needed to say "no substance" (M30): the first proposes.
    NoSubstanceProposed,
    /// The proposal was not confirmed; the report stays to be judged.
    NoSubstanceDeclined,
    /// 受理/不予受理.
    ScopeDecided {
        /// 类别
        kind: Kind,
        /// `None`: accepted.
        ground: Option<Ground>,
        /// What Art 13 then makes the office do.
        duty: Option<Art13Duty>,
    },
    /// The duty of Art 13 was done (forwarded, or the reporter told where to go).
    DutyDone {
        /// Which duty.
        duty: Art13Duty,
    },
    /// 简易办理 (xf): a first-time petition with clear facts takes the short way (2016 办法).
    SimpleUsed,
    /// 受理告知 given to a signed reporter (规则 Art 26; 条例 Art 23).
    AcceptanceTold {
        /// How.
        way: TellingWay,
    },
    /// 呈批: the opinion went up; its text is sealed.
    Presented {
        /// The role it is presented to: head, leader or chief.
        to: Role,
    },
    /// 批示: a leader's words came down; the text is sealed.
    Instructed {
        /// Report back by.
        due: Option<Date>,
        /// True if the leader agreed with the opinion; false sends it back.
        agreed: bool,
    },
    /// The result was reported back to the leader who instructed.
    InstructionAnswered,
    /// 挂接重复件.
    Linked {
        /// The earlier report.
        to: ReportId,
        /// True if the repeat brings new facts, as a person decided.
        new_facts: bool,
    },
    /// The link was taken back.
    Unlinked,
    /// A repeat with new facts is treated as first-time.
    Promoted,
    /// Mixed matters were split off into new reports (M33).
    Split {
        /// The new reports.
        into: Vec<ReportId>,
    },
    /// 分办.
    Dispatched {
        /// 径送、移送、转送、交办、双向移交.
        way: DispatchWay,
        /// To whom.
        to: Holder,
        /// For `two_way`: the office that follows it.
        watcher: Option<OfficeId>,
        /// For `assign`.
        ground: Option<AssignGround>,
        /// For `assign`: a date earlier than the law's.
        due: Option<Date>,
    },
    /// The competent department answered a two-way transfer.
    TwoWayAnswered,
    /// 退回.
    Returned {
        /// Why.
        ground: ReturnGround,
    },
    /// A handler was named within the holder.
    Assigned {
        /// Who.
        staff: StaffId,
    },
    /// A clock was extended as the law allows.
    Extended {
        /// Clock id in `rules/clocks`.
        clock: String,
        /// New last day.
        until: Date,
        /// Why.
        ground: ExtensionGround,
    },
    /// A contact with the reporter was held (M47); the record is sealed.
    ContactHeld {
        /// How.
        way: ContactWay,
    },
    /// 处置方式 (jw, Art 17).
    Disposed {
        /// Which.
        way: Disposal,
    },
    /// 认定 for one allegation; reasons are sealed.
    FindingRecorded {
        /// Which allegation.
        allegation: u16,
        /// What was found.
        finding: Finding,
    },
    /// jw: the text of the feedback was submitted for approval.
    FeedbackDrafted,
    /// jw: approved, or sent back to the handler.
    FeedbackApproved {
        /// False sends it back.
        approved: bool,
    },
    /// jw: 反馈 given to the reporter (Art 27).
    FeedbackDelivered {
        /// How.
        way: TellingWay,
    },
    /// xf: the text of the reply was submitted for approval.
    ReplyDrafted,
    /// xf: approved, or sent back.
    ReplyApproved {
        /// False sends it back.
        approved: bool,
    },
    /// xf: 答复 served on the petitioner (条例 Art 32).
    ReplyDelivered {
        /// How.
        way: TellingWay,
    },
    /// The reporter objects to the result (Art 27); her words are sealed.
    Objected,
    /// The objection was answered.
    ObjectionExplained,
    /// The reporter rated, once, of her own will (M98).
    Rated {
        /// How.
        rating: Rating,
    },
    /// A message in the thread; its words are sealed to the code and to the office.
    MessageSent {
        /// True: from the office; false: from the reporter.
        from_office: bool,
    },
    /// A paper was issued; its log leaf is its own.
    PaperIssued {
        /// Paper id in `rules/papers`.
        paper: String,
        /// Series number on the paper, if it has one.
        number: Option<String>,
    },
    /// 检举举报平台编号 / 国家信访系统编号 was entered.
    PlatformNumberSet {
        /// As typed.
        number: String,
    },
    /// The query code was replaced by a new one.
    CodeReplaced,
    /// The query code was destroyed at the reporter's wish.
    CodeDestroyed,
    /// 办结.
    Closed,
    /// Opened again.
    Reopened {
        /// Why.
        cause: ReopenCause,
    },
}

impl Event {
    /// The day a letter or a 批示 gives, for clocks that go by it.
    pub fn given_due(&self) -> Option<Date> {
        match self {
            Self::Received { superior_due: due, .. } | Self::Instructed { due, .. } | Self::Dispatched { due, .. } => {
                *due
            }
            _ => None,
        }
    }

    /// The stored name of the event, as in its `event` tag; rules files speak of these.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Received { .. } => "received",
            Self::Judged { .. } => "judged",
            Self::SignedFor => "signed_for",
            Self::EvidenceAdded { .. } => "evidence_added",
            Self::EvidenceChecked => "evidence_checked",
            Self::Corrected { .. } => "corrected",
            Self::Recused { .. } => "recused",
            Self::NameVerified { .. } => "name_verified",
            Self::NoSubstanceProposed => "no_substance_proposed",
            Self::NoSubstanceDeclined => "no_substance_declined",
            Self::ScopeDecided { .. } => "scope_decided",
            Self::DutyDone { .. } => "duty_done",
            Self::SimpleUsed => "simple_used",
            Self::AcceptanceTold { .. } => "acceptance_told",
            Self::Presented { .. } => "presented",
            Self::Instructed { .. } => "instructed",
            Self::InstructionAnswered => "instruction_answered",
            Self::Linked { .. } => "linked",
            Self::Unlinked => "unlinked",
            Self::Promoted => "promoted",
            Self::Split { .. } => "split",
            Self::Dispatched { .. } => "dispatched",
            Self::TwoWayAnswered => "two_way_answered",
            Self::Returned { .. } => "returned",
            Self::Assigned { .. } => "assigned",
            Self::Extended { .. } => "extended",
            Self::ContactHeld { .. } => "contact_held",
            Self::Disposed { .. } => "disposed",
            Self::FindingRecorded { .. } => "finding_recorded",
            Self::FeedbackDrafted => "feedback_drafted",
            Self::FeedbackApproved { .. } => "feedback_approved",
            Self::FeedbackDelivered { .. } => "feedback_delivered",
            Self::ReplyDrafted => "reply_drafted",
            Self::ReplyApproved { .. } => "reply_approved",
            Self::ReplyDelivered { .. } => "reply_delivered",
            Self::Objected => "objected",
            Self::ObjectionExplained => "objection_explained",
            Self::Rated { .. } => "rated",
            Self::MessageSent { .. } => "message_sent",
            Self::PaperIssued { .. } => "paper_issued",
            Self::PlatformNumberSet { .. } => "platform_number_set",
            Self::CodeReplaced => "code_replaced",
            Self::CodeDestroyed => "code_destroyed",
            Self::Closed => "closed",
            Self::Reopened { .. } => "reopened",
        }
    }

    /// Every name `Event::name` can give, for checking rules files.
    pub const NAMES: &'static [&'static str] = &[
        "received",
        "judged",
        "signed_for",
        "evidence_added",
        "evidence_checked",
        "corrected",
        "recused",
        "name_verified",
        "no_substance_proposed",
        "no_substance_declined",
        "scope_decided",
        "duty_done",
        "simple_used",
        "acceptance_told",
        "presented",
        "instructed",
        "instruction_answered",
        "linked",
        "unlinked",
        "promoted",
        "split",
        "dispatched",
        "two_way_answered",
        "returned",
        "assigned",
        "extended",
        "contact_held",
        "disposed",
        "finding_recorded",
        "feedback_drafted",
        "feedback_approved",
        "feedback_delivered",
        "reply_drafted",
        "reply_approved",
        "reply_delivered",
        "objected",
        "objection_explained",
        "rated",
        "message_sent",
        "paper_issued",
        "platform_number_set",
        "code_replaced",
        "code_destroyed",
        "closed",
        "reopened",
    ];
}
