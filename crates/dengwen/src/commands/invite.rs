//! `dengwen invite`: a one-time link with which a member of staff sets a password. It is recorded
//! nowhere but in the credential itself, and an earlier password holds until the link is used.

use std::process::ExitCode;

use office::keys::Holding;

use crate::cli::Places;
use crate::setup::{Fault, open};

/// Invites a member of staff.
///
/// # Errors
/// Nobody has this sign-in name, or the store fails.
pub async fn run(places: &Places, user: &str, desk: &str) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    let house = open(places, Holding::Desk).await?;
    let found = house
        .hall
        .organs()
        .into_iter()
        .find_map(|organ| Some((organ.tenant.clone(), organ.directory.user(user)?.id.clone())));
    let Some((tenant, staff)) = found else {
        return Err(Fault::Say(format!("nobody here signs in as {user}; the directory names the sign-in names")));
    };
    let token = house.hall.invite(&tenant, &staff).await?;
    println!("{}/invitation/{token}", desk.trim_end_matches('/'));
    println!("It sets one password, once, within 24 hours; give it to {user} in person.");
    house.hall.close().await;
    Ok(ExitCode::SUCCESS)
}
