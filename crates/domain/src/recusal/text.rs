//! 回避 by what the text says: staff and their near relations who are named anywhere in it.
//!
//! A frightened person writes the clerk's name where it comes to her mind, not where the form has a
//! field for it. Only the named person and whoever stands near her are kept away here: a text also
//! names people in passing, and were a leader's whole line kept away as for a subject, a letter
//! addressed to the secretary would be read by nobody.

use super::Why;
use crate::directory::{Directory, normal};
use crate::ids::StaffId;

/// Longest opening line that can be an address, in characters.
const SALUTATION: usize = 24;
/// Titles that stand beside a name and make two characters a name.
const TITLES: &[&str] = &[
    "书记", "主任", "局长", "科长", "处长", "所长", "镇长", "乡长", "县长", "市长", "组长", "院长", "校长", "部长",
    "常委", "委员", "同志", "科员", "干部", "干事", "老师", "先生", "女士", "会计", "主席",
];
/// Words that accuse: a line with one of them addresses nobody.
const ACCUSING: &[&str] = &["举报", "反映", "控告", "检举", "投诉", "揭发", "告", "我"];
/// Names of two characters that are ordinary words too: they count only where something around them
/// says that they are a name.
const ORDINARY: &[&str] = &[
    "安静", "安全", "安心", "白云", "常见", "常务", "成功", "成长", "程度", "程序", "单位", "党员", "方便", "方向",
    "高度", "高峰", "高级", "高明", "高速", "高兴", "高远", "公平", "关系", "关于", "管理", "光明", "海洋", "和平",
    "和谐", "华丽", "计划", "建设", "江河", "江山", "解放", "解决", "金额", "金融", "经过", "康复", "连续", "路口",
    "马上", "明白", "平安", "平时", "曲折", "全部", "全面", "任何", "任务", "时间", "石头", "石油", "水平", "田地",
    "万一", "万元", "温和", "温暖", "文明", "项目", "向前", "许可", "严格", "严重", "易于", "应该", "余地", "曾经",
    "章程", "长江", "支持", "黄河", "强化", "于是", "方法", "方式", "金钱", "钱财", "安排", "查看", "查处", "施工",
];
/// What may stand right before such a name.
const BEFORE: &[&str] = &[
    "举报", "反映", "控告", "检举", "投诉", "叫", "名为", "就是", "和", "与", "跟", "向", "给", "被", "由", "是", "找",
    "对", "及", "同", "让", "请",
];
/// What may stand right after such a name.
const AFTER: &[&str] = &[
    "收", "的", "说", "是", "在", "和", "与", "将", "把", "向", "让", "给", "利用", "违", "长期", "等", "及", "本人",
    "一直", "多次", "不", "对", "跟", "又", "也", "就", "为",
];

/// Staff who are named in a text, or whose near relation is, in the order of the directory.
pub fn named_in(text: &str, directory: &Directory) -> Vec<(StaffId, Why)> {
    let pieces = pieces(text);
    let mut found = Vec::new();
    for person in &directory.staff {
        if stands_in(&pieces, &person.name) {
            found.push((person.id.clone(), Why::Named));
        } else if person.near.iter().any(|near| stands_in(&pieces, &near.name)) {
            found.push((person.id.clone(), Why::NearRelation));
        }
    }
    found
}

/// The text in runs between marks, each normalised, without the line that only addresses somebody.
/// Blanks and line ends do not part a name: they are put between its characters to hide it.
fn pieces(text: &str) -> Vec<String> {
    let body = without_salutation(text);
    normal(body)
        .split(|c: char| c.is_ascii_punctuation() || "，。、；：？！“”‘’（）《》【】…—".contains(c))
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `尊敬的秦守正书记：您好` addresses; `举报秦守正：` accuses. Only a first line that is nothing but
/// an honorific, a name with a title, and a colon or greeting is an address.
fn without_salutation(text: &str) -> &str {
    let start = text.trim_start();
    let Some(end) = start.find(['：', ':', '，', '\n']) else { return text };
    let line = normal(&start[..end]);
    let addressed = line.chars().count() <= SALUTATION
        && ["尊敬的", "敬爱的", "敬呈", "呈"].iter().any(|word| line.starts_with(word))
        && !ACCUSING.iter().any(|word| line.contains(word))
        && TITLES.iter().any(|title| line.trim_end_matches("您好").trim_end_matches("你好").ends_with(title));
    if addressed { &start[end..] } else { text }
}

/// Whether a name stands in a text, wherever it stands; one that is an ordinary word as well only
/// where something around it says that it is a name.
fn stands_in(pieces: &[String], name: &str) -> bool {
    let name = normal(name);
    match name.chars().count() {
        0 | 1 => false,
        2 if ORDINARY.contains(&name.as_str()) => pieces.iter().any(|piece| {
            piece.match_indices(&name).any(|(at, _)| {
                let (before, after) = (&piece[..at], &piece[at + name.len()..]);
                // The name alone between two marks.
                (before.is_empty() && after.is_empty())
                    || TITLES.iter().chain(BEFORE).any(|cue| before.ends_with(cue))
                    || TITLES.iter().any(|cue| after.starts_with(cue))
                    || AFTER.iter().any(|cue| after.starts_with(cue))
            })
        }),
        _ => pieces.iter().any(|piece| piece.contains(&name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::tests::example;

    fn found(text: &str) -> Vec<String> {
        named_in(text, &example()).into_iter().map(|(who, _)| who.0).collect()
    }

    #[test]
    fn a_name_anywhere_in_the_text_keeps_its_bearer_away() {
        for text in [
            "村里修路的钱不见了，信访室苏晓禾收了村支书两条烟。",
            "苏晓禾",
            "我找过苏 晓 禾三次",
            "经办人是苏\n晓禾，她不给登记",
            "（苏晓禾）",
        ] {
            assert_eq!(found(text), ["s-clerk"], "{text}");
        }
    }

    #[test]
    fn an_ordinary_word_is_a_name_only_where_something_says_so() {
        for text in [
            "第一纪检监察室高远收了两万元",
            "昨天高远收了钱",
            "举报高远收钱",
            "高远，第一纪检监察室",
            "高远收了两万元",
            "向高远反映过",
            "纪检干部高远打招呼",
        ] {
            assert_eq!(found(text), ["s-handler"], "{text}");
        }
        for text in ["他志存高远，一心为民", "高远见的提法", "看得高远些"] {
            assert!(found(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn two_characters_that_are_no_word_count_wherever_they_stand() {
        let mut directory = example();
        directory.staff[3].name = "岳峥".into();
        for text in ["我们村的岳峥打人", "昨天岳峥来过", "岳峥"] {
            let found = named_in(text, &directory);
            assert_eq!(found.iter().map(|(who, _)| who.clone()).collect::<Vec<_>>(), [directory.staff[3].id.clone()]);
        }
    }

    #[test]
    fn a_near_relation_in_the_text_counts() {
        assert_eq!(named_in("工程给了苏建平的公司", &example()), [(StaffId("s-clerk".into()), Why::NearRelation)]);
    }

    #[test]
    fn a_letter_addressed_to_the_secretary_is_not_about_him() {
        assert!(found("尊敬的秦守正书记：您好！我要反映村里的事。").is_empty());
        assert!(found("尊敬的秦守正书记您好，我要反映村里的事。").is_empty());
        assert_eq!(found("尊敬的秦守正书记：我反映秦守正收钱。"), ["s-chief"], "named again in the text");
        assert_eq!(found("举报秦守正：他收钱"), ["s-chief"]);
        assert_eq!(found("举报秦守正书记：他收钱"), ["s-chief"]);
        assert_eq!(found("尊敬的领导我实名举报秦守正书记，他收钱"), ["s-chief"]);
        assert_eq!(found("呈上举报信访室苏晓禾主任：他不办事"), ["s-clerk"]);
    }

    #[test]
    fn only_the_named_person_is_kept_away_not_her_whole_line() {
        assert_eq!(found("镇里说何清源已经批了"), ["s-leader"]);
    }

    mod always {
        use super::*;
        use proptest::prelude::*;

        proptest! {
            /// A full name of three characters is found whatever stands before and after it.
            #[test]
            fn nothing_around_a_name_hides_it(before in "[一-龥，。 ]{0,30}", after in "[一-龥，。 ]{0,30}") {
                let text = format!("反映{before}苏晓禾{after}");
                prop_assert!(found(&text).contains(&"s-clerk".to_owned()));
            }

            #[test]
            fn no_text_makes_it_stumble(text in ".{0,200}") {
                let _ = found(&text);
            }
        }
    }
}
