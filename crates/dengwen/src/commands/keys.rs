//! `dengwen rotate-keys` and `dengwen reindex`.

use std::process::ExitCode;

use index::Index;
use jiff::ToSpan;
use office::keys::Holding;
use seal::{KeyFolder, SystemEntropy};

use super::the_organ;
use crate::cli::Places;
use crate::config::keys_folder;
use crate::progress::Progress;
use crate::serve::lock;
use crate::setup::{Fault, Lock, open};

/// Makes a new office key, wraps every content key to it, and forgets the old one.
pub async fn rotate(places: &Places, organ: Option<&str>) -> Result<ExitCode, Fault> {
    let _guard = lock(&places.data)?;
    let house = open(places, Holding::Desk).await?;
    let tenant = the_organ(&house.hall, organ)?;
    let path = keys_folder(places);
    let protection_of_keys = Lock::find(&path)?;
    let protection = protection_of_keys.protection();
    let folder = KeyFolder::new(path);
    let mut rng = SystemEntropy;
    let today = house.hall.clock.today();
    let term = (today, today.checked_add(5.years()).unwrap_or(today));
    let (ring, _) = folder.rotate_office(tenant.as_str(), term, protection, protection, &mut rng)?;
    let total = house.hall.keys_to_rewrap(&tenant, &ring).await?;
    let mut progress = Progress::new("content keys", total);
    let done = house.hall.rewrap(&tenant, &ring, &mut |n| progress.at(n)).await?;
    progress.done(done);
    for former in ring.ids().into_iter().skip(1) {
        folder.forget_office_key(tenant.as_str(), former, protection, protection, &mut rng)?;
    }
    println!("{done} content keys are wrapped to the new office key; the former keys are destroyed");
    Ok(ExitCode::SUCCESS)
}

/// Throws the sealed indexes away and builds them anew, with the rows of the lists.
pub async fn reindex(places: &Places) -> Result<ExitCode, Fault> {
    let _guard = lock(&places.data)?;
    let house = open(places, Holding::Desk).await?;
    for organ in house.hall.organs() {
        let folder = house.hall.places.index(&organ.tenant);
        drop(Index::recreate(&folder, house.hall.keys.index_key(&organ.tenant)?).map_err(|e| Fault::Say(e.to_string()))?);
        let mut progress = Progress::new("reports", 0);
        let done = house.hall.reindex(&organ.tenant, &mut |n| progress.at(n)).await?;
        progress.done(done);
    }
    println!("the index and the lists are built anew");
    Ok(ExitCode::SUCCESS)
}
