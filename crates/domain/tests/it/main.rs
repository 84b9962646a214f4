//! Integration tests of the domain, in one binary.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops with the place and the error")]

mod calendar;
mod indicators;
mod journeys;
mod lives;
mod permission_matrix;
mod registration;
mod waiting;
mod world;
