//! Judgement of a text: segment, classify, extract, compare; the models and their training.
//!
//! Pure over its inputs: texts, weights and the gazetteer are arguments, time is an argument where
//! it matters, and nothing is read from or written to disk. A judgement is a suggestion with its
//! grounds and a confidence; people decide. This crate does not know who wrote a text, where
//! reports are kept, or what the office did with an earlier suggestion, and it compares matters
//! and texts, never authors.
//!
//! Offsets are in characters (Unicode scalar values) of the text as given, end exclusive.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

pub mod category;
pub mod caution;
pub mod digest;
pub mod entity;
pub mod extract;
pub mod gazetteer;
pub mod judge;
pub mod kind;
pub mod line;
mod quick;
pub mod rank;
pub mod repeats;
pub mod segment;
pub mod stage;
pub mod text;

pub use category::{EvalOptions, Evaluation, Progress, TrainError, TrainOptions, eval_from_jsonl, train_from_jsonl};
pub use entity::{Entity, EntityKind, Value};
pub use gazetteer::{Divisions, Gazetteer, NoPlaces, Place};
pub use judge::{Input, Judge, Judgement, Models, Ranked, Suggested};
pub use line::{LineOutcome, line};
pub use repeats::{Fingerprints, Similarity, compare, fingerprint, group_equal, select_terms};
pub use segment::{Token, tokens, tokens_for_search};
pub use stage::{Ground, Known, Rule, Span, Stage, Suggestion, What};
