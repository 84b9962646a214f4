//! Whether a report would go to those it is about. 检举控告 is never handed to the person or unit reported
//! (《信访工作条例》 Art 30), and sits uneasily next door to them.

use crate::content::Subject;
use crate::directory::{Directory, Office, OfficeKind, Unit, normal};
use crate::report::Holder;

/// How near a destination is to those reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Near {
    /// In the same town.
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

/// Words by which an organ that receives reports is known, whatever stands around them.
const ORGAN_WORDS: &[&str] = &["纪委", "监委", "纪律检查", "纪检", "监察", "信访"];

/// How near this destination is to the nearest of the subjects; `None` where it is not.
pub fn near(subjects: &[Subject], to: &Holder, directory: &Directory) -> Option<Near> {
    let all = subjects.iter().filter_map(|subject| match to {
        Holder::Office { office } => directory.office(office).and_then(|office| to_office(subject, office, directory)),
        Holder::Organ { .. } | Holder::Outside { .. } => {
            let organ = directory.organs.iter().find(|organ| organ.holder() == *to)?;
            let names = std::iter::once(&organ.name).chain(&organ.aliases);
            (is_unit(subject, names) || is_organ(subject, &organ.name)).then_some(Near::Itself)
        }
    });
    all.max()
}

fn to_office(subject: &Subject, office: &Office, directory: &Directory) -> Option<Near> {
    let township = office.kind == OfficeKind::Township;
    if is_unit(subject, std::iter::once(&office.name).chain(&office.aliases))
        || (township && is_organ(subject, &office.name))
    {
        return Some(Near::Itself);
    }
    // A stationed group is the competent one for its department, an office of the organ for its places.
    if !township {
        return None;
    }
    let units = directory.units_named(subject.unit.as_deref().unwrap_or_default());
    let beside = |unit: &Unit| {
        let here = |prefix: &String| !prefix.is_empty() && unit.division.starts_with(prefix.as_str());
        office.divisions.iter().any(here)
    };
    let same_words = || place_in(&written(subject), &office.name).is_some();
    (units.iter().any(|found| beside(found.unit)) || same_words()).then_some(Near::NextDoor)
}

/// All that was written of where somebody is.
fn written(subject: &Subject) -> String {
    normal(&[&subject.unit, &subject.post, &subject.name].into_iter().flatten().cloned().collect::<String>())
}

/// Whether one of these names stands in what was written, a short one at its beginning.
fn is_unit<'n>(subject: &Subject, mut names: impl Iterator<Item = &'n String>) -> bool {
    let (written, unit) = (written(subject), normal(subject.unit.as_deref().unwrap_or_default()));
    names.any(|name| {
        let name = normal(name);
        // 纪委 alone is everybody's; what has a place or a trade in it is one.
        match name.chars().count() {
            0..=2 => false,
            3 | 4 => unit.starts_with(&name) || written.starts_with(&name),
            _ => written.contains(&name),
        }
    })
}

/// However an organ is called that receives reports: its place, and a word for what it is.
fn is_organ(subject: &Subject, name: &str) -> bool {
    let written = written(subject);
    let organ = |text: &str| ORGAN_WORDS.iter().any(|word| text.contains(word));
    organ(&normal(name)) && place_in(&written, name).is_some_and(|at| organ(&written[at..]))
}

/// Where the place of this name stands in what was written. People leave out the county of their town:
/// 柳堰镇 is 砚溪县柳堰镇, and the one of another county is not.
fn place_in(written: &str, name: &str) -> Option<usize> {
    const COUNTIES: [char; 4] = ['县', '市', '区', '旗'];
    let place = stem(name)?;
    written.find(&place).or_else(|| {
        let town = place.rsplit_once(COUNTIES).map(|(_, town)| town).filter(|town| town.chars().count() >= 2)?;
        // 市 may be the city above the county, which was left out.
        let another_county = |at: &usize| written[..*at].ends_with(['县', '区', '旗']);
        written.match_indices(town).map(|(at, _)| at).find(|at| !another_county(at))
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
        // The county is left out, or stands in one of them only.
        for unit in ["柳堰镇纪委", "砚溪县柳堰镇纪委", "柳堰镇纪律检查委员会"] {
            assert_eq!(to("砚溪县柳堰镇纪委", unit), Some(Near::Itself), "{unit}");
        }
        for unit in ["柳堰镇", "柳堰镇党委", "砚溪县柳堰镇人民政府", "望澜市砚溪县柳堰镇"] {
            assert_eq!(to("砚溪县柳堰镇纪委", unit), Some(Near::NextDoor), "{unit}");
        }
        assert_eq!(to("砚溪县柳堰镇纪委", "望澜市柳堰镇纪委"), Some(Near::Itself));
        for unit in ["砚溪县纪委", "望川县柳堰镇纪委"] {
            assert_eq!(to("砚溪县柳堰镇纪委", unit), None, "{unit}");
        }
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
    fn an_organ_is_known_by_whatever_name() {
        let mut directory = example();
        let organ = directory.organs.first_mut().unwrap();
        (organ.name, organ.aliases) = ("沿溪县纪委监委".into(), Vec::new());
        let to = organ.holder();
        let told = |unit: &str, post: &str| {
            let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            near(&[Subject { unit: some(unit), post: some(post), ..Subject::default() }], &to, &directory)
        };
        for unit in [
            "沿溪县纪委监委",
            "沿溪县纪委",
            "望澜市沿溪县纪委监委",
            "中共沿溪县纪委",
            "沿溪县监委",
            "沿溪县纪律检查委员会",
        ] {
            assert_eq!(told(unit, "书记"), Some(Near::Itself), "{unit}");
        }
        assert_eq!(told("", "沿溪县纪委书记"), Some(Near::Itself));
        for unit in ["沿溪县住建局", "望澜市纪委监委", ""] {
            assert_eq!(told(unit, "局长"), None, "{unit}");
        }
    }

    #[test]
    fn names_lose_what_every_office_has() {
        assert_eq!(stem("驻住建局纪检监察组").as_deref(), Some("住建局"));
        assert_eq!(stem("柳堰镇纪律检查委员会").as_deref(), Some("柳堰镇"));
        assert_eq!(stem("纪委"), None);
    }
}
