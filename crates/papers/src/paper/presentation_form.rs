//! 信访举报呈批单 (M101): the one page a secretary signs. It does not know the order of approval.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// All fields of `forms.md` §8. Long texts are shortened to the page and point to the attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresentationForm {
    /// The organ or office that presents, printed above the title.
    pub organ: String,
    /// 编号
    pub number: String,
    /// 密级, e.g. `无` or `工作秘密`.
    pub secrecy: String,
    /// 急缓: 平件、急件 or 特急.
    pub urgency: String,
    /// 收到日期
    pub received_on: Date,
    /// 渠道来源, e.g. `来信 / 上级转送`.
    pub channel_source: String,
    /// 实匿名, e.g. `实名待核`. Never the reporter's name.
    pub signing: String,
    /// 被反映人及职务, one line each; the first and `等N人` are shown when they do not fit.
    pub subjects: Vec<String>,
    /// 主要问题, one entry per allegation (M102).
    pub problems: Vec<String>,
    /// 初重情况及既往结论
    pub history: String,
    /// 研判依据
    pub grounds: String,
    /// 拟办意见 with 经办人 and date.
    pub proposal: Opinion,
    /// 室主任意见
    pub head: Opinion,
    /// 分管领导批示
    pub leader: Opinion,
    /// 主要领导批示
    pub chief: Opinion,
    /// 办理结果
    pub result: Opinion,
    /// 打印日期: the day the form is made; also the date in the file's metadata.
    pub printed_on: Date,
}

/// One opinion box; an empty one leaves room for a pen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The words; empty where still to be written.
    pub text: String,
    /// Who signs, where already known.
    pub by: Option<String>,
    /// When, where already signed.
    pub on: Option<Date>,
}
