//! Where the fonts of the letters come from. Loaded when the first paper is set, then shared.
//!
//! GB/T 9704 asks for 仿宋 and 小标宋, which are not free; an office that owns them puts the files
//! into a configured folder. Otherwise Noto Serif stands in. Nothing here knows a paper.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::paper::PaperError;

/// Folders to look in, in order.
#[derive(Debug, Clone, Default)]
pub struct FontPlaces {
    /// A folder of the office's own fonts (ttf, otf, ttc), from the configuration. They come first;
    /// characters they lack are taken from the next place.
    pub configured: Option<PathBuf>,
    /// Folders that may hold `node_modules`: the working directory, the checkout.
    pub roots: Vec<PathBuf>,
}

/// The fonts, shared by every paper. Cloning is cheap; nothing is read before the first use.
#[derive(Clone)]
pub struct Fonts(Arc<Inner>);

struct Inner {
    places: FontPlaces,
    loaded: OnceLock<Result<Loaded, PaperError>>,
}

/// Fonts in memory, and which family plays which part.
pub(crate) struct Loaded {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    /// Families by part (`body`, `title`, `hei`, `kai`), each with Noto at the end.
    pub(crate) parts: BTreeMap<&'static str, Vec<String>>,
}

/// The npm package and the folders of the Debian package.
const NPM: &str = "node_modules/@expo-google-fonts/noto-serif-sc";
const DEBIAN: &str = "/usr/share/fonts/opentype/noto";

/// The families that may play a part, best first. The stand-in is added to each list.
const PARTS: [(&str, &[&str]); 4] = [
    ("body", &["仿宋_GB2312", "FangSong_GB2312", "仿宋", "FangSong", "STFangsong", "华文仿宋"]),
    ("title", &["方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"]),
    ("hei", &["黑体", "SimHei", "STHeiti", "Source Han Sans SC"]),
    ("kai", &["楷体_GB2312", "楷体", "KaiTi", "STKaiti", "LXGW WenKai"]),
];
const STAND_INS: [&str; 3] = ["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC"];

impl Fonts {
    /// Fonts from these places, not read yet.
    pub fn new(places: FontPlaces) -> Self {
        Self(Arc::new(Inner { places, loaded: OnceLock::new() }))
    }

    /// Reads the fonts now.
    ///
    /// # Errors
    /// [`PaperError::NoFont`], whose text says what to install.
    pub fn check(&self) -> Result<(), PaperError> {
        self.loaded().map(drop)
    }

    pub(crate) fn loaded(&self) -> Result<&Loaded, PaperError> {
        self.0.loaded.get_or_init(|| load(&self.0.places)).as_ref().map_err(Clone::clone)
    }
}

impl Loaded {
    /// Whether some font can draw the character; PDF/A forbids the empty box.
    pub(crate) fn draws(&self, c: char) -> bool {
        self.fonts.iter().any(|font| font.info().coverage.contains(c as u32))
    }
}

fn load(places: &FontPlaces) -> Result<Loaded, PaperError> {
    let mut looked = Vec::new();
    let mut fonts = Vec::new();
    if let Some(folder) = &places.configured {
        looked.push(folder.display().to_string());
        for file in font_files(folder, 0) {
            fonts.extend(read(&file));
        }
    }
    let npm = places.roots.iter().map(|root| root.join(NPM));
    for folder in npm.chain([PathBuf::from(DEBIAN)]) {
        looked.push(folder.display().to_string());
        let before = fonts.len();
        for file in font_files(&folder, 0).into_iter().filter(|file| is_stand_in(file)) {
            fonts.extend(read(&file));
        }
        if fonts.len() > before {
            break;
        }
    }
    if !fonts.iter().any(|font| "信访举报".chars().all(|c| font.info().coverage.contains(c as u32))) {
        return Err(PaperError::NoFont { looked: looked.join(", ") });
    }
    let book = FontBook::from_fonts(&fonts);
    let known = |family: &&&str| book.contains_family(&family.to_lowercase());
    let mut parts = BTreeMap::new();
    for (part, families) in PARTS {
        let list = families.iter().chain(&STAND_INS).filter(known).map(|s| (*s).to_owned());
        let mut list: Vec<String> = list.collect();
        if list.is_empty() {
            // An office folder with none of the known names: take what covers Chinese.
            list = fonts.iter().map(|font| font.info().family.as_str().to_owned()).collect();
        }
        parts.insert(part, list);
    }
    Ok(Loaded { book: LazyHash::new(book), fonts, parts })
}

/// Regular and bold of the stand-in; the other weights would only cost memory.
fn is_stand_in(file: &Path) -> bool {
    let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    (name.starts_with("NotoSerifSC_") || name.starts_with("NotoSerifCJK"))
        && (name.contains("Regular.") || name.contains("Bold.") && !name.contains("SemiBold"))
}

/// Font files of a folder and its folders, sorted, so that the same folder gives the same papers.
fn font_files(folder: &Path, depth: usize) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && depth < 2 {
            found.extend(font_files(&path, depth + 1));
        } else if path
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| ["ttf", "otf", "ttc"].iter().any(|known| e.eq_ignore_ascii_case(known)))
        {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Faces of one file. Of the Noto collections only the simplified one: the others would be four
/// more copies of the same table of characters.
fn read(file: &Path) -> Vec<Font> {
    let Ok(bytes) = fs::read(file) else { return Vec::new() };
    Font::iter(Bytes::new(bytes))
        .filter(|font| {
            let family = font.info().family.as_str();
            !family.contains(" CJK ") || family.ends_with(" SC")
        })
        .collect()
}
