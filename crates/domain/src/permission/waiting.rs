//! 待办: which of the reports a person may see wait for her. A list of what lies on one desk, not of
//! all there is: what waits for a leader's word is not the clerk's to do, and the other way round.
//!
//! It narrows what [`scope`](super::scope) allows and never widens it; the books show the rest.

use super::Who;
use crate::directory::{Directory, Office, OfficeKind, Staff};
use crate::ids::{OfficeId, StaffId};
use crate::words::{Role, Stage};

/// Reports at these stages wait for her if they are hers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// At which stages; [`Stage::Closed`] speaks of those whose reporter is owed something since.
    pub stages: &'static [Stage],
    /// Which of them.
    pub whose: Whose,
}

/// Which reports of a stage are somebody's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Held by one of these offices, and nobody is named as handler but one of these.
    Held {
        /// By which.
        offices: Vec<OfficeId>,
        /// She, and whoever left the office and cannot act any more.
        staff: Vec<StaffId>,
    },
    /// Held by this office, whoever handles it.
    Office(OfficeId),
    /// The word of this role is asked for: 批示, or a second person's on "no substance".
    Asked(Role),
    /// Handled by one of these, who left.
    Left(Vec<StaffId>),
    /// No office of this organ holds it: its result is asked for.
    Elsewhere,
    /// Followed by this office (双向移交).
    Watched(OfficeId),
    /// Any.
    Any,
}

/// Before it is dispatched: whoever receives does these steps.
const RECEIVING: &[Stage] =
    &[Stage::AwaitingSigning, Stage::AwaitingJudgement, Stage::AwaitingPresentation, Stage::AwaitingDispatch];
/// Once it is dispatched; a head names a handler or acts himself.
const HANDLING: &[Stage] = &[Stage::InHandling, Stage::AwaitingFeedback, Stage::Closed];
/// What a handler may find in her office.
const AT_HAND: &[Stage] = &[Stage::AwaitingSigning, Stage::InHandling, Stage::AwaitingFeedback, Stage::Closed];
/// Whatever an office does.
const WORK: &[Stage] = &[
    Stage::AwaitingSigning,
    Stage::AwaitingJudgement,
    Stage::AwaitingPresentation,
    Stage::AwaitingDispatch,
    Stage::InHandling,
    Stage::AwaitingFeedback,
    Stage::Closed,
];
/// Where somebody's word is asked for.
const WORD: &[Stage] = &[Stage::AwaitingInstruction, Stage::AwaitingJudgement];
/// Where an answer waits for approval.
const APPROVAL: &[Stage] = &[Stage::AwaitingApproval];

/// What waits for this person in this role. The petition office receives also what an office without
/// anybody to judge has registered, a head what his office has no clerk for, and what was left by
/// somebody who is gone falls to those who can name another: nothing waits for nobody.
pub fn waits(who: &Who, directory: &Directory) -> Vec<Waiting> {
    let serving = |office: &OfficeId, roles: &[Role]| {
        let here = |s: &&Staff| s.office == *office && s.ended_on.is_none();
        directory.staff.iter().filter(here).any(|s| s.roles.iter().any(|role| roles.contains(role)))
    };
    let gone = || directory.staff.iter().filter(|s| s.ended_on.is_some()).map(|s| s.id.clone());
    let held = |stages, offices| {
        let staff = std::iter::once(who.staff.clone()).chain(gone()).collect();
        Waiting { stages, whose: Whose::Held { offices, staff } }
    };
    let own = || vec![who.office.clone()];
    let receives = match who.role {
        Role::Clerk => true,
        Role::Head => !serving(&who.office, &[Role::Clerk]),
        _ => false,
    };
    let mut waits = Vec::new();
    if receives {
        let mut offices = own();
        if who.kind == OfficeKind::Petition {
            let judges = |office: &Office| {
                matches!(office.kind, OfficeKind::Township | OfficeKind::Stationed)
                    && serving(&office.id, &[Role::Clerk, Role::Head])
            };
            let others = directory.offices.iter().filter(|office| office.id != who.office && !judges(office));
            offices.extend(others.map(|office| office.id.clone()));
            waits.push(Waiting { stages: HANDLING, whose: Whose::Elsewhere });
        }
        waits.push(held(RECEIVING, offices));
    }
    match who.role {
        Role::Clerk => {
            waits.push(held(HANDLING, own()));
            waits.push(Waiting { stages: HANDLING, whose: Whose::Watched(who.office.clone()) });
        }
        Role::Handler => {
            waits.push(held(AT_HAND, own()));
            waits.push(Waiting { stages: HANDLING, whose: Whose::Watched(who.office.clone()) });
        }
        Role::Head => {
            waits.push(Waiting { stages: WORD, whose: Whose::Asked(Role::Head) });
            waits.push(Waiting { stages: APPROVAL, whose: Whose::Office(who.office.clone()) });
            waits.push(held(HANDLING, own()));
        }
        Role::Leader | Role::Chief => {
            waits.push(Waiting { stages: WORD, whose: Whose::Asked(who.role) });
            waits.push(Waiting { stages: APPROVAL, whose: Whose::Any });
            let gone: Vec<StaffId> = gone().collect();
            waits.extend((!gone.is_empty()).then_some(Waiting { stages: HANDLING, whose: Whose::Left(gone) }));
            let empty = |office: &&Office| !serving(&office.id, &[Role::Clerk, Role::Head, Role::Handler]);
            let deserted: Vec<OfficeId> = directory.offices.iter().filter(empty).map(|o| o.id.clone()).collect();
            waits.extend((!deserted.is_empty()).then(|| held(WORK, deserted)));
            // Without anybody in the petition office, what nobody can judge comes to the leaders.
            let receivers = [Role::Clerk, Role::Head];
            let mut petition = directory.offices.iter().filter(|office| office.kind == OfficeKind::Petition);
            if !petition.any(|office| serving(&office.id, &receivers)) {
                let unjudged = directory.offices.iter().filter(|office| !serving(&office.id, &receivers));
                waits.push(held(RECEIVING, unjudged.map(|office| office.id.clone()).collect()));
            }
        }
        // Whoever watches over the clocks of all sees all.
        Role::Supervisor => waits.push(Waiting { stages: Stage::ALL, whose: Whose::Any }),
        Role::Analyst | Role::Custodian | Role::Approver | Role::Auditor | Role::Admin | Role::Security => {}
    }
    waits
}
