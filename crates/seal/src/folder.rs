//! The keys folder: which keys each role of the program loads, and from which file. Loading what
//! the public role needs touches no file that holds a private key. It does not know how the folder
//! is found, nor when keys are due for change.
//!
//! ```text
//! KEYS/shared.key                  pepper, ticket key            public, desk
//! KEYS/head.key                    seed of the head log          sequencer
//! KEYS/witness.key                 seed of a witness of our own  the witness, nobody else
//! KEYS/TENANT/root.pub             pinned root                   all
//! KEYS/TENANT/directory.json       signed key directory          all
//! KEYS/TENANT/intake.key           recusal key, row key          public, desk
//! KEYS/TENANT/office.key           office secrets, current first desk, worker
//! KEYS/TENANT/index.key            index key                     desk, worker
//! KEYS/TENANT/log.key              seed of the log's signature   sequencer
//! KEYS/TENANT/gate.key             gate secret                   desk, after the log
//! KEYS/TENANT/custodian.HOLDER.key custodian secret              its holder only
//! KEYS/TENANT/approver.HOLDER.key  approver secret               its holder only
//! KEYS/TENANT/root.key             root secret                   kept offline
//! KEYS/TENANT/ferry.key            packages to the other network both sides of two networks
//! ```

mod outfit;

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::content::OfficeRing;
use crate::directory::{DirectoryDraft, DirectoryEntry, DirectoryError, KeyDirectory, RootPublic, RootSecret};
use crate::entropy::Entropy;
use crate::keyfile::{self, KeyFileError, Kind, Named, Protection};
use crate::keys::{
    Approver, ApproverSecret, Custodian, CustodianSecret, GateSecret, IndexKey, KeyId, LogSeed, OfficeSecret, Pepper,
    RecusalKey, RoleMark, RowKey, SecretKey, TicketKey,
};

/// Why keys were not made or loaded.
#[derive(Debug, thiserror::Error)]
pub enum KeyFolderError {
    /// A key file.
    #[error(transparent)]
    File(#[from] KeyFileError),
    /// The key directory.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// Keys are there already; they are never overwritten.
    #[error("there are keys in {path} already; they are not overwritten. Choose another --keys folder")]
    Exists {
        /// Where.
        path: PathBuf,
    },
    /// A name that cannot be a file name.
    #[error("{name} cannot name a key file; use letters, digits, - and _")]
    Name {
        /// The name.
        name: String,
    },
    /// The key in use cannot be forgotten.
    #[error("key {id} is the one in use, or not in the ring; rotate first")]
    InUse {
        /// Which.
        id: KeyId,
    },
}

/// What all tenants of a deployment share.
#[derive(Debug, Clone)]
pub struct SharedKeys {
    /// For query codes.
    pub pepper: Pepper,
    /// For form tickets.
    pub ticket: TicketKey,
}

/// All that the public role holds of one tenant: public keys, and keys that open nothing.
#[derive(Debug, Clone)]
pub struct PublicKeys {
    /// The checked key directory: whom to seal to.
    pub directory: KeyDirectory,
    /// The pinned root.
    pub root: RootPublic,
    /// For recusal tokens.
    pub recusal: RecusalKey,
    /// For the identity of imported rows.
    pub row: RowKey,
}

/// What the desk and the worker hold beyond [`PublicKeys`].
#[derive(Debug, Clone)]
pub struct DeskKeys {
    /// Opens content.
    pub office: OfficeRing,
    /// Opens the sealed index.
    pub index: IndexKey,
}

/// Names that stand in the key directory and in the names of the members' key files.
#[derive(Debug, Clone, Copy)]
pub struct TenantHolders<'a> {
    /// Who holds the custodian key.
    pub custodian: &'a str,
    /// Who holds the approver key.
    pub approver: &'a str,
    /// First day of the keys' term.
    pub from: Date,
    /// Last day of the keys' term and of the directory's.
    pub until: Date,
    /// Protection of the program's own files (intake, office, index, log, gate).
    pub program: Protection<'a>,
    /// Protection of the custodian's file.
    pub custodian_file: Protection<'a>,
    /// Protection of the approver's file.
    pub approver_file: Protection<'a>,
    /// Protection of the root's file.
    pub root_file: Protection<'a>,
}

/// A folder of keys, outside the data folder.
#[derive(Debug, Clone)]
pub struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    /// Names a folder; touches nothing yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the keys all tenants share were made.
    pub fn has_shared(&self) -> bool {
        self.shared_path().exists()
    }

    /// Whether a tenant's keys were made.
    pub fn has_tenant(&self, tenant: &str) -> bool {
        self.path.join(tenant).join("root.pub").exists()
    }

    /// Makes the keys all tenants share.
    ///
    /// # Errors
    /// [`KeyFolderError::Exists`], [`KeyFolderError::File`].
    pub fn init_shared(&self, protection: Protection<'_>, rng: &mut dyn Entropy) -> Result<SharedKeys, KeyFolderError> {
        if self.has_shared() {
            return Err(KeyFolderError::Exists { path: self.shared_path() });
        }
        make_folder(&self.path)?;
        let keys = SharedKeys { pepper: Pepper::generate(rng), ticket: TicketKey::generate(rng) };
        let secrets = vec![Named::new("pepper", keys.pepper.expose()), Named::new("ticket", keys.ticket.expose())];
        keyfile::write(&self.shared_path(), SHARED, secrets, protection, rng)?;
        Ok(keys)
    }

    /// Loads the keys all tenants share.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn shared(&self, protection: Protection<'_>) -> Result<SharedKeys, KeyFolderError> {
        let path = self.shared_path();
        let secrets = keyfile::read(&path, SHARED, protection)?;
        Ok(SharedKeys {
            pepper: Pepper::from_bytes(named(&path, &secrets, "pepper")?),
            ticket: TicketKey::from_bytes(named(&path, &secrets, "ticket")?),
        })
    }

    /// Makes the seed of the head log, once for a deployment.
    ///
    /// # Errors
    /// [`KeyFolderError::Exists`], [`KeyFolderError::File`].
    pub fn init_head(&self, protection: Protection<'_>, rng: &mut dyn Entropy) -> Result<(), KeyFolderError> {
        self.init_seed(HEAD, protection, rng)
    }

    /// Loads the seed of the head log; `None` where this folder has none.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn head_seed(&self, protection: Protection<'_>) -> Result<Option<LogSeed>, KeyFolderError> {
        self.seed(HEAD, protection)
    }

    /// Makes the seed of a witness.
    ///
    /// # Errors
    /// [`KeyFolderError::Exists`], [`KeyFolderError::File`].
    pub fn init_witness(&self, protection: Protection<'_>, rng: &mut dyn Entropy) -> Result<(), KeyFolderError> {
        self.init_seed(WITNESS, protection, rng)
    }

    /// Loads the seed of a witness; `None` where this folder has none.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn witness_seed(&self, protection: Protection<'_>) -> Result<Option<LogSeed>, KeyFolderError> {
        self.seed(WITNESS, protection)
    }

    fn init_seed(&self, what: &str, lock: Protection<'_>, rng: &mut dyn Entropy) -> Result<(), KeyFolderError> {
        let path = self.path.join(format!("{what}.key"));
        if path.exists() {
            return Err(KeyFolderError::Exists { path });
        }
        make_folder(&self.path)?;
        let secrets = vec![Named::new(what, LogSeed::generate(rng).expose())];
        Ok(keyfile::write(&path, Kind { kind: what, tenant: "" }, secrets, lock, rng)?)
    }

    fn seed(&self, what: &str, lock: Protection<'_>) -> Result<Option<LogSeed>, KeyFolderError> {
        let path = self.path.join(format!("{what}.key"));
        if !path.exists() {
            return Ok(None);
        }
        let secrets = keyfile::read(&path, Kind { kind: what, tenant: "" }, lock)?;
        Ok(Some(LogSeed::from_bytes(named(&path, &secrets, what)?)))
    }

    /// Makes all keys of a tenant and its first key directory.
    ///
    /// # Errors
    /// [`KeyFolderError::Exists`], [`KeyFolderError::File`], [`KeyFolderError::Name`].
    pub fn init_tenant(
        &self,
        tenant: &str,
        holders: &TenantHolders<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<KeyDirectory, KeyFolderError> {
        let place = self.tenant(tenant)?.path;
        if place.exists() {
            return Err(KeyFolderError::Exists { path: place });
        }
        // Made beside its place and moved there whole: a crash leaves no half of a tenant's keys.
        let staged = self.path.join(format!("{tenant}.new"));
        match fs::remove_dir_all(&staged) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(io(&staged)(e).into()),
            _ => {}
        }
        make_folder(&staged)?;
        let folder = TenantFolder { path: staged, tenant: tenant.to_owned() };
        let office = OfficeSecret::generate(rng);
        let gate = GateSecret::generate(rng);
        let custodian = CustodianSecret::generate(rng);
        let approver = ApproverSecret::generate(rng);
        let root = RootSecret::generate(rng);
        let program = holders.program;
        let intake = vec![
            Named::new("recusal", RecusalKey::generate(rng).expose()),
            Named::new("row", RowKey::generate(rng).expose()),
        ];
        folder.write("intake", intake, program, rng)?;
        folder.write_role("office", std::slice::from_ref(&office), program, rng)?;
        folder.write_role("gate", std::slice::from_ref(&gate), program, rng)?;
        let index = vec![Named::new("index", IndexKey::generate(rng).expose())];
        folder.write("index", index, program, rng)?;
        let log = vec![Named::new("log", LogSeed::generate(rng).expose())];
        folder.write("log", log, program, rng)?;
        let name = member_file::<Custodian>(holders.custodian)?;
        folder.write_role(&name, std::slice::from_ref(&custodian), holders.custodian_file, rng)?;
        let name = member_file::<Approver>(holders.approver)?;
        folder.write_role(&name, std::slice::from_ref(&approver), holders.approver_file, rng)?;
        folder.write("root", vec![Named::new("root", root.bytes())], holders.root_file, rng)?;

        let (from, until) = (holders.from, holders.until);
        let draft = DirectoryDraft {
            version: 1,
            tenant: tenant.to_owned(),
            until,
            previous: hex::encode([0; 32]),
            entries: vec![
                DirectoryEntry::new(&office.public(), "office", from, until),
                DirectoryEntry::new(&custodian.public(), holders.custodian, from, until),
                DirectoryEntry::new(&approver.public(), holders.approver, from, until),
                DirectoryEntry::new(&gate.public(), "gate", from, until),
            ],
        };
        let signed = draft.sign(&root);
        keyfile::replace(&folder.path.join("directory.json"), &signed)?;
        let pinned = hex::encode(root.public().as_bytes());
        keyfile::replace(&folder.path.join("root.pub"), pinned.as_bytes())?;
        fs::rename(&folder.path, &place).map_err(io(&place))?;
        fs::File::open(&self.path).and_then(|f| f.sync_all()).map_err(io(&self.path))?;
        Ok(KeyDirectory::checked(&signed, &root.public(), tenant)?)
    }

    /// Loads what the public role holds of a tenant; no file with a private key is touched.
    /// `least_version` is the highest version of the key directory seen before (1 for none).
    ///
    /// # Errors
    /// [`KeyFolderError::File`], [`KeyFolderError::Directory`].
    pub fn public(
        &self,
        tenant: &str,
        today: Date,
        least_version: u32,
        protection: Protection<'_>,
    ) -> Result<PublicKeys, KeyFolderError> {
        let folder = self.tenant(tenant)?;
        let root = folder.root()?;
        let signed = folder.bytes("directory.json")?;
        let directory = KeyDirectory::open(&signed, &root, tenant, today, least_version)?;
        let (path, secrets) = folder.read("intake", protection)?;
        Ok(PublicKeys {
            directory,
            root,
            recusal: RecusalKey::from_bytes(named(&path, &secrets, "recusal")?),
            row: RowKey::from_bytes(named(&path, &secrets, "row")?),
        })
    }

    /// Loads what desk and worker hold beyond that.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn desk(&self, tenant: &str, protection: Protection<'_>) -> Result<DeskKeys, KeyFolderError> {
        let folder = self.tenant(tenant)?;
        let (path, secrets) = folder.read("index", protection)?;
        Ok(DeskKeys {
            office: folder.office(protection)?,
            index: IndexKey::from_bytes(named(&path, &secrets, "index")?),
        })
    }

    /// Loads the seed of the log's signing key.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn log_seed(&self, tenant: &str, protection: Protection<'_>) -> Result<LogSeed, KeyFolderError> {
        let (path, secrets) = self.tenant(tenant)?.read("log", protection)?;
        Ok(LogSeed::from_bytes(named(&path, &secrets, "log")?))
    }

    /// Loads the gate's secret key, for an opening that is in the log.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn gate(&self, tenant: &str, protection: Protection<'_>) -> Result<GateSecret, KeyFolderError> {
        self.tenant(tenant)?.role_key("gate", protection)
    }

    /// Writes a member's own copy of a role key (custodian, approver), under his own passphrase;
    /// also the offline recovery copy.
    ///
    /// # Errors
    /// [`KeyFolderError::Exists`], [`KeyFolderError::Name`], [`KeyFolderError::File`].
    pub fn write_member<R: RoleMark>(
        &self,
        tenant: &str,
        holder: &str,
        secret: &SecretKey<R>,
        protection: Protection<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(), KeyFolderError> {
        let folder = self.tenant(tenant)?;
        let name = member_file::<R>(holder)?;
        if folder.file(&name).exists() {
            return Err(KeyFolderError::Exists { path: folder.file(&name) });
        }
        folder.write_role(&name, std::slice::from_ref(secret), protection, rng)
    }

    /// Loads a member's own copy of a role key.
    ///
    /// # Errors
    /// [`KeyFolderError::Name`], [`KeyFolderError::File`].
    pub fn member<R: RoleMark>(
        &self,
        tenant: &str,
        holder: &str,
        protection: Protection<'_>,
    ) -> Result<SecretKey<R>, KeyFolderError> {
        self.tenant(tenant)?.role_key(&member_file::<R>(holder)?, protection)
    }

    /// Makes a new office key the one in use and signs the next key directory with it first.
    /// Content keys wrapped to the old one stay openable; wrap them anew with
    /// [`OfficeRing::rewrap`], then [`KeyFolder::forget_office_key`].
    ///
    /// # Errors
    /// [`KeyFolderError::File`], [`KeyFolderError::Directory`].
    pub fn rotate_office(
        &self,
        tenant: &str,
        term: (Date, Date),
        program: Protection<'_>,
        root_file: Protection<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(OfficeRing, KeyDirectory), KeyFolderError> {
        let folder = self.tenant(tenant)?;
        let ring = folder.office(program)?;
        let fresh = OfficeSecret::generate(rng);
        let ring = OfficeRing::new(fresh, ring.keys().to_vec());
        // The ring first: nobody may seal to a key that is not yet kept.
        folder.write_role("office", ring.keys(), program, rng)?;
        let entry = DirectoryEntry::new(&ring.public(), "office", term.0, term.1);
        let directory = folder.publish(tenant, root_file, |draft| {
            draft.until = draft.until.max(term.1);
            draft.entries.insert(0, entry);
        })?;
        Ok((ring, directory))
    }

    /// Signs the next key directory with a longer term for itself and for the keys in it.
    ///
    /// # Errors
    /// [`KeyFolderError::File`], [`KeyFolderError::Directory`].
    pub fn renew(&self, tenant: &str, until: Date, root_file: Protection<'_>) -> Result<KeyDirectory, KeyFolderError> {
        self.tenant(tenant)?.publish(tenant, root_file, |draft| {
            draft.until = until;
            for entry in &mut draft.entries {
                entry.until = entry.until.max(until);
            }
        })
    }

    /// Destroys a former office key once nothing is wrapped to it, and takes it out of the key
    /// directory.
    ///
    /// # Errors
    /// [`KeyFolderError::InUse`] for the key in use or one that is not there.
    pub fn forget_office_key(
        &self,
        tenant: &str,
        id: KeyId,
        program: Protection<'_>,
        root_file: Protection<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(OfficeRing, KeyDirectory), KeyFolderError> {
        let folder = self.tenant(tenant)?;
        let ring = folder.office(program)?;
        let (current, former) = ring.keys().split_first().ok_or(KeyFolderError::InUse { id })?;
        let kept: Vec<_> = former.iter().filter(|key| key.id() != id).cloned().collect();
        if kept.len() == former.len() {
            return Err(KeyFolderError::InUse { id });
        }
        let ring = OfficeRing::new(current.clone(), kept);
        // The directory first: nobody may seal to a key that is gone.
        let directory = folder.publish(tenant, root_file, |draft| draft.entries.retain(|e| e.key_id != id))?;
        folder.write_role("office", ring.keys(), program, rng)?;
        Ok((ring, directory))
    }

    fn shared_path(&self) -> PathBuf {
        self.path.join("shared.key")
    }

    fn tenant(&self, tenant: &str) -> Result<TenantFolder, KeyFolderError> {
        check_name(tenant)?;
        Ok(TenantFolder { path: self.path.join(tenant), tenant: tenant.to_owned() })
    }
}

const SHARED: Kind<'static> = Kind { kind: "shared", tenant: "" };
const HEAD: &str = "head";
const WITNESS: &str = "witness";

struct TenantFolder {
    path: PathBuf,
    tenant: String,
}

impl TenantFolder {
    fn file(&self, kind: &str) -> PathBuf {
        self.path.join(format!("{kind}.key"))
    }

    fn write(
        &self,
        kind: &str,
        secrets: Vec<Named>,
        protection: Protection<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(), KeyFolderError> {
        let path = self.file(kind);
        keyfile::write(&path, Kind { kind, tenant: &self.tenant }, secrets, protection, rng)?;
        Ok(())
    }

    fn write_role<R: RoleMark>(
        &self,
        kind: &str,
        keys: &[SecretKey<R>],
        protection: Protection<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(), KeyFolderError> {
        let secrets = keys.iter().map(|k| Named::new(&k.id().to_string(), k.bytes())).collect();
        self.write(kind, secrets, protection, rng)
    }

    fn read(&self, kind: &str, protection: Protection<'_>) -> Result<(PathBuf, Vec<Named>), KeyFolderError> {
        let path = self.file(kind);
        let secrets = keyfile::read(&path, Kind { kind, tenant: &self.tenant }, protection)?;
        Ok((path, secrets))
    }

    fn roles<R: RoleMark>(&self, kind: &str, protection: Protection<'_>) -> Result<Vec<SecretKey<R>>, KeyFolderError> {
        let (path, secrets) = self.read(kind, protection)?;
        let malformed = || KeyFileError::Malformed { path: path.clone() };
        secrets
            .iter()
            .map(|named| {
                let key = named.bytes().and_then(|bytes| SecretKey::from_bytes(bytes).ok());
                // The name is the key's id: a file put together wrongly is found here.
                Ok(key.filter(|k: &SecretKey<R>| k.id().to_string() == named.name).ok_or_else(malformed)?)
            })
            .collect()
    }

    fn role_key<R: RoleMark>(&self, kind: &str, protection: Protection<'_>) -> Result<SecretKey<R>, KeyFolderError> {
        let first = self.roles(kind, protection)?.into_iter().next();
        Ok(first.ok_or_else(|| KeyFileError::Malformed { path: self.file(kind) })?)
    }

    fn office(&self, protection: Protection<'_>) -> Result<OfficeRing, KeyFolderError> {
        let mut keys = self.roles("office", protection)?.into_iter();
        let current = keys.next().ok_or_else(|| KeyFileError::Malformed { path: self.file("office") })?;
        Ok(OfficeRing::new(current, keys.collect()))
    }

    fn bytes(&self, name: &str) -> Result<Vec<u8>, KeyFileError> {
        let path = self.path.join(name);
        fs::read(&path).map_err(|source| KeyFileError::Io { path, source })
    }

    fn root(&self) -> Result<RootPublic, KeyFileError> {
        let text = self.bytes("root.pub")?;
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.trim_ascii(), &mut bytes)
            .map_err(|_| KeyFileError::Malformed { path: self.path.join("root.pub") })?;
        Ok(RootPublic::from_bytes(bytes))
    }

    fn publish(
        &self,
        tenant: &str,
        root_file: Protection<'_>,
        change: impl FnOnce(&mut DirectoryDraft),
    ) -> Result<KeyDirectory, KeyFolderError> {
        let pinned = self.root()?;
        let (path, secrets) = self.read("root", root_file)?;
        let root = RootSecret::from_bytes(named(&path, &secrets, "root")?);
        if root.public() != pinned {
            return Err(DirectoryError::Unsigned.into());
        }
        let current = KeyDirectory::checked(&self.bytes("directory.json")?, &pinned, tenant)?;
        let mut draft = current.next();
        change(&mut draft);
        let signed = draft.sign(&root);
        keyfile::replace(&self.path.join("directory.json"), &signed)?;
        Ok(KeyDirectory::checked(&signed, &pinned, tenant)?)
    }
}

fn named(path: &Path, secrets: &[Named], name: &str) -> Result<[u8; 32], KeyFileError> {
    secrets
        .iter()
        .find(|secret| secret.name == name)
        .and_then(Named::bytes)
        .ok_or_else(|| KeyFileError::Malformed { path: path.to_owned() })
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> KeyFileError {
    move |source| KeyFileError::Io { path: path.to_owned(), source }
}

fn make_folder(path: &Path) -> Result<(), KeyFileError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io(path))
}

fn check_name(name: &str) -> Result<(), KeyFolderError> {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.len() <= 64 && name.chars().all(good) {
        Ok(())
    } else {
        Err(KeyFolderError::Name { name: name.to_owned() })
    }
}

fn member_file<R: RoleMark>(holder: &str) -> Result<String, KeyFolderError> {
    check_name(holder)?;
    Ok(format!("{}.{holder}", R::ROLE.as_str()))
}
