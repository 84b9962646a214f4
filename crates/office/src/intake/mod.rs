//! How a report comes in, whatever the channel: opened, files attached, received, judged.

mod attach;
mod clean;
mod documents;
mod judge;
mod opening;
mod pdf;
mod receive;
mod repeats;
mod ticket;

pub use attach::{FILE_LIMIT, FILES_LIMIT};
pub use clean::{Media, sniff};
pub use judge::{Repeat, Route, Suggestions};
pub use opening::Opening;
pub(crate) use receive::FIELD_LIMIT;
pub use receive::{Entry, NewReport, Received, Replayed, TEXT_LIMIT, TITLE_LIMIT};
pub(crate) use receive::{Filing, identity_digest, judging};
pub use repeats::Candidate;
pub(crate) use repeats::OpenTexts;
pub(crate) use ticket::Queue as WaitQueue;
pub use ticket::{FORM_REPORT, TicketOffer, WorkProof};
