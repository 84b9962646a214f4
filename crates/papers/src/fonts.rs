//! Where the fonts of the letters come from. Loaded when the first paper is set, then shared.
//!
//! GB/T 9704 asks for 仿宋 and 小标宋, which are not free; an office that owns them puts the files
//! into a configured folder. Otherwise Noto Serif stands in. Nothing here knows a paper.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::paper::PaperError;

/// Folders to look in, in order.
#[derive(Debug, Clone, Default)]
pub struct FontPlaces {
    /// A folder of the office's own fonts (ttf, otf, ttc), from the configuration.
    pub configured: Option<PathBuf>,
    /// Folders that may hold `node_modules`: the working directory, the checkout.
    pub roots: Vec<PathBuf>,
}

/// The fonts, shared by every paper. Cloning is cheap; nothing is read before the first use.
#[derive(Clone)]
pub struct Fonts(Arc<Inner>);

struct Inner {
    places: FontPlaces,
    loaded: OnceLock<Result<Loaded, PaperError>>,
}

pub(crate) struct Loaded {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
}

impl Fonts {
    /// Fonts from these places, not read yet.
    pub fn new(places: FontPlaces) -> Self {
        Self(Arc::new(Inner { places, loaded: OnceLock::new() }))
    }

    /// Reads the fonts now.
    ///
    /// # Errors
    /// [`PaperError::NoFont`], whose text says what to install.
    pub fn check(&self) -> Result<(), PaperError> {
        self.loaded().map(drop)
    }

    pub(crate) fn loaded(&self) -> Result<&Loaded, PaperError> {
        self.0.loaded.get_or_init(|| load(&self.0.places)).as_ref().map_err(Clone::clone)
    }
}

fn load(_places: &FontPlaces) -> Result<Loaded, PaperError> {
    todo!()
}
