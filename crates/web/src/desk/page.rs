//! The desk's templates: one struct per page with what it shows, already in words. They know
//! nothing of requests, permissions or the register.

mod hand;
mod report;

use std::ops::Deref;

use askama::Template;
use domain::words::Lang;

use crate::assets;
use crate::locale::{self, Voice};

pub use hand::*;
pub use report::*;

/// One entry of the left-hand menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// Address.
    pub href: &'static str,
    /// Its word.
    pub label: String,
    /// A stock number.
    pub count: Option<u64>,
    /// The number calls for attention.
    pub hot: bool,
    /// This is the page shown.
    pub current: bool,
}

/// What every page of the desk shows.
#[derive(Debug, Clone)]
pub struct DeskPage {
    /// Language and edition.
    pub voice: Voice,
    /// Name of the organ.
    pub organ: String,
    /// Name of the person.
    pub me: String,
    /// Name of her office.
    pub office: String,
    /// Her roles in words.
    pub roles: String,
    /// The session's form secret.
    pub csrf: String,
    /// The menu.
    pub menu: Vec<MenuItem>,
}

impl Deref for DeskPage {
    type Target = Voice;
    fn deref(&self) -> &Voice {
        &self.voice
    }
}

impl DeskPage {
    /// Value of the `lang` attribute.
    pub fn tag(&self) -> &'static str {
        locale::tag(self.voice.lang)
    }

    /// `lang` of the other language.
    pub fn other_tag(&self) -> &'static str {
        match self.voice.lang {
            Lang::Zh => "en",
            Lang::En => "zh-CN",
        }
    }

    /// The hashed address of an embedded file.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }
}

/// Language of a page before anyone is signed in.
#[derive(Debug, Clone, Copy)]
pub struct DoorVoice(pub Voice);

impl Deref for DoorVoice {
    type Target = Voice;
    fn deref(&self) -> &Voice {
        &self.0
    }
}

impl DoorVoice {
    /// Value of the `lang` attribute.
    pub fn tag(&self) -> &'static str {
        locale::tag(self.0.lang)
    }

    /// The hashed address of an embedded file.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::path(name)
    }
}

/// Signing in, or using a one-time link.
#[derive(Template)]
#[template(path = "desk/sign_in.html")]
pub struct SignIn {
    /// Language.
    pub v: DoorVoice,
    /// What is wrong; empty for nothing.
    pub error: String,
    /// User name as typed.
    pub user: String,
    /// Token of a one-time link; empty for signing in.
    pub invitation: String,
}

/// A row of a list.
#[derive(Debug, Clone, Default)]
pub struct RowView {
    /// 序号
    pub no: u64,
    /// Class of the colour; empty for none.
    pub colour_class: &'static str,
    /// Its word, or 超N日.
    pub colour: String,
    /// Address of the report.
    pub href: String,
    /// 编号
    pub number: String,
    /// 登记日期
    pub received: String,
    /// 渠道
    pub channel: String,
    /// 来源
    pub source: String,
    /// 实/匿
    pub signing: String,
    /// 被反映人, first one and how many more.
    pub subject: String,
    /// 内容摘要
    pub digest: String,
    /// 类别
    pub kind: String,
    /// 初/重
    pub repeat: String,
    /// 去向
    pub holder: String,
    /// 环节
    pub stage: String,
    /// 到期日
    pub due: String,
    /// 剩余
    pub left: String,
}

/// A filter as a button.
#[derive(Debug, Clone)]
pub struct Chip {
    /// Address.
    pub href: String,
    /// Its word.
    pub label: String,
    /// How many.
    pub count: Option<u64>,
    /// In force.
    pub current: bool,
}

/// Where in the list.
#[derive(Debug, Clone, Default)]
pub struct Pager {
    /// How many in all, in words.
    pub total: String,
    /// This page, from 1.
    pub page: u32,
    /// Address of the page before.
    pub before: Option<String>,
    /// Address of the next page.
    pub after: Option<String>,
}

/// A choice among values.
#[derive(Debug, Clone)]
pub struct Select {
    /// Field.
    pub name: &'static str,
    /// Its word.
    pub label: String,
    /// Chosen value.
    pub value: String,
    /// Stored spelling and word.
    pub options: Vec<(String, String)>,
}

/// The filter row of the register.
#[derive(Debug, Clone, Default)]
pub struct FilterRow {
    /// 编号
    pub number: String,
    /// 登记日期 from.
    pub from: String,
    /// 登记日期 to.
    pub until: String,
    /// Choices.
    pub selects: Vec<Select>,
}

/// Inbox or register.
#[derive(Template)]
#[template(path = "desk/list.html")]
pub struct List {
    /// Frame.
    pub p: DeskPage,
    /// Heading.
    pub heading: String,
    /// Quick filters.
    pub chips: Vec<Chip>,
    /// The filter row; only the register has one.
    pub filter: Option<FilterRow>,
    /// The filter as fields, for the export.
    pub filter_pairs: Vec<(String, String)>,
    /// Whether the export is offered.
    pub may_export: bool,
    /// Rows.
    pub rows: Vec<RowView>,
    /// Pages.
    pub pager: Pager,
}

/// What was searched for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Words.
    pub words: String,
    /// 被反映人
    pub subject: String,
    /// 单位
    pub unit: String,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
}

/// Search. By POST: words searched for stand in no address.
#[derive(Template)]
#[template(path = "desk/search.html")]
pub struct Search {
    /// Frame.
    pub p: DeskPage,
    /// What was asked.
    pub q: Asked,
    /// Something was asked.
    pub asked: bool,
    /// Hits.
    pub total: usize,
    /// This page, from 0.
    pub page_no: u32,
    /// There is a next page.
    pub more: bool,
    /// Rows.
    pub rows: Vec<RowView>,
}

/// One figure.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Number of the indicator.
    pub no: String,
    /// Name.
    pub name: String,
    /// Value as shown.
    pub value: String,
    /// Numerator and denominator, or what else belongs to it.
    pub of: String,
    /// Calls for attention.
    pub hot: bool,
}

/// One chart.
#[derive(Debug, Clone)]
pub struct Chart {
    /// Element id.
    pub id: &'static str,
    /// Name.
    pub name: String,
    /// What it says, for those who do not see it.
    pub alt: String,
    /// Category and value as shown.
    pub rows: Vec<(String, String)>,
}

/// The cockpit.
#[derive(Template)]
#[template(path = "desk/cockpit.html")]
pub struct Cockpit {
    /// Frame.
    pub p: DeskPage,
    /// The period in words.
    pub period: String,
    /// Figures.
    pub figures: Vec<Figure>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// The charts' data as JSON.
    pub data: String,
}

/// One audit record.
#[derive(Debug, Clone)]
pub struct AuditLine {
    /// Day and time.
    pub when: String,
    /// Who.
    pub who: String,
    /// Office.
    pub office: String,
    /// What.
    pub what: String,
    /// Numbers that go with it.
    pub detail: String,
}

/// 审计.
#[derive(Template)]
#[template(path = "desk/audit.html")]
pub struct Audit {
    /// Frame.
    pub p: DeskPage,
    /// First day.
    pub from: String,
    /// Last day.
    pub until: String,
    /// Records, newest first.
    pub entries: Vec<AuditLine>,
}

/// An office with its staff: name, roles.
#[derive(Debug, Clone)]
pub struct OfficeView {
    /// Name.
    pub name: String,
    /// Name and roles of each.
    pub staff: Vec<(String, String)>,
}

/// 目录.
#[derive(Template)]
#[template(path = "desk/directory.html")]
pub struct DirectoryPage {
    /// Frame.
    pub p: DeskPage,
    /// Offices.
    pub offices: Vec<OfficeView>,
    /// Other organs: name, address, telephone.
    pub organs: Vec<(String, String, String)>,
}

/// A page that only says something.
#[derive(Template)]
#[template(path = "desk/notice.html")]
pub struct Notice {
    /// Frame.
    pub p: DeskPage,
    /// Heading.
    pub heading: String,
    /// What to know or do.
    pub text: String,
}
