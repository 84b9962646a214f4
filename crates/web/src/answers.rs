//! Fields of submitted forms, as pairs in the order they came, whether urlencoded or multipart.
//! It bounds what it reads; it does not know what a field means.

use axum::extract::multipart::{Field, MultipartError};

/// Name and value of the fields of a form.
pub type Pairs = Vec<(String, String)>;

/// Longest text field of a multipart form, in bytes.
const FIELD_LIMIT: usize = 128 * 1024;
/// Most text fields of a multipart form.
pub const FIELDS_LIMIT: usize = 500;

/// The first value of a field, trimmed; empty if it is missing.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
}

/// Why a field could not be read.
#[derive(Debug, thiserror::Error)]
pub enum FieldFault {
    /// It is longer than it may be.
    #[error("a field is too long")]
    TooLong,
    /// The form broke off or is malformed.
    #[error("the form did not arrive whole")]
    Broken,
}

impl From<MultipartError> for FieldFault {
    fn from(error: MultipartError) -> Self {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE { Self::TooLong } else { Self::Broken }
    }
}

/// Reads a text field.
///
/// # Errors
/// It is too long or broke off.
pub async fn text(field: Field<'_>) -> Result<String, FieldFault> {
    let bytes = bytes(field, FIELD_LIMIT).await?;
    // Browsers send UTF-8; whatever else comes is shown as such and not refused.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads a field of at most `limit` bytes.
///
/// # Errors
/// It is longer or broke off.
pub async fn bytes(mut field: Field<'_>, limit: usize) -> Result<Vec<u8>, FieldFault> {
    let mut out = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        if out.len() + chunk.len() > limit {
            return Err(FieldFault::TooLong);
        }
        out.extend_from_slice(&chunk);
    }
    Ok(out)
}
