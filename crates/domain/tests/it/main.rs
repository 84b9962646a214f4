//! Integration tests of the domain, in one binary.

mod indicators;
mod permission_matrix;
