//! Where sealed files lie other than in a folder: whatever keeps bytes under names. The room of
//! outside services has one; this room does not know which.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::time::SystemTime;

use tokio::io::AsyncRead;

/// Bytes being read.
pub type Reading = Box<dyn AsyncRead + Send + Unpin>;

/// What a shelf says, later. A missing name is [`io::ErrorKind::NotFound`].
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// Keeps bytes under names with slashes in them.
pub trait Shelf: Debug + Send + Sync {
    /// Puts a file under a name, whole or not at all; what had the name is replaced.
    fn put_file<'a>(&'a self, name: &'a str, file: &'a Path) -> Answer<'a, ()>;
    /// Whether a name exists.
    fn has<'a>(&'a self, name: &'a str) -> Answer<'a, bool>;
    /// The bytes under a name.
    fn read<'a>(&'a self, name: &'a str) -> Answer<'a, Reading>;
    /// Deletes a name; a missing one is no error.
    fn delete<'a>(&'a self, name: &'a str) -> Answer<'a, ()>;
    /// The last parts of the names below one, each with when it was written; in no order.
    fn list<'a>(&'a self, below: &'a str) -> Answer<'a, Vec<(String, SystemTime)>>;
}
