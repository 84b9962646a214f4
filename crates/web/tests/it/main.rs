//! The pages as a browser would get them.

mod gallery;
mod keys;
