//! `dengwen serve`: one process in its role. The public role loads no private key; the desk and
//! the worker do; `all` is everything in one process.

use std::net::SocketAddr;
use std::process::ExitCode;

use office::keys::Holding;

use crate::cli::{DoorOptions, Places, Role};
use crate::config::Config;
use crate::serve::{Duties, Listen, Side, not_behind, start};
use crate::setup::{Fault, open};

/// Serves until ended.
///
/// # Errors
/// Keys, register, certificates or addresses are not what the role needs; the sentence says which.
pub async fn run(
    places: &Places,
    role: Role,
    listen: SocketAddr,
    desk: SocketAddr,
    doors: &DoorOptions,
) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    let (holding, duties) = match role {
        Role::Public => (Holding::Public, Duties::None),
        Role::Desk => (Holding::Desk, Duties::None),
        Role::Worker | Role::All => (Holding::Desk, Duties::All),
    };
    let config = Config::read(places)?;
    let public =
        matches!(role, Role::Public | Role::All).then(|| Side { address: listen, tls: doors.public_tls(&config) });
    let desk = matches!(role, Role::Desk | Role::All).then(|| Side { address: desk, tls: doors.desk_tls(&config) });
    for side in [&public, &desk].into_iter().flatten() {
        if side.tls.is_none() && !side.address.ip().is_loopback() && !doors.plain_http {
            return Err(Fault::Say(format!(
                "{} would be served in clear beyond this machine; give --tls-cert and --tls-key, or --plain-http \
                 where a proxy in front of it speaks TLS",
                side.address
            )));
        }
    }
    let house = open(places, holding).await?;
    if house.hall.organs().is_empty() {
        return Err(Fault::Say(
            "there is no organ here yet; run `dengwen init` first, or `dengwen demo` to look around".to_owned(),
        ));
    }
    not_behind(&house.hall, duties).await?;
    let served = start(house.hall.clone(), Listen { public, desk, metrics: doors.metrics }).await?;
    for (what, url) in [("public pages", &served.public), ("desk", &served.desk), ("figures", &served.metrics)] {
        if let Some(url) = url {
            eprintln!("{what}: {url}");
        }
    }
    served
        .with_duties(duties)
        .with_rules(house.config.rules.clone())
        .with_policy(house.config.policy.clone())
        .until_ended(house.hall, house.config.publish_every)
        .await;
    Ok(ExitCode::SUCCESS)
}
