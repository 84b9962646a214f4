//! Backup and restore: one snapshot of the database first, then the sealed files it names. Keys
//! are kept apart and are never in a backup; published logs are written again from the register.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use store::{BlobStore, Store};

use crate::error::Error;
use crate::hall::Hall;
use crate::log::head_log;

/// Name of the snapshot in a backup folder.
const SNAPSHOT: &str = "register.jsonl";
/// Written last: a backup without it is not whole.
const DONE: &str = "COMPLETE";

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Rows of all tables.
    pub rows: u64,
    /// Sealed files.
    pub files: u64,
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error + '_ {
    move |e| Error::Io(format!("{}: {e}", path.display()))
}

impl Hall {
    /// Writes a backup into an empty or absent folder.
    ///
    /// # Errors
    /// The folder is not empty, the disk or the store fails.
    pub async fn backup(&self, folder: &Path, progress: &mut (dyn FnMut(&str, u64) + Send)) -> Result<Saved, Error> {
        // Nobody else on the machine reads how many reports there are, or a password's hash.
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(io(folder))?;
        if fs::read_dir(folder).map_err(io(folder))?.next().is_some() {
            return Err(Error::input(
                "backup-folder",
                "备份文件夹不是空的，请换一个空文件夹，旧备份不会被覆盖。",
                "the backup folder is not empty; choose another, an old backup is never overwritten",
            ));
        }
        let path = folder.join(SNAPSHOT);
        let mut out = BufWriter::new(File::create(&path).map_err(io(&path))?);
        let rows = self.store.export_snapshot(&mut out, progress).await?;
        let file = out.into_inner().map_err(|e| Error::Io(e.to_string()))?;
        file.sync_all().map_err(io(&path))?;
        // Files are only ever added, so those named by the snapshot are all here after it.
        let blobs = folder.join("blobs");
        fs::create_dir_all(&blobs).map_err(io(&blobs))?;
        let mut files = 0;
        for blob in self.blobs.list().await? {
            let name = hex::encode(blob);
            let (from, to) = (self.places.blobs().join(&name[..2]).join(&name), blobs.join(&name));
            match fs::copy(&from, &to) {
                Ok(_) => files += 1,
                // Nobody named it, and it was swept meanwhile.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && !from.exists() => continue,
                Err(error) => return Err(io(&to)(error)),
            }
            progress("blobs", files);
        }
        let done = folder.join(DONE);
        let mut mark = File::create(&done).map_err(io(&done))?;
        writeln!(mark, "{rows} rows, {files} files").and_then(|()| mark.sync_all()).map_err(io(&done))?;
        Ok(Saved { rows, files })
    }
}

/// Restores a backup into an empty register and its blob folder.
///
/// # Errors
/// The backup is not whole, the register is not empty, the disk or the store fails.
pub async fn restore(
    store: &Store,
    blobs: &Path,
    folder: &Path,
    progress: &mut (dyn FnMut(&str, u64) + Send),
) -> Result<Saved, Error> {
    if !folder.join(DONE).exists() {
        return Err(Error::input(
            "backup-incomplete",
            "这个备份不完整（没有 COMPLETE 文件），请用另一份备份。",
            "this backup is not whole (no COMPLETE file); use another one",
        ));
    }
    let path = folder.join(SNAPSHOT);
    let mut input = BufReader::new(File::open(&path).map_err(io(&path))?);
    let rows = store.import_snapshot(&mut input, progress).await?;
    let target = BlobStore::open(blobs.to_owned())?;
    drop(target);
    let from = folder.join("blobs");
    let mut files = 0;
    for entry in fs::read_dir(&from).map_err(io(&from))? {
        let entry = entry.map_err(io(&from))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.len() != 32 || !name.bytes().all(|b| b.is_ascii_hexdigit()) {
            continue;
        }
        let shelf = blobs.join(&name[..2]);
        fs::create_dir_all(&shelf).map_err(io(&shelf))?;
        fs::copy(entry.path(), shelf.join(&name)).map_err(io(&shelf))?;
        files += 1;
        progress("blobs", files);
    }
    // The restored register is behind what its log may have published: later leaves go to the
    // next log, so that nobody can be shown two histories under one name (ledger.md).
    // Which checkpoint the next log follows is said in its first leaf, by whoever holds its key.
    let mut logs: Vec<_> = store.tenants().await?.into_iter().map(|(tenant, _)| tenant).collect();
    if store.log_head(&head_log()).await?.size > 0 {
        logs.push(head_log());
    }
    for log in &logs {
        store.log_open_next(log).await?;
    }
    Ok(Saved { rows, files })
}
