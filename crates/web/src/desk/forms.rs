//! The forms of commands: which fields each asks for, and how they become a command. What is
//! lawful is decided elsewhere; here only words become types.

mod verify;

use domain::recusal::{KeptAway, near};
use domain::report::{Command, Confirmed, Holder, NewFacts, Review};
use domain::rules::Rules;
use domain::words::*;
use office::Organ;
use office::report::{Act, OpenReport};

use super::page::FieldView;
use super::site::Seated;
use crate::answers::value;
use crate::locale::Voice;
use crate::public::draft::clean;
use crate::words::Word;

/// What the forms are made from.
pub struct Maker<'a> {
    /// Language and edition.
    pub voice: Voice,
    /// The organ.
    pub organ: &'a Organ,
    /// Rules in force.
    pub rules: &'a Rules,
    /// The report.
    pub open: &'a OpenReport,
    /// Who asks.
    pub seat: &'a Seated,
}

/// A field the form still lacks or cannot read: its key in the locales.
pub struct Missing(pub &'static str);

type Pairs = [(String, String)];

impl Maker<'_> {
    fn field(&self, name: &'static str, kind: &'static str, need: Need) -> FieldView {
        FieldView {
            name,
            label: self.voice.t(&format!("field-{name}")),
            kind,
            value: String::new(),
            options: Vec::new(),
            required: need == Need::Must,
            hint: String::new(),
        }
    }

    fn choice(&self, name: &'static str, options: Vec<(String, String)>) -> FieldView {
        FieldView { options, ..self.field(name, "choice", Need::Must) }
    }

    fn words<T: Word + std::fmt::Display>(&self, all: &[T]) -> Vec<(String, String)> {
        all.iter().map(|w| (w.to_string(), self.voice.word(w))).collect()
    }

    fn long(&self, name: &'static str, need: Need) -> FieldView {
        self.field(name, "long", need)
    }

    /// The text that goes to the reporter, with what a good official would begin with.
    fn telling(&self, command: CommandKind) -> FieldView {
        let key = format!("draft-{command}");
        let value = if crate::locale::knows(&key) { self.voice.t(&key) } else { String::new() };
        FieldView { value, ..self.long("to_reporter", Need::May) }
    }

    fn holders(&self) -> Vec<(String, String)> {
        let own = self.organ.directory.offices.iter().map(|o| (format!("office:{}", o.id), o.name.clone()));
        let others = self.organ.directory.organs.iter().map(|o| (format!("organ:{}", o.key), o.name.clone()));
        own.chain(others).collect()
    }

    fn offices(&self) -> Vec<(String, String)> {
        self.organ.directory.offices.iter().map(|o| (o.id.to_string(), o.name.clone())).collect()
    }

    /// The fields a command asks for.
    pub fn fields(&self, command: CommandKind) -> Vec<FieldView> {
        use CommandKind as C;
        let edition = self.rules.edition(self.organ.edition());
        let kinds = || self.words(&edition.kind.iter().map(|k| k.id).collect::<Vec<_>>());
        let suggested = |mut field: FieldView| {
            let kind = self.open.suggestions.as_ref().and_then(|s| s.kind.as_ref());
            if let Some(kind) = kind {
                field.hint = self.voice.t1("hint-holder", "name", self.voice.word(&kind.value));
            }
            field
        };
        match command {
            C::Accept => vec![suggested(self.choice("kind", kinds())), self.long("text", Need::May)],
            C::Refuse => vec![
                suggested(self.choice("kind", kinds())),
                self.choice("ground", self.words(&edition.ground.iter().map(|g| g.id).collect::<Vec<_>>())),
                self.long("text", Need::Must),
            ],
            C::ConfirmNoSubstance | C::ApproveAnswer => {
                let text = FieldView { hint: self.voice.t("hint-verdict"), ..self.long("text", Need::May) };
                vec![self.choice("verdict", self.verdicts()), text]
            }
            C::DoDuty => vec![self.long("text", Need::May), self.telling(command)],
            C::TellAcceptance => vec![self.choice("way", self.words(TellingWay::ALL)), self.telling(command)],
            C::VerifyName => self.verification(),
            C::Present => {
                vec![self.choice("to", self.posts()), self.long("text", Need::Must)]
            }
            C::Instruct => vec![
                self.choice("verdict", self.verdicts()),
                self.long("text", Need::Must),
                self.field("due", "date", Need::May),
            ],
            C::Link => vec![
                FieldView {
                    value: self.likely_repeat(),
                    hint: self.voice.t("hint-link"),
                    ..self.field("to_report", "text", Need::Must)
                },
                self.choice(
                    "new_facts",
                    vec![
                        ("none".to_owned(), self.voice.t("new-facts-none")),
                        ("some".to_owned(), self.voice.t("new-facts-some")),
                    ],
                ),
                self.long("text", Need::May),
            ],
            C::Dispatch => vec![
                FieldView { hint: self.before_dispatch(), ..self.choice("way", self.words(&edition.ways)) },
                // Where it goes is chosen by a person: what is suggested stands beside it, unchosen.
                FieldView { hint: self.likely_holder(), ..self.choice("holder", self.holders()) },
            ]
            .into_iter()
            .chain(
                edition
                    .ways
                    .contains(&DispatchWay::TwoWay)
                    .then(|| FieldView { required: false, ..self.choice("watcher", self.offices()) }),
            )
            .chain([
                FieldView { required: false, ..self.choice("assign_ground", self.words(&edition.assign_grounds)) },
                self.field("due", "date", Need::May),
                self.long("text", Need::May),
            ])
            .collect(),
            C::Return => {
                let grounds: Vec<_> = edition.returns.iter().map(|r| r.ground).collect();
                vec![self.choice("return_ground", self.words(&grounds)), self.long("text", Need::Must)]
            }
            C::Assign => {
                let able = self.seat.hall().assignable(self.open).unwrap_or_default();
                let staff = able.iter().filter_map(|id| self.organ.directory.staff(id));
                vec![self.choice("staff", staff.map(|s| (s.id.to_string(), s.name.clone())).collect())]
            }
            C::Recuse => {
                let staff = self.organ.directory.staff.iter().filter(|s| s.ended_on.is_none());
                let staff = staff.map(|s| (s.id.to_string(), s.name.clone())).collect();
                vec![self.choice("keep_away", staff), self.long("text", Need::Must)]
            }
            C::Extend => {
                let running = self.open.state.clocks.iter().filter(|c| c.is_running());
                let clocks = running.map(|c| (c.id.clone(), self.clock_name(&c.id))).collect();
                vec![
                    self.choice("clock", clocks),
                    self.field("until", "date", Need::Must),
                    self.choice("extension_ground", self.words(ExtensionGround::ALL)),
                    self.long("text", Need::Must),
                ]
            }
            C::RecordContact => {
                vec![self.choice("contact_way", self.words(ContactWay::ALL)), self.long("text", Need::Must)]
            }
            C::Dispose => vec![self.choice("disposal", self.words(&edition.disposals)), self.long("text", Need::May)],
            C::RecordFinding => {
                let numbers =
                    (1..=self.open.state.allegations.max(1)).map(|n| (n.to_string(), n.to_string())).collect();
                vec![
                    FieldView { value: self.next_allegation().to_string(), ..self.choice("allegation", numbers) },
                    self.choice("finding", self.words(Finding::ALL)),
                    self.long("text", Need::Must),
                ]
            }
            C::DraftAnswer if self.says_to_a_request() => vec![
                self.answer(),
                self.choice("disposition", self.words(Disposition::ALL)),
                FieldView { hint: self.voice.t("hint-basis"), ..self.long("basis", Need::Must) },
            ],
            // What was sent back is put right, not written again.
            C::DraftAnswer => vec![self.answer()],
            C::DeliverAnswer => {
                // What was approved is delivered as it is: nobody writes it anew on the way.
                let hint = self.voice.t1("hint-approved", "text", self.last_draft());
                vec![FieldView { hint, ..self.choice("way", self.words(&edition.answer_ways)) }]
            }
            C::ExplainObjection if !edition.review_by.is_empty() => {
                let by = ["here", "superior"].map(|by| (by.to_owned(), self.voice.t(&format!("review-{by}"))));
                vec![self.choice("review", by.to_vec()), self.long("to_reporter", Need::Must)]
            }
            C::ExplainObjection | C::SendMessage => vec![self.long("to_reporter", Need::Must)],
            C::SetPlatformNumber => vec![self.field("number", "text", Need::Must)],
            C::Reopen => vec![self.choice("cause", self.words(ReopenCause::ALL)), self.long("text", Need::Must)],
            C::AnswerInstruction | C::AnswerTwoWay | C::CheckEvidence => vec![self.long("text", Need::Must)],
            C::Close | C::SignFor | C::Unlink | C::Promote | C::UseSimple => vec![self.long("text", Need::May)],
            C::Correct => vec![
                self.kept("channel", self.words(Channel::ALL), self.voice.word(&self.open.state.channel)),
                self.kept("source", self.words(Source::ALL), self.voice.word(&self.open.state.source)),
                self.kept("urgency", self.words(Urgency::ALL), self.voice.word(&self.open.state.urgency)),
                self.field("title", "text", Need::May),
                // What the machine drafted stands beside it: it becomes the digest when a person writes it there.
                match &self.open.narrative.digest {
                    Some(digest) => FieldView { value: digest.text.clone(), ..self.long("digest", Need::May) },
                    None => FieldView { hint: self.drafted_digest(), ..self.long("digest", Need::May) },
                },
                FieldView {
                    value: self.summaries(),
                    hint: self.voice.t("hint-allegations"),
                    ..self.long("allegations", Need::May)
                },
            ]
            .into_iter()
            .chain(self.tags())
            .collect(),
            C::AddEvidence => vec![self.field("file", "file", Need::May), self.long("text", Need::May)],
            C::Receive
            | C::Judge
            | C::Split
            | C::IssuePaper
            | C::Object
            | C::Rate
            | C::ReplaceCode
            | C::DestroyCode => {
                vec![]
            }
        }
    }

    /// Who answers an objection; asked only where there is a choice.
    fn review(&self, pairs: &Pairs) -> Result<Review, Missing> {
        let asked = !self.rules.edition(self.organ.edition()).review_by.is_empty();
        match value(pairs, "review") {
            _ if !asked => Ok(Review::Here),
            "here" => Ok(Review::Here),
            "superior" => Ok(Review::Superior),
            _ => Err(Missing("field-review")),
        }
    }

    /// The answer as she will read it: it goes to her word for word, and the field says so.
    fn answer(&self) -> FieldView {
        let (label, hint) = (self.voice.t("field-answer"), self.voice.t("hint-answer"));
        FieldView { value: self.last_draft(), label, hint, ..self.long("text", Need::Must) }
    }

    /// Whether the draft is a 处理意见书: then people say what becomes of the request, and by which law.
    fn says_to_a_request(&self) -> bool {
        self.open.state.says_to_a_request(self.rules)
    }

    fn verdicts(&self) -> Vec<(String, String)> {
        vec![("yes".to_owned(), self.voice.t("verdict-yes")), ("no".to_owned(), self.voice.t("verdict-no"))]
    }

    /// The name of a clock, as the rules give it.
    pub fn clock_name(&self, id: &str) -> String {
        self.rules.clock(self.organ.edition(), id).map_or_else(
            || id.to_owned(),
            |rule| match self.voice.lang {
                Lang::Zh => rule.zh.clone(),
                Lang::En => rule.en.clone(),
            },
        )
    }

    /// A choice that says how it is now and changes nothing unless another is chosen.
    fn kept(&self, name: &'static str, options: Vec<(String, String)>, now: String) -> FieldView {
        FieldView { required: false, hint: self.voice.t1("hint-now", "what", now), ..self.choice(name, options) }
    }

    /// To whom it can be presented: posts that somebody holds who may see it, and who that is.
    fn posts(&self) -> Vec<(String, String)> {
        let mut posts = Vec::new();
        for role in [Role::Head, Role::Leader, Role::Chief] {
            let able = self.seat.hall().instructing(self.open, role).unwrap_or_default();
            let names = able.iter().filter_map(|id| self.organ.directory.staff(id)).map(|s| s.name.as_str());
            let names = names.collect::<Vec<_>>().join("、");
            if !names.is_empty() {
                posts.push((role.to_string(), format!("{}（{names}）", self.voice.word(&role))));
            }
        }
        posts
    }

    /// Where the machine would send it, in words.
    fn likely_holder(&self) -> String {
        let first = self.open.suggestions.as_ref().and_then(|s| s.routes.first());
        let Some(route) = first else { return String::new() };
        let Some(name) = self.organ.directory.holder_name(&route.to) else { return String::new() };
        let likely = self.voice.t1("hint-holder", "name", name);
        match near(&self.open.narrative.subjects, &route.to, &self.organ.directory) {
            None => likely,
            Some(_) => format!("{likely} {}", self.voice.t("hint-near")),
        }
    }

    /// What is to be thought of before it is sent on.
    fn before_dispatch(&self) -> String {
        let presented = if self.open.state.instructed { String::new() } else { self.voice.t("hint-unpresented") };
        [self.unverified(), presented].into_iter().filter(|hint| !hint.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn likely_repeat(&self) -> String {
        let first = self.open.suggestions.as_ref().and_then(|s| s.repeats.first());
        first.map(|r| r.report.to_string()).unwrap_or_default()
    }

    fn next_allegation(&self) -> u16 {
        (1..=self.open.state.allegations.max(1)).find(|n| !self.open.state.findings.contains_key(n)).unwrap_or(1)
    }

    fn drafted_digest(&self) -> String {
        let drafted = self.open.suggestions.as_ref().map(|s| s.digest.as_str()).filter(|digest| !digest.is_empty());
        drafted.map(|digest| self.voice.t1("hint-digest", "text", digest)).unwrap_or_default()
    }

    /// Before a signed report goes on, its signature is looked into (规则 Art 24).
    fn unverified(&self) -> String {
        match self.open.state.signing {
            Signing::NamedPending if !self.open.state.name_checked => self.voice.t("hint-unverified"),
            _ => String::new(),
        }
    }

    /// 五维标签 as they are, or as the funnel suggests them while nobody has written any.
    fn tags(&self) -> Vec<FieldView> {
        let kept = &self.open.narrative.tags;
        let suggested = self.open.suggestions.as_ref().filter(|_| kept.is_empty());
        let tags = suggested.map_or_else(|| kept.clone(), |s| office::desk::tags_of(&s.entities));
        let hint = if suggested.is_some() { self.voice.t("hint-suggested") } else { String::new() };
        tags.all()
            .map(|(name, words)| FieldView {
                value: words.join("、"),
                hint: if words.is_empty() { String::new() } else { hint.clone() },
                ..self.field(name, "text", Need::May)
            })
            .collect()
    }

    fn summaries(&self) -> String {
        self.open.narrative.allegations.iter().map(|a| a.summary.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn last_draft(&self) -> String {
        use domain::report::Event;
        self.open
            .texts(|e| matches!(e, Event::FeedbackDrafted | Event::ReplyDrafted))
            .last()
            .map(|(_, text)| text.text.clone())
            .unwrap_or_default()
    }

    /// The command a filled form asks for.
    pub fn act(&self, command: CommandKind, pairs: &Pairs) -> Result<Act, Missing> {
        use CommandKind as C;
        let date = |name| value(pairs, name).parse().ok();
        let command = match command {
            C::Accept => Command::Accept { kind: one(pairs, "kind")? },
            C::Refuse => Command::Refuse { kind: one(pairs, "kind")?, ground: one(pairs, "ground")? },
            C::ConfirmNoSubstance => Command::ConfirmNoSubstance { confirmed: verdict(pairs)? },
            C::ApproveAnswer => Command::ApproveAnswer { verdict: verdict(pairs)? },
            C::DoDuty => Command::DoDuty,
            C::UseSimple => Command::UseSimple,
            C::TellAcceptance => Command::TellAcceptance { way: one(pairs, "way")? },
            C::VerifyName => return self.verified(pairs),
            C::Present => Command::Present { to: one(pairs, "to")? },
            C::Instruct => Command::Instruct { due: date("due"), verdict: verdict(pairs)? },
            C::AnswerInstruction => Command::AnswerInstruction,
            C::Link => Command::Link { to: one(pairs, "to_report")?, new_facts: new_facts(pairs)? },
            C::Unlink => Command::Unlink,
            C::Promote => Command::Promote,
            C::Dispatch => Command::Dispatch {
                way: one(pairs, "way")?,
                to: self.holder(value(pairs, "holder"))?,
                watcher: Some(value(pairs, "watcher"))
                    .filter(|w| !w.is_empty())
                    .map(|w| domain::ids::OfficeId(w.to_owned())),
                ground: one(pairs, "assign_ground").ok(),
                due: date("due"),
            },
            C::AnswerTwoWay => Command::AnswerTwoWay,
            C::Return => Command::Return { ground: one(pairs, "return_ground")? },
            C::Assign => {
                let staff = value(pairs, "staff");
                if staff.is_empty() {
                    return Err(Missing("field-staff"));
                }
                Command::Assign { staff: domain::ids::StaffId(staff.to_owned()) }
            }
            C::Extend => Command::Extend {
                clock: value(pairs, "clock").to_owned(),
                until: date("until").ok_or(Missing("field-until"))?,
                ground: one(pairs, "extension_ground")?,
            },
            C::RecordContact => Command::RecordContact { way: one(pairs, "contact_way")? },
            C::Dispose => Command::Dispose { way: one(pairs, "disposal")? },
            C::RecordFinding => {
                Command::RecordFinding { allegation: one(pairs, "allegation")?, finding: one(pairs, "finding")? }
            }
            C::DraftAnswer => Command::DraftAnswer,
            C::DeliverAnswer => Command::DeliverAnswer { way: one(pairs, "way")? },
            C::ExplainObjection => Command::ExplainObjection { review: self.review(pairs)? },
            C::SendMessage => Command::SendMessage,
            C::SetPlatformNumber => Command::SetPlatformNumber { number: value(pairs, "number").to_owned() },
            C::Close => Command::Close,
            C::Reopen => Command::Reopen { cause: one(pairs, "cause")? },
            C::SignFor => Command::SignFor,
            C::CheckEvidence => Command::CheckEvidence,
            C::Correct => return Ok(self.correction(pairs)),
            C::Recuse => Command::Recuse { recused: KeptAway::nobody(), basis: RecusalBasis::ByHand },
            C::Receive
            | C::Judge
            | C::AddEvidence
            | C::Split
            | C::IssuePaper
            | C::Object
            | C::Rate
            | C::ReplaceCode
            | C::DestroyCode => {
                return Err(Missing("act-not-here"));
            }
        };
        self.with_words(command, pairs)
    }

    fn with_words(&self, command: Command, pairs: &Pairs) -> Result<Act, Missing> {
        for field in self.fields(command.kind()).iter().filter(|f| f.required && f.kind == "long") {
            if value(pairs, field.name).is_empty() {
                return Err(Missing(label_of(field.name)));
            }
        }
        let (text, telling) = (clean(value(pairs, "text")), clean(value(pairs, "to_reporter")));
        let mut act = if text.is_empty() { Act::plain(command) } else { Act::with_text(command, text) };
        if !telling.is_empty() {
            act = act.telling(telling);
        }
        if act.command == Command::DraftAnswer && self.says_to_a_request() {
            let (disposition, basis) = (one(pairs, "disposition")?, clean(value(pairs, "basis")));
            act.text = act.text.map(|text| text.deciding(disposition, &basis));
        }
        act.keep_away = match value(pairs, "keep_away") {
            "" => Vec::new(),
            staff => vec![domain::ids::StaffId(staff.to_owned())],
        };
        act.seen = value(pairs, "seen").parse().ok();
        Ok(act)
    }

    /// 校正补录: what changed, with the whole narrative sealed anew; the original stays in the register.
    fn correction(&self, pairs: &Pairs) -> Act {
        let mut narrative = self.open.narrative.clone();
        let title = clean(value(pairs, "title"));
        if !title.is_empty() {
            narrative.title = title;
        }
        let digest = clean(value(pairs, "digest"));
        if !digest.is_empty() {
            narrative.digest = Some(domain::content::Digest { text: digest, drafted: false });
        }
        let lines: Vec<String> =
            value(pairs, "allegations").lines().map(clean).filter(|line| !line.is_empty()).collect();
        let mut allegations = None;
        for (n, summary) in lines.iter().enumerate() {
            match narrative.allegations.get_mut(n) {
                Some(known) => known.summary.clone_from(summary),
                None => narrative.allegations.push(domain::content::Allegation {
                    id: u16::try_from(n + 1).unwrap_or(u16::MAX),
                    subject: None,
                    problem: None,
                    summary: summary.clone(),
                }),
            }
        }
        if narrative.allegations.len() != self.open.narrative.allegations.len() {
            allegations = u16::try_from(narrative.allegations.len()).ok();
        }
        for name in domain::rules::TAGS {
            // A form that does not ask for tags leaves them as they are.
            if let (Some(words), true) = (narrative.tags.of_mut(name), pairs.iter().any(|(n, _)| n == name)) {
                *words = domain::content::Tags::split(value(pairs, name));
            }
        }
        let command = Command::Correct {
            channel: one(pairs, "channel").ok(),
            source: one(pairs, "source").ok(),
            signing: None,
            urgency: one(pairs, "urgency").ok(),
            allegations,
            recused: None,
        };
        let mut act = Act::plain(command);
        act.narrative = Some(Box::new(narrative));
        act.seen = value(pairs, "seen").parse().ok();
        act
    }

    fn holder(&self, text: &str) -> Result<Holder, Missing> {
        let missing = Missing("field-holder");
        match text.split_once(':') {
            Some(("office", id)) => Ok(Holder::Office { office: domain::ids::OfficeId(id.to_owned()) }),
            Some(("organ", key)) => self.organ.directory.organ(key).map(|o| o.holder()).ok_or(missing),
            _ => Err(missing),
        }
    }
}

/// Whether a field must be filled.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Must,
    May,
}

fn one<T: std::str::FromStr>(pairs: &Pairs, name: &'static str) -> Result<T, Missing> {
    value(pairs, name).parse().map_err(|_| Missing(label_of(name)))
}

/// The key of a field's word, for the sentence that says what is missing.
fn label_of(name: &'static str) -> &'static str {
    match name {
        "text" => "field-text",
        "to_reporter" => "field-to_reporter",
        "disposition" => "field-disposition",
        "basis" => "field-basis",
        "kind" => "field-kind",
        "ground" => "field-ground",
        "way" => "field-way",
        "signing" => "field-signing",
        "to" => "field-to",
        "to_report" => "field-to_report",
        "return_ground" => "field-return_ground",
        "extension_ground" => "field-extension_ground",
        "contact_way" => "field-contact_way",
        "disposal" => "field-disposal",
        "allegation" => "field-allegation",
        "finding" => "field-finding",
        _ => "field-cause",
    }
}

fn verdict(pairs: &Pairs) -> Result<Confirmed, Missing> {
    match value(pairs, "verdict") {
        "yes" => Ok(Confirmed::Yes),
        "no" => Ok(Confirmed::No),
        _ => Err(Missing("field-verdict")),
    }
}

fn new_facts(pairs: &Pairs) -> Result<NewFacts, Missing> {
    match value(pairs, "new_facts") {
        "some" => Ok(NewFacts::Some),
        "none" => Ok(NewFacts::None),
        _ => Err(Missing("field-new_facts")),
    }
}
