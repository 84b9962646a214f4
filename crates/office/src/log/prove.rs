//! Proofs from the published folder: what a person takes home.

use domain::ids::TenantCode;
use jiff::civil::Date;
use ledger::receipt::{Promise, Subject};
use ledger::{Bundle, Day, Folder, Reader, TlogProof, Trust};

use crate::clock::day_number;
use crate::error::Error;
use crate::hall::Hall;

impl Hall {
    /// The bundle for a commitment: with inclusion once it is published, with the signed promise
    /// where this process holds the log's key.
    pub(crate) async fn prove(
        &self,
        tenant: &TenantCode,
        subject: Subject,
        commitment: [u8; 32],
        day: Date,
    ) -> Result<Bundle, Error> {
        let day = Day(day_number(day));
        let mut bundle = Bundle { subject, commitment, day, promise: None, proof: None };
        // Promise and proof are of the same log: after a restore what was logged before stands in a former
        // one, and its key is what the paper kept beside the file names.
        let epoch = match self.store.log_index(tenant, &commitment).await? {
            Some((epoch, index)) => {
                bundle.proof = self.inclusion(tenant, epoch, index).await?;
                epoch
            }
            None => self.store.log_head(tenant).await?.epoch,
        };
        if let Ok(signer) = self.keys.log_signer(tenant, epoch) {
            let origin = self.keys.log_origin(tenant, epoch);
            let promise = Promise { origin, commitment, day };
            bundle.promise = Some(promise.sign(&signer).map_err(|e| Error::Seal(e.to_string()))?.to_string());
        }
        if bundle.proof.is_none() && bundle.promise.is_none() {
            return Err(Error::input(
                "proof-not-yet",
                "凭证正在生成，一小时内可以领取，请稍后再来。",
                "The proof is being made; it will be here within the hour.",
            ));
        }
        Ok(bundle)
    }

    async fn inclusion(&self, tenant: &TenantCode, epoch: u32, index: u64) -> Result<Option<TlogProof>, Error> {
        let folder = Folder::at(self.places.log(tenant, epoch));
        let Some(chosen) = self.checkpoint_for(tenant, epoch, index)? else { return Ok(None) };
        tokio::task::spawn_blocking(move || -> Result<Option<TlogProof>, Error> {
            if index >= chosen.checkpoint.size {
                return Ok(None);
            }
            let mut reader = Reader::open(&folder, &chosen.checkpoint).map_err(|e| Error::Io(e.to_string()))?;
            let note = chosen.note.to_string();
            TlogProof::make(&mut reader, index, &note).map(Some).map_err(|e| Error::Io(e.to_string()))
        })
        .await
        .map_err(|e| Error::Io(e.to_string()))?
    }

    /// What verifies this organ's log: its own key, and nobody else's.
    ///
    /// # Errors
    /// [`Error::NoKey`] without the log's key.
    pub async fn trust(&self, tenant: &TenantCode) -> Result<Trust, Error> {
        let epoch = self.store.log_head(tenant).await?.epoch;
        Ok(Trust::log(self.keys.log_signer(tenant, epoch)?.verifier()))
    }
}
