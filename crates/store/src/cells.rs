//! A row read back, taken apart column by column; what does not fit is damage, never a guess.

use std::str::FromStr;

use jiff::civil::Date;

use crate::error::StoreError;
use crate::values::{Value, day_of};

/// A row read, taken column by column in the order of the statement.
#[derive(Debug)]
pub(crate) struct Cells {
    table: &'static str,
    values: std::vec::IntoIter<Value>,
}

impl Cells {
    pub(crate) fn new(table: &'static str, values: Vec<Value>) -> Self {
        Self { table, values: values.into_iter() }
    }

    /// All values that are left.
    pub(crate) fn rest(self) -> impl Iterator<Item = Value> {
        self.values
    }

    fn damaged(&self, column: &'static str) -> StoreError {
        StoreError::Damaged { table: self.table, column }
    }

    pub(crate) fn opt_int(&mut self, column: &'static str) -> Result<Option<i64>, StoreError> {
        match self.values.next() {
            Some(Value::Int(v)) => Ok(v),
            Some(Value::Text(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(self.damaged(column)),
        }
    }
    pub(crate) fn int(&mut self, column: &'static str) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| self.damaged(column))
    }
    /// An integer of a narrower kind.
    pub(crate) fn num<T: TryFrom<i64>>(&mut self, column: &'static str) -> Result<T, StoreError> {
        let value = self.int(column)?;
        T::try_from(value).map_err(|_| self.damaged(column))
    }
    pub(crate) fn opt_num<T: TryFrom<i64>>(&mut self, column: &'static str) -> Result<Option<T>, StoreError> {
        let value = self.opt_int(column)?;
        value.map(|v| T::try_from(v).map_err(|_| self.damaged(column))).transpose()
    }
    pub(crate) fn opt_day(&mut self, column: &'static str) -> Result<Option<Date>, StoreError> {
        let value = self.opt_int(column)?;
        value.map(|v| day_of(v).ok_or_else(|| self.damaged(column))).transpose()
    }
    pub(crate) fn day(&mut self, column: &'static str) -> Result<Date, StoreError> {
        self.opt_day(column)?.ok_or_else(|| self.damaged(column))
    }
    pub(crate) fn opt_text(&mut self, column: &'static str) -> Result<Option<String>, StoreError> {
        match self.values.next() {
            Some(Value::Text(v)) => Ok(v),
            Some(Value::Int(None) | Value::Bytes(None)) => Ok(None),
            _ => Err(self.damaged(column)),
        }
    }
    pub(crate) fn text(&mut self, column: &'static str) -> Result<String, StoreError> {
        self.opt_text(column)?.ok_or_else(|| self.damaged(column))
    }
    /// A word in its stored spelling.
    pub(crate) fn opt_word<T: FromStr>(&mut self, column: &'static str) -> Result<Option<T>, StoreError> {
        let text = self.opt_text(column)?;
        text.map(|t| t.parse().map_err(|_| self.damaged(column))).transpose()
    }
    pub(crate) fn word<T: FromStr>(&mut self, column: &'static str) -> Result<T, StoreError> {
        self.opt_word(column)?.ok_or_else(|| self.damaged(column))
    }
    /// One of a few values, by its stored spelling.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        column: &'static str,
        all: &[T],
        spelling: fn(T) -> &'static str,
    ) -> Result<T, StoreError> {
        let text = self.text(column)?;
        all.iter().copied().find(|v| spelling(*v) == text).ok_or_else(|| self.damaged(column))
    }
    pub(crate) fn opt_bytes(&mut self, column: &'static str) -> Result<Option<Vec<u8>>, StoreError> {
        match self.values.next() {
            Some(Value::Bytes(v)) => Ok(v),
            Some(Value::Int(None) | Value::Text(None)) => Ok(None),
            _ => Err(self.damaged(column)),
        }
    }
    pub(crate) fn bytes(&mut self, column: &'static str) -> Result<Vec<u8>, StoreError> {
        self.opt_bytes(column)?.ok_or_else(|| self.damaged(column))
    }
    /// Bytes of a known length.
    pub(crate) fn opt_array<const N: usize>(&mut self, column: &'static str) -> Result<Option<[u8; N]>, StoreError> {
        let value = self.opt_bytes(column)?;
        value.map(|v| v.try_into().map_err(|_| self.damaged(column))).transpose()
    }
    pub(crate) fn array<const N: usize>(&mut self, column: &'static str) -> Result<[u8; N], StoreError> {
        self.opt_array(column)?.ok_or_else(|| self.damaged(column))
    }
}
