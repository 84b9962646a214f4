//! The field's own words as types. `docs/glossary.md` is the full table.
//!
//! Every word has a stable spelling for storage (`snake_case`), used in events, URLs, locales
//! (`locales/*/words.ftl`) and rules files alike.

use serde::{Deserialize, Serialize};

/// Declares a word: an enum with its stored spelling, a list of all values, and parsing.
macro_rules! word {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+ }
        impl $name {
            /// Every value, in the order lists show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
            /// The stored spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $name {
            type Err = crate::ids::IdError;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(crate::ids::IdError::Malformed { what: stringify!($name) }),
                }
            }
        }
    };
}

word! {
    /// 版本: which body of law an organ lives under.
    Edition {
        /// 纪检监察版: 《纪检监察机关处理检举控告工作规则》.
        Jw = "jw",
        /// 信访局版: 《信访工作条例》.
        Xf = "xf",
    }
}
word! {
    /// 渠道: how the report came.
    Channel {
        /// 来信
        Letter = "letter",
        /// 来访
        Visit = "visit",
        /// 来电
        Phone = "phone",
        /// 网络
        Web = "web",
        /// 视频
        Video = "video",
        /// 其他
        Other = "other",
    }
}
word! {
    /// 登记表: by which form a report is registered by hand.
    Form {
        /// 来信
        Letter = "letter",
        /// 来访
        Visit = "visit",
        /// 来电
        Call = "call",
        /// 上级转送、交办和部门移送
        Transfer = "transfer",
    }
}
word! {
    /// 来源: from whom the report came.
    Source {
        /// 本级自收
        Own = "own",
        /// 上级转送
        SuperiorTransfer = "superior_transfer",
        /// 上级交办（要结果）
        SuperiorAssign = "superior_assign",
        /// 领导批转
        LeaderReferral = "leader_referral",
        /// 同级部门移送
        DepartmentTransfer = "department_transfer",
        /// 下级上报
        SubordinateReport = "subordinate_report",
        /// 舆情
        PublicOpinion = "public_opinion",
        /// 监督检查中发现
        Inspection = "inspection",
    }
}
word! {
    /// 署名: whether the report is signed (规则 Art 24, 30). Who signed is never here.
    Signing {
        /// 匿名
        Anonymous = "anonymous",
        /// 实名待核
        NamedPending = "named_pending",
        /// 实名已核
        NamedVerified = "named_verified",
        /// 冒名: handled as anonymous (Art 30)
        FalseName = "false_name",
    }
}
word! {
    /// 类别. jw: accusation, appeal, suggestion, out_of_scope, no_substance (rules 3.4).
    /// xf: suggestion, accusation, petition (条例 Art 29-31).
    Kind {
        /// 检举控告
        Accusation = "accusation",
        /// 申诉 (jw)
        Appeal = "appeal",
        /// 批评建议 (jw), 意见建议 (xf)
        Suggestion = "suggestion",
        /// 业务范围外 (jw)
        OutOfScope = "out_of_scope",
        /// 无实质内容 (jw)
        NoSubstance = "no_substance",
        /// 申诉求决 (xf)
        Petition = "petition",
    }
}
word! {
    /// 环节: where the report stands.
    Stage {
        /// 待签收: a transferred item nobody has signed for
        AwaitingSigning = "awaiting_signing",
        /// 待研判
        AwaitingJudgement = "awaiting_judgement",
        /// 待呈批
        AwaitingPresentation = "awaiting_presentation",
        /// 待批示
        AwaitingInstruction = "awaiting_instruction",
        /// 待分办
        AwaitingDispatch = "awaiting_dispatch",
        /// 待办理
        InHandling = "in_handling",
        /// 待审核: the feedback or reply waits for approval
        AwaitingApproval = "awaiting_approval",
        /// 待反馈 / 待答复
        AwaitingFeedback = "awaiting_feedback",
        /// 已结
        Closed = "closed",
    }
}
word! {
    /// Grounds of not accepting (规则 Art 13; 条例 Art 19, 36).
    Ground {
        /// 13(1): litigation, arbitration, 行政裁决, 行政复议
        OtherProcedure = "other_procedure",
        /// 13(2): the duty of another organ or unit
        OtherOrgan = "other_organ",
        /// 13(3): only the name of an offence, no substance
        NameOnly = "name_only",
        /// 条例 Art 19: already accepted or being handled elsewhere
        AlreadyHandled = "already_handled",
        /// 条例 Art 36: ended by 复核, same facts and reasons
        Ended = "ended",
    }
}
word! {
    /// What Art 13 makes the office do when it does not accept.
    Art13Duty {
        /// By letter: forward to the competent organ
        Forward = "forward",
        /// By visit, phone or web: tell the reporter where to go, naming the organ
        Tell = "tell",
        /// 13(3): keep a record; she may add substance
        KeepRecord = "keep_record",
    }
}
word! {
    /// 分办: the ways of dispatch (M32, M34).
    DispatchWay {
        /// 径送: a sealed report for a superior organ
        DirectSeal = "direct_seal",
        /// 移送: to a department of the same organ or level
        Move = "move",
        /// 转送: to a lower organ
        Forward = "forward",
        /// 交办: to a lower organ, a result is wanted (Art 20; 分管领导 approves)
        Assign = "assign",
        /// 双向移交: to the competent department and to the linked watcher (M34)
        TwoWay = "two_way",
    }
}
word! {
    /// Grounds of assigning by letter (规则 Art 20).
    AssignGround {
        /// Clear breach in implementing central decisions
        CentralDecisions = "central_decisions",
        /// Typical, or strong public reaction
        TypicalOrStrong = "typical_or_strong",
        /// Long delay with bad effect
        LongDelay = "long_delay",
        /// Other
        Other = "other",
    }
}
word! {
    /// 属实情况 of one allegation.
    Finding {
        /// 属实
        Proved = "proved",
        /// 部分属实
        PartlyProved = "partly_proved",
        /// 不属实
        NotProved = "not_proved",
        /// 无法查实
        CannotVerify = "cannot_verify",
    }
}
word! {
    /// 处理意见 (条例 Art 32): what a petition's reply says to the request, as a person decided.
    Disposition {
        /// 予以支持
        Supported = "supported",
        /// 部分支持
        PartlySupported = "partly_supported",
        /// 作出解释说明
        Explained = "explained",
        /// 不予支持
        NotSupported = "not_supported",
    }
}
word! {
    /// 处置方式 (规则 Art 17).
    Disposal {
        /// 谈话函询
        Inquiry = "inquiry",
        /// 初步核实
        PreliminaryCheck = "preliminary_check",
        /// 暂存待查
        HeldOver = "held_over",
        /// 予以了结
        Concluded = "concluded",
    }
}
word! {
    /// How the reporter was told.
    TellingWay {
        /// 当面
        InPerson = "in_person",
        /// 电话
        Phone = "phone",
        /// 书面
        Written = "written",
        /// 系统
        System = "system",
    }
}
word! {
    /// 满意度.
    Rating {
        /// 满意
        Satisfied = "satisfied",
        /// 基本满意
        FairlySatisfied = "fairly_satisfied",
        /// 不满意
        Unsatisfied = "unsatisfied",
    }
}
word! {
    /// 见面/联系: a separate contact with the reporter (M47).
    ContactWay {
        /// 当面
        Meeting = "meeting",
        /// 电话
        Phone = "phone",
        /// 码上留言
        Thread = "thread",
    }
}
word! {
    /// Grounds for extending a clock.
    ExtensionGround {
        /// 情况复杂
        Complex = "complex",
        /// 需鉴定、审计、评估
        Expert = "expert",
        /// 当事人原因
        PartyCause = "party_cause",
        /// 其他
        Other = "other",
    }
}
word! {
    /// Grounds for returning a dispatched report to the sender.
    ReturnGround {
        /// 不属本单位管辖
        WrongOrgan = "wrong_organ",
        /// 无实质内容
        NoSubstance = "no_substance",
        /// 材料短少
        Incomplete = "incomplete",
        /// 应当回避
        Recusal = "recusal",
    }
}
word! {
    /// Why a closed report is opened again.
    ReopenCause {
        /// 新证据 (Art 27)
        NewEvidence = "new_evidence",
        /// 异议成立
        ObjectionUpheld = "objection_upheld",
        /// 质量回溯
        Lookback = "lookback",
        /// 误结
        Mistake = "mistake",
    }
}
word! {
    /// 紧急程度.
    Urgency {
        /// 平件
        Normal = "normal",
        /// 急件
        Urgent = "urgent",
        /// 特急
        Critical = "critical",
    }
}
word! {
    /// 职级 of a subject. Sealed: never in a plain column.
    Rank {
        /// 中管/省部
        Province = "province",
        /// 厅局级
        Bureau = "bureau",
        /// 县处级
        County = "county",
        /// 乡科级
        Section = "section",
        /// 一般干部
        General = "general",
        /// 事业单位人员
        Institution = "institution",
        /// 国有企业人员
        StateEnterprise = "state_enterprise",
        /// 村（社区）两委负责人
        VillageHead = "village_head",
        /// 村（社区）其他人员
        Village = "village",
        /// 其他
        Other = "other",
        /// 不详
        Unknown = "unknown",
    }
}
word! {
    /// 时限颜色 (M43). Always shown with its word.
    Colour {
        /// 蓝: more than half of the time remains
        Blue = "blue",
        /// 黄: a fifth to a half remains
        Yellow = "yellow",
        /// 红: less than a fifth remains, or overdue
        Red = "red",
    }
}
word! {
    /// Roles of staff within a tenant (product, For whom).
    Role {
        /// 信访室经办
        Clerk = "clerk",
        /// 信访室主任
        Head = "head",
        /// 分管领导
        Leader = "leader",
        /// 主要领导
        Chief = "chief",
        /// 承办人
        Handler = "handler",
        /// 案管/督办
        Supervisor = "supervisor",
        /// 分析员
        Analyst = "analyst",
        /// 身份密封保管人
        Custodian = "custodian",
        /// 身份启封审批人
        Approver = "approver",
        /// 审计员
        Auditor = "auditor",
        /// 系统管理员
        Admin = "admin",
        /// 安全保密员
        Security = "security",
    }
}
word! {
    /// The languages of every sentence a user can see.
    Lang {
        /// 简体中文
        Zh = "zh-CN",
        /// English
        En = "en",
    }
}
word! {
    /// On what a clock rests (M41): the law, a local promise, or a right that runs out.
    Basis {
        /// 法定时限: decides what is overdue; no other clock may hide it.
        Legal = "legal",
        /// 本机关加严时限: shown beside the legal clock, never instead of it.
        Stretch = "stretch",
        /// 权利期限: how long somebody may still ask (复查、异议); never red, never overdue.
        Window = "window",
    }
}
word! {
    /// The commands by name: buttons, routes and permissions speak of these.
    CommandKind {
        /// Register a new report.
        Receive = "receive",
        /// The funnel's suggestion.
        Judge = "judge",
        /// 签收
        SignFor = "sign_for",
        /// Evidence.
        AddEvidence = "add_evidence",
        /// New evidence was checked.
        CheckEvidence = "check_evidence",
        /// 校正补录
        Correct = "correct",
        /// 实名核实
        VerifyName = "verify_name",
        /// 受理
        Accept = "accept",
        /// 不予受理
        Refuse = "refuse",
        /// The second person on "no substance".
        ConfirmNoSubstance = "confirm_no_substance",
        /// The duty of Art 13 was done.
        DoDuty = "do_duty",
        /// 简易办理 (xf)
        UseSimple = "use_simple",
        /// 受理告知
        TellAcceptance = "tell_acceptance",
        /// 呈批
        Present = "present",
        /// 批示
        Instruct = "instruct",
        /// Report the result back to the leader.
        AnswerInstruction = "answer_instruction",
        /// 挂接重复件
        Link = "link",
        /// 解除挂接
        Unlink = "unlink",
        /// 转为初次件
        Promote = "promote",
        /// 拆分
        Split = "split",
        /// 分办
        Dispatch = "dispatch",
        /// 双向移交答复
        AnswerTwoWay = "answer_two_way",
        /// 退回
        Return = "return",
        /// 指定承办人
        Assign = "assign",
        /// 延期
        Extend = "extend",
        /// 联系记录
        RecordContact = "record_contact",
        /// 处置方式
        Dispose = "dispose",
        /// 认定
        RecordFinding = "record_finding",
        /// 拟反馈/拟答复
        DraftAnswer = "draft_answer",
        /// 审核反馈/答复
        ApproveAnswer = "approve_answer",
        /// 反馈/答复
        DeliverAnswer = "deliver_answer",
        /// 异议
        Object = "object",
        /// 异议说明
        ExplainObjection = "explain_objection",
        /// 评价
        Rate = "rate",
        /// 留言
        SendMessage = "send_message",
        /// 制发文书
        IssuePaper = "issue_paper",
        /// 补录平台编号
        SetPlatformNumber = "set_platform_number",
        /// 更换查询码
        ReplaceCode = "replace_code",
        /// 销毁查询码
        DestroyCode = "destroy_code",
        /// 办结
        Close = "close",
        /// 重开
        Reopen = "reopen",
        /// 回避登记
        Recuse = "recuse",
    }
}
word! {
    /// 回避缘由: what showed that somebody must not see a report.
    RecusalBasis {
        /// 正文提及: she is named in words that came after intake.
        Text = "text",
        /// 名册变动: the directory of staff changed.
        Directory = "directory",
        /// 人工登记: somebody says so, with a reason under the seal.
        ByHand = "by_hand",
    }
}
