//! Outside services, a file each; the only room that asks the network for anything, and only where the
//! configuration names the service. So far: an S3-compatible [`Bucket`].
//!
//! Whatever moves in knows bytes and addresses, and never a report.
#![warn(missing_docs)]
#![forbid(unsafe_code)]

mod bucket;

pub use bucket::{Bucket, BucketPlace, Found};
