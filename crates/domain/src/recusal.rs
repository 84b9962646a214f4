//! 回避 and 径送: who must not see a report, and whether it goes up sealed.
//!
//! Decided in memory before anything is stored (规则 Art 15, 48; promise 5). Whether a report goes up
//! sealed follows from the subject fields alone; who must not see it, from the text as well. Nothing
//! is kept. When in doubt it protects the reporter, because a colleague recused in vain costs an
//! hour and a report shown to the person it names costs her.

mod kept;
mod near;
mod text;

use std::collections::BTreeSet;

use crate::content::Subject;
use crate::directory::{Directory, Headship, OfficeKind, Post, Staff, normal, same_person};
use crate::ids::{OfficeId, StaffId};
use crate::permission::sees_every_report;
use crate::words::{Edition, Rank, Role};

pub use kept::KeptAway;
pub use near::{Near, near};
pub use text::named_in;

/// Who can take any report in hand, whoever stands highest first: leaders, and clerks and heads of the
/// petition office. A township's clerk sees what his office holds and nothing else.
const READERS: [Role; 4] = [Role::Chief, Role::Leader, Role::Head, Role::Clerk];

/// Why a report is about somebody, rather than somebody else's who leads her.
const ABOUT: [Why; 2] = [Why::Named, Why::NearRelation];

/// Whether the report goes up sealed, and past whom (规则 Art 15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Upward {
    /// It stays.
    None,
    /// About a person the superior manages: sealed for the own main leader and the superior.
    OwnLeaderAndSuperior,
    /// About the own main leader, the petition office itself or everybody who could take it in hand
    /// here: for the superior only.
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

impl Outcome {
    /// Those it is about: the subject fields name them, or their near relations. None of them is ever
    /// spared, whoever else may be.
    pub fn about(&self) -> Vec<StaffId> {
        let mut about: Vec<StaffId> =
            self.reasons.iter().filter(|(_, why)| ABOUT.contains(why)).map(|(who, _)| who.clone()).collect();
        about.dedup();
        about
    }
}

/// Everyone who must not see a report about these subjects with these texts, in the order of the
/// directory.
pub fn kept_away<'t>(
    subjects: &[Subject],
    texts: impl IntoIterator<Item = &'t str>,
    directory: &Directory,
) -> Vec<StaffId> {
    let mut away: BTreeSet<StaffId> = check(subjects, directory).staff.into_iter().collect();
    for text in texts {
        away.extend(named_in(text, directory).into_iter().map(|(who, _)| who));
    }
    directory.staff.iter().map(|s| &s.id).filter(|id| away.contains(id)).cloned().collect()
}

/// The directory with only those of its staff through whom somebody can be kept away: herself and
/// whoever leads her. What [`kept_away`] says of her is the same with it, at a fraction of the work.
pub fn around(who: &StaffId, directory: &Directory) -> Directory {
    let matters = |person: &Staff| person.id == *who || led_by(person, directory).iter().any(|led| led.id == *who);
    let staff = directory.staff.iter().filter(|person| matters(person)).cloned().collect();
    Directory { staff, ..directory.clone() }
}

/// Those in service who can take any report in hand, whoever stands highest first.
pub fn readers(directory: &Directory) -> Vec<StaffId> {
    let serving = directory.staff.iter().filter(|person| person.ended_on.is_none());
    let sees_all = |person: &Staff, role: Role| {
        let office = directory.office(&person.office);
        office.is_some_and(|office| sees_every_report(role, office.kind))
    };
    let rank = |person: &Staff| READERS.iter().position(|role| person.roles.contains(role) && sees_all(person, *role));
    let mut readers: Vec<(usize, &StaffId)> = serving.filter_map(|person| Some((rank(person)?, &person.id))).collect();
    readers.sort_by_key(|(rank, _)| *rank);
    readers.into_iter().map(|(_, id)| id.clone()).collect()
}

/// Those in service who judge what comes in: clerks and heads of the petition office.
fn judges(directory: &Directory) -> impl Iterator<Item = &Staff> {
    let petition = |person: &&Staff| directory.office(&person.office).is_some_and(|o| o.kind == OfficeKind::Petition);
    let serving = directory.staff.iter().filter(|person| person.ended_on.is_none());
    serving.filter(petition).filter(|person| person.roles.iter().any(|role| matches!(role, Role::Clerk | Role::Head)))
}

/// Decides from the subject fields alone.
pub fn check(subjects: &[Subject], directory: &Directory) -> Outcome {
    let mut reasons: BTreeSet<(StaffId, Why)> = BTreeSet::new();
    let mut upward = Upward::None;
    for subject in subjects {
        upward = upward.max(about(subject, directory, &mut reasons));
    }
    let is_about = |who: &StaffId| ABOUT.iter().any(|why| reasons.contains(&(who.clone(), *why)));
    let readers = readers(directory);
    if !readers.is_empty() && readers.iter().all(is_about) {
        // Nobody here may take it in hand: it is as if the petition office itself were named.
        upward = Upward::SuperiorOnly;
    }
    // Somebody who could read it is not enough: without anybody to judge it, it would lie here for ever.
    let judges: Vec<StaffId> = judges(directory).map(|person| person.id.clone()).collect();
    if upward == Upward::None && !judges.is_empty() && judges.iter().all(|id| reasons.iter().any(|(who, _)| who == id))
    {
        upward = Upward::SuperiorOnly;
    }
    let staff =
        directory.staff.iter().map(|s| &s.id).filter(|id| reasons.iter().any(|(who, _)| who == *id)).cloned().collect();
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
        let phrase = |name: &str| subject.name.as_deref().is_some_and(|text| in_a_phrase(text, name));
        if person.near.iter().any(|r| phrase(&r.name) || written(subject).any(|text| same_person(text, &r.name))) {
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
    let by_name = written(subject).any(|text| same_person(text, &person.name))
        || subject.name.as_deref().is_some_and(|text| in_a_phrase(text, &person.name));
    let holds = |p: &&Post| {
        person.post.as_ref() == Some(&p.id)
            || p.holder.as_deref().is_some_and(|h| p.unit.is_none() && same_person(h, &person.name))
    };
    by_name || posts.iter().any(holds) || by_surname(subject, person, posts)
}

/// A whole sentence in the field for the name: `我要反映苏晓禾不办事`. Two more characters than the
/// name make a sentence of it; one more may be somebody else's longer name.
fn in_a_phrase(text: &str, name: &str) -> bool {
    let (text, name) = (normal(text), normal(name));
    let (long, short) = (text.chars().count(), name.chars().count());
    match short {
        0 | 1 => false,
        2 => long >= 4 && text.ends_with(&name),
        _ => long >= short + 2 && text.contains(&name),
    }
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
    let elsewhere =
        posts.iter().any(|p| p.unit.is_some()) || subject.unit.as_deref().is_some_and(|u| !u.trim().is_empty());
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
    let post = normal(subject.post.as_deref().unwrap_or_default());
    let joined = format!("{unit}{post}");
    if joined.is_empty() {
        return Vec::new();
    }
    let own = directory.names_own_organ(&joined);
    let names = |n: &String| {
        let n = normal(n);
        // Every large unit has a 信访室: a short name counts only by itself, at the beginning, or
        // beside the own organ's name; a long one (青石镇纪委) wherever it stands.
        let long = n.chars().count() >= 5;
        unit == n || ((own || long) && joined.contains(&n)) || (n.chars().count() >= 3 && joined.starts_with(&n))
    };
    let mut found: Vec<OfficeId> = directory
        .offices
        .iter()
        .filter(|o| std::iter::once(&o.name).chain(&o.aliases).any(names))
        .map(|o| o.id.clone())
        .collect();
    let nobody = subject.name.as_deref().is_none_or(|n| n.trim().is_empty()) && post.is_empty();
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
    let above = |rank: Rank| {
        matches!(rank, Rank::Province | Rank::Bureau | Rank::County | Rank::Section)
            && rank < directory.organ.level.manages_up_to()
    };
    subject.rank.is_some_and(above)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::example;

    fn subject(name: &str, unit: &str, post: &str) -> Subject {
        let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
        Subject { name: some(name), unit: some(unit), post: some(post), rank: None }
    }

    fn checked(name: &str, unit: &str, post: &str) -> (Vec<String>, Upward) {
        let outcome = check(&[subject(name, unit, post)], &example());
        (outcome.staff.into_iter().map(|s| s.0).collect(), outcome.upward)
    }

    const EVERYBODY: &[&str] = &[
        "s-chief",
        "s-leader",
        "s-head",
        "s-clerk",
        "s-handler",
        "s-township",
        "s-admin",
        "s-security",
        "s-auditor",
        "s-custodian",
        "s-approver",
    ];

    #[test]
    fn a_stranger_recuses_nobody() {
        assert_eq!(checked("蒋立诚", "县住建局", "局长"), (vec![], Upward::None));
        assert_eq!(checked("", "", ""), (vec![], Upward::None));
        assert_eq!(checked("苏", "", ""), (vec![], Upward::None));
    }

    #[test]
    fn the_named_person_is_kept_away_however_the_name_is_written() {
        for name in
            ["苏晓禾", " 苏 晓 禾 ", "苏\u{3000}晓禾", "苏晓禾同志", "信访室主任苏晓禾", "张三、苏晓禾", "苏晓禾（女）"]
        {
            assert_eq!(checked(name, "", "").0, ["s-clerk"], "{name}");
        }
        assert_eq!(checked("我要反映苏晓禾不办事", "", "").0, ["s-clerk"], "a sentence where a name belongs");
        assert_eq!(checked("举报高远", "", "").0, ["s-handler"]);
        assert!(checked("高远见", "", "").0.is_empty());
        assert!(checked("", "何清源食品有限公司", "").0.is_empty(), "a firm of that name is not the man");
        assert_eq!(checked("", "", "苏晓禾主任").0, ["s-clerk"], "the name in the wrong field");
        assert!(checked("苏晓禾苗", "", "").0.is_empty(), "another name that begins the same");
    }

    #[test]
    fn a_near_relation_recuses() {
        assert_eq!(checked("苏建平", "青石镇政府", "干部").0, ["s-clerk"]);
    }

    #[test]
    fn a_leader_named_keeps_the_offices_in_his_charge_away() {
        let (staff, upward) = checked("何清源", "", "");
        assert_eq!(
            staff,
            ["s-leader", "s-head", "s-clerk", "s-handler", "s-admin", "s-security", "s-auditor", "s-custodian"]
        );
        assert_eq!(upward, Upward::SuperiorOnly, "the petition office is among them: nobody here could judge it");
    }

    #[test]
    fn the_own_main_leader_skips_everybody_here() {
        for (name, unit, post) in [
            ("秦守正", "", ""),
            ("", "", "县纪委书记"),
            ("", "县纪委", "书记"),
            ("", "青禾县纪委监委", "书记"),
            ("秦书记", "", ""),
            ("县纪委书记秦守正", "", ""),
        ] {
            let (staff, upward) = checked(name, unit, post);
            assert_eq!(upward, Upward::SuperiorOnly, "{name}{unit}{post}");
            assert!(staff.contains(&"s-chief".to_owned()), "{name}{unit}{post}");
        }
        assert_eq!(checked("秦守正", "", "").0, EVERYBODY);
    }

    #[test]
    fn the_petition_office_itself_goes_to_the_superior() {
        for (name, unit, post) in [("", "县纪委信访室", ""), ("", "信访室", ""), ("陆明远", "", ""), ("", "县纪委", "")]
        {
            let (staff, upward) = checked(name, unit, post);
            assert_eq!(upward, Upward::SuperiorOnly, "{name}{unit}{post}");
            assert!(staff.contains(&"s-clerk".to_owned()), "{name}{unit}{post}");
        }
    }

    #[test]
    fn another_office_named_keeps_its_people_away_and_stays_here() {
        assert_eq!(checked("", "青石镇纪委", ""), (vec!["s-township".to_owned()], Upward::None));
        assert_eq!(checked("", "第一纪检监察室", "").0, ["s-handler", "s-auditor"]);
        assert_eq!(checked("", "某某大学信访室", ""), (vec![], Upward::None), "somebody else's petition office");
        assert_eq!(checked("", "青石镇", "青石镇纪委书记"), (vec!["s-township".to_owned()], Upward::None));
    }

    #[test]
    fn a_person_the_superior_manages_goes_to_the_main_leader_and_up() {
        assert_eq!(checked("", "县政府", "县长").1, Upward::OwnLeaderAndSuperior);
        assert_eq!(checked("", "", "青禾县县长").1, Upward::OwnLeaderAndSuperior);
        let high = Subject { name: Some("某某".into()), rank: Some(Rank::Bureau), ..Subject::default() };
        assert_eq!(check(&[high], &example()).upward, Upward::OwnLeaderAndSuperior, "by the rank given");
        let low = Subject { name: Some("某某".into()), rank: Some(Rank::Section), ..Subject::default() };
        assert_eq!(check(&[low], &example()).upward, Upward::None);
        let known = Subject { rank: Some(Rank::County), ..subject("蒋立诚", "县住建局", "局长") };
        assert_eq!(check(&[known], &example()).upward, Upward::None, "the directory knows better than the form");
    }

    #[test]
    fn a_petition_bureau_does_not_seal_what_the_law_lets_it_pass_on() {
        let mut bureau = example();
        bureau.organ.edition = Edition::Xf;
        let mayor = [subject("", "县政府", "县长")];
        assert_eq!(check(&mayor, &bureau).upward, Upward::None);
        let own = [subject("秦守正", "", "")];
        assert_eq!(check(&own, &bureau).upward, Upward::SuperiorOnly);
    }

    #[test]
    fn the_longer_name_wins() {
        assert_eq!(checked("", "云川市纪委", "书记").1, Upward::None, "the city's secretary is not the county's");
    }

    #[test]
    fn what_is_about_everybody_who_could_read_it_goes_to_the_superior() {
        let mut small = example();
        small.staff.retain(|person| ["s-clerk", "s-handler"].contains(&person.id.0.as_str()));
        let [clerk, father] = [subject("苏晓禾", "", ""), subject("苏建平", "", "")];
        assert_eq!(check(&[clerk], &small).upward, Upward::SuperiorOnly, "she is the only one who registers");
        assert_eq!(
            check(&[father], &small).upward,
            Upward::SuperiorOnly,
            "nor may she read what is about her relation"
        );
        assert_eq!(check(&[subject("高远", "", "")], &small).upward, Upward::None, "he handles what others registered");
        assert_eq!(readers(&example())[0], StaffId("s-chief".into()), "whoever stands highest comes first");
    }

    #[test]
    fn several_subjects_take_the_strictest() {
        let outcome = check(
            &[subject("蒋立诚", "县住建局", "局长"), subject("苏晓禾", "", ""), subject("", "县政府", "县长")],
            &example(),
        );
        assert_eq!(outcome.upward, Upward::OwnLeaderAndSuperior);
        assert_eq!(outcome.staff, [StaffId("s-clerk".into())]);
        assert_eq!(outcome.reasons, [(StaffId("s-clerk".into()), Why::Named)]);
    }

    mod always {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            /// Whatever stands around it, a member of staff named in full never reads it.
            #[test]
            fn blanks_and_widths_never_hide_a_name(gaps in proptest::collection::vec(0usize..3, 4), who in 0usize..6) {
                let directory = example();
                let person = &directory.staff[who];
                let mut written = String::new();
                for (i, c) in person.name.chars().enumerate() {
                    written.push_str(["", " ", "\u{3000}"][gaps[i % gaps.len()]]);
                    written.push(c);
                }
                let outcome = check(&[subject(&written, "", "")], &directory);
                prop_assert!(outcome.staff.contains(&person.id), "{written}");
            }

            /// Asked for one person, the small directory answers as the whole one does.
            #[test]
            fn the_staff_around_somebody_decide_about_her(
                name in "(苏晓禾|何清源|秦守正|陆明远|高远|苏建平|秦书记|李主任|蒋立诚)?",
                unit in "(县纪委|县纪委信访室|第一纪检监察室|青石镇纪委|县住建局)?",
                post in "(书记|县纪委书记|局长|主任)?",
                text in "(苏晓禾|何清源|高远收|陆明远|的|，|钱){0,6}",
            ) {
                let directory = example();
                let subjects = [subject(&name, &unit, &post)];
                let all = kept_away(&subjects, [text.as_str()], &directory);
                for person in &directory.staff {
                    let small = around(&person.id, &directory);
                    let alone = kept_away(&subjects, [text.as_str()], &small);
                    prop_assert_eq!(all.contains(&person.id), alone.contains(&person.id), "{}", person.id);
                }
            }

            #[test]
            fn no_text_makes_it_stumble(name in ".{0,40}", unit in ".{0,40}", post in ".{0,40}") {
                let outcome = check(&[subject(&name, &unit, &post)], &example());
                prop_assert!(outcome.reasons.iter().all(|(who, _)| outcome.staff.contains(who)));
            }
        }
    }
}
