//! Names of divisions to their codes, as a seam: `domain::divisions` stands behind it in the
//! program, a handful of made-up places in tests.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::quick::PairSet;

/// A division of GB/T 2260 (six digits) or a township below it (nine digits).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Its code: two digits a province, four a city, six a county, nine a township (trailing
    /// zeros allowed: `430000` is the province).
    pub code: String,
    /// Its full name.
    pub name: String,
}

/// A list of places.
pub trait Gazetteer: Send + Sync {
    /// Every division of that name: full (`长沙市`) or short (`长沙`). Empty when unknown.
    fn find(&self, name: &str) -> Vec<Place>;

    /// Whether any name begins with these two characters; saves a look-up at most places of a
    /// text. May be generous.
    fn may_begin(&self, first: char, second: char) -> bool {
        let _ = (first, second);
        true
    }
}

/// The national list and a directory's own divisions.
#[derive(Debug)]
pub struct Divisions {
    divisions: domain::divisions::Divisions,
    /// The first two characters of every name; gathered when first asked for.
    beginnings: OnceLock<PairSet>,
}

impl Divisions {
    /// Over these divisions.
    pub fn new(divisions: domain::divisions::Divisions) -> Self {
        Self { divisions, beginnings: OnceLock::new() }
    }
}

impl Gazetteer for Divisions {
    fn find(&self, name: &str) -> Vec<Place> {
        let found = self.divisions.find(name).into_iter();
        found.map(|d| Place { code: d.code.clone(), name: d.name.clone() }).collect()
    }

    fn may_begin(&self, first: char, second: char) -> bool {
        self.beginnings.get_or_init(|| PairSet::firsts(self.divisions.names())).has(first, second)
    }
}

/// A gazetteer that knows no place.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlaces;

impl Gazetteer for NoPlaces {
    fn find(&self, _name: &str) -> Vec<Place> {
        Vec::new()
    }

    fn may_begin(&self, _first: char, _second: char) -> bool {
        false
    }
}
