//! The closed world a paper is set in: no disk, no network, no clock, one source, one file id.

use crate::fonts::Fonts;
use crate::paper::{Paper, PaperError};

pub(crate) fn render(_paper: &Paper, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let loaded = fonts.loaded()?;
    let _ = (&loaded.book, &loaded.fonts);
    todo!()
}
