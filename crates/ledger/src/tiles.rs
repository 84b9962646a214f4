//! The files of a log as C2SP tlog-tiles lays them out: their names, which of
//! them a size demands, and the right edge that turns leaves into tiles one
//! after another in constant memory. A pure function of the committed leaves:
//! any server writes the same bytes. It does not know folders or signatures.

use crate::Hash;
use crate::checkpoint::decimal;
use crate::tree::{Frontier, complete_root, leaf_hash};

/// Hashes (or entries) in a full tile.
pub const WIDTH: u64 = 256;

/// Highest tile level a 64-bit size can reach.
const TOP: u8 = 7;

/// What a tile holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Hashes of a level: 0 holds leaf hashes, each higher one the roots of
    /// full tiles below.
    Level(u8),
    /// The entries themselves, each after its 16-bit big-endian length.
    Entries,
}

/// The name of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// What it holds.
    pub rank: Rank,
    /// Its number within the level, from 0.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256; below 256 it is partial.
    pub width: u16,
}

impl TileId {
    /// A full tile.
    pub fn full(rank: Rank, index: u64) -> TileId {
        TileId { rank, index, width: WIDTH as u16 }
    }

    /// Whether the tile has all 256 hashes.
    pub fn is_full(&self) -> bool {
        u64::from(self.width) == WIDTH
    }

    /// Reads a path as [`TileId`]'s `Display` writes it; any other spelling is
    /// `None`.
    pub fn parse(path: &str) -> Option<TileId> {
        let rest = path.strip_prefix("tile/")?;
        let (rank, rest) = rest.split_once('/')?;
        let rank = match rank {
            "entries" => Rank::Entries,
            level => Rank::Level(decimal(level).filter(|l| *l < 64)? as u8),
        };
        let (index, width) = match rest.split_once(".p/") {
            None => (rest, WIDTH as u16),
            Some((index, width)) => (index, decimal(width).filter(|w| (1..WIDTH).contains(w))? as u16),
        };
        let mut number = 0u64;
        for part in index.split('/') {
            let digits = part.strip_prefix('x').unwrap_or(part);
            if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            number = number.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        let id = TileId { rank, index: number, width };
        (id.to_string() == path).then_some(id)
    }
}

impl std::fmt::Display for TileId {
    /// The path below the log's prefix: `tile/0/x001/x234/067.p/8`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.rank {
            Rank::Level(level) => write!(f, "tile/{level}/")?,
            Rank::Entries => write!(f, "tile/entries/")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        for group in groups[1..].iter().rev() {
            write!(f, "x{group:03}/")?;
        }
        write!(f, "{:03}", groups[0])?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// Nodes that stand in the tiles of a level for a size.
pub(crate) fn nodes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(8 * u32::from(level)).unwrap_or(0)
}

/// The tile of a level with that number, as wide as the size makes it; `None`
/// where it would be empty.
pub(crate) fn tile_at(rank: Rank, index: u64, size: u64) -> Option<TileId> {
    let level = match rank {
        Rank::Level(level) => level,
        Rank::Entries => 0,
    };
    let width = nodes_at(level, size).saturating_sub(index.checked_mul(WIDTH)?).min(WIDTH);
    (width > 0).then_some(TileId { rank, index, width: width as u16 })
}

/// The tiles that the tree of `new` leaves has and the tree of `old` leaves had
/// not (or had in another width), in the order in which they fill.
pub fn tiles_for(old: u64, new: u64) -> Vec<TileId> {
    let mut out = Vec::new();
    let ranks = std::iter::once(Rank::Entries).chain((0..=TOP).map(Rank::Level));
    for rank in ranks {
        let level = if let Rank::Level(level) = rank { level } else { 0 };
        let (had, has) = (nodes_at(level, old), nodes_at(level, new));
        if had == has {
            continue;
        }
        out.extend((had / WIDTH..has.div_ceil(WIDTH)).filter_map(|n| tile_at(rank, n, new)));
    }
    out
}

/// An entry longer than the 65,535 bytes a bundle can frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an entry of {0} bytes does not fit into a log; 65535 is the most")]
pub struct EntryTooLong(pub usize);

/// The growing right edge of the tiles: the unfinished tile of every level and
/// the unfinished bundle. At most 8 × 8 KiB and one bundle in memory, however
/// large the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edge {
    size: u64,
    levels: Vec<Vec<Hash>>,
    bundle: Vec<u8>,
}

impl Edge {
    /// The edge of the empty log.
    pub fn new() -> Edge {
        Edge::default()
    }

    /// From unfinished tiles as they stand in a folder; the caller has checked
    /// their widths against the size and their root against the checkpoint.
    pub(crate) fn from_parts(size: u64, levels: Vec<Vec<Hash>>, bundle: Vec<u8>) -> Edge {
        Edge { size, levels, bundle }
    }

    /// Number of leaves so far: the index of the next one.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends one entry and gives back the tiles it filled, lowest first:
    /// mostly none, every 256th time a bundle and a level 0 tile, and so on up.
    pub fn push(&mut self, entry: &[u8]) -> Result<Vec<(TileId, Vec<u8>)>, EntryTooLong> {
        let length = u16::try_from(entry.len()).map_err(|_| EntryTooLong(entry.len()))?;
        self.bundle.extend(length.to_be_bytes());
        self.bundle.extend(entry);
        let mut filled = Vec::new();
        let mut node = leaf_hash(entry);
        let mut number = self.size / WIDTH;
        self.size += 1;
        for level in 0..=TOP {
            if self.levels.len() <= usize::from(level) {
                self.levels.push(Vec::new());
            }
            let tile = &mut self.levels[usize::from(level)];
            tile.push(node);
            if (tile.len() as u64) < WIDTH {
                break;
            }
            if level == 0 {
                let bundle = std::mem::take(&mut self.bundle);
                filled.push((TileId::full(Rank::Entries, number), bundle));
            }
            node = complete_root(tile);
            let full = std::mem::take(tile);
            filled.push((TileId::full(Rank::Level(level), number), full.concat()));
            number /= WIDTH;
        }
        Ok(filled)
    }

    /// The partial tiles of the present size.
    pub fn partials(&self) -> Vec<(TileId, Vec<u8>)> {
        let mut out = Vec::new();
        for (level, tile) in self.levels.iter().enumerate().filter(|(_, tile)| !tile.is_empty()) {
            let index = nodes_at(level as u8, self.size) / WIDTH;
            let width = tile.len() as u16;
            if level == 0 {
                let id = TileId { rank: Rank::Entries, index, width };
                out.push((id, self.bundle.clone()));
            }
            out.push((TileId { rank: Rank::Level(level as u8), index, width }, tile.concat()));
        }
        out
    }

    /// The frontier of the tree, from which root and further growth follow.
    pub fn frontier(&self) -> Frontier {
        let mut peaks = Vec::new();
        for tile in self.levels.iter().rev() {
            let mut rest = &tile[..];
            while !rest.is_empty() {
                let (peak, next) = rest.split_at(1 << rest.len().ilog2());
                peaks.push(complete_root(peak));
                rest = next;
            }
        }
        Frontier::from_peaks(self.size, peaks).expect("tile widths are the digits of the size")
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        self.frontier().root()
    }
}

/// Splits a bundle into its entries; `None` unless it holds exactly `width`.
pub fn entries(bundle: &[u8], width: u16) -> Option<Vec<&[u8]>> {
    let mut out = Vec::with_capacity(usize::from(width));
    let mut rest = bundle;
    while let Some((length, after)) = rest.split_first_chunk::<2>() {
        let (entry, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        out.push(entry);
        rest = after;
    }
    (rest.is_empty() && out.len() == usize::from(width)).then_some(out)
}

/// The hashes of a tile; `None` unless it holds exactly `width`.
pub fn hashes(tile: &[u8], width: u16) -> Option<Vec<Hash>> {
    let (hashes, rest) = tile.as_chunks::<32>();
    (rest.is_empty() && hashes.len() == usize::from(width)).then(|| hashes.to_vec())
}
