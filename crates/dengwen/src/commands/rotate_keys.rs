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

/// What is known of serving processes on other machines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// They were ended; whoever gave the command says so.
    Ended,
    /// Nobody said.
    Unknown,
}

/// Rotates one organ's office key, or forgets a former one.
///
/// # Errors
/// Another process is or may be at work, a key file does not open, or the store fails; it may be
/// run again.
pub async fn run(
    places: &Places,
    named: Option<&str>,
    others: Others,
    forget: Option<&str>,
) -> Result<ExitCode, Fault> {
    let writing = super::writing(places)?;
    if writing.is_none() && others == Others::Unknown {
        // A process keeps the ring it started with, and could not open what is wrapped to a new key.
        return Err(Fault::Say(
            "a serving process keeps the keys it started with: end every one of them, on every machine, run this \
             again with --nobody-serves, then start them"
                .to_owned(),
        ));
    }
    let house = open(places, Holding::Desk).await?;
    let organ = super::organ(&house.hall, named)?;
    let folder = KeyFolder::new(keys_folder(places));
    let lock = Lock::find(&keys_folder(places))?;
    let root = Lock::of_member("ROOT");
    let root = root.as_ref().unwrap_or(&lock);
    let tenant = organ.tenant.as_str();
    if let Some(key) = forget {
        let key = key.parse().map_err(|_| {
            Fault::Say(format!("{key} is not the id of a key: it is the sixteen characters a rotation printed"))
        })?;
        let ring = house.hall.keys.ring(&organ.tenant)?;
        // Whatever is still wrapped to the key would be lost with it.
        let left = house.hall.keys_to_rewrap(&organ.tenant, ring).await?;
        if left > 0 {
            return Err(Fault::Say(format!(
                "{left} content keys are still wrapped to a former key: finish the rotation first (dengwen rotate-keys)"
            )));
        }
        folder.forget_office_key(tenant, key, lock.protection(), root.protection(), &mut SystemEntropy)?;
        house.hall.close().await;
        println!(
            "{tenant}: the former office key {key} is destroyed. Backups made before the rotation do not open any more."
        );
        return Ok(ExitCode::SUCCESS);
    }
    let from = house.hall.clock.today();
    let until = from.saturating_add(YEARS.years());
    let (ring, _) =
        folder.rotate_office(tenant, (from, until), lock.protection(), root.protection(), &mut SystemEntropy)?;
    let left = house.hall.keys_to_rewrap(&organ.tenant, &ring).await?;
    let mut bar = Progress::new("keys wrapped anew", left);
    let count = house.hall.rewrap(&organ.tenant, &ring, &mut |done| bar.at(done)).await?;
    house.hall.close().await;
    bar.done(count);
    let former: Vec<String> = ring.former().map(|id| id.to_string()).collect();
    println!(
        "{tenant}: {count} keys of reports and drafts are wrapped to the new office key {}. Kept for older backups: {}. When the \
         last backup from before today is gone (35 days), destroy each with --forget.",
        ring.public().id(),
        former.join(", ")
    );
    Ok(ExitCode::SUCCESS)
}
