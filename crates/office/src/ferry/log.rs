//! The published log, carried out file by file: those that are new or changed since the last
//! package, tiles before the checkpoint that speaks of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use domain::ids::TenantCode;

use super::wire::damaged;
use crate::error::Error;
use crate::hall::Hall;

/// Name and digest of every file that was carried out.
pub(crate) type Carried = BTreeMap<String, String>;

impl Hall {
    fn carried_path(&self, tenant: &TenantCode) -> PathBuf {
        self.places.data.join("ferry").join(tenant.as_str()).join("published.json")
    }

    /// The published files that were not carried out yet as they are, and the list with them in it.
    pub(crate) fn log_to_carry(&self, tenant: &TenantCode) -> Result<(Vec<(String, PathBuf)>, Carried), Error> {
        // A list that is gone only means that everything is carried again.
        let mut carried: Carried = fs::read(self.carried_path(tenant))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let root = self.places.data.join("log");
        let mut found = Vec::new();
        let Ok(logs) = fs::read_dir(&root) else { return Ok((Vec::new(), carried)) };
        for log in logs {
            let log = log.map_err(io)?;
            let name = log.file_name().to_string_lossy().into_owned();
            if !of_organ(&name, tenant) {
                continue;
            }
            if log.path().is_dir() {
                walk(&root, &log.path(), &mut found)?;
            } else {
                // The log's key, for the verification page outside.
                found.push((name, log.path()));
            }
        }
        // A checkpoint is never there before what it speaks of.
        found.sort_by_key(|(name, _)| (name.ends_with("/checkpoint"), name.clone()));
        let mut new = Vec::new();
        for (name, path) in found {
            let digest = hex::encode(seal::sha256(&fs::read(&path).map_err(io)?));
            if carried.get(&name) != Some(&digest) {
                carried.insert(name.clone(), digest);
                new.push((name, path));
            }
        }
        Ok((new, carried))
    }

    /// Remembers what was carried.
    pub(crate) fn log_carried(&self, tenant: &TenantCode, carried: &Carried) -> Result<(), Error> {
        let json = serde_json::to_vec(carried).map_err(|e| Error::Io(e.to_string()))?;
        fs::write(self.carried_path(tenant), json).map_err(io)
    }

    /// Where a file of the published log is put outside.
    pub(crate) fn log_place(&self, tenant: &TenantCode, name: &str) -> Result<PathBuf, Error> {
        let path = Path::new(name);
        let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
        let first = name.split('/').next().unwrap_or_default();
        if !plain || !of_organ(first, tenant) {
            return Err(damaged());
        }
        Ok(self.places.data.join("log").join(path))
    }
}

fn io(error: std::io::Error) -> Error {
    Error::Io(error.to_string())
}

/// Whether this is the folder of one of the organ's logs, or the key beside it.
fn of_organ(name: &str, tenant: &TenantCode) -> bool {
    let folder = name.strip_suffix(".vkey").unwrap_or(name);
    match folder.strip_prefix(tenant.as_str()) {
        Some("") => true,
        Some(epoch) => epoch.strip_prefix('.').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())),
        None => false,
    }
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<(String, PathBuf)>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned();
        if path.is_dir() {
            walk(root, &path, found)?;
        } else if !name.ends_with(".lock") && !name.ends_with(".tmp") {
            found.push((name, path));
        }
    }
    Ok(())
}
