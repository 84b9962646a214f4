//! Projections thrown away and rebuilt: reading what stands there and writing what should.
//!
//! The fold itself is the caller's; this file only compares rows with rows.

use domain::ids::{ReportId, TenantCode};

use crate::db::{Cells, args, run_tx, statements};
use crate::gather::{REPORTS_DROP, drop_beside, write_projections};
use crate::query::Scope;
use crate::rows::{ClockRow, ClockState, PaperRow, Projection};
use crate::{Store, StoreError};

statements! {
    CLOCKS_OF = "SELECT seq, clock, basis, started_on, due_on, yellow_on, red_on, state, stopped_on FROM clocks \
        WHERE tenant = $1 AND report = $2 ORDER BY seq";
    RECUSED_FROM = "SELECT report FROM recusals WHERE tenant = $1 AND who = $2 ORDER BY report";
    RECUSALS_OF = "SELECT who FROM recusals WHERE tenant = $1 AND report = $2";
    PAPERS_OF = "SELECT version, paper, number, day FROM papers WHERE tenant = $1 AND report = $2 ORDER BY version";
    PROJECTED_AFTER = "SELECT report FROM reports WHERE tenant = $1 AND report > $2 ORDER BY report LIMIT $3";
    VERSION_NOW = "SELECT max(version) FROM events WHERE tenant = $1 AND kind = 'report' AND stream = $2";
}

/// A report's projection as the events say it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RebuiltReport {
    /// Which report.
    pub report: ReportId,
    /// What must stand there.
    pub projection: Projection,
}

impl Store {
    /// The projection of a report as it stands; recusal tokens in order of the alphabet.
    ///
    /// # Errors
    /// The database fails, or [`StoreError::Damaged`].
    pub async fn projection(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<Projection>, StoreError> {
        let Some(report_row) = self.report(&Scope::program(tenant.clone()), report).await? else {
            return Ok(None);
        };
        let clocks = self.clocks(tenant, report).await?;
        let mut recused = Vec::new();
        for mut row in self.read.fetch("recusals", RECUSALS_OF, args![tenant, report]).await? {
            recused.push(row.text("who")?);
        }
        recused.sort_unstable();
        let papers = self.papers(tenant, report).await?;
        Ok(Some(Projection { report: report_row, clocks, recused, papers }))
    }

    /// The reports from which somebody is kept away, by her recusal token.
    ///
    /// # Errors
    /// The database fails.
    pub async fn recused_from(&self, tenant: &TenantCode, who: &str) -> Result<Vec<ReportId>, StoreError> {
        let rows = self.read.fetch("recusals", RECUSED_FROM, args![tenant, who]).await?;
        rows.into_iter().map(|mut r| Ok(ReportId(r.array("report")?))).collect()
    }

    /// The clocks of a report, in the order started.
    ///
    /// # Errors
    /// The database fails.
    pub async fn clocks(&self, tenant: &TenantCode, report: ReportId) -> Result<Vec<ClockRow>, StoreError> {
        let rows = self.read.fetch("clocks", CLOCKS_OF, args![tenant, report]).await?;
        rows.into_iter().map(|mut row| clock_row(&mut row)).collect()
    }

    /// The papers issued for a report, in order.
    ///
    /// # Errors
    /// The database fails.
    pub async fn papers(&self, tenant: &TenantCode, report: ReportId) -> Result<Vec<PaperRow>, StoreError> {
        let rows = self.read.fetch("papers", PAPERS_OF, args![tenant, report]).await?;
        rows.into_iter().map(|mut row| paper_row(&mut row)).collect()
    }

    /// Names of the reports that have a projection, after the given one, in order.
    ///
    /// # Errors
    /// The database fails.
    pub async fn projected_after(
        &self,
        tenant: &TenantCode,
        after: Option<ReportId>,
        limit: u32,
    ) -> Result<Vec<ReportId>, StoreError> {
        let after: Vec<u8> = after.map(|r| r.0.to_vec()).unwrap_or_default();
        let rows = self.read.fetch("reports", PROJECTED_AFTER, args![tenant, after, limit]).await?;
        rows.into_iter().map(|mut r| Ok(ReportId(r.array("report")?))).collect()
    }

    /// Replaces projections; those whose stream has moved on meanwhile are left alone. Returns how
    /// many were written.
    ///
    /// # Errors
    /// The database fails.
    pub async fn projection_replace(&self, tenant: &TenantCode, rebuilt: &[RebuiltReport]) -> Result<u64, StoreError> {
        run_tx!(self.write, "replace projections", tx => {
            let mut written = 0;
            for one in rebuilt {
                let found = tx.fetch_one("events", VERSION_NOW, args![tenant, one.report]).await?;
                let now = found.map(|mut r| r.opt_int("version")).transpose()?.flatten();
                if now == Some(one.projection.report.version.into()) {
                    write_projections(&mut tx, tenant, vec![one.projection.clone()]).await?;
                    written += 1;
                }
            }
            Ok(written)
        })
    }

    /// Deletes a projection that has no stream.
    ///
    /// # Errors
    /// The database fails.
    pub async fn projection_delete(&self, tenant: &TenantCode, report: ReportId) -> Result<(), StoreError> {
        run_tx!(self.write, "delete projection", tx => {
            drop_beside(&mut tx, tenant, &report.0).await?;
            tx.execute(REPORTS_DROP, args![tenant, report]).await
        })?;
        Ok(())
    }
}

pub(crate) fn clock_row(row: &mut Cells) -> Result<ClockRow, StoreError> {
    Ok(ClockRow {
        seq: row.num("seq")?,
        clock: row.text("clock")?,
        basis: row.text("basis")?,
        started_on: row.day("started_on")?,
        due_on: row.day("due_on")?,
        yellow_on: row.opt_day("yellow_on")?,
        red_on: row.opt_day("red_on")?,
        state: row.one_of("state", ClockState::ALL, ClockState::as_str)?,
        stopped_on: row.opt_day("stopped_on")?,
    })
}

pub(crate) fn paper_row(row: &mut Cells) -> Result<PaperRow, StoreError> {
    Ok(PaperRow {
        version: row.num("version")?,
        paper: row.text("paper")?,
        number: row.opt_text("number")?,
        day: row.day("day")?,
    })
}
