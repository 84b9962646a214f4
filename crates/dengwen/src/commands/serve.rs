//! `dengwen serve`: one process in its role. The public role loads no private key; the desk and
//! the worker do; `all` is everything in one process.

use std::net::SocketAddr;
use std::process::ExitCode;

use office::keys::Holding;

use crate::cli::{Places, Role};
use crate::serve::{Duties, Listen, start};
use crate::setup::{Fault, open};

/// Serves until ended.
///
/// # Errors
/// Keys, register or addresses are not what the role needs; the sentence says which.
pub async fn run(places: &Places, role: Role, listen: SocketAddr, desk: SocketAddr) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    let (holding, duties) = match role {
        Role::Public => (Holding::Public, Duties::None),
        Role::Desk => (Holding::Desk, Duties::None),
        Role::Worker | Role::All => (Holding::Desk, Duties::All),
    };
    let house = open(places, holding).await?;
    if house.hall.organs().is_empty() {
        return Err(Fault::Say(
            "there is no organ here yet; run `dengwen init` first, or `dengwen demo` to look around".to_owned(),
        ));
    }
    let listen = Listen {
        public: matches!(role, Role::Public | Role::All).then_some(listen),
        desk: matches!(role, Role::Desk | Role::All).then_some(desk),
    };
    let served = start(house.hall.clone(), listen).await?;
    for (what, address) in [("public pages", served.public), ("desk", served.desk)] {
        if let Some(address) = address {
            eprintln!("{what}: http://{address}");
        }
    }
    served
        .with_duties(duties)
        .with_rules(house.config.rules.clone())
        .until_ended(house.hall, house.config.publish_every)
        .await;
    Ok(ExitCode::SUCCESS)
}
