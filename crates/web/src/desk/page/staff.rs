//! The directory, one member of staff, and the work that was given up.

use askama::Template;

use super::{DeskPage, Pager, Select};

/// A member of staff in the directory.
#[derive(Debug, Clone)]
pub struct StaffLine {
    /// Address of her page; empty where there is none for the reader.
    pub href: String,
    /// Name.
    pub name: String,
    /// Sign-in name; empty where it is not shown.
    pub user: String,
    /// Office.
    pub office: String,
    /// Roles in words.
    pub roles: String,
    /// Serving, waiting for confirmation, or ended.
    pub state: String,
    /// Something about her waits for confirmation.
    pub waits: bool,
}

/// An office in the directory.
#[derive(Debug, Clone)]
pub struct OfficeLine {
    /// Key.
    pub id: String,
    /// Name.
    pub name: String,
    /// What it is for.
    pub kind: String,
    /// Key of its leader; empty for none.
    pub leader: String,
    /// Name of its leader.
    pub leader_name: String,
    /// Telephone.
    pub phone: String,
    /// People in it.
    pub people: usize,
}

/// The form of a member of staff, as filled.
#[derive(Debug, Clone)]
pub struct PersonForm {
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub user: String,
    /// Office.
    pub office: Select,
    /// Whether it is chosen, spelling, and word of each role.
    pub roles: Vec<(bool, String, String)>,
    /// Near relations, one a line.
    pub near: String,
}

/// 目录.
#[derive(Template)]
#[template(path = "desk/directory.html")]
pub struct DirectoryPage {
    /// Frame.
    pub p: DeskPage,
    /// What is wrong with a form; empty for nothing.
    pub error: String,
    /// Offices and people may be added.
    pub may_edit: bool,
    /// Whether the export is offered.
    pub may_export: bool,
    /// Name asked for.
    pub name: String,
    /// Office asked for.
    pub office: Select,
    /// Role asked for.
    pub role: Select,
    /// People.
    pub staff: Vec<StaffLine>,
    /// Pages of them.
    pub pager: Pager,
    /// Offices.
    pub offices: Vec<OfficeLine>,
    /// Other organs: name, address, telephone.
    pub organs: Vec<(String, String, String)>,
    /// Posts: unit, title, rank, managing committee.
    pub posts: Vec<[String; 4]>,
    /// Who may lead an office.
    pub leaders: Vec<(String, String)>,
    /// Which form is open: `person`, `office`, or none.
    pub open: &'static str,
    /// The form of a new member of staff.
    pub person: PersonForm,
    /// Name of a new office.
    pub office_name: String,
    /// Its telephone.
    pub office_phone: String,
    /// What it is for.
    pub office_kind: Select,
    /// Who leads it.
    pub office_leader: Select,
}

/// One member of staff, for those who keep the directory.
#[derive(Template)]
#[template(path = "desk/person.html")]
pub struct PersonPage {
    /// Frame.
    pub p: DeskPage,
    /// Version of the directory it shows.
    pub seen: u32,
    /// What is wrong; empty for nothing.
    pub error: String,
    /// Key.
    pub id: String,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub user: String,
    /// Office.
    pub office: String,
    /// Roles in words.
    pub roles: String,
    /// Serving or not.
    pub state: String,
    /// Roles and office proposed, and by whom.
    pub proposed: Option<(String, String, String)>,
    /// She may be changed by the reader.
    pub may_edit: bool,
    /// Her roles may be confirmed by the reader.
    pub may_grant: bool,
    /// Roles, office and relations.
    pub form: PersonForm,
    /// A one-time link, shown once.
    pub link: String,
    /// The code of her links, shown once.
    pub code: String,
}

/// Work that was given up.
#[derive(Debug, Clone)]
pub struct GivenUpLine {
    /// Which list it stands on.
    pub queue: &'static str,
    /// Its id in hexadecimal.
    pub id: String,
    /// What was to be done.
    pub what: String,
    /// How often it was tried.
    pub attempts: u32,
    /// Short name of the last error.
    pub error: String,
    /// Day it was given up.
    pub day: String,
}

/// 运行.
#[derive(Template)]
#[template(path = "desk/operations.html")]
pub struct Operations {
    /// Frame.
    pub p: DeskPage,
    /// Given-up work, the latest first.
    pub lines: Vec<GivenUpLine>,
}
