//! Everything a member of staff can do at the desk or through the API, with the roles that may.
//!
//! One table: a new action without a row does not compile. What the law allows at which stage is
//! `report::decide`, not here.

use crate::directory::OfficeKind;
use crate::words::{CommandKind, Role};

/// What sort of thing an action is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Concern {
    /// A page or function of the tenant.
    Desk,
    /// One report.
    Report,
    /// Audit records.
    Audit,
}

/// How near the person's office must be to the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reach {
    /// Anyone who may see it.
    Seen,
    /// The office that holds it.
    Holder,
    /// The petition office at any time, another office while it holds it.
    PetitionOrHolder,
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal: $concern:ident, $reach:ident, [$($role:ident)*];)+) => {
        /// An action of the desk or the API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[$doc])* $name,)+ }

        impl Action {
            /// Every action, in the order of the matrix.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// Its name in the audit, the API and the matrix.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What it is done to.
            pub const fn concern(self) -> Concern {
                match self { $(Self::$name => Concern::$concern,)+ }
            }

            pub(crate) const fn reach(self) -> Reach {
                match self { $(Self::$name => Reach::$reach,)+ }
            }

            /// Roles that include it.
            pub const fn roles(self) -> &'static [Role] {
                match self { $(Self::$name => &[$(Role::$role,)*],)+ }
            }
        }
    };
}

actions! {
    /// 待办、已办、超期
    ListInbox = "list_inbox": Desk, Seen, [Clerk Head Leader Chief Handler Supervisor];
    /// 登记簿
    ViewRegister = "view_register": Desk, Seen, [Clerk Head Leader Chief Handler Supervisor];
    /// 登记来信、来访、来电、转来件
    RegisterByHand = "register_by_hand": Desk, Seen, [Clerk Head Handler];
    /// 检索
    Search = "search": Desk, Seen, [Clerk Head Leader Chief Handler Supervisor];
    /// 导出列表
    Export = "export": Desk, Seen, [Clerk Head Leader Chief Supervisor];
    /// 批量导入
    Import = "import": Desk, PetitionOrHolder, [Clerk Head];
    /// 驾驶舱
    ViewCockpit = "view_cockpit": Desk, Seen, [Head Leader Chief Supervisor Analyst];
    /// 组织目录
    ViewDirectory = "view_directory": Desk, Seen, [Clerk Head Leader Chief Handler Supervisor Admin Security Auditor];
    /// 现行规则
    ViewRules = "view_rules": Desk, Seen, [Clerk Head Leader Chief Handler Supervisor Analyst Custodian Approver Auditor Admin Security];
    /// 存证日志
    ViewLog = "view_log": Desk, Seen, [Clerk Head Leader Chief Handler Supervisor Analyst Custodian Approver Auditor Admin Security];
    /// 人员账号管理: accounts and offices, never roles
    AdministerStaff = "administer_staff": Desk, Seen, [Admin];
    /// 授权管理: who holds which role (三员分立)
    GrantRoles = "grant_roles": Desk, Seen, [Security];
    /// 目录维护
    EditDirectory = "edit_directory": Desk, Seen, [Admin];
    /// 任务队列、备份与运行状态
    ViewOperations = "view_operations": Desk, Seen, [Admin];
    /// 审计查询
    ViewAudit = "view_audit": Audit, Seen, [Auditor];
    /// 查看举报件: state, timeline, clocks
    ViewReport = "view_report": Report, Seen, [Clerk Head Leader Chief Handler Supervisor];
    /// 查看正文: the sealed text and the suggestions
    ReadText = "read_text": Report, Seen, [Clerk Head Leader Chief Handler Supervisor];
    /// 下载附件
    DownloadEvidence = "download_evidence": Report, Seen, [Clerk Head Leader Chief Handler Supervisor];
    /// 签收
    SignFor = "sign_for": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 补充材料
    AddEvidence = "add_evidence": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 新证据核查
    CheckEvidence = "check_evidence": Report, PetitionOrHolder, [Clerk Head Handler Leader Chief];
    /// 校正补录
    Correct = "correct": Report, PetitionOrHolder, [Clerk Head];
    /// 回避登记
    Recuse = "recuse": Report, PetitionOrHolder, [Clerk Head Leader Chief Handler];
    /// 实名核实
    VerifyName = "verify_name": Report, PetitionOrHolder, [Clerk Head];
    /// 研判: accept or not, kind, no-substance proposal
    Judge = "judge": Report, PetitionOrHolder, [Clerk Head];
    /// 第二人确认“无实质内容”
    ConfirmNoSubstance = "confirm_no_substance": Report, PetitionOrHolder, [Head Leader Chief];
    /// 受理告知、不予受理告知
    TellReporter = "tell_reporter": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 呈批
    Present = "present": Report, PetitionOrHolder, [Clerk Head];
    /// 批示
    Instruct = "instruct": Report, Seen, [Head Leader Chief];
    /// 批示办理情况报告
    AnswerInstruction = "answer_instruction": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 挂接、取消挂接、转初次
    LinkRepeat = "link_repeat": Report, PetitionOrHolder, [Clerk Head];
    /// 拆分
    Split = "split": Report, PetitionOrHolder, [Clerk Head];
    /// 分办
    Dispatch = "dispatch": Report, PetitionOrHolder, [Clerk Head];
    /// 双向移交的回复登记
    AnswerTwoWay = "answer_two_way": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 退回
    Return = "return": Report, Holder, [Clerk Head Handler Leader Chief];
    /// 指定承办人
    Assign = "assign": Report, Holder, [Head Leader Chief];
    /// 延期
    Extend = "extend": Report, Holder, [Head Leader Chief];
    /// 联系记录
    RecordContact = "record_contact": Report, Holder, [Clerk Head Handler];
    /// 处置方式
    Dispose = "dispose": Report, Holder, [Head Handler];
    /// 认定
    RecordFinding = "record_finding": Report, Holder, [Head Handler];
    /// 拟稿: feedback or reply
    DraftAnswer = "draft_answer": Report, Holder, [Head Handler];
    /// 审核
    ApproveAnswer = "approve_answer": Report, Holder, [Head Leader Chief];
    /// 送达
    DeliverAnswer = "deliver_answer": Report, Holder, [Clerk Head Handler];
    /// 异议说明
    ExplainObjection = "explain_objection": Report, PetitionOrHolder, [Head Handler Leader Chief];
    /// 码上留言
    Message = "message": Report, PetitionOrHolder, [Clerk Head Handler Leader Chief];
    /// 打印文书
    PrintPaper = "print_paper": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 补录平台编号
    SetPlatformNumber = "set_platform_number": Report, PetitionOrHolder, [Clerk Head];
    /// 办结
    Close = "close": Report, PetitionOrHolder, [Clerk Head Handler];
    /// 重开
    Reopen = "reopen": Report, PetitionOrHolder, [Head Leader Chief];
}

impl Action {
    /// The action a command of the desk needs; `None` for what only the reporter or the program
    /// itself commands.
    pub const fn of(command: CommandKind) -> Option<Self> {
        use CommandKind as K;
        Some(match command {
            K::Judge | K::Object | K::Rate | K::ReplaceCode | K::DestroyCode => return None,
            K::Receive => Self::RegisterByHand,
            K::SignFor => Self::SignFor,
            K::AddEvidence => Self::AddEvidence,
            K::CheckEvidence => Self::CheckEvidence,
            K::Correct => Self::Correct,
            K::Recuse => Self::Recuse,
            K::VerifyName => Self::VerifyName,
            K::Accept | K::Refuse | K::UseSimple => Self::Judge,
            K::ConfirmNoSubstance => Self::ConfirmNoSubstance,
            K::DoDuty | K::TellAcceptance => Self::TellReporter,
            K::Present => Self::Present,
            K::Instruct => Self::Instruct,
            K::AnswerInstruction => Self::AnswerInstruction,
            K::Link | K::Unlink | K::Promote => Self::LinkRepeat,
            K::Split => Self::Split,
            K::Dispatch => Self::Dispatch,
            K::AnswerTwoWay => Self::AnswerTwoWay,
            K::Return => Self::Return,
            K::Assign => Self::Assign,
            K::Extend => Self::Extend,
            K::RecordContact => Self::RecordContact,
            K::Dispose => Self::Dispose,
            K::RecordFinding => Self::RecordFinding,
            K::DraftAnswer => Self::DraftAnswer,
            K::ApproveAnswer => Self::ApproveAnswer,
            K::DeliverAnswer => Self::DeliverAnswer,
            K::ExplainObjection => Self::ExplainObjection,
            K::SendMessage => Self::Message,
            K::IssuePaper => Self::PrintPaper,
            K::SetPlatformNumber => Self::SetPlatformNumber,
            K::Close => Self::Close,
            K::Reopen => Self::Reopen,
        })
    }

    /// Whether an office of this kind does such things at all: only the petition office imports.
    pub(crate) const fn office_fits(self, kind: OfficeKind) -> bool {
        match self {
            Self::Import => matches!(kind, OfficeKind::Petition),
            Self::RegisterByHand => matches!(
                kind,
                OfficeKind::Petition | OfficeKind::Township | OfficeKind::Stationed | OfficeKind::Department
            ),
            // A supervision office handles; judging and dispatching belong to those who receive.
            Self::Judge
            | Self::ConfirmNoSubstance
            | Self::VerifyName
            | Self::Present
            | Self::LinkRepeat
            | Self::Split
            | Self::Dispatch
            | Self::Correct
            | Self::SetPlatformNumber => matches!(
                kind,
                OfficeKind::Petition | OfficeKind::Township | OfficeKind::Stationed | OfficeKind::Leadership
            ),
            _ => true,
        }
    }
}
