//! `dengwen rotate-keys`: a new office key, and every wrapped content key wrapped to it. Sealed
//! content stays as it is. The former key is kept in the ring, because backups made before need it.

use std::process::ExitCode;

use jiff::ToSpan;
use office::keys::Holding;
use seal::{KeyFolder, SystemEntropy};

use crate::cli::Places;
use crate::config::keys_folder;
use crate::progress::Progress;
use crate::setup::{Fault, Lock, open};

/// Years a new office key is in force.
const YEARS: i32 = 5;

/// Rotates one organ's office key.
///
/// # Errors
/// Another process is at work, a key file does not open, or the store fails; it may be run again.
pub async fn run(places: &Places, named: Option<&str>) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    let house = open(places, Holding::Desk).await?;
    let organ = super::organ(&house.hall, named)?;
    let folder = keys_folder(places);
    let lock = Lock::find(&folder)?;
    let from = house.hall.clock.today();
    let until = from.saturating_add(YEARS.years());
    let (ring, _) = KeyFolder::new(folder).rotate_office(
        organ.tenant.as_str(),
        (from, until),
        lock.protection(),
        Lock::of_member("ROOT").as_ref().unwrap_or(&lock).protection(),
        &mut SystemEntropy,
    )?;
    let left = house.hall.keys_to_rewrap(&organ.tenant, &ring).await?;
    let mut bar = Progress::new("keys wrapped anew", left);
    let count = house.hall.rewrap(&organ.tenant, &ring, &mut |done| bar.at(done)).await?;
    house.hall.close().await;
    bar.done(count);
    println!(
        "{}: {count} keys of reports and drafts are wrapped to the new office key {}. The former key stays in the ring for older backups.",
        organ.tenant,
        ring.public().id()
    );
    Ok(ExitCode::SUCCESS)
}
