//! The proof of filing, fetched by choice with the code: it proves that something was filed on a
//! day and stands in the log, and holds neither the code nor the matter. As a file a program can
//! check, and as a page a person can keep beside it.

use domain::ids::StreamKind;
use ledger::Bundle;
use ledger::receipt::Subject;
use papers::Paper;
use papers::paper::FilingProof;
use tokio::sync::Semaphore;

use super::code::Presented;
use crate::clock::numbered_day;
use crate::error::Error;
use crate::hall::Hall;

/// Name of the file a program can check.
const PROOF_FILE: &str = "proof.tlog-proof";
/// Pages set at once for people with a code; more of them wait.
static SET_AT_ONCE: Semaphore = Semaphore::const_new(1);

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
        if self.is_outside(&presented.tenant) {
            let (_, copy) = self.copy_shown(presented).await?;
            let text = copy.and_then(|copy| copy.proof).ok_or_else(not_yet)?;
            return Ok(Proof { bytes: text.into_bytes(), name: PROOF_FILE });
        }
        let bundle = self.filing_bundle(presented).await?;
        let text = bundle.to_tlog_proof().unwrap_or_else(|| bundle.to_json());
        Ok(Proof { bytes: text.into_bytes(), name: PROOF_FILE })
    }

    /// The proof of filing as a page to keep beside the file (PDF).
    ///
    /// # Errors
    /// As [`Hall::proof`]; [`Error::Input`] where no font is installed.
    pub async fn proof_page(&self, presented: &Presented) -> Result<Proof, Error> {
        let bundle = match self.is_outside(&presented.tenant) {
            true => Bundle::parse(&self.proof(presented).await?.bytes).map_err(|e| Error::Seal(e.to_string()))?,
            false => self.filing_bundle(presented).await?,
        };
        let tenant = &presented.tenant;
        // The log the proof stands in: after a restore that may be a former one of the organ.
        let origin = bundle.origin().unwrap_or_default().to_owned();
        let log = self.keys.log_named(&origin);
        // The public role cannot sign the log and does not know its key: the organ publishes it.
        let signer = log.and_then(|(log, epoch)| self.keys.log_signer(&log, epoch).ok());
        let log_key = signer.map(|signer| signer.verifier().to_string());
        let page = FilingProof {
            organ: self.organ(tenant)?.directory.organ.name.clone(),
            received_on: numbered_day(bundle.day.0),
            commitment: hex::encode(bundle.commitment),
            log_origin: origin,
            log_key,
            proof_file: PROOF_FILE.to_owned(),
        };
        let _turn = SET_AT_ONCE.acquire().await.map_err(|e| Error::Io(e.to_string()))?;
        Ok(Proof { bytes: self.set(Paper::FilingProof(page)).await?, name: "document.pdf" })
    }

    async fn filing_bundle(&self, presented: &Presented) -> Result<Bundle, Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let first = stored.first().ok_or(Error::NotFound)?;
        // Without the opening: what was committed stays the office's and hers to tell.
        self.prove(tenant, Subject::Filing(None), first.row.commitment, first.row.day).await
    }
}

/// On the outside of two networks the proof comes with the first package from inside.
fn not_yet() -> Error {
    Error::input(
        "proof-ferried",
        "凭证由内网签发，随下一次摆渡送来，请过几天再来领取。",
        "The proof is signed on the inner network and comes with its next package; come back in a few days.",
    )
}
