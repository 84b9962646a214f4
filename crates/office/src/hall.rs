//! The open house: the store, the keys this process may hold, the rules in force and the organs.
//!
//! Which use cases work depends on the keys: a process with public keys only can receive and show
//! a thread to its code, and answers [`Error::NoKey`] to everything that would open a report.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use domain::ids::TenantCode;
use domain::lists::Lists;
use domain::rules::Rules;
use domain::words::Edition;
use gateways::{Bucket, BucketPlace};
use index::Index;
use ledger::Policy;
use papers::Fonts;
use seal::{Entropy, SystemEntropy};
use store::{BlobStore, Store};
use triage::Judge;

use crate::clock::Clock;
use crate::error::Error;
use crate::keys::Keys;
use crate::log::head_log;
use crate::organ::{self, Organ};

/// Folders of an installation.
#[derive(Debug, Clone)]
pub struct Places {
    /// The data folder: blobs, index, published logs.
    pub data: PathBuf,
    /// Fonts for papers, if not the system's.
    pub fonts: Option<PathBuf>,
    /// A bucket that several machines share: sealed files lie there instead of in the data folder,
    /// and published logs are copied there.
    pub bucket: Option<BucketPlace>,
}

impl Places {
    /// The sealed index of an organ.
    pub fn index(&self, tenant: &TenantCode) -> PathBuf {
        self.data.join("index").join(tenant.as_str())
    }
    /// The published log of an organ; a restored register publishes its next log beside the old.
    pub fn log(&self, tenant: &TenantCode, epoch: u32) -> PathBuf {
        self.data.join("log").join(log_folder(tenant, epoch))
    }
    /// What witnesses have cosigned of a log lately.
    pub fn witnessed(&self, tenant: &TenantCode, epoch: u32) -> PathBuf {
        self.data.join("witnessed").join(log_folder(tenant, epoch))
    }
    /// Sealed files.
    pub fn blobs(&self) -> PathBuf {
        self.data.join("blobs")
    }
}

/// What a large use case answers. Boxed, so that it is compiled in this crate: a plain `async fn` is
/// compiled anew in every crate that comes to it by any way, tests included.
pub type Answered<'a, T, E = Error> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Where the sealed files of an installation lie, without opening the house.
///
/// # Errors
/// The folder cannot be made, or the bucket is written wrongly.
pub fn blobs_of(places: &Places) -> Result<BlobStore, Error> {
    Ok(BlobStore::open(places.blobs(), bucket_of(places)?.as_ref().map(crate::shelf::shelf))?)
}

fn bucket_of(places: &Places) -> Result<Option<Bucket>, Error> {
    places.bucket.as_ref().map(Bucket::open).transpose().map_err(|e| Error::Io(e.to_string()))
}

/// What the folder of a published log is called.
pub(crate) fn log_folder(tenant: &TenantCode, epoch: u32) -> String {
    let name = if *tenant == head_log() { "head" } else { tenant.as_str() };
    if epoch <= 1 { name.to_owned() } else { format!("{name}.{epoch}") }
}

/// Everything a use case needs; shared by all requests of a process.
pub struct Hall {
    /// The register.
    pub store: Store,
    /// Sealed files.
    pub blobs: BlobStore,
    /// The bucket, where there is one.
    pub(crate) bucket: Option<Bucket>,
    /// The clock.
    pub clock: Clock,
    /// Folders.
    pub places: Places,
    /// The keys this process holds.
    pub keys: Keys,
    pub(crate) fonts: OnceLock<Fonts>,
    pub(crate) queue: crate::intake::WaitQueue,
    pub(crate) failures: crate::desk::Failures,
    pub(crate) front_ends: crate::api_key::FrontEnds,
    pub(crate) texts: crate::intake::OpenTexts,
    pub(crate) stocks: crate::cockpit::Stocks,
    pub(crate) hashing: crate::desk::HashPool,
    pub(crate) dummy: OnceLock<String>,
    /// Random name of this process, for leases.
    pub(crate) name: String,
    /// Logs of which others have seen more than the register has, and the sentence about it.
    pub(crate) halted: Mutex<BTreeMap<TenantCode, String>>,
    /// One publication at a time: the timetable's and the one somebody asked for.
    pub(crate) publishing: tokio::sync::Mutex<()>,
    rules: RwLock<Arc<Rules>>,
    policy: RwLock<Option<Arc<Policy>>>,
    organs: RwLock<BTreeMap<TenantCode, Arc<Organ>>>,
    indexes: Mutex<BTreeMap<TenantCode, Arc<Index>>>,
    judges: Mutex<BTreeMap<TenantCode, Arc<Judge>>>,
    lists: Mutex<BTreeMap<Edition, Arc<Lists>>>,
}

impl Hall {
    /// Opens the house over a migrated store.
    ///
    /// # Errors
    /// The store fails, or a directory in it cannot be read.
    pub async fn open(
        store: Store,
        keys: Keys,
        rules: Rules,
        clock: Clock,
        places: Places,
    ) -> Result<Arc<Self>, Error> {
        let (bucket, blobs) = (bucket_of(&places)?, blobs_of(&places)?);
        let hall = Self {
            blobs,
            bucket,
            clock,
            keys,
            fonts: OnceLock::new(),
            queue: Default::default(),
            failures: Default::default(),
            front_ends: Default::default(),
            texts: Default::default(),
            stocks: Default::default(),
            hashing: Default::default(),
            dummy: OnceLock::new(),
            name: seal::fresh_token(&mut SystemEntropy),
            halted: Mutex::default(),
            publishing: tokio::sync::Mutex::default(),
            rules: RwLock::new(Arc::new(rules)),
            policy: RwLock::new(None),
            organs: RwLock::new(BTreeMap::new()),
            indexes: Mutex::new(BTreeMap::new()),
            judges: Mutex::new(BTreeMap::new()),
            lists: Mutex::new(BTreeMap::new()),
            store,
            places,
        };
        hall.reload_organs().await?;
        Ok(Arc::new(hall))
    }

    /// The rules in force.
    pub fn rules(&self) -> Arc<Rules> {
        self.rules.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts other rules in force, all or nothing (SIGHUP): the caller has already checked them.
    pub fn replace_rules(&self, rules: Rules) {
        *self.rules.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
        self.lists.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Which witnesses must have cosigned the logs; `None` where none was asked.
    pub fn policy(&self) -> Option<Arc<Policy>> {
        self.policy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another policy in force.
    pub fn replace_policy(&self, policy: Option<Policy>) {
        *self.policy.write().unwrap_or_else(PoisonError::into_inner) = policy.map(Arc::new);
    }

    /// The lists people choose from (problem classes, ranks), as the rules in force have them.
    ///
    /// # Errors
    /// A file of rules does not hold together.
    pub fn lists(&self, edition: Edition) -> Result<Arc<Lists>, Error> {
        let mut read = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lists) = read.get(&edition) {
            return Ok(lists.clone());
        }
        let lists = Arc::new(Lists::of(edition, &self.rules()).map_err(|e| Error::Io(e.to_string()))?);
        read.insert(edition, lists.clone());
        Ok(lists)
    }

    /// Reads the organs' directories from the register again.
    ///
    /// # Errors
    /// The store fails, or a directory in it cannot be read.
    pub fn reload_organs(&self) -> Answered<'_, ()> {
        Box::pin(async move {
            let organs = organ::load_all(&self.store).await?;
            *self.organs.write().unwrap_or_else(PoisonError::into_inner) = organs;
            Ok(())
        })
    }

    /// Every organ with a register here, by code.
    pub fn organs(&self) -> Vec<Arc<Organ>> {
        self.organs.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// One organ.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn organ(&self, tenant: &TenantCode) -> Result<Arc<Organ>, Error> {
        self.organs.read().unwrap_or_else(PoisonError::into_inner).get(tenant).cloned().ok_or(Error::NotFound)
    }

    /// The organ's sealed index, opened on first use.
    ///
    /// # Errors
    /// [`Error::NoKey`] in a process that may not open reports.
    pub fn index(&self, tenant: &TenantCode) -> Result<Arc<Index>, Error> {
        let mut open = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(index) = open.get(tenant) {
            return Ok(index.clone());
        }
        let index = Arc::new(open_index(&self.places.index(tenant), self.keys.index_key(tenant)?)?);
        open.insert(tenant.clone(), index.clone());
        Ok(index)
    }

    /// Ends the writers of the indexes until the next report is put in, once their merges have ended;
    /// nobody waits for that, and a process that ends meanwhile loses nothing.
    pub fn settle_indexes(&self) {
        let open: Vec<_> = self.indexes.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for index in open {
            std::thread::spawn(move || {
                if let Err(fault) = index.settle() {
                    tracing::warn!(%fault, "an index was not merged; it goes on as it is");
                }
            });
        }
    }

    /// The judge for an organ's texts (its divisions included), loaded on first use.
    ///
    /// # Errors
    /// The models cannot be read.
    pub fn judge(&self, tenant: &TenantCode) -> Result<Arc<Judge>, Error> {
        let organ = self.organ(tenant)?;
        let mut loaded = self.judges.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(judge) = loaded.get(tenant) {
            return Ok(judge.clone());
        }
        let judge = Arc::new(organ.judge()?);
        loaded.insert(tenant.clone(), judge.clone());
        Ok(judge)
    }

    /// The system's source of randomness.
    pub fn entropy(&self) -> impl Entropy {
        SystemEntropy
    }
}

fn open_index(folder: &Path, key: &seal::IndexKey) -> Result<Index, Error> {
    Index::open(folder, key).map_err(|e| Error::Io(e.to_string()))
}
