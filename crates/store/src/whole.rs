//! All that the tables hold about a run of reports, in one question to each table, for whoever checks
//! them against their events.

use std::collections::HashMap;

use domain::ids::{ReportId, TenantCode};

use crate::db::{Cells, Sql, Value, args, statements};
use crate::lookups::{blob_row, content_key, identity_row};
use crate::query::{SELECT, report_row};
use crate::rebuild::{clock_row, paper_row};
use crate::rows::{BlobRow, ContentKeyRow, Id16, IdentityRow, Projection};
use crate::{Store, StoreError};

statements! {
    KEYS_BETWEEN = "SELECT report, key_no, key_id, wrapped FROM content_keys \
        WHERE tenant = $1 AND report > $2 AND report <= $3 ORDER BY report, key_no";
    IDENTITIES_BETWEEN = "SELECT report, envelope, custodian_share, approver_share, gate_share FROM identities \
        WHERE tenant = $1 AND report > $2 AND report <= $3";
    BLOBS_BETWEEN = "SELECT report, blob, version, part, key_no, size, commitment FROM blobs \
        WHERE tenant = $1 AND report > $2 AND report <= $3 ORDER BY report, version, blob";
    CLOCKS_BETWEEN = "SELECT report, seq, clock, basis, started_on, due_on, yellow_on, red_on, state, stopped_on \
        FROM clocks WHERE tenant = $1 AND report > $2 AND report <= $3 ORDER BY report, seq";
    RECUSALS_BETWEEN = "SELECT report, who FROM recusals WHERE tenant = $1 AND report > $2 AND report <= $3";
    PAPERS_BETWEEN = "SELECT report, version, paper, number, day FROM papers \
        WHERE tenant = $1 AND report > $2 AND report <= $3 ORDER BY report, version";
}

/// What stands beside the events of a report.
#[derive(Debug, Clone, Default)]
pub struct WholeReport {
    /// Its rows in the lists, if there are any; recusal tokens in order of the alphabet.
    pub projection: Option<Projection>,
    /// Its wrapped content keys, by number.
    pub keys: Vec<ContentKeyRow>,
    /// Its identity envelope.
    pub identity: Option<IdentityRow>,
    /// Its sealed files.
    pub blobs: Vec<BlobRow>,
}

/// The rows of the lists of a run of reports.
pub(crate) fn reports_between_sql() -> Sql {
    Sql(format!("{SELECT} WHERE r.tenant = $1 AND r.report > $2 AND r.report <= $3").into())
}

impl Store {
    /// What stands beside the events of the reports after one and up to another, in the order of
    /// their ids.
    ///
    /// # Errors
    /// The database fails, or [`StoreError::Damaged`].
    pub async fn whole_between(
        &self,
        tenant: &TenantCode,
        after: Option<&Id16>,
        last: &Id16,
    ) -> Result<HashMap<ReportId, WholeReport>, StoreError> {
        // The empty name stands before every other.
        let after: &[u8] = after.map_or(&[], |id| id.as_slice());
        let between = || -> Vec<Value> { args![tenant, after, last.as_slice()] };
        let mut found: HashMap<ReportId, WholeReport> = HashMap::new();
        for mut row in self.read.fetch("reports", reports_between_sql(), between()).await? {
            let report = report_row(&mut row)?;
            let (clocks, recused, papers) = (Vec::new(), Vec::new(), Vec::new());
            let whole = found.entry(report.report).or_default();
            whole.projection = Some(Projection { report, clocks, recused, papers });
        }
        let of = |row: &mut Cells| Ok::<_, StoreError>(ReportId(row.array("report")?));
        // What stands beside a report without a row in the lists has nothing to be compared with.
        for mut row in self.read.fetch("clocks", CLOCKS_BETWEEN, between()).await? {
            let (report, clock) = (of(&mut row)?, clock_row(&mut row)?);
            if let Some(projection) = found.get_mut(&report).and_then(|whole| whole.projection.as_mut()) {
                projection.clocks.push(clock);
            }
        }
        for mut row in self.read.fetch("recusals", RECUSALS_BETWEEN, between()).await? {
            let (report, who) = (of(&mut row)?, row.text("who")?);
            if let Some(projection) = found.get_mut(&report).and_then(|whole| whole.projection.as_mut()) {
                projection.recused.push(who);
            }
        }
        for mut row in self.read.fetch("papers", PAPERS_BETWEEN, between()).await? {
            let (report, paper) = (of(&mut row)?, paper_row(&mut row)?);
            if let Some(projection) = found.get_mut(&report).and_then(|whole| whole.projection.as_mut()) {
                projection.papers.push(paper);
            }
        }
        for mut row in self.read.fetch("content_keys", KEYS_BETWEEN, between()).await? {
            let (report, key) = content_key(&mut row)?;
            found.entry(report).or_default().keys.push(key);
        }
        for mut row in self.read.fetch("identities", IDENTITIES_BETWEEN, between()).await? {
            let (report, identity) = (of(&mut row)?, identity_row(&mut row)?);
            found.entry(report).or_default().identity = Some(identity);
        }
        for mut row in self.read.fetch("blobs", BLOBS_BETWEEN, between()).await? {
            let (report, blob) = (of(&mut row)?, blob_row(&mut row)?);
            found.entry(report).or_default().blobs.push(blob);
        }
        found.values_mut().filter_map(|whole| whole.projection.as_mut()).for_each(|p| p.recused.sort_unstable());
        Ok(found)
    }
}
