//! Sealed files on disk: `DATA/blobs/aa/<32 hexadecimal digits>`, streamed segment by segment.
//!
//! The caller seals each segment; a file here is a row of length-prefixed ciphertexts and nothing
//! else. A file is written under `tmp`, synced and renamed, so a name either has all of its bytes
//! or does not exist. What no table names is an orphan and is swept.

use std::path::PathBuf;
use std::time::SystemTime;

use crate::rows::Id16;
use crate::{Store, StoreError};

/// The folder of sealed files.
#[derive(Debug, Clone)]
pub struct BlobStore {
    root: PathBuf,
}

/// A file being written; dropped without [`BlobWriter::finish`], it vanishes.
#[derive(Debug)]
pub struct BlobWriter {}

/// A file being read.
#[derive(Debug)]
pub struct BlobReader {}

impl BlobStore {
    /// Opens (and makes) the folder.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(root: PathBuf) -> Result<Self, StoreError> {
        Ok(Self { root })
    }

    /// Begins a file.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn create(&self, blob: Id16) -> Result<BlobWriter, StoreError> {
        todo!("{blob:?} {:?}", self.root)
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// It does not exist, or the disk fails.
    pub async fn read(&self, blob: &Id16) -> Result<BlobReader, StoreError> {
        todo!("{blob:?}")
    }

    /// Deletes a file; a missing one is no error.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn delete(&self, blob: &Id16) -> Result<(), StoreError> {
        todo!("{blob:?}")
    }

    /// Names of all files, in order.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn list(&self) -> Result<Vec<Id16>, StoreError> {
        todo!()
    }

    /// Deletes what was begun and never finished, and files that no table names, if they are older
    /// than `before` (a commit may be about to name a younger one). Returns how many.
    ///
    /// # Errors
    /// The disk or the database fails.
    pub async fn sweep(&self, store: &Store, before: SystemTime) -> Result<u64, StoreError> {
        let _ = store;
        todo!("{before:?}")
    }
}

impl BlobWriter {
    /// Adds one sealed segment.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn segment(&mut self, sealed: &[u8]) -> Result<(), StoreError> {
        todo!("{sealed:?}")
    }

    /// Syncs the file and gives it its name; returns its size in bytes.
    ///
    /// # Errors
    /// The disk fails; the file does not exist then.
    pub async fn finish(self) -> Result<u64, StoreError> {
        todo!()
    }
}

impl BlobReader {
    /// The next sealed segment, `None` at the end.
    ///
    /// # Errors
    /// The disk fails or the file is cut off.
    pub async fn segment(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        todo!()
    }
}
