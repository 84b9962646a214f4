//! 实名举报反馈情况记录表 (jw, 规则 Art 27): what was told to the reporter, how, and what she said.
//! An internal record; the reporter's identity stays in the vault and is not a field here.

use domain::words::{Finding, TellingWay};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The record of one feedback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedbackRecord {
    /// The organ, printed above the title.
    pub organ: String,
    /// 编号 of the report.
    pub number: String,
    /// 受理日期
    pub accepted_on: Date,
    /// 办结日期: the day of the conclusion, from which 15 working days run.
    pub concluded_on: Date,
    /// 反馈期限; `None` where the law sets none.
    pub due_on: Option<Date>,
    /// 反馈日期; also the date in the file's metadata.
    pub told_on: Date,
    /// 反馈方式
    pub way: TellingWay,
    /// 地点 or means, e.g. `信访接待室2号`; may be empty.
    pub place: String,
    /// 承办部门
    pub office: String,
    /// 反馈人: those who told, usually two.
    pub tellers: Vec<String>,
    /// What was found, per allegation.
    pub findings: Vec<ToldFinding>,
    /// 反馈要点: what was said.
    pub told: String,
    /// The reporter's view.
    pub view: ReporterView,
    /// The reporter's own words, or the explanation given; may be empty.
    pub view_text: String,
    /// New evidence handed over, and what is done with it (Art 27: must be checked).
    pub new_evidence: Option<String>,
}

/// One allegation's finding as told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldFinding {
    /// 反映问题, in a few words.
    pub allegation: String,
    /// 属实情况
    pub finding: Finding,
}

/// What the reporter says to the feedback.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReporterView {
    /// 无异议
    NoObjection,
    /// 有异议: recorded as spoken and explained (Art 27).
    Objection,
    /// 未表态
    Silent,
}
