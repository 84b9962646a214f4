//! Posts and the rank they carry: the list of posts, where they stand, and what the organ before
//! them makes of them. Whose post it is stays open.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::words::Rank;

use super::places::{Mention, Settled};
use super::{Found, Scene};
use crate::entity::{EntityKind, Value};
use crate::quick::CharSet;
use crate::stage::Rule;

/// What a post's rank hangs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carries {
    /// The post itself carries it.
    Rank(Rank),
    /// The level of the organ or place before it.
    Level,
    /// Nothing: a function, not a rank.
    Nothing,
}

use Carries::{Level, Nothing};
const PROVINCE: Carries = Carries::Rank(Rank::Province);
const BUREAU: Carries = Carries::Rank(Rank::Bureau);
const COUNTY: Carries = Carries::Rank(Rank::County);
const SECTION: Carries = Carries::Rank(Rank::Section);
const GENERAL: Carries = Carries::Rank(Rank::General);
const INSTITUTION: Carries = Carries::Rank(Rank::Institution);
const VILLAGE_HEAD: Carries = Carries::Rank(Rank::VillageHead);
const VILLAGE: Carries = Carries::Rank(Rank::Village);

/// The list of posts. Deputies are found by the word before.
const POSTS: &[(&str, Carries)] = &[
    ("省委书记", PROVINCE),
    ("省长", PROVINCE),
    ("自治区主席", PROVINCE),
    ("市委书记", Level),
    ("市长", Level),
    ("州长", BUREAU),
    ("厅长", BUREAU),
    ("巡视员", BUREAU),
    ("县委书记", COUNTY),
    ("区委书记", COUNTY),
    ("县长", COUNTY),
    ("区长", COUNTY),
    ("旗长", COUNTY),
    ("处长", COUNTY),
    ("调研员", COUNTY),
    ("镇党委书记", SECTION),
    ("乡党委书记", SECTION),
    ("街道党工委书记", SECTION),
    ("镇长", SECTION),
    ("乡长", SECTION),
    ("科长", SECTION),
    ("主任科员", GENERAL),
    ("科员", GENERAL),
    ("办事员", GENERAL),
    ("民警", GENERAL),
    ("辅警", GENERAL),
    ("协警", GENERAL),
    ("股长", GENERAL),
    ("村党支部书记", VILLAGE_HEAD),
    ("村支部书记", VILLAGE_HEAD),
    ("村党总支书记", VILLAGE_HEAD),
    ("村委会主任", VILLAGE_HEAD),
    ("村委主任", VILLAGE_HEAD),
    ("村支书", VILLAGE_HEAD),
    ("村书记", VILLAGE_HEAD),
    ("村主任", VILLAGE_HEAD),
    ("村长", VILLAGE_HEAD),
    ("社区书记", VILLAGE_HEAD),
    ("社区主任", VILLAGE_HEAD),
    ("居委会主任", VILLAGE_HEAD),
    ("村干部", VILLAGE),
    ("村会计", VILLAGE),
    ("村文书", VILLAGE),
    ("村民小组长", VILLAGE),
    ("小组长", VILLAGE),
    ("妇女主任", VILLAGE),
    ("治保主任", VILLAGE),
    ("网格员", VILLAGE),
    ("第一书记", Nothing),
    ("纪委书记", Level),
    ("政法委书记", Level),
    ("党委书记", Level),
    ("党组书记", Level),
    ("党工委书记", Level),
    ("党委副书记", Level),
    ("党组副书记", Level),
    ("纪委副书记", Level),
    ("党支部书记", Level),
    ("支部书记", Level),
    ("支书", VILLAGE_HEAD),
    ("书记", Level),
    ("组织部长", Level),
    ("宣传部长", Level),
    ("统战部长", Level),
    ("武装部长", Level),
    ("部长", Level),
    ("局长", Level),
    ("主席", Level),
    ("主任", Level),
    ("秘书长", Level),
    ("检察长", Level),
    ("纪检组长", Level),
    ("纪检组组长", Level),
    ("组长", Nothing),
    ("院长", Nothing),
    ("庭长", Nothing),
    ("法官", Nothing),
    ("审判长", Nothing),
    ("检察官", Nothing),
    ("政委", Nothing),
    ("教导员", Nothing),
    ("总队长", Nothing),
    ("支队长", Nothing),
    ("大队长", Nothing),
    ("中队长", Nothing),
    ("队长", Nothing),
    ("所长", Nothing),
    ("站长", Nothing),
    ("场长", Nothing),
    ("镇干部", GENERAL),
    ("乡干部", GENERAL),
    ("校长", INSTITUTION),
    ("园长", INSTITUTION),
    ("班主任", INSTITUTION),
    ("教授", INSTITUTION),
    ("教导主任", INSTITUTION),
    ("护士长", INSTITUTION),
    ("董事长", Nothing),
    ("总经理", Nothing),
    ("总裁", Nothing),
    ("副总", Nothing),
    ("项目经理", Nothing),
    ("客户经理", Nothing),
    ("销售经理", Nothing),
    ("主教练", Nothing),
    ("经理", Nothing),
    ("厂长", Nothing),
    ("行长", Nothing),
    ("法定代表人", Nothing),
    ("法人代表", Nothing),
    ("监事长", Nothing),
    ("监事", Nothing),
    ("董事", Nothing),
    ("总工程师", Nothing),
    ("工程师", Nothing),
    ("会计", Nothing),
    ("出纳", Nothing),
    ("秘书", Nothing),
    ("常委", Level),
    ("委员", Nothing),
    ("人大代表", Nothing),
    ("政协委员", Nothing),
    ("理事长", Nothing),
    ("会长", Nothing),
    ("记者", Nothing),
    ("教练", Nothing),
    ("主编", Nothing),
    ("总监", Nothing),
    ("店长", Nothing),
    ("律师", Nothing),
];

/// Words before a post that belong to it, longer ones first.
const BEFORE: &[&str] = &["常务副", "副", "代理", "名誉"];

/// What makes of a post something else when it follows.
const NOT_BEFORE: &[&str] = &["级", "们", "室", "办", "证", "制", "助理", "信箱", "热线", "会", "处", "人", "团", "席"];

/// The posts known, for the dictionary of words.
pub(crate) fn posts() -> impl Iterator<Item = &'static str> {
    POSTS.iter().map(|(post, _)| *post)
}

/// Posts by their first character, longer ones first.
static BY_FIRST: LazyLock<HashMap<char, Vec<(&'static str, Carries)>>> = LazyLock::new(|| {
    let mut map: HashMap<char, Vec<(&'static str, Carries)>> = HashMap::new();
    for (post, carries) in POSTS {
        if let Some(first) = post.chars().next() {
            map.entry(first).or_default().push((post, *carries));
        }
    }
    for list in map.values_mut() {
        list.sort_by_key(|(post, _)| std::cmp::Reverse(post.chars().count()));
    }
    map
});

/// Characters with which a post or the word before it begins.
static FIRSTS: LazyLock<CharSet> =
    LazyLock::new(|| CharSet::new(posts().chain(BEFORE.iter().copied()).filter_map(|w| w.chars().next())));

/// The post at `at`: its end and what its rank hangs on.
fn post_at(scene: &Scene<'_>, at: usize) -> Option<(usize, Carries)> {
    let (post, carries) = BY_FIRST.get(&scene.char(at)?)?.iter().find(|(post, _)| scene.at(at, post))?;
    Some((at + post.chars().count(), *carries))
}

/// Finds posts. Their rank is worked out when the organs are known.
pub(crate) fn find(scene: &Scene<'_>, found: &mut Vec<Found>) {
    let mut at = 0;
    while at < scene.chars.len() {
        if !FIRSTS.has(scene.chars[at]) {
            at += 1;
            continue;
        }
        let prefix = BEFORE.iter().find(|w| scene.at(at, w)).map_or(0, |w| w.chars().count());
        let hit = post_at(scene, at).or_else(|| (prefix > 0).then(|| post_at(scene, at + prefix)).flatten());
        let Some((end, _)) = hit else {
            at += 1;
            continue;
        };
        if NOT_BEFORE.iter().any(|w| scene.at(end, w)) {
            at = end;
            continue;
        }
        // 石桥村支书: the village has a name, so 村 belongs to it.
        let village = at - scene.left(at, 4);
        let inner = at + 1;
        if scene.char(at) == Some('村') && village >= 2 && post_at(scene, inner).is_some_and(|(e, _)| e == end) {
            found.push(Found::new(inner, end, EntityKind::Position, 0.82, Rule::PostName));
            at = end;
            continue;
        }
        found.push(Found::new(at, end, EntityKind::Position, 0.82, Rule::PostName));
        // 柳林镇党委书记 is the organ 柳林镇党委 and the post 书记; 党委书记 by itself is one post.
        if scene.before(end, "委书记") || scene.before(end, "党组书记") || scene.before(end, "副书记") {
            let post = if scene.before(end, "副书记") { 3 } else { 2 };
            found.push(Found::new(end - post, end, EntityKind::Position, 0.81, Rule::PostName));
        }
        at = end;
    }
}

/// What stands before a post says how high it is.
fn level(scene: &Scene<'_>, start: usize, organ: Option<(usize, usize)>, deepest: Option<usize>) -> Option<Rank> {
    // The organ's own words, or the few characters before the post.
    let (from, to) = organ.unwrap_or((scene.left(start, 8), start));
    let words = scene.string(from, to);
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    if has(&["村", "居委", "社区"]) {
        return Some(Rank::VillageHead);
    }
    if has(&["镇", "乡", "街道"]) {
        return Some(Rank::Section);
    }
    if has(&["厅"]) {
        return Some(Rank::Bureau);
    }
    if has(&["县", "区", "旗"]) && !has(&["自治区", "开发区"]) {
        return Some(Rank::Section);
    }
    // 宁乡市 is a county, 长沙市 a city: the code tells, and without a code it stays open whether
    // 市 is one or the other, so the usual reading is taken.
    match deepest {
        Some(6) => return Some(Rank::Section),
        Some(2) => return Some(Rank::Bureau),
        _ => {}
    }
    if has(&["市", "州", "盟"]) {
        return Some(Rank::County);
    }
    if has(&["省", "自治区"]) {
        return Some(Rank::Bureau);
    }
    None
}

/// Heads of a place's own committee and government stand one step above the heads of its bureaus.
fn heads(rank: Rank) -> Rank {
    match rank {
        Rank::Section => Rank::County,
        Rank::County => Rank::Bureau,
        Rank::Bureau => Rank::Province,
        other => other,
    }
}

/// Gives each post found its rank, where it has one.
pub(crate) fn rank(scene: &Scene<'_>, mentions: &[Mention], settled: &[Settled], found: &mut [Found]) {
    let code_before = |from: usize, to: usize| {
        settled
            .iter()
            .filter_map(|s| mentions.get(s.mention).map(|m| (m, &s.place)))
            .filter(|(m, _)| m.start >= from && m.end <= to)
            .map(|(_, place)| match place.code.trim_end_matches('0').len() {
                0..=2 => 2,
                3..=4 => 4,
                _ => 6,
            })
            .max()
    };
    for i in 0..found.len() {
        if found[i].kind != EntityKind::Position {
            continue;
        }
        let (start, end) = (found[i].start, found[i].end);
        let organ = found[..i]
            .last()
            .filter(|o| {
                matches!(o.kind, EntityKind::Government | EntityKind::Organization | EntityKind::Address)
                    && start - o.end <= 3
                    && (o.end..start).all(|k| !matches!(scene.chars[k], '。' | ',' | '，' | '、' | ';'))
            })
            .map(|o| (o.start, o.end));
        let prefix = BEFORE.iter().find(|w| scene.at(start, w)).map_or(0, |w| w.chars().count());
        let Some((_, carries)) = post_at(scene, start).or_else(|| post_at(scene, start + prefix)) else {
            continue;
        };
        let words = scene.string(start + prefix, end);
        let from = organ.map_or_else(|| scene.left(start, 8), |o| o.0);
        let rank = match carries {
            Carries::Rank(rank) => Some(rank),
            Nothing => None,
            Level => match words.as_str() {
                "市长" | "市委书记" => {
                    Some(if code_before(from, end) == Some(6) { Rank::County } else { Rank::Bureau })
                }
                _ => level(scene, start, organ, code_before(from, start)).map(|rank| {
                    let committee = organ
                        .is_some_and(|o| ["县委", "区委", "市委", "省委"].iter().any(|w| scene.before(o.1, w)))
                        && words == "书记";
                    if committee { heads(rank) } else { rank }
                }),
            },
        };
        if let Some(rank) = rank {
            found[i].value = Some(Value::Rank(rank));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{of, values};
    use super::*;

    #[test]
    fn posts_with_the_words_that_belong_to_them() {
        assert_eq!(of("原副局长和常务副县长", EntityKind::Position), ["副局长", "常务副县长"]);
        assert_eq!(of("村支书兼村委会主任", EntityKind::Position), ["村支书", "村委会主任"]);
        assert_eq!(of("石桥村支书李某某", EntityKind::Position), ["支书"]);
        assert_eq!(of("石桥村支书李某某", EntityKind::Address), ["石桥村"]);
        assert!(of("主任们在办公室", EntityKind::Position).is_empty());
        assert!(of("写给市长信箱", EntityKind::Position).is_empty());
    }

    #[test]
    fn ranks_by_post_and_by_organ() {
        for (text, rank) in [
            ("县长贪污", Some(Rank::County)),
            ("云川市住建局局长受贿", Some(Rank::County)),
            ("青山县住建局局长受贿", Some(Rank::Section)),
            ("省交通厅厅长", Some(Rank::Bureau)),
            ("柳林镇党委书记", Some(Rank::Section)),
            ("镇长", Some(Rank::Section)),
            ("村支书", Some(Rank::VillageHead)),
            ("石桥村主任", Some(Rank::VillageHead)),
            ("县委书记", Some(Rank::County)),
            ("云川市委书记", Some(Rank::Bureau)),
            ("村会计", Some(Rank::Village)),
            ("校长", Some(Rank::Institution)),
            ("局长", None),
            ("总经理", None),
        ] {
            assert_eq!(values(text, EntityKind::Position), [rank.map(Value::Rank)], "{text}");
        }
    }
}
