//! The desk's templates: one struct per page with what it shows, already in words. They know
//! nothing of requests, permissions or the register.

mod hand;
mod list;
mod report;
mod staff;

use std::ops::Deref;

use askama::Template;
use domain::words::Lang;
use store::Total;

use crate::assets;
use crate::locale::{self, Voice};

pub use hand::*;
pub use list::*;
pub use report::*;
pub use staff::*;

/// One entry of the left-hand menu.
#[derive(Debug, Clone)]
pub struct MenuItem {
    /// Address.
    pub href: &'static str,
    /// Its word.
    pub label: String,
    /// A stock number.
    pub count: Option<Total>,
    /// The number calls for attention.
    pub hot: bool,
    /// This is the page shown.
    pub current: bool,
    /// Part of the entry above it.
    pub sub: bool,
    /// The first of its group.
    pub begins: bool,
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
    /// The stock numbers in it.
    pub counts: store::Counts,
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
    /// Other periods: address, name, whether it is this one.
    pub periods: Vec<(String, String, bool)>,
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
    /// Whose deeds.
    pub staff: Select,
    /// Which kind of deed.
    pub kind: Select,
    /// Records of this page, newest first.
    pub entries: Vec<AuditLine>,
    /// The other pages.
    pub pager: Pager,
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
    /// Where to go on: address and name.
    pub back: (String, String),
}
