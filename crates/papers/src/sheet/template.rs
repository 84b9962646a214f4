//! The spreadsheet an office fills in and imports.

use domain::words::Edition;

use super::SheetError;

/// The import template of an edition: headings that [`crate::rows`] recognises, a note on each, a
/// page of explanations, and lists to choose from where the words are fixed.
///
/// # Errors
/// [`SheetError::Writer`] when the writer refuses.
pub fn template(_edition: Edition) -> Result<Vec<u8>, SheetError> {
    todo!()
}
