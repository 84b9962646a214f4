//! What the reporter adds with her code: a message, evidence, an objection, a rating.
//!
//! Her words are sealed twice: under a fresh content key that only the desk can open, and to her
//! own code, so that she sees her side of the thread. Files are sealed to the desk only and are
//! never shown again.

use domain::content::StaffText;
use domain::report::Command;
use domain::words::Rating;
use seal::{ContentKey, KeyPlace, ThreadPlace};
use store::{ContentKeyRow, Rows, ThreadFrom, ThreadRow};

use super::code::Presented;
use crate::error::Error;
use crate::hall::Hall;

/// What is added.
#[derive(Debug, Clone)]
pub enum Addition {
    /// A message in plain text.
    Message(String),
    /// Evidence: words and files (name, bytes).
    Evidence(String, Vec<(String, Vec<u8>)>),
    /// An objection to the result (规则 Art 27).
    Objection(String),
    /// A rating, once, of her own will (M98).
    Rating(Rating),
}

/// Longest message, in bytes.
const MESSAGE_LIMIT: usize = 15 * 1024;

impl Hall {
    /// Adds to a report by its code.
    ///
    /// # Errors
    /// [`Error::Input`] with what to mend, the law's reason, or the store fails; the page keeps
    /// the text.
    pub async fn add(&self, presented: &Presented, addition: Addition) -> Result<(), Error> {
        self.add_from(presented, addition, None).await
    }

    /// The same from a page that says how much she had done when it was made
    /// ([`Status::acts`](super::Status::acts)): a form that a reload sends again adds nothing.
    ///
    /// # Errors
    /// As [`Hall::add`]; [`Error::Input`] where she did something since.
    pub async fn add_from(&self, presented: &Presented, addition: Addition, acts: Option<u32>) -> Result<(), Error> {
        let (command, text, files) = match addition {
            Addition::Rating(rating) => {
                return self.reporter_acts(presented, Command::Rate { rating }, None, "", Rows::default()).await;
            }
            Addition::Message(text) => (Command::SendMessage, text, Vec::new()),
            Addition::Objection(text) => (Command::Object, text, Vec::new()),
            Addition::Evidence(text, files) => (Command::AddEvidence { files: files.len() as u16 }, text, files),
        };
        check(&text, files.len())?;
        let tenant = presented.tenant.as_str();
        let report = presented.report;
        let mut rng = self.entropy();
        let (version, done) = self.next_version(presented).await?;
        // Reckoned from the same reading as the version: of two at once one loses the append.
        if acts.is_some_and(|acts| done > acts) {
            return Err(sent_before());
        }
        // The version is as good as any number nobody else uses for a key of this report: a
        // second writer with the same one loses the append.
        let place = KeyPlace { tenant, report: report.0, key_no: version };
        let (key, wrapped) = ContentKey::mint(self.keys.office(&presented.tenant)?, &place, &mut rng)?;
        let mut rows = Rows {
            content_keys: vec![ContentKeyRow {
                key_no: version,
                key_id: wrapped.key_id().to_string(),
                wrapped: wrapped.as_bytes().to_vec(),
            }],
            ..Rows::default()
        };
        let mut fields = std::collections::BTreeMap::new();
        if !files.is_empty() {
            let mut attached = Vec::new();
            for (name, bytes) in files {
                let (attachment, blob) = self.seal_file(tenant, report, &key, version, &name, bytes).await?;
                attached.push(attachment);
                rows.blobs.push(blob);
            }
            let list = serde_json::to_string(&attached).map_err(|e| Error::Io(e.to_string()))?;
            fields.insert("files".to_owned(), list);
        }
        // What was handed in as evidence is never shown again (promise 9); the timeline says that it came.
        let shown = !matches!(command, Command::AddEvidence { .. });
        if shown && !text.trim().is_empty() {
            let place = ThreadPlace { tenant, report: report.0, seq: version };
            let envelope = seal::seal_to_thread(&presented.keys.public(), &place, text.as_bytes(), &mut rng)?;
            rows.thread =
                vec![ThreadRow { seq: version, day: self.clock.today(), from: ThreadFrom::Reporter, envelope }];
        }
        let said = text.clone();
        let words = serde_json::to_vec(&StaffText { text, fields }).map_err(|e| Error::Io(e.to_string()))?;
        self.reporter_acts(presented, command, Some((&key, words)), &said, rows).await
    }
}

fn sent_before() -> Error {
    Error::input(
        "sent-before",
        "这一页此前已经提交过一次，很可能已经送到：请先看这一页里的办理经过和留言。如果没有送到，或者您要再说一件事，请再按一次发送。",
        "This page was sent once before and has most likely arrived: look at the steps and messages on this page first. If it has not, or you want to say another thing, press send again.",
    )
}

fn check(text: &str, files: usize) -> Result<(), Error> {
    if text.trim().is_empty() && files == 0 {
        return Err(Error::input(
            "message-empty",
            "还没有写内容。请写下要补充或说明的事情，再按发送。",
            "Nothing was written yet. Write what you want to add, then send.",
        ));
    }
    if text.len() > MESSAGE_LIMIT {
        return Err(Error::input(
            "message-too-long",
            "一次最多写约五千字。请分几次发送，或作为附件上传。",
            "A message may have 15 KiB at most. Send it in parts, or attach it as a file.",
        ));
    }
    if files > crate::intake::FILES_LIMIT {
        return Err(Error::input(
            "too-many-files",
            "附件一次最多10个。请分几次上传。",
            "Ten files at a time. Send the rest with another message.",
        ));
    }
    Ok(())
}
