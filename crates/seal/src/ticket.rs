//! 表单票据: one signed, expiring ticket bound to form and tenant, got by proof of work or by
//! waiting. It reads no clock and remembers nothing: that a ticket is used once is the caller's
//! (keep [`Ticket::nonce`] until it expires).
//!
//! Text form: `1.<tenant>.<form>.<expires>.<bits>.<nonce>.<code>`.

use sha2::{Digest, Sha256};

use crate::binding::{Binding, equal, hmac};
use crate::keys::TicketKey;

/// Why a ticket is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TicketError {
    /// Not made by this server, or altered.
    #[error("the form's ticket is not valid; please send the form again, your text is kept")]
    Invalid,
    /// Older than its term.
    #[error("the form was open for too long; please send it again, your text is kept")]
    Expired,
    /// Made for another form or organ.
    #[error("the ticket belongs to another form; please send this one again, your text is kept")]
    OtherForm,
    /// The proof of work does not fit.
    #[error("the browser's proof of work does not fit; please send the form again, your text is kept")]
    Work,
}

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// Organ code of the tenant.
    pub tenant: String,
    /// Which form; letters, digits and underscores.
    pub form: String,
    /// When it expires, Unix seconds.
    pub expires: i64,
    /// Leading zero bits the proof of work must have; 0 for a ticket got by waiting.
    pub bits: u8,
    /// 16 random bytes that make it single.
    pub nonce: [u8; 16],
}

impl Ticket {
    fn code(&self, key: &TicketKey) -> [u8; 32] {
        let text = Binding::new("dengwen/ticket/1")
            .bytes(self.tenant.as_bytes())
            .bytes(self.form.as_bytes())
            .bytes(&self.expires.to_be_bytes())
            .number(self.bits)
            .bytes(&self.nonce)
            .done();
        hmac(key.expose(), &[&text])
    }
}

/// The ticket as text for a hidden field.
pub fn sign_ticket(key: &TicketKey, ticket: &Ticket) -> String {
    let Ticket { tenant, form, expires, bits, nonce } = ticket;
    let (nonce, code) = (hex::encode(nonce), hex::encode(ticket.code(key)));
    format!("1.{tenant}.{form}.{expires}.{bits}.{nonce}.{code}")
}

/// Checks a ticket at `now` (Unix seconds) for this tenant and form. Proof of work is checked by
/// [`work_is_done`].
///
/// # Errors
/// [`TicketError::Invalid`], [`TicketError::OtherForm`], [`TicketError::Expired`].
pub fn verify_ticket(key: &TicketKey, text: &str, tenant: &str, form: &str, now: i64) -> Result<Ticket, TicketError> {
    let fields: Vec<&str> = text.split('.').collect();
    let ["1", for_tenant, for_form, expires, bits, nonce, code] = fields[..] else {
        return Err(TicketError::Invalid);
    };
    let mut ticket = Ticket {
        tenant: for_tenant.to_owned(),
        form: for_form.to_owned(),
        expires: expires.parse().map_err(|_| TicketError::Invalid)?,
        bits: bits.parse().map_err(|_| TicketError::Invalid)?,
        nonce: [0; 16],
    };
    hex::decode_to_slice(nonce, &mut ticket.nonce).map_err(|_| TicketError::Invalid)?;
    let code = hex::decode(code).map_err(|_| TicketError::Invalid)?;
    if !equal(&code, &ticket.code(key)) {
        return Err(TicketError::Invalid);
    }
    if ticket.tenant != tenant || ticket.form != form {
        return Err(TicketError::OtherForm);
    }
    if now >= ticket.expires {
        return Err(TicketError::Expired);
    }
    Ok(ticket)
}

/// Whether SHA-256 of `ticket:solution` starts with at least `bits` zero bits.
pub fn work_is_done(ticket: &str, solution: &str, bits: u8) -> bool {
    let digest =
        Sha256::new().chain_update(ticket.as_bytes()).chain_update(b":").chain_update(solution.as_bytes()).finalize();
    let zeros: u32 = digest
        .iter()
        .scan(false, |over, &byte| {
            (!*over).then(|| {
                *over = byte != 0;
                byte.leading_zeros()
            })
        })
        .sum();
    zeros >= u32::from(bits)
}
