//! What goes into the tables and comes out of them, as plain structures.
//!
//! Bytes here are envelopes, wrapped keys, keyed digests and commitments: this file, like the whole
//! crate, has no key and cannot tell what any of them says. Projections carry no narrative, name,
//! category, rank or place (architecture, Tables).

use domain::ids::{OfficeId, ReportId, ReportNumber, StaffId, StreamKind, TenantCode};
use domain::report::Holder;
use domain::words::{Channel, DispatchWay, Edition, Ground, Kind, Rating, Role, Signing, Source, Stage, Urgency};
use jiff::civil::Date;

/// A hash, a keyed digest, a commitment or a salt.
pub type Bytes32 = [u8; 32];
/// A random name of a stream, blob, job or draft.
pub type Id16 = [u8; 16];

/// One event as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// 1, 2, 3 … within its stream.
    pub version: u32,
    /// The kind of event in the domain's spelling, e.g. `received`.
    pub event: String,
    /// Civil day in the organ's zone. A reporter's own acts carry no finer time.
    pub day: Date,
    /// Canonical JSON of the plain part.
    pub header: String,
    /// Envelope of what was written, if anything was.
    pub sealed: Option<Vec<u8>>,
    /// Which of the report's content keys opens `sealed`.
    pub key_no: Option<u32>,
    /// Commitment of the stream's event before; 32 zero bytes for the first.
    pub prev: Bytes32,
    /// The log's leaf for this event (ledger.md).
    pub commitment: Bytes32,
}

/// An event being appended: the row and the salt of its commitment, which goes to a table of its
/// own so that it can be destroyed on lawful erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    /// The row.
    pub row: EventRow,
    /// Salt of the commitment.
    pub salt: Bytes32,
}

/// An event read back, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// Whose register.
    pub tenant: TenantCode,
    /// Kind of stream.
    pub kind: StreamKind,
    /// Which stream.
    pub stream: Id16,
    /// The number given with this event (a report's first event only).
    pub number: Option<ReportNumber>,
    /// The event.
    pub row: EventRow,
    /// Its salt; `None` after erasure.
    pub salt: Option<Bytes32>,
}

/// The plain state of a report, for lists, filters and counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// Which report.
    pub report: ReportId,
    /// 编号.
    pub number: ReportNumber,
    /// Version of the stream this row reflects.
    pub version: u32,
    /// 收到日期.
    pub received_on: Date,
    /// 渠道.
    pub channel: Channel,
    /// 来源.
    pub source: Source,
    /// 署名.
    pub signing: Signing,
    /// 紧急程度.
    pub urgency: Urgency,
    /// 类别, once decided.
    pub kind: Option<Kind>,
    /// Ground of not accepting, if it was not accepted.
    pub ground: Option<Ground>,
    /// 环节.
    pub stage: Stage,
    /// Registering petition office.
    pub office: OfficeId,
    /// 承办单位.
    pub holder: Holder,
    /// The office that follows a two-way transfer.
    pub watcher: Option<OfficeId>,
    /// 承办人.
    pub assignee: Option<StaffId>,
    /// 分办方式 of the last dispatch.
    pub dispatched: Option<DispatchWay>,
    /// 主件.
    pub repeat_of: Option<ReportId>,
    /// National platform's number.
    pub platform_number: Option<String>,
    /// Day the feedback or reply was delivered.
    pub answered_on: Option<Date>,
    /// 满意度.
    pub rating: Option<Rating>,
    /// Files attached so far.
    pub files: u32,
    /// Day closed.
    pub closed_on: Option<Date>,
    /// Day it ended: closed, and nothing is owed to the reporter since.
    pub settled_on: Option<Date>,
    /// Day of the reporter's first message that nobody has answered.
    pub message_on: Option<Date>,
    /// Whose word it waits for.
    pub awaits: Option<Awaits>,
    /// Day of the last event.
    pub last_on: Date,
    /// Day it was returned by whom it was sent to, until it is sent on or closed.
    pub returned_on: Option<Date>,
    /// The earliest days at which a running clock turns yellow, turns red and runs out. The store
    /// fills it from the clocks written with the row; what the caller puts here is not read.
    pub next: NextDue,
}

/// Whose word a report waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Awaits {
    /// The 批示 of this role.
    Role(Role),
    /// The second person's on "no substance".
    SecondPerson,
    /// Of whoever reviews an answer (复查, 复核).
    Reviewer,
}

impl Awaits {
    pub(crate) const SECOND: &'static str = "second_person";
    pub(crate) const REVIEWER: &'static str = "reviewer";

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Role(role) => role.as_str(),
            Self::SecondPerson => Self::SECOND,
            Self::Reviewer => Self::REVIEWER,
        }
    }
}

impl std::str::FromStr for Awaits {
    type Err = <Role as std::str::FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            Self::SECOND => Ok(Self::SecondPerson),
            Self::REVIEWER => Ok(Self::Reviewer),
            role => role.parse().map(Self::Role),
        }
    }
}

/// The nearest days of a report's running clocks; all `None` when nothing runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NextDue {
    /// Yellow from this day on.
    pub yellow_on: Option<Date>,
    /// Red from this day on.
    pub red_on: Option<Date>,
    /// Last day; the day after, it is overdue.
    pub due_on: Option<Date>,
}

impl NextDue {
    /// The nearest days among the running clocks.
    pub fn of(clocks: &[ClockRow]) -> Self {
        let min = |day: fn(&ClockRow) -> Option<Date>| {
            clocks.iter().filter(|c| c.state == ClockState::Running).filter_map(day).min()
        };
        Self { yellow_on: min(|c| c.yellow_on), red_on: min(|c| c.red_on), due_on: min(|c| Some(c.due_on)) }
    }
}

/// Whether a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClockState {
    /// It runs.
    Running,
    /// It stands still.
    Paused,
    /// It was met or fell away.
    Stopped,
}

impl ClockState {
    pub(crate) const ALL: &[Self] = &[Self::Running, Self::Paused, Self::Stopped];

    /// The stored spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }
}

/// One clock of a report. The days at which it changes colour are worked out beforehand by
/// `domain::clock`, so that SQL only compares them with today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockRow {
    /// 1, 2, 3 … in the order started.
    pub seq: u32,
    /// Clock id in `rules/clocks`.
    pub clock: String,
    /// `legal` or `stretch`, as the domain spells it.
    pub basis: String,
    /// Day 0.
    pub started_on: Date,
    /// Last day.
    pub due_on: Date,
    /// Yellow from this day on.
    pub yellow_on: Option<Date>,
    /// Red from this day on.
    pub red_on: Option<Date>,
    /// Whether it counts.
    pub state: ClockState,
    /// Day it was stopped.
    pub stopped_on: Option<Date>,
}

/// A paper that was issued, as the register tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperRow {
    /// Version of the event that issued it.
    pub version: u32,
    /// Paper id in `rules/papers`.
    pub paper: String,
    /// Series number on the paper, if it has one.
    pub number: Option<String>,
    /// Day of issue.
    pub day: Date,
}

/// Everything projected from one report's events. Written whole; the store replaces what stood
/// there for the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The row for lists.
    pub report: ReportRow,
    /// All its clocks.
    pub clocks: Vec<ClockRow>,
    /// Keyed tokens of the staff who must not see it.
    pub recused: Vec<String>,
    /// Papers issued.
    pub papers: Vec<PaperRow>,
}

/// A change to a figure of the cockpit, made in the same commit as the event that caused it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// Day the figure belongs to.
    pub day: Date,
    /// Which figure, in the spelling of `domain::indicators`.
    pub key: String,
    /// Added to what stands there; may be negative.
    pub delta: i64,
}

/// A wrapped content key of a report; deletable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentKeyRow {
    /// 1 is made at intake; what the public side adds later has its own.
    pub key_no: u32,
    /// Which office key wraps it.
    pub key_id: String,
    /// HPKE envelope of the key.
    pub wrapped: Vec<u8>,
}

/// The identity envelope and the three shares of its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityRow {
    /// 4 KiB, a dummy where anonymous.
    pub envelope: Vec<u8>,
    /// Sealed to the custodians' role key.
    pub custodian_share: Vec<u8>,
    /// Sealed to the approvers' role key.
    pub approver_share: Vec<u8>,
    /// Sealed to the gate.
    pub gate_share: Vec<u8>,
}

/// What is found by a query code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// HMAC of the code under the pepper.
    pub lookup: Bytes32,
    /// Public key derived from the code; the thread's envelopes are sealed to it.
    pub thread_key: Bytes32,
}

/// What happens to the query code of a report in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeChange {
    /// A code is issued; an earlier one of the same report is destroyed.
    Set(CodeRow),
    /// No code any more.
    Destroy,
}

/// One message or notice in the reporter's thread, sealed to her code's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadRow {
    /// Version of the event it belongs to.
    pub seq: u32,
    /// Civil day.
    pub day: Date,
    /// Who wrote it.
    pub from: ThreadFrom,
    /// Sealed to the thread key.
    pub envelope: Vec<u8>,
}

/// Who wrote in the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ThreadFrom {
    /// The reporter.
    Reporter,
    /// The office.
    Office,
}

impl ThreadFrom {
    pub(crate) const ALL: &[Self] = &[Self::Reporter, Self::Office];

    /// The stored spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reporter => "reporter",
            Self::Office => "office",
        }
    }
}

/// A sealed file known to the register; its bytes lie in a [`crate::BlobStore`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobRow {
    /// Name of the file.
    pub blob: Id16,
    /// Version of the event it belongs to.
    pub version: u32,
    /// What it is.
    pub part: BlobPart,
    /// Which of the report's content keys opens it.
    pub key_no: u32,
    /// Sealed bytes on disk.
    pub size: u64,
    /// The log's leaf for the file, where it has one (papers and receipts).
    pub commitment: Option<Bytes32>,
}

/// What a blob is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BlobPart {
    /// A file that came with a report.
    Attachment,
    /// A paper the office issued.
    Paper,
}

impl BlobPart {
    pub(crate) const ALL: &[Self] = &[Self::Attachment, Self::Paper];

    /// The stored spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Attachment => "attachment",
            Self::Paper => "paper",
        }
    }
}

/// A leaf of the log that is not an event's: a paper, a receipt, a key directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafRow {
    /// The salted hash.
    pub commitment: Bytes32,
    /// Its salt, kept until erasure.
    pub salt: Option<Bytes32>,
    /// Civil day.
    pub day: Date,
}

/// Work for later: a job of our own, or a message to somebody else. Carries names only, never
/// what a report says; the payload of a message is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewWork {
    /// Name; a second one with the same name is not added, which makes retries harmless.
    pub id: Id16,
    /// What to do, e.g. `judge`.
    pub kind: String,
    /// Which stream it is about.
    pub subject: Id16,
    /// Plain words or sealed bytes the worker needs.
    pub payload: Vec<u8>,
    /// Not before, Unix microseconds; 0 is at once (the moment of filing stands in no table).
    pub due_at: i64,
}

/// Where an imported row came from; the same row is never taken twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRow {
    /// Source name.
    pub source: String,
    /// Keyed digest of the row's id, or of its place and content.
    pub key: Bytes32,
}

/// An organ that keeps its register here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRow {
    /// 版本.
    pub edition: Edition,
    /// The superior organ with a register here.
    pub superior: Option<TenantCode>,
}

/// A report that is carried from one network to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FerryRow {
    /// In which package it came; `None`: it waits to be carried.
    pub package: Option<u64>,
}

/// Everything one append writes besides its place.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// The events, in order of version; at least one.
    pub events: Vec<NewEvent>,
    /// For report streams: what lists and filters see from now on.
    pub projection: Option<Projection>,
    /// Changes to the cockpit's figures.
    pub tallies: Vec<Tally>,
    /// Wrapped content keys to add.
    pub content_keys: Vec<ContentKeyRow>,
    /// The identity envelope, at intake.
    pub identity: Option<IdentityRow>,
    /// What happens to the query code.
    pub code: Option<CodeChange>,
    /// Copies for the reporter's thread.
    pub thread: Vec<ThreadRow>,
    /// Sealed files that now belong to the report.
    pub blobs: Vec<BlobRow>,
    /// Leaves of the log beside the events' own.
    pub leaves: Vec<LeafRow>,
    /// Jobs to start.
    pub jobs: Vec<NewWork>,
    /// Jobs of which one is enough: one of the same name that waits or is being done begins anew, and
    /// whoever was doing it has lost its lease.
    pub renewed: Vec<NewWork>,
    /// Messages to send.
    pub outbox: Vec<NewWork>,
    /// Where it was imported from: everything the row is known by.
    pub imports: Vec<ImportRow>,
    /// Of two networks: the report crosses, or has crossed.
    pub ferry: Option<FerryRow>,
    /// For directory streams: the organ this event founds or changes.
    pub tenant: Option<TenantRow>,
}
