//! The funnel: runs the stages in order over one report and gathers what they suggest. It knows
//! neither the register nor what people decided.

use std::sync::{Arc, OnceLock};

use domain::words::{Channel, Edition, Kind, Rank};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::category::{Model, ModelError};
use crate::entity::Entity;
use crate::gazetteer::{Gazetteer, Place};
use crate::stage::{Claim, Ground, Known, Stage, Suggestion};
use crate::text::Text;

/// A report to be judged.
#[derive(Debug, Clone, Default)]
pub struct Input<'a> {
    /// Title, if any.
    pub title: Option<&'a str>,
    /// The text as given; offsets count its characters.
    pub text: &'a str,
    /// How it came, where known.
    pub channel: Option<Channel>,
    /// The edition of the office, which settles the kinds there are; no kind is suggested without.
    pub edition: Option<Edition>,
    /// Division code of the office: places of one name nearest to it are preferred.
    pub home: Option<&'a str>,
    /// Day of receipt, from which relative dates are reckoned; they get no value without.
    pub received: Option<Date>,
}

/// A label with its probability and the ones that come next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// The best label; empty when there is nothing to go by.
    pub label: String,
    /// Calibrated probability of the label.
    pub confidence: f32,
    /// The next ones, best first, with their probabilities.
    pub alternatives: Vec<Alternative>,
}

/// A label that comes after the best.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// The label.
    pub label: String,
    /// Its calibrated probability.
    pub confidence: f32,
}

/// One suggested value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggested<T> {
    /// The value.
    pub value: T,
    /// 0 to 1.
    pub confidence: f32,
}

/// What the funnel suggests about one report. Sealed with the report; people decide.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// First-level category.
    pub category: Ranked,
    /// True when the category is too unsure to be offered as more than alternatives.
    pub abstained: bool,
    /// Entities in order of their place; no two overlap.
    pub entities: Vec<Entity>,
    /// Divisions, deepest of each chain, in order of first mention.
    pub places: Vec<Place>,
    /// 类别 of the edition; absent when unsure.
    pub kind: Option<Suggested<Kind>>,
    /// 职级 of who is reported; absent when unsure.
    pub rank: Option<Suggested<Rank>>,
    /// 内容摘要, at most 500 characters of whole sentences; the office marks it 机拟.
    pub digest: String,
    /// Grounds, in the order of the stages.
    pub grounds: Vec<Ground>,
    /// Which models and rules judged, for the record.
    pub version: String,
}

/// The weights the funnel runs on.
#[derive(Debug, Clone)]
pub struct Models {
    /// The category model.
    pub category: Arc<Model>,
}

impl Models {
    /// The weights shipped with the program, read on first use.
    ///
    /// # Errors
    /// When the embedded file is damaged, which a test excludes.
    pub fn embedded() -> Result<Self, ModelError> {
        static CATEGORY: OnceLock<Arc<Model>> = OnceLock::new();
        if let Some(model) = CATEGORY.get() {
            return Ok(Self { category: Arc::clone(model) });
        }
        let model = Arc::new(Model::from_bytes(crate::category::EMBEDDED)?);
        Ok(Self { category: Arc::clone(CATEGORY.get_or_init(|| model)) })
    }

    /// Weights trained by the office itself.
    ///
    /// # Errors
    /// When the bytes are not a model of a format this program knows.
    pub fn from_bytes(category: &[u8]) -> Result<Self, ModelError> {
        Ok(Self { category: Arc::new(Model::from_bytes(category)?) })
    }
}

/// The funnel, ready to judge. Cheap to share between threads.
pub struct Judge {
    stages: Vec<Box<dyn Stage>>,
    version: String,
}

impl std::fmt::Debug for Judge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judge").field("version", &self.version).finish_non_exhaustive()
    }
}

impl Judge {
    /// The first floor of the funnel: extraction, category, kind and rank, digest.
    pub fn new(models: &Models, gazetteer: Arc<dyn Gazetteer>) -> Self {
        let stages: Vec<Box<dyn Stage>> = vec![
            Box::new(crate::extract::Extract::new(gazetteer)),
            Box::new(crate::category::Categorise::new(Arc::clone(&models.category))),
            Box::new(crate::rank::RankFromPost),
            Box::new(crate::kind::KindFromWords),
            Box::new(crate::digest::WholeSentences),
        ];
        let version = format!("triage {} / {}", env!("CARGO_PKG_VERSION"), models.category.version());
        Self { stages, version }
    }

    /// Which models and rules judge.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Judges one report. Bounded time and never a panic, whatever the text.
    pub fn judge(&self, input: &Input<'_>) -> Judgement {
        let text = Text::new(input.text);
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for stage in &self.stages {
            let more = stage.suggest(&Known { input, text: &text, suggestions: &suggestions });
            suggestions.extend(more);
        }
        let mut judgement = Judgement {
            category: Ranked { label: String::new(), confidence: 0.0, alternatives: Vec::new() },
            abstained: true,
            entities: Vec::new(),
            places: Vec::new(),
            kind: None,
            rank: None,
            digest: String::new(),
            grounds: Vec::new(),
            version: self.version.clone(),
        };
        for Suggestion { claim, confidence, grounds } in suggestions {
            judgement.grounds.extend(grounds);
            match claim {
                Claim::Category(ranked) => {
                    judgement.abstained = ranked.confidence < crate::category::ABSTAIN_BELOW;
                    judgement.category = ranked;
                }
                Claim::Entity(entity) => judgement.entities.push(entity),
                Claim::Place(place) => judgement.places.push(place),
                Claim::Kind(value) => judgement.kind = Some(Suggested { value, confidence }),
                Claim::Rank(value) => judgement.rank = Some(Suggested { value, confidence }),
                Claim::Digest(digest) => judgement.digest = digest,
            }
        }
        judgement
    }
}
