//! `dengwen backup` and `dengwen restore`.

use std::path::Path;
use std::process::ExitCode;

use office::clock::Clock;
use office::keys::Holding;
use store::Store;

use crate::cli::Places;
use crate::config::{Config, database};
use crate::progress::Progress;
use crate::serve::lock;
use crate::setup::{Fault, open};

pub async fn backup(places: &Places, folder: &Path) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Public).await?;
    let mut progress = Progress::new("rows", 0);
    let saved = house.hall.backup(folder, &mut |_, n| progress.at(n)).await?;
    progress.done(saved.rows);
    println!("backup of {} rows and {} files in {}; the keys are not in it", saved.rows, saved.files, folder.display());
    Ok(ExitCode::SUCCESS)
}

pub async fn restore(places: &Places, folder: &Path) -> Result<ExitCode, Fault> {
    std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
    let _guard = lock(&places.data)?;
    let config = Config::read(places)?;
    let clock = Clock::system(&config.zone).map_err(|e| Fault::Say(e.to_string()))?;
    Store::migrate(&database(places)).await?;
    let store = Store::connect(&database(places)).await?;
    let mut progress = Progress::new("rows", 0);
    let blobs = places.data.join("blobs");
    let saved = office::backup::restore(&store, &blobs, folder, clock.today(), &mut |_, n| progress.at(n)).await?;
    progress.done(saved.rows);
    store.close().await;
    println!(
        "restored {} rows and {} files; put the keys folder in place, then run `dengwen reindex` and `dengwen fsck`",
        saved.rows, saved.files
    );
    Ok(ExitCode::SUCCESS)
}
