//! Verifies a whole log folder: every file in it, down to superseded partial
//! tiles, against the signed checkpoint. It knows no key but those it is given
//! and nothing outside the folder, so it finds damage and tampering; a fork or
//! a roll-back shows only against an anchor held elsewhere.

use std::path::Path;

use crate::Hash;
use crate::checkpoint::{Checkpoint, Trust};
use crate::fault::{Fault, Flaw};
use crate::folder::{Folder, NEW};
use crate::reader::{LONGEST_BUNDLE, Reader, TileStore};
use crate::tiles::{Rank, TileId, WIDTH, tile_at};

/// What a sound folder was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The log's name.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root hash.
    pub root: Hash,
    /// Known witnesses that cosigned, with their times in Unix seconds.
    pub witnesses: Vec<(String, u64)>,
    /// Signature lines by keys not known here; nothing is claimed about them.
    pub unknown_signatures: usize,
    /// Tiles no checkpoint covers yet: written by a publication that is under
    /// way or was interrupted. Not verified.
    pub beyond: Vec<String>,
    /// Files that are no part of a log. Not looked at.
    pub strangers: Vec<String>,
}

impl Report {
    /// The checkpoint the folder was verified at.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: self.origin.clone(), size: self.size, root: self.root }
    }
}

/// Verifies a folder or names the first fault.
pub fn verify_folder(dir: &Path, trust: &Trust) -> Result<Report, Fault> {
    verify_folder_with(dir, trust, &mut |_, _| ())
}

/// As [`verify_folder`], telling after every bundle how many of how many
/// leaves are verified.
pub fn verify_folder_with(dir: &Path, trust: &Trust, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, Fault> {
    let folder = Folder::at(dir);
    let note = match folder.checkpoint() {
        Ok(Some(note)) => note,
        Ok(None) => return Err(Fault::at("checkpoint", Flaw::Missing)),
        Err(error) => return Err(Fault::at("checkpoint", Flaw::Unreadable(error.to_string()))),
    };
    let vouched = trust.checkpoint("checkpoint", &note)?;
    let Checkpoint { origin, size, root } = vouched.checkpoint.clone();
    let mut reader = Reader::open(&folder, &vouched.checkpoint)?;
    // Every full tile is the ancestor of some bundle, so this reads them all.
    for index in 0..size.div_ceil(WIDTH) {
        reader.bundle(index)?;
        progress(size.min((index + 1) * WIDTH), size);
    }
    let (mut beyond, mut strangers) = (Vec::new(), Vec::new());
    let mut files = Vec::new();
    list(dir, "", &mut files)?;
    for path in files {
        match TileId::parse(&path) {
            None if path == "checkpoint" || path == NEW => (),
            None => strangers.push(path),
            Some(id) => match tile_at(id.rank, id.index, size) {
                Some(now) if now.width > id.width => superseded(&folder, &mut reader, &id)?,
                Some(now) if now.width == id.width => (),
                _ => beyond.push(path),
            },
        }
    }
    Ok(Report {
        origin,
        size,
        root,
        witnesses: vouched.witnesses,
        unknown_signatures: vouched.unknown,
        beyond,
        strangers,
    })
}

/// A partial tile of an earlier size must be the beginning of today's tile.
fn superseded(folder: &Folder, reader: &mut Reader<&Folder>, id: &TileId) -> Result<(), Fault> {
    let path = id.to_string();
    let (width, most) = (usize::from(id.width), LONGEST_BUNDLE);
    let bytes = match folder.read(&path, most) {
        Ok(Some(bytes)) => bytes,
        // Cleared away by a publication since it was listed.
        Ok(None) => return Ok(()),
        Err(error) => return Err(Fault::at(path, Flaw::Unreadable(error.to_string()))),
    };
    let expected = match id.rank {
        Rank::Level(level) => reader.tile(level, id.index)?[..width].concat(),
        Rank::Entries => {
            let mut bundle = Vec::new();
            for entry in &reader.bundle(id.index)?[..width] {
                bundle.extend((entry.len() as u16).to_be_bytes());
                bundle.extend(entry);
            }
            bundle
        }
    };
    if bytes == expected { Ok(()) } else { Err(Fault::at(path, Flaw::NotAPrefix)) }
}

/// Every file below a folder, as paths with slashes, in order of name.
fn list(dir: &Path, prefix: &str, out: &mut Vec<String>) -> Result<(), Fault> {
    let unreadable = |error: std::io::Error| {
        let place = if prefix.is_empty() { "." } else { prefix };
        Fault::at(place, Flaw::Unreadable(error.to_string()))
    };
    let mut entries =
        std::fs::read_dir(dir).and_then(|entries| entries.collect::<Result<Vec<_>, _>>()).map_err(unreadable)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        // A link is listed, not followed: a log has none.
        if entry.file_type().map_err(unreadable)?.is_dir() {
            list(&entry.path(), &format!("{path}/"), out)?;
        } else {
            out.push(path);
        }
    }
    Ok(())
}
