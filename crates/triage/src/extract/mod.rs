//! Entities and places by rules.
use std::sync::Arc;

use crate::gazetteer::Gazetteer;
use crate::stage::{Known, Stage, Suggestion};

/// The extraction stage.
pub struct Extract {
    gazetteer: Arc<dyn Gazetteer>,
}

impl Extract {
    /// Over this gazetteer.
    pub fn new(gazetteer: Arc<dyn Gazetteer>) -> Self {
        Self { gazetteer }
    }
}

impl Stage for Extract {
    fn name(&self) -> &'static str {
        "extract"
    }
    fn suggest(&self, _known: &Known<'_>) -> Vec<Suggestion> {
        let _ = self.gazetteer.find("");
        Vec::new()
    }
}
