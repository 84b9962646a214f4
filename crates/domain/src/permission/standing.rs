//! How a person stands to the thing she wants to act on. Plain facts; nothing is decided here.

use crate::ids::{OfficeId, StaffId};
use crate::report::{Holder, Report};

/// The thing acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resource {
    /// A page, list or function of the tenant.
    Desk,
    /// One report.
    Report(Standing),
    /// Records of who did what.
    Audit(AuditSubject),
}

/// Whose acts an audit query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditSubject {
    /// The asker or somebody of her unit, or a report against them.
    Own,
    /// Anybody else.
    Others,
}

/// Whose register the report is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tenancy {
    /// The person's own organ.
    Own,
    /// Another organ.
    Other,
}

/// Whether the person must keep away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Recusal {
    /// No.
    Clear,
    /// Yes: the report does not exist for her.
    Recused,
}

/// What the person's office has to do with the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Holding {
    /// It holds it now.
    Holder,
    /// It follows a two-way transfer (M34).
    Watcher,
    /// It registered it.
    Registrar,
    /// It registered it and keeps its file while another organ holds it; what that organ
    /// answers is recorded here.
    Keeper,
    /// Nothing.
    Elsewhere,
}

/// Who is to handle it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Assignment {
    /// This person.
    Mine,
    /// Nobody yet.
    Nobody,
    /// Somebody else.
    Another,
}

/// Whether anybody whose work it is may see the report: those who judge what comes in, and those of the
/// office that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Others {
    /// Somebody.
    Somebody,
    /// Nobody: all are kept away or gone, and it is the leaders'.
    Nobody,
}

/// Everything permission looks at about one person and one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Whose register.
    pub tenancy: Tenancy,
    /// Must she keep away?
    pub recusal: Recusal,
    /// Her office.
    pub holding: Holding,
    /// She herself.
    pub assignment: Assignment,
    /// Everybody else.
    pub others: Others,
}

impl Standing {
    /// The standing of a person to a report of her own organ. `recusal` comes from the keyed
    /// tokens of the report, which only their keeper can compare.
    pub fn of(staff: &StaffId, office: &OfficeId, report: &Report, recusal: Recusal, others: Others) -> Self {
        let holding = if (Holder::Office { office: office.clone() }) == report.holder {
            Holding::Holder
        } else if report.watcher.as_ref() == Some(office) {
            Holding::Watcher
        } else if &report.office == office {
            match report.holder {
                Holder::Office { .. } => Holding::Registrar,
                Holder::Organ { .. } | Holder::Outside { .. } => Holding::Keeper,
            }
        } else {
            Holding::Elsewhere
        };
        let assignment = match &report.assignee {
            None => Assignment::Nobody,
            Some(who) if who == staff => Assignment::Mine,
            Some(_) => Assignment::Another,
        };
        Self { tenancy: Tenancy::Own, recusal, holding, assignment, others }
    }

    /// Every standing there is, for tests and the matrix.
    pub fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for tenancy in [Tenancy::Own, Tenancy::Other] {
            for recusal in [Recusal::Clear, Recusal::Recused] {
                for holding in
                    [Holding::Holder, Holding::Watcher, Holding::Registrar, Holding::Keeper, Holding::Elsewhere]
                {
                    for assignment in [Assignment::Mine, Assignment::Nobody, Assignment::Another] {
                        for others in [Others::Somebody, Others::Nobody] {
                            all.push(Self { tenancy, recusal, holding, assignment, others });
                        }
                    }
                }
            }
        }
        all
    }
}
