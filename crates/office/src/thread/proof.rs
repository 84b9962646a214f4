//! The proof of filing, fetched by choice with the code: it proves that something was filed on a
//! day and stands in the log, and holds neither the code nor the matter.

use domain::ids::StreamKind;
use ledger::receipt::Subject;

use super::code::Presented;
use crate::error::Error;
use crate::hall::Hall;

/// The proof as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// JSON, or `.tlog-proof` once the log is published.
    pub bytes: Vec<u8>,
    /// A neutral file name.
    pub name: &'static str,
}

impl Hall {
    /// The proof of filing of a report.
    ///
    /// # Errors
    /// [`Error::Input`] while it is being made; the store fails.
    pub async fn proof(&self, presented: &Presented) -> Result<Proof, Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let first = stored.first().ok_or(Error::NotFound)?;
        // Without the opening: what was committed stays the office's and hers to tell.
        let bundle = self.prove(tenant, Subject::Filing(None), first.row.commitment, first.row.day).await?;
        let text = bundle.to_tlog_proof().unwrap_or_else(|| bundle.to_json());
        Ok(Proof { bytes: text.into_bytes(), name: "proof.tlog-proof" })
    }
}
