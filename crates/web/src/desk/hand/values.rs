//! The values of a form's lists, in the words of the screen, each with the initials of its pinyin:
//! a clerk who types `zqc` finds 征迁处.

use domain::lists::{Item, Lists, Taxonomy};
use domain::rules::{Field, Rules, ValueList};
use domain::words::{Channel, Lang, Source};
use jiff::civil::Date;
use office::Organ;
use pinyin::ToPinyin;

use crate::locale::Voice;

/// The value of a list that means nobody knows.
pub const UNKNOWN: &str = "unknown";

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Stored spelling.
    pub code: String,
    /// Its word.
    pub label: String,
}

/// Where the values come from.
pub struct Values<'a> {
    voice: Voice,
    organ: &'a Organ,
    lists: Option<Lists>,
    today: Date,
    subjects: Vec<String>,
}

impl<'a> Values<'a> {
    /// For one page; `subjects` are the persons entered on it so far.
    pub fn new(voice: Voice, organ: &'a Organ, rules: &Rules, today: Date, subjects: Vec<String>) -> Self {
        // Rules are put in force only after these lists were read once.
        let lists = Lists::of(organ.edition(), rules).ok();
        Self { voice, organ, lists, today, subjects }
    }

    /// The values of a list that are offered today.
    pub fn of(&self, list: ValueList) -> Vec<Choice> {
        use ValueList as L;
        let choice = |code: &str, label: String| Choice { code: code.to_owned(), label };
        let lists = self.lists.as_ref();
        let items = |pick: fn(&Lists) -> &Vec<Item>| -> Vec<Choice> {
            let lines = lists.map(pick).into_iter().flatten().filter(|i| i.is_offered(self.today));
            lines.map(|i| choice(&i.code, i.name(self.voice.lang).replace("{to}", "…"))).collect()
        };
        let unknown = choice(UNKNOWN, self.voice.t("report-unknown"));
        match list {
            L::Sources => Source::ALL.iter().map(|w| choice(w.as_str(), self.voice.word(w))).collect(),
            L::Channels => Channel::ALL.iter().map(|w| choice(w.as_str(), self.voice.word(w))).collect(),
            L::Urgency => items(|l| &l.urgency.item),
            L::UrgencyReasons => items(|l| &l.urgency_reasons.item),
            L::Secrecy => items(|l| &l.secrecy.item),
            L::Ranks => items(|l| &l.ranks.item),
            L::Ledgers => items(|l| &l.ledgers.item),
            L::Opinions => items(|l| &l.opinions.item),
            L::Problems => self.tree(|l| &l.problems).chain([unknown]).collect(),
            L::Sectors => self.tree(|l| &l.sectors).chain([unknown]).collect(),
            L::Divisions => {
                let places = crate::public::places_of(self.organ);
                places.into_iter().map(|p| Choice { label: p.label(), code: p.code }).chain([unknown]).collect()
            }
            L::Staff => {
                let directory = &self.organ.directory;
                let line = |s: &domain::directory::Staff| {
                    let office = directory.office(&s.office).map(|o| o.name.as_str()).unwrap_or_default();
                    choice(&s.id.0, format!("{}（{office}）", s.name))
                };
                directory.staff.iter().map(line).collect()
            }
            L::Subjects => {
                let lines = self.subjects.iter().zip(1u8..);
                lines.map(|(name, n)| choice(&n.to_string(), format!("{n} {name}").trim().to_owned())).collect()
            }
            L::Units => self.organ.directory.units.iter().map(|u| choice(&u.name, u.name.clone())).collect(),
            L::Organs => self.organ.directory.organs.iter().map(|o| choice(&o.name, o.name.clone())).collect(),
        }
    }

    /// The second level of a tree, each with the first.
    fn tree(&self, pick: fn(&Lists) -> &Taxonomy) -> impl Iterator<Item = Choice> {
        let groups = self.lists.as_ref().map(pick).into_iter().flat_map(|tree| &tree.group);
        let lines = groups.flat_map(|g| g.item.iter().map(move |i| (g, i)));
        lines.filter(move |(_, i)| i.is_offered(self.today)).map(move |(g, i)| {
            let group = if self.voice.lang == Lang::Zh { &g.zh } else { &g.en };
            Choice { code: i.code.clone(), label: format!("{group} / {}", i.name(self.voice.lang)) }
        })
    }

    /// The values of a field, its own or those of its list.
    pub fn of_field(&self, field: &Field) -> Vec<Choice> {
        let own = field.values.iter().map(|v| Choice {
            code: v.code.clone(),
            label: if self.voice.lang == Lang::Zh { v.zh.clone() } else { v.en.clone() },
        });
        own.chain(field.list.map(|list| self.of(list)).unwrap_or_default()).collect()
    }
}

/// First letters of the pinyin, in small letters; what is no Chinese character counts if it is a
/// letter or a digit.
pub fn initials(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c.to_pinyin() {
            Some(read) => read.plain().chars().next(),
            None if c.is_ascii_alphanumeric() => Some(c.to_ascii_lowercase()),
            None => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_find_what_is_meant() {
        assert_eq!(initials("征迁处"), "zqc");
        assert_eq!(initials("廉洁纪律 / 公款旅游"), "ljjlgkly");
        assert_eq!(initials("第2审查室（A）"), "d2scsa");
        assert_eq!(initials(""), "");
    }
}
