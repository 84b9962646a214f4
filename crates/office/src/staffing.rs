//! Who works here: offices and members of staff come, change and go, as events of the directory. One
//! person proposes roles, another confirms them; a one-time link needs a code from a second person.
//! So nobody who runs the machine gives herself, or a name she made up, what she must not have.

use domain::directory::{Directory, Grant, Office, OfficeKind, Relation, Staff, may_stand_together, same_person};
use domain::ids::{OfficeId, StaffId};
use domain::permission::Action;
use domain::recusal;
use domain::words::Role;

use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// Longest name of an office or a person.
const NAME: usize = 60;
/// Characters of the code that opens a one-time link: 40 bits, tried slowly.
const CODE: usize = 8;
/// Near relations one person may have.
const NEAR: usize = 20;
/// The code's characters: none is taken for another.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An office to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffice {
    /// Name.
    pub name: String,
    /// What it is for.
    pub kind: OfficeKind,
    /// 分管领导
    pub leader: Option<StaffId>,
    /// Telephone.
    pub phone: String,
}

/// A member of staff to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub user: String,
    /// Office.
    pub office: OfficeId,
    /// Roles, proposed: none is held before somebody else confirms.
    pub roles: Vec<Role>,
    /// Near relations.
    pub near: Vec<Relation>,
}

/// What was done to the directory, as the audit names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    OfficeAdded,
    StaffAdded,
    RolesProposed,
    RolesConfirmed,
    RolesDeclined,
    NearChanged,
    LeaderChanged,
    ServiceEnded,
}

impl Change {
    const fn as_str(self) -> &'static str {
        match self {
            Self::OfficeAdded => "office_added",
            Self::StaffAdded => "staff_added",
            Self::RolesProposed => "roles_proposed",
            Self::RolesConfirmed => "roles_confirmed",
            Self::RolesDeclined => "roles_declined",
            Self::NearChanged => "near_changed",
            Self::LeaderChanged => "leader_changed",
            Self::ServiceEnded => "service_ended",
        }
    }
}

impl Hall {
    /// Adds an office.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`].
    pub async fn add_office(&self, me: &Me, new: NewOffice) -> Result<OfficeId, Error> {
        me.may_use(Action::EditDirectory)?;
        let name = named(&new.name)?;
        let (mut directory, seen) = self.directory_now(me)?;
        if directory.offices.iter().any(|o| o.name == name) {
            return Err(Error::input(
                "office-twice",
                "已经有这个名称的部门，请另取名称。",
                "An office of this name exists; give it another.",
            ));
        }
        let id = OfficeId(fresh("o", |id| directory.offices.iter().any(|o| o.id.0 == id), self));
        directory.offices.push(Office {
            id: id.clone(),
            name,
            aliases: Vec::new(),
            kind: new.kind,
            divisions: Vec::new(),
            leader: new.leader,
            phone: new.phone.trim().chars().take(40).collect(),
        });
        self.change(me, (directory, seen), Change::OfficeAdded, &id.0).await?;
        Ok(id)
    }

    /// Says who leads an office (分管领导); nobody is `None`.
    ///
    /// # Errors
    /// As [`Hall::add_office`]; [`Error::NotFound`].
    pub async fn set_leader(&self, me: &Me, office: &OfficeId, leader: Option<StaffId>) -> Result<(), Error> {
        me.may_use(Action::EditDirectory)?;
        let (mut directory, seen) = self.directory_now(me)?;
        let found = directory.offices.iter_mut().find(|o| o.id == *office).ok_or(Error::NotFound)?;
        found.leader = leader;
        self.change(me, (directory, seen), Change::LeaderChanged, &office.0).await
    }

    /// Adds a member of staff. Her roles are proposed: she holds none before they are confirmed.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`].
    pub async fn add_staff(&self, me: &Me, new: NewStaff) -> Result<StaffId, Error> {
        me.may_use(Action::AdministerStaff)?;
        let name = named(&new.name)?;
        let user = self.user_name(&new.user)?;
        let (mut directory, seen) = self.directory_now(me)?;
        proposable(&directory, &new.roles, &new.office)?;
        near_fit(&new.near)?;
        let id = StaffId(fresh("s", |id| directory.staff.iter().any(|s| s.id.0 == id), self));
        directory.staff.push(Staff {
            id: id.clone(),
            user,
            name,
            roles: Vec::new(),
            office: new.office.clone(),
            post: None,
            near: new.near,
            leaves: Vec::new(),
            proposed: Some(Grant { roles: new.roles, office: new.office, by: me.staff.clone() }),
            ended_on: None,
        });
        self.change(me, (directory, seen), Change::StaffAdded, &id.0).await?;
        Ok(id)
    }

    /// Proposes other roles or another office; those in force stay until somebody else confirms.
    ///
    /// # Errors
    /// As [`Hall::add_staff`]; [`Error::NotFound`].
    pub async fn propose(&self, me: &Me, staff: &StaffId, roles: Vec<Role>, office: OfficeId) -> Result<(), Error> {
        me.may_use(Action::AdministerStaff)?;
        let (mut directory, seen) = self.directory_now(me)?;
        proposable(&directory, &roles, &office)?;
        let found = serving(&mut directory, staff)?;
        found.proposed = Some(Grant { roles, office, by: me.staff.clone() });
        self.change(me, (directory, seen), Change::RolesProposed, &staff.0).await
    }

    /// Confirms or declines what another person proposed; `shown` is the directory's version on the
    /// page that was read, so that nothing else is confirmed than what stood there.
    ///
    /// # Errors
    /// [`Error::Conflict`] where it changed meanwhile; [`Error::Forbidden`] also for who proposed it and for whom it is about; [`Error::NotFound`].
    pub async fn confirm(&self, me: &Me, staff: &StaffId, yes: bool, shown: Option<u32>) -> Result<(), Error> {
        me.may_use(Action::GrantRoles)?;
        let (mut directory, seen) = self.directory_now(me)?;
        if shown.is_some_and(|shown| shown != seen) {
            return Err(Error::Conflict);
        }
        let found = serving(&mut directory, staff)?;
        let grant = found.proposed.take().ok_or(Error::NotFound)?;
        if grant.by == me.staff || *staff == me.staff {
            return Err(Error::input(
                "confirm-own",
                "不能确认自己提出的或者涉及本人的授权，请由另一位安全保密员确认。",
                "Nobody confirms what she proposed herself or what is about herself; another security officer must.",
            ));
        }
        if yes {
            found.roles = grant.roles;
            found.office = grant.office;
            held_by_somebody(&self.organ(&me.tenant)?.directory, &directory)?;
        }
        let change = if yes { Change::RolesConfirmed } else { Change::RolesDeclined };
        self.change(me, (directory, seen), change, &staff.0).await?;
        if yes {
            // What she may do changed: whoever sits there signs in anew.
            self.store.sessions_end(&me.tenant, staff).await?;
        }
        Ok(())
    }

    /// Sets the near relations whose mention recuses.
    ///
    /// # Errors
    /// As [`Hall::propose`].
    pub async fn set_near(&self, me: &Me, staff: &StaffId, near: Vec<Relation>) -> Result<(), Error> {
        me.may_use(Action::AdministerStaff)?;
        near_fit(&near)?;
        let (mut directory, seen) = self.directory_now(me)?;
        serving(&mut directory, staff)?.near = near;
        somebody_unrelated(&directory)?;
        self.change(me, (directory, seen), Change::NearChanged, &staff.0).await
    }

    /// Ends somebody's service: her roles, her password, her links and her sessions end at once.
    ///
    /// # Errors
    /// As [`Hall::propose`]; [`Error::Input`] for oneself and for the last holder of an office that
    /// must be held.
    pub async fn end_service(&self, me: &Me, staff: &StaffId) -> Result<(), Error> {
        me.may_use(Action::AdministerStaff)?;
        if *staff == me.staff {
            return Err(Error::input(
                "end-own",
                "不能办理本人离任，请由另一位系统管理员办理。",
                "Nobody ends her own service; another administrator must.",
            ));
        }
        let today = self.clock.today();
        let (mut directory, seen) = self.directory_now(me)?;
        let found = serving(&mut directory, staff)?;
        found.roles = Vec::new();
        found.proposed = None;
        found.ended_on = Some(today);
        for office in &mut directory.offices {
            if office.leader.as_ref() == Some(staff) {
                office.leader = None;
            }
        }
        held_by_somebody(&self.organ(&me.tenant)?.directory, &directory)?;
        self.change(me, (directory, seen), Change::ServiceEnded, &staff.0).await?;
        self.store.credentials_drop(&me.tenant, staff).await?;
        Ok(self.store.sessions_end(&me.tenant, staff).await?)
    }

    /// Makes a one-time link's token for somebody, locked: it opens only with the code that the
    /// security officer gives her.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn issue_link(&self, me: &Me, staff: &StaffId) -> Result<String, Error> {
        me.may_use(Action::AdministerStaff)?;
        let (mut directory, _) = self.directory_now(me)?;
        serving(&mut directory, staff)?;
        self.record(me, Deed::DirectoryChanged { what: "link_issued".to_owned(), of: staff.0.clone() }).await?;
        self.locked_link(&me.tenant, staff).await
    }

    /// The code for somebody's one-time links, told to her by the security officer; an earlier code is
    /// good no more.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Input`] where there is no link.
    pub async fn release_link(&self, me: &Me, staff: &StaffId) -> Result<String, Error> {
        me.may_use(Action::GrantRoles)?;
        let mut bytes = [0; CODE];
        seal::Entropy::fill(&mut self.entropy(), &mut bytes);
        let code: String = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
        self.record(me, Deed::DirectoryChanged { what: "link_released".to_owned(), of: staff.0.clone() }).await?;
        let secret = link_secret(&code);
        if self.store.invitations_release(&me.tenant, staff, &secret, self.clock.micros()).await? == 0 {
            return Err(Error::input(
                "link-none",
                "这位同志没有待用的一次性链接，请先由系统管理员发放。",
                "There is no one-time link for this person; the administrator issues one first.",
            ));
        }
        Ok(code)
    }

    /// The directory in force, and its version.
    fn directory_now(&self, me: &Me) -> Result<(Directory, u32), Error> {
        let organ = self.organ(&me.tenant)?;
        Ok((organ.directory.clone(), organ.version))
    }

    /// Puts a changed directory in force, recorded before it counts.
    async fn change(&self, me: &Me, made: (Directory, u32), change: Change, of: &str) -> Result<(), Error> {
        // `seen` is the version the change was made from: a newer one must not be overwritten.
        let (directory, seen) = made;
        // What does not hold together is refused before it is recorded.
        directory
            .check()
            .map_err(|e| Error::input("directory", "目录里有对不上的内容，请刷新后重试。", e.to_string()))?;
        self.record(me, Deed::DirectoryChanged { what: change.as_str().to_owned(), of: of.to_owned() }).await?;
        // Who must not see which report is asked again by the job that is committed with it.
        self.put_directory(directory, Some(&me.staff), Some(seen)).await
    }

    /// Takes up directories that another process changed; true if one did.
    ///
    /// # Errors
    /// The store fails, or a directory in it cannot be read.
    pub async fn follow_organs(&self) -> Result<bool, Error> {
        let known = self.organs();
        let mut changed = self.store.tenants().await?.len() != known.len();
        for organ in &known {
            changed |= self.directory_version(&organ.tenant).await? != organ.version;
        }
        if changed {
            self.reload_organs().await?;
        }
        Ok(changed)
    }

    /// A sign-in name nobody on this platform has.
    fn user_name(&self, typed: &str) -> Result<String, Error> {
        let user = typed.trim().to_owned();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
        if !(3..=32).contains(&user.len()) || !user.chars().all(plain) {
            return Err(Error::input(
                "user-malformed",
                "登录名请用 3 至 32 个小写字母、数字、点、横线，例如 wanglan。",
                "A sign-in name has 3 to 32 small letters, digits, dots or hyphens, such as wanglan.",
            ));
        }
        if self.organs().iter().any(|organ| organ.directory.user(&user).is_some()) {
            return Err(Error::input(
                "user-taken",
                "这个登录名已被本平台其他人员使用，请另取一个。",
                "Somebody else on this platform signs in with this name; choose another one.",
            ));
        }
        Ok(user)
    }
}

/// What is kept of a link's code.
pub(crate) fn link_secret(code: &str) -> String {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    hex::encode(seal::sha256(plain.as_bytes()))
}

/// Relations a person may have, by name. Their mention hides reports from her: what is no name would
/// hide any report.
fn near_fit(near: &[Relation]) -> Result<(), Error> {
    let name = |name: &str| {
        let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || c == '·';
        (2..=20).contains(&name.chars().count()) && name.chars().all(han)
    };
    if near.len() <= NEAR && near.iter().all(|relation| name(relation.name.trim())) {
        return Ok(());
    }
    Err(Error::input(
        "near-name",
        "回避关系人请一行填一个人的汉字姓名和关系，最多二十人。",
        "Write one relation a line: a name in Han characters and the relation; twenty at most.",
    ))
}

/// What is about somebody to whom everybody here is related would be read by nobody, and one person
/// could hide it so from all.
fn somebody_unrelated(directory: &Directory) -> Result<(), Error> {
    let readers = recusal::readers(directory);
    let readers: Vec<&Staff> = readers.iter().filter_map(|id| directory.staff(id)).collect();
    let near = |person: &Staff, name: &str| person.near.iter().any(|near| same_person(&near.name, name));
    let stands_near = |person: &&Staff, name: &str| same_person(&person.name, name) || near(person, name);
    let mut names = readers.iter().flat_map(|person| &person.near).map(|relation| relation.name.as_str());
    if names.any(|name| readers.iter().all(|person| stands_near(person, name))) {
        return Err(Error::input(
            "near-everybody",
            "这样一来，所有能接件的人员都要回避同一个人，涉及此人的件就没有人能办了。请核对；确实如此的，先增加一名与其没有关系的人员。",
            "Then everybody who can take a report in hand would be kept from what concerns one person, and nobody could read it. Check it; if it is so, let somebody join first who is not related.",
        ));
    }
    Ok(())
}

fn named(typed: &str) -> Result<String, Error> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > NAME || name.chars().any(char::is_control) {
        return Err(Error::input(
            "name-missing",
            "请填写名称，不超过 60 个字。",
            "Write a name of at most 60 characters.",
        ));
    }
    Ok(name.to_owned())
}

/// Somebody still in service.
fn serving<'a>(directory: &'a mut Directory, staff: &StaffId) -> Result<&'a mut Staff, Error> {
    directory.staff.iter_mut().find(|s| s.id == *staff && s.ended_on.is_none()).ok_or(Error::NotFound)
}

fn proposable(directory: &Directory, roles: &[Role], office: &OfficeId) -> Result<(), Error> {
    if directory.office(office).is_none() {
        return Err(Error::input("office-missing", "请选择部门。", "Choose an office."));
    }
    if roles.is_empty() {
        return Err(Error::input("role-missing", "请至少选一个岗位。", "Choose at least one role."));
    }
    if !may_stand_together(roles) {
        return Err(Error::input(
            "roles-apart",
            "系统管理员、安全保密员、审计员要由不同的人担任，也不兼其他岗位；身份保管人与启封审批人不能是同一人。请调整岗位。",
            "Administrator, security officer and auditor are different people and hold nothing else; custodian and approver are not one person. Choose other roles.",
        ));
    }
    Ok(())
}

/// The offices without which nobody could change anything any more.
fn held_by_somebody(before: &Directory, after: &Directory) -> Result<(), Error> {
    let held = |directory: &Directory, role: &Role| directory.staff_in(*role).next().is_some();
    if [Role::Admin, Role::Security, Role::Auditor].iter().all(|role| held(after, role) || !held(before, role)) {
        return Ok(());
    }
    Err(Error::input(
        "last-officer",
        "系统管理员、安全保密员、审计员各须至少有一人，请先安排接任的人。",
        "There must be an administrator, a security officer and an auditor; let somebody follow first.",
    ))
}

/// A key nobody has: a letter and eight random ones.
fn fresh(prefix: &str, taken: impl Fn(&str) -> bool, hall: &Hall) -> String {
    loop {
        let id = seal::fresh_id(&mut hall.entropy());
        let key = format!("{prefix}-{}", hex::encode(&id[..4]));
        if !taken(&key) {
            return key;
        }
    }
}
