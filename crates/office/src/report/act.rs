//! A person does something to a report: permission, law, seal, commit — always in this order.

use domain::content::{FindingText, Narrative, StaffText};
use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::permission::{Resource, may};
use domain::recusal;
use domain::report::{Actor, Command, Context, Event, Recorded, decide};
use domain::words::Role;
use seal::{ThreadPlace, ThreadPublic};
use store::{Append, BlobRow, Expected, LeafRow, NewWork, Rows, ThreadFrom, ThreadRow};

use super::open::OpenReport;
use super::write::Chain;
use crate::desk::{Me, action_of};
use crate::error::Error;
use crate::hall::Hall;
use crate::intake::Suggestions;

/// What is asked, with the words that go with it.
#[derive(Debug, Clone)]
pub struct Act {
    /// The command.
    pub command: Command,
    /// Words for the file: an opinion, an instruction, a reply's text.
    pub text: Option<StaffText>,
    /// Words for the reporter, where the command tells her something; shown in her thread.
    pub to_reporter: Option<String>,
    /// The narrative corrected, for `Correct`.
    pub narrative: Option<Box<Narrative>>,
    /// Suggestions, for `Judge`.
    pub suggestions: Option<Box<Suggestions>>,
    /// The version the person was looking at; another one is a conflict.
    pub seen: Option<u32>,
}

impl Act {
    /// A command without words.
    pub fn plain(command: Command) -> Self {
        Self { command, text: None, to_reporter: None, narrative: None, suggestions: None, seen: None }
    }

    /// A command with words for the file.
    pub fn with_text(command: Command, text: impl Into<String>) -> Self {
        Self { text: Some(StaffText { text: text.into(), ..StaffText::default() }), ..Self::plain(command) }
    }

    /// Adds words for the reporter.
    #[must_use]
    pub fn telling(mut self, words: impl Into<String>) -> Self {
        self.to_reporter = Some(words.into());
        self
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acted {
    /// Version of the report now.
    pub version: u32,
    /// What happened, in the plain.
    pub events: Vec<Event>,
}

/// Things written in the same commit as the events, besides the stream itself.
#[derive(Default)]
pub(crate) struct Beside {
    pub blobs: Vec<BlobRow>,
    pub leaves: Vec<LeafRow>,
    pub jobs: Vec<NewWork>,
}

impl Hall {
    /// Does what a person asks, in the first of her roles that may.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Refused`] with the law's reason,
    /// [`Error::Conflict`], or the store fails.
    pub async fn act(&self, me: &Me, report: ReportId, act: Act) -> Result<Acted, Error> {
        self.act_with(me, report, act, Beside::default()).await
    }

    pub(crate) async fn act_with(
        &self,
        me: &Me,
        report: ReportId,
        mut act: Act,
        beside: Beside,
    ) -> Result<Acted, Error> {
        let open = self.open_for(me, report).await?;
        let actor = self.actor_for(me, &open, &act.command)?;
        if act.seen.is_some_and(|seen| seen != open.state.version) {
            return Err(Error::Conflict);
        }
        if let Command::Link { to, .. } = &act.command {
            self.check_link(me, report, *to).await?;
        }
        if matches!(act.command, Command::Split { .. }) {
            // The parts are registered in the same commit; only `Hall::split` knows them.
            return Err(Error::Forbidden("split"));
        }
        self.correct_recusal(&open, &mut act)?;
        let done = self.commit(open, actor, act, beside).await?;
        self.record(me, crate::audit::Deed::Acted { report, events: done.events.len() as u32 }).await?;
        Ok(done)
    }

    /// A report is linked to another one, and to one she may see: a number guessed tells nothing.
    async fn check_link(&self, me: &Me, report: ReportId, to: ReportId) -> Result<(), Error> {
        if report == to {
            return Err(Error::input(
                "link-self",
                "不能把一件挂接到它自己。请选择另一件作为主件。",
                "A report cannot repeat itself; choose another one as the first.",
            ));
        }
        match self.store.report(&self.scope(me)?, to).await? {
            Some(_) => Ok(()),
            None => Err(Error::input(
                "link-unknown",
                "没有找到要挂接的主件。请核对编号，或从查重结果中选择。",
                "The report to link to was not found. Check its number, or choose it from the look-alikes.",
            )),
        }
    }

    /// Subjects corrected under the seal change who must not see the report; the tokens are worked
    /// out here and nowhere else, so that no caller can forget them.
    fn correct_recusal(&self, open: &OpenReport, act: &mut Act) -> Result<(), Error> {
        let (Command::Correct { recused, .. }, Some(narrative)) = (&mut act.command, &act.narrative) else {
            return Ok(());
        };
        let organ = self.organ(&open.tenant)?;
        let outcome = recusal::check(&narrative.subjects, &organ.directory);
        let before = recusal::check(&open.narrative.subjects, &organ.directory).upward;
        if outcome.upward > before {
            return Err(Error::input(
                "corrected-upward",
                "更正后的被反映人应由上级机关受理，本机关不能继续登记办理。请停止办理并报告上级机关信访部门，由其接收。",
                "As corrected, the report is one for the superior organ and cannot go on here. Stop, and report to the superior's petition office, which takes it over.",
            ));
        }
        *recused = Some(self.recusal_tokens(&open.tenant, &outcome));
        Ok(())
    }

    /// The tokens of those who must not see a report.
    pub(crate) fn recusal_tokens(&self, tenant: &TenantCode, outcome: &recusal::Outcome) -> Vec<String> {
        outcome.staff.iter().map(|staff| self.keys.recusal_token(tenant, staff)).collect()
    }

    /// The person in the first of her roles that may do this.
    pub(crate) fn actor_for(&self, me: &Me, open: &OpenReport, command: &Command) -> Result<Actor, Error> {
        let role = self.role_for(me, open, command)?;
        Ok(Actor::Staff { staff: me.staff.clone(), role, office: me.office.clone() })
    }

    /// The first of a person's roles in which she may do this.
    fn role_for(&self, me: &Me, open: &OpenReport, command: &Command) -> Result<Role, Error> {
        let standing = self.standing(me, &open.state);
        let action = action_of(command);
        let mut refused = Error::Forbidden("role");
        for who in me.in_roles() {
            match may(&who, action, &Resource::Report(standing)) {
                domain::permission::Decision::Allow => return Ok(who.role),
                domain::permission::Decision::Hidden => {}
                domain::permission::Decision::Refused(why) => refused = Error::Forbidden(why.as_str()),
            }
        }
        Err(refused)
    }

    /// Decides, seals and appends; for people and for the program alike.
    pub(crate) async fn commit(
        &self,
        open: OpenReport,
        actor: Actor,
        act: Act,
        beside: Beside,
    ) -> Result<Acted, Error> {
        let (append, acted) = self.prepare_act(open, actor, act, beside).await?;
        if let Some(append) = append {
            self.store.append(append).await?;
        }
        Ok(acted)
    }

    /// Everything of an act but the commit; no append where nothing follows from it.
    pub(crate) async fn prepare_act(
        &self,
        open: OpenReport,
        actor: Actor,
        act: Act,
        beside: Beside,
    ) -> Result<(Option<Append>, Acted), Error> {
        let organ = self.organ(&open.tenant)?;
        let rules = self.rules();
        let today = self.clock.today();
        let context = Context { today, at: self.clock.micros(), actor, edition: organ.edition(), rules: &rules };
        let mut decided = decide(Some(&open.state), &act.command, &context)?;
        if context.actor == Actor::System {
            // The program judges within a second of the filing: its time would be hers.
            decided.iter_mut().for_each(|recorded| recorded.at = None);
        }
        let mut rng = self.entropy();
        let mut chain = Chain::resume(&open.tenant, open.id, &rules, &open.stored)?;
        let before = chain.version();
        let mut events = Vec::new();
        for (n, recorded) in decided.into_iter().enumerate() {
            let words = if n == 0 { words_of(&recorded, &act)? } else { None };
            events.push(recorded.event.clone());
            match &words {
                Some(words) => chain.push(recorded, Some((open.key()?, words)), &[], &mut rng)?,
                None => chain.push(recorded, None, &[], &mut rng)?,
            }
        }
        if chain.is_empty() {
            return Ok((None, Acted { version: before, events }));
        }
        let mut extra = Rows { blobs: beside.blobs, leaves: beside.leaves, jobs: beside.jobs, ..Rows::default() };
        if let Some(words) = &act.to_reporter {
            extra.thread = self.thread_copy(&open, before + 1, words, ThreadFrom::Office).await?;
        }
        for blob in &mut extra.blobs {
            blob.version = before + 1;
        }
        if events.iter().any(moves_in_index) {
            extra.jobs.push(NewWork {
                id: seal::fresh_id(&mut rng),
                kind: "index".to_owned(),
                subject: open.id.0,
                payload: Vec::new(),
                due_at: 0,
            });
        }
        let version = chain.version();
        let finished = chain.finish();
        let number = open.number.clone();
        let append = Append {
            tenant: open.tenant.clone(),
            kind: StreamKind::Report,
            stream: open.id.0,
            expected: Expected::Version(before),
            number_year: None,
            once: None,
            today,
            fill: Box::new(move |_| finished.rows(&number, extra.clone())),
        };
        Ok((Some(append), Acted { version, events }))
    }

    /// A copy for the reporter's thread; none if she destroyed her code.
    async fn thread_copy(
        &self,
        open: &OpenReport,
        seq: u32,
        words: &str,
        from: ThreadFrom,
    ) -> Result<Vec<ThreadRow>, Error> {
        let Some(key) = self.store.thread_key(&open.tenant, open.id).await? else { return Ok(Vec::new()) };
        let place = ThreadPlace { tenant: open.tenant.as_str(), report: open.id.0, seq };
        let envelope =
            seal::seal_to_thread(&ThreadPublic::from_bytes(key), &place, words.as_bytes(), &mut self.entropy())?;
        Ok(vec![ThreadRow { seq, day: self.clock.today(), from, envelope }])
    }
}

/// The words sealed with the first event of a command.
fn words_of(recorded: &Recorded, act: &Act) -> Result<Option<Vec<u8>>, Error> {
    let json = |value: Result<Vec<u8>, serde_json::Error>| value.map(Some).map_err(|e| Error::Io(e.to_string()));
    if let (Event::Judged { .. }, Some(suggestions)) = (&recorded.event, &act.suggestions) {
        return json(serde_json::to_vec(suggestions));
    }
    match (&recorded.event, &act.narrative, &act.text) {
        (Event::Corrected { .. }, Some(narrative), _) => json(serde_json::to_vec(narrative)),
        (Event::Corrected { .. }, None, _) => Ok(None),
        (Event::FindingRecorded { allegation, finding }, _, text) => json(serde_json::to_vec(&FindingText {
            allegation: *allegation,
            finding: *finding,
            reasons: text.as_ref().map(|t| t.text.clone()).unwrap_or_default(),
        })),
        (_, _, Some(text)) => json(serde_json::to_vec(text)),
        (_, _, None) => match &act.to_reporter {
            // What the reporter is told stays in the file too.
            Some(words) => json(serde_json::to_vec(&StaffText { text: words.clone(), ..StaffText::default() })),
            None => Ok(None),
        },
    }
}

/// Whether the index must put the report again: it moved, its kind was decided, its words or its
/// recusals were corrected.
fn moves_in_index(event: &Event) -> bool {
    matches!(
        event,
        Event::Dispatched { .. }
            | Event::Returned { .. }
            | Event::Assigned { .. }
            | Event::Corrected { .. }
            | Event::ScopeDecided { .. }
    )
}
