//! Stories about the house: what people do at its doors and desks, told on both engines.
#![expect(clippy::unwrap_used, reason = "a story that cannot go on stops where it is")]

mod audit;
mod backup;
mod books;
mod correct;
mod damage;
mod faults;
mod ferry;
mod fsck;
mod head;
mod hiding;
mod identity;
mod import;
mod inbox;
mod journey;
mod linking;
mod lists;
mod log;
mod markers;
mod papers;
mod real_input;
mod recuse;
mod replay;
mod roles;
mod rotation;
mod sign_in;
mod split;
mod staffing;
mod sweep;
mod world;
