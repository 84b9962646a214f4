//! 信访事项处理意见书 (xf, 条例 Art 32): request, facts and reasons, opinion, legal basis, and the right
//! to ask for review (Art 35). It judges nothing itself.

use domain::words::Disposition;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Letterhead;

/// The written answer to a petition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandlingOpinion {
    /// The letter's frame.
    pub head: Letterhead,
    /// 主送, without the colon.
    pub addressee: String,
    /// 编号 of the petition.
    pub number: String,
    /// The day it was received.
    pub received_on: Date,
    /// 信访请求; line breaks separate paragraphs, here and in the next fields.
    pub request: String,
    /// 事实和理由
    pub facts: String,
    /// What becomes of the request, as decided and approved by people.
    pub disposition: Disposition,
    /// 处理意见
    pub opinion: String,
    /// 法律法规依据, one entry each.
    pub basis: Vec<String>,
    /// How long after receipt review may be asked for (条例 Art 35), in words, from the rules in
    /// force: `30日`.
    pub review_within: String,
    /// The organ that would review: the next above.
    pub review_organ: String,
}
