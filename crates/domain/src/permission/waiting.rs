//! 待办: which of the reports a person may see wait for her. A list of what lies on one desk, not of
//! all there is: what waits for a leader's word is not the clerk's to do, and the other way round.
//!
//! It narrows what [`scope`](super::scope) allows and never widens it; the books show the rest.
//! Whatever the offices, whoever left and whoever is kept away: nothing waits for nobody
//! (`tests/it/waiting.rs`).

use super::Who;
use crate::directory::{Directory, Office, OfficeKind, Staff};
use crate::ids::{OfficeId, StaffId};
use crate::report::Holder;
use crate::words::{Role, Stage};

/// Reports at these stages wait for her if they are hers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// At which stages; [`Stage::Closed`] speaks of those whose reporter is owed something since.
    pub stages: &'static [Stage],
    /// Which of them.
    pub whose: Whose,
    /// Only where all of these are kept away from it, by their tokens (回避). None of them: always.
    pub kept_from: Vec<String>,
}

/// Which reports of a stage are somebody's. Tokens are those of a report's list of who is kept away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// Held by one of these offices, and handled by none of these others, who can act there.
    Held {
        /// By which.
        offices: Vec<OfficeId>,
        /// The others.
        others: Vec<StaffId>,
    },
    /// Held by one of these offices and handled by somebody who cannot act there: who left it, or has
    /// another post.
    Left {
        /// By which.
        offices: Vec<OfficeId>,
        /// Who can, and where.
        able: Vec<(StaffId, OfficeId)>,
    },
    /// Handled by one of these, where she can act, and kept from her.
    Barred(Vec<Barred>),
    /// Held by one of these offices, all of whose people named here, by their tokens, are kept away.
    Deserted(Vec<(OfficeId, Vec<String>)>),
    /// The 批示 of this role is asked for.
    Asked(Role),
    /// An answer is to be reviewed (复查, 复核).
    Review,
    /// A second person's word on "no substance" is asked for.
    Second,
    /// No office of this organ holds it: its result is asked for.
    Elsewhere,
    /// Followed by this office (双向移交).
    Watched(OfficeId),
    /// Any.
    Any,
}

/// A handler who may be kept away from what she has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barred {
    /// Her office.
    pub office: OfficeId,
    /// Who.
    pub handler: StaffId,
    /// Her token.
    pub token: String,
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
/// Whatever is before it is dispatched.
const UNDECIDED: &[Stage] = &[
    Stage::AwaitingSigning,
    Stage::AwaitingJudgement,
    Stage::AwaitingPresentation,
    Stage::AwaitingInstruction,
    Stage::AwaitingDispatch,
];
/// Where a post's word is asked for.
const INSTRUCTION: &[Stage] = &[Stage::AwaitingInstruction];
/// Where a second person's word may be asked for.
const JUDGEMENT: &[Stage] = &[Stage::AwaitingJudgement];
/// Where an answer waits for approval.
const APPROVAL: &[Stage] = &[Stage::AwaitingApproval];

/// Roles that judge what comes in.
const JUDGES: &[Role] = &[Role::Clerk, Role::Head];
/// Roles that can act on what their office holds.
const HANDS: &[Role] = &[Role::Clerk, Role::Head, Role::Handler];
/// Roles that find, draft and deliver.
const HANDLERS: &[Role] = &[Role::Head, Role::Handler];
/// Roles whose 批示 can be asked for, from below.
const POSTS: [Role; 3] = [Role::Head, Role::Leader, Role::Chief];

/// What waits for this person in this role; `token` is what a report's list of who is kept away knows
/// a person by. The petition office receives also what an office without anybody to judge has
/// registered, a head what his clerks must not see, and what nobody in an office can take further
/// falls to those who can name another.
pub fn waits(who: &Who, directory: &Directory, token: impl Fn(&StaffId) -> String) -> Vec<Waiting> {
    let mut desk = Desk { who, people: People { directory, token }, waits: Vec::new() };
    match who.role {
        Role::Clerk => {
            desk.receives(Vec::new());
            desk.handles(HANDLING);
            desk.watches(Vec::new());
        }
        Role::Handler => desk.handles(AT_HAND),
        Role::Head => {
            desk.receives(desk.people.tokens_in(&who.office, &[Role::Clerk]));
            desk.speaks();
            desk.push(APPROVAL, Whose::Held { offices: vec![who.office.clone()], others: Vec::new() });
            desk.handles(HANDLING);
            desk.watches(desk.people.tokens_in(&who.office, &[Role::Clerk]));
        }
        Role::Leader | Role::Chief => {
            desk.speaks();
            desk.push(APPROVAL, Whose::Any);
            desk.leads();
        }
        // Whoever watches over the clocks of all sees all.
        Role::Supervisor => desk.push(Stage::ALL, Whose::Any),
        Role::Analyst | Role::Custodian | Role::Approver | Role::Auditor | Role::Admin | Role::Security => {}
    }
    desk.waits
}

/// Who can give the 批示 asked of this role on a report that this holder has: a head, of what his own
/// office or the petition office has in hand.
pub fn instructors<'d>(role: Role, holder: &Holder, directory: &'d Directory) -> Vec<&'d Staff> {
    let near = |person: &Staff| {
        role != Role::Head
            || matches!(holder, Holder::Office { office } if *office == person.office)
            || directory.office(&person.office).is_some_and(|office| office.kind == OfficeKind::Petition)
    };
    let serving = directory.staff.iter().filter(|person| person.ended_on.is_none());
    serving.filter(|person| person.roles.contains(&role) && near(person)).collect()
}

/// Who can act on a report that this office holds.
pub fn hands<'d>(office: &OfficeId, directory: &'d Directory) -> impl Iterator<Item = &'d Staff> {
    serving(office, HANDS, directory)
}

/// Who can find, draft and deliver what is said to a report that this office holds.
pub fn handlers<'d>(office: &OfficeId, directory: &'d Directory) -> impl Iterator<Item = &'d Staff> {
    serving(office, HANDLERS, directory)
}

/// Whose work a report is at this stage: before it is dispatched of those who judge, afterwards of all
/// who can act in the office that holds it too.
pub fn takers<'d>(stage: Stage, holder: &Holder, directory: &'d Directory) -> Vec<&'d Staff> {
    let held = match holder {
        Holder::Office { office } => Some(office),
        Holder::Organ { .. } | Holder::Outside { .. } => None,
    };
    let roles = |office: &Office| match held {
        Some(held) if *held == office.id && !UNDECIDED.contains(&stage) => HANDS,
        Some(held) if *held == office.id && judges_by_kind(office.kind) => JUDGES,
        _ if office.kind == OfficeKind::Petition => JUDGES,
        _ => &[],
    };
    directory.offices.iter().flat_map(|office| serving(&office.id, roles(office), directory)).collect()
}

/// Whether offices of this kind judge what they register.
fn judges_by_kind(kind: OfficeKind) -> bool {
    matches!(kind, OfficeKind::Petition | OfficeKind::Township | OfficeKind::Stationed)
}

fn serving<'d>(office: &OfficeId, roles: &'static [Role], directory: &'d Directory) -> impl Iterator<Item = &'d Staff> {
    let here = directory.staff.iter().filter(move |person| person.office == *office && person.ended_on.is_none());
    here.filter(move |person| person.roles.iter().any(|role| roles.contains(role)))
}

/// The people of the directory, with their tokens.
struct People<'d, T> {
    directory: &'d Directory,
    token: T,
}

impl<'d, T: Fn(&StaffId) -> String> People<'d, T> {
    fn tokens<'s>(&self, staff: impl IntoIterator<Item = &'s Staff>) -> Vec<String> {
        staff.into_iter().map(|person| (self.token)(&person.id)).collect()
    }

    fn tokens_in(&self, office: &OfficeId, roles: &'static [Role]) -> Vec<String> {
        self.tokens(serving(office, roles, self.directory))
    }

    fn anybody_in(&self, office: &OfficeId, roles: &'static [Role]) -> bool {
        serving(office, roles, self.directory).next().is_some()
    }

    fn offices(&self) -> std::slice::Iter<'d, Office> {
        self.directory.offices.iter()
    }

    /// Whether what this office registers is judged there.
    fn judges(&self, office: &Office) -> bool {
        judges_by_kind(office.kind) && self.anybody_in(&office.id, JUDGES)
    }

    /// Offices but this one that judge what they register, with the tokens of who does.
    fn judging(&self, but: &OfficeId) -> Vec<(OfficeId, Vec<String>)> {
        let others = self.offices().filter(|office| office.id != *but && self.judges(office));
        others.map(|office| (office.id.clone(), self.tokens_in(&office.id, JUDGES))).collect()
    }

    fn barred<'s>(&self, office: &OfficeId, others: impl Iterator<Item = &'s StaffId>) -> Vec<Barred> {
        let one = |id: &StaffId| Barred { office: office.clone(), handler: id.clone(), token: (self.token)(id) };
        others.map(one).collect()
    }
}

/// What comes together on one desk.
struct Desk<'d, T> {
    who: &'d Who,
    people: People<'d, T>,
    waits: Vec<Waiting>,
}

impl<T: Fn(&StaffId) -> String> Desk<'_, T> {
    fn push(&mut self, stages: &'static [Stage], whose: Whose) {
        self.push_where(stages, whose, Vec::new());
    }

    /// Only where all of these are kept away.
    fn push_where(&mut self, stages: &'static [Stage], whose: Whose, kept_from: Vec<String>) {
        let nothing = match &whose {
            Whose::Held { offices, .. } => offices.is_empty(),
            Whose::Left { offices, .. } => offices.is_empty(),
            Whose::Barred(handlers) => handlers.is_empty(),
            Whose::Deserted(offices) => offices.is_empty(),
            _ => false,
        };
        if !nothing {
            self.waits.push(Waiting { stages, whose, kept_from });
        }
    }

    /// What comes in, where all of `kept_from` are kept away: they would receive it first.
    fn receives(&mut self, kept_from: Vec<String>) {
        let mut offices = vec![self.who.office.clone()];
        if self.who.kind == OfficeKind::Petition {
            let unjudged = self.people.offices().filter(|office| !self.people.judges(office));
            offices.extend(unjudged.filter(|office| office.id != self.who.office).map(|office| office.id.clone()));
            self.push(RECEIVING, Whose::Deserted(self.people.judging(&self.who.office)));
        }
        self.push_where(RECEIVING, Whose::Held { offices, others: Vec::new() }, kept_from.clone());
        self.push_where(WORK, Whose::Elsewhere, kept_from);
        // Nobody is left to say what was asked: it is presented anew, to another.
        let own = Holder::Office { office: self.who.office.clone() };
        for role in POSTS {
            let silent = self.people.tokens(instructors(role, &own, self.people.directory));
            self.push_where(INSTRUCTION, Whose::Asked(role), silent);
        }
    }

    /// What the own office has in hand, unless somebody else has it who can and may act.
    fn handles(&mut self, stages: &'static [Stage]) {
        let office = &self.who.office;
        let others = handlers(office, self.people.directory).map(|person| person.id.clone());
        let others: Vec<StaffId> = others.filter(|id| *id != self.who.staff).collect();
        let barred = self.people.barred(office, others.iter());
        self.push(stages, Whose::Held { offices: vec![office.clone()], others });
        self.push(stages, Whose::Barred(barred));
    }

    fn watches(&mut self, kept_from: Vec<String>) {
        self.push_where(HANDLING, Whose::Watched(self.who.office.clone()), kept_from);
    }

    /// What her word is asked for.
    fn speaks(&mut self) {
        self.push(INSTRUCTION, Whose::Asked(self.who.role));
        self.push(JUDGEMENT, Whose::Second);
        self.push(HANDLING, Whose::Review);
    }

    /// What nobody below can take further.
    fn leads(&mut self) {
        let petition: Vec<&Office> =
            self.people.offices().filter(|office| office.kind == OfficeKind::Petition).collect();
        let receivers: Vec<String> =
            petition.iter().flat_map(|office| self.people.tokens_in(&office.id, JUDGES)).collect();
        let unjudged = self.people.offices().filter(|o| o.kind == OfficeKind::Petition || !self.people.judges(o));
        let offices = unjudged.map(|office| office.id.clone()).collect();
        self.push_where(UNDECIDED, Whose::Held { offices, others: Vec::new() }, receivers.clone());
        self.push_where(UNDECIDED, Whose::Deserted(self.people.judging(&self.who.office)), receivers.clone());
        self.push_where(WORK, Whose::Elsewhere, receivers);

        let (mut empty, mut deserted) = (Vec::new(), Vec::new());
        // Handlers alone cannot hand a report on to one another.
        let (mut unled, mut able, mut barred) = (Vec::new(), Vec::new(), Vec::new());
        for office in self.people.offices().map(|office| office.id.clone()) {
            let heads = self.people.tokens_in(&office, JUDGES);
            let here: Vec<StaffId> = handlers(&office, self.people.directory).map(|s| s.id.clone()).collect();
            if !heads.is_empty() {
                deserted.push((office, heads));
            } else if here.is_empty() {
                empty.push(office);
            } else {
                deserted.push((office.clone(), self.people.tokens_in(&office, HANDS)));
                barred.extend(self.people.barred(&office, here.iter()));
                able.extend(here.into_iter().map(|id| (id, office.clone())));
                unled.push(office);
            }
        }
        self.push(HANDLING, Whose::Held { offices: empty, others: Vec::new() });
        self.push(HANDLING, Whose::Deserted(deserted));
        self.push(HANDLING, Whose::Left { offices: unled, able });
        self.push(HANDLING, Whose::Barred(barred));
    }
}
