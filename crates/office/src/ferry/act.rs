//! What a reporter does after filing, across two networks: outside it is checked against what she
//! was last told and kept, sealed to the office; inside it is a command like any other. What the law
//! refuses there is kept as evidence, with the reason, and she is told.

use domain::content::StaffText;
use domain::ids::{ReportId, StreamKind, TenantCode};
use domain::report::{Actor, Command, Context, Recorded, Refusal, decide, fold};
use domain::words::Rating;
use jiff::civil::Date;
use seal::{ContentKey, KeyPlace, Place, ThreadPlace, ThreadPublic, WrappedKey};
use store::{AppendError, ContentKeyRow, FerryAct, FerryBeside, ImportRow, Rows, ThreadFrom, ThreadRow};

use super::OUTSIDE;
use super::take::lost_key;
use super::wire::{ActItem, ActWords, BlobItem, CodeChangeItem, Did, Hex, KeyItem, damaged};
use crate::error::Error;
use crate::hall::Hall;
use crate::report::write::read_header;
use crate::report::{OpenReport, Step};
use crate::thread::Presented;

/// The name under which acts are remembered as taken.
const SOURCE: &str = "ferry";
/// The kind of part an act's words are sealed as.
const PART: &str = "ferry_act";
/// Tries of an act while staff are at work on the same report.
const TRIES: u32 = 20;

impl Did {
    fn of(command: &Command) -> Option<Self> {
        Some(match command {
            Command::SendMessage => Self::Message,
            Command::AddEvidence { files } => Self::Evidence(*files),
            Command::Object => Self::Objection,
            Command::Rate { rating } => Self::Rating(*rating),
            Command::ReplaceCode => Self::ReplaceCode,
            Command::DestroyCode => Self::DestroyCode,
            _ => return None,
        })
    }

    fn command(self) -> Command {
        match self {
            Self::Message => Command::SendMessage,
            Self::Evidence(files) => Command::AddEvidence { files },
            Self::Objection => Command::Object,
            Self::Rating(rating) => Command::Rate { rating },
            Self::ReplaceCode => Command::ReplaceCode,
            Self::DestroyCode => Command::DestroyCode,
        }
    }

    /// What it is called when she and staff are told that it could not be done as it was meant.
    fn named(self) -> (&'static str, &'static str) {
        match self {
            Self::Message => ("留言", "message"),
            Self::Evidence(_) => ("补充材料", "evidence"),
            Self::Objection => ("异议", "objection"),
            Self::Rating(_) => ("评价", "rating"),
            Self::ReplaceCode => ("更换查询码", "replacing the code"),
            Self::DestroyCode => ("注销查询码", "destroying the code"),
        }
    }
}

impl Hall {
    /// Outside: the number the next act's key, entry and files bear.
    pub(crate) async fn next_act(&self, presented: &Presented) -> Result<(u32, u32), Error> {
        let row = self.store.ferry_report(&presented.tenant, presented.report).await?.ok_or(Error::NotFound)?;
        Ok((OUTSIDE + row.acts + 1, row.acts))
    }

    /// Outside: keeps an act. `words` are sealed under the key the caller made for it, whose wrapped
    /// row stands in `extra`; without words a key is made here.
    pub(crate) async fn cross(
        &self,
        presented: &Presented,
        command: &Command,
        words: Option<(&ContentKey, Vec<u8>)>,
        extra: Rows,
        former: Option<(Option<Vec<u8>>, Vec<u8>, u32)>,
    ) -> Result<(), Error> {
        let (tenant, report) = (&presented.tenant, presented.report);
        let did = Did::of(command).ok_or(Error::NotFound)?;
        let (row, copy) = self.copy_shown(presented).await?;
        let state = match copy {
            Some(copy) => copy.state,
            None => {
                let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
                let recorded: Vec<Recorded> = stored.iter().map(read_header).collect::<Result<_, _>>()?;
                fold(&recorded)?.ok_or(Error::NotFound)?
            }
        };
        let (organ, rules, today) = (self.organ(tenant)?, self.rules(), self.clock.today());
        let context = Context {
            // The clock inside may be ahead by an hour around midnight; she is not to wait for that.
            today: today.max(state.last_on),
            at: self.clock.micros(),
            actor: Actor::Reporter,
            edition: organ.edition(),
            rules: &rules,
        };
        decide(Some(&state), command, &context)?;

        let number = OUTSIDE + row.acts + 1;
        let mut rng = self.entropy();
        let (key, wrapped, text) = match words {
            Some((key, text)) if key.number() == number => {
                let row = extra.content_keys.first().cloned().ok_or(Error::Conflict)?;
                let text: StaffText = serde_json::from_slice(&text).map_err(|e| Error::Io(e.to_string()))?;
                (key.clone(), row, Some(text))
            }
            // Another act of hers came between.
            Some(_) => return Err(Error::Conflict),
            None => {
                let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no: number };
                let (key, wrapped) = ContentKey::mint(self.keys.office(tenant)?, &place, &mut rng)?;
                let row = ContentKeyRow {
                    key_no: number,
                    key_id: wrapped.key_id().to_string(),
                    wrapped: wrapped.as_bytes().to_vec(),
                };
                (key, row, None)
            }
        };
        let words =
            serde_json::to_vec(&ActWords { day: today, did, words: text }).map_err(|e| Error::Io(e.to_string()))?;
        let place = Place::whole(tenant.as_str(), report.0, number, PART);
        let item = ActItem {
            key: KeyItem::of(wrapped),
            envelope: Hex(seal::seal_part(&key, &place, &words, &mut rng)?.envelope),
            blobs: extra.blobs.iter().map(BlobItem::of).collect(),
            code: extra.code.as_ref().map(CodeChangeItem::of),
        };
        let payload = serde_json::to_vec(&item).map_err(|e| Error::Io(e.to_string()))?;
        let act = FerryAct { report, ord: row.acts + 1, payload };
        if !self.store.ferry_act(tenant, &act, &FerryBeside { rows: extra, former }).await? {
            return Err(Error::Conflict);
        }
        Ok(())
    }

    /// Inside: applies an act, once.
    pub(crate) async fn take_act(
        &self,
        tenant: &TenantCode,
        report: ReportId,
        ord: u32,
        item: &ActItem,
    ) -> Result<ActOutcome, Error> {
        let mark =
            ImportRow { source: SOURCE.to_owned(), key: seal::sha256(&[&report.0[..], &ord.to_be_bytes()].concat()) };
        for turn in 1..=TRIES {
            if self.store.imported(tenant, SOURCE, &[mark.key]).await?.contains(&mark.key) {
                return Ok(ActOutcome::There);
            }
            let (append, outcome) = self.act_taken(tenant, report, item, &mark).await?;
            match self.store.append(append).await {
                Ok(_) => return Ok(outcome),
                Err(AppendError::Imported) => return Ok(ActOutcome::There),
                // Staff were at work on the same report: it is decided anew on what they did.
                Err(AppendError::Conflict | AppendError::Busy) if turn < TRIES => {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                Err(other) => return Err(other.into()),
            }
        }
        Err(Error::Busy)
    }

    async fn act_taken(
        &self,
        tenant: &TenantCode,
        report: ReportId,
        item: &ActItem,
        mark: &ImportRow,
    ) -> Result<(store::Append, ActOutcome), Error> {
        let stored = self.store.stream(tenant, StreamKind::Report, &report.0).await?;
        let number = stored.first().and_then(|first| first.number.clone()).ok_or_else(damaged)?;
        let open = self.open_stored(tenant, report, number, stored).await?;
        let key_no = item.key.key_no;
        let place = KeyPlace { tenant: tenant.as_str(), report: report.0, key_no };
        let wrapped = WrappedKey::from_bytes(item.key.wrapped.0.clone())?;
        let key = self.keys.ring(tenant)?.unwrap(&wrapped, &place).map_err(|_| lost_key())?;
        let at = Place::whole(tenant.as_str(), report.0, key_no, PART);
        let part = seal::open_part(&key, &at, &item.envelope.0)?;
        let act: ActWords = serde_json::from_slice(&part.plaintext).map_err(|_| damaged())?;
        // The day she did it, as far as the report's own order of days allows.
        let day = act.day.min(self.clock.today()).max(open.state.last_on);
        let command = act.did.command();
        match self.act_append(&open, item, mark, Deed { day, command: &command, words: act.words.clone() }, None).await
        {
            Ok(append) => Ok((append, ActOutcome::Done)),
            Err(Error::Refused(refusal)) => {
                let (zh, en) = act.did.named();
                let mut words = act.words.unwrap_or_default();
                if let Did::Rating(rating) = act.did {
                    words.text = format!("评价：{}", rating_zh(rating));
                    words.fields.insert("rating".to_owned(), rating.as_str().to_owned());
                }
                words.text = format!("【外网转来的{zh}，未能按原样办理：{}】\n{}", refusal.zh, words.text);
                words.fields.insert("refused".to_owned(), refusal.id.to_owned());
                let told = told(zh, en, &refusal);
                let command = Command::AddEvidence { files: item.blobs.len() as u16 };
                let deed = Deed { day, command: &command, words: Some(words) };
                let append = self.act_append(&open, item, mark, deed, Some(&told)).await?;
                Ok((append, ActOutcome::Kept))
            }
            Err(other) => Err(other),
        }
    }

    async fn act_append(
        &self,
        open: &OpenReport,
        item: &ActItem,
        mark: &ImportRow,
        deed: Deed<'_>,
        told: Option<&str>,
    ) -> Result<store::Append, Error> {
        let tenant = &open.tenant;
        let said = deed.words.as_ref().map(|words| words.text.clone()).unwrap_or_default();
        let step = Step {
            tenant,
            report: open.id,
            stored: &open.stored,
            actor: Actor::Reporter,
            command: deed.command,
            day: deed.day,
            named: self.named_beside(open, &said)?,
        };
        let version = step.version();
        let mut extra = Rows {
            content_keys: vec![item.key.clone().row()],
            blobs: item.blobs.iter().map(|blob| blob.row(version)).collect::<Result<_, _>>()?,
            code: item.code.as_ref().map(CodeChangeItem::change).transpose()?,
            imports: vec![mark.clone()],
            ..Rows::default()
        };
        if let Some(told) = told
            && let Some(key) = self.store.thread_key(tenant, open.id).await?
        {
            let place = ThreadPlace { tenant: tenant.as_str(), report: open.id.0, seq: version };
            let to = ThreadPublic::from_bytes(key);
            let envelope = seal::seal_to_thread(&to, &place, told.as_bytes(), &mut self.entropy())?;
            extra.thread = vec![ThreadRow { seq: version, day: deed.day, from: ThreadFrom::Office, envelope }];
        }
        let words = match &deed.words {
            Some(words) => {
                let json = serde_json::to_vec(words).map_err(|e| Error::Io(e.to_string()))?;
                Some((open.key()?, json))
            }
            None => None,
        };
        let (append, _) = self.step(step, |_| Ok(words), extra)?;
        append.ok_or_else(damaged)
    }
}

/// An act as it is to be appended.
struct Deed<'a> {
    day: Date,
    command: &'a Command,
    words: Option<StaffText>,
}

/// What became of an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ActOutcome {
    /// It was done as she meant it.
    Done,
    /// The law refused it as it was: it is kept as evidence, and she is told.
    Kept,
    /// It had been taken before.
    There,
}

/// A rating as it stands in evidence, whatever language whoever reads it has chosen.
fn rating_zh(rating: Rating) -> &'static str {
    match rating {
        Rating::Satisfied => "满意",
        Rating::FairlySatisfied => "基本满意",
        Rating::Unsatisfied => "不满意",
    }
}

fn told(zh: &str, en: &str, refusal: &Refusal) -> String {
    format!(
        "您在网上提交的{zh}转入内网时未能按原样办理：{} 您写的内容没有丢失，已作为补充材料附在本件，工作人员可以看到。\n\
         Your {en} could not be taken as it was when it reached the office: {} Nothing you wrote is lost: it stands with your report as evidence and staff see it.",
        refusal.zh, refusal.en
    )
}
