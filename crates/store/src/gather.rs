//! Turns what appends hand over into rows of tables, for a whole batch at once.
//!
//! It checks that the rows fit their place and each other; it does not look into them.

use std::collections::BTreeMap;

use domain::ids::{ReportNumber, TenantCode};
use domain::report::Holder;
use jiff::ToSpan as _;

use crate::append::{Append, Appended, Place};
use crate::db::{Clash, Tx, Value, args, day_number, int, statements};
use crate::error::{AppendError, StoreError};
use crate::rows::{ClockRow, CodeChange, LeafRow, NewWork, NextDue, PaperRow, Projection, ReportRow, Rows};
use crate::schema;

statements! {
    CODES_DROP = "DELETE FROM codes WHERE tenant = $1 AND report = $2";
    CLOCKS_DROP = "DELETE FROM clocks WHERE tenant = $1 AND report = $2";
    RECUSALS_DROP = "DELETE FROM recusals WHERE tenant = $1 AND report = $2";
    PAPERS_DROP = "DELETE FROM papers WHERE tenant = $1 AND report = $2";
    REPORTS_DROP = "DELETE FROM reports WHERE tenant = $1 AND report = $2";
}

/// What stood beside a report before and must go first.
#[derive(Clone, Copy)]
enum Drop {
    Codes,
    Projected,
}

/// Rows of one batch, by table.
#[derive(Default)]
pub(crate) struct Gathered {
    drops: Vec<(Drop, TenantCode, [u8; 16])>,
    tenants: Vec<Vec<Value>>,
    events: Vec<Vec<Value>>,
    salts: Vec<Vec<Value>>,
    log_rows: Vec<Vec<Value>>,
    content_keys: Vec<Vec<Value>>,
    identities: Vec<Vec<Value>>,
    codes: Vec<Vec<Value>>,
    idempotency: Vec<Vec<Value>>,
    reports: Vec<Vec<Value>>,
    clocks: Vec<Vec<Value>>,
    recusals: Vec<Vec<Value>>,
    papers: Vec<Vec<Value>>,
    thread: Vec<Vec<Value>>,
    blobs: Vec<Vec<Value>>,
    jobs: Vec<Vec<Value>>,
    renewed: Vec<Vec<Value>>,
    outbox: Vec<Vec<Value>>,
    import_rows: Vec<Vec<Value>>,
    ferry_reports: Vec<Vec<Value>>,
    tallies: BTreeMap<(TenantCode, i64, String), i64>,
}

impl Gathered {
    /// Adds one append's rows.
    pub(crate) fn add(&mut self, append: &Append, place: &Place<'_>, rows: Rows) -> Result<Appended, AppendError> {
        let tenant = &append.tenant;
        let stream = &append.stream;
        let Some(last) = rows.events.last() else {
            return Err(AppendError::Malformed("an append has at least one event"));
        };
        let appended =
            Appended { number: place.number.cloned(), version: last.row.version, commitment: last.row.commitment };
        if let Some(once) = append.once {
            // Good for at least 24 hours, without keeping the hour.
            let expires = append.today.saturating_add(2.days());
            let first = &rows.events[0].row;
            self.idempotency.push(args![
                &once.key,
                &once.body,
                tenant,
                stream,
                place.number,
                first.day,
                &first.commitment,
                expires
            ]);
        }
        let mut prev = place.prev;
        for (expected, event) in (place.version + 1..).zip(rows.events) {
            let (row, salt) = (event.row, event.salt);
            if row.version != expected {
                return Err(AppendError::Malformed("versions follow each other without a gap"));
            }
            if row.prev != prev {
                return Err(AppendError::Malformed("each event names the commitment before it"));
            }
            prev = row.commitment;
            let number = if expected == 1 { place.number } else { None };
            self.salts.push(args![tenant, &row.commitment, &salt]);
            self.log_rows.push(args![tenant, &row.commitment, row.day, None::<i64>, None::<i64>]);
            self.events.push(args![
                tenant,
                append.kind.as_str(),
                stream,
                row.version,
                row.event,
                row.day,
                row.header,
                row.sealed,
                row.key_no,
                number,
                &row.prev,
                &row.commitment
            ]);
        }
        let leaves = waiting_leaves(rows.leaves, tenant);
        self.log_rows.extend(leaves.log_rows);
        self.salts.extend(leaves.salts);
        for key in rows.content_keys {
            self.content_keys.push(args![tenant, stream, key.key_no, key.key_id, key.wrapped]);
        }
        if let Some(id) = rows.identity {
            self.identities.push(args![
                tenant,
                stream,
                id.envelope,
                id.custodian_share,
                id.approver_share,
                id.gate_share
            ]);
        }
        if let Some(code) = rows.code {
            if place.version > 0 {
                self.drops.push((Drop::Codes, tenant.clone(), *stream));
            }
            if let CodeChange::Set(code) = code {
                self.codes.push(args![&code.lookup, tenant, stream, &code.thread_key]);
            }
        }
        for message in rows.thread {
            self.thread.push(args![tenant, stream, message.seq, message.day, message.from.as_str(), message.envelope]);
        }
        for blob in rows.blobs {
            self.blobs.push(args![
                tenant,
                &blob.blob,
                stream,
                blob.version,
                blob.part.as_str(),
                blob.key_no,
                int(blob.size),
                blob.commitment
            ]);
        }
        self.jobs.extend(rows.jobs.into_iter().map(|w| work_row(tenant, w)));
        self.renewed.extend(rows.renewed.into_iter().map(|w| work_row(tenant, w)));
        self.outbox.extend(rows.outbox.into_iter().map(|w| work_row(tenant, w)));
        for import in rows.imports {
            self.import_rows.push(args![tenant, import.source, &import.key, stream]);
        }
        if let Some(ferry) = rows.ferry {
            self.ferry_reports.push(args![
                tenant,
                stream,
                ferry.package.map(int),
                0i64,
                0i64,
                0i64,
                None::<Vec<u8>>,
                None::<Vec<u8>>,
                None::<Vec<u8>>,
                0i64
            ]);
        }
        if let Some(organ) = rows.tenant {
            self.tenants.push(args![tenant, organ.edition.as_str(), organ.superior.as_ref()]);
        }
        for tally in rows.tallies {
            *self.tallies.entry((tenant.clone(), day_number(tally.day), tally.key)).or_default() += tally.delta;
        }
        if let Some(projection) = rows.projection {
            if projection.report.report.0 != *stream || projection.report.version != appended.version {
                return Err(AppendError::Malformed("the projection shows this report at this version"));
            }
            if place.number.is_some_and(|n| *n != projection.report.number) {
                return Err(AppendError::Malformed("the projection carries the number that was given"));
            }
            if place.version > 0 {
                self.drops.push((Drop::Projected, tenant.clone(), *stream));
            }
            self.add_projection(tenant, projection);
        }
        Ok(appended)
    }

    /// Adds the rows of a projection; what stood there must have been dropped.
    fn add_projection(&mut self, tenant: &TenantCode, projection: Projection) {
        let report = projection.report.report;
        let next = NextDue::of(&projection.clocks);
        self.reports.push(report_values(tenant, &projection.report, next));
        self.clocks.extend(projection.clocks.iter().map(|c| clock_values(tenant, &report.0, c)));
        self.recusals.extend(projection.recused.iter().map(|who| args![tenant, report, who.as_str()]));
        self.papers.extend(projection.papers.iter().map(|p| paper_values(tenant, &report.0, p)));
    }

    /// Writes everything, table by table.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        for (drop, tenant, report) in self.drops {
            match drop {
                Drop::Codes => {
                    tx.execute(CODES_DROP, args![&tenant, &report]).await?;
                }
                Drop::Projected => drop_beside(tx, &tenant, &report).await?,
            }
        }
        let tallies = self.tallies.into_iter().map(|((t, day, figure), n)| args![&t, day, figure, n]).collect();
        tx.insert(&schema::EVENTS, Clash::Fail, self.events).await?;
        tx.insert(&schema::TENANTS, Clash::Replace, self.tenants).await?;
        tx.insert(&schema::IMPORT_ROWS, Clash::Fail, self.import_rows).await?;
        tx.insert(&schema::FERRY_REPORTS, Clash::Fail, self.ferry_reports).await?;
        tx.insert(&schema::IDEMPOTENCY, Clash::Fail, self.idempotency).await?;
        tx.insert(&schema::SALTS, Clash::Fail, self.salts).await?;
        tx.insert(&schema::LOG_ROWS, Clash::Fail, self.log_rows).await?;
        tx.insert(&schema::CONTENT_KEYS, Clash::Fail, self.content_keys).await?;
        tx.insert(&schema::IDENTITIES, Clash::Fail, self.identities).await?;
        tx.insert(&schema::CODES, Clash::Fail, self.codes).await?;
        tx.insert(&schema::REPORTS, Clash::Replace, self.reports).await?;
        tx.insert(&schema::CLOCKS, Clash::Fail, self.clocks).await?;
        tx.insert(&schema::RECUSALS, Clash::Keep, self.recusals).await?;
        tx.insert(&schema::PAPERS, Clash::Fail, self.papers).await?;
        tx.insert(&schema::THREAD, Clash::Fail, self.thread).await?;
        tx.insert(&schema::BLOBS, Clash::Fail, self.blobs).await?;
        tx.insert(&schema::JOBS, Clash::Keep, self.jobs).await?;
        tx.insert(&schema::JOBS, Clash::Replace, self.renewed).await?;
        tx.insert(&schema::OUTBOX, Clash::Keep, self.outbox).await?;
        // Last, because figures are rows that many commits share: locked as short as can be, in order.
        tx.insert(&schema::TALLIES, Clash::Add, tallies).await?;
        Ok(())
    }
}

/// Drops a report's clocks, recusals and papers; its row is replaced, not dropped.
pub(crate) async fn drop_beside(tx: &mut Tx, tenant: &TenantCode, report: &[u8; 16]) -> Result<(), StoreError> {
    for sql in [CLOCKS_DROP, RECUSALS_DROP, PAPERS_DROP] {
        tx.execute(sql, args![tenant, report]).await?;
    }
    Ok(())
}

/// Writes projections; what stood there is replaced.
pub(crate) async fn write_projections(
    tx: &mut Tx,
    tenant: &TenantCode,
    projections: Vec<Projection>,
) -> Result<(), StoreError> {
    let mut gathered = Gathered::default();
    for projection in projections {
        gathered.drops.push((Drop::Projected, tenant.clone(), projection.report.report.0));
        gathered.add_projection(tenant, projection);
    }
    gathered.write(tx).await
}

/// Leaves as rows of the log and of the salts.
pub(crate) struct Leaves {
    pub(crate) log_rows: Vec<Vec<Value>>,
    pub(crate) salts: Vec<Vec<Value>>,
}

/// Leaves that wait to be sequenced.
pub(crate) fn waiting_leaves(leaves: Vec<LeafRow>, tenant: &TenantCode) -> Leaves {
    let log_rows = leaves.iter().map(|l| args![tenant, &l.commitment, l.day, None::<i64>, None::<i64>]).collect();
    let salts = leaves.iter().filter_map(|l| l.salt.map(|salt| args![tenant, &l.commitment, &salt])).collect();
    Leaves { log_rows, salts }
}

fn work_row(tenant: &TenantCode, work: NewWork) -> Vec<Value> {
    args![
        tenant,
        &work.id,
        work.kind,
        &work.subject,
        work.payload,
        work.due_at,
        0i64,
        None::<i64>,
        0i64,
        None::<String>
    ]
}

/// How a holder stands in two columns.
pub(crate) fn holder_columns(holder: &Holder) -> (&'static str, &str) {
    match holder {
        Holder::Office { office } => ("office", &office.0),
        Holder::Organ { tenant } => ("organ", tenant.as_str()),
        Holder::Outside { key } => ("outside", key),
    }
}

fn report_values(tenant: &TenantCode, r: &ReportRow, next: NextDue) -> Vec<Value> {
    let (holder_kind, holder) = holder_columns(&r.holder);
    let number: &ReportNumber = &r.number;
    args![
        tenant,
        r.report,
        number,
        r.version,
        r.received_on,
        r.channel.as_str(),
        r.source.as_str(),
        r.signing.as_str(),
        r.urgency.as_str(),
        r.kind.map(|w| w.as_str()),
        r.ground.map(|w| w.as_str()),
        r.stage.as_str(),
        &r.office,
        holder_kind,
        holder,
        r.watcher.as_ref(),
        r.assignee.as_ref(),
        r.dispatched.map(|w| w.as_str()),
        r.repeat_of,
        r.platform_number.as_deref(),
        r.answered_on,
        r.rating.map(|w| w.as_str()),
        r.files,
        r.closed_on,
        r.last_on,
        next.yellow_on,
        next.red_on,
        next.due_on,
        r.returned_on,
        r.awaits.map(|a| a.as_str()),
        r.settled_on,
        r.message_on,
    ]
}

fn clock_values(tenant: &TenantCode, report: &[u8; 16], c: &ClockRow) -> Vec<Value> {
    args![
        tenant,
        report,
        c.seq,
        c.clock.as_str(),
        c.basis.as_str(),
        c.started_on,
        c.due_on,
        c.yellow_on,
        c.red_on,
        c.state.as_str(),
        c.stopped_on
    ]
}

fn paper_values(tenant: &TenantCode, report: &[u8; 16], p: &PaperRow) -> Vec<Value> {
    args![tenant, report, p.version, p.paper.as_str(), p.number.as_deref(), p.day]
}
