//! Cosigning: what is brought to a witness, and what is made of its answer. Who carries it, over HTTP
//! or as a file, is not known here. Publishing never waits for a witness; one that is away is asked
//! again, and the status says so.

use std::sync::PoisonError;

use domain::ids::TenantCode;
use ledger::note::{Note, SignatureLine, Verifier};
use ledger::witness::Request;
use ledger::{Checkpoint, Folder, Policy, Reader, Trust};

use super::publish::{behind, io};
use super::witnessed::{Kept, Witnessed};
use crate::error::Error;
use crate::hall::Hall;

/// A request for one witness.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The body of `add-checkpoint`.
    pub request: Request,
    /// What it asks to be cosigned.
    pub checkpoint: Checkpoint,
}

/// What an answer came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The witness cosigned, and it stands with the checkpoint.
    Cosigned,
    /// The witness stands elsewhere: ask again from there.
    AskFrom(u64),
    /// It did not cosign; its words.
    Refused(String),
    /// It says that it has cosigned more than the register has. Only its word: nobody signed it, and
    /// whoever sits between could have said it. So it stops a start, where somebody looks, and
    /// nothing that runs.
    Ahead(String),
}

/// What became of a cosigned checkpoint that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Whose.
    pub checkpoint: Checkpoint,
    /// Witnesses of the policy that cosigned, with their times in Unix seconds.
    pub witnesses: Vec<(String, u64)>,
    /// Whether the published checkpoint is this one and now carries the lines.
    pub published: bool,
    /// Whether the policy is fulfilled for it.
    pub met: bool,
}

impl Hall {
    /// The policy in force.
    ///
    /// # Errors
    /// None was named.
    pub fn policy_in_force(&self) -> Result<std::sync::Arc<Policy>, Error> {
        self.policy().ok_or_else(|| {
            Error::Io("no policy names a witness; write one and name it as `policy` in the configuration".to_owned())
        })
    }

    /// What to bring to a witness for the published checkpoint of a log, from where it stands, or
    /// from `old` where it said so. `None` where nothing is published yet.
    ///
    /// # Errors
    /// The folder is not sound, the store fails, or the witness stands beyond what is published.
    pub async fn request_cosignature(
        &self,
        log: &TenantCode,
        witness: &Verifier,
        old: Option<u64>,
    ) -> Result<Option<Brought>, Error> {
        let epoch = self.store.log_head(log).await?.epoch;
        let trust = Trust::log(self.keys.log_signer(log, epoch)?.verifier());
        let folder = Folder::at(self.places.log(log, epoch));
        let witnessed = Witnessed::at(self.places.witnessed(log, epoch));
        let (origin, witness) = (self.keys.log_origin(log, epoch), witness.clone());
        blocking(move || {
            let Some(bytes) = folder.checkpoint().map_err(io)? else { return Ok(None) };
            let checkpoint = trust.checkpoint("checkpoint", &bytes).map_err(damaged)?.checkpoint;
            let last = witnessed.all()?.into_iter().rev().find(|kept| kept.time_of(&witness).is_some());
            let old = old.unwrap_or_else(|| last.map_or(0, |kept| kept.checkpoint.size));
            if old > checkpoint.size {
                return Err(behind(&origin, old, checkpoint.size));
            }
            let mut reader = Reader::open(&folder, &checkpoint).map_err(damaged)?;
            let proof = reader.consistency(old).map_err(damaged)?;
            // The log's own line alone: what other witnesses said is none of this one's business.
            let mut lines = Note::parse(&bytes).map_err(|e| Error::Io(e.to_string()))?;
            lines.retain(|line| trust.logs.iter().any(|key| key.name() == line.name && key.id() == line.id));
            Ok(Some(Brought { request: Request { old, proof, checkpoint: lines.to_string() }, checkpoint }))
        })
        .await
    }

    /// Whether the published checkpoint of a log has this witness's line already.
    ///
    /// # Errors
    /// The disk or the store fails.
    pub async fn is_cosigned_by(&self, log: &TenantCode, witness: &Verifier) -> Result<bool, Error> {
        let epoch = self.store.log_head(log).await?.epoch;
        let note = Folder::at(self.places.log(log, epoch)).checkpoint().map_err(io)?;
        // Where nothing is published, nothing is wanting.
        Ok(note.is_none_or(|note| Kept::of(&note).is_some_and(|kept| kept.time_of(witness).is_some())))
    }

    /// What a witness answered to a request: an HTTP status and a body.
    ///
    /// # Errors
    /// It cosigned what the register does not have; the disk or the store fails.
    pub async fn told_by_witness(&self, brought: &Brought, status: u16, body: &str) -> Result<Told, Error> {
        match status {
            200 => {
                let mut note =
                    Note::parse(brought.request.checkpoint.as_bytes()).map_err(|e| Error::Io(e.to_string()))?;
                for line in body.lines().filter_map(|line| SignatureLine::parse(line).ok()) {
                    note.add(line);
                }
                match self.take_cosigned(note.to_string().as_bytes()).await {
                    Ok(_) => Ok(Told::Cosigned),
                    Err(Error::Input { en, .. }) => Ok(Told::Refused(en)),
                    Err(error) => Err(error),
                }
            }
            409 => {
                let Ok(seen) = body.trim().parse::<u64>() else { return Ok(Told::Refused(first_line(status, body))) };
                let origin = &brought.checkpoint.origin;
                let (log, epoch) = self.keys.log_named(origin).ok_or_else(|| not_ours(origin))?;
                let has = self.size_of(&log, epoch).await?;
                if seen > has {
                    return Ok(Told::Ahead(behind(origin, seen, has).to_string()));
                }
                if seen == brought.request.old {
                    let en =
                        format!("it has seen another history of {seen} leaves under this name: the log has forked");
                    return Ok(Told::Refused(en));
                }
                Ok(Told::AskFrom(seen))
            }
            _ => Ok(Told::Refused(first_line(status, body))),
        }
    }

    /// Takes up a checkpoint of one of our logs that witnesses of the policy have cosigned.
    ///
    /// # Errors
    /// It is not one, no witness of the policy has cosigned it, or it is not the history the
    /// register has; the disk or the store fails.
    pub async fn take_cosigned(&self, note: &[u8]) -> Result<Taken, Error> {
        let policy = self.policy_in_force()?;
        let given = Kept::of(note).ok_or_else(|| refused("this is not a signed checkpoint"))?;
        let Checkpoint { origin, size, .. } = given.checkpoint.clone();
        let (log, epoch) = self.keys.log_named(&origin).ok_or_else(|| not_ours(&origin))?;
        let key = self.keys.log_signer(&log, epoch)?.verifier();
        let known = Trust { logs: vec![key.clone()], witnesses: policy.trust().witnesses, ..Trust::default() };
        let vouched = known.checkpoint("checkpoint", note).map_err(|fault| refused(fault.to_string()))?;
        if vouched.witnesses.is_empty() {
            return Err(refused("no witness of the policy has cosigned it"));
        }
        let has = self.size_of(&log, epoch).await?;
        if size > has {
            // Signed by the log and by a witness: there is no doubt.
            self.halt(&log, &origin, size, has);
            return Err(behind(&origin, size, has));
        }
        // Lines by keys nobody here knows are not carried on.
        let mut own = given;
        let ours = |line: &SignatureLine| {
            known.logs.iter().chain(&known.witnesses).any(|key| key.name() == line.name && key.id() == line.id)
        };
        own.note.retain(ours);
        let folder = Folder::at(self.places.log(&log, epoch));
        let witnessed = Witnessed::at(self.places.witnessed(&log, epoch));
        blocking(move || {
            let trust = Trust::log(key);
            let shown =
                folder.checkpoint().map_err(io)?.ok_or_else(|| refused("nothing of this log is published here"))?;
            let shown = trust.checkpoint("checkpoint", &shown).map_err(damaged)?.checkpoint;
            // The folder is the register's: whoever has another history at that size has seen a fork.
            Reader::open(&folder, &shown).and_then(|mut log| log.extends(&own.checkpoint)).map_err(damaged)?;
            // Under the folder's lock: answers of two witnesses at once must not lose one another.
            let publication = folder.begin(&trust).map_err(io)?;
            let kept = witnessed.keep(&own, &policy)?;
            let published = publication.published() == Some(&kept.checkpoint);
            if published {
                publication.finish(&kept.note.to_string()).map_err(io)?;
            }
            let met = kept.is_met(&policy);
            Ok(Taken { checkpoint: kept.checkpoint, witnesses: vouched.witnesses, published, met })
        })
        .await
    }

    /// From now on nothing of this log is published by this process: others have seen more of it.
    fn halt(&self, log: &TenantCode, origin: &str, seen: u64, has: u64) {
        let sentence = behind(origin, seen, has).to_string();
        self.halted.lock().unwrap_or_else(PoisonError::into_inner).insert(log.clone(), sentence);
    }

    /// Whether a log goes on.
    ///
    /// # Errors
    /// Why nothing of it is published by this process any more.
    pub fn goes_on(&self, log: &TenantCode) -> Result<(), Error> {
        match self.halted.lock().unwrap_or_else(PoisonError::into_inner).get(log) {
            Some(sentence) => Err(Error::Io(sentence.clone())),
            None => Ok(()),
        }
    }

    /// Leaves the register has of a log.
    async fn size_of(&self, log: &TenantCode, epoch: u32) -> Result<u64, Error> {
        let heads = self.store.log_heads(log).await?;
        Ok(heads.into_iter().find(|head| head.epoch == epoch).map_or(0, |head| head.size))
    }

    /// The checkpoint a proof is given at: the published one, or, while that one waits for its
    /// witnesses, the newest that has them and holds the leaf.
    pub(super) fn checkpoint_for(&self, log: &TenantCode, epoch: u32, index: u64) -> Result<Option<Kept>, Error> {
        let Some(bytes) = Folder::at(self.places.log(log, epoch)).checkpoint().map_err(io)? else { return Ok(None) };
        let Some(published) = Kept::of(&bytes) else { return Err(refused("the published checkpoint cannot be read")) };
        let Some(policy) = self.policy().filter(|policy| !published.is_met(policy)) else { return Ok(Some(published)) };
        let witnessed = Witnessed::at(self.places.witnessed(log, epoch)).all()?;
        let met = |kept: &Kept| {
            index < kept.checkpoint.size && kept.checkpoint.size <= published.checkpoint.size && kept.is_met(&policy)
        };
        Ok(witnessed.into_iter().rev().find(met).or(Some(published)))
    }

    /// Every checkpoint of a log that witnesses have cosigned, as far as it is kept here.
    pub(super) fn witnessed(&self, log: &TenantCode, epoch: u32) -> Result<Vec<Kept>, Error> {
        Witnessed::at(self.places.witnessed(log, epoch)).all()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Error::Io(e.to_string()))?
}

fn damaged(fault: ledger::Fault) -> Error {
    Error::Io(fault.to_string())
}

fn refused(en: impl Into<String>) -> Error {
    let en = en.into();
    Error::input("cosignature", "联署无法采用，请核对文件与见证策略。", &en)
}

fn not_ours(origin: &str) -> Error {
    refused(format!("{origin} is no log of this installation"))
}

fn first_line(status: u16, body: &str) -> String {
    let line: String = body.lines().next().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
    format!("status {status}: {line}")
}
