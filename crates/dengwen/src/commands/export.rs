//! `dengwen export`: the register as one member of staff may see it, to an Excel file.

use std::path::Path;
use std::process::ExitCode;

use domain::words::Lang;
use office::keys::Holding;
use store::Filter;
use web::locale::Voice;

use crate::cli::Places;
use crate::setup::{Fault, open};

pub async fn run(places: &Places, user: &str, purpose: &str, file: &Path) -> Result<ExitCode, Fault> {
    let house = open(places, Holding::Desk).await?;
    let found = house.hall.organs().into_iter().find_map(|organ| {
        let staff = organ.directory.user(user)?.id.clone();
        Some((organ, staff))
    });
    let (organ, staff) = found.ok_or_else(|| Fault::Say(format!("nobody signs in as {user} here")))?;
    let me = house.hall.me(&organ.tenant, &staff)?;
    let voice = Voice { lang: Lang::Zh, edition: organ.edition() };
    let names = move |family: &str, word: &str| web::words::name(&voice, family, word);
    let bytes = house.hall.export(&me, &Filter::default(), purpose, &names).await?;
    std::fs::write(file, bytes).map_err(|e| Fault::file(file, &e))?;
    println!("{}", file.display());
    Ok(ExitCode::SUCCESS)
}
