//! Reading the register: one stream, a report under a scope, or everything in order for `fsck`.

use std::collections::HashMap;

use domain::ids::{ReportId, StreamKind, TenantCode};

use crate::db::{Cells, LONGEST_INSERT, Marks, Sql, Value, args, statements};
use crate::query::Scope;
use crate::rows::{EventRow, Id16, ReportRow, StoredEvent};
use crate::{Store, StoreError};

/// The columns of an event as `stored_event` reads them.
macro_rules! select_events {
    ($rest:literal) => {
        select_events!("e.sealed", $rest)
    };
    ($sealed:literal, $rest:literal) => {
        concat!(
            "SELECT e.tenant, e.kind, e.stream, e.version, e.event, e.day, e.header, ",
            $sealed,
            ", e.key_no, e.number, e.prev, e.commitment, s.salt FROM events e \
             LEFT JOIN salts s ON s.tenant = e.tenant AND s.commitment = e.commitment ",
            $rest
        )
    };
}

/// What a row of a list needs of a report: every header, and the seal of its words alone. Suggestions
/// and letters are most of a report's bytes.
const ROWS_OF: &str = select_events!(
    "CASE WHEN e.event IN ('received', 'corrected') THEN e.sealed END AS sealed",
    "WHERE e.kind = 'report' AND e.tenant = "
);

statements! {
    STREAM_VERSION = "SELECT max(version) FROM events WHERE tenant = $1 AND kind = $2 AND stream = $3";
    STREAM = select_events!("WHERE e.tenant = $1 AND e.kind = $2 AND e.stream = $3 ORDER BY e.version");
    STREAMS_AFTER = "SELECT DISTINCT stream FROM events WHERE tenant = $1 AND kind = $2 AND stream > $3 \
        ORDER BY stream LIMIT $4";
    STREAMS_BETWEEN = select_events!(
        "WHERE e.tenant = $1 AND e.kind = $2 AND e.stream > $3 AND e.stream <= $4 ORDER BY e.stream, e.version"
    );
    STREAMS_COUNT = "SELECT count(DISTINCT stream) FROM events WHERE tenant = $1 AND kind = $2";
}

impl Store {
    /// All events of a stream in order; empty if it does not exist. For the program itself: what is
    /// shown to a person goes through [`Store::open_report`].
    ///
    /// # Errors
    /// The database fails.
    pub async fn stream(
        &self,
        tenant: &TenantCode,
        kind: StreamKind,
        stream: &Id16,
    ) -> Result<Vec<StoredEvent>, StoreError> {
        let rows = self.read.fetch("events", STREAM, args![tenant, kind.as_str(), stream]).await?;
        rows.into_iter().map(|mut r| stored_event(&mut r)).collect()
    }

    /// The events of several reports as a row of a list needs them: of what is sealed only what
    /// `received` and `corrected` carry. What does not exist is left out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn reports_for_rows(
        &self,
        tenant: &TenantCode,
        reports: &[ReportId],
    ) -> Result<HashMap<ReportId, Vec<StoredEvent>>, StoreError> {
        let mut found: HashMap<ReportId, Vec<StoredEvent>> = HashMap::with_capacity(reports.len());
        for some in reports.chunks(LONGEST_INSERT) {
            let (length, args) = named(tenant, some);
            let sql = rows_sql(Marks::of(&self.read.pool), length);
            for mut row in self.read.fetch("events", sql, args).await? {
                let event = stored_event(&mut row)?;
                found.entry(ReportId(event.stream)).or_default().push(event);
            }
        }
        Ok(found)
    }

    /// How long a stream is; 0 if it does not exist.
    ///
    /// # Errors
    /// The database fails.
    pub async fn stream_version(
        &self,
        tenant: &TenantCode,
        kind: StreamKind,
        stream: &Id16,
    ) -> Result<u32, StoreError> {
        let row = self.read.fetch_one("events", STREAM_VERSION, args![tenant, kind.as_str(), stream]).await?;
        Ok(row.map(|mut r| r.opt_int("version")).transpose()?.flatten().map_or(0, |n| u32::try_from(n).unwrap_or(0)))
    }

    /// A report and its events, if this viewer may see it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn open_report(
        &self,
        scope: &Scope,
        report: ReportId,
    ) -> Result<Option<(ReportRow, Vec<StoredEvent>)>, StoreError> {
        let Some(row) = self.report(scope, report).await? else {
            return Ok(None);
        };
        let events = self.stream(&scope.tenant, StreamKind::Report, &report.0).await?;
        Ok(Some((row, events)))
    }

    /// Streams of a kind after the given one, in order of their names (whole streams, `limit` of
    /// them), for folding staff and directory, rebuilding and checking.
    ///
    /// # Errors
    /// The database fails.
    pub async fn streams_after(
        &self,
        tenant: &TenantCode,
        kind: StreamKind,
        after: Option<&Id16>,
        limit: u32,
    ) -> Result<Vec<Vec<StoredEvent>>, StoreError> {
        // The empty name stands before every other.
        let after: &[u8] = after.map_or(&[], |id| id.as_slice());
        let args = args![tenant, kind.as_str(), after, limit];
        let mut names = self.read.fetch("events", STREAMS_AFTER, args).await?;
        let Some(mut last) = names.pop() else {
            return Ok(Vec::new());
        };
        let args = args![tenant, kind.as_str(), after, last.bytes("stream")?];
        let mut streams: Vec<Vec<StoredEvent>> = Vec::with_capacity(names.len() + 1);
        for mut row in self.read.fetch("events", STREAMS_BETWEEN, args).await? {
            let event = stored_event(&mut row)?;
            match streams.last_mut() {
                Some(stream) if stream[0].stream == event.stream => stream.push(event),
                _ => streams.push(vec![event]),
            }
        }
        Ok(streams)
    }

    /// How many streams of a kind there are, for progress bars.
    ///
    /// # Errors
    /// The database fails.
    pub async fn streams_count(&self, tenant: &TenantCode, kind: StreamKind) -> Result<u64, StoreError> {
        let mut rows = self.read.fetch("events", STREAMS_COUNT, args![tenant, kind.as_str()]).await?;
        rows.first_mut().map_or(Ok(0), |r| r.num("count"))
    }
}

/// The values of a statement over some reports of a tenant. Few lengths, so that the statements stay
/// prepared: the last name is given again.
pub(crate) fn named(tenant: &TenantCode, reports: &[ReportId]) -> (usize, Vec<Value>) {
    let length = reports.len().next_power_of_two();
    let mut args = args![tenant];
    args.extend((0..length).filter_map(|i| reports.get(i.min(reports.len() - 1))).map(|report| Value::from(*report)));
    (length, args)
}

/// The events of `n` reports for rows of a list.
pub(crate) fn rows_sql(marks: Marks, n: usize) -> Sql {
    let mut sql = ROWS_OF.to_owned();
    marks.push(&mut sql, 1);
    sql.push_str(" AND e.stream IN (");
    marks.push_list(&mut sql, 2, n);
    sql.push_str(") ORDER BY e.stream, e.version");
    Sql(sql.into())
}

const KINDS: &[StreamKind] =
    &[StreamKind::Report, StreamKind::Directory, StreamKind::Staff, StreamKind::Rules, StreamKind::Audit];

fn stored_event(row: &mut Cells) -> Result<StoredEvent, StoreError> {
    // In the order of the statement's columns.
    let tenant = row.word("tenant")?;
    let kind = row.one_of("kind", KINDS, StreamKind::as_str)?;
    let stream = row.array("stream")?;
    let version = row.num("version")?;
    let event = row.text("event")?;
    let day = row.day("day")?;
    let header = row.text("header")?;
    let sealed = row.opt_bytes("sealed")?;
    let key_no = row.opt_num("key_no")?;
    let number = row.opt_word("number")?;
    let prev = row.array("prev")?;
    let commitment = row.array("commitment")?;
    let salt = row.opt_array("salt")?;
    let row = EventRow { version, event, day, header, sealed, key_no, prev, commitment };
    Ok(StoredEvent { tenant, kind, stream, number, row, salt })
}
