//! Why the index did not answer. It never carries words of a report or of a query.

use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;
use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};

/// Why the index did not answer.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The key is not the one the index was made with.
    #[error(
        "the sealed index does not open with this key; load the right keys, or build it again with `dengwen reindex`"
    )]
    Key,
    /// A file was altered, cut or is missing.
    #[error("the sealed index is damaged ({0}); build it again with `dengwen reindex`")]
    Damaged(String),
    /// It was made by another version.
    #[error("the sealed index was made by another version of the program; build it again with `dengwen reindex`")]
    Outdated,
    /// Another process writes to it.
    #[error("another process writes to the sealed index; end it first, or let it do the work")]
    Busy,
    /// The system refuses.
    #[error("the folder of the sealed index {path} cannot be used ({source}); check the disk and the rights")]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl IndexError {
    pub(crate) fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { path: path.into(), source }
    }
}

fn of_io(error: &io::Error) -> IndexError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<seal::SealError>()) {
        Some(seal::SealError::Commitment(_)) => IndexError::Key,
        Some(other) => IndexError::Damaged(other.to_string()),
        None if error.kind() == io::ErrorKind::InvalidData => IndexError::Damaged(error.kind().to_string()),
        None => IndexError::Io { path: PathBuf::new(), source: io::Error::new(error.kind(), error.kind().to_string()) },
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Busy,
            TantivyError::LockFailure(LockError::IoError(io), _) | TantivyError::IoError(io) => of_io(&io),
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
            | TantivyError::OpenWriteError(OpenWriteError::IoError { io_error, .. }) => of_io(&io_error),
            TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
                Self::Damaged(format!("{} is missing", path.display()))
            }
            TantivyError::SchemaError(_) | TantivyError::IncompatibleIndex(_) => Self::Outdated,
            // The engine's own words might repeat a term: its kind is enough.
            TantivyError::DataCorruption(_) | TantivyError::DeserializeError(_) => {
                Self::Damaged("a file does not have the expected shape".into())
            }
            _ => Self::Damaged("the search engine gave up".into()),
        }
    }
}

impl From<io::Error> for IndexError {
    fn from(error: io::Error) -> Self {
        of_io(&error)
    }
}
