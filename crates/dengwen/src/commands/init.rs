//! `dengwen init`: founds the first organ of an installation, or a further one: keys, directory, and
//! three one-time links. There is no default password.

use std::path::Path;
use std::process::ExitCode;

use domain::directory::Directory;
use domain::ids::StaffId;
use domain::words::Role;
use jiff::ToSpan;
use office::clock::Clock;
use office::keys::Holding;
use seal::{KeyFolder, SystemEntropy, TenantHolders};
use store::Store;

use crate::cli::Places;
use crate::config::{Config, database, keys_folder};
use crate::setup::{Fault, Lock, open_store};
use crate::swap;

/// Years the first keys are in force.
const YEARS: i32 = 5;
/// Who gets the first links: somebody who gives roles, somebody who watches, somebody who checks.
const INVITED: [Role; 3] = [Role::Admin, Role::Security, Role::Auditor];

/// Founds an organ.
///
/// # Errors
/// The directory does not hold together, keys or organ are there already, or the store fails.
pub async fn run(places: &Places, directory: &Path, desk: &str) -> Result<ExitCode, Fault> {
    let directory = read(directory)?;
    let invited =
        INVITED.iter().map(|role| Ok((*role, holder(&directory, *role)?))).collect::<Result<Vec<_>, Fault>>()?;
    std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
    let _writing = super::writing(places)?;
    let config = Config::read(places)?;
    let clock = Clock::system(&config.zone).map_err(|e| Fault::Say(format!("zone {}: {e}", config.zone)))?;
    let lock = Lock::asked()?;
    // Before a key is made: a refusal afterwards would leave half an installation.
    swap::guard(places, &lock)?;
    make_keys(places, &directory, &clock, &lock)?;

    let url = database(places);
    Store::migrate(&url).await?;
    let store = Store::connect(&url).await?;
    let tenant = directory.organ.tenant.clone();
    let mut tenants: Vec<_> = store.tenants().await?.into_iter().map(|(tenant, _)| tenant).collect();
    if tenants.contains(&tenant) {
        return Err(Fault::Say(format!("{tenant} keeps a register here already")));
    }
    tenants.push(tenant.clone());
    let house = open_store(places, config, Holding::Desk, clock, store, &tenants, &lock).await?;
    house.hall.set_directory(directory).await?;
    println!("{tenant} is founded. Each link sets one password, once, within 24 hours:");
    for (role, staff) in invited {
        let token = house.hall.invite(&tenant, &staff).await?;
        println!("  {:<9} {}/invitation/{token}", role.as_str(), desk.trim_end_matches('/'));
    }
    println!(
        "Take root.key, custodian.*.key and approver.*.key out of {} to where their holders keep them.",
        keys_folder(places).join(tenant.as_str()).display()
    );
    house.hall.close().await;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Directory, Fault> {
    let text = std::fs::read_to_string(path).map_err(|e| Fault::file(path, &e))?;
    Directory::from_toml(&text).map_err(|e| Fault::Say(format!("{}: {e}", path.display())))
}

fn holder(directory: &Directory, role: Role) -> Result<StaffId, Fault> {
    directory.staff_in(role).next().map(|s| s.id.clone()).ok_or_else(|| {
        Fault::Say(format!("the directory has nobody in the role `{role}`; add one member of staff with it"))
    })
}

/// Program keys under DENGWEN_PASSPHRASE; the custodian's, the approver's and the root's under their
/// own where given, so that no one passphrase opens an identity.
fn make_keys(places: &Places, directory: &Directory, clock: &Clock, lock: &Lock) -> Result<(), Fault> {
    let keys = KeyFolder::new(keys_folder(places));
    let tenant = directory.organ.tenant.as_str();
    let mut rng = SystemEntropy;
    if keys.has_tenant(tenant) {
        return Err(Fault::Say(format!("the keys of {tenant} are in {} already", keys.path().display())));
    }
    let [custodian, approver, root] = ["CUSTODIAN", "APPROVER", "ROOT"].map(|member| {
        Lock::of_member(member).unwrap_or_else(|| {
            eprintln!("DENGWEN_PASSPHRASE_{member} was not given: its key is under DENGWEN_PASSPHRASE, which should not stay so");
            lock.clone()
        })
    });
    if !keys.has_shared() {
        keys.init_shared(lock.protection(), &mut rng)?;
    }
    if keys.head_seed(lock.protection())?.is_none() {
        keys.init_head(lock.protection(), &mut rng)?;
    }
    let from = clock.today();
    let name = |role| directory.staff_in(role).next().map_or(role.as_str(), |s| s.user.as_str());
    let holders = TenantHolders {
        custodian: name(Role::Custodian),
        approver: name(Role::Approver),
        from,
        until: from.saturating_add(YEARS.years()),
        program: lock.protection(),
        custodian_file: custodian.protection(),
        approver_file: approver.protection(),
        root_file: root.protection(),
    };
    keys.init_tenant(tenant, &holders, &mut rng)?;
    Ok(())
}
