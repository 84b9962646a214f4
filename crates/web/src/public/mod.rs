//! The public pages: what anyone may open without signing in. Without scripts first.

pub mod caution;
pub mod draft;
pub mod page;
