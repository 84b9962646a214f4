//! Outside services, a file each; the only room that asks the network for anything, and only where the
//! configuration names the service: an S3-compatible [`Bucket`], and witnesses ([`courier`]).
//!
//! Whatever moves in knows bytes and addresses, and never a report.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod bucket;
pub mod courier;

pub use bucket::{Bucket, BucketPlace, Found};
