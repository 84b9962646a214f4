//! A report being opened for filing: its random id and its first content key exist, nothing is
//! stored yet. Files are streamed under this key before the words are sealed; what is begun and
//! never received leaves only orphaned files, which are swept.

use domain::content::{Attachment, Subject};
use domain::ids::{ReportId, TenantCode};
use domain::recusal::{self, Upward};
use seal::{ContentKey, KeyPlace, WrappedKey};
use store::BlobRow;

use crate::error::Error;
use crate::hall::Hall;

/// Begun and not yet received.
pub struct Opening {
    /// In whose register it will stand.
    pub tenant: TenantCode,
    /// The organ it was addressed to; differs from `tenant` where it goes up sealed (规则 Art 15).
    pub addressed: TenantCode,
    /// Its id.
    pub report: ReportId,
    pub(crate) key: ContentKey,
    pub(crate) wrapped: WrappedKey,
    /// Files attached so far.
    pub files: Vec<Attachment>,
    pub(crate) blobs: Vec<BlobRow>,
}

impl Hall {
    /// Begins a report. Whether it goes up sealed is decided here, from the subject fields alone
    /// and before a byte is stored: a report about the organ's own leader never enters its register.
    ///
    /// # Errors
    /// The organ is unknown, or it must go to a superior that keeps no register here: then the
    /// sentence says where to send it.
    pub fn open_report(&self, addressed: &TenantCode, subjects: &[Subject]) -> Result<Opening, Error> {
        let tenant = self.register_for(addressed, subjects)?;
        let mut rng = self.entropy();
        let report = ReportId(seal::fresh_id(&mut rng));
        let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no: 1 };
        let (key, wrapped) = ContentKey::mint(self.keys.office(&tenant)?, &place, &mut rng)?;
        Ok(Opening { tenant, addressed: addressed.clone(), report, key, wrapped, files: Vec::new(), blobs: Vec::new() })
    }

    /// The register a report about these subjects belongs in.
    fn register_for(&self, addressed: &TenantCode, subjects: &[Subject]) -> Result<TenantCode, Error> {
        let mut tenant = addressed.clone();
        // A superior's own leader may be reported to the organ below; each level is asked in turn.
        for _ in 0..8 {
            let organ = self.organ(&tenant)?;
            if recusal::check(subjects, &organ.directory).upward == Upward::None {
                return Ok(tenant);
            }
            let Some(superior) = organ.directory.superior() else { return Ok(tenant) };
            match &superior.tenant {
                Some(code) if self.organ(code).is_ok() => tenant = code.clone(),
                _ => {
                    let (name, address, phone) = (&superior.name, &superior.address, &superior.phone);
                    return Err(Error::input(
                        "goes-to-superior",
                        format!(
                            "您反映的对象由上级机关受理，为保护您，本机关不留存此件。请直接向{name}反映（地址：{address}，电话：{phone}）。您填写的内容还在本页，请抄下后离开。"
                        ),
                        format!(
                            "Reports about this person are received by the superior organ. To protect you, nothing is kept here. Please report directly to {name} ({address}, {phone}). Your text is still on this page."
                        ),
                    ));
                }
            }
        }
        Ok(tenant)
    }
}
