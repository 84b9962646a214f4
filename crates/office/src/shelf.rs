//! A bucket as the shelf on which the store keeps sealed files: the one joint between the two rooms.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use gateways::Bucket;
use store::{Answer, Reading, Shelf};

/// A bucket as a shelf.
#[derive(Debug)]
struct Shelved(Bucket);

/// A bucket as a shelf.
pub(crate) fn shelf(bucket: &Bucket) -> Arc<dyn Shelf> {
    Arc::new(Shelved(bucket.clone()))
}

impl Shelf for Shelved {
    fn put_file<'a>(&'a self, name: &'a str, file: &'a Path) -> Answer<'a, ()> {
        Box::pin(self.0.put_file(name, file))
    }

    fn has<'a>(&'a self, name: &'a str) -> Answer<'a, bool> {
        Box::pin(self.0.has(name))
    }

    fn read<'a>(&'a self, name: &'a str) -> Answer<'a, Reading> {
        Box::pin(self.0.reader(name))
    }

    fn delete<'a>(&'a self, name: &'a str) -> Answer<'a, ()> {
        Box::pin(self.0.delete(name))
    }

    fn list<'a>(&'a self, below: &'a str) -> Answer<'a, Vec<(String, SystemTime)>> {
        Box::pin(async move {
            let found = self.0.list(below).await?;
            Ok(found.into_iter().map(|found| (found.name, found.written)).collect())
        })
    }
}
