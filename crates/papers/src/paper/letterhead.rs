//! What every letter in 信函格式 (GB/T 9704-2012) has around its text. It does not know the text.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The parts of the letter format that do not depend on the kind of letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// 发文机关标志 and signature: the organ's full name, without 文件.
    pub organ: String,
    /// 发文字号, e.g. `临纪信告〔2026〕12号`, set as given.
    pub document_number: Option<String>,
    /// 密级, e.g. `工作秘密`; never 秘密 or above, which do not live in this program.
    pub secrecy: Option<String>,
    /// 紧急程度, e.g. `急件`.
    pub urgency: Option<String>,
    /// 成文日期; also the date in the file's metadata.
    pub date: Date,
    /// Whether room for a seal is left.
    pub seal: SealSpace,
    /// `https://…/v#…`, at most [`crate::qr::MAX_BYTES`] bytes: printed as a code beside the
    /// signature, so that anyone holding the paper can check it against the log.
    pub verification: Option<String>,
    /// Whom to ask and where, without brackets: 附注 below the date.
    pub contact: Option<String>,
}

/// The two ways GB/T 9704 sets signature and date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SealSpace {
    /// 加盖印章: date four characters from the right, name centred above it, room for a 42 mm seal
    /// whose top stays within one line of the text.
    Seal,
    /// 不加盖印章: name two characters from the right, date below shifted two to the right.
    NoSeal,
}
