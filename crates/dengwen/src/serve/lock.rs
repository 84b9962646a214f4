//! One process at a time writes a register that lies in a folder. The lock is the system's, so it
//! ends with the process, however that ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::setup::Fault;

/// Held as long as the process writes; dropped, the next one may.
#[derive(Debug)]
pub struct Guard {
    _file: File,
}

/// Locks a data folder.
///
/// # Errors
/// Another process has it, or the folder cannot be written.
pub fn lock(data: &Path) -> Result<Guard, Fault> {
    std::fs::create_dir_all(data).map_err(|e| Fault::file(data, &e))?;
    let path = data.join("lock");
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&path).map_err(|e| Fault::file(&path, &e))?;
    match file.try_lock() {
        Ok(()) => Ok(Guard { _file: file }),
        Err(TryLockError::WouldBlock) => Err(Fault::Say(format!(
            "another dengwen is at work in {}; end it first, or choose another --data folder",
            data.display()
        ))),
        Err(TryLockError::Error(e)) => Err(Fault::file(&path, &e)),
    }
}

#[cfg(test)]
mod tests {
    use super::lock;

    #[test]
    fn the_second_process_is_told_and_the_next_one_may() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = lock(folder.path()).expect("nobody has it");
        let told = lock(folder.path()).expect_err("it is taken").to_string();
        assert!(told.contains("another dengwen is at work"), "{told}");
        drop(first);
        lock(folder.path()).expect("it is free again");
    }
}
