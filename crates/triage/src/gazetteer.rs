//! Names of divisions to their codes, as a seam: `domain::divisions` stands behind it in the
//! program, a handful of made-up places in tests.

use serde::{Deserialize, Serialize};

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
}

/// A gazetteer that knows no place.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPlaces;

impl Gazetteer for NoPlaces {
    fn find(&self, _name: &str) -> Vec<Place> {
        Vec::new()
    }
}
