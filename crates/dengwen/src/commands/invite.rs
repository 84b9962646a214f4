//! `dengwen invite`: a one-time link with which a member of staff sets a password. It is recorded
//! nowhere but in the credential itself, and an earlier password holds until the link is used. The
//! serving process makes it if there is one here.

use std::process::ExitCode;

use office::keys::Holding;

use crate::cli::Places;
use crate::serve::{ask, invite};
use crate::setup::{Fault, open};

/// Invites a member of staff.
///
/// # Errors
/// Nobody has this sign-in name, or the store fails.
pub async fn run(places: &Places, user: &str, desk: &str) -> Result<ExitCode, Fault> {
    let token = match ask(&places.data, &format!("invite {user}")).await {
        Some(answer) => answer?,
        None => {
            let _writing = super::writing(places)?;
            let house = open(places, Holding::Desk).await?;
            let token = invite(&house.hall, user).await?;
            house.hall.close().await;
            token
        }
    };
    println!("{}/invitation/{}", desk.trim_end_matches('/'), token.trim());
    println!("It sets one password, once, within 24 hours; give it to {user} in person.");
    Ok(ExitCode::SUCCESS)
}
