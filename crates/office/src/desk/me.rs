//! The member of staff who acts: who, where, in which roles. Taken from the directory at every
//! request, so that a role taken away is gone at once.

use domain::directory::{OfficeKind, Staff};
use domain::ids::{OfficeId, StaffId, TenantCode};
use domain::permission::{self, Action, Decision, Resource, Who, may};
use domain::words::Role;
use store::{Reach, Scope};

use crate::error::Error;
use crate::hall::Hall;

/// A signed-in member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Whose register.
    pub tenant: TenantCode,
    /// Who.
    pub staff: StaffId,
    /// Name, for the top bar.
    pub name: String,
    /// Roles; the first is the usual one.
    pub roles: Vec<Role>,
    /// Office.
    pub office: OfficeId,
    /// Name of the office.
    pub office_name: String,
    /// What the office is for.
    pub kind: OfficeKind,
}

impl Me {
    /// She in each of her roles.
    pub fn in_roles(&self) -> impl Iterator<Item = Who> + '_ {
        self.roles.iter().map(|role| Who {
            staff: self.staff.clone(),
            role: *role,
            office: self.office.clone(),
            kind: self.kind,
        })
    }

    /// Whether one of her roles includes a function of the desk.
    ///
    /// # Errors
    /// [`Error::Forbidden`] with why.
    pub fn may_use(&self, action: Action) -> Result<(), Error> {
        let mut why = Error::Forbidden("refused-role");
        for who in self.in_roles() {
            match may(&who, action, &Resource::Desk) {
                Decision::Allow => return Ok(()),
                Decision::Refused(reason) => why = Error::Forbidden(reason.as_str()),
                Decision::Hidden => {}
            }
        }
        Err(why)
    }
}

impl Hall {
    /// The member of staff as the directory knows her now.
    ///
    /// # Errors
    /// [`Error::NotFound`] for someone who left.
    pub fn me(&self, tenant: &TenantCode, staff: &StaffId) -> Result<Me, Error> {
        let organ = self.organ(tenant)?;
        let Staff { name, roles, office, ended_on, .. } = organ.directory.staff(staff).ok_or(Error::NotFound)?.clone();
        if ended_on.is_some() {
            return Err(Error::NotFound);
        }
        let found = organ.directory.office(&office).ok_or(Error::NotFound)?;
        Ok(Me {
            tenant: tenant.clone(),
            staff: staff.clone(),
            name,
            roles,
            office_name: found.name.clone(),
            kind: found.kind,
            office,
        })
    }

    /// What of the register a person may see: the one predicate in every query.
    ///
    /// # Errors
    /// [`Error::Forbidden`] where none of her roles sees reports.
    pub fn scope(&self, me: &Me) -> Result<Scope, Error> {
        let token = self.keys.recusal_token(&me.tenant, &me.staff);
        let mut reach: Option<Reach> = None;
        for who in me.in_roles() {
            let next = match permission::scope(&who) {
                permission::Scope::Tenant => Reach::Whole,
                permission::Scope::Offices(offices) => Reach::Part { offices, staff: None },
                permission::Scope::Assigned { staff, office } => Reach::Assigned { staff, office },
                permission::Scope::None => continue,
            };
            // Roles are given by the widest first; a whole reach includes every other.
            reach = match (reach, next) {
                (_, Reach::Whole) | (Some(Reach::Whole), _) => Some(Reach::Whole),
                // An office's reach includes what is assigned within it.
                (None, next) | (Some(Reach::Assigned { .. }), next @ Reach::Part { .. }) => Some(next),
                (Some(first), _) => Some(first),
            };
        }
        let reach = reach.ok_or(Error::Forbidden("refused-role"))?;
        Ok(Scope { tenant: me.tenant.clone(), reach, me: vec![token] })
    }
}
