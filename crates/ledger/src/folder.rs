//! The published folder of one log: files named as tlog-tiles names them,
//! written whole (temporary file, sync, rename), tiles before the checkpoint,
//! and never a checkpoint smaller than the one that stands there. It does not
//! know where leaves come from; the folder is a cache that can be rebuilt.
use crate::checkpoint::Trust;
use crate::fault::Fault;
use std::path::{Path, PathBuf};

/// A log folder on disk.
#[derive(Debug, Clone)]
pub struct Folder { dir: PathBuf }

/// Why a folder cannot be published to.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The disk said no.
    #[error("{path}: {source}")]
    Io { /** File. */ path: PathBuf, /** Reason. */ source: std::io::Error },
    /// What stands there is not sound.
    #[error(transparent)]
    Unsound(#[from] Fault),
    /// The folder is ahead of what is to be published: an older register was restored.
    #[error("the folder already holds a checkpoint of {published} leaves, and {offered} were offered: an older register has been restored")]
    Behind { /** There. */ published: u64, /** Offered. */ offered: u64 },
}

/// A publication under way.
#[derive(Debug)]
pub struct Publication<'a> { folder: &'a Folder }

impl Folder {
    /// The folder at a path.
    pub fn at(dir: impl Into<PathBuf>) -> Folder { Folder { dir: dir.into() } }
    /// Its path.
    pub fn dir(&self) -> &Path { &self.dir }
    /// The checkpoint note as it stands.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, FolderError> { todo!() }
    /// Locks the folder and resumes at the published size.
    pub fn begin(&self, _trust: &Trust) -> Result<Publication<'_>, FolderError> { todo!() }
    /// Locks the folder and writes everything again from leaf 0.
    pub fn begin_again(&self, _trust: &Trust) -> Result<Publication<'_>, FolderError> { todo!() }
}

impl Publication<'_> {
    /// Index of the leaf wanted next.
    pub fn size(&self) -> u64 { let _ = self.folder; todo!() }
    /// Appends a committed entry.
    pub fn push(&mut self, _entry: &[u8]) -> Result<(), FolderError> { todo!() }
    /// Writes partial tiles, then the checkpoint.
    pub fn finish(self, _note: &str) -> Result<(), FolderError> { todo!() }
}
