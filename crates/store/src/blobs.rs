//! Sealed files, streamed segment by segment: `blobs/aa/<32 hexadecimal digits>` in the data folder,
//! or under the same name on a shelf that several machines share.
//!
//! The caller seals each segment; a file here is a row of length-prefixed ciphertexts and nothing
//! else. A file is written under `tmp`, synced and renamed, so a name either has all of its bytes
//! or does not exist. Files and folders carry the day they were written and no time of it, as far
//! as a file system lets itself be told. What no table names is an orphan and is swept.

use std::collections::HashSet;
use std::fmt;
use std::fs::FileTimes;
use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use domain::ids::ReportId;
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader, BufWriter};

use crate::db::{Value, statements};
use crate::rows::Id16;
use crate::shelf::{Reading, Shelf};
use crate::{Store, StoreError};

statements! {
    /// Files are asked for by name before their tenant is known: this walks every tenant on purpose,
    /// at start and by hand only.
    BLOB_NAMES = "SELECT blob FROM blobs WHERE blob > $1 ORDER BY blob LIMIT 10000";
}

/// The longest segment that can be: 64 KiB and what sealing adds, with room to spare.
const LONGEST: u32 = 1 << 20;

/// Where sealed files lie.
#[derive(Debug, Clone)]
pub struct BlobStore {
    /// The folder; beside a shelf only what is being written stands in it.
    root: PathBuf,
    shelf: Option<Arc<dyn Shelf>>,
}

/// A file being written; dropped without [`BlobWriter::finish`], it vanishes.
#[derive(Debug)]
pub struct BlobWriter {
    file: BufWriter<File>,
    unfinished: Unfinished,
    target: Target,
    size: u64,
}

/// Where a finished file goes.
#[derive(Debug)]
enum Target {
    File(PathBuf),
    Shelf(Arc<dyn Shelf>, String),
}

/// Deletes the temporary file unless it was given its name.
#[derive(Debug)]
struct Unfinished(Option<PathBuf>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            // What cannot be deleted now is swept later.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A file being read.
pub struct BlobReader {
    file: BufReader<Reading>,
}

impl fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlobReader")
    }
}

/// A whole sealed file on this machine's disk: the one of the folder, or a copy out of the shelf
/// that vanishes with this.
#[derive(Debug)]
pub struct AtHand {
    path: PathBuf,
    _copy: Unfinished,
}

impl AtHand {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Makes names of copies differ within a process.
static COPIES: AtomicU64 = AtomicU64::new(0);

/// What a file is called on a shelf: as in the folder.
fn key(blob: &Id16) -> String {
    let name = ReportId(*blob).to_string();
    format!("blobs/{}/{name}", &name[..2])
}

impl BlobStore {
    /// Opens (and makes) the folder; with a shelf, finished files lie there instead.
    ///
    /// # Errors
    /// The folder cannot be made.
    pub fn open(root: PathBuf, shelf: Option<Arc<dyn Shelf>>) -> Result<Self, StoreError> {
        std::fs::create_dir_all(root.join("tmp"))?;
        Ok(Self { root, shelf })
    }

    fn path(&self, blob: &Id16) -> PathBuf {
        // The same 32 digits a report id is written in.
        let name = ReportId(*blob).to_string();
        self.root.join(&name[..2]).join(name)
    }

    fn begun(&self, blob: &Id16) -> PathBuf {
        self.root.join("tmp").join(ReportId(*blob).to_string())
    }

    /// Begins a file.
    ///
    /// # Errors
    /// The disk fails, or a file of this name exists.
    pub async fn create(&self, blob: Id16) -> Result<BlobWriter, StoreError> {
        let (target, exists) = match &self.shelf {
            None => {
                let path = self.path(&blob);
                let exists = fs::try_exists(&path).await?;
                (Target::File(path), exists)
            }
            Some(shelf) => {
                let name = key(&blob);
                let exists = shelf.has(&name).await?;
                (Target::Shelf(shelf.clone(), name), exists)
            }
        };
        if exists {
            return Err(Error::new(ErrorKind::AlreadyExists, "a sealed file of this name exists").into());
        }
        let path = self.begun(&blob);
        let file = File::options().write(true).create_new(true).open(&path).await?;
        Ok(BlobWriter { file: BufWriter::new(file), unfinished: Unfinished(Some(path)), target, size: 0 })
    }

    /// Begins a file that may have been begun before: what was left of that is thrown away.
    ///
    /// # Errors
    /// As [`BlobStore::create`].
    pub async fn create_again(&self, blob: Id16) -> Result<BlobWriter, StoreError> {
        match fs::remove_file(self.begun(&blob)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => self.create(blob).await,
        }
    }

    /// Opens a file for reading.
    ///
    /// # Errors
    /// It does not exist, or the disk fails.
    pub async fn read(&self, blob: &Id16) -> Result<BlobReader, StoreError> {
        let file: Reading = match &self.shelf {
            None => Box::new(File::open(self.path(blob)).await?),
            Some(shelf) => shelf.read(&key(blob)).await?,
        };
        Ok(BlobReader { file: BufReader::new(file) })
    }

    /// A file whole on this machine's disk, for backups and packages; none where it does not exist.
    ///
    /// # Errors
    /// The disk or the shelf fails.
    pub async fn at_hand(&self, blob: &Id16) -> Result<Option<AtHand>, StoreError> {
        let Some(shelf) = &self.shelf else {
            let path = self.path(blob);
            return Ok(fs::try_exists(&path).await?.then_some(AtHand { path, _copy: Unfinished(None) }));
        };
        let mut from = match shelf.read(&key(blob)).await {
            Ok(from) => from,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        // A name no other copy has: two may be made at once.
        let nth = COPIES.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join("tmp").join(format!("{}.{}.{nth}", ReportId(*blob), std::process::id()));
        let copy = Unfinished(Some(path.clone()));
        let mut file = File::options().write(true).create_new(true).open(&path).await?;
        tokio::io::copy(&mut from, &mut file).await?;
        file.flush().await?;
        Ok(Some(AtHand { path, _copy: copy }))
    }

    /// Takes a whole sealed file in under its name, as a restored backup does; what had the name is replaced.
    ///
    /// # Errors
    /// The disk or the shelf fails.
    pub async fn take_in(&self, blob: &Id16, from: &Path) -> Result<(), StoreError> {
        if let Some(shelf) = &self.shelf {
            return Ok(shelf.put_file(&key(blob), from).await?);
        }
        let path = self.path(blob);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).await?;
        }
        fs::copy(from, path).await?;
        Ok(())
    }

    /// Makes a file as young as one written on `day`, because a commit is about to name it: the sweep
    /// would take it for one that nobody came to need. False where there is none.
    ///
    /// # Errors
    /// The disk or the shelf fails.
    pub async fn touch(&self, blob: &Id16, day: SystemTime) -> Result<bool, StoreError> {
        if let Some(shelf) = &self.shelf {
            // A shelf dates what is put on it.
            let Some(copy) = self.at_hand(blob).await? else { return Ok(false) };
            shelf.put_file(&key(blob), copy.path()).await?;
            return Ok(true);
        }
        match File::options().write(true).open(self.path(blob)).await {
            Ok(file) => dated(file.into_std().await, day).await.map(|()| true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Deletes a file; a missing one is no error.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn delete(&self, blob: &Id16) -> Result<(), StoreError> {
        if let Some(shelf) = &self.shelf {
            return Ok(shelf.delete(&key(blob)).await?);
        }
        match fs::remove_file(self.path(blob)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Names of all files, in order.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn list(&self) -> Result<Vec<Id16>, StoreError> {
        let mut names = Vec::new();
        if let Some(shelf) = &self.shelf {
            let found = shelf.list("blobs").await?;
            names.extend(found.into_iter().filter_map(|(name, _)| name.parse::<ReportId>().ok()).map(|id| id.0));
            names.sort_unstable();
            return Ok(names);
        }
        let mut folders = fs::read_dir(&self.root).await?;
        while let Some(folder) = folders.next_entry().await? {
            if folder.file_name().len() != 2 {
                continue;
            }
            let mut files = fs::read_dir(folder.path()).await?;
            while let Some(file) = files.next_entry().await? {
                // What is not named like a sealed file is not ours.
                names.extend(file.file_name().to_str().and_then(|n| n.parse::<ReportId>().ok()).map(|id| id.0));
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Deletes what was begun and never finished, and files that no table names, if their time is
    /// before `before` (a commit may be about to name a younger one). Returns how many.
    ///
    /// # Errors
    /// The disk or the database fails.
    pub async fn sweep(&self, store: &Store, before: SystemTime) -> Result<u64, StoreError> {
        let mut swept = 0;
        let mut begun = fs::read_dir(self.root.join("tmp")).await?;
        while let Some(file) = begun.next_entry().await? {
            swept += delete_older(&file.path(), before).await?;
        }
        if let Some(shelf) = &self.shelf {
            let files = shelf.list("blobs").await?;
            let known = store.blob_names().await?;
            for (name, _) in files.into_iter().filter(|(_, written)| *written < before) {
                let Ok(ReportId(blob)) = name.parse::<ReportId>() else { continue };
                if !known.contains(&blob) {
                    shelf.delete(&key(&blob)).await?;
                    swept += 1;
                }
            }
            return Ok(swept);
        }
        let files = self.list().await?;
        let known = store.blob_names().await?;
        for blob in files.iter().filter(|b| !known.contains(*b)) {
            swept += delete_older(&self.path(blob), before).await?;
        }
        Ok(swept)
    }
}

async fn delete_older(path: &Path, before: SystemTime) -> Result<u64, StoreError> {
    let gone = |error: Error| if error.kind() == ErrorKind::NotFound { Ok(0) } else { Err(error.into()) };
    match fs::metadata(path).await.and_then(|file| file.modified()) {
        Ok(written) if written >= before => return Ok(0),
        Ok(_) => {}
        // Finished, deleted or swept by somebody else meanwhile.
        Err(error) => return gone(error),
    }
    fs::remove_file(path).await.map_or_else(gone, |()| Ok(1))
}

impl BlobWriter {
    /// Adds one sealed segment.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn segment(&mut self, sealed: &[u8]) -> Result<(), StoreError> {
        let length = u32::try_from(sealed.len()).ok().filter(|n| *n <= LONGEST);
        let length = length.ok_or_else(|| Error::new(ErrorKind::InvalidInput, "a sealed segment is too long"))?;
        self.file.write_all(&length.to_le_bytes()).await?;
        self.file.write_all(sealed).await?;
        self.size += 4 + u64::from(length);
        Ok(())
    }

    /// Syncs the file and gives it its name; returns its size in bytes. `day` is the moment its
    /// civil day began: what the file says of when it was written and read.
    ///
    /// # Errors
    /// The disk fails; the file does not exist then.
    pub async fn finish(mut self, day: SystemTime) -> Result<u64, StoreError> {
        self.file.flush().await?;
        let target = match &self.target {
            Target::File(path) => path,
            // What was written here is deleted when this ends, sent or not.
            Target::Shelf(shelf, name) => {
                if let Some(path) = &self.unfinished.0 {
                    shelf.put_file(name, path).await?;
                }
                return Ok(self.size);
            }
        };
        let file = self.file.into_inner().into_std().await;
        dated(file, day).await?;
        let Some(folder) = target.parent() else {
            return Err(Error::from(ErrorKind::NotFound).into());
        };
        fs::create_dir_all(folder).await?;
        if let Some(path) = &self.unfinished.0 {
            fs::rename(path, target).await?;
        }
        self.unfinished.0 = None;
        // The name itself must survive the loss of power, and the folder's name too; and a folder's
        // own time would tell when the last file came.
        let above = folder.parent();
        for folder in [Some(folder), above, above.map(|root| root.join("tmp")).as_deref()].into_iter().flatten() {
            dated(File::open(folder).await?.into_std().await, day).await?;
        }
        Ok(self.size)
    }
}

/// Gives a file or folder the times of a day's beginning, and syncs it.
async fn dated(file: std::fs::File, day: SystemTime) -> Result<(), StoreError> {
    let written = tokio::task::spawn_blocking(move || {
        file.set_times(FileTimes::new().set_accessed(day).set_modified(day))?;
        file.sync_all()
    });
    Ok(written.await.map_err(Error::other)??)
}

impl BlobReader {
    /// The next sealed segment, `None` at the end.
    ///
    /// # Errors
    /// The disk fails or the file is cut off.
    pub async fn segment(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut length = [0; 4];
        match self.file.read(&mut length[..1]).await? {
            0 => return Ok(None),
            _ => self.file.read_exact(&mut length[1..]).await?,
        };
        let length = u32::from_le_bytes(length);
        if length > LONGEST {
            return Err(Error::new(ErrorKind::InvalidData, "a sealed file is damaged").into());
        }
        let mut sealed = vec![0; length as usize];
        self.file.read_exact(&mut sealed).await?;
        Ok(Some(sealed))
    }
}

impl Store {
    /// Names of every file that a table names, of all tenants.
    async fn blob_names(&self) -> Result<HashSet<Id16>, StoreError> {
        let mut names = HashSet::new();
        let mut after: Vec<u8> = Vec::new();
        loop {
            let rows = self.read.fetch("blobs", BLOB_NAMES, vec![Value::from(after)]).await?;
            let mut last: Option<Id16> = None;
            for mut row in rows {
                let name = row.array("blob")?;
                names.insert(name);
                last = Some(name);
            }
            match last {
                Some(name) => after = name.to_vec(),
                None => return Ok(names),
            }
        }
    }
}
