//! Keys of two networks: making a folder for the outside out of the one inside, and the key file of a
//! pair. It does not know how packages are made (`ferry`).

use std::fs;

use zeroize::Zeroizing;

use super::{KeyFolder, KeyFolderError, SHARED, TenantFolder, check_name, io, make_folder, named};
use crate::directory::{DirectoryError, KeyDirectory};
use crate::entropy::Entropy;
use crate::ferry::{FerryKeys, FerryPair, FerrySide};
use crate::keyfile::{self, Named, Protection};

impl KeyFolder {
    /// The organs that have keys here, by code.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn organs(&self) -> Result<Vec<String>, KeyFolderError> {
        let mut organs = Vec::new();
        for entry in fs::read_dir(&self.path).map_err(io(&self.path))? {
            let name = entry.map_err(io(&self.path))?.file_name().to_string_lossy().into_owned();
            if check_name(&name).is_ok() && self.has_tenant(&name) {
                organs.push(name);
            }
        }
        organs.sort_unstable();
        Ok(organs)
    }

    /// Whether the key that opens an organ's reports is here.
    pub fn opens(&self, tenant: &str) -> bool {
        self.tenant(tenant).is_ok_and(|folder| folder.file("office").exists())
    }

    /// Whether an organ is one of two networks.
    pub fn has_ferry(&self, tenant: &str) -> bool {
        self.tenant(tenant).is_ok_and(|folder| folder.file("ferry").exists())
    }

    /// Loads what this side of two networks holds; `None` where there is one network only.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn ferry(&self, tenant: &str, protection: Protection<'_>) -> Result<Option<FerryKeys>, KeyFolderError> {
        if !self.has_ferry(tenant) {
            return Ok(None);
        }
        let (path, secrets) = self.tenant(tenant)?.read("ferry", protection)?;
        let get = |name| named(&path, &secrets, name);
        let (side, pair) = match get("pair-outside") {
            Ok(pair) => (FerrySide::Outside, pair),
            Err(_) => (FerrySide::Inside, get("pair-inside")?),
        };
        let mut name = [0; 16];
        name.copy_from_slice(&pair[..16]);
        Ok(Some(FerryKeys {
            side,
            pair: name,
            signing: Zeroizing::new(get("signing")?),
            exchange: Zeroizing::new(get("exchange")?),
            peer_signing: get("peer-signing")?,
            peer_exchange: get("peer-exchange")?,
        }))
    }

    /// Makes an organ one of two networks: its own keys here, and in `outside` all that a public
    /// role needs there and nothing else.
    ///
    /// # Errors
    /// [`KeyFolderError::Exists`] where `outside` holds keys or the organ has a pair already;
    /// [`KeyFolderError::File`].
    pub fn outfit(
        &self,
        tenant: &str,
        outside: &Self,
        protections: (Protection<'_>, Protection<'_>),
        rng: &mut dyn Entropy,
    ) -> Result<FerryKeys, KeyFolderError> {
        let (here, there) = protections;
        let (from, to) = (self.tenant(tenant)?, outside.tenant(tenant)?);
        if to.path.exists() {
            return Err(KeyFolderError::Exists { path: to.path });
        }
        if from.file("ferry").exists() {
            return Err(KeyFolderError::Exists { path: from.file("ferry") });
        }
        make_folder(&to.path)?;
        if !outside.has_shared() {
            let shared = self.shared(here)?;
            let secrets =
                vec![Named::new("pepper", shared.pepper.expose()), Named::new("ticket", shared.ticket.expose())];
            keyfile::write(&outside.shared_path(), SHARED, secrets, there, rng)?;
        }
        let (_, intake) = from.read("intake", here)?;
        to.write("intake", intake, there, rng)?;
        keyfile::replace(&to.path.join("directory.json"), &from.bytes("directory.json")?)?;
        let pair = FerryPair::generate(rng);
        to.write_ferry(&pair.outside, there, rng)?;
        // What makes it a place of public keys is written before this side begins to send.
        keyfile::replace(&to.path.join("root.pub"), &from.bytes("root.pub")?)?;
        from.write_ferry(&pair.inside, here, rng)?;
        Ok(pair.inside)
    }

    /// The signed key directory of an organ, as it stands in its file.
    ///
    /// # Errors
    /// [`KeyFolderError::File`].
    pub fn signed_directory(&self, tenant: &str) -> Result<Vec<u8>, KeyFolderError> {
        Ok(self.tenant(tenant)?.bytes("directory.json")?)
    }

    /// Puts a later signed key directory in the place of the one there; true if it is another one.
    ///
    /// # Errors
    /// [`KeyFolderError::Directory`] where the pinned root did not sign it or an earlier one comes.
    pub fn put_signed_directory(&self, tenant: &str, signed: &[u8]) -> Result<bool, KeyFolderError> {
        let folder = self.tenant(tenant)?;
        let (root, old) = (folder.root()?, folder.bytes("directory.json")?);
        if old == signed {
            return Ok(false);
        }
        let found = KeyDirectory::checked(signed, &root, tenant)?.version();
        let wanted = KeyDirectory::checked(&old, &root, tenant)?.version() + 1;
        if found < wanted {
            return Err(DirectoryError::Order { found, wanted }.into());
        }
        keyfile::replace(&folder.path.join("directory.json"), signed)?;
        Ok(true)
    }
}

impl TenantFolder {
    fn write_ferry(
        &self,
        keys: &FerryKeys,
        protection: Protection<'_>,
        rng: &mut dyn Entropy,
    ) -> Result<(), KeyFolderError> {
        let mut pair = [0; 32];
        pair[..16].copy_from_slice(&keys.pair);
        let side = match keys.side {
            FerrySide::Outside => "pair-outside",
            FerrySide::Inside => "pair-inside",
        };
        let secrets = vec![
            Named::new(side, &pair),
            Named::new("signing", &keys.signing),
            Named::new("exchange", &keys.exchange),
            Named::new("peer-signing", &keys.peer_signing),
            Named::new("peer-exchange", &keys.peer_exchange),
        ];
        self.write("ferry", secrets, protection, rng)
    }
}
