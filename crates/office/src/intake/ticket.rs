//! Tickets for the public form: a proof of work, or a short wait in a bounded queue. Both give one
//! signed, single-use, expiring ticket, bound to form and organ and kept with no report.
//!
//! Nothing here knows an address or a device: the only thing that grows under load is the wait,
//! which delays and never refuses (promise 6).

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use domain::ids::TenantCode;
use seal::{Ticket, TicketError};

use crate::error::Error;
use crate::hall::Hall;

/// The form a report is filed with.
pub const FORM_REPORT: &str = "report";

/// A ticket and what has to be done for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TicketOffer {
    /// For a hidden field.
    pub ticket: String,
    /// Leading zero bits to find; 0 where waiting was chosen.
    pub bits: u8,
    /// Seconds to wait before the ticket is taken; 0 where work was chosen.
    pub wait: u32,
}

/// How the holder of a ticket paid for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkProof<'a> {
    /// By work: the solution found.
    Solved(&'a str),
    /// By waiting.
    Waited,
}

/// Meant for two seconds on an old phone at some 60,000 hashes a second in plain JavaScript. What a
/// browser slowed down ten times needs stands in docs/performance.md; an old phone was not measured.
const WORK_BITS: u8 = 17;
/// A ticket lives half a day: long enough for a text written with care on a slow phone.
const LIFE_SECONDS: i64 = 12 * 3600;
/// Seconds the first in the queue waits.
const SHORTEST_WAIT: u32 = 5;
/// Tickets a minute that get the shortest wait; each further lot waits as long again.
const LOT: usize = 60;
/// Longest wait shown; beyond it the queue is simply this long.
const LONGEST_WAIT: u32 = 600;

/// When waiting tickets were asked for in the last minute: times only, nobody's.
///
/// That a ticket is taken once needs no list here: the token in it is the report's idempotency key,
/// so a second use is the same report with the same code, or is refused as another body.
#[derive(Default)]
pub(crate) struct Queue(Mutex<VecDeque<i64>>);

impl Hall {
    /// A ticket to be paid for by work.
    pub fn ticket_by_work(&self, tenant: &TenantCode, form: &str) -> TicketOffer {
        let ticket = self.sign(tenant, form, self.seconds() + LIFE_SECONDS, WORK_BITS);
        TicketOffer { ticket, bits: WORK_BITS, wait: 0 }
    }

    /// A ticket to be paid for by waiting; the more are asked for, the longer the wait.
    pub fn ticket_by_wait(&self, tenant: &TenantCode, form: &str) -> TicketOffer {
        let now = self.seconds();
        let ahead = {
            let mut asked = self.queue.0.lock().unwrap_or_else(PoisonError::into_inner);
            while asked.front().is_some_and(|t| *t < now - 60) {
                asked.pop_front();
            }
            if asked.len() < LOT * (LONGEST_WAIT / SHORTEST_WAIT) as usize {
                asked.push_back(now);
            }
            asked.len()
        };
        let wait = (SHORTEST_WAIT * (1 + (ahead.saturating_sub(1) / LOT) as u32)).min(LONGEST_WAIT);
        // A waited ticket says when it begins by when it ends.
        let ticket = self.sign(tenant, form, now + i64::from(wait) + LIFE_SECONDS, 0);
        TicketOffer { ticket, bits: 0, wait }
    }

    /// Checks a ticket. Returns its bytes: the one-time token a report's code is derived from,
    /// so that a retry with the same ticket shows the same code.
    ///
    /// # Errors
    /// [`Error::Input`]; the page keeps the text and fetches another ticket.
    pub fn ticket_check(
        &self,
        tenant: &TenantCode,
        form: &str,
        ticket: &str,
        proof: WorkProof<'_>,
    ) -> Result<Vec<u8>, Error> {
        let now = self.seconds();
        let found =
            seal::verify_ticket(self.keys.ticket(), ticket, tenant.as_str(), form, now).map_err(
                |fault| match fault {
                    TicketError::Expired => Error::input(
                        "ticket-expired",
                        "页面停留太久，提交凭据已过期。内容都还在，请再按一次提交。",
                        "The page was open too long and its ticket expired. Your text is kept; please submit again.",
                    ),
                    _ => Error::input(
                        "ticket-invalid",
                        "提交凭据无效。内容都还在，请再按一次提交。",
                        "The ticket is not valid. Your text is kept; please submit again.",
                    ),
                },
            )?;
        let paid = match proof {
            WorkProof::Solved(solution) => found.bits > 0 && seal::work_is_done(ticket, solution, found.bits),
            WorkProof::Waited => found.bits == 0 && now >= found.expires - LIFE_SECONDS,
        };
        if !paid {
            return Err(Error::input(
                "ticket-unpaid",
                "还需要稍等片刻才能提交，内容都还在，请按页面提示等待后再按提交。",
                "Please wait a moment longer before submitting; your text is kept.",
            ));
        }
        Ok(found.nonce.to_vec())
    }

    fn sign(&self, tenant: &TenantCode, form: &str, expires: i64, bits: u8) -> String {
        let nonce = seal::fresh_id(&mut self.entropy());
        let ticket = Ticket { tenant: tenant.to_string(), form: form.to_owned(), expires, bits, nonce };
        seal::sign_ticket(self.keys.ticket(), &ticket)
    }

    fn seconds(&self) -> i64 {
        self.clock.micros().div_euclid(1_000_000)
    }
}
