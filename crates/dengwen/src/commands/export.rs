//! `dengwen export`: the register as a member of staff may see it, as an Excel file; recorded as hers.

use std::path::Path;
use std::process::ExitCode;

use office::desk::{Ask, Ledger};
use office::export::Take;
use office::keys::Holding;

use crate::cli::Places;
use crate::setup::{Fault, open};

/// Exports.
///
/// # Errors
/// Nobody has this sign-in name, her role does not allow it, or the file cannot be written.
pub async fn run(places: &Places, user: &str, purpose: &str, file: &Path) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Desk).await?;
    let hall = &house.hall;
    let found = hall.organs().into_iter().find_map(|organ| {
        let staff = organ.directory.staff.iter().find(|s| s.user == user)?.id.clone();
        Some((organ, staff))
    });
    let Some((organ, staff)) = found else {
        return Err(Fault::Say(format!(
            "nobody here signs in as {user}; give the sign-in name of a member of staff with --as"
        )));
    };
    let me = hall.me(&organ.tenant, &staff)?;
    let ledger = Ledger::Register;
    let take = Take { columns: ledger.columns(), sealed: true, purpose: purpose.to_owned() };
    let speak = web::desk::in_chinese(organ.edition());
    let bytes = hall.export(&me, ledger, &Ask::of(ledger), &take, &speak).await?;
    hall.close().await;
    std::fs::write(file, bytes).map_err(|e| Fault::file(file, &e))?;
    println!("the register as {} may see it is in {}; the export is recorded", me.name, file.display());
    Ok(ExitCode::SUCCESS)
}
