//! Repeats: equal texts, edited copies, and what is new in them. Texts are compared, never
//! authors; who may see a match is the office's business.

mod compare;
mod fingerprint;
mod group;

pub(crate) use compare::sentences;
pub use compare::{Similarity, compare};
pub use fingerprint::{Fingerprints, fingerprint, select_terms};
pub use group::{group_equal, group_near};
