//! `dengwen backup FOLDER`: the register and the sealed files; never a key. It may run while the
//! program serves: the snapshot is one moment's.

use std::path::Path;
use std::process::ExitCode;

use office::backup::Saved;
use office::keys::Holding;

use crate::cli::Places;
use crate::config::keys_folder;
use crate::progress::Progress;
use crate::setup::{Fault, open};

/// Packages of two networks, where there are any.
pub(super) fn packages_words(saved: &Saved) -> String {
    match saved.packages {
        0 => String::new(),
        some => format!(" and {some} packages of two networks"),
    }
}

/// Writes a backup.
///
/// # Errors
/// The folder is not empty, the disk or the store fails.
pub async fn run(places: &Places, folder: &Path) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Public).await?;
    let mut bar = Progress::new("rows and files", 0);
    let saved = house.hall.backup(folder, &mut |_, done| bar.at(done)).await?;
    house.hall.close().await;
    bar.done(saved.rows + saved.files);
    println!(
        "{} rows, {} sealed files{} are in {}. Keys are not in it: keep {} separately, without it nothing opens.",
        saved.rows,
        saved.files,
        packages_words(&saved),
        folder.display(),
        keys_folder(places).display()
    );
    Ok(ExitCode::SUCCESS)
}
