//! One key file: named secrets, sealed under a passphrase (Argon2id, then the suite's cipher), or
//! plain where the caller says that this is a demo. Mode 0600, written whole or not at all. It
//! does not know which keys a role needs (`folder`).

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::binding::{self, Binding};
use crate::entropy::{Entropy, draw};
use crate::password::{Cost, argon};

/// A passphrase; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what the holder typed.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl std::fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// How a key file is protected.
#[derive(Debug, Clone, Copy)]
pub enum Protection<'a> {
    /// Not at all: only for a demo. A plain file is refused where this is not said.
    DemoPlain,
    /// Under a passphrase.
    Passphrase {
        /// The passphrase.
        passphrase: &'a Passphrase,
        /// Work for a new file; an existing one names its own.
        cost: Cost,
    },
}

/// Why a key file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It is not there, or the system refuses.
    #[error("the key file {path} cannot be used ({source}); check the --keys folder")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Others than its owner may read it.
    #[error("the key file {path} can be read by others; set its mode to 0600")]
    Open {
        /// Which file.
        path: PathBuf,
    },
    /// It is no key file of this kind.
    #[error("the key file {path} is malformed; restore it from your copy of the keys")]
    Malformed {
        /// Which file.
        path: PathBuf,
    },
    /// The passphrase does not open it, or it was altered.
    #[error("the passphrase does not open the key file {path}")]
    Passphrase {
        /// Which file.
        path: PathBuf,
    },
    /// It is plain, and this is no demo.
    #[error("the key file {path} is not protected; plain key files are for the demo only")]
    Plain {
        /// Which file.
        path: PathBuf,
    },
    /// It is sealed, and no passphrase was given.
    #[error("the key file {path} is sealed; give its passphrase")]
    Sealed {
        /// Which file.
        path: PathBuf,
    },
}

/// A secret with a name, as it stands in a file.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Named {
    pub(crate) name: String,
    secret: String,
}

impl Named {
    pub(crate) fn new(name: &str, secret: &[u8; 32]) -> Self {
        Self { name: name.to_owned(), secret: hex::encode(secret) }
    }

    pub(crate) fn bytes(&self) -> Option<[u8; 32]> {
        let mut out = [0; 32];
        hex::decode_to_slice(&self.secret, &mut out).ok()?;
        Some(out)
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    dengwen_key_file: u32,
    kind: String,
    tenant: String,
    body: Body,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Body {
    DemoPlain(Vec<Named>),
    Argon2id { memory_kib: u32, passes: u32, salt: String, ciphertext: String },
}

/// What a file is: bound into its seal, so that no file can stand for another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind<'a> {
    pub(crate) kind: &'a str,
    pub(crate) tenant: &'a str,
}

impl Kind<'_> {
    fn bound(&self, memory_kib: u32, passes: u32, salt: &[u8]) -> Vec<u8> {
        Binding::new("dengwen/key-file/1")
            .bytes(self.kind.as_bytes())
            .bytes(self.tenant.as_bytes())
            .number(memory_kib)
            .number(passes)
            .bytes(salt)
            .done()
    }
}

/// More would only serve to exhaust the machine.
const MEMORY_LIMIT_KIB: u32 = 1024 * 1024;
const PASSES_LIMIT: u32 = 16;

fn file_key(passphrase: &Passphrase, memory: u32, passes: u32, salt: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    argon(memory, passes).ok()?.hash_password_into(passphrase.0.as_bytes(), salt, key.as_mut()).ok()?;
    Some(key)
}

/// Writes `secrets` to `path`, replacing what is there.
pub(crate) fn write(
    path: &Path,
    kind: Kind<'_>,
    secrets: Vec<Named>,
    protection: Protection<'_>,
    rng: &mut dyn Entropy,
) -> Result<(), KeyFileError> {
    let body = match protection {
        Protection::DemoPlain => Body::DemoPlain(secrets),
        Protection::Passphrase { passphrase, cost } => {
            let (memory_kib, passes) = cost.figures();
            let salt: [u8; 32] = draw(rng);
            let malformed = || KeyFileError::Malformed { path: path.to_owned() };
            let key = file_key(passphrase, memory_kib, passes, &salt).ok_or_else(malformed)?;
            let plain = Zeroizing::new(serde_json::to_vec(&secrets).map_err(|_| malformed())?);
            // The salt is fresh for each writing, so that the key is, and the nonce may be fixed.
            let aad = kind.bound(memory_kib, passes, &salt);
            let ciphertext = hex::encode(binding::encrypt(&key, &[0; 12], &aad, &plain));
            Body::Argon2id { memory_kib, passes, salt: hex::encode(salt), ciphertext }
        }
    };
    let file = File { dengwen_key_file: 1, kind: kind.kind.to_owned(), tenant: kind.tenant.to_owned(), body };
    let text = serde_json::to_vec_pretty(&file)
        .map(Zeroizing::new)
        .map_err(|_| KeyFileError::Malformed { path: path.to_owned() })?;
    replace(path, &text)
}

/// Replaces a file whole, for its owner only.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeyFileError> {
    let failed = |source| KeyFileError::Io { path: path.to_owned(), source };
    let fresh = path.with_extension("new");
    // A file left over by a crash was never renamed and is worth nothing.
    match fs::remove_file(&fresh) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)?;
    fs::rename(&fresh, path).map_err(failed)?;
    if let Some(folder) = path.parent() {
        fs::File::open(folder).and_then(|f| f.sync_all()).map_err(failed)?;
    }
    Ok(())
}

/// Reads the secrets of `path`.
pub(crate) fn read(path: &Path, kind: Kind<'_>, protection: Protection<'_>) -> Result<Vec<Named>, KeyFileError> {
    let path = path.to_owned();
    let failed = |source| KeyFileError::Io { path: path.clone(), source };
    let mode = fs::metadata(&path).map_err(failed)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(KeyFileError::Open { path });
    }
    let text = Zeroizing::new(fs::read(&path).map_err(failed)?);
    let malformed = || KeyFileError::Malformed { path: path.clone() };
    let file: File = serde_json::from_slice(&text).map_err(|_| malformed())?;
    if file.dengwen_key_file != 1 || file.kind != kind.kind || file.tenant != kind.tenant {
        return Err(malformed());
    }
    match (file.body, protection) {
        (Body::DemoPlain(secrets), Protection::DemoPlain) => Ok(secrets),
        (Body::DemoPlain(_), Protection::Passphrase { .. }) => Err(KeyFileError::Plain { path }),
        (Body::Argon2id { .. }, Protection::DemoPlain) => Err(KeyFileError::Sealed { path }),
        (Body::Argon2id { memory_kib, passes, salt, ciphertext }, Protection::Passphrase { passphrase, .. }) => {
            let (Ok(salt), Ok(ciphertext)) = (hex::decode(&salt), hex::decode(&ciphertext)) else {
                return Err(malformed());
            };
            if memory_kib > MEMORY_LIMIT_KIB || passes > PASSES_LIMIT {
                return Err(malformed());
            }
            let key = file_key(passphrase, memory_kib, passes, &salt).ok_or_else(malformed)?;
            let aad = kind.bound(memory_kib, passes, &salt);
            let plain = binding::decrypt(&key, &[0; 12], &aad, &ciphertext)
                .ok_or_else(|| KeyFileError::Passphrase { path: path.clone() })?;
            serde_json::from_slice(&plain).map_err(|_| malformed())
        }
    }
}
