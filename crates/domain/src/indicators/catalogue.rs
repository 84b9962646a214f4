//! The catalogue's rows as data: numbers, names, formulas, suppression. `rules/indicators` holds
//! them; the formula text is for people, the code of each number is in `compute`.

use serde::Deserialize;

use crate::rules::{Rules, RulesError};
use crate::words::Lang;

/// How small figures are kept from those who may not see the reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Suppression {
    /// `-`: process figures; outside the office "样本不足" below a denominator of 5.
    #[serde(rename = "-")]
    None,
    /// `k`: cells of 1 to 4 read "<5".
    #[serde(rename = "k")]
    Cells,
    /// `d`: as `k`, and a percentage is blank below a denominator of 10.
    #[serde(rename = "d")]
    Denominator,
}

/// What sort of figure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Counted over a period.
    Flow,
    /// Counted at the end of a period.
    Stock,
    /// A share.
    Ratio,
    /// A median with its P90.
    Median,
}

/// Whether units may be ranked by it (M1: lower intake is not merit).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// ◇: context only; the software refuses to rank by it.
    Never,
    /// It may stand in a comparison of units.
    #[default]
    Allowed,
}

/// One row of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Its number in the catalogue of 143, kept for good.
    pub number: u16,
    /// 中文名
    pub zh: String,
    /// English name.
    pub en: String,
    /// The formula as people read it.
    pub formula: String,
    /// Unit in Chinese (件, %, 日).
    pub unit: String,
    /// How small figures are kept back.
    pub suppression: Suppression,
    /// What sort of figure.
    pub nature: Nature,
    /// Whether units may be ranked by it.
    #[serde(default)]
    pub ranking: Ranking,
    /// For figures about clocks: the ids in `rules/clocks` they are about, of both editions.
    #[serde(default)]
    pub clocks: Vec<String>,
}

impl Indicator {
    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// The rows in force, in the order of their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    rows: Vec<Indicator>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: String,
    #[serde(rename = "effective")]
    _effective: jiff::civil::Date,
    #[serde(rename = "source")]
    _source: String,
    indicator: Vec<Indicator>,
}

impl Catalogue {
    /// Reads every file under `indicators/` of the rules in force.
    ///
    /// # Errors
    /// Names the file and what is wrong: a number given twice, or one the program cannot compute.
    pub fn of(rules: &Rules) -> Result<Self, RulesError> {
        let mut rows: Vec<Indicator> = Vec::new();
        for path in rules.paths().filter(|p| p.starts_with("indicators/") && p.ends_with(".toml")) {
            let text = rules.text(path).unwrap_or_default();
            let file: File =
                toml::from_str(text).map_err(|e| RulesError::new(path, e.to_string().trim_end().to_owned()))?;
            for row in file.indicator {
                if rows.iter().any(|r| r.number == row.number) {
                    return Err(RulesError::new(path, format!("the number {} stands twice; remove one", row.number)));
                }
                if !super::compute::NUMBERS.contains(&row.number) {
                    let problem = format!("the program does not compute number {}; remove the row", row.number);
                    return Err(RulesError::new(path, problem));
                }
                rows.push(row);
            }
        }
        rows.sort_by_key(|r| r.number);
        Ok(Self { rows })
    }

    /// The rows.
    pub fn rows(&self) -> &[Indicator] {
        &self.rows
    }

    /// One row.
    pub fn get(&self, number: u16) -> Option<&Indicator> {
        self.rows.iter().find(|r| r.number == number)
    }
}
