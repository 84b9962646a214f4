//! The published folder of one log: files named as tlog-tiles names them,
//! each written whole (temporary file, sync, rename), tiles before the
//! checkpoint, and never a checkpoint smaller than the one that stands there.
//! The folder is a cache: it can be written again from the committed leaves.
//! It does not know where leaves come from.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::checkpoint::{Checkpoint, Trust};
use crate::fault::{Fault, Flaw};
use crate::note::Note;
use crate::reader::{Reader, TileStore};
use crate::tiles::{Edge, EntryTooLong, TileId};

/// Name of the file that is being written; one at a time, under the lock.
pub(crate) const NEW: &str = ".new";

/// Longest checkpoint read, in bytes.
const LONGEST_NOTE: usize = 1 << 20;

/// A log folder on disk.
#[derive(Debug, Clone)]
pub struct Folder {
    dir: PathBuf,
}

/// Why a folder cannot be published to. Each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// The disk refused.
    #[error("{path}: {source}")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// What stands in the folder is not sound.
    #[error("the log folder is damaged ({0}); verify it, then publish it again from the register")]
    Unsound(Fault),
    /// The checkpoint offered is not signed by this log, or does not speak of
    /// the leaves that were pushed.
    #[error("the new checkpoint does not fit the leaves: {0}")]
    Checkpoint(Fault),
    /// The folder is ahead: an older register has been restored.
    #[error(
        "the folder already shows {published} leaves and only {offered} are offered: an older \
         register was restored; open the log's next origin instead"
    )]
    Behind {
        /// Leaves in the folder's checkpoint.
        published: u64,
        /// Leaves offered.
        offered: u64,
    },
    /// The same size with another root was published before.
    #[error("the folder already shows another root hash at {0} leaves: the log has forked")]
    Fork(u64),
    /// A tile stands there with other bytes.
    #[error("{0} already holds other bytes; verify the folder, then publish it again from the register")]
    Conflict(PathBuf),
    /// An entry that no log can hold.
    #[error(transparent)]
    Entry(#[from] EntryTooLong),
}

impl TileStore for Folder {
    fn read(&self, path: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.dir.join(path)) {
            Ok(file) => file,
            // A folder where a file should be, or the other way round.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(most as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }
}

impl Folder {
    /// The folder at a path; it need not exist yet.
    pub fn at(dir: impl Into<PathBuf>) -> Folder {
        Folder { dir: dir.into() }
    }

    /// Where it lies.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The checkpoint note that stands there, unverified; `None` where nothing
    /// was published yet.
    pub fn checkpoint(&self) -> Result<Option<Vec<u8>>, FolderError> {
        self.read("checkpoint", LONGEST_NOTE).map_err(|e| self.io("checkpoint", e))
    }

    fn io(&self, path: &str, source: io::Error) -> FolderError {
        FolderError::Io { path: self.dir.join(path), source }
    }

    /// Takes the folder's lock (waiting for another publisher) and resumes
    /// after the leaves its checkpoint covers, whose right edge is proven
    /// first. `trust` holds the log's own key.
    pub fn begin<'a>(&'a self, trust: &'a Trust) -> Result<Publication<'a>, FolderError> {
        let mut publication = self.locked(trust, Existing::MustAgree)?;
        if let Some(checkpoint) = &publication.published {
            publication.edge =
                Reader::open(self, checkpoint).and_then(|mut reader| reader.edge()).map_err(FolderError::Unsound)?;
        }
        Ok(publication)
    }

    /// As [`Folder::begin`], but wants every leaf from 0 and puts right any
    /// tile that was damaged. The checkpoint that stands there still binds.
    pub fn begin_again<'a>(&'a self, trust: &'a Trust) -> Result<Publication<'a>, FolderError> {
        self.locked(trust, Existing::Replace)
    }

    fn locked<'a>(&'a self, trust: &'a Trust, existing: Existing) -> Result<Publication<'a>, FolderError> {
        fs::create_dir_all(&self.dir).map_err(|e| self.io("", e))?;
        // The lock is on the folder itself, so that no file beside the log's
        // own appears in what is published.
        let lock = File::open(&self.dir).map_err(|e| self.io("", e))?;
        lock.lock().map_err(|e| self.io("", e))?;
        let published = match self.checkpoint()? {
            None => None,
            Some(note) => Some(trust.checkpoint("checkpoint", &note).map_err(FolderError::Unsound)?.checkpoint),
        };
        Ok(Publication {
            folder: self,
            trust,
            existing,
            published,
            edge: Edge::new(),
            dirs: BTreeSet::new(),
            superseded: Vec::new(),
            _lock: lock,
        })
    }
}

/// What to do with a tile that stands there with other bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Existing {
    MustAgree,
    Replace,
}

/// A publication under way; holds the folder's lock. Dropped before
/// [`Publication::finish`], it leaves the old checkpoint and some tiles nobody
/// is pointed to.
#[derive(Debug)]
pub struct Publication<'a> {
    folder: &'a Folder,
    trust: &'a Trust,
    existing: Existing,
    published: Option<Checkpoint>,
    edge: Edge,
    dirs: BTreeSet<PathBuf>,
    superseded: Vec<PathBuf>,
    _lock: File,
}

impl Publication<'_> {
    /// Index of the leaf wanted next.
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// The checkpoint that stands in the folder.
    pub fn published(&self) -> Option<&Checkpoint> {
        self.published.as_ref()
    }

    /// Appends the next committed entry; full tiles are written as they fill.
    pub fn push(&mut self, entry: &[u8]) -> Result<(), FolderError> {
        for (id, bytes) in self.edge.push(entry)? {
            self.put(&id, &bytes)?;
            let partials = self.folder.dir.join(format!("{id}.p"));
            if partials.exists() {
                self.superseded.push(partials);
            }
        }
        Ok(())
    }

    /// Writes the partial tiles, makes all of it durable, and only then the
    /// checkpoint: a signed note of this log that speaks of exactly the leaves
    /// pushed. Where the same checkpoint stands there already, the lines of both
    /// stand there afterwards: whoever publishes it once more, or brings one
    /// witness's line, does not take away another's. Partial tiles whose full
    /// tile now stands are cleared away.
    pub fn finish(mut self, note: &str) -> Result<Checkpoint, FolderError> {
        let checkpoint =
            self.trust.checkpoint("checkpoint", note.as_bytes()).map_err(FolderError::Checkpoint)?.checkpoint;
        let unfit = |flaw| FolderError::Checkpoint(Fault::at("checkpoint", flaw));
        if let Some(old) = &self.published {
            if old.origin != checkpoint.origin {
                let (expected, found) = (old.origin.clone(), checkpoint.origin);
                return Err(unfit(Flaw::Origin { expected, found }));
            }
            if old.size > checkpoint.size {
                let (published, offered) = (old.size, checkpoint.size);
                return Err(FolderError::Behind { published, offered });
            }
            if old.size == checkpoint.size && old.root != checkpoint.root {
                return Err(FolderError::Fork(old.size));
            }
        }
        if checkpoint.size != self.edge.size() {
            return Err(unfit(Flaw::Disagrees("the number of leaves")));
        }
        if checkpoint.root != self.edge.root() {
            return Err(unfit(Flaw::Root));
        }
        for (id, bytes) in self.edge.partials() {
            self.put(&id, &bytes)?;
        }
        for dir in &self.dirs {
            self.sync_dir(dir)?;
        }
        self.write("checkpoint", self.with_lines_there(note)?.as_bytes())?;
        self.sync_dir(&self.folder.dir)?;
        for partials in &self.superseded {
            fs::remove_dir_all(partials).map_err(|source| FolderError::Io { path: partials.clone(), source })?;
        }
        Ok(checkpoint)
    }

    /// The note with the lines the same checkpoint has in the folder; the offered one's where both
    /// have one by the same key.
    fn with_lines_there(&self, note: &str) -> Result<String, FolderError> {
        let there = self.folder.checkpoint()?.and_then(|there| Note::parse(&there).ok());
        match (there, Note::parse(note.as_bytes())) {
            (Some(mut there), Ok(offered)) if there.text() == offered.text() => {
                offered.signatures().iter().for_each(|line| there.add(line.clone()));
                Ok(there.to_string())
            }
            _ => Ok(note.to_owned()),
        }
    }

    fn put(&mut self, id: &TileId, bytes: &[u8]) -> Result<(), FolderError> {
        let path = id.to_string();
        let here = self.folder.dir.join(&path);
        match self.folder.read(&path, bytes.len()).map_err(|e| self.folder.io(&path, e))? {
            Some(there) if there == bytes => return Ok(()),
            Some(_) if self.existing == Existing::MustAgree => {
                return Err(FolderError::Conflict(here));
            }
            _ => (),
        }
        // Every folder on the way may be new and has to be synced.
        for dir in here.ancestors().skip(1).take_while(|dir| dir.starts_with(&self.folder.dir)) {
            self.dirs.insert(dir.to_owned());
        }
        let parent = here.parent().unwrap_or(&self.folder.dir);
        fs::create_dir_all(parent).map_err(|source| FolderError::Io { path: parent.to_owned(), source })?;
        self.write(&path, bytes)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let new = self.folder.dir.join(NEW);
        let here = self.folder.dir.join(path);
        let written = File::create(&new)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&new, &here));
        written.map_err(|source| FolderError::Io { path: here, source })
    }

    fn sync_dir(&self, dir: &Path) -> Result<(), FolderError> {
        File::open(dir)
            .and_then(|dir| dir.sync_all())
            .map_err(|source| FolderError::Io { path: dir.to_owned(), source })
    }
}
