//! 补充材料 by the office: what came in later by post or was handed over at the window, with a note
//! on where it came from. Files are cleaned and sealed as at intake, under the report's first key.

use std::collections::BTreeMap;

use domain::content::StaffText;
use domain::ids::ReportId;
use domain::report::Command;

use super::act::{Act, Acted, Beside};
use crate::desk::Me;
use crate::error::Error;
use crate::hall::Hall;
use crate::intake::FILES_LIMIT;

impl Hall {
    /// Adds evidence to a report; recorded.
    ///
    /// # Errors
    /// As [`Hall::act`]; [`Error::Input`] where there is nothing to add, or a file cannot be taken.
    pub async fn add_evidence(
        &self,
        me: &Me,
        report: ReportId,
        note: String,
        files: Vec<(String, Vec<u8>)>,
        seen: Option<u32>,
    ) -> Result<Acted, Error> {
        if note.trim().is_empty() && files.is_empty() {
            return Err(Error::input(
                "evidence-empty",
                "还没有选文件，也没有写说明。请选择材料，并写明从哪里收到、什么时候收到。",
                "Neither a file nor a note. Choose the material and say where and when it came from.",
            ));
        }
        if files.len() > FILES_LIMIT {
            return Err(Error::input(
                "too-many-files",
                "附件一次最多10个。请分几次上传。",
                "Ten files at a time. Send the rest with another message.",
            ));
        }
        let open = self.open_for(me, report).await?;
        let count = u16::try_from(files.len()).unwrap_or(u16::MAX);
        let command = Command::AddEvidence { files: count };
        // Asked before a file is looked into, and again where it is decided.
        self.actor_for(me, &open, &command)?;
        let mut beside = Beside::default();
        let mut fields = BTreeMap::new();
        if !files.is_empty() {
            let mut attached = Vec::with_capacity(files.len());
            for (name, bytes) in files {
                let version = open.state.version + 1;
                let (attachment, blob) =
                    self.seal_file(me.tenant.as_str(), report, open.key()?, version, &name, bytes).await?;
                attached.push(attachment);
                beside.blobs.push(blob);
            }
            let list = serde_json::to_string(&attached).map_err(|e| Error::Io(e.to_string()))?;
            fields.insert("files".to_owned(), list);
        }
        let mut act = Act::plain(command);
        act.text = Some(StaffText { text: note, fields });
        act.seen = seen;
        self.act_with(me, report, act, beside).await
    }
}
