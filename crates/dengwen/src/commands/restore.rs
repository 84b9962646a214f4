//! `dengwen restore FOLDER`: a backup into an empty register. Published logs are not restored but
//! written again, as the next log of each organ.

use std::path::Path;
use std::process::ExitCode;

use store::Store;

use crate::cli::Places;
use crate::config::{Config, database};
use crate::progress::Progress;
use crate::setup::Fault;

/// Restores.
///
/// # Errors
/// The backup is not whole, the register is not empty, the disk or the store fails.
pub async fn run(places: &Places, folder: &Path) -> Result<ExitCode, Fault> {
    std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
    let _writing = super::writing(places)?;
    let url = database(places);
    Store::migrate(&url).await?;
    let store = Store::connect(&url).await?;
    let mut bar = Progress::new("rows and files", 0);
    let found = crate::setup::found(places, &Config::read(places)?);
    let blobs = office::blobs_of(&found)?;
    let saved = office::backup::restore(&store, &blobs, &places.data, folder, &mut |_, done| bar.at(done)).await?;
    store.close().await;
    bar.done(saved.rows + saved.files);
    println!(
        "{} rows, {} sealed files{} are back. If the old machine's folder `log` is still there, copy it into {} now: its last \
         checkpoint is the one the next log follows. Then `dengwen reindex`, `dengwen fsck`, `dengwen serve`.",
        saved.rows,
        saved.files,
        super::backup::packages_words(&saved),
        places.data.display()
    );
    Ok(ExitCode::SUCCESS)
}
