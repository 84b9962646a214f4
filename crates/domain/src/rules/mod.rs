//! The law as data: the files under `rules/` read, checked and handed to the rest of the domain.
//! It interprets no text of law itself; a file that contradicts itself is refused whole, with the
//! file, the key and what to do.

mod clocks;
mod edition;
mod files;
mod forms;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::de::DeserializeOwned;

pub use clocks::{ClockRule, Condition, ExtendRule, Given, StartFrom, StartRule};
pub use edition::{
    AnswerForm, AnswerNeed, DutyRule, EditionRules, FindingNeed, GroundRule, KindRule, KindScope, RatingRule,
    ReturnRule, TwoWayRule,
};

pub(crate) use forms::is_bound;
pub use forms::{
    Condition as FieldCondition, Field, FieldKind, FormRules, Need, Refused, Seal, Section, TAGS, Value, ValueList,
};

use crate::calendar::{Calendar, PublishedYear};
use crate::words::{Colour, Edition, Form};

/// A rules file that cannot be put in force.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rules/{file}: {problem}")]
pub struct RulesError {
    /// Path under `rules/`.
    pub file: String,
    /// What is wrong with which key, and what to do.
    pub problem: String,
}

impl RulesError {
    /// An error in `file`.
    pub fn new(file: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { file: file.into(), problem: problem.into() }
    }
}

/// Every rule in force, of one version. Immutable: a reload makes a new one, all or nothing.
#[derive(Debug, Clone)]
pub struct Rules {
    version: String,
    calendar: Calendar,
    colours: Thresholds,
    editions: BTreeMap<Edition, EditionRules>,
    clocks: BTreeMap<Edition, Vec<ClockRule>>,
    forms: BTreeMap<Form, FormRules>,
    files: BTreeMap<String, String>,
}

/// Where the colours of a clock change, in percent of the time that remains (M43).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// Blue while more than this remains.
    pub blue_above: u8,
    /// Red once less than this remains, and when overdue.
    pub red_below: u8,
}

impl Thresholds {
    /// The colour when `left` of `total` units remain. A limit with no whole unit in it is red.
    pub fn colour(self, left: i64, total: i64) -> Colour {
        if total <= 0 || left * 100 < i64::from(self.red_below) * total {
            Colour::Red
        } else if left * 100 > i64::from(self.blue_above) * total {
            Colour::Blue
        } else {
            Colour::Yellow
        }
    }
}

impl Rules {
    /// The rules this program was built with.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Rules> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let files = files::EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
            Self::from_files(files.collect()).expect("the embedded rules are checked by a test")
        })
    }

    /// Reads rules from texts by their path under `rules/` (`calendar/2026.toml`, `VERSION`, …).
    /// Anything the program needs and the map lacks is an error, so that a folder is put in force
    /// whole or not at all.
    pub fn from_files(files: BTreeMap<String, String>) -> Result<Self, RulesError> {
        let version = text(&files, "VERSION")?.trim().to_owned();
        if version.is_empty() || version.len() > 40 {
            return Err(RulesError::new("VERSION", "write the version on one line, at most 40 characters"));
        }
        let mut years = Vec::new();
        for path in files.keys().filter(|path| path.starts_with("calendar/") && path.ends_with(".toml")) {
            let year: PublishedYear = parse(&files, path)?;
            if *path != format!("calendar/{}.toml", year.year) {
                return Err(RulesError::new(
                    path,
                    format!("key `year` says {}; name the file calendar/{0}.toml", year.year),
                ));
            }
            years.push(year);
        }
        if years.is_empty() {
            return Err(RulesError::new(
                "calendar",
                "no year is listed; add at least one file like calendar/2026.toml",
            ));
        }
        let calendar = Calendar::new(years).map_err(|problem| RulesError::new("calendar", problem))?;
        let colours: Thresholds = parse(&files, "clocks/colours.toml")?;
        if colours.red_below > colours.blue_above || colours.blue_above > 100 {
            return Err(RulesError::new(
                "clocks/colours.toml",
                "`red_below` must not exceed `blue_above`, and neither 100",
            ));
        }
        let mut editions = BTreeMap::new();
        let mut clocks = BTreeMap::new();
        for edition in Edition::ALL {
            let path = format!("clocks/{edition}.toml");
            let list = clocks::read(&path, parse(&files, &path)?)?;
            let path = format!("editions/{edition}.toml");
            editions.insert(*edition, edition::read(&path, *edition, parse(&files, &path)?, &list)?);
            clocks.insert(*edition, list);
        }
        let forms = forms::read(&files)?;
        let rules = Self { version, calendar, colours, editions, clocks, forms, files };
        // What others read out of the files is checked here too: a folder is put in force whole.
        for edition in Edition::ALL {
            crate::lists::Lists::of(*edition, &rules)?;
            crate::routing::Routes::of(*edition, &rules)?;
        }
        crate::indicators::Catalogue::of(&rules)?;
        Ok(rules)
    }

    /// The version recorded with every decision (`rules/VERSION`).
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The working-day calendar.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Where clocks change colour.
    pub fn colours(&self) -> Thresholds {
        self.colours
    }

    /// What one edition allows and demands.
    pub fn edition(&self, edition: Edition) -> &EditionRules {
        self.editions.get(&edition).expect("from_files reads every edition")
    }

    /// The clocks of one edition, in the order of their file.
    pub fn clocks(&self, edition: Edition) -> &[ClockRule] {
        self.clocks.get(&edition).map_or(&[], Vec::as_slice)
    }

    /// One clock's rule.
    pub fn clock(&self, edition: Edition, id: &str) -> Option<&ClockRule> {
        self.clocks(edition).iter().find(|rule| rule.id == id)
    }

    /// What is asked when a report is registered by hand.
    pub fn form(&self, form: Form) -> &FormRules {
        self.forms.get(&form).expect("from_files reads every form")
    }

    /// The text of a rules file by its path under `rules/`.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The paths of all rules files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }
}

fn text<'a>(files: &'a BTreeMap<String, String>, path: &str) -> Result<&'a str, RulesError> {
    files
        .get(path)
        .map(String::as_str)
        .ok_or_else(|| RulesError::new(path, "the file is missing; put it back from the release"))
}

/// Reads one TOML file; the error shows the line and the key.
pub(crate) fn parse<T: DeserializeOwned>(files: &BTreeMap<String, String>, path: &str) -> Result<T, RulesError> {
    toml::from_str(text(files, path)?).map_err(|error| RulesError::new(path, error.to_string().trim_end().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> BTreeMap<String, String> {
        files::EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    fn broken(path: &str, from: &str, to: &str) -> String {
        let mut files = files();
        let text = files.get_mut(path).unwrap();
        assert!(text.contains(from), "{path} has no {from}");
        *text = text.replacen(from, to, 1);
        Rules::from_files(files).unwrap_err().to_string()
    }

    #[test]
    fn the_embedded_rules_are_sound() {
        let rules = Rules::from_files(files()).unwrap();
        assert!(!rules.clocks(Edition::Jw).is_empty() && !rules.clocks(Edition::Xf).is_empty());
        assert!(rules.calendar().is_published(2025) && rules.calendar().is_published(2026));
    }

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        fn walk(folder: &std::path::Path, under: &str, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                let name = format!("{under}{}", entry.file_name().to_string_lossy());
                if entry.file_type().unwrap().is_dir() {
                    walk(&entry.path(), &format!("{name}/"), found);
                } else if !name.ends_with(".md") {
                    found.push(name);
                }
            }
        }
        let mut found = Vec::new();
        walk(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules")), "", &mut found);
        let embedded = files();
        let missing: Vec<_> = found.iter().filter(|path| !embedded.contains_key(*path)).collect();
        assert!(missing.is_empty(), "not in rules/files.rs: {missing:?}");
    }

    #[test]
    fn errors_name_the_file_and_the_key() {
        let error = broken("clocks/jw.toml", "limit = \"15wd\"", "limit = \"15 working days\"");
        assert!(error.contains("rules/clocks/jw.toml") && error.contains("limit"), "{error}");
        let error = broken("clocks/jw.toml", "on = \"received\"", "on = \"recieved\"");
        assert!(error.contains("rules/clocks/jw.toml") && error.contains("recieved"), "{error}");
        let error = broken("clocks/xf.toml", "signing = [\"named_pending\"", "signing = [\"namd_pending\"");
        assert!(error.contains("signing") && error.contains("namd_pending"), "{error}");
        let error = broken("problems/jw.toml", "code = \"55\"", "code = \"54\"");
        assert!(error.contains("rules/problems/jw.toml") && error.contains("54"), "{error}");
        let error = broken("routing/xf.toml", "[rule.peer]", "[rule.pier]");
        assert!(error.contains("rules/routing/xf.toml") && error.contains("peer"), "{error}");
        let error = broken("indicators/intake.toml", "number = 4\n", "number = 5\n");
        assert!(error.contains("rules/indicators/intake.toml") && error.contains('5'), "{error}");
        let error = broken("ranks/ranks.toml", "code = \"village\"", "code = \"hamlet\"");
        assert!(error.contains("rules/ranks/ranks.toml") && error.contains("village"), "{error}");
        let error = broken("calendar/2026.toml", "year = 2026", "year = 2025");
        assert!(error.contains("rules/calendar/2026.toml"), "{error}");
        let error = broken(
            "forms/letter.toml",
            "type = \"text\", max = 40, need = \"save\"",
            "type = \"text\", need = \"save\"",
        );
        assert!(error.contains("rules/forms/letter.toml") && error.contains("letter_number"), "{error}");
        let error = broken("forms/shared.toml", "sealed = \"identity\", when", "sealed = \"clear\", when");
        assert!(error.contains("rules/forms/") && error.contains("reporter_name"), "{error}");
        let error = broken("forms/visit.toml", "field = \"signature\", is", "field = \"signatur\", is");
        assert!(error.contains("rules/forms/visit.toml") && error.contains("signatur"), "{error}");
        let error = broken("editions/jw.toml", "id = \"accusation\"", "id = \"petition_\"");
        assert!(error.contains("rules/editions/jw.toml") && error.contains("petition_"), "{error}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let mut files = files();
        files.remove("clocks/xf.toml");
        assert_eq!(Rules::from_files(files).unwrap_err().file, "clocks/xf.toml");
    }

    #[test]
    fn colours_change_at_the_thresholds() {
        let t = Rules::embedded().colours();
        assert_eq!(t.colour(5, 5), Colour::Blue);
        assert_eq!(t.colour(51, 100), Colour::Blue);
        assert_eq!(t.colour(50, 100), Colour::Yellow);
        assert_eq!(t.colour(20, 100), Colour::Yellow);
        assert_eq!(t.colour(19, 100), Colour::Red);
        assert_eq!(t.colour(0, 0), Colour::Red);
    }
}
