//! `dengwen reindex`: the sealed index and the rows of the lists, thrown away and built anew from
//! the register.

use std::process::ExitCode;

use index::Index;
use office::keys::Holding;

use crate::cli::Places;
use crate::progress::Progress;
use crate::setup::{Fault, open};

/// Builds anew.
///
/// # Errors
/// Another process is at work, the disk or the store fails.
pub async fn run(places: &Places) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    let house = open(places, Holding::Desk).await?;
    let hall = &house.hall;
    for organ in hall.organs() {
        let folder = hall.places.index(&organ.tenant);
        drop(Index::recreate(&folder, hall.keys.index_key(&organ.tenant)?).map_err(|e| Fault::Say(e.to_string()))?);
        let mut bar = Progress::new("reports", 0);
        let count = hall.reindex(&organ.tenant, &mut |n| bar.at(n)).await?;
        bar.done(count);
    }
    hall.close().await;
    println!("the index and the lists are built anew");
    Ok(ExitCode::SUCCESS)
}
