//! Builds logs for the tests: keys from fixed seeds, leaves from their index,
//! folders on disk and tile stores in memory.

use std::collections::BTreeMap;
use std::io;

use ledger::commit::{Day, Leaf, commitment, sha256};
use ledger::folder::Folder;
use ledger::note::{KeyKind, Signer};
use ledger::reader::TileStore;
use ledger::tiles::Edge;
use ledger::{Checkpoint, Trust};

pub const ORIGIN: &str = "log.example/log/990100";

pub fn key() -> Signer {
    Signer::from_seed(ORIGIN, KeyKind::Log, &[7; 32]).unwrap()
}

pub fn witness(name: &str, seed: u8) -> Signer {
    Signer::from_seed(name, KeyKind::Witness, &[seed; 32]).unwrap()
}

pub fn trust() -> Trust {
    Trust::log(key().verifier())
}

pub fn leaf(index: u64) -> Leaf {
    let salt = sha256(&index.to_be_bytes());
    Leaf { commitment: commitment(&salt, &sha256(b"event")), day: Day(20_000 + index as u32 / 50) }
}

pub fn entry(index: u64) -> Vec<u8> {
    leaf(index).to_bytes().to_vec()
}

/// The edge of the log with so many leaves.
pub fn edge(size: u64) -> Edge {
    let mut edge = Edge::new();
    for index in 0..size {
        edge.push(&entry(index)).unwrap();
    }
    edge
}

pub fn checkpoint(edge: &Edge) -> Checkpoint {
    Checkpoint { origin: ORIGIN.into(), size: edge.size(), root: edge.root() }
}

/// Publishes up to a size and gives back the signed checkpoint.
pub fn publish(folder: &Folder, size: u64) -> String {
    let note = checkpoint(&edge(size)).sign(&key()).unwrap().to_string();
    let trust = trust();
    let mut publication = folder.begin(&trust).unwrap();
    for index in publication.size()..size {
        publication.push(&entry(index)).unwrap();
    }
    publication.finish(&note).unwrap();
    note
}

/// The files of a log in memory.
#[derive(Default)]
pub struct Files(pub BTreeMap<String, Vec<u8>>);

impl TileStore for Files {
    fn read(&self, path: &str, _most: usize) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.get(path).cloned())
    }
}

/// All tiles of the log with so many leaves, and its checkpoint.
pub fn files(size: u64) -> (Files, Checkpoint) {
    let (mut files, mut edge) = (BTreeMap::new(), Edge::new());
    for index in 0..size {
        let filled = edge.push(&entry(index)).unwrap();
        files.extend(filled.into_iter().map(|(id, bytes)| (id.to_string(), bytes)));
    }
    files.extend(edge.partials().into_iter().map(|(id, bytes)| (id.to_string(), bytes)));
    (Files(files), checkpoint(&edge))
}
