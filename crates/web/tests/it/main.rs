//! The pages as a browser would get them.

mod by_hand;
mod clocks;
mod desk_gallery;
mod gallery;
mod house;
mod keys;
mod public_side;
mod routes;
mod sign_in;
mod uploads;
mod widths;
