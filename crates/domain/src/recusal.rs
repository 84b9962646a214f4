//! 回避 and 径送: who must not see a report, and whether it goes up sealed.
//!
//! Decided in memory from the subject fields before anything is stored (规则 Art 15, 48; promise 5).
//! It sees no narrative and keeps nothing; when in doubt it protects the reporter, because a
//! colleague recused in vain costs an hour and a report shown to the person it names costs her.

use std::collections::BTreeSet;

use crate::content::Subject;
use crate::directory::{Directory, Headship, OfficeKind, Post, Staff, normal, same_person};
use crate::ids::{OfficeId, StaffId};
use crate::words::{Edition, Rank, Role};

/// Whether the report goes up sealed, and past whom (规则 Art 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Upward {
    /// It stays.
    None,
    /// About a person the superior manages: sealed for the own main leader and the superior.
    OwnLeaderAndSuperior,
    /// About the own main leader or the petition office itself: for the superior only.
    SuperiorOnly,
}

/// Why one member of staff is kept away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// Named, or the holder of the post that is named.
    Named,
    /// A near relation is named.
    NearRelation,
    /// A leader or the head of the own office is named.
    OwnLeader,
    /// The own office is named.
    OwnOffice,
}

/// What the subject fields lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Staff who must not see it, in the order of the directory.
    pub staff: Vec<StaffId>,
    /// Why, one entry per reason; to be sealed, never shown in a list.
    pub reasons: Vec<(StaffId, Why)>,
    /// Whether it goes up.
    pub upward: Upward,
}

/// Decides from the subject fields alone.
pub fn check(subjects: &[Subject], directory: &Directory) -> Outcome {
    let mut reasons: BTreeSet<(StaffId, Why)> = BTreeSet::new();
    let mut upward = Upward::None;
    for subject in subjects {
        upward = upward.max(about(subject, directory, &mut reasons));
    }
    let staff = directory
        .staff
        .iter()
        .map(|s| &s.id)
        .filter(|id| reasons.iter().any(|(who, _)| who == *id))
        .cloned()
        .collect();
    Outcome { staff, reasons: reasons.into_iter().collect(), upward }
}

fn about(subject: &Subject, directory: &Directory, reasons: &mut BTreeSet<(StaffId, Why)>) -> Upward {
    let posts: Vec<&Post> = directory.posts_named(subject).into_iter().map(|m| m.post).collect();
    let named: Vec<&Staff> = directory.staff.iter().filter(|s| is_named(subject, s, &posts)).collect();
    let mut upward = Upward::None;

    for person in &named {
        reasons.insert((person.id.clone(), Why::Named));
        for below in led_by(person, directory) {
            reasons.insert((below.id.clone(), Why::OwnLeader));
        }
        if person.roles.contains(&Role::Chief) || heads_petition_office(person, directory) {
            upward = upward.max(Upward::SuperiorOnly);
        }
    }
    for person in &directory.staff {
        if person.near.iter().any(|r| written(subject).any(|text| same_person(text, &r.name))) {
            reasons.insert((person.id.clone(), Why::NearRelation));
        }
    }
    for office in offices_named(subject, directory) {
        for person in directory.staff_of(&office) {
            reasons.insert((person.id.clone(), Why::OwnOffice));
        }
        if directory.office(&office).is_some_and(|o| o.kind == OfficeKind::Petition) {
            upward = upward.max(Upward::SuperiorOnly);
        }
    }
    if posts.iter().any(|p| p.unit.is_none() && p.head == Headship::Head) {
        upward = upward.max(Upward::SuperiorOnly);
        for chief in directory.staff_in(Role::Chief) {
            reasons.insert((chief.id.clone(), Why::Named));
        }
    }
    // Art 15 binds discipline organs; a petition bureau gives such a matter to one (条例 Art 30).
    if directory.organ.edition == Edition::Jw && managed_above(subject, &posts, directory) {
        upward = upward.max(Upward::OwnLeaderAndSuperior);
    }
    upward
}

/// The three fields a name may stand in.
fn written(subject: &Subject) -> impl Iterator<Item = &str> {
    [&subject.name, &subject.post, &subject.unit].into_iter().flatten().map(String::as_str)
}

fn is_named(subject: &Subject, person: &Staff, posts: &[&Post]) -> bool {
    let by_name = written(subject).any(|text| same_person(text, &person.name));
    let by_post = person.post.as_ref().is_some_and(|id| posts.iter().any(|p| &p.id == id));
    by_name || by_post || by_surname(subject, person, posts)
}

/// `李书记`, `李主任`: a surname and a title that fits the person's post, where nothing else in
/// the subject speaks for somebody outside.
fn by_surname(subject: &Subject, person: &Staff, posts: &[&Post]) -> bool {
    let Some(name) = subject.name.as_deref().map(normal) else { return false };
    let own = normal(&person.name);
    let Some(surname) = own.chars().next() else { return false };
    let Some(title) = name.strip_prefix(surname) else { return false };
    let titled = ["书记", "副书记", "主任", "副主任", "常委", "组长", "委员", "局长", "副局长"].contains(&title);
    let fits = match person.roles.first() {
        Some(Role::Chief) => ["书记", "主任", "局长"].contains(&title),
        Some(Role::Leader) => ["副书记", "书记", "常委", "委员", "副局长", "局长"].contains(&title),
        Some(Role::Head) => ["主任", "组长", "书记", "副主任"].contains(&title),
        _ => false,
    };
    let elsewhere = posts.iter().any(|p| p.unit.is_some()) || subject.unit.as_deref().is_some_and(|u| !u.trim().is_empty());
    titled && fits && !elsewhere
}

/// Everyone for whom `person` is the leader: all staff under the main leader, the offices in a
/// leader's charge, the office of a head.
fn led_by<'a>(person: &'a Staff, directory: &'a Directory) -> Vec<&'a Staff> {
    let others = directory.staff.iter().filter(|s| s.id != person.id);
    if person.roles.contains(&Role::Chief) {
        return others.collect();
    }
    let head = person.roles.contains(&Role::Head);
    let in_charge = |office: &OfficeId| {
        (head && office == &person.office)
            || directory.office(office).is_some_and(|o| o.leader.as_ref() == Some(&person.id))
    };
    others.filter(|s| in_charge(&s.office)).collect()
}

fn heads_petition_office(person: &Staff, directory: &Directory) -> bool {
    person.roles.contains(&Role::Head)
        && directory.office(&person.office).is_some_and(|o| o.kind == OfficeKind::Petition)
}

/// Offices of this organ that the unit words name: by their own name, or the organ's name with
/// theirs. The organ named alone, without a person, counts as its petition office too, since the
/// people who would read the report belong to it.
fn offices_named(subject: &Subject, directory: &Directory) -> Vec<OfficeId> {
    let unit = normal(subject.unit.as_deref().unwrap_or_default());
    if unit.is_empty() {
        return Vec::new();
    }
    let own = directory.names_own_organ(&unit);
    let elsewhere = !own && !directory.units_named(&unit).is_empty();
    let mut found: Vec<OfficeId> = directory
        .offices
        .iter()
        .filter(|o| {
            std::iter::once(&o.name).chain(&o.aliases).map(|n| normal(n)).any(|n| {
                unit == n || (own && unit.ends_with(&n)) || (!elsewhere && n.chars().count() >= 5 && unit.contains(&n))
            })
        })
        .map(|o| o.id.clone())
        .collect();
    let nobody = subject.name.as_deref().is_none_or(|n| n.trim().is_empty())
        && subject.post.as_deref().is_none_or(|p| p.trim().is_empty());
    if own && found.is_empty() && nobody {
        found.extend(directory.petition_office().map(|o| o.id.clone()));
    }
    found
}

/// Art 15, first case: the superior manages the person, by the directory or, where the directory
/// does not know the post, by the rank given.
fn managed_above(subject: &Subject, posts: &[&Post], directory: &Directory) -> bool {
    if !posts.is_empty() {
        return posts.iter().any(|p| directory.superior_manages(&p.committee));
    }
    let above = |rank: Rank| matches!(rank, Rank::Province | Rank::Bureau | Rank::County | Rank::Section)
        && rank < directory.organ.level.manages_up_to();
    subject.rank.is_some_and(above)
}
