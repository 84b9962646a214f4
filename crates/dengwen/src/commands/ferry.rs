//! `dengwen ferry`: two networks that never meet. `outfit` makes a folder of keys for the outside,
//! `out` a package for the other side, `in` takes those of the other side. The serving process does
//! it if there is one here. The outside is founded by its first package.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use domain::ids::TenantCode;
use office::clock::Clock;
use office::keys::Holding;
use seal::{KeyFolder, SystemEntropy};
use store::{Store, StoreError};

use crate::cli::{FerryCommand, Places};
use crate::config::{Config, database, keys_folder};
use crate::progress::Progress;
use crate::serve::{Errand, MISSING, STOPPED, ask, key_directory};
use crate::setup::{Fault, House, Lock, open_store};

/// Runs one of the ferry's commands.
///
/// # Errors
/// A sentence that says what to do.
pub async fn run(places: &Places, command: FerryCommand) -> Result<ExitCode, Fault> {
    match command {
        FerryCommand::Outfit { folder, organ } => outfit(places, &folder, organ.as_deref()),
        FerryCommand::Out { folder, organ, again } => {
            let organ = one(places, organ.as_deref())?;
            let folder = whole(&folder)?;
            let errand = match again {
                Some(number) => Errand::Again { organ, folder, number },
                None => {
                    let keys = KeyFolder::new(keys_folder(places)).signed_directory(organ.as_str())?;
                    Errand::Out { organ, folder, keys }
                }
            };
            print!("{}", perform(places, &[errand]).await?);
            Ok(ExitCode::SUCCESS)
        }
        FerryCommand::In { from, organ } => take(places, &from, organ.as_deref()).await,
        FerryCommand::Status { organ } => {
            let organs = match organ.as_deref() {
                Some(_) => vec![one(places, organ.as_deref())?],
                None => organs(places)?,
            };
            let errands: Vec<_> = organs.into_iter().map(|organ| Errand::Status { organ }).collect();
            print!("{}", perform(places, &errands).await?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Makes the keys of the outside.
fn outfit(places: &Places, folder: &Path, organ: Option<&str>) -> Result<ExitCode, Fault> {
    let here = keys_folder(places);
    let keys = KeyFolder::new(&here);
    let organ = match organ {
        Some(code) => code.to_owned(),
        None => match keys.organs()?.as_slice() {
            [only] => only.clone(),
            several => {
                return Err(Fault::Say(format!("name one organ with --organ; there are: {}", several.join(", "))));
            }
        },
    };
    if !keys.opens(&organ) {
        return Err(Fault::Say(format!(
            "{} holds no office key of {organ}: this is done inside, where the desk is",
            here.display()
        )));
    }
    let lock = Lock::find(&here)?;
    let there = match &lock {
        Lock::Plain => Lock::Plain,
        Lock::Passphrase(_) => Lock::of_member("OUTSIDE").ok_or_else(|| {
            Fault::Say(
                "give the outside a passphrase of its own in DENGWEN_PASSPHRASE_OUTSIDE: whoever gets that machine must not learn the one in use here"
                    .to_owned(),
            )
        })?,
    };
    let outside = KeyFolder::new(folder);
    let pair = keys.outfit(&organ, &outside, (lock.protection(), there.protection()), &mut SystemEntropy)?;
    if matches!(lock, Lock::Plain) {
        // A demo's outside is a demo too; nothing but the file's being there is read of it.
        let mark = folder.join("demo.json");
        std::fs::write(&mark, "{}").map_err(|e| Fault::file(&mark, &e))?;
    }
    println!(
        "Pair {}: the keys of the outside of {organ} are in {}. Take that folder to the outside once, as its --keys folder, and keep no copy.",
        pair.pair(),
        folder.display()
    );
    println!("End and start again what serves here; then `dengwen ferry out`: its first package founds the outside.");
    Ok(ExitCode::SUCCESS)
}

/// Takes files, or all packages in a folder.
async fn take(places: &Places, from: &[PathBuf], organ: Option<&str>) -> Result<ExitCode, Fault> {
    let organs = match organ {
        Some(_) => vec![one(places, organ)?],
        None => organs(places)?,
    };
    let (mut missing, mut refused) = (false, false);
    for file in files(from)? {
        let name = file.path.clone();
        let errand = Errand::In { organs: organs.clone(), file: file.path };
        let lines = match perform(places, std::slice::from_ref(&errand)).await {
            // A disk that goes to and fro carries what was made here too.
            Err(fault) if file.found && fault.slug() == "ferry-own-side" => continue,
            // The packages behind it may be good, and the disk is erased after each journey.
            Err(fault) if file.found => {
                eprintln!("{}: {fault}", name.display());
                refused = true;
                continue;
            }
            other => other?,
        };
        let (lines, keys) = key_directory(&lines);
        print!("{lines}");
        missing |= lines.trim_end().ends_with(MISSING);
        refused |= lines.lines().any(|line| line.starts_with(STOPPED));
        if let Some((organ, signed)) = keys
            && KeyFolder::new(keys_folder(places)).put_signed_directory(organ.as_str(), &signed)?
        {
            println!("The key directory is a new one: end and start again what serves here, so that it seals to it.");
        }
    }
    Ok(match (refused, missing) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(3),
        (false, false) => ExitCode::SUCCESS,
    })
}

struct Named {
    path: PathBuf,
    /// It was found in a folder, not named.
    found: bool,
}

fn files(from: &[PathBuf]) -> Result<Vec<Named>, Fault> {
    let mut files = Vec::new();
    for path in from {
        let path = whole(path)?;
        if !path.is_dir() {
            files.push(Named { path, found: false });
            continue;
        }
        let mut inside = Vec::new();
        for entry in std::fs::read_dir(&path).map_err(|e| Fault::file(&path, &e))? {
            let entry = entry.map_err(|e| Fault::file(&path, &e))?.path();
            if entry.extension().is_some_and(|ending| ending == "ferry") {
                inside.push(entry);
            }
        }
        // In order of number.
        inside.sort();
        files.extend(inside.into_iter().map(|path| Named { path, found: true }));
    }
    Ok(files)
}

fn whole(path: &Path) -> Result<PathBuf, Fault> {
    path.canonicalize().map_err(|e| Fault::file(path, &e))
}

/// The organs that are one of two networks here.
fn organs(places: &Places) -> Result<Vec<TenantCode>, Fault> {
    let keys = KeyFolder::new(keys_folder(places));
    let organs: Vec<TenantCode> =
        keys.organs()?.iter().filter(|code| keys.has_ferry(code)).filter_map(|code| code.parse().ok()).collect();
    if organs.is_empty() {
        return Err(Fault::Say(
            "no organ here is one of two networks; run `dengwen ferry outfit` inside first".to_owned(),
        ));
    }
    Ok(organs)
}

fn one(places: &Places, named: Option<&str>) -> Result<TenantCode, Fault> {
    let organs = organs(places)?;
    match (named, organs.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (Some(code), _) => organs
            .iter()
            .find(|organ| organ.as_str() == code)
            .cloned()
            .ok_or_else(|| Fault::Say(format!("{code} is not one of two networks here"))),
        (None, _) => {
            let codes: Vec<&str> = organs.iter().map(TenantCode::as_str).collect();
            Err(Fault::Say(format!("name one organ with --organ; there are: {}", codes.join(", "))))
        }
    }
}

/// Has errands done by the serving process, or does them here.
async fn perform(places: &Places, errands: &[Errand]) -> Result<String, Fault> {
    let mut lines = String::new();
    let mut house = None;
    let mut bar = Progress::new("records", 0);
    for errand in errands {
        if house.is_none()
            && let Some(answer) = ask(&places.data, &errand.to_line()).await
        {
            lines.push_str(&answer?);
            continue;
        }
        let (hall, _) = match &mut house {
            Some(open) => open,
            none => none.insert(open_here(places).await?),
        };
        lines.push_str(&errand.run(&hall.hall, &mut |done| bar.at(done)).await?);
    }
    if let Some((house, _guard)) = house {
        house.hall.close().await;
    }
    Ok(lines)
}

/// The house with the keys there are: inside those that open, outside none.
async fn open_here(places: &Places) -> Result<(House, Option<crate::serve::Guard>), Fault> {
    let guard = super::writing(places)?;
    let config = Config::read(places)?;
    let clock = Clock::system(&config.zone).map_err(|e| Fault::Say(format!("zone {}: {e}", config.zone)))?;
    let folder = keys_folder(places);
    let lock = Lock::find(&folder)?;
    let url = database(places);
    let store = match Store::connect(&url).await {
        Err(StoreError::NoSchema) => {
            // The outside begins with its first package.
            Store::migrate(&url).await?;
            Store::connect(&url).await?
        }
        other => other?,
    };
    let mut tenants: Vec<TenantCode> = store.tenants().await?.into_iter().map(|(tenant, _)| tenant).collect();
    for organ in organs(places)? {
        if !tenants.contains(&organ) {
            tenants.push(organ);
        }
    }
    let keys = KeyFolder::new(&folder);
    let opens = tenants.iter().all(|tenant| keys.opens(tenant.as_str()));
    let holding = if opens { Holding::Desk } else { Holding::Public };
    let house = open_store(places, config, holding, clock, store, &tenants, &lock).await?;
    Ok((house, guard))
}
