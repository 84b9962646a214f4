//! The repository as its own house tests see it: which files belong to it and what stands in them.
//!
//! It reads files and lists names; what the house demands of them stands in `tests/it`. It knows
//! nothing of the program.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that are never part of the repository, for trees that came without git.
const OUTSIDE: [&str; 5] = [".git", "target", "node_modules", "data", "data.keys"];

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// Every file of the repository, as paths from its root with `/`, sorted: what git tracks, or, where
/// there is no git, everything outside the folders that builds and demos make. A tracked file that
/// was just deleted is left out.
pub fn files() -> Vec<String> {
    let root = root();
    let mut files = tracked(&root).unwrap_or_else(|| {
        let mut found = Vec::new();
        walk(&root, &root, &mut found);
        found
    });
    files.retain(|file| root.join(file).is_file());
    files.sort();
    files
}

/// The files of the repository whose names end so.
pub fn files_ending(endings: &[&str]) -> Vec<String> {
    files().into_iter().filter(|file| endings.iter().any(|ending| file.ends_with(ending))).collect()
}

/// The text of a file of the repository; `None` where it is not text.
pub fn text(file: &str) -> Option<String> {
    std::fs::read(root().join(file)).ok().and_then(|bytes| String::from_utf8(bytes).ok())
}

fn tracked(root: &Path) -> Option<Vec<String>> {
    let output = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let names = String::from_utf8(output.stdout).ok()?;
    let files: Vec<String> = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (!files.is_empty()).then_some(files)
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if OUTSIDE.iter().any(|outside| name == *outside) {
            continue;
        }
        if path.is_dir() {
            walk(root, &path, found);
        } else if let Ok(inside) = path.strip_prefix(root) {
            found.push(inside.to_string_lossy().replace('\\', "/"));
        }
    }
}
