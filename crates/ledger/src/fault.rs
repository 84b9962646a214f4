//! What was found unsound, where, in words. One type for folders, proofs and
//! bundles, so that the command line, the page and the log all name the first
//! fault in the same way. It does not know how a fault is shown.

use crate::note::NoteFault;
use crate::tree::BadProof;

/// The first thing that is not sound: the file or field, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {flaw}")]
pub struct Fault {
    /// A path below the log folder (`tile/0/048`) or a field of a bundle.
    pub place: String,
    /// What is wrong with it.
    pub flaw: Flaw,
}

impl Fault {
    /// A fault at a place.
    pub fn at(place: impl Into<String>, flaw: impl Into<Flaw>) -> Fault {
        Fault { place: place.into(), flaw: flaw.into() }
    }

    /// The fault as a Chinese sentence.
    pub fn zh(&self) -> String {
        format!("{}:{}", self.place, self.flaw.zh())
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A file or field that must be there is not.
    #[error("it is missing")]
    Missing,
    /// The file could not be read; the system's reason.
    #[error("it cannot be read ({0})")]
    Unreadable(String),
    /// The length is not what the size of the log demands.
    #[error("it has {found} bytes where {expected} belong")]
    Length {
        /// Bytes that belong there.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// The bytes do not follow the format.
    #[error("it is not in the right format: {0}")]
    Format(&'static str),
    /// The tiles at the right edge do not hash to the signed root.
    #[error("the right edge of the tree does not lead to the signed root hash")]
    Root,
    /// A full tile does not hash to the value its parent tile holds.
    #[error("it does not hash to the value in the tile above it")]
    Parent,
    /// An entry does not hash to its place in the level 0 tile.
    #[error("entry {0} does not hash to the value in its level 0 tile")]
    Entry(u64),
    /// A superseded partial tile is not the beginning of its successor.
    #[error("it is not the beginning of the later tile with the same number")]
    NotAPrefix,
    /// The log is shorter than an anchor says it once was.
    #[error("it shows {size} leaves where {anchor} were witnessed: the log was rolled back")]
    RolledBack {
        /// Leaves in the anchor.
        anchor: u64,
        /// Leaves now.
        size: u64,
    },
    /// The log does not continue the anchor.
    #[error("at {anchor} leaves it does not have the root hash that was witnessed: the log forked")]
    Fork {
        /// Leaves in the anchor.
        anchor: u64,
    },
    /// A signature or the note around it.
    #[error(transparent)]
    Note(#[from] NoteFault),
    /// An inclusion or consistency proof.
    #[error(transparent)]
    Proof(#[from] BadProof),
    /// The checkpoint names another log than the key that signed it.
    #[error("it names the log {found}, but the key belongs to {expected}")]
    Origin {
        /// Log the trusted key belongs to.
        expected: String,
        /// Log the text names.
        found: String,
    },
    /// The witnesses that the policy wants have not all cosigned.
    #[error("{found} known witnesses have cosigned, which is not the quorum of the policy: {wanted}")]
    Quorum {
        /// Witnesses required, as the policy groups them.
        wanted: String,
        /// Valid cosignatures by known witnesses.
        found: usize,
    },
    /// Two statements that must agree do not.
    #[error("it does not agree with {0}")]
    Disagrees(&'static str),
    /// The salt and digest do not open the commitment.
    #[error("the salt and the digest do not give this commitment")]
    Opening,
    /// The file given is not the one the bundle was made for.
    #[error("the file is not the one this proof was made for")]
    OtherFile,
}

impl Flaw {
    /// The flaw as a Chinese clause.
    pub fn zh(&self) -> String {
        match self {
            Flaw::Missing => "缺失".into(),
            Flaw::Unreadable(reason) => format!("无法读取({reason})"),
            Flaw::Length { expected, found } => {
                format!("长度应为 {expected} 字节,实为 {found} 字节")
            }
            Flaw::Format(_) => "格式不符合规定".into(),
            Flaw::Root => "哈希树右边缘算不出签名快照中的根哈希".into(),
            Flaw::Parent => "与上一级数据块中的哈希值不一致".into(),
            Flaw::Entry(index) => format!("第 {index} 条记录与第 0 级数据块中的哈希值不一致"),
            Flaw::NotAPrefix => "不是同号后续数据块的开头部分".into(),
            Flaw::RolledBack { anchor, size } => {
                format!("现有 {size} 条记录,而见证时已有 {anchor} 条:日志被回退")
            }
            Flaw::Fork { anchor } => {
                format!("前 {anchor} 条记录的根哈希与见证时不同:日志出现分叉")
            }
            Flaw::Note(fault) => fault.zh(),
            Flaw::Proof(BadProof::OutOfRange) => "证明所指的序号或规模超出了哈希树".into(),
            Flaw::Proof(BadProof::Length { expected, found }) => {
                format!("证明路径应有 {expected} 个哈希值,实有 {found} 个")
            }
            Flaw::Proof(BadProof::Root) => "证明路径算出的根哈希与签名快照不一致".into(),
            Flaw::Origin { expected, found } => {
                format!("所载日志名称为 {found},而签名密钥属于 {expected}")
            }
            Flaw::Quorum { wanted, found } => {
                format!("现有 {found} 个受信任的见证方联署,不满足见证策略的要求({wanted})")
            }
            Flaw::Disagrees(_) => "与凭证中的其他内容不一致".into(),
            Flaw::Opening => "随机盐与内容摘要算不出所载的存证摘要".into(),
            Flaw::OtherFile => "所选文件不是本凭证对应的文件".into(),
        }
    }
}
