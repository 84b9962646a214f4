//! Opening the house for a command: configuration, rules, keys, register.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use domain::ids::TenantCode;
use domain::rules::Rules;
use ledger::Policy;
use office::Hall;
use office::clock::Clock;
use office::keys::{Holding, Keys};
use seal::{Cost, KeyFolder, Passphrase, Protection};
use store::Store;

use crate::cli::Places;
use crate::config::{Config, database, keys_folder};
use crate::swap;

/// Why a command failed: one clear sentence.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// A sentence.
    #[error("{0}")]
    Say(String),
    /// A sentence of the serving process, and the name of the fault it stands for.
    #[error("{said}")]
    Told {
        /// As [`Fault::slug`]; empty where it has none.
        slug: String,
        /// The sentence.
        said: String,
    },
    /// A use case.
    #[error("{}", in_words(.0))]
    Office(#[from] office::Error),
    /// The store.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// Keys.
    #[error(transparent)]
    Keys(#[from] seal::KeyFolderError),
}

/// On the command line the person is the one who mends the machine: she is told what failed.
fn in_words(error: &office::Error) -> String {
    match error {
        office::Error::Store(_) | office::Error::Seal(_) | office::Error::Io(_) => error.to_string(),
        other => other.sentence(office::Lang::En),
    }
}

impl Fault {
    /// The name of what a use case refused, the same whoever did the work; empty where it has none.
    pub fn slug(&self) -> &str {
        match self {
            Self::Office(error) => error.slug(),
            Self::Told { slug, .. } => slug,
            Self::Say(_) | Self::Store(_) | Self::Keys(_) => "",
        }
    }

    /// A file that could not be read or written.
    pub fn file(path: &Path, error: &std::io::Error) -> Self {
        Self::Say(format!("{}: {error}", path.display()))
    }
}

/// How the program's key files are protected: plain in a demo, else under the passphrase.
#[derive(Clone)]
pub enum Lock {
    /// Demo.
    Plain,
    /// Under a passphrase.
    Passphrase(Passphrase),
}

impl Lock {
    /// The passphrase in DENGWEN_PASSPHRASE, or plain where the folder says it is a demo's.
    ///
    /// # Errors
    /// It is no demo and no passphrase was given.
    pub fn find(folder: &Path) -> Result<Self, Fault> {
        if folder.join("demo.json").exists() {
            return Ok(Self::Plain);
        }
        Self::asked()
    }

    /// The passphrase in DENGWEN_PASSPHRASE.
    ///
    /// # Errors
    /// It was not given.
    pub fn asked() -> Result<Self, Fault> {
        match std::env::var("DENGWEN_PASSPHRASE") {
            Ok(text) if !text.is_empty() => Ok(Self::Passphrase(Passphrase::new(text))),
            _ => Err(Fault::Say(
                "the keys are sealed under a passphrase; give it in the environment variable DENGWEN_PASSPHRASE"
                    .to_owned(),
            )),
        }
    }

    /// The passphrase of one holder (DENGWEN_PASSPHRASE_CUSTODIAN, _APPROVER, _ROOT), if given.
    pub fn of_member(member: &str) -> Option<Self> {
        let text = std::env::var(format!("DENGWEN_PASSPHRASE_{member}")).ok().filter(|text| !text.is_empty())?;
        Some(Self::Passphrase(Passphrase::new(text)))
    }

    /// As the seal wants it.
    pub fn protection(&self) -> Protection<'_> {
        match self {
            Self::Plain => Protection::DemoPlain,
            Self::Passphrase(passphrase) => Protection::Passphrase { passphrase, cost: Cost::KeyFile },
        }
    }
}

/// The rules: the folder's, or the built-in ones.
///
/// # Errors
/// A file cannot be read or does not hold together; the sentence names it.
pub fn rules(folder: Option<&Path>) -> Result<Rules, Fault> {
    let Some(folder) = folder else { return Ok(Rules::embedded().clone()) };
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files)?;
    Rules::from_files(files).map_err(|e| Fault::Say(e.to_string()))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<(), Fault> {
    for entry in std::fs::read_dir(folder).map_err(|e| Fault::file(folder, &e))? {
        let path = entry.map_err(|e| Fault::file(folder, &e))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let text = std::fs::read_to_string(&path).map_err(|e| Fault::file(&path, &e))?;
            let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            files.insert(name, text);
        }
    }
    Ok(())
}

/// A policy file.
///
/// # Errors
/// It cannot be read; the line that cannot be followed is named.
pub fn policy(path: &Path) -> Result<Policy, Fault> {
    let bytes = std::fs::read(path).map_err(|e| Fault::file(path, &e))?;
    Policy::parse(&bytes).map_err(|e| Fault::Say(format!("{}: {e}", path.display())))
}

/// An installation, opened.
pub struct House {
    /// Use cases.
    pub hall: Arc<Hall>,
    /// Its configuration.
    pub config: Config,
}

/// Opens an installation with the keys of a holding.
///
/// # Errors
/// A sentence that says what is missing and what to do.
pub async fn open(places: &Places, holding: Holding) -> Result<House, Fault> {
    let config = Config::read(places)?;
    let clock = Clock::system(&config.zone).map_err(|e| Fault::Say(format!("zone {}: {e}", config.zone)))?;
    open_with(places, config, holding, clock).await
}

/// As [`open`], under another clock.
///
/// # Errors
/// As [`open`].
pub async fn open_with(places: &Places, config: Config, holding: Holding, clock: Clock) -> Result<House, Fault> {
    let folder = keys_folder(places);
    let lock = Lock::find(&folder)?;
    let store = Store::connect(&database(places)).await?;
    let tenants: Vec<TenantCode> = store.tenants().await?.into_iter().map(|(tenant, _)| tenant).collect();
    open_store(places, config, holding, clock, store, &tenants, &lock).await
}

/// As [`open`], over a store that is open already and for organs that may not be founded yet.
///
/// # Errors
/// As [`open`].
pub async fn open_store(
    places: &Places,
    config: Config,
    holding: Holding,
    clock: Clock,
    store: Store,
    tenants: &[TenantCode],
    lock: &Lock,
) -> Result<House, Fault> {
    swap::guard(places, lock)?;
    let keys = Keys::load(
        &KeyFolder::new(keys_folder(places)),
        tenants,
        holding,
        clock.today(),
        lock.protection(),
        &config.deployment,
    )?;
    let rules = rules(config.rules.as_deref())?;
    let found = found(places, &config);
    let policy = config.policy.as_deref().map(policy).transpose()?;
    let hall = Hall::open(store, keys, rules, clock, found).await?;
    hall.replace_policy(policy);
    Ok(House { hall, config })
}

/// The folders and the bucket, as the use cases want them.
pub fn found(places: &Places, config: &Config) -> office::Places {
    office::Places { data: places.data.clone(), fonts: config.fonts.clone(), bucket: config.bucket.clone() }
}
