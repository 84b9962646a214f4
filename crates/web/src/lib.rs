//! HTTP only: public pages, desk, cockpit and the interface for programs; templates, styles and
//! languages. It decides nothing: use cases are `office`'s, words and law are `domain`'s.

mod answers;
pub mod assets;
mod headers;
pub mod locale;
pub mod public;
pub mod words;
