//! Finding people, posts and units of the directory in the words a reporter wrote.
//!
//! It works on the subject fields only, in memory, and returns keys; it keeps nothing.

use super::model::{Directory, Post, Unit};
use crate::content::Subject;

/// Words that may follow or precede a name without being part of it.
const HONORIFICS: &[&str] = &[
    "同志",
    "先生",
    "女士",
    "等人",
    "等",
    "书记",
    "副书记",
    "主任",
    "局长",
    "科长",
    "处长",
    "镇长",
    "乡长",
    "县长",
    "区长",
    "市长",
    "村长",
    "支书",
    "站长",
    "所长",
    "院长",
    "校长",
    "主席",
    "部长",
    "委员",
    "常委",
    "组长",
    "室主任",
    "队长",
    "经理",
    "董事长",
    "会计",
    "主任科员",
    "厂长",
    "司长",
    "省长",
    "秘书长",
    "巡视员",
    "调研员",
    "股长",
    "检察长",
    "老师",
    "领导",
];

/// The text as it is compared: full-width letters made half-width, every blank and mark of
/// separation dropped, Latin letters made small.
pub fn normal(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{30FB}' | '\u{2022}' | '\u{2027}' | '\u{2E31}' => '·',
            _ => c,
        })
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Whether `written` names the person called `name`: equal after [`normal`], or one of several
/// names in a list, or the name with a title before or after it (`住建局局长张三`, `张三同志`).
pub fn same_person(written: &str, name: &str) -> bool {
    let name = normal(name);
    if name.chars().count() < 2 {
        return false;
    }
    let written = normal(written);
    if written == name {
        return true;
    }
    let separators = ['、', ',', '，', '/', ';', '；', '(', ')', '和', '与', '及', ':', '。', '"', '“', '”'];
    written.split(separators).any(|piece| {
        piece == name
            || piece.strip_suffix(&name).is_some_and(|title| HONORIFICS.iter().any(|h| title.ends_with(h)))
            || piece.strip_prefix(&name).is_some_and(|title| HONORIFICS.iter().any(|h| title.ends_with(h)))
    })
}

/// A post found in the words of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostMatch<'a> {
    /// The post.
    pub post: &'a Post,
    /// Characters of the directory's words that matched; more is surer.
    pub length: usize,
}

/// A unit found in the words of a subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnitMatch<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Characters of the directory's words that matched; more is surer.
    pub length: usize,
}

/// How many characters of `name` were found in `text`: the whole of it for equality, or for a name
/// of three characters or more standing inside a longer text.
fn found(text: &str, name: &str) -> Option<usize> {
    let name = normal(name);
    let length = name.chars().count();
    let hit = !name.is_empty() && (text == name || (length >= 3 && text.contains(&name)));
    hit.then_some(length)
}

/// Longest matches only: `青山县纪委书记` names that post and not also `县纪委书记`.
fn longest<T>(mut all: Vec<(T, usize)>) -> Vec<(T, usize)> {
    let best = all.iter().map(|(_, n)| *n).max().unwrap_or(0);
    all.retain(|(_, n)| *n == best);
    all
}

impl Directory {
    /// Units that `text` names, the surest only; several when the words fit several.
    pub fn units_named(&self, text: &str) -> Vec<UnitMatch<'_>> {
        let text = normal(text);
        if text.is_empty() {
            return Vec::new();
        }
        let hits = self
            .units
            .iter()
            .filter_map(|u| {
                std::iter::once(&u.name).chain(&u.aliases).filter_map(|n| found(&text, n)).max().map(|n| (u, n))
            })
            .collect();
        longest(hits).into_iter().map(|(unit, length)| UnitMatch { unit, length }).collect()
    }

    /// Whether `text` names this organ itself.
    pub fn names_own_organ(&self, text: &str) -> bool {
        self.own_organ_length(&normal(text)).is_some()
    }

    fn own_organ_length(&self, text: &str) -> Option<usize> {
        let own = std::iter::once(&self.organ.name).chain(&self.organ.aliases).filter_map(|n| found(text, n)).max()?;
        // A longer name of another organ or unit inside the same words wins: 青山县纪委 is not 县纪委.
        (self.others_length(text) <= own).then_some(own)
    }

    /// The longest name of another organ, a unit or an inner office in the words.
    fn others_length(&self, text: &str) -> usize {
        let organs = self.organs.iter().flat_map(|o| std::iter::once(&o.name).chain(&o.aliases));
        let units = self.units.iter().flat_map(|u| std::iter::once(&u.name).chain(&u.aliases));
        let offices = self.offices.iter().flat_map(|o| std::iter::once(&o.name).chain(&o.aliases));
        organs.chain(units).chain(offices).filter_map(|n| found(text, n)).max().unwrap_or(0)
    }

    /// The words by which a post is known: its aliases, and every name of its unit with its title.
    pub(crate) fn post_words(&self, post: &Post) -> Vec<String> {
        let mut words: Vec<String> = post.aliases.clone();
        let join = |name: &String| format!("{name}{}", post.title);
        match post.unit.as_ref().and_then(|id| self.unit(id)) {
            Some(unit) => words.extend(std::iter::once(&unit.name).chain(&unit.aliases).map(join)),
            None => words.extend(std::iter::once(&self.organ.name).chain(&self.organ.aliases).map(join)),
        }
        words
    }

    /// Posts that a subject's unit and post words name, the surest only. A name alone matches a
    /// post whose holder is known.
    pub fn posts_named(&self, subject: &Subject) -> Vec<PostMatch<'_>> {
        let unit = normal(subject.unit.as_deref().unwrap_or_default());
        let post = normal(subject.post.as_deref().unwrap_or_default());
        let name = subject.name.as_deref().unwrap_or_default();
        let joined = format!("{unit}{post}");
        // `云川市纪委` + `书记` holds the words of the own `纪委书记` and means somebody else.
        let elsewhere = self.own_organ_length(&joined).is_none() && self.others_length(&joined) > 0;
        let mut hits = Vec::new();
        for p in self.posts.iter().filter(|p| p.unit.is_some() || !elsewhere) {
            let mut length = self
                .post_words(p)
                .iter()
                .filter_map(|w| found(&joined, w).or_else(|| found(&post, w)).or_else(|| found(&normal(name), w)))
                .max();
            if let Some(holder) = &p.holder
                && same_person(name, holder)
            {
                let unit_fits = unit.is_empty()
                    || p.unit.as_ref().and_then(|id| self.unit(id)).map_or_else(
                        || self.names_own_organ(&unit),
                        |u| std::iter::once(&u.name).chain(&u.aliases).any(|n| found(&unit, n).is_some()),
                    );
                if unit_fits {
                    // A name and a fitting unit outweigh the words of any title.
                    length = Some(length.unwrap_or(0) + 100);
                }
            }
            if let Some(n) = length {
                hits.push((p, n));
            }
        }
        longest(hits).into_iter().map(|(post, length)| PostMatch { post, length }).collect()
    }
}
