//! Which column is which: headings in Chinese and English, or a mapping file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 编号 in the source.
    Id,
    /// 主题
    Title,
    /// 详情
    Text,
    /// 时间
    Time,
    /// 渠道
    Channel,
    /// 来源
    Source,
    /// 来文机关、文号
    SourceNote,
    /// 反映人姓名
    Name,
    /// 联系方式
    Contact,
    /// 被反映人
    SubjectName,
    /// 被反映单位
    SubjectUnit,
    /// 职务
    SubjectPost,
    /// 职级
    SubjectRank,
    /// 属地
    Division,
    /// 省
    Province,
    /// 市
    City,
    /// 县
    County,
    /// 类别
    Kind,
    /// 标签
    Label,
    /// 答复意见
    Reply,
    /// 答复时间
    ReplyTime,
}

/// Which heading holds which field; empty means: recognise the headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(pub(crate) BTreeMap<Field, String>);

/// Why a mapping file is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, or values that are not texts.
    #[error("the mapping file is not understood: {0}; write lines such as text = \"详情\"")]
    Toml(String),
    /// A field that does not exist.
    #[error("the mapping names an unknown field \"{0}\"; known are {1}")]
    UnknownField(String, String),
}

impl Mapping {
    /// Reads a mapping file: `field = "heading"`, one line each; an empty heading switches the
    /// field off.
    ///
    /// # Errors
    /// [`MappingError`] naming the line or the field.
    pub fn from_toml(_text: &str) -> Result<Self, MappingError> {
        todo!()
    }
}

/// The field a heading stands for, if it is known. Case, blanks, punctuation and remarks in
/// brackets do not matter.
pub fn recognise(_heading: &str) -> Option<Field> {
    todo!()
}
