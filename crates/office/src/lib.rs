//! Use cases: what the screens, the API and the command line call. One file per verb.
//!
//! This crate joins the rooms below it: it asks `domain` what the law allows, `seal` to close what
//! was written, `store` to keep it, `ledger` to commit to it, `index` to find it again, `triage`
//! for suggestions and `papers` for letters. It knows no HTTP and draws no page.
#![forbid(unsafe_code)]

pub mod clock;
pub mod error;
pub mod keys;
pub mod organ;

pub mod api_key;
pub mod audit;
pub mod backup;
pub mod cockpit;
pub mod desk;
pub mod export;
pub mod ferry;
pub mod fsck;
mod health;
pub mod import;
pub mod intake;
pub mod log;
pub mod operations;
pub mod paper;
pub mod reindex;
pub mod report;
pub mod rotate;
mod shelf;
pub mod staffing;
pub mod thread;
pub mod witness;

mod hall;

pub use error::{Error, Lang};
pub use gateways::BucketPlace;
pub use hall::{Answered, Hall, Places, blobs_of};
pub use organ::Organ;
