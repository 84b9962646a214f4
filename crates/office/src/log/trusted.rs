//! The logs' public keys, as the verification page shows them. A key told by the organ whose log it
//! checks shows damage and mistakes, and nothing against the organ itself: the page says so. The key
//! stands in a file beside the published folder, so that a process that cannot sign the log knows it.

use std::io;
use std::path::{Path, PathBuf};

use ledger::{Verifier, commit};

use crate::error::Error;
use crate::hall::Hall;

/// The key of one log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedLog {
    /// Name of the organ whose log it is.
    pub organ: String,
    /// The key as verifiers take it, `name+id+key`.
    pub vkey: String,
    /// SHA-256 of that text, 64 hexadecimal digits: for comparing with a printed one.
    pub fingerprint: String,
}

impl Hall {
    /// The keys of every organ's logs, former ones included (after a restore): those this process
    /// signs with, else those published beside the folders. None where nothing was published yet.
    ///
    /// # Errors
    /// The store fails, or a published key cannot be read.
    pub async fn trusted_logs(&self) -> Result<Vec<TrustedLog>, Error> {
        let mut all = Vec::new();
        for organ in self.organs() {
            let last = self.store.log_head(&organ.tenant).await?.epoch.max(1);
            for epoch in 1..=last {
                let vkey = match self.keys.log_signer(&organ.tenant, epoch) {
                    Ok(signer) => Some(signer.verifier().to_string()),
                    Err(_) => read_key(&key_file(&self.places.log(&organ.tenant, epoch)))?,
                };
                if let Some(vkey) = vkey {
                    let fingerprint = hex::encode(commit::sha256(vkey.as_bytes()));
                    all.push(TrustedLog { organ: organ.directory.organ.name.clone(), vkey, fingerprint });
                }
            }
        }
        Ok(all)
    }
}

/// Where the key of the log published in a folder stands.
pub(super) fn key_file(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".vkey");
    folder.with_file_name(name)
}

/// Writes the key beside its folder where it does not stand there yet.
pub(super) fn write_key(file: &Path, vkey: &str) -> io::Result<()> {
    if std::fs::read(file).is_ok_and(|have| have == vkey.as_bytes()) {
        return Ok(());
    }
    // Two publishers write the same bytes, each by a name of its own.
    let fresh = file.with_extension(format!("vkey.{}", std::process::id()));
    std::fs::write(&fresh, vkey)?;
    std::fs::rename(&fresh, file)
}

fn read_key(file: &Path) -> Result<Option<String>, Error> {
    match std::fs::read_to_string(file) {
        Ok(text) => match Verifier::parse(&text) {
            Ok(key) => Ok(Some(key.to_string())),
            Err(fault) => Err(Error::Io(format!("{}: {fault}", file.display()))),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::Io(format!("{}: {error}", file.display()))),
    }
}
