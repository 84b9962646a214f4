//! The records of a package: a tag, a length, and JSON or a file's bytes. It knows shapes only.

use std::io::{self, Read, Write};

use domain::content::StaffText;
use domain::ids::{ReportId, ReportNumber};
use domain::words::Rating;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::{
    BlobPart, BlobRow, CodeChange, CodeRow, ContentKeyRow, EventRow, IdentityRow, NewEvent, StoredEvent, ThreadFrom,
    ThreadRow,
};

use crate::error::Error;

/// No record in JSON is longer: a narrative has 64 KiB, a directory a few megabytes.
const RECORD_LIMIT: u64 = 32 * 1024 * 1024;
/// Longest name of a file.
const NAME_LIMIT: u64 = 200;
const END: u8 = 0;
const RECORD: u8 = 1;
const BLOB: u8 = 2;
const PUBLISHED: u8 = 3;

/// Bytes as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Hex(pub Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = hex::FromHexError;
    fn try_from(text: String) -> Result<Self, hex::FromHexError> {
        hex::decode(text).map(Self)
    }
}
impl From<Hex> for String {
    fn from(bytes: Hex) -> Self {
        hex::encode(bytes.0)
    }
}

impl Hex {
    /// As so many bytes.
    pub fn array<const N: usize>(&self) -> Result<[u8; N], Error> {
        self.0.as_slice().try_into().map_err(|_| damaged())
    }
}

/// A record that does not hold together.
pub(crate) fn damaged() -> Error {
    Error::input(
        "ferry-record",
        "摆渡包的内容无法识别，可能由另一版本的程序制作。请把两侧升级到同一版本，再让对侧重发这一包。",
        "the package holds something this program cannot read; bring both sides to the same version, then have the other side send it again",
    )
}

/// One record.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Item {
    /// First in every package.
    Hello {
        /// The last package of the other side that was taken.
        arrived: u64,
        /// Its digest: the other side may have been restored since, and made another one of that number.
        #[serde(default)]
        digest: Option<Hex>,
    },
    /// In: a filing whole.
    Filing(Box<FilingItem>),
    /// In: what a reporter did.
    Act {
        /// Of which report.
        report: ReportId,
        /// 1, 2, 3 … within the report.
        ord: u32,
        /// An [`ActItem`].
        act: Box<ActItem>,
    },
    /// Out: what a reporter is told.
    Copy {
        /// Of which report.
        report: ReportId,
        /// Version of the report that it shows.
        version: u32,
        /// Sealed to her code.
        copy: Hex,
        /// New entries of her thread.
        thread: Vec<EntryItem>,
    },
    /// Out: the organ's directory, as events of its stream.
    Directory {
        /// Those the outside lacks.
        events: Vec<EventItem>,
    },
    /// Out: programs that may file.
    FrontEnds {
        /// All of them.
        keys: Vec<FrontEndItem>,
    },
    /// Out: the signed key directory.
    KeyDirectory {
        /// As it stands in its file.
        signed: Hex,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventItem {
    pub version: u32,
    pub event: String,
    pub day: Date,
    pub header: String,
    pub sealed: Option<Hex>,
    pub key_no: Option<u32>,
    pub prev: Hex,
    pub commitment: Hex,
    pub salt: Hex,
}

impl EventItem {
    /// Of an event that stands in the register.
    pub fn of(event: StoredEvent) -> Result<Self, Error> {
        let salt = event.salt.ok_or_else(|| Error::Store("the salt of an event is gone".to_owned()))?;
        let row = event.row;
        Ok(Self {
            version: row.version,
            event: row.event,
            day: row.day,
            header: row.header,
            sealed: row.sealed.map(Hex),
            key_no: row.key_no,
            prev: Hex(row.prev.to_vec()),
            commitment: Hex(row.commitment.to_vec()),
            salt: Hex(salt.to_vec()),
        })
    }

    /// As it is appended.
    pub fn event(self) -> Result<NewEvent, Error> {
        let row = EventRow {
            version: self.version,
            event: self.event,
            day: self.day,
            header: self.header,
            sealed: self.sealed.map(|h| h.0),
            key_no: self.key_no,
            prev: self.prev.array()?,
            commitment: self.commitment.array()?,
        };
        Ok(NewEvent { row, salt: self.salt.array()? })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyItem {
    pub key_no: u32,
    pub key_id: String,
    pub wrapped: Hex,
}

impl KeyItem {
    pub fn of(row: ContentKeyRow) -> Self {
        Self { key_no: row.key_no, key_id: row.key_id, wrapped: Hex(row.wrapped) }
    }
    pub fn row(self) -> ContentKeyRow {
        ContentKeyRow { key_no: self.key_no, key_id: self.key_id, wrapped: self.wrapped.0 }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BlobItem {
    pub blob: Hex,
    pub key_no: u32,
    pub size: u64,
}

impl BlobItem {
    pub fn of(row: &BlobRow) -> Self {
        Self { blob: Hex(row.blob.to_vec()), key_no: row.key_no, size: row.size }
    }
    pub fn row(&self, version: u32) -> Result<BlobRow, Error> {
        Ok(BlobRow {
            blob: self.blob.array()?,
            version,
            part: BlobPart::Attachment,
            key_no: self.key_no,
            size: self.size,
            commitment: None,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeItem {
    pub lookup: Hex,
    pub thread_key: Hex,
}

impl CodeItem {
    pub fn of(row: &CodeRow) -> Self {
        Self { lookup: Hex(row.lookup.to_vec()), thread_key: Hex(row.thread_key.to_vec()) }
    }
    pub fn row(&self) -> Result<CodeRow, Error> {
        Ok(CodeRow { lookup: self.lookup.array()?, thread_key: self.thread_key.array()? })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum CodeChangeItem {
    Set(CodeItem),
    Destroy,
}

impl CodeChangeItem {
    pub fn of(change: &CodeChange) -> Self {
        match change {
            CodeChange::Set(row) => Self::Set(CodeItem::of(row)),
            CodeChange::Destroy => Self::Destroy,
        }
    }
    pub fn change(&self) -> Result<CodeChange, Error> {
        Ok(match self {
            Self::Set(item) => CodeChange::Set(item.row()?),
            Self::Destroy => CodeChange::Destroy,
        })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FilingItem {
    pub report: ReportId,
    pub number: ReportNumber,
    pub events: Vec<EventItem>,
    pub keys: Vec<KeyItem>,
    pub identity: Hex,
    pub shares: [Hex; 3],
    pub code: Option<CodeItem>,
    pub blobs: Vec<BlobItem>,
}

impl FilingItem {
    /// The identity envelope as a row.
    pub fn identity(&self) -> IdentityRow {
        let [custodian, approver, gate] = &self.shares;
        IdentityRow {
            envelope: self.identity.0.clone(),
            custodian_share: custodian.0.clone(),
            approver_share: approver.0.clone(),
            gate_share: gate.0.clone(),
        }
    }
}

/// What a reporter did, sealed to the office; the change of her code and the rows of her files are
/// what the outside knows anyway.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActItem {
    pub key: KeyItem,
    pub envelope: Hex,
    pub blobs: Vec<BlobItem>,
    pub code: Option<CodeChangeItem>,
}

/// What stands in the envelope of an act.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActWords {
    pub day: Date,
    pub did: Did,
    pub words: Option<StaffText>,
}

/// What she did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Did {
    Message,
    Evidence(u16),
    Objection,
    Rating(Rating),
    ReplaceCode,
    DestroyCode,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EntryItem {
    pub seq: u32,
    pub day: Date,
    pub envelope: Hex,
}

impl EntryItem {
    pub fn of(row: ThreadRow) -> Self {
        Self { seq: row.seq, day: row.day, envelope: Hex(row.envelope) }
    }
    /// Only the office's entries are carried: hers stand where she wrote them.
    pub fn row(self) -> ThreadRow {
        ThreadRow { seq: self.seq, day: self.day, from: ThreadFrom::Office, envelope: self.envelope.0 }
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrontEndItem {
    pub key: Hex,
    pub name: String,
    pub created_on: Date,
}

/// What comes next in a package.
pub(crate) enum Next {
    /// A record.
    Item(Item),
    /// A sealed file of this name; its bytes follow.
    Blob(String, u64),
    /// A file of the published log; its bytes follow.
    Published(String, u64),
    /// Nothing but padding.
    End,
}

/// Writes a record; returns its length.
pub(crate) fn put_item(to: &mut dyn Write, item: &Item) -> Result<u64, Error> {
    let json = serde_json::to_vec(item).map_err(|e| Error::Io(e.to_string()))?;
    if json.len() as u64 > RECORD_LIMIT {
        return Err(Error::Io(format!("a record of {} bytes would be refused by the other side", json.len())));
    }
    let whole = [&[RECORD][..], &(json.len() as u64).to_be_bytes(), &json].concat();
    to.write_all(&whole).map_err(|e| Error::Io(e.to_string()))?;
    Ok(whole.len() as u64)
}

/// Writes the head of a sealed file; its bytes follow. Returns the length of both.
pub(crate) fn put_blob(to: &mut dyn Write, name: &str, length: u64) -> io::Result<u64> {
    put_file(to, BLOB, name, length)
}

/// Writes the head of a file of the published log; its bytes follow. Returns the length of both.
pub(crate) fn put_published(to: &mut dyn Write, name: &str, length: u64) -> io::Result<u64> {
    put_file(to, PUBLISHED, name, length)
}

fn put_file(to: &mut dyn Write, tag: u8, name: &str, length: u64) -> io::Result<u64> {
    let head = [&[tag][..], &(name.len() as u64).to_be_bytes(), name.as_bytes(), &length.to_be_bytes()].concat();
    to.write_all(&head)?;
    Ok(head.len() as u64 + length)
}

/// Writes the end and the padding of a content that has `length` bytes so far.
pub(crate) fn put_end(to: &mut dyn Write, length: u64) -> io::Result<()> {
    to.write_all(&[END])?;
    let mut left = seal::ferry_padding(length + 1);
    let zeros = [0; 4096];
    while left > 0 {
        let n = left.min(zeros.len() as u64) as usize;
        to.write_all(&zeros[..n])?;
        left -= n as u64;
    }
    Ok(())
}

/// Reads what comes next.
pub(crate) fn next(from: &mut dyn Read) -> Result<Next, Error> {
    let io = |e: io::Error| Error::Io(format!("the package could not be read: {e}"));
    let mut tag = [0];
    from.read_exact(&mut tag).map_err(io)?;
    if tag == [END] {
        return Ok(Next::End);
    }
    let mut length = [0; 8];
    from.read_exact(&mut length).map_err(io)?;
    let length = u64::from_be_bytes(length);
    match tag {
        [RECORD] if length <= RECORD_LIMIT => {
            let mut json = vec![0; length as usize];
            from.read_exact(&mut json).map_err(io)?;
            serde_json::from_slice(&json).map(Next::Item).map_err(|_| damaged())
        }
        [BLOB | PUBLISHED] if length <= NAME_LIMIT => {
            let mut name = vec![0; length as usize];
            from.read_exact(&mut name).map_err(io)?;
            let mut size = [0; 8];
            from.read_exact(&mut size).map_err(io)?;
            let (name, size) = (String::from_utf8(name).map_err(|_| damaged())?, u64::from_be_bytes(size));
            Ok(if tag == [BLOB] { Next::Blob(name, size) } else { Next::Published(name, size) })
        }
        _ => Err(damaged()),
    }
}
