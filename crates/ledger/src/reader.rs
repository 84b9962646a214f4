//! Reads a log from its tiles and believes nothing unproven: every hash and
//! entry that leaves this module was followed up to the signed root. It does
//! not know where the tiles lie; a folder, an object store or a test can be
//! read through [`TileStore`].
//!
//! Right-edge tiles are checked together: all their hashes, tile by tile, are
//! what the root is computed from. Every other tile is full and must hash to
//! its value in the tile above. No step counts root hashes where it should
//! count tiles, which is how a flipped byte passed other readers
//! (CVE-2026-56865).

use std::collections::HashMap;
use std::io;

use crate::Hash;
use crate::checkpoint::Checkpoint;
use crate::fault::{Fault, Flaw};
use crate::tiles::{self, Edge, Rank, TileId, WIDTH, nodes_at, tile_at};
use crate::tree::{self, HashSource, complete_root, leaf_hash};

/// Longest bundle there can be: 256 entries of 65,535 bytes with their lengths.
pub(crate) const LONGEST_BUNDLE: usize = 256 * (65_535 + 2);

/// Proven tiles kept in memory: 64 × 8 KiB.
const KEPT: usize = 64;

/// A place tiles can be read from.
pub trait TileStore {
    /// The bytes at a path below the log's prefix, `None` where there is no
    /// such file. Reading may stop after `most + 1` bytes.
    fn read(&self, path: &str, most: usize) -> io::Result<Option<Vec<u8>>>;
}

impl<S: TileStore> TileStore for &S {
    fn read(&self, path: &str, most: usize) -> io::Result<Option<Vec<u8>>> {
        (**self).read(path, most)
    }
}

/// A log at one size and root.
#[derive(Debug)]
pub struct Reader<S> {
    store: S,
    size: u64,
    /// The partial tile of each level as far as this size reaches; proven.
    edge: Vec<Vec<Hash>>,
    /// Full tiles, proven.
    proven: HashMap<(u8, u64), Vec<Hash>>,
}

impl<S: TileStore> Reader<S> {
    /// Opens a log at a checkpoint that the caller has verified, and proves its
    /// right edge: the tiles there must hash to the root.
    pub fn open(store: S, checkpoint: &Checkpoint) -> Result<Reader<S>, Fault> {
        let size = checkpoint.size;
        let mut reader = Reader { store, size, edge: Vec::new(), proven: HashMap::new() };
        for level in (0..).take_while(|level| nodes_at(*level, size) > 0) {
            let width = (nodes_at(level, size) % WIDTH) as u16;
            let tile = if width == 0 { Vec::new() } else { reader.read_edge(level, width)? };
            reader.edge.push(tile);
        }
        let root = Edge::from_parts(size, reader.edge.clone(), Vec::new()).root();
        if root != checkpoint.root {
            // Nothing tells which of the edge tiles is wrong: name the lowest.
            let lowest = (0..).zip(&reader.edge).find(|(_, tile)| !tile.is_empty());
            let place = lowest.map_or_else(
                || "checkpoint".to_owned(),
                |(level, tile)| {
                    let index = nodes_at(level, size) / WIDTH;
                    TileId { rank: Rank::Level(level), index, width: tile.len() as u16 }.to_string()
                },
            );
            return Err(Fault::at(place, Flaw::Root));
        }
        Ok(reader)
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn read(&self, id: &TileId, most: usize) -> Result<Option<Vec<u8>>, Fault> {
        let path = id.to_string();
        match self.store.read(&path, most) {
            Ok(bytes) => Ok(bytes),
            Err(error) => Err(Fault::at(path, Flaw::Unreadable(error.to_string()))),
        }
    }

    /// A partial file, or the full one that has replaced it.
    fn read_or_full(&self, id: TileId, most: usize) -> Result<(TileId, Vec<u8>), Fault> {
        if let Some(bytes) = self.read(&id, most)? {
            return Ok((id, bytes));
        }
        let full = TileId::full(id.rank, id.index);
        match self.read(&full, most)? {
            Some(bytes) => Ok((full, bytes)),
            None => Err(Fault::at(id.to_string(), Flaw::Missing)),
        }
    }

    fn read_hashes(&self, id: TileId) -> Result<Vec<Hash>, Fault> {
        let (found, bytes) = self.read_or_full(id, 32 * WIDTH as usize)?;
        let expected = 32 * usize::from(found.width);
        let mut hashes = tiles::hashes(&bytes, found.width)
            .ok_or_else(|| Fault::at(found.to_string(), Flaw::Length { expected, found: bytes.len() }))?;
        hashes.truncate(usize::from(id.width));
        Ok(hashes)
    }

    fn read_edge(&self, level: u8, width: u16) -> Result<Vec<Hash>, Fault> {
        let index = nodes_at(level, self.size) / WIDTH;
        self.read_hashes(TileId { rank: Rank::Level(level), index, width })
    }

    /// The proven hashes of a tile that this size has. A full tile is followed
    /// up, parent by parent, until a tile that is proven already.
    pub fn tile(&mut self, level: u8, index: u64) -> Result<&[Hash], Fault> {
        let Some(id) = tile_at(Rank::Level(level), index, self.size) else {
            let asked = TileId::full(Rank::Level(level), index);
            return Err(Fault::at(asked.to_string(), tree::BadProof::OutOfRange));
        };
        if !id.is_full() {
            return Ok(&self.edge[usize::from(level)]);
        }
        if !self.proven.contains_key(&(level, index)) {
            let hashes = self.read_hashes(id)?;
            let parent = self.tile(level + 1, index / WIDTH)?;
            if complete_root(&hashes) != parent[(index % WIDTH) as usize] {
                return Err(Fault::at(id.to_string(), Flaw::Parent));
            }
            if self.proven.len() >= KEPT {
                self.proven.clear();
            }
            self.proven.insert((level, index), hashes);
        }
        Ok(&self.proven[&(level, index)])
    }

    /// The proven entries of a bundle that this size has.
    pub fn bundle(&mut self, index: u64) -> Result<Vec<Vec<u8>>, Fault> {
        let Some(id) = tile_at(Rank::Entries, index, self.size) else {
            let asked = TileId::full(Rank::Entries, index);
            return Err(Fault::at(asked.to_string(), tree::BadProof::OutOfRange));
        };
        let (found, bytes) = self.read_or_full(id, LONGEST_BUNDLE)?;
        let place = found.to_string();
        let hashes = self.tile(0, index)?;
        let Some(entries) = tiles::entries(&bytes, found.width) else {
            return Err(Fault::at(place, Flaw::Format("a bundle is its entries, each after its length")));
        };
        let mut out = Vec::with_capacity(hashes.len());
        for ((number, entry), hash) in (index * WIDTH..).zip(entries).zip(hashes) {
            if leaf_hash(entry) != *hash {
                return Err(Fault::at(place, Flaw::Entry(number)));
            }
            out.push(entry.to_vec());
        }
        Ok(out)
    }

    /// One proven entry.
    pub fn entry(&mut self, index: u64) -> Result<Vec<u8>, Fault> {
        let mut bundle = self.bundle(index / WIDTH)?;
        let place = || TileId::full(Rank::Entries, index / WIDTH).to_string();
        let at = (index % WIDTH) as usize;
        if at >= bundle.len() {
            return Err(Fault::at(place(), tree::BadProof::OutOfRange));
        }
        Ok(bundle.swap_remove(at))
    }

    /// The inclusion path of a leaf in this tree.
    pub fn inclusion(&mut self, index: u64) -> Result<Vec<Hash>, Fault> {
        if index >= self.size {
            return Err(Fault::at("index", tree::BadProof::OutOfRange));
        }
        tree::inclusion_proof(self, self.size, index)
    }

    /// The consistency path from an earlier size to this one.
    pub fn consistency(&mut self, old: u64) -> Result<Vec<Hash>, Fault> {
        if old > self.size {
            return Err(Fault::at("size", tree::BadProof::OutOfRange));
        }
        tree::consistency_proof(self, old, self.size)
    }

    /// Whether this log continues the one an earlier (verified) checkpoint
    /// spoke of: the anchor held by a witness, a time-stamp or a print.
    pub fn extends(&mut self, anchor: &Checkpoint) -> Result<(), Fault> {
        if anchor.size > self.size {
            let flaw = Flaw::RolledBack { anchor: anchor.size, size: self.size };
            return Err(Fault::at("checkpoint", flaw));
        }
        if tree::root_at(self, anchor.size)? != anchor.root {
            return Err(Fault::at("checkpoint", Flaw::Fork { anchor: anchor.size }));
        }
        Ok(())
    }

    /// The proven right edge, from which the log can grow.
    pub fn edge(&mut self) -> Result<Edge, Fault> {
        let mut bundle = Vec::new();
        let last = self.size / WIDTH;
        if !self.size.is_multiple_of(WIDTH) {
            for entry in self.bundle(last)? {
                bundle.extend((entry.len() as u16).to_be_bytes());
                bundle.extend(entry);
            }
        }
        Ok(Edge::from_parts(self.size, self.edge.clone(), bundle))
    }
}

impl<S: TileStore> HashSource for Reader<S> {
    type Error = Fault;

    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Fault> {
        let (tile_level, height) = (level / 8, level % 8);
        let first = index << height;
        let tile = self.tile(tile_level, first / WIDTH)?;
        let at = (first % WIDTH) as usize;
        match tile.get(at..at + (1 << height)) {
            Some(nodes) => Ok(complete_root(nodes)),
            None => Err(Fault::at("size", tree::BadProof::OutOfRange)),
        }
    }
}
