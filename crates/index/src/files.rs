//! A folder of encrypted files for the search engine: every file, its own lists included, in
//! chunks of 16 KiB bound to file name and number. Reading is by chunk; cutting, altering and
//! exchanging files are errors, never garbage. It knows nothing of search; names of files are the
//! engine's random ones and say nothing.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::ops::Range;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use seal::{CHUNK_HEADER_LEN, CHUNK_TAG_LEN, ChunkCipher, IndexKey, Last, SealError, SystemEntropy};
use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, TerminatingWrite, WatchCallback,
    WatchCallbackList, WatchHandle, WritePtr,
};

use crate::cache::{Cache, Plain};

/// The engine's list of segments: its change is a commit.
pub(crate) const META: &str = "meta.json";

const CHUNK: usize = 16 * 1024;
const SEALED: usize = CHUNK + CHUNK_TAG_LEN;

struct Inner {
    root: PathBuf,
    key: IndexKey,
    cache: Cache,
    watchers: WatchCallbackList,
    opened: AtomicU64,
}

/// The folder.
#[derive(Clone)]
pub(crate) struct SealedFiles(Arc<Inner>);

impl fmt::Debug for SealedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedFiles({})", self.0.root.display())
    }
}

fn invalid(error: SealError) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

impl SealedFiles {
    /// Opens the folder, making it if it is missing.
    pub(crate) fn open(root: &Path, key: &IndexKey) -> io::Result<Self> {
        DirBuilder::new().recursive(true).mode(0o700).create(root)?;
        Ok(Self(Arc::new(Inner {
            root: root.to_owned(),
            key: key.clone(),
            cache: Cache::default(),
            watchers: WatchCallbackList::default(),
            opened: AtomicU64::new(0),
        })))
    }

    fn at(&self, path: &Path) -> PathBuf {
        self.0.root.join(path)
    }

    fn writer(&self, name: &Path, file: File) -> io::Result<SealedWriter> {
        let cipher = ChunkCipher::create(&self.0.key, &name.to_string_lossy(), &mut SystemEntropy);
        let mut file = BufWriter::with_capacity(4 * SEALED, file);
        file.write_all(cipher.header())?;
        Ok(SealedWriter { file, cipher, buffer: Vec::with_capacity(CHUNK), number: 0 })
    }

    fn reader(&self, name: &Path) -> io::Result<SealedFile> {
        let file = File::open(self.at(name))?;
        let damaged = || invalid(SealError::Cut);
        let total = file.metadata()?.len();
        let body = total.checked_sub(CHUNK_HEADER_LEN as u64).ok_or_else(damaged)?;
        let chunks = body.div_ceil(SEALED as u64);
        let tags = chunks.checked_mul(CHUNK_TAG_LEN as u64).ok_or_else(damaged)?;
        let len = body.checked_sub(tags).filter(|_| chunks > 0).ok_or_else(damaged)?;
        let mut header = [0; CHUNK_HEADER_LEN];
        file.read_exact_at(&mut header, 0)?;
        let cipher = ChunkCipher::open(&self.0.key, &name.to_string_lossy(), &header).map_err(invalid)?;
        let opened = SealedFile {
            folder: self.clone(),
            file,
            cipher,
            id: self.0.opened.fetch_add(1, Ordering::Relaxed),
            chunks,
            len: usize::try_from(len).map_err(|_| damaged())?,
        };
        // The last chunk says that it is the last: with it the length is authentic.
        opened.chunk(chunks - 1)?;
        Ok(opened)
    }
}

struct SealedFile {
    folder: SealedFiles,
    file: File,
    cipher: ChunkCipher,
    id: u64,
    chunks: u64,
    len: usize,
}

impl SealedFile {
    fn chunk(&self, number: u64) -> io::Result<Plain> {
        self.folder.0.cache.get(self.id, number, || {
            let last = if number + 1 == self.chunks { Last::Yes } else { Last::No };
            let size = match last {
                Last::Yes => self.len - number as usize * CHUNK + CHUNK_TAG_LEN,
                Last::No => SEALED,
            };
            let mut sealed = vec![0; size];
            let at = CHUNK_HEADER_LEN as u64 + number * SEALED as u64;
            self.file.read_exact_at(&mut sealed, at)?;
            let plain = self.cipher.unseal(number, last, &sealed).map_err(invalid)?;
            Ok(Arc::new(plain) as Plain)
        })
    }

    fn read(&self, range: Range<usize>) -> io::Result<Vec<u8>> {
        if range.start > range.end || range.end > self.len {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let mut out = Vec::with_capacity(range.len());
        let mut at = range.start;
        while at < range.end {
            let number = at / CHUNK;
            let chunk = self.chunk(number as u64)?;
            let plain: &[u8] = (*chunk).as_ref();
            let from = at - number * CHUNK;
            let to = plain.len().min(range.end - number * CHUNK);
            let piece = plain.get(from..to).ok_or_else(|| invalid(SealError::Cut))?;
            if piece.is_empty() {
                return Err(invalid(SealError::Cut));
            }
            out.extend_from_slice(piece);
            at += piece.len();
        }
        Ok(out)
    }
}

impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedFile({} bytes)", self.len)
    }
}

impl Drop for SealedFile {
    fn drop(&mut self) {
        self.folder.0.cache.forget(self.id);
    }
}

impl HasLen for SealedFile {
    fn len(&self) -> usize {
        self.len
    }
}

impl FileHandle for SealedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.read(range).map(OwnedBytes::new)
    }
}

struct SealedWriter {
    file: BufWriter<File>,
    cipher: ChunkCipher,
    buffer: Vec<u8>,
    number: u64,
}

impl SealedWriter {
    fn emit(&mut self, last: Last) -> io::Result<()> {
        let sealed = self.cipher.seal(self.number, last, &self.buffer);
        self.number += 1;
        self.buffer.clear();
        self.file.write_all(&sealed)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.emit(Last::Yes)?;
        self.file.flush()?;
        self.file.get_ref().sync_data()
    }
}

impl Write for SealedWriter {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        // A full chunk waits until more comes: it might be the last.
        if self.buffer.len() == CHUNK && !data.is_empty() {
            self.emit(Last::No)?;
        }
        let taken = data.len().min(CHUNK - self.buffer.len());
        self.buffer.extend_from_slice(&data[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        // What is not a whole chunk cannot be written before the file ends.
        self.file.flush()
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.finish()
    }
}

/// A held lock: released with the file, also when the process dies.
struct Held {
    _file: File,
}

impl Directory for SealedFiles {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        match self.reader(path) {
            Ok(file) => Ok(Arc::new(file)),
            Err(e) if e.kind() == ErrorKind::NotFound => Err(OpenReadError::FileDoesNotExist(path.to_owned())),
            Err(e) => Err(OpenReadError::wrap_io_error(e, path.to_owned())),
        }
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        fs::remove_file(self.at(path)).map_err(|e| match e.kind() {
            ErrorKind::NotFound => DeleteError::FileDoesNotExist(path.to_owned()),
            _ => DeleteError::IoError { io_error: Arc::new(e), filepath: path.to_owned() },
        })
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.at(path).try_exists().map_err(|e| OpenReadError::wrap_io_error(e, path.to_owned()))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let failed = |e: io::Error| match e.kind() {
            ErrorKind::AlreadyExists => OpenWriteError::FileAlreadyExists(path.to_owned()),
            _ => OpenWriteError::wrap_io_error(e, path.to_owned()),
        };
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(self.at(path)).map_err(failed)?;
        let writer = self.writer(path, file).map_err(failed)?;
        Ok(BufWriter::with_capacity(CHUNK, Box::new(writer)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let failed = |e: io::Error| match e.kind() {
            ErrorKind::NotFound => OpenReadError::FileDoesNotExist(path.to_owned()),
            _ => OpenReadError::wrap_io_error(e, path.to_owned()),
        };
        let file = self.reader(path).map_err(failed)?;
        file.read(0..file.len).map_err(failed)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        let target = self.at(path);
        let fresh = target.with_extension("new");
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&fresh)?;
        let mut writer = self.writer(path, file)?;
        writer.write_all(data)?;
        writer.finish()?;
        fs::rename(&fresh, &target)?;
        if path == Path::new(META) {
            // Nobody waits for the watchers: the reader here is reloaded by its owner.
            drop(self.0.watchers.broadcast());
        }
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.0.root)?.sync_all()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(self.at(&lock.filepath))
            .map_err(LockError::wrap_io_error)?;
        if lock.is_blocking {
            file.lock().map_err(LockError::wrap_io_error)?;
        } else {
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => return Err(LockError::LockBusy),
                Err(fs::TryLockError::Error(e)) => return Err(LockError::wrap_io_error(e)),
            }
        }
        Ok(DirectoryLock::from(Box::new(Held { _file: file })))
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(self.0.watchers.subscribe(callback))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> IndexKey {
        IndexKey::from_bytes([n; 32])
    }

    fn write(files: &SealedFiles, name: &str, data: &[u8]) {
        let mut writer = files.open_write(Path::new(name)).unwrap();
        writer.write_all(data).unwrap();
        writer.terminate().unwrap();
    }

    #[test]
    fn every_length_around_a_chunk_reads_back_in_any_range() {
        let dir = tempfile::tempdir().unwrap();
        let files = SealedFiles::open(dir.path(), &key(1)).unwrap();
        for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7] {
            let data: Vec<u8> = (0..len).map(|i| (i * 7 % 251) as u8).collect();
            let name = format!("f{len}");
            write(&files, &name, &data);
            let handle = files.get_file_handle(Path::new(&name)).unwrap();
            assert_eq!(handle.len(), len);
            for range in [0..len, len / 2..len, 0..len / 3, len.saturating_sub(3)..len] {
                assert_eq!(&*handle.read_bytes(range.clone()).unwrap(), &data[range]);
            }
            assert!(handle.read_bytes(0..len + 1).is_err());
            files.atomic_write(Path::new("meta"), &data).unwrap();
            assert_eq!(files.atomic_read(Path::new("meta")).unwrap(), data);
        }
    }

    #[test]
    fn cutting_altering_and_renaming_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let files = SealedFiles::open(dir.path(), &key(1)).unwrap();
        let data = vec![9u8; 2 * CHUNK + 100];
        write(&files, "a", &data);
        let whole = fs::read(dir.path().join("a")).unwrap();
        let read = |bytes: &[u8], name: &str| {
            fs::write(dir.path().join(name), bytes).unwrap();
            files.atomic_read(Path::new(name))
        };
        assert!(read(&whole, "a").is_ok());
        assert!(read(&whole, "b").is_err(), "another name");
        // Cut at a chunk's end: the new last chunk does not say that it is the last.
        for cut in [0, 10, CHUNK_HEADER_LEN, CHUNK_HEADER_LEN + SEALED, whole.len() - 1] {
            assert!(read(&whole[..cut], "a").is_err(), "cut to {cut}");
        }
        for at in (0..whole.len()).step_by(997) {
            let mut bad = whole.clone();
            bad[at] ^= 1;
            assert!(read(&bad, "a").is_err(), "byte {at}");
        }
        fs::write(dir.path().join("a"), &whole).unwrap();
        let other = SealedFiles::open(dir.path(), &key(2)).unwrap();
        assert!(other.atomic_read(Path::new("a")).is_err(), "another key");
    }

    #[test]
    fn a_lock_is_held_by_one_and_freed_by_dropping() {
        let dir = tempfile::tempdir().unwrap();
        let files = SealedFiles::open(dir.path(), &key(1)).unwrap();
        let lock = || Lock { filepath: "l".into(), is_blocking: false };
        let held = files.acquire_lock(&lock()).unwrap();
        assert!(matches!(files.acquire_lock(&lock()), Err(LockError::LockBusy)));
        drop(held);
        files.acquire_lock(&lock()).unwrap();
    }
}
