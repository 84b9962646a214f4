//! The directory as a document: its types and its look-ups; `check` sees that every reference holds.
//!
//! It reads no text of a report; matching words against it is `names`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{OfficeId, StaffId, TenantCode};
use crate::report::Holder;
use crate::words::{Edition, Rank, Role};

/// What a tenant knows about organs, offices, posts and people; the format of `init` and `demo`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The organ itself.
    pub organ: Organ,
    /// Other organs: the superior, the lower ones, and competent organs outside the program.
    #[serde(default)]
    pub organs: Vec<OtherOrgan>,
    /// 管理党委: which organ accepts reports about the cadres each one manages (规则 Art 10–12).
    #[serde(default)]
    pub committees: Vec<Committee>,
    /// Departments, stationed groups and township commissions inside the organ.
    pub offices: Vec<Office>,
    /// Units whose people may be reported (住建局, a township government, a school).
    #[serde(default)]
    pub units: Vec<Unit>,
    /// Posts and who manages their holders.
    #[serde(default)]
    pub posts: Vec<Post>,
    /// Staff of the organ.
    #[serde(default)]
    pub staff: Vec<Staff>,
    /// Division codes not in the national list (a made-up demo city, a development zone).
    #[serde(default)]
    pub divisions: Vec<ExtraDivision>,
}

/// An organ that keeps its own register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organ {
    /// Nine characters; the first six are the division code.
    pub tenant: TenantCode,
    /// Full name, as on its letters.
    pub name: String,
    /// Short names people use (`市纪委`, `市监委`).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Body of law it lives under.
    pub edition: Edition,
    /// Level of government.
    pub level: Level,
    /// Key of the superior organ in `organs`.
    #[serde(default)]
    pub superior: Option<String>,
    /// Division code (GB/T 2260).
    pub division: String,
    /// What its letters say.
    pub letterhead: Letterhead,
}

/// What stands on the organ's letters.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// 发文机关标志, printed in red.
    pub mark: String,
    /// 机关代字 in document numbers.
    pub short: String,
    /// Postal address.
    pub address: String,
    /// Telephone for questions.
    pub phone: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// Public address of the pages, if published.
    #[serde(default)]
    pub url: String,
}

/// Level of government.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省级
    Province,
    /// 市级
    City,
    /// 县级
    County,
    /// 乡级
    Township,
}

impl Level {
    /// The highest rank this level's committee itself manages; a higher one is the superior's
    /// (规则 Art 10: a city manages 县处级 and below, a county 乡科级 and below).
    pub fn manages_up_to(self) -> Rank {
        match self {
            Self::Province => Rank::Bureau,
            Self::City => Rank::County,
            Self::County => Rank::Section,
            Self::Township => Rank::General,
        }
    }
}

/// How another organ stands to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganRelation {
    /// 上级机关
    Superior,
    /// 下级机关
    Lower,
    /// An organ placed in a vertically managed department (规则 Art 11).
    Vertical,
    /// 同级或其他有权机关 (courts, police, petition bureau, 主管部门)
    Peer,
}

/// An organ other than the tenant's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherOrgan {
    /// Key within this directory.
    pub key: String,
    /// Full name.
    pub name: String,
    /// Short names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its code, if it keeps a register in the same installation.
    #[serde(default)]
    pub tenant: Option<TenantCode>,
    /// How it stands to this organ.
    pub relation: OrganRelation,
    /// Division code, if it has a territory.
    #[serde(default)]
    pub division: Option<String>,
    /// Address told to a reporter who is referred there (规则 Art 13).
    #[serde(default)]
    pub address: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
}

impl OtherOrgan {
    /// The holder a dispatch to this organ names.
    pub fn holder(&self) -> Holder {
        match &self.tenant {
            Some(tenant) => Holder::Organ { tenant: tenant.clone() },
            None => Holder::Outside { key: self.key.clone() },
        }
    }
}

/// Key of a managing committee.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CommitteeId(pub String);

/// 管理党委 (党组): manages cadres; one organ accepts the reports about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committee {
    /// Key.
    pub id: CommitteeId,
    /// Name, e.g. 云川市委.
    pub name: String,
    /// Who accepts reports about its cadres.
    pub accepts: Accepts,
}

/// Who accepts reports about the cadres of a committee (规则 Art 10–12).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Accepts {
    /// This organ.
    Own,
    /// One office of this organ (a stationed group, a township commission).
    Office(OfficeId),
    /// Another organ, by its key in the directory.
    Organ(String),
}

/// What an office inside the organ is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficeKind {
    /// 信访室: registers, judges, dispatches.
    Petition,
    /// 监督检查室
    Supervision,
    /// 审查调查室
    Investigation,
    /// 派驻（出）纪检监察组
    Stationed,
    /// 乡镇（街道）纪委
    Township,
    /// 案件监督管理室 / 督查室
    CaseManagement,
    /// 领导班子
    Leadership,
    /// 办理部门 of a petition bureau, and other departments.
    Department,
}

impl OfficeKind {
    /// Every kind, in the order of the lists.
    pub const ALL: &'static [Self] = &[
        Self::Petition,
        Self::Supervision,
        Self::Investigation,
        Self::Stationed,
        Self::Township,
        Self::CaseManagement,
        Self::Leadership,
        Self::Department,
    ];
}

/// An office inside the organ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Key.
    pub id: OfficeId,
    /// Name.
    pub name: String,
    /// Short names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What it is for.
    pub kind: OfficeKind,
    /// Division codes it looks after (联系地区), as prefixes.
    #[serde(default)]
    pub divisions: Vec<String>,
    /// 分管领导: the member of the leadership in charge of it.
    #[serde(default)]
    pub leader: Option<StaffId>,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
}

/// Key of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub String);

/// A unit whose people may be reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Key.
    pub id: UnitId,
    /// Full name.
    pub name: String,
    /// Short names (`住建局`, `市住建局`).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Division code of its place.
    pub division: String,
    /// The supervision office or stationed group responsible for it.
    #[serde(default)]
    pub office: Option<OfficeId>,
    /// Who manages its ordinary cadres; a post may name another committee.
    pub committee: CommitteeId,
    /// For vertical management: key of the organ placed in the parent department (Art 11).
    #[serde(default)]
    pub vertical: Option<String>,
}

/// Key of a post.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(pub String);

/// 一把手, 班子成员, or neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headship {
    /// 一把手
    Head,
    /// 班子成员
    Member,
    /// Neither.
    #[default]
    Ordinary,
}

/// 高风险岗位 marks belong to a post, never to a person (M24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Risk {
    /// 权力集中
    Power,
    /// 资金密集
    Funds,
    /// 资源富集
    Resources,
}

/// A post and who manages its holder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Key.
    pub id: PostId,
    /// Title (`局长`).
    pub title: String,
    /// Whole words people use for it (`县纪委书记`).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Unit; `None` for a post in this organ itself.
    #[serde(default)]
    pub unit: Option<UnitId>,
    /// 职级
    pub rank: Rank,
    /// 管理党委
    pub committee: CommitteeId,
    /// 一把手 or 班子成员.
    #[serde(default)]
    pub head: Headship,
    /// Risk marks of the post.
    #[serde(default)]
    pub risks: Vec<Risk>,
    /// Who holds it now, if public knowledge.
    #[serde(default)]
    pub holder: Option<String>,
}

/// A near relative or another person whose mention recuses (规则 Art 48).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Name.
    pub name: String,
    /// 配偶, 子女, 利害关系 …
    pub relation: String,
}

/// Days away, and who stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// First day.
    pub from: Date,
    /// Last day.
    pub until: Date,
    /// Who stands in, if named.
    #[serde(default)]
    pub substitute: Option<StaffId>,
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// Key.
    pub id: StaffId,
    /// Sign-in name.
    pub user: String,
    /// Name.
    pub name: String,
    /// Roles; the first is the usual one.
    pub roles: Vec<Role>,
    /// Office.
    pub office: OfficeId,
    /// Post, if it is in the directory.
    #[serde(default)]
    pub post: Option<PostId>,
    /// People whose mention recuses.
    #[serde(default)]
    pub near: Vec<Relation>,
    /// Days away.
    #[serde(default)]
    pub leaves: Vec<Leave>,
    /// Roles and office somebody proposed and nobody else has confirmed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposed: Option<Grant>,
    /// Last day of service; from then on she signs in no more and holds no role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Date>,
}

/// Roles and office as one person proposes them; another one confirms (security.md, promise 7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Roles; the first is the usual one.
    pub roles: Vec<Role>,
    /// Office.
    pub office: OfficeId,
    /// Who proposes.
    pub by: StaffId,
}

/// Whether one person may hold these roles together: whoever runs the machine, guards it or audits it
/// holds nothing else (三员分立), and who keeps identities does not approve their opening.
pub fn may_stand_together(roles: &[Role]) -> bool {
    let officer = |role: &Role| matches!(role, Role::Admin | Role::Security | Role::Auditor);
    let apart = roles.len() > 1 && roles.iter().any(officer);
    let both = roles.contains(&Role::Custodian) && roles.contains(&Role::Approver);
    !apart && !both
}

impl Staff {
    /// Away on `day`, and the substitute named for that day.
    pub fn leave_on(&self, day: Date) -> Option<&Leave> {
        self.leaves.iter().find(|l| l.from <= day && day <= l.until)
    }
}

/// A division that is not in the national list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraDivision {
    /// 2, 4, 6, 9 or 12 digits.
    pub code: String,
    /// Name.
    pub name: String,
}

/// Why a directory document is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    /// Not the format.
    #[error("the directory document cannot be read: {0}; compare it with rules/directory/example.toml")]
    Format(String),
    /// Two things with one key.
    #[error("the directory names {what} {key} twice; keep one of them")]
    Twice {
        /// What kind of thing.
        what: &'static str,
        /// Its key.
        key: String,
    },
    /// A reference to nothing.
    #[error("{what} {key} is referred to by {by} but is not in the directory; add it or correct the reference")]
    Missing {
        /// What kind of thing.
        what: &'static str,
        /// Its key.
        key: String,
        /// Who refers to it.
        by: String,
    },
    /// No petition office.
    #[error("the directory has no office of kind \"petition\"; every organ needs one that registers reports")]
    NoPetitionOffice,
}

impl Directory {
    /// Reads a TOML document and checks it.
    ///
    /// # Errors
    /// [`DirectoryError`] naming the first thing that is wrong.
    pub fn from_toml(text: &str) -> Result<Self, DirectoryError> {
        let found: Self = toml::from_str(text).map_err(|e| DirectoryError::Format(e.message().to_owned()))?;
        found.check()?;
        Ok(found)
    }

    /// Reads a JSON document, as the register keeps it, and checks it.
    ///
    /// # Errors
    /// [`DirectoryError`] naming the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, DirectoryError> {
        let found: Self = serde_json::from_str(text).map_err(|e| DirectoryError::Format(e.to_string()))?;
        found.check()?;
        Ok(found)
    }

    /// The petition office, which registers what comes in.
    pub fn petition_office(&self) -> Option<&Office> {
        self.offices.iter().find(|o| o.kind == OfficeKind::Petition)
    }

    /// An office by key.
    pub fn office(&self, id: &OfficeId) -> Option<&Office> {
        self.offices.iter().find(|o| &o.id == id)
    }

    /// A member of staff by key.
    pub fn staff(&self, id: &StaffId) -> Option<&Staff> {
        self.staff.iter().find(|s| &s.id == id)
    }

    /// A member of staff by sign-in name.
    pub fn user(&self, user: &str) -> Option<&Staff> {
        self.staff.iter().find(|s| s.user == user)
    }

    /// Staff of one office.
    pub fn staff_of<'a>(&'a self, office: &'a OfficeId) -> impl Iterator<Item = &'a Staff> {
        self.staff.iter().filter(move |s| &s.office == office)
    }

    /// Staff who hold a role.
    pub fn staff_in(&self, role: Role) -> impl Iterator<Item = &Staff> {
        self.staff.iter().filter(move |s| s.roles.contains(&role))
    }

    /// 主要领导 of the organ.
    pub fn chief(&self) -> Option<&Staff> {
        self.staff_in(Role::Chief).next()
    }

    /// A unit by key.
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.iter().find(|u| &u.id == id)
    }

    /// A post by key.
    pub fn post(&self, id: &PostId) -> Option<&Post> {
        self.posts.iter().find(|p| &p.id == id)
    }

    /// A committee by key.
    pub fn committee(&self, id: &CommitteeId) -> Option<&Committee> {
        self.committees.iter().find(|c| &c.id == id)
    }

    /// Another organ by key.
    pub fn organ(&self, key: &str) -> Option<&OtherOrgan> {
        self.organs.iter().find(|o| o.key == key)
    }

    /// The superior organ.
    pub fn superior(&self) -> Option<&OtherOrgan> {
        self.organ.superior.as_deref().and_then(|key| self.organ(key))
    }

    /// Whether the superior manages the cadres of `committee` (规则 Art 15).
    pub fn superior_manages(&self, committee: &CommitteeId) -> bool {
        match self.committee(committee).map(|c| &c.accepts) {
            Some(Accepts::Organ(key)) => self.organ(key).is_some_and(|o| o.relation == OrganRelation::Superior),
            _ => false,
        }
    }

    /// Name of a holder, for screens and letters; `None` if the directory does not know it.
    pub fn holder_name(&self, holder: &Holder) -> Option<&str> {
        match holder {
            Holder::Office { office } => self.office(office).map(|o| o.name.as_str()),
            Holder::Organ { tenant } if *tenant == self.organ.tenant => Some(&self.organ.name),
            Holder::Organ { tenant } => {
                self.organs.iter().find(|o| o.tenant.as_ref() == Some(tenant)).map(|o| o.name.as_str())
            }
            Holder::Outside { key } => self.organ(key).map(|o| o.name.as_str()),
        }
    }
}
