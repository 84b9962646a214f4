//! HTTP only: public pages, desk, cockpit and the interface for programs; templates, styles and
//! languages. It decides nothing: use cases are `office`'s, words and law are `domain`'s.

mod answers;
pub mod api;
pub mod assets;
pub mod desk;
pub mod figures;
mod headers;
mod health;
pub mod listen;
pub mod locale;
pub mod pace;
pub mod public;
pub mod sides;
pub mod tls;
mod witness;
pub mod words;
