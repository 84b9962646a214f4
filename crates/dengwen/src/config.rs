//! The configuration file: few settings, every one with a default, an unknown one refused.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use web::tls::Pair;

use crate::cli::Places;
use crate::setup::Fault;

/// Settings of an installation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Civil zone.
    pub zone: String,
    /// Domain name under which the logs are published; log origins begin with it.
    pub deployment: String,
    /// Folder of rules to use instead of the built-in ones.
    pub rules: Option<PathBuf>,
    /// Folder of fonts for papers.
    pub fonts: Option<PathBuf>,
    /// Seconds between publications of the log.
    pub publish_every: u64,
    /// Policy file (tlog-policy): which witnesses the logs are brought to and must be cosigned by.
    pub policy: Option<PathBuf>,
    /// S3-compatible bucket for sealed files and copies of published logs, where machines share them.
    pub bucket: Option<office::BucketPlace>,
    /// Certificate and key of both sides; plain HTTP without.
    pub tls: Option<TlsFiles>,
    /// Those of the desk, if it has its own.
    pub desk_tls: Option<TlsFiles>,
}

/// Files a side speaks TLS with.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsFiles {
    cert: PathBuf,
    key: PathBuf,
}

impl TlsFiles {
    /// As the listener wants them.
    pub fn pair(&self) -> Pair {
        Pair { cert: self.cert.clone(), key: self.key.clone() }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            zone: "Asia/Shanghai".to_owned(),
            deployment: "dengwen.invalid".to_owned(),
            rules: None,
            fonts: None,
            publish_every: 3600,
            policy: None,
            bucket: None,
            tls: None,
            desk_tls: None,
        }
    }
}

impl Config {
    /// Reads the file named, or the one beside the data folder, or takes the defaults.
    ///
    /// # Errors
    /// The file cannot be read or has a setting nobody knows.
    pub fn read(places: &Places) -> Result<Self, Fault> {
        let beside = PathBuf::from(format!("{}.toml", places.data.display()));
        let path = match &places.config {
            Some(path) => path.clone(),
            None if beside.exists() => beside,
            None => return Ok(Self::default()),
        };
        let text = std::fs::read_to_string(&path).map_err(|e| Fault::file(&path, &e))?;
        toml::from_str(&text).map_err(|e| Fault::Say(format!("{}: {}", path.display(), e.message())))
    }
}

/// The keys folder: named, or DATA.keys beside the data folder.
pub fn keys_folder(places: &Places) -> PathBuf {
    places.keys.clone().unwrap_or_else(|| beside(&places.data, "keys"))
}

/// `NAME.suffix` beside a folder.
fn beside(folder: &Path, suffix: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{suffix}"));
    folder.with_file_name(name)
}

/// The database address: named, or the SQLite register in the data folder.
pub fn database(places: &Places) -> String {
    places.database.clone().unwrap_or_else(|| format!("sqlite:{}", places.data.join("register.db").display()))
}
