//! 待办: which of the reports a person may see wait for her. A list of what lies on one desk, not of
//! all there is: what waits for a leader's word is not the clerk's to do, and the other way round.
//!
//! It narrows what [`scope`](super::scope) allows and never widens it; the books show the rest.

use super::Who;
use crate::directory::{Office, OfficeKind};
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
    /// Held by one of these offices, and nobody else is named as handler.
    Held {
        /// By which.
        offices: Vec<OfficeId>,
        /// By whom.
        staff: StaffId,
    },
    /// Held by this office, whoever handles it.
    Office(OfficeId),
    /// The word of this role is asked for: 批示, or a second person's on "no substance".
    Asked(Role),
    /// No office of this organ holds it: its result is asked for.
    Elsewhere,
    /// Followed by this office (双向移交).
    Watched(OfficeId),
    /// Any.
    Any,
}

/// Steps of whoever receives and handles; the words of leaders are not among them.
const WORK: &[Stage] = &[
    Stage::AwaitingSigning,
    Stage::AwaitingJudgement,
    Stage::AwaitingPresentation,
    Stage::AwaitingDispatch,
    Stage::InHandling,
    Stage::AwaitingFeedback,
    Stage::Closed,
];
/// Where a head names a handler or acts himself.
const HANDLING: &[Stage] = &[Stage::InHandling, Stage::AwaitingFeedback, Stage::Closed];
/// Where somebody's word is asked for.
const WORD: &[Stage] = &[Stage::AwaitingInstruction, Stage::AwaitingJudgement];
/// Where an answer waits for approval.
const APPROVAL: &[Stage] = &[Stage::AwaitingApproval];

/// What waits for this person in this role. `offices` are those of the organ: the petition office
/// judges also what an office without judges of its own has registered.
pub fn waits(who: &Who, offices: &[Office]) -> Vec<Waiting> {
    let held = |offices| Whose::Held { offices, staff: who.staff.clone() };
    let own = || vec![who.office.clone()];
    match who.role {
        Role::Clerk if who.kind == OfficeKind::Petition => {
            let judged_here = |kind| !matches!(kind, OfficeKind::Township | OfficeKind::Stationed);
            let others = offices.iter().filter(|office| office.id != who.office && judged_here(office.kind));
            vec![
                Waiting {
                    stages: &WORK[..4],
                    whose: held(own().into_iter().chain(others.map(|o| o.id.clone())).collect()),
                },
                Waiting { stages: HANDLING, whose: held(own()) },
                Waiting { stages: HANDLING, whose: Whose::Elsewhere },
                Waiting { stages: HANDLING, whose: Whose::Watched(who.office.clone()) },
            ]
        }
        Role::Clerk | Role::Handler => vec![
            Waiting { stages: WORK, whose: held(own()) },
            Waiting { stages: HANDLING, whose: Whose::Watched(who.office.clone()) },
        ],
        Role::Head => vec![
            Waiting { stages: WORD, whose: Whose::Asked(Role::Head) },
            Waiting { stages: APPROVAL, whose: Whose::Office(who.office.clone()) },
            Waiting { stages: HANDLING, whose: held(own()) },
        ],
        Role::Leader | Role::Chief => vec![
            Waiting { stages: WORD, whose: Whose::Asked(who.role) },
            Waiting { stages: APPROVAL, whose: Whose::Any },
        ],
        // Whoever watches over the clocks of all sees all.
        Role::Supervisor => vec![Waiting { stages: Stage::ALL, whose: Whose::Any }],
        Role::Analyst | Role::Custodian | Role::Approver | Role::Auditor | Role::Admin | Role::Security => Vec::new(),
    }
}
