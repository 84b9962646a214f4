//! 待办: whatever the offices and whoever left, nothing waits for nobody, and nobody finds there what
//! she may not see.

use domain::directory::{Directory, Letterhead, Level, Office, OfficeKind, Organ, Staff};
use domain::ids::{OfficeId, StaffId};
use domain::permission::{Scope, Waiting, Who, Whose, scope, waits};
use domain::words::{Edition, Role, Stage};
use jiff::civil::date;
use proptest::prelude::*;

const OFFICES: [(&str, OfficeKind); 6] = [
    ("petition", OfficeKind::Petition),
    ("town", OfficeKind::Township),
    ("group", OfficeKind::Stationed),
    ("bureau", OfficeKind::Department),
    ("first", OfficeKind::Supervision),
    ("leaders", OfficeKind::Leadership),
];
const WORK: [Stage; 7] = [
    Stage::AwaitingSigning,
    Stage::AwaitingJudgement,
    Stage::AwaitingPresentation,
    Stage::AwaitingDispatch,
    Stage::InHandling,
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

/// An organ with a leader, and else whoever there is.
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
    let staff = people
        .iter()
        .enumerate()
        .map(|(n, (role, office, left))| person(n, roles[role % 3], OFFICES[office % 5].0, *left))
        .chain([person(99, Role::Leader, "leaders", false)])
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

/// The meaning of the predicate in SQL, for what an office of the organ holds.
fn holds(waiting: &Waiting, stage: Stage, holder: &OfficeId, assignee: Option<&StaffId>) -> bool {
    waiting.stages.contains(&stage)
        && match &waiting.whose {
            Whose::Any => true,
            Whose::Held { offices, staff } => {
                offices.contains(holder) && assignee.is_none_or(|who| staff.contains(who))
            }
            Whose::Office(office) => office == holder,
            Whose::Left(staff) => assignee.is_some_and(|who| staff.contains(who)),
            Whose::Asked(_) | Whose::Elsewhere | Whose::Watched(_) => false,
        }
}

fn sees(who: &Who, holder: &OfficeId, assignee: Option<&StaffId>) -> bool {
    match scope(who) {
        Scope::Tenant => true,
        Scope::Offices(offices) => offices.contains(holder),
        Scope::Assigned { staff, office } => assignee.map_or(office == *holder, |named| *named == staff),
        Scope::None => false,
    }
}

proptest! {
    #[test]
    fn nothing_waits_for_nobody(people in proptest::collection::vec((0usize..3, 0usize..5, any::<bool>()), 0..12)) {
        let directory = organ(&people);
        for (holder, _) in OFFICES {
            let holder = OfficeId(holder.into());
            let named = directory.staff.iter().filter(|s| s.office == holder).map(|s| Some(&s.id));
            for assignee in named.chain([None]) {
                for stage in WORK {
                    // Before it is dispatched nobody is named.
                    if assignee.is_some() && !matches!(stage, Stage::InHandling | Stage::AwaitingFeedback | Stage::Closed) {
                        continue;
                    }
                    let found = directory.staff.iter().filter(|s| s.ended_on.is_none()).any(|s| {
                        let office = directory.office(&s.office).unwrap();
                        let who = Who { staff: s.id.clone(), role: s.roles[0], office: s.office.clone(), kind: office.kind };
                        sees(&who, &holder, assignee)
                            && waits(&who, &directory).iter().any(|w| holds(w, stage, &holder, assignee))
                    });
                    prop_assert!(found, "{stage} at {holder:?} with {assignee:?}: {people:?}");
                }
            }
        }
    }
}
