//! What people ask the program to do with a report. A command carries only what may stand in
//! clear; the words that go with it are sealed by `office` beside the events it leads to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::event::Holder;
use crate::ids::{OfficeId, ReportId, StaffId};
use crate::recusal::KeptAway;
use crate::words::*;

/// Registers a new report; the only command on an empty stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receive {
    /// 收到日期; not after today.
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
    /// The date in a superior's letter.
    pub superior_due: Option<Date>,
    /// Allegations in the narrative.
    pub allegations: u16,
    /// Files attached.
    pub files: u16,
    /// Who must not see it.
    pub recused: KeptAway,
}

/// What a person, or the program, wants to do with an existing report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "command", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields mean what they mean in the event of the same name, documented there")]
pub enum Command {
    /// Register a new report; the only command on an empty stream.
    Receive(Receive),
    /// The funnel's suggestion (actor: system).
    Judge { models: String, abstained: bool },
    /// 签收.
    SignFor,
    /// Evidence by the reporter or by staff.
    AddEvidence { files: u16 },
    /// New evidence was checked (Art 27).
    CheckEvidence,
    /// 校正补录.
    Correct {
        channel: Option<Channel>,
        source: Option<Source>,
        signing: Option<Signing>,
        urgency: Option<Urgency>,
        allegations: Option<u16>,
        recused: Option<KeptAway>,
    },
    /// 回避: by the program from the text or the directory, by staff with a reason.
    Recuse { recused: KeptAway, basis: RecusalBasis },
    /// 实名核实: `None` = could not be reached (recorded as pending).
    VerifyName { signing: Signing },
    /// 受理.
    Accept { kind: Kind },
    /// 不予受理, with its ground. `name_only` only proposes; a second person confirms.
    Refuse { kind: Kind, ground: Ground },
    /// The second person on "no substance".
    ConfirmNoSubstance { confirmed: Confirmed },
    /// The duty of Art 13 was done.
    DoDuty,
    /// 简易办理 (xf): a first-time petition with clear facts.
    UseSimple,
    /// 受理告知.
    TellAcceptance { way: TellingWay },
    /// 呈批.
    Present { to: Role },
    /// 批示.
    Instruct { due: Option<Date>, verdict: Confirmed },
    /// Report the result back to the instructing leader.
    AnswerInstruction,
    /// 挂接重复件.
    Link { to: ReportId, new_facts: NewFacts },
    /// Take the link back.
    Unlink,
    /// Treat as first-time.
    Promote,
    /// Split mixed matters.
    Split { into: Vec<ReportId> },
    /// 分办.
    Dispatch {
        way: DispatchWay,
        to: Holder,
        watcher: Option<OfficeId>,
        ground: Option<AssignGround>,
        due: Option<Date>,
    },
    /// The department answered a two-way transfer.
    AnswerTwoWay,
    /// 退回.
    Return { ground: ReturnGround },
    /// Name a handler.
    Assign { staff: StaffId },
    /// Extend a clock.
    Extend { clock: String, until: Date, ground: ExtensionGround },
    /// A contact was held.
    RecordContact { way: ContactWay },
    /// 处置方式.
    Dispose { way: Disposal },
    /// 认定.
    RecordFinding { allegation: u16, finding: Finding },
    /// Submit the feedback (jw) or reply (xf) for approval.
    DraftAnswer,
    /// Approve it, or send it back.
    ApproveAnswer { verdict: Confirmed },
    /// Deliver it.
    DeliverAnswer { way: TellingWay },
    /// The reporter objects.
    Object,
    /// Explain an objection.
    ExplainObjection { review: Review },
    /// The reporter rates.
    Rate { rating: Rating },
    /// A message by staff or by the reporter (the actor says which).
    SendMessage,
    /// A paper was issued.
    IssuePaper { paper: String, number: Option<String> },
    /// The national platform's number.
    SetPlatformNumber { number: String },
    /// New code.
    ReplaceCode,
    /// No code any more.
    DestroyCode,
    /// 办结.
    Close,
    /// 重开.
    Reopen { cause: ReopenCause },
}

/// A second person's or leader's word: yes or no, spelled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmed {
    /// Agreed.
    Yes,
    /// Not agreed: back it goes.
    No,
}

/// Who answers an objection (条例 Art 35, 36: 复查 and 复核 are the superior organ's).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// This organ.
    Here,
    /// The superior organ: the reporter is told to ask there.
    Superior,
}

/// Whether a repeat brings something new, as a person decided (rules 1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewFacts {
    /// It does.
    Some,
    /// It does not.
    None,
}

impl Command {
    /// The command's name, without its particulars.
    pub fn kind(&self) -> CommandKind {
        use CommandKind as K;
        match self {
            Self::Receive(_) => K::Receive,
            Self::Judge { .. } => K::Judge,
            Self::SignFor => K::SignFor,
            Self::AddEvidence { .. } => K::AddEvidence,
            Self::CheckEvidence => K::CheckEvidence,
            Self::Correct { .. } => K::Correct,
            Self::VerifyName { .. } => K::VerifyName,
            Self::Accept { .. } => K::Accept,
            Self::Refuse { .. } => K::Refuse,
            Self::ConfirmNoSubstance { .. } => K::ConfirmNoSubstance,
            Self::DoDuty => K::DoDuty,
            Self::UseSimple => K::UseSimple,
            Self::TellAcceptance { .. } => K::TellAcceptance,
            Self::Present { .. } => K::Present,
            Self::Instruct { .. } => K::Instruct,
            Self::AnswerInstruction => K::AnswerInstruction,
            Self::Link { .. } => K::Link,
            Self::Unlink => K::Unlink,
            Self::Promote => K::Promote,
            Self::Split { .. } => K::Split,
            Self::Dispatch { .. } => K::Dispatch,
            Self::AnswerTwoWay => K::AnswerTwoWay,
            Self::Return { .. } => K::Return,
            Self::Assign { .. } => K::Assign,
            Self::Extend { .. } => K::Extend,
            Self::RecordContact { .. } => K::RecordContact,
            Self::Dispose { .. } => K::Dispose,
            Self::RecordFinding { .. } => K::RecordFinding,
            Self::DraftAnswer => K::DraftAnswer,
            Self::ApproveAnswer { .. } => K::ApproveAnswer,
            Self::DeliverAnswer { .. } => K::DeliverAnswer,
            Self::Object => K::Object,
            Self::ExplainObjection { .. } => K::ExplainObjection,
            Self::Rate { .. } => K::Rate,
            Self::SendMessage => K::SendMessage,
            Self::IssuePaper { .. } => K::IssuePaper,
            Self::SetPlatformNumber { .. } => K::SetPlatformNumber,
            Self::ReplaceCode => K::ReplaceCode,
            Self::DestroyCode => K::DestroyCode,
            Self::Close => K::Close,
            Self::Reopen { .. } => K::Reopen,
            Self::Recuse { .. } => K::Recuse,
        }
    }
}
