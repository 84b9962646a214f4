//! Registering by hand what came by letter, visit, call or from another organ.

use domain::ids::TenantCode;
use domain::permission::Action;
use domain::registration::Completed;
use domain::report::Actor;

use super::me::Me;
use crate::audit::Deed;
use crate::error::Error;
use crate::hall::Hall;
use crate::intake::{Entry, NewReport, Received};

/// What the form gives.
#[derive(Debug, Clone)]
pub struct ByHand {
    /// The form's one-time token.
    pub token: Vec<u8>,
    /// The answers, in order.
    pub form: Completed,
    /// Files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Hall {
    /// Registers a report by hand; recorded. The code in the answer is for the slip handed to the
    /// reporter; it is shown once.
    ///
    /// # Errors
    /// As [`Hall::receive`]; [`Error::Forbidden`].
    pub async fn register(&self, me: &Me, by_hand: ByHand) -> Result<Received, Error> {
        me.may_use(Action::RegisterByHand)?;
        let role = me
            .in_roles()
            .find(|who| Action::RegisterByHand.roles().contains(&who.role))
            .map(|who| who.role)
            .ok_or(Error::Forbidden("refused-role"))?;
        let tenant: TenantCode = me.tenant.clone();
        let ByHand { token, form, files } = by_hand;
        let mut opening = self.open_report(&tenant, &form.subjects)?;
        for (name, bytes) in files {
            self.attach(&mut opening, &name, bytes).await?;
        }
        // What went up sealed leaves no trace in the register it went past (规则 Art 15).
        let there = Me { tenant: opening.tenant.clone(), ..me.clone() };
        let record = self.record_appends(&there, Deed::Registered { report: opening.report }, None)?;
        let body = serde_json::to_vec(&(&form.title, &form.text, &form.subjects, &form.registration))
            .map_err(|e| Error::Io(e.to_string()))?;
        let actor = Actor::Staff { staff: me.staff.clone(), role, office: me.office.clone() };
        let received = self
            .receive_with(
                opening,
                NewReport {
                    token,
                    body,
                    channel: form.channel,
                    source: form.source,
                    received_on: Some(form.received_on),
                    urgency: form.urgency,
                    superior_due: form.superior_due,
                    title: form.title.clone(),
                    text: form.text.clone(),
                    subjects: form.subjects.clone(),
                    division: form.division.clone(),
                    problem: None,
                    source_note: form.source_note.clone(),
                    named: form.identity.clone(),
                    entry: Entry::Staff(actor, Box::new(form)),
                },
                record,
            )
            .await?;
        Ok(received)
    }
}
