//! The keys a process holds, by what its role needs: the public role has none that opens anything.
//!
//! A use case asks for a key and gets [`Error::NoKey`] where this process was not given it; there
//! is no other way to a key, and no flag that says "may open".

use std::collections::BTreeMap;

use domain::ids::{StaffId, TenantCode};
use jiff::civil::Date;
use ledger::note::{KeyKind, Signer};
use seal::{
    DeskKeys, FerryKeys, FerrySide, IndexKey, KeyFolder, KeyFolderError, LogSeed, OfficeRing, Pepper, Protection,
    PublicKeys, Recipients, SharedKeys, TicketKey,
};

use crate::error::Error;
use crate::log::head_log;

/// What a process may do, and so which keys it loads (architecture, Roles).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holding {
    /// Receives and shows threads to their codes; opens nothing.
    Public,
    /// Opens reports; judges, sequences the log.
    Desk,
}

/// Keys by organ.
pub struct Keys {
    shared: SharedKeys,
    organs: BTreeMap<TenantCode, OrganKeys>,
    head: Option<LogSeed>,
    deployment: String,
}

struct OrganKeys {
    public: PublicKeys,
    recipients: Recipients,
    desk: Option<(DeskKeys, LogSeed)>,
    ferry: Option<FerryKeys>,
}

impl Keys {
    /// Loads what `holding` needs for these organs. `deployment` is the domain name under which
    /// the logs are published: log origins begin with it.
    ///
    /// # Errors
    /// A key file is missing, does not open, or a key directory is not signed by its pinned root.
    pub fn load(
        folder: &KeyFolder,
        organs: &[TenantCode],
        holding: Holding,
        today: Date,
        protection: Protection<'_>,
        deployment: &str,
    ) -> Result<Self, KeyFolderError> {
        let shared = folder.shared(protection)?;
        let mut keys = BTreeMap::new();
        for tenant in organs {
            let public = folder.public(tenant.as_str(), today, 1, protection)?;
            let recipients = public.directory.recipients(today)?;
            let desk = match holding {
                Holding::Public => None,
                Holding::Desk => {
                    Some((folder.desk(tenant.as_str(), protection)?, folder.log_seed(tenant.as_str(), protection)?))
                }
            };
            let ferry = folder.ferry(tenant.as_str(), protection)?;
            keys.insert(tenant.clone(), OrganKeys { public, recipients, desk, ferry });
        }
        let head = match holding {
            Holding::Public => None,
            Holding::Desk => folder.head_seed(protection)?,
        };
        Ok(Self { shared, organs: keys, head, deployment: deployment.to_owned() })
    }

    fn organ(&self, tenant: &TenantCode) -> Result<&OrganKeys, Error> {
        self.organs.get(tenant).ok_or(Error::NoKey)
    }

    fn desk(&self, tenant: &TenantCode) -> Result<&(DeskKeys, LogSeed), Error> {
        self.organ(tenant)?.desk.as_ref().ok_or(Error::NoKey)
    }

    /// Under which query codes are derived and looked up.
    pub fn pepper(&self) -> &Pepper {
        &self.shared.pepper
    }

    /// Under which form tickets are signed.
    pub fn ticket(&self) -> &TicketKey {
        &self.shared.ticket
    }

    /// To whom a report of this organ is sealed.
    ///
    /// # Errors
    /// [`Error::NoKey`] for an organ whose keys were not loaded.
    pub fn recipients(&self, tenant: &TenantCode) -> Result<&Recipients, Error> {
        Ok(&self.organ(tenant)?.recipients)
    }

    /// The office key content keys are wrapped to.
    ///
    /// # Errors
    /// As [`Keys::recipients`].
    pub fn office(&self, tenant: &TenantCode) -> Result<&seal::OfficePublic, Error> {
        Ok(&self.recipients(tenant)?.office)
    }

    /// The office's secret keys.
    ///
    /// # Errors
    /// [`Error::NoKey`] in the public role.
    pub fn ring(&self, tenant: &TenantCode) -> Result<&OfficeRing, Error> {
        Ok(&self.desk(tenant)?.0.office)
    }

    /// The key of the sealed index.
    ///
    /// # Errors
    /// [`Error::NoKey`] in the public role.
    pub fn index_key(&self, tenant: &TenantCode) -> Result<&IndexKey, Error> {
        Ok(&self.desk(tenant)?.0.index)
    }

    /// What stands for a member of staff in a recusal list.
    pub fn recusal_token(&self, tenant: &TenantCode, staff: &StaffId) -> String {
        match self.organ(tenant) {
            Ok(keys) => seal::recusal_token(&keys.public.recusal, tenant.as_str(), &staff.0),
            // Without the key nobody can be told apart: everyone is kept away.
            Err(_) => String::new(),
        }
    }

    /// A keyed digest within an organ: of a request, of an imported row.
    pub fn digest(&self, tenant: &TenantCode, bytes: &[u8]) -> [u8; 32] {
        match self.organ(tenant) {
            Ok(keys) => seal::keyed_digest(&keys.public.row, bytes),
            Err(_) => seal::sha256(bytes),
        }
    }

    /// What this side of two networks holds for an organ.
    ///
    /// # Errors
    /// [`Error::NoKey`] where there is one network only.
    pub fn ferry(&self, tenant: &TenantCode) -> Result<&FerryKeys, Error> {
        self.organ(tenant)?.ferry.as_ref().ok_or(Error::NoKey)
    }

    /// On which side of two networks an organ's register stands here; `None` with one network only.
    pub fn ferry_side(&self, tenant: &TenantCode) -> Option<FerrySide> {
        self.organ(tenant).ok()?.ferry.as_ref().map(FerryKeys::side)
    }

    /// Name of an organ's log, or of the head log; `epoch` grows by one with each restore (ledger.md).
    pub fn log_origin(&self, tenant: &TenantCode, epoch: u32) -> String {
        let name = if *tenant == head_log() { "head" } else { tenant.as_str() };
        match epoch {
            0 | 1 => format!("{}/log/{name}", self.deployment),
            later => format!("{}/log/{name}/{later}", self.deployment),
        }
    }

    /// Which log of this installation, and which of its row, an origin names; it need not exist.
    pub fn log_named(&self, origin: &str) -> Option<(TenantCode, u32)> {
        let name = origin.strip_prefix(&self.deployment)?.strip_prefix("/log/")?;
        let (name, epoch) = match name.split_once('/') {
            None => (name, 1),
            Some((name, epoch)) => (name, epoch.parse().ok()?),
        };
        let tenant = if name == "head" { head_log() } else { name.parse().ok()? };
        (self.log_origin(&tenant, epoch) == origin).then_some((tenant, epoch))
    }

    /// The signing key of an organ's log, or of the head log.
    ///
    /// # Errors
    /// [`Error::NoKey`] in the public role, or where this folder has no key of the head log.
    pub fn log_signer(&self, tenant: &TenantCode, epoch: u32) -> Result<Signer, Error> {
        let seed = if *tenant == head_log() { self.head.as_ref().ok_or(Error::NoKey)? } else { &self.desk(tenant)?.1 };
        Signer::from_seed(&self.log_origin(tenant, epoch), KeyKind::Log, seed.expose())
            .map_err(|e| Error::Seal(e.to_string()))
    }
}
