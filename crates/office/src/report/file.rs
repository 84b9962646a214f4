//! Sealed files handed out to those who may see the report: decrypted while they are read.

use domain::content::Attachment;
use domain::ids::ReportId;
use seal::FilePlace;

use super::open::{OpenReport, OpenWords};
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;

/// A file, opened and checked whole.
pub struct OpenedFile {
    /// Name as tidied at intake.
    pub name: String,
    /// Media type as sniffed.
    pub media_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl OpenReport {
    /// Every file that came with the report or later, in order.
    pub fn files(&self) -> Vec<Attachment> {
        let mut files = Vec::new();
        for event in &self.events {
            match &event.words {
                OpenWords::Narrative(n) if event.version == 1 => files.extend(n.files.iter().cloned()),
                OpenWords::Text(text) => {
                    if let Some(list) = text.fields.get("files") {
                        files.extend(serde_json::from_str::<Vec<Attachment>>(list).unwrap_or_default());
                    }
                }
                _ => {}
            }
        }
        files
    }
}

impl Hall {
    /// Hands out one file of a report to a person who may see it; recorded.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Seal`] where the file was altered, cut off or swapped.
    pub async fn file(&self, me: &Me, report: ReportId, blob: &str) -> Result<OpenedFile, Error> {
        let open = self.open_for(me, report).await?;
        let file = open.files().into_iter().find(|f| f.blob == blob).ok_or(Error::NotFound)?;
        self.record(me, crate::audit::Deed::Downloaded { report }).await?;
        let id: [u8; 16] = hex::decode(blob).ok().and_then(|b| b.try_into().ok()).ok_or(Error::NotFound)?;
        let row =
            self.store.blobs(&me.tenant, report).await?.into_iter().find(|b| b.blob == id).ok_or(Error::NotFound)?;
        let bytes = self.open_blob(&open, id, row.key_no).await?;
        if hex::encode(seal::sha256(&bytes)) != file.sha256 {
            return Err(Error::Seal("the file is not the one that was attached".to_owned()));
        }
        Ok(OpenedFile { name: file.name, media_type: file.media_type, bytes })
    }

    pub(crate) async fn open_blob(&self, open: &OpenReport, blob: [u8; 16], key_no: u32) -> Result<Vec<u8>, Error> {
        let key = open.keys.get(&key_no).ok_or(Error::NotFound)?;
        let mut sealed = Vec::new();
        let mut reader = self.blobs.read(&blob).await?;
        while let Some(segment) = reader.segment().await? {
            sealed.extend_from_slice(&segment);
        }
        let place = FilePlace { tenant: open.tenant.as_str(), report: open.id.0, blob };
        let mut bytes = Vec::new();
        seal::open_file(key, &place, &mut sealed.as_slice(), &mut bytes).map_err(|e| Error::Seal(e.to_string()))?;
        Ok(bytes)
    }
}
