//! 提交凭证: what the reporter may keep to show that a report was filed and not changed since.
//!
//! It holds neither the query code nor a word of the matter, no report number and no QR code: a
//! scanning app would read and keep all of it. It does show that she reported, and says so.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The proof of filing. Facts only the log and the reporter have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilingProof {
    /// The organ that received the report.
    pub organ: String,
    /// The day of receipt; no time of day. Also the date in the file's metadata.
    pub received_on: Date,
    /// Commitment of the first event, 64 hexadecimal digits.
    pub commitment: String,
    /// Origin line of the log, e.g. `dengwen.example/log/990100001`.
    pub log_origin: String,
    /// The log's public key as its verifiers take it (`name+id+key`); the organ publishes the same.
    /// `None` where whoever made the page does not know it.
    pub log_key: Option<String>,
    /// File name of the machine-readable proof that goes with this page.
    pub proof_file: String,
}
