//! `dengwen serve`.

use std::net::SocketAddr;
use std::process::ExitCode;

use office::keys::Holding;

use crate::cli::{Places, Role};
use crate::serve::{self, Listen, Work};
use crate::setup::{Fault, open};

pub async fn run(places: &Places, role: Role, listen: SocketAddr, desk: SocketAddr) -> Result<ExitCode, Fault> {
    // Several roles may share one PostgreSQL; an SQLite register has one process.
    let _guard = match &places.database {
        Some(url) if url.starts_with("postgres") => None,
        _ => Some(serve::lock(&places.data)?),
    };
    let holding = if role == Role::Public { Holding::Public } else { Holding::Desk };
    let house = open(places, holding).await?;
    let wanted = Listen {
        public: matches!(role, Role::Public | Role::All).then_some(listen),
        desk: matches!(role, Role::Desk | Role::All).then_some(desk),
    };
    let work = if matches!(role, Role::Worker | Role::All) { Work::Yes } else { Work::No };
    let served = serve::start(house.hall.clone(), wanted).await?;
    for (what, at) in [("public", served.public), ("desk", served.desk)] {
        if let Some(at) = at {
            eprintln!("{what}: http://{at}");
        }
    }
    served.until_ended(house.hall, house.config, work).await?;
    Ok(ExitCode::SUCCESS)
}
