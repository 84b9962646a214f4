//! Whether a report would go to those it is about. 检举控告 is never handed to the person or unit reported
//! (《信访工作条例》 Art 30), and sits uneasily next door to them.

use crate::content::Subject;
use crate::directory::{Directory, Office, OfficeKind, Unit, normal};
use crate::report::Holder;

/// How near a destination is to those reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Near {
    /// In the same town, or the group stationed in the same department.
    NextDoor,
    /// It is the unit reported itself.
    Itself,
}

/// What the name of an office has besides the place or department it belongs to.
const OFFICE_WORDS: &[&str] = &[
    "纪律检查委员会",
    "纪检监察组",
    "纪检组",
    "纪委监委",
    "监察办公室",
    "监察办",
    "纪工委",
    "纪委",
    "信访办公室",
    "信访办",
    "信访局",
    "街道办事处",
    "人民政府",
    "政府",
];

/// How near this destination is to the nearest of the subjects; `None` where it is not.
pub fn near(subjects: &[Subject], to: &Holder, directory: &Directory) -> Option<Near> {
    let all = subjects.iter().filter_map(|subject| match to {
        Holder::Office { office } => directory.office(office).and_then(|office| to_office(subject, office, directory)),
        Holder::Organ { .. } | Holder::Outside { .. } => {
            let organ = directory.organs.iter().find(|organ| organ.holder() == *to)?;
            let names = std::iter::once(&organ.name).chain(&organ.aliases);
            is_unit(subject, names).then_some(Near::Itself)
        }
    });
    all.max()
}

fn to_office(subject: &Subject, office: &Office, directory: &Directory) -> Option<Near> {
    if is_unit(subject, std::iter::once(&office.name).chain(&office.aliases)) {
        return Some(Near::Itself);
    }
    if !matches!(office.kind, OfficeKind::Township | OfficeKind::Stationed | OfficeKind::Department) {
        return None;
    }
    let units = directory.units_named(subject.unit.as_deref().unwrap_or_default());
    let beside = |unit: &Unit| {
        let here = |prefix: &String| !prefix.is_empty() && unit.division.starts_with(prefix.as_str());
        match office.kind {
            OfficeKind::Stationed => unit.office.as_ref() == Some(&office.id),
            _ => office.divisions.iter().any(here),
        }
    };
    let same_words = || {
        let written = normal(&[&subject.unit, &subject.post].into_iter().flatten().cloned().collect::<String>());
        stem(&office.name).is_some_and(|stem| written.contains(&stem))
    };
    (units.iter().any(|found| beside(found.unit)) || same_words()).then_some(Near::NextDoor)
}

/// Whether the words for the unit are one of these names, or begin with one.
fn is_unit<'n>(subject: &Subject, mut names: impl Iterator<Item = &'n String>) -> bool {
    let unit = normal(subject.unit.as_deref().unwrap_or_default());
    names.any(|name| {
        let name = normal(name);
        // 纪委 alone is everybody's; what has a place or a trade in it is one.
        name.chars().count() >= 3 && unit.starts_with(&name)
    })
}

/// The place or department in an office's name: 青石镇 of 青石镇纪委, 住建局 of 驻住建局纪检监察组.
fn stem(name: &str) -> Option<String> {
    let name = normal(name);
    let name = name.strip_prefix("派驻").or_else(|| name.strip_prefix('驻')).unwrap_or(&name);
    let stem = OFFICE_WORDS.iter().find_map(|word| name.strip_suffix(word)).unwrap_or(name);
    (stem.chars().count() >= 2).then(|| stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::example;
    use crate::ids::OfficeId;

    fn to(name: &str, unit: &str) -> Option<Near> {
        let mut directory = example();
        let office = directory.offices.iter_mut().find(|o| o.kind == OfficeKind::Township).unwrap();
        office.name = name.into();
        let id = office.id.0.clone();
        let subject = Subject { unit: Some(unit.into()), ..Subject::default() };
        near(&[subject], &Holder::Office { office: OfficeId(id) }, &directory)
    }

    #[test]
    fn a_township_is_next_door_to_its_own_cadres_and_nobody_elses() {
        assert_eq!(to("青石镇纪委", "青石镇人民政府财政所"), Some(Near::NextDoor));
        assert_eq!(to("青石镇纪委", "青石镇纪委"), Some(Near::Itself));
        assert_eq!(to("青石镇纪委", "县住建局"), None);
        assert_eq!(to("青石镇纪委", ""), None);
    }

    #[test]
    fn an_office_of_the_organ_that_looks_after_a_place_is_not() {
        let directory = example();
        let subject = Subject { unit: Some("青石镇政府".into()), ..Subject::default() };
        for office in directory.offices.iter().filter(|o| o.kind == OfficeKind::Supervision) {
            let to = Holder::Office { office: office.id.clone() };
            assert_eq!(near(std::slice::from_ref(&subject), &to, &directory), None, "{}", office.name);
        }
    }

    #[test]
    fn names_lose_what_every_office_has() {
        assert_eq!(stem("驻住建局纪检监察组").as_deref(), Some("住建局"));
        assert_eq!(stem("柳堰镇纪律检查委员会").as_deref(), Some("柳堰镇"));
        assert_eq!(stem("纪委"), None);
    }
}
