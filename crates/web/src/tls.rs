//! TLS of a listener: a certificate and its key out of PEM files, checked against each other before
//! they are used, and exchanged while the door stays open. Connections keep what they began with.
//! It knows no page and asks nobody for a certificate.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Where a certificate and its key lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The certificate and those that vouch for it, PEM, its own first.
    pub cert: PathBuf,
    /// Its private key, PEM, not encrypted.
    pub key: PathBuf,
}

/// Why a pair is not used. The sentence names the file and never shows what is in it.
#[derive(Debug, thiserror::Error)]
pub enum TlsFault {
    /// The file cannot be read.
    #[error("{path}: {error}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// There is nothing of the kind in the file.
    #[error("{path} holds no {wanted} in PEM form; give the file with the BEGIN {wanted} line")]
    Nothing {
        /// Which.
        path: PathBuf,
        /// `CERTIFICATE` or `PRIVATE KEY`.
        wanted: &'static str,
    },
    /// The two do not belong together.
    #[error("{cert} does not match the key {key}: one of them was renewed without the other")]
    Mismatch {
        /// The certificate.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// It is a pair, and cannot be used.
    #[error("{cert} cannot be used with {key}: {why}")]
    Unusable {
        /// The certificate.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
        /// What the TLS library says.
        why: String,
    },
}

/// A pair that was read and holds together.
#[derive(Debug, Clone)]
pub struct Ready(Arc<ServerConfig>);

/// Reads a pair. Nothing is in force by that.
///
/// # Errors
/// Which file is wrong, and why.
pub fn read(pair: &Pair) -> Result<Ready, TlsFault> {
    let nothing = |path: &Path, wanted| TlsFault::Nothing { path: path.to_owned(), wanted };
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&bytes(&pair.cert)?)
        .collect::<Result<_, _>>()
        .map_err(|_| nothing(&pair.cert, "CERTIFICATE"))?;
    if certificates.is_empty() {
        return Err(nothing(&pair.cert, "CERTIFICATE"));
    }
    let key = PrivateKeyDer::from_pem_slice(&bytes(&pair.key)?).map_err(|_| nothing(&pair.key, "PRIVATE KEY"))?;
    let unusable = |error: rustls::Error| match error {
        rustls::Error::InconsistentKeys(_) => TlsFault::Mismatch { cert: pair.cert.clone(), key: pair.key.clone() },
        other => TlsFault::Unusable { cert: pair.cert.clone(), key: pair.key.clone(), why: other.to_string() },
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(certificates, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Ready(Arc::new(config)))
}

fn bytes(path: &Path) -> Result<Vec<u8>, TlsFault> {
    std::fs::read(path).map_err(|error| TlsFault::Unreadable { path: path.to_owned(), error })
}

/// What a listener speaks TLS with; shared with whoever exchanges it.
#[derive(Debug)]
pub struct Tls {
    pair: Pair,
    current: RwLock<Ready>,
}

impl Tls {
    /// Reads a pair for a listener.
    ///
    /// # Errors
    /// As [`read`].
    pub fn open(pair: Pair) -> Result<Arc<Self>, TlsFault> {
        let current = RwLock::new(read(&pair)?);
        Ok(Arc::new(Self { pair, current }))
    }

    /// Where it was read from.
    pub fn pair(&self) -> &Pair {
        &self.pair
    }

    /// New connections get this one from now on.
    pub fn replace(&self, ready: Ready) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = ready;
    }

    /// For the next connection.
    pub(crate) fn acceptor(&self) -> tokio_rustls::TlsAcceptor {
        self.current.read().unwrap_or_else(PoisonError::into_inner).0.clone().into()
    }
}

/// Marks a request that came over this program's own TLS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Encrypted;

#[cfg(test)]
mod tests {
    use super::*;

    fn made(folder: &Path, name: &str) -> Pair {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let pair = Pair { cert: folder.join(format!("{name}.pem")), key: folder.join(format!("{name}.key")) };
        std::fs::write(&pair.cert, made.cert.pem()).unwrap();
        std::fs::write(&pair.key, made.signing_key.serialize_pem()).unwrap();
        pair
    }

    #[test]
    fn a_pair_must_belong_together_and_the_sentence_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (made(folder.path(), "one"), made(folder.path(), "two"));
        assert!(read(&one).is_ok() && read(&two).is_ok());
        let crossed = read(&Pair { cert: one.cert.clone(), key: two.key.clone() }).unwrap_err();
        assert!(matches!(crossed, TlsFault::Mismatch { .. }), "{crossed}");
        assert!(crossed.to_string().contains("one.pem") && crossed.to_string().contains("two.key"), "{crossed}");
        // The files exchanged with each other.
        let swapped = read(&Pair { cert: one.key.clone(), key: one.cert.clone() }).unwrap_err().to_string();
        assert!(swapped.contains("one.key holds no CERTIFICATE"), "{swapped}");
        let no_key = read(&Pair { cert: one.cert.clone(), key: one.cert.clone() }).unwrap_err().to_string();
        assert!(no_key.contains("holds no PRIVATE KEY"), "{no_key}");
        let gone = read(&Pair { cert: folder.path().join("none.pem"), key: one.key }).unwrap_err().to_string();
        assert!(gone.contains("none.pem"), "{gone}");
    }
}
