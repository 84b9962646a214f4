//! A few decrypted chunks kept in memory, the least recently used one leaving first; wiped when
//! they leave. It does not know how chunks are read.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

/// Bytes of a plain chunk; `seal` wipes them when dropped.
pub(crate) type Plain = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Chunks kept: 16 MiB, filled as they are read.
const LIMIT: NonZeroUsize = NonZeroUsize::new(1024).expect("more than none");

/// The cache, shared by all files of a folder.
pub(crate) struct Cache(Mutex<LruCache<(u64, u64), Plain>>);

impl Default for Cache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(LIMIT)))
    }
}

impl Cache {
    /// The chunk of a file, read by `load` if it is not there.
    pub(crate) fn get<E>(&self, file: u64, chunk: u64, load: impl FnOnce() -> Result<Plain, E>) -> Result<Plain, E> {
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plain) = kept().get(&(file, chunk)) {
            return Ok(plain.clone());
        }
        // Not under the lock: decrypting one chunk must not hold up the others.
        let plain = load()?;
        kept().put((file, chunk), plain.clone());
        Ok(plain)
    }

    /// Forgets every chunk of a file.
    pub(crate) fn forget(&self, file: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<(u64, u64)> = kept.iter().map(|(key, _)| *key).filter(|(of, _)| *of == file).collect();
        for key in gone {
            kept.pop(&key);
        }
    }
}
