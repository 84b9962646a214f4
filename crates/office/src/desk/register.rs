//! Registering by hand what came by letter, visit, call or from another organ.

use domain::content::{Identity, Subject};
use domain::ids::TenantCode;
use domain::permission::Action;
use domain::report::Actor;
use domain::words::{Channel, Source, Urgency};
use jiff::civil::Date;

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
    /// 渠道
    pub channel: Channel,
    /// 来源
    pub source: Source,
    /// 收到日期
    pub received_on: Date,
    /// 紧急程度
    pub urgency: Urgency,
    /// The date in a superior's letter.
    pub superior_due: Option<Date>,
    /// Title.
    pub title: String,
    /// Text, typed or copied from the letter.
    pub text: String,
    /// 被反映人/单位.
    pub subjects: Vec<Subject>,
    /// Division code.
    pub division: Option<String>,
    /// Organ and document number it came with, reception notes.
    pub source_note: Option<String>,
    /// Who signed, if anyone.
    pub named: Option<Identity>,
    /// Files: name and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

impl Hall {
    /// Registers a report by hand; recorded. The code in the answer is for the slip handed to the
    /// reporter; it is shown once.
    ///
    /// # Errors
    /// As [`Hall::receive`]; [`Error::Forbidden`].
    pub async fn register(&self, me: &Me, form: ByHand) -> Result<Received, Error> {
        me.may_use(Action::RegisterByHand)?;
        let role = me
            .in_roles()
            .find(|who| Action::RegisterByHand.roles().contains(&who.role))
            .map(|who| who.role)
            .ok_or(Error::Forbidden("refused-role"))?;
        let tenant: TenantCode = me.tenant.clone();
        let mut opening = self.open_report(&tenant, &form.subjects)?;
        for (name, bytes) in form.files {
            self.attach(&mut opening, &name, bytes).await?;
        }
        let body =
            serde_json::to_vec(&(&form.title, &form.text, &form.subjects)).map_err(|e| Error::Io(e.to_string()))?;
        // What went up sealed leaves no trace in the register it went past (规则 Art 15).
        let there = Me { tenant: opening.tenant.clone(), ..me.clone() };
        let record = self.record_appends(&there, Deed::Registered { report: opening.report }, None)?;
        let received = self
            .receive_with(
                opening,
                NewReport {
                    entry: Entry::Staff(Actor::Staff { staff: me.staff.clone(), role, office: me.office.clone() }),
                    token: form.token,
                    body,
                    channel: form.channel,
                    source: form.source,
                    received_on: Some(form.received_on),
                    urgency: form.urgency,
                    superior_due: form.superior_due,
                    title: form.title,
                    text: form.text,
                    subjects: form.subjects,
                    division: form.division,
                    source_note: form.source_note,
                    named: form.named,
                },
                record,
            )
            .await?;
        Ok(received)
    }
}
