//! Every table, with its class and columns, in one list.

/// What kind of data a table holds (architecture, Tables).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The append-only register.
    Register,
    /// What may change or vanish.
    Secrets,
    /// Functions of the register.
    Projections,
    /// Queues, leases, log rows.
    Working,
}

/// What a column holds; three types are enough for both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// 64-bit integer; days are counted from 1970-01-01, times in microseconds.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Class.
    pub class: Class,
    /// Columns in order.
    pub columns: &'static [(&'static str, ColumnType)],
    /// How many of the first columns make the primary key.
    pub key: usize,
}

/// The list.
pub const TABLES: &[&Table] = &[];
