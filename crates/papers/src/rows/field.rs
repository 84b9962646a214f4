//! Which column is which: headings in Chinese and English, or a mapping file.

use std::collections::BTreeMap;

use super::OpenError;
use crate::labels::half_width;

macro_rules! fields {
    ($($(#[$doc:meta])* $name:ident = $spelling:literal, $heading:literal, [$($alias:literal),* $(,)?];)+) => {
        /// What a column holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Field { $($(#[$doc])* $name,)+ }

        impl Field {
            /// Every field, in the order of the import template.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The spelling in mapping files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $spelling,)+ }
            }

            /// The heading written into the import template.
            pub const fn heading(self) -> &'static str {
                match self { $(Self::$name => $heading,)+ }
            }

            /// Every heading that is recognised besides `heading` and the spelling, as compared:
            /// lower case, without blanks, signs and remarks in brackets.
            const fn aliases(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($alias),*],)+ }
            }
        }
    };
}

fields! {
    /// 编号 in the source.
    Id = "id", "编号", ["留言编号", "信访编号", "信访件编号", "举报编号", "受理编号", "登记编号", "平台编号", "检举举报平台编号", "国家信访系统编号", "件号", "replyid", "number", "rowid", "tid"];
    /// 序号: where a row stands in its table; next month another row stands there.
    Serial = "serial", "序号", ["行号", "no"];
    /// 主题
    Title = "title", "主题", ["标题", "留言主题", "留言标题", "信访标题", "题目", "事由", "subject", "topic"];
    /// 详情
    Text = "text", "内容", ["详情", "留言详情", "留言内容", "正文", "举报内容", "反映内容", "信访内容", "主要内容", "主要问题", "反映问题", "问题描述", "诉求内容", "信访诉求", "原文", "content", "body", "message", "details", "description", "replycontentmain"];
    /// 时间
    Time = "time", "时间", ["留言时间", "留言日期", "日期", "收到日期", "收件日期", "登记日期", "登记时间", "来信日期", "来访日期", "来访时间", "来电时间", "举报时间", "举报日期", "信访日期", "信访时间", "反映时间", "提交时间", "发布时间", "receivedon", "date", "datetime", "createdat", "replydate"];
    /// 渠道
    Channel = "channel", "渠道", ["信访形式", "信访方式", "举报方式", "举报渠道", "来件渠道", "反映渠道", "受理渠道"];
    /// 来源
    Source = "source", "来源", ["信访来源", "线索来源", "来件来源", "信息来源"];
    /// 来文机关、文号
    SourceNote = "source_note", "来文机关和文号", ["来文机关", "来文文号", "来源说明", "转办单位", "交办单位", "移送单位"];
    /// 反映人姓名
    Name = "name", "反映人姓名", ["姓名", "举报人", "举报人姓名", "反映人", "信访人", "信访人姓名", "来访人", "来访人姓名", "署名", "named", "reportername"];
    /// 联系方式
    Contact = "contact", "联系方式", ["联系电话", "电话", "手机", "手机号", "手机号码", "电话号码", "举报人联系方式", "反映人联系方式", "phone", "tel", "mobile"];
    /// 被反映人
    SubjectName = "subject_name", "被反映人", ["被反映人姓名", "被举报人", "被举报人姓名", "被检举人", "被控告人", "反映对象", "举报对象"];
    /// 被反映单位
    SubjectUnit = "subject_unit", "被反映单位", ["被反映人单位", "被举报单位", "被举报人单位", "工作单位", "单位", "被反映人工作单位", "留言对象", "unit", "replyobject"];
    /// 职务
    SubjectPost = "subject_post", "职务", ["被反映人职务", "被举报人职务", "post", "position"];
    /// 职级
    SubjectRank = "subject_rank", "职级", ["级别", "被反映人职级", "被反映人级别", "被举报人职级", "被举报人级别", "rank"];
    /// 属地
    Division = "division", "属地", ["行政区划", "省市县", "所属地区", "所属区域", "地区", "区划", "区划代码", "行政区划代码", "问题属地", "事发地", "region"];
    /// 省
    Province = "province", "省", ["省份", "省级"];
    /// 市
    City = "city", "市", ["地市", "城市", "市级"];
    /// 县
    County = "county", "县", ["区县", "县区", "县市区", "县级"];
    /// 类别
    Kind = "kind", "类别", ["信访类别", "举报类别", "件类别", "留言类型", "类型", "信访目的", "typenamed"];
    /// 标签
    Label = "label", "问题类别", ["一级标签", "一级分类", "标签", "分类", "内容分类", "问题分类", "问题类型", "domainname", "domain", "category"];
    /// 答复意见
    Reply = "reply", "答复意见", ["答复", "答复内容", "回复", "回复内容", "办理结果", "处理结果", "回复意见", "handlecontent"];
    /// 答复时间
    ReplyTime = "reply_time", "答复时间", ["答复日期", "回复时间", "回复日期", "办理时间", "办结日期", "handletime"];
}

/// Which heading holds which field; empty means: recognise the headings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(BTreeMap<Field, String>);

/// Why a mapping file is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, or values that are not texts.
    #[error("the mapping file is not understood: {0}; write lines such as text = \"详情\"")]
    Toml(String),
    /// A field that does not exist.
    #[error("the mapping names an unknown field \"{field}\"; known are {known}")]
    UnknownField {
        /// As written.
        field: String,
        /// All spellings, separated by commas.
        known: String,
    },
}

impl MappingError {
    /// The same in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Toml(_) => "看不懂对照文件。请每行写一项，例如 text = \"详情\"".to_owned(),
            Self::UnknownField { field, known } => {
                format!("对照文件中的“{field}”不是可用的字段；可用的有：{known}")
            }
        }
    }
}

impl Mapping {
    /// Reads a mapping file: `field = "heading"`, one line each. A field not named is still
    /// recognised by its heading; an empty heading switches a field off.
    ///
    /// # Errors
    /// [`MappingError`] naming the line or the field.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        let table: BTreeMap<String, String> =
            toml::from_str(text).map_err(|e| MappingError::Toml(e.message().to_owned()))?;
        let mut mapping = BTreeMap::new();
        for (name, heading) in table {
            let Some(field) = Field::ALL.iter().find(|f| f.as_str() == name) else {
                let known: Vec<_> = Field::ALL.iter().map(|f| f.as_str()).collect();
                return Err(MappingError::UnknownField { field: name, known: known.join(", ") });
            };
            mapping.insert(*field, heading);
        }
        Ok(Self(mapping))
    }

    /// The field of each heading; of two headings for one field the first counts.
    ///
    /// # Errors
    /// [`OpenError::HeadingNotFound`] when a mapped heading is not there.
    pub(super) fn assign(&self, headings: &[&str]) -> Result<Vec<Option<Field>>, OpenError> {
        let mut fields = vec![None; headings.len()];
        for (field, wanted) in self.0.iter().filter(|(_, wanted)| !wanted.trim().is_empty()) {
            let at = headings.iter().position(|h| compared(h) == compared(wanted) || h.trim() == wanted.trim());
            match at {
                Some(at) => fields[at] = Some(*field),
                None => {
                    return Err(OpenError::HeadingNotFound { field: field.as_str(), heading: wanted.clone() });
                }
            }
        }
        for (at, heading) in headings.iter().enumerate() {
            if let Some(field) = self.field_of(heading)
                && fields[at].is_none()
                && !fields.contains(&Some(field))
            {
                fields[at] = Some(field);
            }
        }
        Ok(fields)
    }

    /// The field of one heading, where each row brings its own (JSON lines).
    pub(super) fn field_of(&self, heading: &str) -> Option<Field> {
        if let Some((field, _)) = self.0.iter().find(|(_, wanted)| wanted.trim() == heading.trim()) {
            return (!heading.trim().is_empty()).then_some(*field);
        }
        recognise(heading).filter(|field| !self.0.contains_key(field))
    }
}

/// The field a heading stands for, if it is known. Case, blanks, punctuation and remarks in
/// brackets do not matter.
pub fn recognise(heading: &str) -> Option<Field> {
    let heading = compared(heading);
    let known = |f: &&Field| {
        compared(f.heading()) == heading || compared(f.as_str()) == heading || f.aliases().contains(&heading.as_str())
    };
    if heading.is_empty() { None } else { Field::ALL.iter().find(known).copied() }
}

/// A heading as compared: half width, lower case, letters and digits only, no remark in brackets.
fn compared(heading: &str) -> String {
    let mut depth = 0u32;
    let mut out = String::new();
    for c in heading.chars().map(half_width) {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {}
        }
    }
    out
}
