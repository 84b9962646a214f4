//! The whole path of a report into the register, once: checked, sealed with public keys only,
//! numbered and committed in one transaction. Only after the commit does anyone see the code.

use domain::content::{Allegation, Identity, Narrative, Subject};
use domain::ids::{ReportNumber, Series, StreamKind, TenantCode};
use domain::registration::{Completed, Signed};
use domain::report::{Actor, Command, Context, Receive, decide};
use domain::words::{Channel, Signing, Source, Urgency};
use jiff::civil::Date;
use seal::{IdentityPlace, QueryCode, thread_keys};
use store::{
    Append, AppendError, CodeChange, CodeRow, ContentKeyRow, Expected, FerryRow, IdentityRow, ImportRow, NewWork,
    Numbering, Once, Rows,
};

use super::attach::FILES_LIMIT;
use super::opening::Opening;
use crate::error::Error;
use crate::hall::{Answered, Hall};
use crate::report::write::Chain;

/// Longest text, in bytes: what fits the largest padded envelope with room for the fields.
pub const TEXT_LIMIT: usize = papers::rows::MAX_TEXT_BYTES;
/// Longest title, in characters.
pub const TITLE_LIMIT: usize = 60;
/// Longest name, unit, post or way to reach somebody, in characters: what an identity envelope and
/// a term of the index hold.
pub(crate) const FIELD_LIMIT: usize = 300;

/// Who files.
#[derive(Debug, Clone)]
pub enum Entry {
    /// The reporter herself, by the public pages.
    Public,
    /// A trusted front end, for her.
    Api,
    /// A member of staff, by hand, with what the form asked for besides.
    Staff(Actor, Box<Completed>),
    /// A row of an import: source name and the keyed digests the row is known by.
    Import(String, Vec<[u8; 32]>),
    /// A part split off by a member of staff (M33): signed as the report it comes from, whose
    /// identity envelope stays where it is, and without a code of its own.
    Part(Actor, Signing),
}

/// A report as it is handed in.
#[derive(Debug, Clone)]
pub struct NewReport {
    /// Who files.
    pub entry: Entry,
    /// One-time token of the form, or the Idempotency-Key: at least 128 random bits. The same token
    /// gives the same code.
    pub token: Vec<u8>,
    /// The request's body as sent, to tell a retry from another request under the same token.
    pub body: Vec<u8>,
    /// 渠道
    pub channel: Channel,
    /// 来源
    pub source: Source,
    /// 收到日期; today if `None`.
    pub received_on: Option<Date>,
    /// 紧急程度
    pub urgency: Urgency,
    /// For 上级交办: the date in the letter.
    pub superior_due: Option<Date>,
    /// Title; may be empty.
    pub title: String,
    /// Text.
    pub text: String,
    /// Who it is about.
    pub subjects: Vec<Subject>,
    /// Division code of the matter.
    pub division: Option<String>,
    /// 问题类别 as the reporter chose it in plain words: a code of `rules/problems`, of either level.
    pub problem: Option<String>,
    /// Where a transferred item came from, in words.
    pub source_note: Option<String>,
    /// Who the reporter is, if she signs.
    pub named: Option<Identity>,
}

/// A report that was received: it exists after any crash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// In whose register.
    pub tenant: TenantCode,
    /// Its id.
    pub report: domain::ids::ReportId,
    /// Its number.
    pub number: ReportNumber,
    /// The query code, in fives.
    pub code: String,
    /// 收到日期.
    pub received_on: Date,
    /// Commitment of its first event: what the log will hold.
    pub commitment: [u8; 32],
    /// The very same request was received before; nothing was added.
    pub replayed: Replayed,
}

/// Whether an answer repeats an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// This request made the report.
    No,
    /// An earlier one did; this answer is the same.
    Yes,
}

/// A receipt that only lacks its commit.
pub(crate) struct Filing {
    pub append: Append,
    pub received: Received,
    /// The request's one-time token, from which the code of an earlier answer follows.
    pub token: Vec<u8>,
}

impl Hall {
    /// Receives a report.
    ///
    /// # Errors
    /// [`Error::Input`] with what to mend, [`Error::KeyReused`], [`Error::Busy`], or the store
    /// fails; nothing was stored then.
    pub async fn receive(&self, opening: Opening, new: NewReport) -> Result<Received, Error> {
        self.receive_with(opening, new, Vec::new()).await
    }

    /// As [`Hall::receive`], with more to be written in the same commit.
    pub(crate) async fn receive_with(
        &self,
        opening: Opening,
        new: NewReport,
        beside: Vec<Append>,
    ) -> Result<Received, Error> {
        let filing = self.filing(opening, new, &[])?;
        self.commit_filing(filing, beside).await
    }

    /// The commit of a receipt, with what is written beside it.
    pub(crate) fn commit_filing(&self, filing: Filing, beside: Vec<Append>) -> Answered<'_, Received> {
        Box::pin(self.committed(filing, beside))
    }

    async fn committed(&self, filing: Filing, beside: Vec<Append>) -> Result<Received, Error> {
        let Filing { append, mut received, token } = filing;
        let together = std::iter::once(append).chain(beside).collect();
        match self.store.append_together(together).await {
            Ok(done) => {
                let first = done.into_iter().next();
                received.number = first.and_then(|first| first.number).ok_or(Error::Conflict)?;
            }
            Err(AppendError::Replayed(prior)) => {
                received.report = domain::ids::ReportId(prior.stream);
                received.number = prior.number.ok_or(Error::Conflict)?;
                // It stands where it stood, though a directory may have changed since.
                received.tenant = received.number.tenant.clone();
                received.code = QueryCode::from_token(self.keys.pepper(), received.tenant.as_str(), &token).grouped();
                received.received_on = prior.day;
                received.commitment = prior.commitment;
                received.replayed = Replayed::Yes;
            }
            Err(other) => return Err(other.into()),
        }
        Ok(received)
    }

    /// Everything of a receipt but the commit: checked, decided, sealed. The number in it stands
    /// in until the commit gives one. `also` are the tokens of those who must not see it for
    /// reasons that do not stand in it.
    pub(crate) fn filing(&self, opening: Opening, new: NewReport, also: &[String]) -> Result<Filing, Error> {
        let organ = self.organ(&opening.tenant)?;
        let today = self.clock.today();
        check(&new, &organ.divisions, opening.files.len())?;
        if let Some(code) = &new.problem
            && self.lists(organ.edition())?.problems.get(code).is_none()
        {
            return Err(Error::input(
                "problem-unknown",
                "所选的问题类别已经调整，请重新选择，不清楚可以不选。",
                "This kind of problem is no longer in the list; choose again, or leave it out.",
            ));
        }
        let tenant = opening.tenant.clone();
        let rules = self.rules();
        let mut rng = self.entropy();
        let series = self.number_series(&tenant);
        let code = QueryCode::from_token(self.keys.pepper(), tenant.as_str(), &new.token);
        let office = organ.directory.petition_office().ok_or(Error::NotFound)?.id.clone();
        let by_hand = match &new.entry {
            Entry::Staff(_, form) => Some(form),
            _ => None,
        };
        let allegations = by_hand.map(|form| form.allegations.clone()).filter(|a| !a.is_empty()).unwrap_or_else(|| {
            let subject = (!new.subjects.is_empty()).then_some(0);
            vec![Allegation { id: 1, subject, problem: new.problem.clone(), summary: String::new() }]
        });
        // Whoever a form names anywhere as concerned is kept away, not only whom the text names.
        let of_form = by_hand.into_iter().flat_map(|form| naming(form));
        let summaries = allegations.iter().map(|a| a.summary.as_str());
        let texts = [new.title.as_str(), new.text.as_str()].into_iter().chain(summaries).chain(of_form);
        let mut named = self.whom(&tenant, &new.subjects, texts)?;
        // Nobody who must not see the whole is spared for a part of it.
        named.all.extend(also.iter().cloned());
        named.about.extend(also.iter().cloned());
        let recused = self.keep_away(&tenant, &[], named)?;
        let actor = match &new.entry {
            Entry::Public => Actor::Reporter,
            // A front end also hands over what other organs sent; only what the reporter filed
            // herself is her own act, and carries no time.
            Entry::Api if new.source == Source::Own => Actor::Reporter,
            Entry::Api => Actor::System,
            Entry::Staff(actor, _) | Entry::Part(actor, _) => actor.clone(),
            Entry::Import(..) => Actor::System,
        };
        let command = Command::Receive(Receive {
            received_on: new.received_on.unwrap_or(today),
            channel: new.channel,
            source: new.source,
            signing: match &new.entry {
                Entry::Part(_, signing) => *signing,
                Entry::Staff(_, form) if form.signed == Signed::VerifiedAbove => Signing::NamedVerified,
                _ if new.named.is_some() => Signing::NamedPending,
                _ => Signing::Anonymous,
            },
            urgency: new.urgency,
            office,
            superior_due: new.superior_due,
            allegations: u16::try_from(allegations.len()).unwrap_or(u16::MAX),
            files: opening.files.len() as u16,
            recused,
        });
        let context = Context { today, at: self.clock.micros(), actor, edition: organ.edition(), rules: &rules };
        let decided = decide(None, &command, &context)?;

        let narrative = Narrative {
            title: new.title.trim().to_owned(),
            text: new.text.clone(),
            allegations,
            subjects: new.subjects.clone(),
            digest: by_hand
                .and_then(|form| form.digest.clone())
                .map(|text| domain::content::Digest { text, drafted: false }),
            files: opening.files.clone(),
            division: new.division.clone(),
            source_note: new.source_note.clone(),
            entered_at: self.clock.micros(),
            tags: by_hand.map(|form| form.tags.clone()).unwrap_or_default(),
            registration: by_hand.map(|form| form.registration.clone()),
        };
        let words = serde_json::to_vec(&narrative).map_err(|e| Error::Io(e.to_string()))?;
        let identity = match &new.named {
            Some(identity) => Some(serde_json::to_vec(identity).map_err(|e| Error::Io(e.to_string()))?),
            None => None,
        };
        if identity.as_ref().is_some_and(|bytes| bytes.len() > seal::IDENTITY_LIMIT) {
            return Err(Error::input(
                "identity-too-long",
                "反映人一栏写得太多：单独密封的信封一共只容约一千三百字。请只留姓名和联系方式，其余写进原文。",
                "Too much is written about the reporter: her sealed envelope holds about 4,000 bytes. Keep name and contact; put the rest into the text.",
            ));
        }
        let place = IdentityPlace { tenant: tenant.as_str(), report: opening.report.0, part: 0 };
        let envelope = seal::seal_identity(self.keys.recipients(&tenant)?, &place, identity.as_deref(), &mut rng)?;
        let identity_digest = identity_digest(&envelope);

        let mut chain = Chain::begin(&tenant, opening.report, &rules);
        for (n, recorded) in decided.into_iter().enumerate() {
            if n == 0 {
                chain.push(recorded, Some((&opening.key, &words)), &[identity_digest], &mut rng)?;
            } else {
                chain.push(recorded, None, &[], &mut rng)?;
            }
        }
        if let Some(number) = by_hand.and_then(|form| form.platform_number.clone()) {
            // The superior's or the platform's number is one more act of the same clerk.
            for recorded in decide(chain.state(), &Command::SetPlatformNumber { number }, &context)? {
                chain.push(recorded, None, &[], &mut rng)?;
            }
        }
        let received_on = chain.state().map_or(today, |s| s.received_on);
        let commitment = chain.first_commitment();
        let extra = Rows {
            content_keys: vec![ContentKeyRow {
                key_no: 1,
                key_id: opening.wrapped.key_id().to_string(),
                wrapped: opening.wrapped.as_bytes().to_vec(),
            }],
            identity: Some(IdentityRow {
                envelope,
                custodian_share: Vec::new(),
                approver_share: Vec::new(),
                gate_share: Vec::new(),
            }),
            code: match &new.entry {
                Entry::Part(..) => None,
                _ => Some(CodeChange::Set(CodeRow {
                    lookup: code.lookup(self.keys.pepper()),
                    thread_key: *thread_keys(self.keys.pepper(), &code).public().as_bytes(),
                })),
            },
            blobs: opening.blobs.clone(),
            jobs: match series {
                Series::Register => vec![judging(opening.report.0, &mut rng)],
                // It is judged where it can be opened.
                Series::Outside => Vec::new(),
            },
            ferry: match series {
                Series::Register => None,
                Series::Outside => Some(FerryRow { package: None }),
            },
            imports: match &new.entry {
                Entry::Import(source, keys) => {
                    keys.iter().map(|key| ImportRow { source: source.clone(), key: *key }).collect()
                }
                _ => Vec::new(),
            },
            ..Rows::default()
        };
        let finished = chain.finish();
        let append = Append {
            tenant: tenant.clone(),
            kind: StreamKind::Report,
            stream: opening.report.0,
            expected: Expected::Version(0),
            number: Numbering::Next(received_on.year(), series),
            once: Some(Once {
                key: self.once_key(&opening.addressed, &new.token),
                body: self.keys.digest(&opening.addressed, &new.body),
            }),
            today,
            // The store gives a number whenever one is asked for; without it the empty rows are refused.
            fill: Box::new(move |place| {
                place.number.map(|number| finished.rows(number, extra.clone())).unwrap_or_default()
            }),
        };
        let number = ReportNumber { tenant: tenant.clone(), year: received_on.year(), series, serial: 0 };
        let received = Received {
            tenant,
            report: opening.report,
            number,
            code: code.grouped(),
            received_on,
            commitment,
            replayed: Replayed::No,
        };
        Ok(Filing { append, received, token: new.token })
    }

    /// Names a request once: keyed, so that the table tells nothing about the token. By the organ it
    /// was addressed to and not by the register it goes into: another body under the same token may
    /// belong to another register (规则 Art 15), and is the same token all the same.
    fn once_key(&self, addressed: &TenantCode, token: &[u8]) -> [u8; 32] {
        self.keys.digest(addressed, &[b"once:".as_slice(), token].concat())
    }
}

/// The job that judges a report.
pub(crate) fn judging(report: [u8; 16], rng: &mut dyn seal::Entropy) -> NewWork {
    let id = seal::fresh_id(rng);
    NewWork { id, kind: "judge".to_owned(), subject: report, payload: Vec::new(), due_at: 0 }
}

/// What the log commits to of an identity envelope: its ciphertext. Key and content commitments
/// stand inside it.
pub(crate) fn identity_digest(envelope: &[u8]) -> seal::PartDigest {
    seal::PartDigest { ciphertext: seal::sha256(envelope), key_commitment: [0; 32], content: [0; 32] }
}

fn check(new: &NewReport, divisions: &domain::divisions::Divisions, files: usize) -> Result<(), Error> {
    if new.text.trim().is_empty() {
        return Err(Error::input(
            "text-missing",
            "还没有写反映的内容。请写明何时、何地、何人、何事，再按提交。",
            "There is no text yet. Say when, where, who and what, then submit again.",
        ));
    }
    if new.text.len() > TEXT_LIMIT {
        return Err(Error::input(
            "text-too-long",
            "内容太长了（最多约两万字）。请删减，或把详细材料作为附件上传。",
            "The text is too long (60 KiB at most). Shorten it, or attach the details as a file.",
        ));
    }
    // Titles of other systems are taken whole: cut, they would be lost.
    let imported = matches!(new.entry, Entry::Import(..));
    let title_limit = if imported { FIELD_LIMIT } else { TITLE_LIMIT };
    if new.title.chars().count() > title_limit {
        return Err(Error::input(
            "title-too-long",
            "标题请控制在60字以内，详细情况写在内容里。",
            "Keep the title within 60 characters; put the details into the text.",
        ));
    }
    if new.token.len() < 16 {
        return Err(Error::input(
            "token-too-short",
            "提交凭据无效，请刷新页面后再提交，填写的内容会保留。",
            "The one-time token must carry at least 128 random bits.",
        ));
    }
    if files > FILES_LIMIT {
        return Err(Error::input(
            "too-many-files",
            "附件最多10个。请合并或只留最要紧的材料，其余以后可以凭码补充。",
            "Ten files at most. Merge them or keep the most important; more can be added later with the code.",
        ));
    }
    if new.division.as_deref().is_some_and(|code| divisions.get(code).is_none()) {
        return Err(Error::input(
            "division-unknown",
            "所选地区不在区划表中，请重新选择，不清楚可以不选。",
            "This division code is not in the list; choose again, or leave it out.",
        ));
    }
    let of_subjects = new.subjects.iter().flat_map(|s| [&s.name, &s.unit, &s.post]).flatten();
    let of_named = new.named.iter().flat_map(|n| [&n.name, &n.contact]);
    if of_subjects.chain(of_named).any(|field| field.chars().count() > FIELD_LIMIT) {
        return Err(Error::input(
            "field-too-long",
            "姓名、单位、职务和联系方式每项最多300字，详细情况请写在内容里。",
            "A name, unit, post or contact may have 300 characters at most; put the details into the text.",
        ));
    }
    // A table may hold one without the other: sealed as it is, and still to be verified (Art 24).
    if let Some(named) = &new.named
        && !imported
        // A letter may bear a name and no way to reach whoever wrote it: 署名待核.
        && (named.name.trim().is_empty() || (named.contact.trim().is_empty() && !matches!(new.entry, Entry::Staff(..))))
    {
        return Err(Error::input(
            "named-incomplete",
            "实名反映需要姓名（或单位名称）和一种联系方式；不愿留下可改为匿名。",
            "A signed report needs a name (of a person or unit) and one way to reach you; or file anonymously.",
        ));
    }
    Ok(())
}

/// The words of a form, beyond title and text, in which somebody of the staff may be named.
fn naming(form: &Completed) -> impl Iterator<Item = &str> {
    let tags = form.tags.all().flat_map(|(_, words)| words).map(String::as_str);
    form.digest.as_deref().into_iter().chain(tags).chain(form.registration.naming())
}
