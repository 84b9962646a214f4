//! `dengwen init`: keys, the first organ, and three one-time links — administrator, security
//! officer and auditor are three people. There is no default password.

use std::path::Path;
use std::process::ExitCode;

use domain::directory::Directory;
use domain::words::Role;
use jiff::ToSpan;
use office::clock::Clock;
use office::keys::Holding;
use seal::{KeyFolder, SystemEntropy, TenantHolders};
use store::Store;

use crate::cli::Places;
use crate::config::{Config, database, keys_folder};
use crate::serve::lock;
use crate::setup::{Fault, Lock, open_store};

pub async fn run(places: &Places, directory: &Path, desk: &str) -> Result<ExitCode, Fault> {
    let text = std::fs::read_to_string(directory).map_err(|e| Fault::file(directory, &e))?;
    let directory = Directory::from_toml(&text).map_err(|e| Fault::Say(e.to_string()))?;
    let tenant = directory.organ.tenant.clone();
    let holder = |role: Role, what: &str| {
        directory
            .staff_in(role)
            .next()
            .map(|s| s.id.clone())
            .ok_or_else(|| Fault::Say(format!("the directory names no {what}; name one, the three officers and both key holders are needed")))
    };
    let officers = [
        (Role::Admin, holder(Role::Admin, "administrator (admin)")?),
        (Role::Security, holder(Role::Security, "security officer (security)")?),
        (Role::Auditor, holder(Role::Auditor, "auditor (auditor)")?),
    ];
    let custodian = holder(Role::Custodian, "identity custodian (custodian)")?;
    let approver = holder(Role::Approver, "identity approver (approver)")?;

    let lock_of_keys = Lock::asked()?;
    std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
    let _guard = lock(&places.data)?;
    let config = Config::read(places)?;
    let clock = Clock::system(&config.zone).map_err(|e| Fault::Say(e.to_string()))?;
    let today = clock.today();
    let folder = KeyFolder::new(keys_folder(places));
    let mut rng = SystemEntropy;
    let protection = lock_of_keys.protection();
    if !folder.has_shared() {
        folder.init_shared(protection, &mut rng)?;
    }
    let holders = TenantHolders {
        custodian: &custodian.0,
        approver: &approver.0,
        from: today,
        until: today.checked_add(5.years()).unwrap_or(today),
        program: protection,
        // Their holders change these to passphrases of their own (docs/operating.md).
        custodian_file: protection,
        approver_file: protection,
        root_file: protection,
    };
    folder.init_tenant(tenant.as_str(), &holders, &mut rng)?;
    Store::migrate(&database(places)).await?;
    let store = Store::connect(&database(places)).await?;
    let house =
        open_store(places, config, Holding::Desk, clock, store, std::slice::from_ref(&tenant), &lock_of_keys).await?;
    house.hall.set_directory(directory).await?;
    println!("{tenant} is founded. Three one-time links, good for 24 hours, for three different people:");
    for (role, staff) in officers {
        let token = house.hall.invite(&tenant, &staff).await?;
        println!("  {:<9} {staff}: {}/invitation/{token}", role.as_str(), desk.trim_end_matches('/'));
    }
    println!("Keep a copy of {} somewhere else, offline: without it nothing can ever be opened.", folder.path().display());
    Ok(ExitCode::SUCCESS)
}
