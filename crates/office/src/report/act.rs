//! A person does something to a report: permission, law, seal, commit — always in this order.

use domain::content::{FindingText, Narrative, StaffText};
use domain::ids::{ReportId, StaffId};
use domain::permission::{Resource, may};
use domain::recusal;
use domain::report::{Actor, Command, Confirmed, Event, Repeats, may_link};
use domain::rules::Rules;
use domain::words::{Disposition, Role, TellingWay};
use seal::{ThreadPlace, ThreadPublic};
use store::{Append, BlobRow, Guard, LeafRow, NewWork, Rows, Scope, ThreadFrom, ThreadRow};

use super::Step;
use super::open::OpenReport;
use super::recuse::Named;
use crate::audit::Deed;
use crate::desk::{Me, action_of};
use crate::error::Error;
use crate::hall::{Answered, Hall};
use crate::intake::Suggestions;
use crate::paper::PaperKind;

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
    /// Who is to be kept away, for `Recuse` by hand.
    pub keep_away: Vec<StaffId>,
    /// Suggestions, for `Judge`.
    pub suggestions: Option<Box<Suggestions>>,
    /// The version the person was looking at; another one is a conflict.
    pub seen: Option<u32>,
}

impl Act {
    /// A command without words.
    pub fn plain(command: Command) -> Self {
        Self {
            command,
            text: None,
            to_reporter: None,
            narrative: None,
            keep_away: Vec::new(),
            suggestions: None,
            seen: None,
        }
    }

    /// A command with words for the file.
    pub fn with_text(command: Command, text: impl Into<String>) -> Self {
        Self { text: Some(StaffText { text: text.into(), ..StaffText::default() }), ..Self::plain(command) }
    }

    /// A drafted reply to a petition, with what it says to the request and the law it rests on.
    pub fn reply(text: impl Into<String>, disposition: Disposition, basis: &str) -> Self {
        let text = StaffText { text: text.into(), ..StaffText::default() };
        Self { text: Some(text.deciding(disposition, basis)), ..Self::plain(Command::DraftAnswer) }
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

/// What the reporter is told as the answer is what was approved, word for word.
fn only_what_was_approved(open: &OpenReport, act: &mut Act) -> Result<(), Error> {
    let drafts = open.texts(|event| matches!(event, Event::FeedbackDrafted | Event::ReplyDrafted));
    let Some(approved) = drafts.last().map(|(_, text)| text.text.clone()) else { return Ok(()) };
    match &act.to_reporter {
        Some(told) if told.trim() != approved.trim() => Err(Error::input(
            "answer-changed",
            "送达的内容必须与审核通过的稿子一致；要改动的，请办结后由负责人重开，重新拟稿送审。",
            "What is delivered is what was approved, word for word; to change it, have the report reopened and a new draft approved.",
        )),
        _ => {
            act.to_reporter = Some(approved);
            Ok(())
        }
    }
}

/// A 处理意见书 that is handed over or sent was issued before (条例 Art 32).
fn opinion_first(open: &OpenReport, way: TellingWay, rules: &Rules) -> Result<(), Error> {
    let on_paper = matches!(way, TellingWay::InPerson | TellingWay::Written) && open.state.says_to_a_request(rules);
    let drafted = open.events.iter().rposition(|e| matches!(e.recorded.event, Event::ReplyDrafted)).unwrap_or(0);
    let opinion = |event: &Event| matches!(event, Event::PaperIssued { paper, .. } if paper == PaperKind::HandlingOpinion.as_str());
    if !on_paper || open.events[drafted..].iter().any(|e| opinion(&e.recorded.event)) {
        return Ok(());
    }
    Err(Error::input(
        "opinion-first",
        "处理意见书还没有制发。请先在“文书”中制发处理意见书，再当面或者书面送达（《信访工作条例》第三十二条）。",
        "The written opinion was not issued yet. Issue it under papers first, then hand it over or send it (《信访工作条例》 Art 32).",
    ))
}

/// Whoever says no says why: the next one has to know what to change.
fn no_with_a_reason(act: &Act) -> Result<(), Error> {
    let no = matches!(
        act.command,
        Command::ApproveAnswer { verdict: Confirmed::No } | Command::ConfirmNoSubstance { confirmed: Confirmed::No }
    );
    if no && act.text.as_ref().is_none_or(|text| text.text.trim().is_empty()) {
        return Err(Error::input(
            "verdict-reason",
            "不同意的，请在“说明”中写明理由再提交。",
            "Say why you do not agree, then send it again.",
        ));
    }
    Ok(())
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

    pub(crate) fn act_with<'a>(
        &'a self,
        me: &'a Me,
        report: ReportId,
        act: Act,
        beside: Beside,
    ) -> Answered<'a, Acted> {
        Box::pin(self.acted(me, report, act, beside))
    }

    async fn acted(&self, me: &Me, report: ReportId, mut act: Act, beside: Beside) -> Result<Acted, Error> {
        let open = self.open_for(me, report).await?;
        let actor = self.actor_for(me, &open, &act.command)?;
        if act.seen.is_some_and(|seen| seen != open.state.version) {
            return Err(Error::Conflict);
        }
        let guards = match &act.command {
            Command::Link { to, .. } => self.check_link(me, report, *to).await?,
            _ => Vec::new(),
        };
        if matches!(act.command, Command::Split { .. }) {
            // The parts are registered in the same commit; only `Hall::split` knows them.
            return Err(Error::Forbidden("split"));
        }
        let said = act.text.as_ref().map_or("", |text| text.text.as_str());
        self.goes_to_somebody(&open, &act.command, said)?;
        if act.command == Command::DraftAnswer && open.state.says_to_a_request(&self.rules()) {
            let text = act.text.as_ref();
            if text.and_then(StaffText::disposition).is_none() || text.is_none_or(|t| t.basis().is_empty()) {
                return Err(undecided());
            }
        }
        if let Command::DeliverAnswer { way } = &act.command {
            opinion_first(&open, *way, &self.rules())?;
            only_what_was_approved(&open, &mut act)?;
        }
        no_with_a_reason(&act)?;
        let printed = match &act.command {
            Command::IssuePaper { paper, .. } => Some(Deed::Printed { report, paper: paper.clone() }),
            _ => None,
        };
        self.fill_recusal(&open, &mut act)?;
        let (append, acted) = self.prepare_act(open, actor, act, beside).await?;
        // The record of the deed stands in the same commit: neither is ever there without the other.
        let mut appends = Vec::from_iter(append);
        let deed = printed.unwrap_or(Deed::Acted { report, events: acted.events.len() as u32 });
        appends.extend(self.record_appends(me, deed, None)?);
        self.store.append_guarded(appends, guards).await?;
        Ok(acted)
    }

    /// A report is linked to another one, and to one she may see: a number guessed tells nothing.
    /// What the link rests on is handed to the commit, because the others' lives go on meanwhile.
    async fn check_link(&self, me: &Me, report: ReportId, to: ReportId) -> Result<Vec<Guard>, Error> {
        if report == to {
            return Err(Error::input(
                "link-self",
                "不能把一件挂接到它自己。请选择另一件作为主件。",
                "A report cannot repeat itself; choose another one as the first.",
            ));
        }
        let target = match self.open_for(me, to).await {
            Ok(target) => target.state,
            Err(Error::NotFound) => {
                return Err(Error::input(
                    "link-unknown",
                    "没有找到要挂接的主件。请核对编号，或从查重结果中选择。",
                    "The report to link to was not found. Check its number, or choose it from the look-alikes.",
                ));
            }
            Err(other) => return Err(other),
        };
        // All of them count, seen by her or not: nobody's report may be left without a first one.
        let linked = self.store.repeats(&Scope::program(me.tenant.clone()), report).await?;
        let repeats = if linked.is_empty() { Repeats::None } else { Repeats::Some };
        may_link(repeats, &target)?;
        Ok(vec![Guard::At(to, target.version), Guard::NoRepeats(report)])
    }

    /// Who must not see the report follows from corrected subjects and from the people named by hand;
    /// the tokens are worked out here and nowhere else, so that no caller can forget them.
    fn fill_recusal(&self, open: &OpenReport, act: &mut Act) -> Result<(), Error> {
        match (&mut act.command, &act.narrative) {
            (Command::Recuse { recused, .. }, _) => {
                if act.keep_away.is_empty() {
                    return Err(Error::input(
                        "recuse-nobody",
                        "还没有选择需要回避的人员。请选择后再登记。",
                        "Nobody was chosen; choose who must not see the report.",
                    ));
                }
                if act.text.as_ref().is_none_or(|text| text.text.trim().is_empty()) {
                    return Err(Error::input(
                        "recuse-reason",
                        "请写明回避的理由，再登记。",
                        "Give the reason why they must not see the report.",
                    ));
                }
                let all = self.tokens(&open.tenant, &act.keep_away);
                let asked = Named { all: all.clone(), about: Vec::new() };
                *recused = self.keep_away(&open.tenant, &open.state.recused, asked)?;
                let away = |who| open.state.recused.contains(who) || recused.tokens().contains(who);
                if !all.iter().all(away) {
                    return Err(Error::input(
                        "recuse-last",
                        "所选人员回避后，本机关就没有人能够办理此件了。请报告上级机关信访部门，由其接收。",
                        "After this nobody here could take the report in hand. Report to the superior's petition office instead.",
                    ));
                }
            }
            (Command::Correct { recused, .. }, Some(narrative)) => {
                let organ = self.organ(&open.tenant)?;
                let upward = recusal::check(&narrative.subjects, &organ.directory).upward;
                if upward > recusal::check(&open.narrative.subjects, &organ.directory).upward {
                    return Err(Error::input(
                        "corrected-upward",
                        "更正后的被反映人应由上级机关受理，本机关不能继续登记办理。请停止办理并报告上级机关信访部门，由其接收。",
                        "As corrected, the report is one for the superior organ and cannot go on here. Stop, and report to the superior's petition office, which takes it over.",
                    ));
                }
                let named = self.whom(&open.tenant, &narrative.subjects, narrative.naming())?;
                *recused = Some(self.keep_away(&open.tenant, &open.state.recused, named)?);
            }
            _ => {}
        }
        Ok(())
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
        let step = Step {
            tenant: &open.tenant,
            report: open.id,
            stored: &open.stored,
            actor,
            command: &act.command,
            day: self.clock.today(),
            named: match (&act.command, &act.text) {
                // The program judges with the directory as it is now; whoever filed may have had an older one.
                (Command::Judge { .. }, _) => self.named_by(&open)?,
                // Evidence by staff is what the reporter or a witness says; the rest is the office's own words.
                (Command::AddEvidence { .. }, Some(text)) => self.named_beside(&open, &text.text)?,
                _ => Named::default(),
            },
        };
        let version = step.version();
        let mut extra = Rows { blobs: beside.blobs, leaves: beside.leaves, jobs: beside.jobs, ..Rows::default() };
        if let Some(words) = &act.to_reporter {
            extra.thread = self.thread_copy(&open, version, words, ThreadFrom::Office).await?;
        }
        for blob in &mut extra.blobs {
            blob.version = version;
        }
        self.step(
            step,
            |first| match words_of(first, &act)? {
                Some(words) => Ok(Some((open.key()?, words))),
                None => Ok(None),
            },
            extra,
        )
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

/// What becomes of a petition's request is said by people, with the law it rests on.
pub(crate) fn undecided() -> Error {
    Error::input(
        "answer-undecided",
        "拟答复没有写明对信访请求的处理意见和法律法规依据。请在拟答复中选定处理意见（予以支持、部分支持、作出解释说明或者不予支持），逐条写明依据，再送审。",
        "The draft does not say what becomes of the request, or by which law. Draft the reply with both; they are approved with it.",
    )
}

/// The words sealed with the first event of a command.
fn words_of(event: &Event, act: &Act) -> Result<Option<Vec<u8>>, Error> {
    let json = |value: Result<Vec<u8>, serde_json::Error>| value.map(Some).map_err(|e| Error::Io(e.to_string()));
    if let (Event::Judged { .. }, Some(suggestions)) = (event, &act.suggestions) {
        return json(serde_json::to_vec(suggestions));
    }
    match (event, &act.narrative, &act.text) {
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
