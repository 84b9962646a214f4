//! Reading what stands beside the register: codes, threads, wrapped keys, identities, salts,
//! imports, organs. It opens none of it.

use std::collections::{HashMap, HashSet};

use domain::ids::{ReportId, TenantCode};

use crate::db::{Cells, LONGEST_INSERT, Marks, Sql, Value, args, run_tx, statements};
use crate::rows::{BlobPart, BlobRow, Bytes32, ContentKeyRow, IdentityRow, TenantRow, ThreadFrom, ThreadRow};
use crate::streams::named;
use crate::{Store, StoreError};

statements! {
    CODE = "SELECT tenant, report, thread_key FROM codes WHERE lookup = $1";
    THREAD_KEY = "SELECT thread_key FROM codes WHERE tenant = $1 AND report = $2";
    THREAD_OF = "SELECT seq, day, author, envelope FROM thread WHERE tenant = $1 AND report = $2 ORDER BY seq";
    CONTENT_KEYS_OF = "SELECT report, key_no, key_id, wrapped FROM content_keys \
        WHERE tenant = $1 AND report = $2 ORDER BY key_no";
    CONTENT_KEYS_OTHER = "SELECT report, key_no, key_id, wrapped FROM content_keys \
        WHERE tenant = $1 AND key_id <> $2 ORDER BY report, key_no LIMIT $3";
    CONTENT_KEYS_LEFT = "SELECT count(*) FROM content_keys WHERE tenant = $1 AND key_id <> $2";
    CONTENT_KEY_REWRAP = "UPDATE content_keys SET key_id = $4, wrapped = $5 \
        WHERE tenant = $1 AND report = $2 AND key_no = $3";
    IDENTITY = "SELECT envelope, custodian_share, approver_share, gate_share FROM identities \
        WHERE tenant = $1 AND report = $2";
    SALT = "SELECT salt FROM salts WHERE tenant = $1 AND commitment = $2";
    BLOBS_OF = "SELECT blob, version, part, key_no, size, commitment FROM blobs \
        WHERE tenant = $1 AND report = $2 ORDER BY version, blob";
    TENANTS_ALL = "SELECT tenant, edition, superior FROM tenants ORDER BY tenant";
}

/// The report a query code leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeFound {
    /// Whose register.
    pub tenant: TenantCode,
    /// Which report.
    pub report: ReportId,
    /// Public key the thread's envelopes are sealed to.
    pub thread_key: Bytes32,
}

/// A report's thread in order.
pub type Thread = Vec<ThreadRow>;

impl Store {
    /// What a query code leads to.
    ///
    /// # Errors
    /// The database fails.
    pub async fn code(&self, lookup: &Bytes32) -> Result<Option<CodeFound>, StoreError> {
        let Some(mut row) = self.read.fetch_one("codes", CODE, args![lookup]).await? else {
            return Ok(None);
        };
        Ok(Some(CodeFound {
            tenant: row.word("tenant")?,
            report: ReportId(row.array("report")?),
            thread_key: row.array("thread_key")?,
        }))
    }

    /// The public key of a report's living code, to seal thread copies to; `None` once destroyed.
    ///
    /// # Errors
    /// The database fails.
    pub async fn thread_key(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<Bytes32>, StoreError> {
        let row = self.read.fetch_one("codes", THREAD_KEY, args![tenant, report]).await?;
        row.map(|mut r| r.array("thread_key")).transpose()
    }

    /// The thread of a report, oldest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn thread(&self, tenant: &TenantCode, report: ReportId) -> Result<Thread, StoreError> {
        let rows = self.read.fetch("thread", THREAD_OF, args![tenant, report]).await?;
        rows.into_iter()
            .map(|mut r| {
                Ok(ThreadRow {
                    seq: r.num("seq")?,
                    day: r.day("day")?,
                    from: r.one_of("author", ThreadFrom::ALL, ThreadFrom::as_str)?,
                    envelope: r.bytes("envelope")?,
                })
            })
            .collect()
    }

    /// The wrapped content keys of a report, by number.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys(&self, tenant: &TenantCode, report: ReportId) -> Result<Vec<ContentKeyRow>, StoreError> {
        let rows = self.read.fetch("content_keys", CONTENT_KEYS_OF, args![tenant, report]).await?;
        rows.into_iter().map(|mut r| content_key(&mut r).map(|(_, key)| key)).collect()
    }

    /// The content keys of several reports, each report's by number.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_of(
        &self,
        tenant: &TenantCode,
        reports: &[ReportId],
    ) -> Result<HashMap<ReportId, Vec<ContentKeyRow>>, StoreError> {
        let mut found: HashMap<ReportId, Vec<ContentKeyRow>> = HashMap::with_capacity(reports.len());
        for some in reports.chunks(LONGEST_INSERT) {
            let (length, args) = named(tenant, some);
            let sql = content_keys_sql(Marks::of(&self.read.pool), length);
            for mut row in self.read.fetch("content_keys", sql, args).await? {
                let (report, key) = content_key(&mut row)?;
                found.entry(report).or_default().push(key);
            }
        }
        Ok(found)
    }

    /// Content keys still wrapped to another office key than `key_id`, for rotation with progress.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_not_under(
        &self,
        tenant: &TenantCode,
        key_id: &str,
        limit: u32,
    ) -> Result<Vec<(ReportId, ContentKeyRow)>, StoreError> {
        let rows = self.read.fetch("content_keys", CONTENT_KEYS_OTHER, args![tenant, key_id, limit]).await?;
        rows.into_iter().map(|mut r| content_key(&mut r)).collect()
    }

    /// How many content keys are still wrapped to another office key than `key_id`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_left(&self, tenant: &TenantCode, key_id: &str) -> Result<u64, StoreError> {
        let mut rows = self.read.fetch("content_keys", CONTENT_KEYS_LEFT, args![tenant, key_id]).await?;
        rows.first_mut().map_or(Ok(0), |r| r.num("count"))
    }

    /// Replaces wrappings after rotation; rows that vanished meanwhile stay gone.
    ///
    /// # Errors
    /// The database fails.
    pub async fn content_keys_rewrap(
        &self,
        tenant: &TenantCode,
        rows: &[(ReportId, ContentKeyRow)],
    ) -> Result<(), StoreError> {
        run_tx!(self.write, "rewrap content keys", tx => {
            for (report, key) in rows {
                let args = args![tenant, *report, key.key_no, key.key_id.as_str(), key.wrapped.as_slice()];
                tx.execute(CONTENT_KEY_REWRAP, args).await?;
            }
            Ok(())
        })
    }

    /// The identity envelope of a report and its three shares.
    ///
    /// # Errors
    /// The database fails.
    pub async fn identity(&self, tenant: &TenantCode, report: ReportId) -> Result<Option<IdentityRow>, StoreError> {
        let row = self.read.fetch_one("identities", IDENTITY, args![tenant, report]).await?;
        row.map(|mut row| identity_row(&mut row)).transpose()
    }

    /// The salt of a commitment; `None` once erased.
    ///
    /// # Errors
    /// The database fails.
    pub async fn salt(&self, tenant: &TenantCode, commitment: &Bytes32) -> Result<Option<Bytes32>, StoreError> {
        let row = self.read.fetch_one("salts", SALT, args![tenant, commitment]).await?;
        row.map(|mut r| r.array("salt")).transpose()
    }

    /// The sealed files of a report.
    ///
    /// # Errors
    /// The database fails.
    pub async fn blobs(&self, tenant: &TenantCode, report: ReportId) -> Result<Vec<BlobRow>, StoreError> {
        let rows = self.read.fetch("blobs", BLOBS_OF, args![tenant, report]).await?;
        rows.into_iter().map(|mut row| blob_row(&mut row)).collect()
    }

    /// Which of these rows of a source were imported before.
    ///
    /// # Errors
    /// The database fails.
    pub async fn imported(
        &self,
        tenant: &TenantCode,
        source: &str,
        keys: &[Bytes32],
    ) -> Result<HashSet<Bytes32>, StoreError> {
        let marks = Marks::of(&self.read.pool);
        let mut found = HashSet::new();
        for some in keys.chunks(LONGEST_INSERT) {
            // Few lengths, so that the statements stay prepared: the last key is asked for again.
            let length = some.len().next_power_of_two();
            let mut args = args![tenant, source];
            args.extend((0..length).map(|i| Value::from(&some[i.min(some.len() - 1)])));
            for mut row in self.read.fetch("import_rows", imported_sql(marks, length), args).await? {
                found.insert(row.array("row_key")?);
            }
        }
        Ok(found)
    }

    /// The organs that keep their register here, by code.
    ///
    /// # Errors
    /// The database fails.
    pub async fn tenants(&self) -> Result<Vec<(TenantCode, TenantRow)>, StoreError> {
        let rows = self.read.fetch("tenants", TENANTS_ALL, args![]).await?;
        rows.into_iter()
            .map(|mut r| {
                let tenant = r.word("tenant")?;
                Ok((tenant, TenantRow { edition: r.word("edition")?, superior: r.opt_word("superior")? }))
            })
            .collect()
    }
}

pub(crate) fn content_key(row: &mut Cells) -> Result<(ReportId, ContentKeyRow), StoreError> {
    Ok((
        ReportId(row.array("report")?),
        ContentKeyRow { key_no: row.num("key_no")?, key_id: row.text("key_id")?, wrapped: row.bytes("wrapped")? },
    ))
}

pub(crate) fn identity_row(row: &mut Cells) -> Result<IdentityRow, StoreError> {
    Ok(IdentityRow {
        envelope: row.bytes("envelope")?,
        custodian_share: row.bytes("custodian_share")?,
        approver_share: row.bytes("approver_share")?,
        gate_share: row.bytes("gate_share")?,
    })
}

pub(crate) fn blob_row(row: &mut Cells) -> Result<BlobRow, StoreError> {
    Ok(BlobRow {
        blob: row.array("blob")?,
        version: row.num("version")?,
        part: row.one_of("part", BlobPart::ALL, BlobPart::as_str)?,
        key_no: row.num("key_no")?,
        size: row.num("size")?,
        commitment: row.opt_array("commitment")?,
    })
}

/// The content keys of `n` reports.
pub(crate) fn content_keys_sql(marks: Marks, n: usize) -> Sql {
    let mut sql = "SELECT report, key_no, key_id, wrapped FROM content_keys WHERE tenant = ".to_owned();
    marks.push(&mut sql, 1);
    sql.push_str(" AND report IN (");
    marks.push_list(&mut sql, 2, n);
    sql.push_str(") ORDER BY report, key_no");
    Sql(sql.into())
}

/// The look-up of `n` imported rows.
pub(crate) fn imported_sql(marks: Marks, n: usize) -> Sql {
    let mut sql = "SELECT row_key FROM import_rows WHERE tenant = ".to_owned();
    marks.push(&mut sql, 1);
    sql.push_str(" AND source = ");
    marks.push(&mut sql, 2);
    sql.push_str(" AND row_key IN (");
    marks.push_list(&mut sql, 3, n);
    sql.push(')');
    Sql(sql.into())
}
