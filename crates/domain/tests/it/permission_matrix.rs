//! The matrix of roles and actions as a file people can read and review.
//!
//! A change of permission changes `permission-matrix.txt`; the test then fails and writes the new
//! text beside it, so that the change is looked at before it is taken over.

use std::fmt::Write as _;
use std::path::Path;

use domain::directory::OfficeKind;
use domain::ids::{OfficeId, StaffId};
use domain::permission::{
    Action, Assignment, AuditSubject, Concern, Decision, Holding, Others, Recusal, Resource, Standing, Tenancy, Who,
    may, scope,
};
use domain::words::{CommandKind, Role};

/// Columns: a role in an office. Leaders and officers have no office that matters.
const COLUMNS: &[(&str, Role, OfficeKind)] = &[
    ("clerk", Role::Clerk, OfficeKind::Petition),
    ("head", Role::Head, OfficeKind::Petition),
    ("leader", Role::Leader, OfficeKind::Leadership),
    ("chief", Role::Chief, OfficeKind::Leadership),
    ("sup.head", Role::Head, OfficeKind::Supervision),
    ("handler", Role::Handler, OfficeKind::Supervision),
    ("town.clrk", Role::Clerk, OfficeKind::Township),
    ("stat.head", Role::Head, OfficeKind::Stationed),
    ("dept.clrk", Role::Clerk, OfficeKind::Department),
    ("supervisr", Role::Supervisor, OfficeKind::CaseManagement),
    ("analyst", Role::Analyst, OfficeKind::Petition),
    ("custodian", Role::Custodian, OfficeKind::Leadership),
    ("approver", Role::Approver, OfficeKind::Leadership),
    ("auditor", Role::Auditor, OfficeKind::Department),
    ("admin", Role::Admin, OfficeKind::Department),
    ("security", Role::Security, OfficeKind::Department),
];

fn who(role: Role, kind: OfficeKind) -> Who {
    Who { staff: StaffId("s".into()), role, office: OfficeId("o".into()), kind }
}

fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allow => "yes",
        Decision::Hidden => "404",
        Decision::Refused(reason) => match reason.as_str() {
            "refused-role" => "role",
            "refused-not-holder" => "holder",
            "refused-not-petition-office" => "office",
            "refused-own-audit" => "own",
            other => other,
        },
    }
}

fn table(out: &mut String, title: &str, concern: Concern, resource: &Resource) {
    writeln!(out, "\n## {title}").unwrap();
    write!(out, "{:<22}", "").unwrap();
    for (name, ..) in COLUMNS {
        write!(out, "{name:>10}").unwrap();
    }
    out.push('\n');
    for action in Action::ALL.iter().filter(|a| a.concern() == concern) {
        write!(out, "{:<22}", action.as_str()).unwrap();
        for (_, role, kind) in COLUMNS {
            write!(out, "{:>10}", word(may(&who(*role, *kind), *action, resource))).unwrap();
        }
        out.push('\n');
    }
}

fn matrix() -> String {
    let mut out = String::from(
        "# Roles and actions. Made by tests/it/permission_matrix.rs from domain::permission; do not edit by hand.\n\
         # yes: allowed. 404: does not exist for her. role: not in her role. holder: only the office that\n\
         # holds it. office: only an office that receives reports. own: nobody queries the audit about herself.\n",
    );
    table(&mut out, "Desk", Concern::Desk, &Resource::Desk);
    table(&mut out, "Audit about others", Concern::Audit, &Resource::Audit(AuditSubject::Others));
    table(&mut out, "Audit about herself or her unit", Concern::Audit, &Resource::Audit(AuditSubject::Own));
    let base = Standing {
        tenancy: Tenancy::Own,
        recusal: Recusal::Clear,
        holding: Holding::Holder,
        assignment: Assignment::Mine,
        others: Others::Somebody,
    };
    for (title, standing) in [
        ("Report her office holds, assigned to her", base),
        ("Report her office holds, nobody assigned", Standing { assignment: Assignment::Nobody, ..base }),
        ("Report her office holds, assigned to a colleague", Standing { assignment: Assignment::Another, ..base }),
        (
            "Report her office follows (two-way transfer)",
            Standing { holding: Holding::Watcher, assignment: Assignment::Another, ..base },
        ),
        (
            "Report her office registered, held by another office",
            Standing { holding: Holding::Registrar, assignment: Assignment::Another, ..base },
        ),
        (
            "Report her office registered, held by another organ",
            Standing { holding: Holding::Keeper, assignment: Assignment::Nobody, ..base },
        ),
        ("Report of another office", Standing { holding: Holding::Elsewhere, assignment: Assignment::Another, ..base }),
        (
            "Report that nobody may see whose work it is",
            Standing { holding: Holding::Elsewhere, assignment: Assignment::Nobody, others: Others::Nobody, ..base },
        ),
        ("Report from which she is recused", Standing { recusal: Recusal::Recused, ..base }),
        ("Report of another organ", Standing { tenancy: Tenancy::Other, ..base }),
    ] {
        table(&mut out, title, Concern::Report, &Resource::Report(standing));
    }
    out
}

#[test]
fn the_matrix_is_the_one_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/permission-matrix.txt");
    let now = matrix();
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    if now != kept {
        let beside = path.with_extension("txt.new");
        std::fs::write(&beside, &now).unwrap();
        panic!(
            "the matrix changed: compare {} and, if the change is meant, rename it over the old one",
            beside.display()
        );
    }
}

#[test]
fn lists_and_single_reports_agree() {
    for role in Role::ALL {
        for kind in OfficeKind::ALL {
            let who = who(*role, *kind);
            for standing in Standing::all() {
                let seen = may(&who, Action::ViewReport, &Resource::Report(standing)).allows();
                assert_eq!(seen, scope(&who).contains(&standing), "{role} in {kind:?}: {standing:?}");
                for action in Action::ALL.iter().filter(|a| a.concern() == Concern::Report) {
                    let answer = may(&who, *action, &Resource::Report(standing));
                    assert_eq!(
                        answer == Decision::Hidden,
                        !seen,
                        "{role} in {kind:?} {}: {standing:?}",
                        action.as_str()
                    );
                }
            }
        }
    }
}

#[test]
fn recused_or_foreign_is_as_if_it_were_not_there() {
    for role in Role::ALL {
        for kind in OfficeKind::ALL {
            for standing in Standing::all() {
                if standing.recusal == Recusal::Clear && standing.tenancy == Tenancy::Own {
                    continue;
                }
                for action in Action::ALL {
                    let answer = may(&who(*role, *kind), *action, &Resource::Report(standing));
                    assert_eq!(answer, Decision::Hidden, "{role} {}", action.as_str());
                }
            }
        }
    }
}

#[test]
fn officers_of_the_machine_read_nothing() {
    for role in [Role::Admin, Role::Security, Role::Auditor, Role::Analyst, Role::Custodian, Role::Approver] {
        for kind in OfficeKind::ALL {
            for standing in Standing::all() {
                for action in Action::ALL.iter().filter(|a| a.concern() == Concern::Report) {
                    assert_eq!(may(&who(role, *kind), *action, &Resource::Report(standing)), Decision::Hidden);
                }
            }
            for action in [Action::ListInbox, Action::ViewRegister, Action::Search, Action::Export, Action::Import] {
                assert!(!may(&who(role, *kind), action, &Resource::Desk).allows(), "{role} {}", action.as_str());
            }
        }
    }
    let admin = who(Role::Admin, OfficeKind::Petition);
    assert!(!may(&admin, Action::GrantRoles, &Resource::Desk).allows(), "an administrator grants nothing");
    assert!(!may(&admin, Action::ViewAudit, &Resource::Audit(AuditSubject::Others)).allows());
}

#[test]
fn an_action_asked_of_the_wrong_thing_is_not_there() {
    for action in Action::ALL {
        let wrong = match action.concern() {
            Concern::Report => Resource::Desk,
            Concern::Desk | Concern::Audit => Resource::Report(Standing::all()[0]),
        };
        assert_eq!(may(&who(Role::Chief, OfficeKind::Leadership), *action, &wrong), Decision::Hidden);
    }
}

#[test]
fn every_action_has_somebody_and_a_name_of_its_own() {
    let mut names = std::collections::BTreeSet::new();
    for action in Action::ALL {
        assert!(!action.roles().is_empty(), "{}", action.as_str());
        assert!(names.insert(action.as_str()));
    }
}

#[test]
fn commands_of_the_desk_have_an_action_and_the_reporters_own_have_none() {
    for command in CommandKind::ALL {
        use CommandKind as K;
        let nobody = matches!(command, K::Judge | K::Object | K::Rate | K::ReplaceCode | K::DestroyCode);
        assert_eq!(Action::of(*command).is_none(), nobody, "{command}");
    }
}
