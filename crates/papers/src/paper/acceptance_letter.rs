//! 信访事项受理告知书 (xf, 条例 Art 23): a petition was accepted, by whom, and until when it is answered.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Letterhead;

/// The written notice of acceptance to a petitioner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptanceLetter {
    /// The letter's frame.
    pub head: Letterhead,
    /// 主送, without the colon.
    pub addressee: String,
    /// 编号 of the petition.
    pub number: String,
    /// The day it was received.
    pub received_on: Date,
    /// The day it was accepted; the sixty days run from here (Art 34).
    pub accepted_on: Date,
    /// The petitioner's request in one sentence, as she put it.
    pub request: String,
    /// 办理单位
    pub handled_by: String,
    /// The day until which a written answer is due.
    pub answer_by: Date,
    /// Where the petitioner can read how it goes; printed as text.
    pub status_page: Option<String>,
}
