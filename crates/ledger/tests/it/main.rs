//! The log as others meet it: the tree against another implementation, the
//! folder against every kind of damage, notes against published vectors,
//! proofs and bundles against every flipped byte.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod alike;
mod bundles;
mod damage;
mod folder;
mod notes;
mod policies;
mod tiles;
mod tree;
mod witness;
mod world;
