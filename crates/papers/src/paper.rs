//! The papers this program issues, and how one of them becomes a PDF/A-2b file.
//!
//! Every paper is a plain structure in a file of its own. It is handed to Typst as JSON, never as
//! markup, so that whatever people wrote stays text. Nothing here knows why a paper is issued or
//! whether it may be: that was decided before.

mod acceptance_letter;
mod acceptance_notice;
mod feedback_record;
mod filing_proof;
mod handling_opinion;
mod letterhead;
mod presentation_form;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use acceptance_letter::AcceptanceLetter;
pub use acceptance_notice::AcceptanceNotice;
pub use feedback_record::{FeedbackRecord, ReporterView, ToldFinding};
pub use filing_proof::FilingProof;
pub use handling_opinion::HandlingOpinion;
pub use letterhead::{Letterhead, SealSpace};
pub use presentation_form::{Opinion, PresentationForm};

use crate::fonts::Fonts;

/// One paper, ready to be set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "paper", rename_all = "snake_case")]
pub enum Paper {
    /// 信访举报呈批单 (M101): one A4 page, both editions.
    PresentationForm(PresentationForm),
    /// 实名举报受理告知 (jw, 规则 Art 26).
    AcceptanceNotice(AcceptanceNotice),
    /// 反馈情况记录表 (jw, 规则 Art 27).
    FeedbackRecord(FeedbackRecord),
    /// 受理告知书 (xf, 条例 Art 23).
    AcceptanceLetter(AcceptanceLetter),
    /// 信访处理意见书 (xf, 条例 Art 32).
    HandlingOpinion(HandlingOpinion),
    /// 提交凭证: proof of filing, for the reporter's own keeping.
    FilingProof(FilingProof),
}

impl Paper {
    /// The stored spelling of the kind of paper, as in URLs and ledger leaves.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::PresentationForm(_) => "presentation_form",
            Self::AcceptanceNotice(_) => "acceptance_notice",
            Self::FeedbackRecord(_) => "feedback_record",
            Self::AcceptanceLetter(_) => "acceptance_letter",
            Self::HandlingOpinion(_) => "handling_opinion",
            Self::FilingProof(_) => "filing_proof",
        }
    }

    /// The organ that issues it.
    pub fn organ(&self) -> &str {
        match self {
            Self::PresentationForm(p) => &p.organ,
            Self::AcceptanceNotice(p) => &p.head.organ,
            Self::FeedbackRecord(p) => &p.organ,
            Self::AcceptanceLetter(p) => &p.head.organ,
            Self::HandlingOpinion(p) => &p.head.organ,
            Self::FilingProof(p) => &p.organ,
        }
    }

    /// The date on the paper, which is also the date in the file's metadata.
    pub fn date(&self) -> Date {
        match self {
            Self::PresentationForm(p) => p.printed_on,
            Self::AcceptanceNotice(p) => p.head.date,
            Self::FeedbackRecord(p) => p.told_on,
            Self::AcceptanceLetter(p) => p.head.date,
            Self::HandlingOpinion(p) => p.head.date,
            Self::FilingProof(p) => p.received_on,
        }
    }

    /// The address behind the printed code, on letters that have one.
    pub fn verification(&self) -> Option<&str> {
        match self {
            Self::AcceptanceNotice(p) => p.head.verification.as_deref(),
            Self::AcceptanceLetter(p) => p.head.verification.as_deref(),
            Self::HandlingOpinion(p) => p.head.verification.as_deref(),
            Self::PresentationForm(_) | Self::FeedbackRecord(_) | Self::FilingProof(_) => None,
        }
    }

    /// The Chinese name printed as the paper's title.
    pub fn title(&self) -> &'static str {
        match self {
            Self::PresentationForm(_) => "信访举报呈批单",
            Self::AcceptanceNotice(_) => "实名举报受理告知书",
            Self::FeedbackRecord(_) => "实名举报反馈情况记录表",
            Self::AcceptanceLetter(_) => "信访事项受理告知书",
            Self::HandlingOpinion(_) => "信访事项处理意见书",
            Self::FilingProof(_) => "提交凭证",
        }
    }
}

/// Why a paper could not be made.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PaperError {
    /// No usable Chinese serif font was found in any of the places looked in.
    #[error(
        "no font for the letters: run `make demo`, which installs the npm package \
         @expo-google-fonts/noto-serif-sc, or install the Debian package fonts-noto-cjk, or name a \
         folder with fonts in the configuration (looked in: {looked})"
    )]
    NoFont {
        /// The folders looked in, separated by commas.
        looked: String,
    },
    /// The verification address does not fit a code that a phone can read from paper.
    #[error("the verification address has {bytes} bytes; at most {} fit the printed code", crate::qr::MAX_BYTES)]
    VerificationTooLong {
        /// Its length.
        bytes: usize,
    },
    /// Typst refused. The message names the template's line, never the paper's words.
    #[error("the paper could not be set: {0}")]
    Typesetting(String),
}

impl PaperError {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::NoFont { .. } => {
                "没有可用的中文字体，文书无法生成。请运行 make demo，或者安装 Debian 软件包 fonts-noto-cjk，或者在配置中指明字体所在的文件夹".to_owned()
            }
            Self::VerificationTooLong { bytes } => {
                format!("核验地址有 {bytes} 字节，印成二维码不便扫描；请缩短公开地址")
            }
            Self::Typesetting(_) => "文书没有排成，请重试；仍不成功的，请联系系统管理员".to_owned(),
        }
    }
}

/// Sets `paper` and returns the PDF/A-2b file.
///
/// The same paper and fonts give the same bytes. Setting takes some hundred milliseconds of one
/// core: call it from a blocking thread.
///
/// # Errors
/// [`PaperError::NoFont`] when no font is installed, [`PaperError::VerificationTooLong`] when the
/// verification address is over [`crate::qr::MAX_BYTES`] bytes.
pub fn render(paper: &Paper, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    crate::world::render(paper, fonts)
}
