//! 权限: who may do what, as one pure function, and which reports a list may contain.
//!
//! `office` asks [`may`] before every action and `store` puts the predicate of [`scope`] into every
//! query, with the recusal clause beside it, so that lists, counts, searches and exports obey the
//! same rule (promise 5). It knows no route and no session. The whole matrix of roles and actions
//! stands in `tests/it/permission-matrix.txt`.

mod action;
mod standing;
mod waiting;

use action::Reach;
pub use action::{Action, Concern};
pub use standing::{Assignment, AuditSubject, Holding, Others, Recusal, Resource, Standing, Tenancy};
pub use waiting::{Barred, Waiting, Whose, handlers, hands, instructors, takers, waits};

use crate::directory::OfficeKind;
use crate::ids::{OfficeId, StaffId};
use crate::words::Role;

/// The member of staff who acts, in the role she acts in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Who.
    pub staff: StaffId,
    /// In which role.
    pub role: Role,
    /// Of which office.
    pub office: OfficeId,
    /// What that office is for: a clerk of a township commission sees its own reports only.
    pub kind: OfficeKind,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Yes.
    Allow,
    /// The thing does not exist for this person: 404, in the same words as for a thing that is
    /// truly not there.
    Hidden,
    /// It exists, and this is why it may not be done.
    Refused(Reason),
}

impl Decision {
    /// Whether it is yes.
    pub fn allows(self) -> bool {
        self == Self::Allow
    }
}

/// Why something visible may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The role does not include it.
    Role,
    /// Only the office that holds the report may do it.
    NotHolder,
    /// Only the petition office may do it.
    NotPetitionOffice,
    /// Nobody queries the audit about the own unit or about the own acts (promise 7).
    OwnAudit,
}

impl Reason {
    /// Locale key.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "refused-role",
            Self::NotHolder => "refused-not-holder",
            Self::NotPetitionOffice => "refused-not-petition-office",
            Self::OwnAudit => "refused-own-audit",
        }
    }

    /// The sentence in Chinese; it says what to do.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Role => "您的岗位不含此项操作，请交由有相应职责的同志办理。",
            Self::NotHolder => "此件现不由您所在部门承办，请联系承办部门办理。",
            Self::NotPetitionOffice => "此项由信访室办理，请转信访室。",
            Self::OwnAudit => "不能查询涉及本人或本部门的审计记录，请由其他审计人员或上级机关查询。",
        }
    }

    /// The sentence in English.
    pub fn en(self) -> &'static str {
        match self {
            Self::Role => "Your role does not include this; please hand it to someone whose role does.",
            Self::NotHolder => "Your office does not hold this report now; please ask the office that does.",
            Self::NotPetitionOffice => "The petition office does this; please pass it on to them.",
            Self::OwnAudit => {
                "You cannot query the audit about yourself or your own unit; another auditor or the superior organ can."
            }
        }
    }
}

/// Which reports a list, count, search or export may contain, before recusal is taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Every report of the tenant.
    Tenant,
    /// Reports whose holder, watcher or registering office is one of these.
    Offices(Vec<OfficeId>),
    /// Reports assigned to this person, and those the office holds that nobody is assigned to.
    Assigned {
        /// Whose.
        staff: StaffId,
        /// Held by.
        office: OfficeId,
    },
    /// None at all.
    None,
}

/// Whether this role, in an office of this kind, sees every report of the tenant it is not kept from.
pub fn sees_every_report(role: Role, kind: OfficeKind) -> bool {
    match role {
        Role::Chief | Role::Leader | Role::Supervisor => true,
        Role::Clerk | Role::Head => kind == OfficeKind::Petition,
        _ => false,
    }
}

/// The scope of a person. `Scope` and [`may`] agree for every standing; a test holds them together.
pub fn scope(who: &Who) -> Scope {
    match who.role {
        role if sees_every_report(role, who.kind) => Scope::Tenant,
        Role::Clerk | Role::Head => Scope::Offices(vec![who.office.clone()]),
        Role::Handler => Scope::Assigned { staff: who.staff.clone(), office: who.office.clone() },
        _ => Scope::None,
    }
}

impl Scope {
    /// Whether a report with this standing is inside; the meaning of the predicate in SQL.
    pub fn contains(&self, standing: &Standing) -> bool {
        if standing.tenancy == Tenancy::Other || standing.recusal == Recusal::Recused {
            return false;
        }
        match self {
            Self::Tenant => true,
            Self::Offices(_) => standing.holding != Holding::Elsewhere,
            Self::Assigned { .. } => match standing.assignment {
                Assignment::Mine => true,
                Assignment::Nobody => standing.holding == Holding::Holder,
                Assignment::Another => false,
            },
            Self::None => false,
        }
    }
}

/// May this person do this to that?
pub fn may(who: &Who, action: Action, resource: &Resource) -> Decision {
    match (action.concern(), resource) {
        (Concern::Report, Resource::Report(standing)) => {
            if !scope(who).contains(standing) {
                return Decision::Hidden;
            }
            on_report(who, action, standing)
        }
        (Concern::Audit, Resource::Audit(subject)) => match (who.role, subject) {
            (Role::Auditor, AuditSubject::Others) => Decision::Allow,
            (Role::Auditor, AuditSubject::Own) => Decision::Refused(Reason::OwnAudit),
            _ => Decision::Refused(Reason::Role),
        },
        (Concern::Desk, Resource::Desk) => {
            if action.roles().contains(&who.role) && action.office_fits(who.kind) {
                Decision::Allow
            } else if action.roles().contains(&who.role) {
                Decision::Refused(Reason::NotPetitionOffice)
            } else {
                Decision::Refused(Reason::Role)
            }
        }
        // An action asked of a thing of another sort is a fault of the caller: nothing is there.
        _ => Decision::Hidden,
    }
}

/// Whether this person does such a thing at all, to whatever report is near enough to her.
pub fn could(who: &Who, action: Action) -> bool {
    action.roles().contains(&who.role) && action.office_fits(who.kind)
}

fn on_report(who: &Who, action: Action, standing: &Standing) -> Decision {
    let leads = matches!(who.role, Role::Chief | Role::Leader);
    // Nobody below may take it further: the leaders do, or it would lie there for ever.
    let below = action.roles().iter().any(|role| matches!(role, Role::Clerk | Role::Head));
    if leads && below && standing.others == Others::Nobody {
        return Decision::Allow;
    }
    if !action.roles().contains(&who.role) {
        return Decision::Refused(Reason::Role);
    }
    if !action.office_fits(who.kind) {
        return Decision::Refused(Reason::NotPetitionOffice);
    }
    // Leaders act on what is put before them, whoever holds it.
    let holds = matches!(standing.holding, Holding::Holder | Holding::Keeper);
    let near = match action.reach() {
        Reach::Seen => true,
        Reach::Holder => holds || leads,
        Reach::PetitionOrHolder => holds || leads || who.kind == OfficeKind::Petition,
    };
    if near { Decision::Allow } else { Decision::Refused(Reason::NotHolder) }
}
