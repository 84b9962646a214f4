//! 实名举报受理告知书 (jw, 规则 Art 26): a signed report was accepted. It names no one reported and
//! repeats nothing of the matter, since letters are opened by other people too.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Letterhead;

/// The notice of acceptance to a reporter who signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceNotice {
    /// The letter's frame.
    pub head: Letterhead,
    /// 主送, without the colon, e.g. `李××同志`.
    pub addressee: String,
    /// 编号 of the report.
    pub number: String,
    /// The day the report was received.
    pub received_on: Date,
    /// The day it was accepted.
    pub accepted_on: Date,
    /// How long after the conclusion the result is told (规则 Art 27), in words, from the rules in
    /// force: `15个工作日`.
    pub feedback_within: String,
    /// Where the reporter can read how it goes, e.g. `https://…/status`; printed as text.
    pub status_page: Option<String>,
}
