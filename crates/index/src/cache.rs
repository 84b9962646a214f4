//! A few decrypted chunks kept in memory, the least recently used one leaving first; wiped when
//! they leave. It does not know how chunks are read.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of a plain chunk; `seal` wipes them when dropped.
pub(crate) type Plain = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Chunks kept: 4 MiB.
const LIMIT: usize = 256;

#[derive(Default)]
struct Kept {
    chunks: HashMap<(u64, u64), (Plain, u64)>,
    tick: u64,
}

/// The cache, shared by all files of a folder.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Kept>);

impl Cache {
    /// The chunk of a file, read by `load` if it is not there.
    pub(crate) fn get<E>(&self, file: u64, chunk: u64, load: impl FnOnce() -> Result<Plain, E>) -> Result<Plain, E> {
        if let Some(plain) = self.find((file, chunk)) {
            return Ok(plain);
        }
        // Not under the lock: decrypting one chunk must not hold up the others.
        let plain = load()?;
        self.keep((file, chunk), plain.clone());
        Ok(plain)
    }

    fn find(&self, key: (u64, u64)) -> Option<Plain> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.tick += 1;
        let tick = kept.tick;
        let (plain, used) = kept.chunks.get_mut(&key)?;
        *used = tick;
        Some(plain.clone())
    }

    fn keep(&self, key: (u64, u64), plain: Plain) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.tick += 1;
        let tick = kept.tick;
        kept.chunks.insert(key, (plain, tick));
        if kept.chunks.len() > LIMIT {
            let oldest = kept.chunks.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| *key);
            if let Some(oldest) = oldest {
                kept.chunks.remove(&oldest);
            }
        }
    }

    /// Forgets every chunk of a file.
    pub(crate) fn forget(&self, file: u64) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.chunks.retain(|(of, _), _| *of != file);
    }
}
