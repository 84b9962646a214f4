//! The lists people choose from: problem classes, ranks, ledgers, marks, ready opinions.
//!
//! Each is a versioned file under `rules/` with its source; this module reads and checks them and
//! answers look-ups by code. Kinds and grounds are not here: they steer decisions and stand in
//! `rules/editions`.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::rules::{Rules, RulesError};
use crate::words::{Edition, Lang, Rank, Urgency};

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Stored spelling; never reused.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// Law, or a word on its use.
    #[serde(default)]
    pub note: Option<String>,
    /// Offered from this day on.
    #[serde(default)]
    pub since: Option<Date>,
    /// No longer offered from this day on; old reports keep it.
    #[serde(default)]
    pub until: Option<Date>,
}

impl Item {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// Whether it may be chosen on a day.
    pub fn is_offered(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// A flat list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Version of the file.
    pub version: String,
    /// In force from.
    pub effective: Date,
    /// Where it comes from.
    pub source: String,
    /// Its lines.
    pub item: Vec<Item>,
}

impl Listing {
    /// The line with this code.
    pub fn get(&self, code: &str) -> Option<&Item> {
        self.item.iter().find(|i| i.code == code)
    }
}

/// First level of a tree: the problem classes, the sectors.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Stored spelling.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// In the words of the public form.
    pub plain: String,
    /// Second level.
    pub item: Vec<Item>,
}

/// 问题类别 or 行业领域, two levels.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taxonomy {
    /// Version of the file.
    pub version: String,
    /// In force from.
    pub effective: Date,
    /// Where it comes from.
    pub source: String,
    /// First level.
    pub group: Vec<Group>,
}

impl Taxonomy {
    /// The group and, for a second-level code, the class with this code.
    pub fn get(&self, code: &str) -> Option<(&Group, Option<&Item>)> {
        self.group.iter().find_map(|g| {
            if g.code == code {
                return Some((g, None));
            }
            g.item.iter().find(|i| i.code == code).map(|i| (g, Some(i)))
        })
    }

    /// `廉洁纪律 / 公款旅游`, or the group alone.
    pub fn label(&self, code: &str, lang: Lang) -> Option<String> {
        let (group, item) = self.get(code)?;
        let first = match lang {
            Lang::Zh => &group.zh,
            Lang::En => &group.en,
        };
        Some(match item {
            Some(item) => format!("{first} / {}", item.name(lang)),
            None => first.clone(),
        })
    }
}

/// Every list of one edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// 问题类别
    pub problems: Taxonomy,
    /// 行业领域
    pub sectors: Taxonomy,
    /// 职级
    pub ranks: Listing,
    /// 专项台账
    pub ledgers: Listing,
    /// 拟办意见
    pub opinions: Listing,
    /// 密级
    pub secrecy: Listing,
    /// 紧急程度
    pub urgency: Listing,
    /// 紧急事由
    pub urgency_reasons: Listing,
}

impl Lists {
    /// Reads the lists of an edition out of the rules in force.
    ///
    /// # Errors
    /// Names the file and what is wrong with it.
    pub fn of(edition: Edition, rules: &Rules) -> Result<Self, RulesError> {
        let tree = |path: &str| -> Result<Taxonomy, RulesError> {
            let tree: Taxonomy = read(rules, path)?;
            let codes = tree.group.iter().flat_map(|g| std::iter::once(&g.code).chain(g.item.iter().map(|i| &i.code)));
            unique(path, codes)?;
            Ok(tree)
        };
        let list = |path: &str| -> Result<Listing, RulesError> {
            let listing: Listing = read(rules, path)?;
            unique(path, listing.item.iter().map(|i| &i.code))?;
            Ok(listing)
        };
        let lists = Self {
            problems: tree(&format!("problems/{edition}.toml"))?,
            sectors: tree("sectors/sectors.toml")?,
            ranks: list("ranks/ranks.toml")?,
            ledgers: list("ledgers/ledgers.toml")?,
            opinions: list(&format!("opinions/{edition}.toml"))?,
            secrecy: list("marks/secrecy.toml")?,
            urgency: list("marks/urgency.toml")?,
            urgency_reasons: list("marks/urgency_reasons.toml")?,
        };
        complete("ranks/ranks.toml", &lists.ranks, Rank::ALL.iter().map(|r| r.as_str()))?;
        complete("marks/urgency.toml", &lists.urgency, Urgency::ALL.iter().map(|u| u.as_str()))?;
        Ok(lists)
    }
}

fn read<T: DeserializeOwned>(rules: &Rules, path: &str) -> Result<T, RulesError> {
    let text =
        rules.text(path).ok_or_else(|| RulesError::new(path, "the file is missing; put it back from the release"))?;
    toml::from_str(text).map_err(|e| RulesError::new(path, e.to_string().trim_end().to_owned()))
}

fn unique<'a>(path: &str, codes: impl Iterator<Item = &'a String>) -> Result<(), RulesError> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(RulesError::new(path, format!("the code {code} stands twice; give one of them another")));
        }
    }
    Ok(())
}

/// A list whose codes are words of the program must have a line for each, and no other.
fn complete<'a>(path: &str, listing: &Listing, words: impl Iterator<Item = &'a str>) -> Result<(), RulesError> {
    let words: BTreeSet<&str> = words.collect();
    let codes: BTreeSet<&str> = listing.item.iter().map(|i| i.code.as_str()).collect();
    if let Some(lacking) = words.difference(&codes).next() {
        return Err(RulesError::new(path, format!("the code {lacking} is missing; add a line for it")));
    }
    match codes.difference(&words).next() {
        Some(foreign) => {
            Err(RulesError::new(path, format!("the code {foreign} is not a word of the program; remove the line")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_shipped_lists_are_sound() {
        for edition in Edition::ALL {
            let lists = Lists::of(*edition, Rules::embedded()).unwrap();
            assert!(!lists.opinions.item.is_empty());
            assert_eq!(lists.sectors.label("meals", Lang::Zh).as_deref(), Some("教育 / 校园餐和收费"));
        }
        let jw = Lists::of(Edition::Jw, Rules::embedded()).unwrap().problems;
        assert_eq!(jw.group.len(), 7);
        let national = jw
            .group
            .iter()
            .flat_map(|g| &g.item)
            .filter(|i| (54..=104).contains(&i.code.parse::<u16>().unwrap()))
            .count();
        assert_eq!(national, 51, "all sub-classes of the national form");
        let xf = Lists::of(Edition::Xf, Rules::embedded()).unwrap().problems;
        assert_eq!(xf.group.len(), 15);
    }

    #[test]
    fn labels_and_retired_codes() {
        let jw = Lists::of(Edition::Jw, Rules::embedded()).unwrap().problems;
        assert_eq!(jw.label("79", Lang::Zh).as_deref(), Some("廉洁纪律 / 公款旅游"));
        assert_eq!(jw.label("3", Lang::En).as_deref(), Some("Integrity discipline"));
        assert_eq!(jw.label("9999", Lang::Zh), None);
        let (_, old) = jw.get("101").unwrap();
        assert!(!old.unwrap().is_offered(date(2026, 1, 1)), "retired codes are kept and not offered");
        assert!(old.unwrap().is_offered(date(2017, 1, 1)));
        let (_, new) = jw.get("111").unwrap();
        assert!(!new.unwrap().is_offered(date(2023, 12, 31)));
    }
}
