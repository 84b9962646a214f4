//! 待办: whatever the offices and whoever left, nothing waits for nobody, and nobody finds there what
//! she may not see.

use domain::directory::{Directory, Letterhead, Level, Office, OfficeKind, Organ, Staff};
use domain::ids::{OfficeId, StaffId};
use domain::permission::{
    Action, Assignment, Holding, Others, Recusal, Resource, Scope, Standing, Tenancy, Waiting, Who, Whose, may, scope,
    takers, waits,
};
use domain::report::Holder;
use domain::words::{Edition, Role, Stage};
use jiff::civil::date;
use proptest::prelude::*;

const OFFICES: [(&str, OfficeKind); 7] = [
    ("petition", OfficeKind::Petition),
    ("town", OfficeKind::Township),
    ("group", OfficeKind::Stationed),
    ("bureau", OfficeKind::Department),
    ("first", OfficeKind::Supervision),
    ("window", OfficeKind::Petition),
    ("leaders", OfficeKind::Leadership),
];
const WORK: [Stage; 8] = [
    Stage::AwaitingSigning,
    Stage::AwaitingJudgement,
    Stage::AwaitingPresentation,
    Stage::AwaitingDispatch,
    Stage::InHandling,
    Stage::AwaitingApproval,
    Stage::AwaitingFeedback,
    Stage::Closed,
];

fn person(n: usize, role: Role, office: &str, left: bool) -> Staff {
    Staff {
        id: StaffId(format!("s{n}")),
        user: format!("user{n}"),
        name: format!("某{n}"),
        roles: vec![role],
        office: OfficeId(office.into()),
        post: None,
        near: Vec::new(),
        leaves: Vec::new(),
        proposed: None,
        ended_on: left.then(|| date(2026, 1, 1)),
    }
}

/// An organ with a leader and a main leader, and else whoever there is.
fn organ(people: &[(usize, usize, bool)]) -> Directory {
    let offices = OFFICES
        .map(|(id, kind)| Office {
            id: OfficeId(id.into()),
            name: id.into(),
            aliases: Vec::new(),
            kind,
            divisions: Vec::new(),
            leader: None,
            phone: String::new(),
        })
        .to_vec();
    let roles = [Role::Clerk, Role::Head, Role::Handler];
    let leaders = [person(98, Role::Chief, "leaders", false), person(99, Role::Leader, "leaders", false)];
    let staff = people
        .iter()
        .enumerate()
        .map(|(n, (role, office, left))| person(n, roles[role % 3], OFFICES[office % 6].0, *left))
        .chain(leaders)
        .collect();
    let organ = Organ {
        tenant: "990100JW1".parse().unwrap(),
        name: "某市纪委监委".into(),
        aliases: Vec::new(),
        edition: Edition::Jw,
        level: Level::City,
        superior: None,
        division: "990100".into(),
        letterhead: Letterhead::default(),
    };
    let (organs, committees) = (Vec::new(), Vec::new());
    Directory { organ, organs, committees, offices, units: Vec::new(), posts: Vec::new(), staff, divisions: Vec::new() }
}

/// A report as far as 待办 asks about it.
struct Case<'a> {
    stage: Stage,
    holder: OfficeId,
    assignee: Option<&'a StaffId>,
    asked: Option<Role>,
    recused: &'a [StaffId],
}

impl Case<'_> {
    fn kept(&self, token: &String) -> bool {
        self.recused.iter().any(|who| who.0 == *token)
    }

    /// The meaning of the predicate in SQL, for what an office of the organ holds.
    fn waits_by(&self, waiting: &Waiting) -> bool {
        let handled_by = |staff: &[StaffId]| self.assignee.is_some_and(|who| staff.contains(who));
        waiting.stages.contains(&self.stage)
            && waiting.kept_from.iter().all(|token| self.kept(token))
            && match &waiting.whose {
                Whose::Any => true,
                Whose::Held { offices, others } => offices.contains(&self.holder) && !handled_by(others),
                Whose::Left { offices, able } => {
                    let here = |who: &StaffId| able.iter().any(|(id, office)| id == who && *office == self.holder);
                    offices.contains(&self.holder) && self.assignee.is_some_and(|who| !here(who))
                }
                Whose::Barred(handlers) => handlers
                    .iter()
                    .any(|b| b.office == self.holder && self.assignee == Some(&b.handler) && self.kept(&b.token)),
                Whose::Deserted(offices) => {
                    let all_kept = |(office, tokens): &(OfficeId, Vec<String>)| {
                        assert!(!tokens.is_empty(), "of nobody, all are kept away");
                        *office == self.holder && tokens.iter().all(|token| self.kept(token))
                    };
                    offices.iter().any(all_kept)
                }
                Whose::Asked(role) => self.asked == Some(*role),
                Whose::Second | Whose::Review | Whose::Elsewhere | Whose::Watched(_) => false,
            }
    }

    fn seen_by(&self, who: &Who) -> bool {
        !self.recused.contains(&who.staff)
            && match scope(who) {
                Scope::Tenant => true,
                Scope::Offices(offices) => offices.contains(&self.holder),
                Scope::Assigned { staff, office } => {
                    self.assignee.map_or(office == self.holder, |named| *named == staff)
                }
                Scope::None => false,
            }
    }

    /// What somebody can do at this stage to take it further.
    fn steps(&self) -> &'static [Action] {
        match self.stage {
            Stage::AwaitingSigning => &[Action::SignFor],
            Stage::AwaitingJudgement => &[Action::Judge],
            Stage::AwaitingPresentation | Stage::AwaitingDispatch => &[Action::Dispatch],
            Stage::AwaitingInstruction => &[Action::Instruct, Action::Present],
            Stage::InHandling => &[Action::RecordFinding, Action::Assign, Action::Return],
            Stage::AwaitingApproval => &[Action::ApproveAnswer],
            Stage::AwaitingFeedback => &[Action::DeliverAnswer, Action::Assign],
            Stage::Closed => &[Action::CheckEvidence],
        }
    }

    /// Whether whoever finds it on her desk can take it further, or hand it to somebody who can.
    fn acts(&self, who: &Who, directory: &Directory) -> bool {
        let holder = Holder::Office { office: self.holder.clone() };
        let sees = |s: &Staff| !self.recused.contains(&s.id);
        let standing = Standing {
            tenancy: Tenancy::Own,
            recusal: Recusal::Clear,
            holding: if who.office == self.holder { Holding::Holder } else { Holding::Elsewhere },
            assignment: match self.assignee {
                None => Assignment::Nobody,
                Some(id) if *id == who.staff => Assignment::Mine,
                Some(_) => Assignment::Another,
            },
            others: if takers(self.stage, &holder, directory).into_iter().any(sees) {
                Others::Somebody
            } else {
                Others::Nobody
            },
        };
        self.steps().iter().any(|action| may(who, *action, &Resource::Report(standing)).allows())
    }

    fn on_a_desk(&self, directory: &Directory) -> bool {
        directory.staff.iter().filter(|s| s.ended_on.is_none()).any(|s| {
            let office = directory.office(&s.office).unwrap();
            let who = Who { staff: s.id.clone(), role: s.roles[0], office: s.office.clone(), kind: office.kind };
            self.seen_by(&who)
                && waits(&who, directory, |id| id.0.clone()).iter().any(|w| self.waits_by(w))
                && self.acts(&who, directory)
        })
    }
}

proptest! {
    /// Whoever is in the offices, whoever left, moved or is kept away: as long as one of the leaders may
    /// see it, every report is on the desk of somebody who can take it further.
    #[test]
    fn nothing_waits_for_nobody(
        people in proptest::collection::vec((0usize..3, 0usize..6, any::<bool>()), 0..10),
        away in proptest::collection::vec(any::<bool>(), 12),
        spared in any::<bool>(),
    ) {
        let directory = organ(&people);
        let mut recused: Vec<StaffId> =
            directory.staff.iter().zip(&away).filter(|(_, away)| **away).map(|(s, _)| s.id.clone()).collect();
        recused.retain(|id| *id != StaffId(if spared { "s98" } else { "s99" }.into()));
        for (holder, _) in OFFICES {
            let holder = OfficeId(holder.into());
            for assignee in directory.staff.iter().map(|s| Some(&s.id)).chain([None]) {
                for stage in WORK {
                    // Before it is dispatched nobody is named.
                    let handled = matches!(
                        stage,
                        Stage::InHandling | Stage::AwaitingApproval | Stage::AwaitingFeedback | Stage::Closed
                    );
                    if assignee.is_some() && !handled {
                        continue;
                    }
                    let case = Case { stage, holder: holder.clone(), assignee, asked: None, recused: &recused };
                    prop_assert!(
                        case.on_a_desk(&directory),
                        "{stage} at {holder:?} with {assignee:?} without {recused:?}: {people:?}"
                    );
                }
            }
            for role in [Role::Head, Role::Leader, Role::Chief] {
                let stage = Stage::AwaitingInstruction;
                let case =
                    Case { stage, holder: holder.clone(), assignee: None, asked: Some(role), recused: &recused };
                prop_assert!(case.on_a_desk(&directory), "{role} asked at {holder:?} without {recused:?}: {people:?}");
            }
        }
    }
}

#[test]
fn what_one_has_in_hand_is_not_on_the_others_desks() {
    let directory = organ(&[(0, 4, false), (1, 4, false), (2, 4, false), (2, 4, false), (2, 1, false)]);
    let on = |n: usize, case: &Case<'_>| {
        let s = &directory.staff[n];
        let kind = directory.office(&s.office).unwrap().kind;
        let who = Who { staff: s.id.clone(), role: s.roles[0], office: s.office.clone(), kind };
        case.seen_by(&who) && waits(&who, &directory, |id| id.0.clone()).iter().any(|w| case.waits_by(w))
    };
    let desks = |assignee: Option<usize>, recused: &[StaffId]| -> Vec<usize> {
        let assignee = assignee.map(|n| &directory.staff[n].id);
        let holder = OfficeId("first".into());
        let case = Case { stage: Stage::InHandling, holder, assignee, asked: None, recused };
        (0..directory.staff.len()).filter(|n| on(*n, &case)).collect()
    };
    let id = |n: usize| directory.staff[n].id.clone();
    assert_eq!(desks(None, &[]), [0, 1, 2, 3], "nobody has it yet");
    assert_eq!(desks(Some(2), &[]), [2], "hers alone");
    assert_eq!(desks(Some(2), &[id(2)]), [0, 1], "she is kept away: who can name another");
    assert_eq!(desks(Some(4), &[]), [0, 1], "she went to another office");
    assert_eq!(desks(Some(2), &[id(0), id(1), id(2)]), [5, 6], "and the leaders, when they are too");
}
