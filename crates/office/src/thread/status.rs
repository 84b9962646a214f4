//! What a code shows: where the report stands in plain words, when the next step is due, and the
//! messages both ways. Never the narrative, never a member of staff.

use domain::ids::{ReportNumber, StreamKind};
use domain::report::{Actor, Recorded, Report, timeline};
use domain::words::Lang;
use domain::words::Stage;
use jiff::civil::Date;
use seal::{ThreadPlace, open_thread};

use super::code::Presented;
use crate::error::Error;
use crate::hall::Hall;
use crate::report::Message;
use crate::report::write::read_header;

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Day.
    pub on: Date,
    /// Stable name of what happened.
    pub kind: String,
    /// In plain words.
    pub text: String,
}

/// The answer to a code.
#[derive(Debug, Clone)]
pub struct Status {
    /// The report's number.
    pub number: ReportNumber,
    /// 环节
    pub stage: Stage,
    /// The plain state: which of her actions are lawful now.
    pub state: Report,
    /// What happened, oldest first, and the next step last.
    pub timeline: Vec<Line>,
    /// Messages both ways, oldest first.
    pub messages: Vec<Message>,
    /// How much she has done herself so far. A form that carries an older count was sent before.
    pub acts: u32,
}

impl Hall {
    /// Where a report stands, for its code.
    ///
    /// # Errors
    /// [`Error::NotFound`], or the store fails.
    pub async fn status(&self, presented: &Presented, lang: Lang) -> Result<Status, Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let number = stored.first().and_then(|e| e.number.clone()).ok_or(Error::NotFound)?;
        let recorded: Vec<Recorded> = stored.iter().map(read_header).collect::<Result<_, _>>()?;
        let state = domain::report::fold(&recorded)?.ok_or(Error::NotFound)?;
        if self.is_outside(tenant) {
            return self.status_outside(presented, number, state, &recorded, lang).await;
        }
        let rules = self.rules();
        let timeline = timeline(&recorded, &rules, lang)
            .into_iter()
            .map(|line| Line { on: line.on, kind: line.kind, text: line.text })
            .collect();
        let mut messages = Vec::new();
        for row in self.store.thread(tenant, report).await? {
            let place = ThreadPlace { tenant: tenant.as_str(), report: report.0, seq: row.seq };
            // Entries sealed to a replaced code stay closed: they are left out, not an error.
            if let Ok(words) = open_thread(&presented.keys, &place, &row.envelope) {
                let text = String::from_utf8_lossy(&words).into_owned();
                messages.push(Message { day: row.day, from: row.from, text });
            }
        }
        let acts = acts_in(&recorded);
        Ok(Status { number, stage: state.stage, state, timeline, messages, acts })
    }

    /// The same on the outside of two networks: what came from inside last, sealed to the code that
    /// is presented; before that, what was filed here.
    async fn status_outside(
        &self,
        presented: &Presented,
        number: ReportNumber,
        filed: Report,
        recorded: &[Recorded],
        lang: Lang,
    ) -> Result<Status, Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let (row, copy) = self.copy_shown(presented).await?;
        let rules = self.rules();
        let (state, lines) = match copy {
            Some(copy) => {
                let lines = copy.timeline(lang).to_vec();
                (copy.state, lines)
            }
            None => (filed, timeline(recorded, &rules, lang)),
        };
        let timeline = lines.into_iter().map(|line| Line { on: line.on, kind: line.kind, text: line.text }).collect();
        let mut entries = self.store.thread(tenant, report).await?;
        entries.sort_by_key(|entry| (entry.day, entry.seq));
        let messages = entries.iter().filter_map(|entry| {
            let text = self.entry_shown(presented, &row, entry)?;
            Some(Message { day: entry.day, from: entry.from, text })
        });
        let (acts, messages) = (row.acts, messages.collect());
        Ok(Status { number, stage: state.stage, timeline, messages, state, acts })
    }
}

/// What the reporter did herself in this history.
pub(super) fn acts_in(recorded: &[Recorded]) -> u32 {
    recorded.iter().filter(|one| one.actor == Actor::Reporter).count() as u32
}
