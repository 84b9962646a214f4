//! Entities found in a text. How they are found is the business of `extract`.

use domain::words::Rank;
use serde::{Deserialize, Serialize};

use crate::stage::{Rule, Span};

/// The types of entity, spelled as in the contract of `dengwen triage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// 人名
    Name,
    /// 职务
    Position,
    /// 党政机关
    Government,
    /// 学校、医院、村委会等组织
    Organization,
    /// 企业
    Company,
    /// 地址
    Address,
    /// 工程、项目
    Project,
    /// 事件
    Event,
    /// 日期
    Date,
    /// 金额
    Money,
    /// 银行账号
    Account,
    /// 电话
    Phone,
    /// 身份证件号
    Identity,
    /// 统一社会信用代码
    CreditCode,
    /// 车辆号牌
    Vehicle,
    /// 公文、材料
    Document,
}

impl EntityKind {
    /// Every type.
    pub const ALL: &'static [Self] = &[
        Self::Name,
        Self::Position,
        Self::Government,
        Self::Organization,
        Self::Company,
        Self::Address,
        Self::Project,
        Self::Event,
        Self::Date,
        Self::Money,
        Self::Account,
        Self::Phone,
        Self::Identity,
        Self::CreditCode,
        Self::Vehicle,
        Self::Document,
    ];

    /// The stored spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Position => "position",
            Self::Government => "government",
            Self::Organization => "organization",
            Self::Company => "company",
            Self::Address => "address",
            Self::Project => "project",
            Self::Event => "event",
            Self::Date => "date",
            Self::Money => "money",
            Self::Account => "account",
            Self::Phone => "phone",
            Self::Identity => "identity",
            Self::CreditCode => "credit_code",
            Self::Vehicle => "vehicle",
            Self::Document => "document",
        }
    }
}

/// What an entity comes to when worked out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A sum of money in fen (hundredths of a yuan).
    Fen(i64),
    /// A stretch of days, ISO dates, both inclusive; equal for a single day.
    Days {
        /// First day, `YYYY-MM-DD`.
        from: String,
        /// Last day, `YYYY-MM-DD`.
        to: String,
    },
    /// A number without spaces, dashes or full-width forms.
    Number(String),
    /// The rank a post carries.
    Rank(Rank),
    /// The division an address lies in.
    Division(String),
}

/// An entity in the text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// First character in the text as given.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: EntityKind,
    /// The words, exactly as they stand in the text.
    pub text: String,
    /// What it comes to, where that can be worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// 0 to 1, fixed per rule.
    pub confidence: f32,
    /// The rule that found it.
    pub rule: Rule,
}

impl Entity {
    /// Where it stands.
    pub fn span(&self) -> Span {
        Span { start: self.start, end: self.end }
    }
}
