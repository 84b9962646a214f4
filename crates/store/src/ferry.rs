//! Two networks that never meet: what waits to be carried, how far each report was carried, and
//! which packages were made and taken. It opens nothing and reads no package.

use domain::ids::{ReportId, ReportNumber, StreamKind, TenantCode};

use crate::db::{Clash, args, int, run_tx, statements};
use crate::leases::Fence;
use crate::log::check_fence;
use crate::rows::{Bytes32, CodeChange, CodeRow, IdentityRow, Rows, StoredEvent, ThreadRow};
use crate::{Store, StoreError, schema};

statements! {
    PACKAGE = "SELECT digest FROM ferry_packages WHERE tenant = $1 AND way = $2 AND number = $3";
    PACKAGE_LAST = "SELECT number, digest FROM ferry_packages WHERE tenant = $1 AND way = $2 ORDER BY number DESC LIMIT 1";
    REPORT = "SELECT package, acts, shown, proven, copy, former, former_to FROM ferry_reports WHERE tenant = $1 AND report = $2";
    /// In order of number, so that every package leaves the inside with a gapless series.
    FILINGS = "SELECT f.report FROM ferry_reports f JOIN events e ON e.tenant = f.tenant AND e.kind = 'report' \
        AND e.stream = f.report AND e.version = 1 WHERE f.tenant = $1 AND f.package IS NULL ORDER BY e.number";
    ACTS = "SELECT report, ord, payload FROM ferry_acts WHERE tenant = $1 AND package IS NULL ORDER BY report, ord";
    FILING_SENT = "UPDATE ferry_reports SET package = $3 WHERE tenant = $1 AND report = $2";
    ACT_SENT = "UPDATE ferry_acts SET package = $4 WHERE tenant = $1 AND report = $2 AND ord = $3";
    SHOWN = "UPDATE ferry_reports SET shown = $3, shown_key = $4, proven = $5 WHERE tenant = $1 AND report = $2";
    ACTS_ARRIVED = "DELETE FROM ferry_acts WHERE tenant = $1 AND package <= $2";
    ACT_NEXT = "UPDATE ferry_reports SET acts = acts + 1 WHERE tenant = $1 AND report = $2 AND acts = $3";
    FORMER_SET = "UPDATE ferry_reports SET copy = $3, former = $4, former_to = $5 WHERE tenant = $1 AND report = $2";
    CODE_DROP = "DELETE FROM codes WHERE tenant = $1 AND report = $2";
    COPY_SET = "UPDATE ferry_reports SET shown = $3, copy = $4 WHERE tenant = $1 AND report = $2 AND shown <= $3";
    /// What moved since it was carried out, changed its code, or has its proof by now.
    CHANGED = "SELECT f.report, f.shown, f.proven, f.shown_key, r.version, c.thread_key \
        FROM ferry_reports f JOIN reports r ON r.tenant = f.tenant AND r.report = f.report \
        LEFT JOIN codes c ON c.tenant = f.tenant AND c.report = f.report \
        WHERE f.tenant = $1 AND (r.version > f.shown OR f.proven = 0 \
        OR (c.thread_key IS NOT NULL AND (f.shown_key IS NULL OR f.shown_key <> c.thread_key))) ORDER BY f.report";
    CODE_OF = "SELECT lookup, thread_key FROM codes WHERE tenant = $1 AND report = $2";
}

/// The way of a package, as seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FerryWay {
    /// Made here.
    Sent,
    /// Taken here.
    Taken,
    /// Made here, and the other side said that it has it.
    Arrived,
}

impl FerryWay {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Taken => "taken",
            Self::Arrived => "arrived",
        }
    }
}

/// How a report stands between the networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FerryReport {
    /// In which package it was carried in; `None`: it waits.
    pub package: Option<u64>,
    /// Outside: acts of the reporter so far.
    pub acts: u32,
    /// Version of the report that the copy shows.
    pub shown: u32,
    /// Outside: the sealed copy of what she is told.
    pub copy: Option<Vec<u8>>,
    /// Outside: former keys of her thread, sealed to the key in use.
    pub former: Option<Vec<u8>>,
    /// Outside: entries of the thread up to this version stay closed to her new code.
    pub former_to: u32,
}

/// An act of a reporter that waits to be carried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FerryAct {
    /// Of which report.
    pub report: ReportId,
    /// 1, 2, 3 … within the report.
    pub ord: u32,
    /// Sealed to the office.
    pub payload: Vec<u8>,
}

/// A report that moved inside since it was last carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FerryChange {
    /// Which.
    pub report: ReportId,
    /// Version carried out last.
    pub shown: u32,
    /// The copy carried out last held the proof.
    pub proven: bool,
    /// The key it was sealed to.
    pub shown_key: Option<Bytes32>,
    /// Version now.
    pub version: u32,
    /// Her code's key now; `None` once destroyed.
    pub thread_key: Option<Bytes32>,
}

/// What a sent package carried, to be marked with it.
#[derive(Debug, Clone, Default)]
pub struct FerryLoad {
    /// Filings.
    pub filings: Vec<ReportId>,
    /// Acts.
    pub acts: Vec<(ReportId, u32)>,
    /// Reports shown: version, key sealed to, whether the proof was in it.
    pub shown: Vec<(ReportId, u32, Option<Bytes32>, bool)>,
    /// Version of the directory's stream, on its first row too.
    pub directory: Option<u32>,
}

/// What is written with an act of a reporter.
#[derive(Debug, Clone, Default)]
pub struct FerryBeside {
    /// Entry of her thread and rows of files; nothing else of it is read.
    pub rows: Rows,
    /// After a change of code: the copy sealed to the new one, and former keys up to a version.
    pub former: Option<(Option<Vec<u8>>, Vec<u8>, u32)>,
}

/// The row that stands for the directory.
const DIRECTORY: ReportId = ReportId([0; 16]);

impl Store {
    /// The last package of a way, with its digest.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_last(&self, tenant: &TenantCode, way: FerryWay) -> Result<Option<(u64, Bytes32)>, StoreError> {
        let row = self.read.fetch_one("ferry_packages", PACKAGE_LAST, args![tenant, way.as_str()]).await?;
        row.map(|mut r| Ok((r.num("number")?, r.array("digest")?))).transpose()
    }

    /// The digest of one package.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_package(
        &self,
        tenant: &TenantCode,
        way: FerryWay,
        number: u64,
    ) -> Result<Option<Bytes32>, StoreError> {
        let args = args![tenant, way.as_str(), int(number)];
        let row = self.read.fetch_one("ferry_packages", PACKAGE, args).await?;
        row.map(|mut r| r.array("digest")).transpose()
    }

    /// How a report stands between the networks; `None` if it never crossed.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_report(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<FerryReport>, StoreError> {
        let row = self.read.fetch_one("ferry_reports", REPORT, args![tenant, report]).await?;
        row.map(|mut r| {
            let package = r.opt_num("package")?;
            let (acts, shown) = (r.num("acts")?, r.num("shown")?);
            let _proven: u8 = r.num("proven")?;
            let (copy, former) = (r.opt_bytes("copy")?, r.opt_bytes("former")?);
            Ok(FerryReport { package, acts, shown, copy, former, former_to: r.num("former_to")? })
        })
        .transpose()
    }

    /// Version of the directory's stream that was carried out last.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_directory(&self, tenant: &TenantCode) -> Result<u32, StoreError> {
        Ok(self.ferry_report(tenant, DIRECTORY).await?.map_or(0, |row| row.shown))
    }

    /// Outside: acts and filings that wait, in the order they must be applied. The acts are looked
    /// at first: the filing of each is there by then.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_waiting(&self, tenant: &TenantCode) -> Result<(Vec<ReportId>, Vec<FerryAct>), StoreError> {
        let mut acts = Vec::new();
        for mut r in self.read.fetch("ferry_acts", ACTS, args![tenant]).await? {
            acts.push(FerryAct {
                report: ReportId(r.array("report")?),
                ord: r.num("ord")?,
                payload: r.bytes("payload")?,
            });
        }
        let rows = self.read.fetch("ferry_reports", FILINGS, args![tenant]).await?;
        let filings =
            rows.into_iter().map(|mut r| Ok(ReportId(r.array("report")?))).collect::<Result<_, StoreError>>()?;
        Ok((filings, acts))
    }

    /// Inside: reports of the outside that moved since they were carried out.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_changed(&self, tenant: &TenantCode) -> Result<Vec<FerryChange>, StoreError> {
        let rows = self.read.fetch("ferry_reports", CHANGED, args![tenant]).await?;
        rows.into_iter()
            .map(|mut r| {
                Ok(FerryChange {
                    report: ReportId(r.array("report")?),
                    shown: r.num("shown")?,
                    proven: r.int("proven")? != 0,
                    shown_key: r.opt_array("shown_key")?,
                    version: r.num("version")?,
                    thread_key: r.opt_array("thread_key")?,
                })
            })
            .collect()
    }

    /// A filing whole, as it is carried in: its events, identity and the row of its code.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_filing(
        &self,
        tenant: &TenantCode,
        report: ReportId,
    ) -> Result<Option<(ReportNumber, Vec<StoredEvent>, IdentityRow, Option<CodeRow>)>, StoreError> {
        let events = self.stream(tenant, StreamKind::Report, &report.0).await?;
        let Some(number) = events.first().and_then(|first| first.number.clone()) else { return Ok(None) };
        let Some(identity) = self.identity(tenant, report).await? else { return Ok(None) };
        let code = self.read.fetch_one("codes", CODE_OF, args![tenant, report]).await?;
        let code = code
            .map(|mut r| {
                Ok::<_, StoreError>(CodeRow { lookup: r.array("lookup")?, thread_key: r.array("thread_key")? })
            })
            .transpose()?;
        Ok(Some((number, events, identity, code)))
    }

    /// Records that a package was made, and marks what it carried, at once.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another process makes packages by now; the database fails.
    pub async fn ferry_sent(
        &self,
        fence: &Fence,
        number: u64,
        digest: &Bytes32,
        load: &FerryLoad,
    ) -> Result<(), StoreError> {
        let (tenant, n) = (&fence.tenant, int(number));
        run_tx!(self.write, "ferry sent", tx => {
            check_fence(&mut tx, fence).await?;
            tx.insert(&schema::FERRY_PACKAGES, Clash::Fail, vec![args![tenant, "sent", n, digest]]).await?;
            for report in &load.filings {
                tx.execute(FILING_SENT, args![tenant, *report, n]).await?;
            }
            for (report, ord) in &load.acts {
                tx.execute(ACT_SENT, args![tenant, *report, *ord, n]).await?;
            }
            for (report, version, key, proven) in &load.shown {
                let proven = i64::from(*proven);
                tx.execute(SHOWN, args![tenant, *report, *version, key.as_ref(), proven]).await?;
            }
            if let Some(version) = load.directory {
                let row = args![
                    tenant, DIRECTORY, n, 0i64, version, 1i64, None::<Vec<u8>>, None::<Vec<u8>>, None::<Vec<u8>>, 0i64
                ];
                tx.insert(&schema::FERRY_REPORTS, Clash::Replace, vec![row]).await?;
            }
            Ok(())
        })
    }

    /// Records that a package was taken to its end, and what the other side has of ours.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if another process takes packages by now; the database fails.
    pub async fn ferry_taken(
        &self,
        fence: &Fence,
        number: u64,
        digest: &Bytes32,
        arrived: u64,
    ) -> Result<(), StoreError> {
        let tenant = &fence.tenant;
        run_tx!(self.write, "ferry taken", tx => {
            check_fence(&mut tx, fence).await?;
            tx.insert(&schema::FERRY_PACKAGES, Clash::Keep, vec![args![tenant, "taken", int(number), digest]]).await?;
            if arrived > 0 {
                let row = args![tenant, "arrived", int(arrived), &[0u8; 32]];
                tx.insert(&schema::FERRY_PACKAGES, Clash::Keep, vec![row]).await?;
                tx.execute(ACTS_ARRIVED, args![tenant, int(arrived)]).await?;
            }
            Ok(())
        })
    }

    /// Outside: an act of a reporter, durable with everything she sees of it. `before` is how many
    /// acts she had been seen to have; false if another one came first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_act(
        &self,
        tenant: &TenantCode,
        act: &FerryAct,
        beside: &FerryBeside,
    ) -> Result<bool, StoreError> {
        let report = act.report;
        run_tx!(self.write, "ferry act", tx => {
            if tx.execute(ACT_NEXT, args![tenant, report, act.ord - 1]).await? == 0 {
                return Ok(false);
            }
            let row = args![tenant, report, act.ord, None::<i64>, act.payload.as_slice()];
            tx.insert(&schema::FERRY_ACTS, Clash::Fail, vec![row]).await?;
            let entries = beside.rows.thread.iter().map(|m| thread_values(tenant, report, m)).collect();
            tx.insert(&schema::THREAD, Clash::Fail, entries).await?;
            let blobs = beside.rows.blobs.iter().map(|b| args![
                tenant, &b.blob, report, b.version, b.part.as_str(), b.key_no, int(b.size), b.commitment
            ]).collect();
            tx.insert(&schema::BLOBS, Clash::Fail, blobs).await?;
            if let Some(change) = &beside.rows.code {
                tx.execute(CODE_DROP, args![tenant, report]).await?;
                if let CodeChange::Set(code) = change {
                    let row = args![&code.lookup, tenant, report, &code.thread_key];
                    tx.insert(&schema::CODES, Clash::Fail, vec![row]).await?;
                }
            }
            if let Some((copy, former, to)) = &beside.former {
                tx.execute(FORMER_SET, args![tenant, report, copy.clone(), former.as_slice(), *to]).await?;
            }
            Ok(true)
        })
    }

    /// Outside: puts the copy of what a reporter is told in the place of an earlier one, with new
    /// entries of her thread.
    ///
    /// # Errors
    /// The database fails.
    pub async fn ferry_copy(
        &self,
        tenant: &TenantCode,
        report: ReportId,
        version: u32,
        copy: &[u8],
        thread: &[ThreadRow],
    ) -> Result<(), StoreError> {
        run_tx!(self.write, "ferry copy", tx => {
            tx.execute(COPY_SET, args![tenant, report, version, copy]).await?;
            let entries = thread.iter().map(|m| thread_values(tenant, report, m)).collect();
            tx.insert(&schema::THREAD, Clash::Keep, entries).await?;
            Ok(())
        })
    }
}

fn thread_values(tenant: &TenantCode, report: ReportId, entry: &ThreadRow) -> Vec<crate::db::Value> {
    args![tenant, report, entry.seq, entry.day, entry.from.as_str(), entry.envelope.as_slice()]
}
