//! Papers on file: the very bytes that were issued, once more, and the proof that goes with them. Only
//! who may print a report's papers gets either. Whoever has both files can check them without us.

use domain::ids::ReportId;
use domain::permission::{Action, Resource, may};
use jiff::civil::Date;
use ledger::commit;
use ledger::receipt::{Opening, Subject};
use store::{BlobPart, BlobRow, PaperRow};

use super::{Issued, PaperKind};
use crate::audit::Deed;
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;
use crate::report::OpenReport;
use crate::thread::Proof;

/// A paper that was issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnFile {
    /// Name of the sealed file.
    pub blob: String,
    /// Which paper.
    pub kind: PaperKind,
    /// The day it was issued.
    pub day: Date,
}

impl Hall {
    /// The papers issued for an open report, oldest first.
    ///
    /// # Errors
    /// The store fails.
    pub async fn papers_on_file(&self, open: &OpenReport) -> Result<Vec<OnFile>, Error> {
        let mut all: Vec<OnFile> = self
            .rows_on_file(open)
            .await?
            .into_iter()
            .filter_map(|(blob, paper)| {
                let kind = PaperKind::parse(&paper.paper)?;
                Some(OnFile { blob: hex::encode(blob.blob), kind, day: paper.day })
            })
            .collect();
        all.sort_by_key(|paper| paper.day);
        Ok(all)
    }

    /// The bytes of a paper as it was issued. Recorded like a printing.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`].
    pub async fn paper_on_file(&self, me: &Me, report: ReportId, blob: &str) -> Result<Issued, Error> {
        let (_, _, pdf, paper) = self.filed(me, report, blob).await?;
        Ok(Issued { pdf, name: format!("{}.pdf", paper.paper) })
    }

    /// The proof of a paper: what opens its commitment, with inclusion once the log is published.
    /// Checked with `dengwen verify PROOF --paper PDF`, or on the verification page. Recorded.
    ///
    /// # Errors
    /// As [`Hall::paper_on_file`]; [`Error::NotFound`] also where its salt was lawfully destroyed.
    pub async fn paper_proof(&self, me: &Me, report: ReportId, blob: &str) -> Result<Proof, Error> {
        let (open, row, pdf, paper) = self.filed(me, report, blob).await?;
        let commitment = row.commitment.ok_or(Error::NotFound)?;
        let salt = self.store.salt(&open.tenant, &commitment).await?.ok_or(Error::NotFound)?;
        let subject = Subject::Paper(Opening { salt, digest: commit::sha256(&pdf) });
        let bundle = self.prove(&open.tenant, subject, commitment, paper.day).await?;
        let text = bundle.to_tlog_proof().unwrap_or_else(|| bundle.to_json());
        Ok(Proof { bytes: text.into_bytes(), name: "document.tlog-proof" })
    }

    async fn filed(
        &self,
        me: &Me,
        report: ReportId,
        blob: &str,
    ) -> Result<(OpenReport, BlobRow, Vec<u8>, PaperRow), Error> {
        let open = self.open_for(me, report).await?;
        let standing = self.standing(me, &open.state);
        if !me.in_roles().any(|who| may(&who, Action::PrintPaper, &Resource::Report(standing)).allows()) {
            return Err(Error::Forbidden("refused-role"));
        }
        let (row, paper) = self
            .rows_on_file(&open)
            .await?
            .into_iter()
            .find(|(row, _)| hex::encode(row.blob) == blob)
            .ok_or(Error::NotFound)?;
        self.record(me, Deed::Printed { report, paper: paper.paper.clone() }).await?;
        let pdf = self.open_blob(&open, row.blob, row.key_no).await?;
        Ok((open, row, pdf, paper))
    }

    async fn rows_on_file(&self, open: &OpenReport) -> Result<Vec<(BlobRow, PaperRow)>, Error> {
        let issued = self.store.papers(&open.tenant, open.id).await?;
        let blobs = self.store.blobs(&open.tenant, open.id).await?;
        let papers = blobs.into_iter().filter(|blob| blob.part == BlobPart::Paper && blob.commitment.is_some());
        Ok(papers
            .filter_map(|blob| Some((issued.iter().find(|paper| paper.version == blob.version)?.clone(), blob)))
            .map(|(paper, blob)| (blob, paper))
            .collect())
    }
}
