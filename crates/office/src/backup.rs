//! Backup and restore: one snapshot of the database first, then the sealed files it names and the
//! packages that have not arrived at the other network yet. Keys are kept apart and are never in a
//! backup; published logs are written again from the register.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use domain::ids::ReportId;
use store::{BlobStore, Store};

use crate::error::Error;
use crate::hall::Hall;
use crate::log::head_log;

/// Name of the snapshot in a backup folder.
const SNAPSHOT: &str = "register.jsonl";
/// Where the packages of two networks lie, here and in a backup.
pub(crate) const PACKAGES: &str = "ferry";
/// Written last: a backup without it is not whole.
const DONE: &str = "COMPLETE";

/// What a backup holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saved {
    /// Rows of all tables.
    pub rows: u64,
    /// Sealed files.
    pub files: u64,
    /// Packages of two networks that wait to arrive, or for their turn.
    pub packages: u64,
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
            let to = blobs.join(hex::encode(blob));
            // Nobody named it, and it was swept meanwhile.
            let Some(from) = self.blobs.at_hand(&blob).await? else { continue };
            match fs::copy(from.path(), &to) {
                Ok(_) => files += 1,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound && !from.path().exists() => continue,
                Err(error) => return Err(io(&to)(error)),
            }
            progress("blobs", files);
        }
        // One that arrived meanwhile is gone, and one made meanwhile is of no use to the snapshot and
        // does no harm: its number is given again.
        let packages = copy_packages(&self.places.data, folder, &mut |done| progress("packages", done))?;
        let done = folder.join(DONE);
        let mut mark = File::create(&done).map_err(io(&done))?;
        writeln!(mark, "{rows} rows, {files} files, {packages} packages")
            .and_then(|()| mark.sync_all())
            .map_err(io(&done))?;
        Ok(Saved { rows, files, packages })
    }
}

/// Copies the packages of every organ from one folder's `ferry` to another's; returns how many.
fn copy_packages(from: &Path, to: &Path, progress: &mut dyn FnMut(u64)) -> Result<u64, Error> {
    let mut copied = 0;
    let organs = from.join(PACKAGES);
    if !organs.exists() {
        return Ok(0);
    }
    for organ in entries(&organs)? {
        for which in entries(&organ)? {
            for package in entries(&which)? {
                // What was only begun belongs to nobody.
                if package.extension().is_none_or(|ending| ending != "ferry") {
                    continue;
                }
                let inner = package.strip_prefix(from).map_err(|e| Error::Io(e.to_string()))?;
                let target = to.join(inner);
                let folder = target.parent().unwrap_or(to);
                fs::create_dir_all(folder).map_err(io(folder))?;
                match fs::copy(&package, &target) {
                    Ok(_) => copied += 1,
                    // It arrived meanwhile.
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound && !package.exists() => continue,
                    Err(error) => return Err(io(&target)(error)),
                }
                File::open(&target).and_then(|f| f.sync_all()).map_err(io(&target))?;
                progress(copied);
            }
        }
    }
    Ok(copied)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let read = fs::read_dir(folder).map_err(io(folder))?;
    let mut entries = read.map(|entry| entry.map(|e| e.path())).collect::<Result<Vec<_>, _>>().map_err(io(folder))?;
    entries.sort();
    Ok(entries)
}

/// Restores a backup into an empty register, where its sealed files lie, and into the data folder.
///
/// # Errors
/// The backup is not whole, the register is not empty, the disk or the store fails.
pub async fn restore(
    store: &Store,
    blobs: &BlobStore,
    data: &Path,
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
    let from = folder.join("blobs");
    let mut files = 0;
    for entry in fs::read_dir(&from).map_err(io(&from))? {
        let entry = entry.map_err(io(&from))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(ReportId(blob)) = name.parse::<ReportId>() else { continue };
        blobs.take_in(&blob, &entry.path()).await?;
        files += 1;
        progress("blobs", files);
    }
    let packages = copy_packages(folder, data, &mut |done| progress("packages", done))?;
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
    Ok(Saved { rows, files, packages })
}
