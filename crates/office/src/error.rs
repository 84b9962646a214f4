//! Every way a use case can fail, each with a sentence for the person who caused it.
//!
//! An error never carries what someone wrote. Where existence is a secret the answer is
//! [`Error::NotFound`], whether the thing is absent or merely hidden.

use domain::report::Refusal;

/// The language of a sentence.
pub use domain::words::Lang;

/// Why a use case did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The law, as data, says no; the refusal says why and what to do.
    #[error("{}", .0.en)]
    Refused(Refusal),
    /// There is no such thing, or the asker may not know of it.
    #[error("not found")]
    NotFound,
    /// The asker's role does not allow it.
    #[error("not allowed: {0}")]
    Forbidden(&'static str),
    /// Somebody else changed the report first.
    #[error("changed meanwhile")]
    Conflict,
    /// Something in the input is wrong: a stable slug, and the sentence in both languages.
    #[error("{en}")]
    Input {
        /// Stable name of the fault.
        slug: &'static str,
        /// 中文
        zh: String,
        /// English
        en: String,
    },
    /// The same idempotency key came with another body.
    #[error("this Idempotency-Key was used with another body")]
    KeyReused,
    /// The row was imported before.
    #[error("this row was imported before")]
    Imported,
    /// The queue is full or the database cannot be reached; nothing was stored.
    #[error("busy")]
    Busy,
    /// This process has no key for it (for instance the public role asked to open a report).
    #[error("this process holds no key for that")]
    NoKey,
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(String),
    /// An envelope did not open, or a key was refused.
    #[error("a seal failed: {0}")]
    Seal(String),
    /// A file of ours could not be read or written.
    #[error("{0}")]
    Io(String),
}

impl Error {
    /// Shorthand for an input fault.
    pub fn input(slug: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Input { slug, zh: zh.into(), en: en.into() }
    }

    /// A stable name for problem+json and logs.
    pub fn slug(&self) -> &str {
        match self {
            Self::Refused(refusal) => refusal.id,
            Self::NotFound => "not-found",
            Self::Forbidden(_) => "forbidden",
            Self::Conflict => "changed-meanwhile",
            Self::Input { slug, .. } => slug,
            Self::KeyReused => "idempotency-key-reused",
            Self::Imported => "imported-before",
            Self::Busy => "busy",
            Self::NoKey => "no-key",
            Self::Store(_) | Self::Seal(_) | Self::Io(_) => "internal",
        }
    }

    /// What to tell the person, and what to do next.
    pub fn sentence(&self, lang: Lang) -> String {
        let (zh, en) = match self {
            Self::Refused(r) => (&*r.zh, &*r.en),
            Self::Input { zh, en, .. } => (zh.as_str(), en.as_str()),
            Self::NotFound => (
                "没有找到。请核对编号或查询码后再试。",
                "Not found. Please check the number or the code and try again.",
            ),
            Self::Forbidden(_) => (
                "您的岗位没有这项权限。如确需办理，请联系本室负责人。",
                "Your role does not allow this. If it is needed, ask the head of your office.",
            ),
            Self::Conflict => (
                "这件刚刚被别人更新过，请刷新页面，看过最新情况后再办理。您填写的内容没有丢失。",
                "Someone changed this report a moment ago. Reload, look at it again, then act. What you wrote is kept.",
            ),
            Self::KeyReused => (
                "同一个幂等键已用于另一份内容。请换一个新的幂等键重新提交。",
                "This Idempotency-Key was used with another body. Send the new report with a new key.",
            ),
            Self::Imported => {
                ("这一行以前已经导入过，没有重复登记。", "This row was imported before; nothing was added.")
            }
            Self::Busy => (
                "系统暂时繁忙，没有保存。您填写的内容还在，请稍后再按一次提交。",
                "The system is busy and nothing was stored. Your text is kept; please submit again in a moment.",
            ),
            Self::NoKey => (
                "本服务没有打开这项内容的密钥，请在办案端操作。",
                "This service holds no key to open that; use the desk.",
            ),
            Self::Store(_) | Self::Seal(_) | Self::Io(_) => (
                "系统出现故障，没有保存。您填写的内容还在，请稍后再试；如仍不行，请联系管理员。",
                "Something failed on our side and nothing was stored. Your text is kept; try again later, or tell the administrator.",
            ),
        };
        match lang {
            Lang::Zh => zh.to_owned(),
            Lang::En => en.to_owned(),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<store::StoreError> for Error {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error.to_string())
    }
}

impl From<store::AppendError> for Error {
    fn from(error: store::AppendError) -> Self {
        use store::AppendError as E;
        match error {
            E::Conflict => Self::Conflict,
            E::KeyReused => Self::KeyReused,
            E::Busy => Self::Busy,
            E::Imported => Self::Imported,
            other => Self::Store(other.to_string()),
        }
    }
}

impl From<seal::SealError> for Error {
    fn from(error: seal::SealError) -> Self {
        match error {
            seal::SealError::KeyMissing { .. } => Self::NoKey,
            other => Self::Seal(other.to_string()),
        }
    }
}

impl From<domain::report::HistoryError> for Error {
    fn from(error: domain::report::HistoryError) -> Self {
        Self::Store(format!("a report's history does not hold together: {error}"))
    }
}
