//! Every table, with its class, columns and key, in one list; a test holds both engines' migrations
//! to it.
//!
//! Statements that write whole rows and the portable snapshot are made from this list, so a column
//! cannot be forgotten in one of them. The list knows names and shapes, nothing of meaning.

use ColumnType::{Bytes, Int, Text};

/// What kind of data a table holds (architecture, Tables).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The append-only register.
    Register,
    /// What may change or vanish: wrapped keys, salts, sign-ins, look-ups.
    Secrets,
    /// Functions of the register; can be thrown away and rebuilt.
    Projections,
    /// Queues, log rows, leases, files, counters.
    Working,
}

/// What a column holds; three types are enough for both engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// 64-bit integer; days are counted from 1970-01-01, times in Unix microseconds.
    Int,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// How a table's rows are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// Tenant first, in every key and every WHERE (citus.md 1).
    ByTenant,
    /// By a hash alone, before anybody knows the tenant: the allow-listed kind.
    ByHash,
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Class.
    pub class: Class,
    /// How its rows are found.
    pub found: Found,
    /// Columns in order.
    pub columns: &'static [(&'static str, ColumnType)],
    /// How many of the first columns make the primary key.
    pub key: usize,
}

macro_rules! tables {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $class:ident, $found:ident, [$($key:ident: $ktype:ident),+] [$($column:ident: $type:ident),*];)+) => {
        $($(#[$doc])*
        pub(crate) const $constant: Table = Table {
            name: $name,
            class: Class::$class,
            found: Found::$found,
            columns: &[$((stringify!($key), $ktype),)+ $((stringify!($column), $type),)*],
            key: [$(stringify!($key)),+].len(),
        };)+
        /// Every table of the store.
        pub const TABLES: &[&Table] = &[$(&$constant,)+];
    };
}

tables! {
    /// The register.
    EVENTS = "events", Register, ByTenant,
        [tenant: Text, kind: Text, stream: Bytes, version: Int]
        [event: Text, day: Int, header: Text, sealed: Bytes, key_no: Int, number: Text, prev: Bytes, commitment: Bytes];
    /// Last number given, per tenant and year.
    NUMBERS = "numbers", Working, ByTenant, [tenant: Text, year: Int] [given: Int];
    /// Wrapped content keys.
    CONTENT_KEYS = "content_keys", Secrets, ByTenant,
        [tenant: Text, report: Bytes, key_no: Int] [key_id: Text, wrapped: Bytes];
    /// Identity envelopes and the shares of their keys.
    IDENTITIES = "identities", Secrets, ByTenant,
        [tenant: Text, report: Bytes] [envelope: Bytes, custodian_share: Bytes, approver_share: Bytes, gate_share: Bytes];
    /// Salts of commitments.
    SALTS = "salts", Secrets, ByTenant, [tenant: Text, commitment: Bytes] [salt: Bytes];
    /// Passwords and one-time links.
    CREDENTIALS = "credentials", Secrets, ByHash,
        [lookup: Bytes, kind: Text] [tenant: Text, staff: Text, secret: Text, expires_at: Int];
    /// Signed-in staff.
    SESSIONS = "sessions", Secrets, ByHash,
        [token: Bytes] [tenant: Text, staff: Text, data: Text, created_at: Int, seen_at: Int, expires_at: Int];
    /// Requests done once.
    IDEMPOTENCY = "idempotency", Secrets, ByHash,
        [key_hash: Bytes] [body_hash: Bytes, tenant: Text, stream: Bytes, number: Text, day: Int, commitment: Bytes, expires_on: Int];
    /// Query codes.
    CODES = "codes", Secrets, ByHash, [lookup: Bytes] [tenant: Text, report: Bytes, thread_key: Bytes];
    /// Programs that may file.
    API_KEYS = "api_keys", Secrets, ByHash, [key_hash: Bytes] [tenant: Text, name: Text, created_on: Int];
    /// Copies for the reporter.
    THREAD = "thread", Secrets, ByTenant,
        [tenant: Text, report: Bytes, seq: Int] [day: Int, author: Text, envelope: Bytes];
    /// Unsaved forms of the desk.
    DRAFTS = "drafts", Secrets, ByTenant,
        [tenant: Text, staff: Text, draft: Bytes] [form: Text, sealed: Bytes, changed_on: Int];
    /// How members of staff want to see their lists.
    VIEWS = "views", Working, ByTenant, [tenant: Text, staff: Text, list: Text] [setting: Text];
    /// Organs.
    TENANTS = "tenants", Projections, ByTenant, [tenant: Text] [edition: Text, superior: Text];
    /// What lists and filters see.
    REPORTS = "reports", Projections, ByTenant,
        [tenant: Text, report: Bytes]
        [number: Text, version: Int, received_on: Int, channel: Text, source: Text, signing: Text, urgency: Text,
         kind: Text, ground: Text, stage: Text, office: Text, holder_kind: Text, holder: Text, watcher: Text,
         assignee: Text, dispatched: Text, repeat_of: Bytes, platform_number: Text, answered_on: Int, rating: Text,
         files: Int, closed_on: Int, last_on: Int, yellow_on: Int, red_on: Int, due_on: Int, returned_on: Int,
         awaits: Text, settled_on: Int, message_on: Int];
    /// Clocks.
    CLOCKS = "clocks", Projections, ByTenant,
        [tenant: Text, report: Bytes, seq: Int]
        [clock: Text, basis: Text, started_on: Int, due_on: Int, yellow_on: Int, red_on: Int, state: Text, stopped_on: Int];
    /// Who must not see a report, as keyed tokens.
    RECUSALS = "recusals", Projections, ByTenant, [tenant: Text, report: Bytes, who: Text] [];
    /// Papers issued.
    PAPERS = "papers", Projections, ByTenant,
        [tenant: Text, report: Bytes, version: Int] [paper: Text, number: Text, day: Int];
    /// Figures of the cockpit.
    TALLIES = "tallies", Projections, ByTenant, [tenant: Text, day: Int, figure: Text] [value: Int];
    /// Work of our own.
    JOBS = "jobs", Working, ByTenant,
        [tenant: Text, id: Bytes]
        [kind: Text, subject: Bytes, payload: Bytes, due_at: Int, attempts: Int, lease_until: Int, dead: Int, error: Text];
    /// Messages to others.
    OUTBOX = "outbox", Working, ByTenant,
        [tenant: Text, id: Bytes]
        [kind: Text, subject: Bytes, payload: Bytes, due_at: Int, attempts: Int, lease_until: Int, dead: Int, error: Text];
    /// Leaves of the log.
    LOG_ROWS = "log_rows", Working, ByTenant, [tenant: Text, commitment: Bytes] [day: Int, epoch: Int, idx: Int];
    /// Heads of the log.
    LOG_HEADS = "log_heads", Working, ByTenant,
        [tenant: Text, epoch: Int] [size: Int, frontier: Bytes, root: Bytes, checkpoint: Bytes];
    /// Leaves of the head log: the published checkpoints of every organ's log.
    HEAD_LEAVES = "head_leaves", Working, ByTenant, [tenant: Text, epoch: Int, idx: Int] [entry: Bytes];
    /// Leader work.
    LEASES = "leases", Working, ByTenant, [tenant: Text, name: Text] [holder: Text, fence: Int, expires_at: Int];
    /// Sealed files.
    BLOBS = "blobs", Working, ByTenant,
        [tenant: Text, blob: Bytes] [report: Bytes, version: Int, part: Text, key_no: Int, size: Int, commitment: Bytes];
    /// Rows imported.
    IMPORT_ROWS = "import_rows", Working, ByTenant, [tenant: Text, source: Text, row_key: Bytes] [report: Bytes];
    /// How reports stand between two networks.
    FERRY_REPORTS = "ferry_reports", Working, ByTenant,
        [tenant: Text, report: Bytes]
        [package: Int, acts: Int, shown: Int, proven: Int, shown_key: Bytes, copy: Bytes, former: Bytes, former_to: Int];
    /// Acts of reporters that wait to be carried in.
    FERRY_ACTS = "ferry_acts", Working, ByTenant, [tenant: Text, report: Bytes, ord: Int] [package: Int, payload: Bytes];
    /// Packages made and taken.
    FERRY_PACKAGES = "ferry_packages", Working, ByTenant, [tenant: Text, way: Text, number: Int] [digest: Bytes];
}

impl Table {
    /// The columns' names, separated by commas.
    pub(crate) fn column_names(&self) -> String {
        self.columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }

    /// The names of the primary key's columns, separated by commas.
    pub(crate) fn key_names(&self) -> String {
        self.columns[..self.key].iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}
