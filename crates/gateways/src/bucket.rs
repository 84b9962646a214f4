//! An S3-compatible bucket: where sealed files and published tiles lie when several machines share
//! them. What goes in is ciphertext or public; the bucket still sees when it came and how long it is
//! (docs/threat-model.md), so it is to be one of the organ's own.
//!
//! It knows names and bytes. What they mean, and that a name never gets other bytes, its callers see to.

use std::fmt;
use std::io::{self, Error, ErrorKind};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use futures::TryStreamExt as _;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufReader;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart};
use serde::Deserialize;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// Read and sent at once, in bytes; no part but the last may be smaller than 5 MiB.
const PART: usize = 8 << 20;

/// Where a bucket is. Who may write to it stands in the environment
/// (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`), never in a file of ours.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BucketPlace {
    /// Name of the bucket.
    pub name: String,
    /// Address of the service, `https://…`; `http://` is for one on the same machine.
    pub endpoint: String,
    /// Region, where the service has regions.
    #[serde(default = "region")]
    pub region: String,
    /// Put before every name, so that several installations may share a bucket; may be empty.
    #[serde(default)]
    pub prefix: String,
}

fn region() -> String {
    "us-east-1".to_owned()
}

/// A bucket and what stands before our names in it.
#[derive(Clone)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: Key,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bucket({})", self.prefix)
    }
}

/// A name in a bucket and when it was written.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its last part.
    pub name: String,
    /// When the bucket had it.
    pub written: SystemTime,
}

impl Bucket {
    /// The bucket at a place; nothing is asked of it yet.
    ///
    /// # Errors
    /// The place is written wrongly, or the environment names nobody who may use it.
    pub fn open(place: &BucketPlace) -> io::Result<Self> {
        let credential = |name: &str| {
            std::env::var(name).ok().filter(|text| !text.is_empty()).ok_or_else(|| {
                let said = format!("the bucket {} needs {name} in the environment", place.name);
                Error::new(ErrorKind::PermissionDenied, said)
            })
        };
        // Whoever chose another provider for this process before is not overruled.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let store = AmazonS3Builder::new()
            .with_bucket_name(&place.name)
            .with_endpoint(place.endpoint.trim_end_matches('/'))
            .with_region(&place.region)
            .with_allow_http(is_of_this_machine(&place.endpoint))
            .with_access_key_id(credential("AWS_ACCESS_KEY_ID")?)
            .with_secret_access_key(credential("AWS_SECRET_ACCESS_KEY")?)
            .build()
            .map_err(failed)?;
        let prefix = Key::parse(place.prefix.trim_matches('/')).map_err(|error| failed(error.into()))?;
        Ok(Self { store: Arc::new(store), prefix })
    }

    fn key(&self, name: &str) -> Key {
        let name = Key::from(name);
        self.prefix.parts().chain(name.parts()).collect()
    }

    /// Puts bytes under a name, whole or not at all.
    ///
    /// # Errors
    /// The bucket does not take them.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> io::Result<()> {
        self.store.put(&self.key(name), PutPayload::from(bytes)).await.map_err(failed)?;
        Ok(())
    }

    /// Puts a file under a name, whole or not at all; never more than a part of it is in memory.
    ///
    /// # Errors
    /// The file cannot be read, or the bucket does not take it.
    pub async fn put_file(&self, name: &str, file: &Path) -> io::Result<()> {
        let mut file = File::open(file).await?;
        let mut part = Vec::new();
        (&mut file).take(PART as u64).read_to_end(&mut part).await?;
        if part.len() < PART {
            return self.put(name, part).await;
        }
        let upload = self.store.put_multipart(&self.key(name)).await.map_err(failed)?;
        let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
        while !part.is_empty() {
            // One part on its way at a time: what is sent must not be read faster than it is taken.
            upload.wait_for_capacity(1).await.map_err(failed)?;
            upload.write(&part);
            part.clear();
            if let Err(error) = (&mut file).take(PART as u64).read_to_end(&mut part).await {
                let _ = upload.abort().await;
                return Err(error);
            }
        }
        upload.finish().await.map_err(failed)?;
        Ok(())
    }

    /// The bytes under a name; none where it does not exist.
    ///
    /// # Errors
    /// The bucket does not answer.
    pub async fn get(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        match self.store.get(&self.key(name)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(failed)?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    /// Whether a name exists.
    ///
    /// # Errors
    /// The bucket does not answer.
    pub async fn has(&self, name: &str) -> io::Result<bool> {
        match self.store.head(&self.key(name)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failed(error)),
        }
    }

    /// The bytes under a name, read as they are asked for.
    ///
    /// # Errors
    /// It does not exist, or the bucket does not answer.
    pub async fn reader(&self, name: &str) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
        let meta = self.store.head(&self.key(name)).await.map_err(failed)?;
        Ok(Box::new(BufReader::new(self.store.clone(), &meta)))
    }

    /// Deletes a name; a missing one is no error.
    ///
    /// # Errors
    /// The bucket does not answer.
    pub async fn delete(&self, name: &str) -> io::Result<()> {
        match self.store.delete(&self.key(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failed(error)),
        }
    }

    /// What stands below a name, in no order.
    ///
    /// # Errors
    /// The bucket does not answer.
    pub async fn list(&self, below: &str) -> io::Result<Vec<Found>> {
        let below = self.key(below);
        let mut listed = self.store.list(Some(&below));
        let mut found = Vec::new();
        while let Some(meta) = listed.try_next().await.map_err(failed)? {
            let name = meta.location.parts().next_back().map(|part| part.as_ref().to_owned()).unwrap_or_default();
            found.push(Found { name, written: SystemTime::from(meta.last_modified) });
        }
        Ok(found)
    }
}

/// Only towards this machine may words travel in clear, sealed as they are.
fn is_of_this_machine(endpoint: &str) -> bool {
    let Some(rest) = endpoint.strip_prefix("http://") else { return false };
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The service's own sentence may name addresses and request ids: what an administrator needs, and
/// nothing of a report.
fn failed(error: object_store::Error) -> Error {
    let kind = match &error {
        object_store::Error::NotFound { .. } => ErrorKind::NotFound,
        object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
            ErrorKind::PermissionDenied
        }
        _ => ErrorKind::Other,
    };
    Error::new(kind, format!("the bucket: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_clear_only_to_this_machine() {
        assert!(is_of_this_machine("http://127.0.0.1:9000"));
        assert!(is_of_this_machine("http://localhost:9000/"));
        for elsewhere in
            ["http://10.0.0.5:9000", "https://127.0.0.1", "http://127.0.0.1.example", "http://localhost.example"]
        {
            assert!(!is_of_this_machine(elsewhere), "{elsewhere}");
        }
    }
}
