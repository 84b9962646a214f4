//! The one task of a process that writes appends.

use crate::append::{Append, Appended};
use crate::error::AppendError;

#[derive(Debug)]
pub(crate) struct Writer {}

impl Writer {
    pub(crate) async fn send(&self, appends: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        let _ = appends;
        todo!()
    }
}
