//! The worker behind the desk: opens what came in, asks the funnel, seals its suggestions beside
//! the report and feeds the sealed index. It decides nothing; a suggestion changes no course.
//!
//! A job may be done twice (a worker may die at any point): the index is put by report id, and a
//! second `Judged` is refused by the version it expects.

use std::collections::{BTreeMap, BTreeSet};

use domain::content::Narrative;
use domain::ids::{ReportId, TenantCode};
use domain::lists::Lists;
use domain::report::{Actor, Command, Holder, Report};
use domain::rules::Rules;
use domain::words::{Kind, Rank};
use futures::stream::{self, StreamExt};
use index::{Document, Word};
use serde::{Deserialize, Serialize};
use store::{Queue, Work};
use triage::{Entity, EntityKind, Ground, Input, Judgement, Place, Ranked, Suggested};

use super::repeats::Candidate;
use crate::error::Error;
use crate::hall::{Answered, Hall};
use crate::organ::Organ;
use crate::report::recuse::RECUSE;
use crate::report::{Act, Beside, OpenReport};

/// What the funnel suggests about a report, sealed with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestions {
    /// First-level category of the civic taxonomy.
    pub category: Ranked,
    /// Too unsure to offer more than alternatives.
    pub abstained: bool,
    /// 类别 of the edition.
    pub kind: Option<Suggested<Kind>>,
    /// 职级 of who is reported.
    pub rank: Option<Suggested<Rank>>,
    /// Entities, in the order of the text.
    pub entities: Vec<Entity>,
    /// Divisions named.
    pub places: Vec<Place>,
    /// Drafted digest, marked 机拟 until a person touched it.
    pub digest: String,
    /// Why.
    pub grounds: Vec<Ground>,
    /// Where it should go, best first.
    pub routes: Vec<Route>,
    /// Earlier reports with the same or an edited text.
    pub repeats: Vec<Repeat>,
    /// Models and rules that judged.
    pub version: String,
}

/// A suggested holder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// To whom.
    pub to: Holder,
    /// How.
    pub way: domain::words::DispatchWay,
    /// 0 to 1.
    pub confidence: f32,
    /// The rule that led there.
    pub rule: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// An earlier report that this one may repeat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Repeat {
    /// Which.
    pub report: ReportId,
    /// 0 to 1: how much of the shorter text stands in the longer.
    pub score: f64,
    /// Equal after removing everything but letters and digits.
    pub equal: bool,
    /// Sentences the earlier one lacks.
    pub new_sentences: Vec<String>,
}

/// Jobs taken at a time: enough to share the index's commit, few enough to lose little.
const BATCH: u32 = 256;
/// A job not finished after this long goes to another worker, microseconds.
const LEASE: i64 = 5 * 60 * 1_000_000;
/// From this attempt on it is no coincidence that somebody came first.
const OFTEN: u32 = 4;
/// Reports of a batch looked at side by side: their appends share the store's commits.
const ABREAST: usize = 16;

impl Hall {
    /// Does waiting work of an organ: judging and re-indexing. Returns how many jobs were claimed.
    ///
    /// # Errors
    /// [`Error::NoKey`] in the public role; the store fails. Single jobs that fail are tried again
    /// later and never stop the others.
    pub fn work<'a>(&'a self, tenant: &'a TenantCode) -> Answered<'a, usize> {
        Box::pin(self.work_on(tenant))
    }

    async fn work_on(&self, tenant: &TenantCode) -> Result<usize, Error> {
        // Without the key nothing is claimed: the jobs are left to whoever can do them.
        self.keys.ring(tenant)?;
        let now = self.clock.micros();
        if !self.store.work_waits(Queue::Jobs, tenant, now).await? || !self.may_index(tenant)? {
            self.texts.forget(std::time::Instant::now());
            return Ok(0);
        }
        let claimed = self.store.work_claim(Queue::Jobs, tenant, now, LEASE, BATCH).await?;
        // Also while nothing is compared, no text stays open.
        self.texts.forget(std::time::Instant::now());
        if claimed.is_empty() {
            return Ok(0);
        }
        let count = claimed.len();
        // Whoever filed comes first; what goes through all that is here does a part of it afterwards.
        let (again, fresh): (Vec<_>, Vec<_>) = claimed.into_iter().partition(|work| work.kind == RECUSE);
        if !fresh.is_empty() {
            self.look_at(tenant, fresh).await?;
        }
        for work in again {
            if let Err(fault) = self.recheck(tenant, &work).await {
                self.give_up(tenant, &work, &fault).await?;
            }
        }
        Ok(count)
    }

    /// Whether this process may write the index of an organ: of several workers over one folder one
    /// does, and the others leave it the jobs instead of failing them. When it ends, however it ends, the
    /// next one may.
    fn may_index(&self, tenant: &TenantCode) -> Result<bool, Error> {
        match self.index(tenant)?.hold() {
            Ok(()) => Ok(true),
            Err(index::IndexError::Busy) => Ok(false),
            Err(fault) => Err(io(fault)),
        }
    }

    /// Judges and indexes what was claimed.
    async fn look_at(&self, tenant: &TenantCode, claimed: Vec<Work>) -> Result<(), Error> {
        let count = claimed.len();
        let prepared: Vec<_> = stream::iter(claimed)
            .map(|work| async move {
                let outcome = self.prepare(tenant, &work).await;
                (work, outcome)
            })
            .buffered(ABREAST)
            .collect()
            .await;
        let mut ready = Vec::with_capacity(count);
        for (work, outcome) in prepared {
            match outcome {
                Ok(prepared) => ready.push((work, prepared)),
                Err(fault) => self.give_up(tenant, &work, &fault).await?,
            }
        }
        // In the order they were registered: of two equal texts the later one is the repeat.
        ready.sort_by_key(|(_, prepared)| (prepared.open.number.year, prepared.open.number.serial));
        let index = self.index(tenant)?;
        let watermark = index.watermark().map_err(io)? + ready.len() as u64;
        let mut put = Vec::with_capacity(ready.len());
        for (work, prepared) in ready {
            match index.put(&prepared.document) {
                Ok(()) => put.push((work, prepared)),
                // One document the index refuses must not hold back the others.
                Err(fault) => self.give_up(tenant, &work, &io(fault)).await?,
            }
        }
        let ready = put;
        // Repeats are looked for only now, so that texts that came in together find each other.
        index.commit(watermark).map_err(io)?;
        let batch: BTreeMap<ReportId, usize> = ready
            .iter()
            .zip(0..)
            .filter(|((_, p), _)| p.judgement.is_some())
            .map(|((_, p), at)| (p.open.id, at))
            .collect();
        let batch = &batch;
        let done: Vec<_> = stream::iter(ready)
            .map(|(work, prepared)| async move { (work, self.suggest(tenant, prepared, batch).await) })
            .buffer_unordered(ABREAST)
            .collect()
            .await;
        let mut finished = Vec::with_capacity(count);
        for (work, outcome) in done {
            match outcome {
                Ok(()) => finished.push(work),
                Err(fault) => self.give_up(tenant, &work, &fault).await?,
            }
        }
        // In one commit: a commit for each would hold up whoever files meanwhile.
        self.store.work_done(Queue::Jobs, tenant, &finished).await?;
        Ok(())
    }

    async fn give_up(&self, tenant: &TenantCode, work: &Work, fault: &Error) -> Result<(), Error> {
        if overtaken(fault, work.attempts) {
            tracing::info!(job = %work.kind, attempt = work.attempts, "somebody acted on the report meanwhile; it is looked at again");
        } else {
            tracing::warn!(job = %work.kind, attempt = work.attempts, error = fault.slug(), "a job failed and will be tried again");
        }
        self.store.work_failed(Queue::Jobs, tenant, work, fault.slug(), self.clock.micros()).await?;
        Ok(())
    }

    async fn prepare(&self, tenant: &TenantCode, work: &Work) -> Result<Prepared, Error> {
        let report = ReportId(work.subject);
        let open = self.open_for_program(tenant, report).await?;
        let organ = self.organ(tenant)?;
        let wanted = work.kind == "judge"
            && !open.events.iter().any(|e| matches!(e.recorded.event, domain::report::Event::Judged { .. }));
        let judge = self.judge(tenant)?;
        let (narrative, state) = (open.narrative.clone(), open.state.clone());
        let edition = organ.edition();
        let home = organ.directory.organ.division.clone();
        let judgement = match &open.suggestions {
            Some(earlier) if !wanted => judgement_of(earlier),
            _ => tokio::task::spawn_blocking(move || {
                judge.judge(&Input {
                    title: Some(narrative.title.as_str()).filter(|t| !t.is_empty()),
                    text: &narrative.text,
                    channel: Some(state.channel),
                    edition: Some(edition),
                    home: Some(&home),
                    received: Some(state.received_on),
                })
            })
            .await
            .map_err(|e| Error::Io(e.to_string()))?,
        };
        let lists = self.lists(edition)?;
        let document = document(&open, &organ, &lists, &judgement);
        Ok(Prepared { open, document, judgement: wanted.then_some(judgement) })
    }

    /// Looks for repeats and appends `Judged` with the suggestions under the report's seal.
    /// `batch` gives the reports judged together their order.
    async fn suggest(
        &self,
        tenant: &TenantCode,
        prepared: Prepared,
        batch: &BTreeMap<ReportId, usize>,
    ) -> Result<(), Error> {
        let Prepared { open, judgement: Some(judgement), .. } = prepared else { return Ok(()) };
        let own = batch.get(&open.id).copied();
        let earlier = |other: &ReportId| batch.get(other).copied().is_none_or(|at| Some(at) < own);
        let repeats = self.find_repeats(tenant, open.id, &open.narrative, &earlier).await?;
        let organ = self.organ(tenant)?;
        let suggestions = suggestions(&open.narrative, &organ, &self.rules(), judgement, repeats)?;
        let judge = Command::Judge { models: suggestions.version.clone(), abstained: suggestions.abstained };
        let act = Act { suggestions: Some(Box::new(suggestions)), ..Act::plain(judge) };
        match self.commit(open, Actor::System, act, Beside::default()).await {
            // Somebody acted on it meanwhile: the job is done again with the new state.
            Err(Error::Conflict) => Err(Error::Conflict),
            // Closed or judged before the worker came: nothing is lost, the index has it.
            Err(Error::Refused(_)) | Ok(_) => Ok(()),
            Err(other) => Err(other),
        }
    }

    /// Earlier reports with the same or an edited text, most alike first. For the program: who may
    /// see a match is decided when it is shown.
    async fn find_repeats(
        &self,
        tenant: &TenantCode,
        report: ReportId,
        narrative: &Narrative,
        earlier: &(dyn Fn(&ReportId) -> bool + Sync),
    ) -> Result<Vec<Repeat>, Error> {
        let candidates = self.candidates(tenant, &narrative.text, &|other| *other != report && earlier(other)).await?;
        Ok(candidates
            .into_iter()
            .map(|Candidate { report, similarity }| Repeat {
                report,
                score: similarity.score,
                equal: similarity.equal,
                new_sentences: similarity.new_sentences.iter().map(|span| slice(&narrative.text, *span)).collect(),
            })
            .collect())
    }
}

/// Whether a job was only overtaken by a person who acted on the same report, as happens on every busy
/// day. One that is overtaken time and again is worth a look.
fn overtaken(fault: &Error, attempts: u32) -> bool {
    matches!(fault, Error::Conflict) && attempts < OFTEN
}

struct Prepared {
    open: OpenReport,
    document: Document,
    /// What the funnel found, where the report has not been judged before.
    judgement: Option<Judgement>,
}

/// The words of a span given in characters.
fn slice(text: &str, span: triage::Span) -> String {
    text.chars().skip(span.start).take(span.end - span.start).collect()
}

fn io(error: index::IndexError) -> Error {
    Error::Io(error.to_string())
}

/// The funnel's findings that the index needs, from suggestions sealed earlier.
fn judgement_of(earlier: &Suggestions) -> Judgement {
    Judgement {
        category: earlier.category.clone(),
        abstained: earlier.abstained,
        entities: earlier.entities.clone(),
        places: earlier.places.clone(),
        kind: earlier.kind.clone(),
        rank: earlier.rank.clone(),
        digest: earlier.digest.clone(),
        grounds: earlier.grounds.clone(),
        version: earlier.version.clone(),
    }
}

fn suggestions(
    narrative: &Narrative,
    organ: &Organ,
    rules: &Rules,
    judgement: Judgement,
    repeats: Vec<Repeat>,
) -> Result<Suggestions, Error> {
    let edition = organ.edition();
    let routes = domain::routing::Routes::of(edition, rules).map_err(|e| Error::Io(e.to_string()))?;
    let division = narrative.division.clone().or_else(|| judgement.places.first().map(|p| p.code.clone()));
    let routes = domain::routing::route(&narrative.subjects, division.as_deref(), &organ.directory, &routes)
        .into_iter()
        .map(|s| Route { to: s.to, way: s.way, confidence: s.confidence, rule: s.rule, zh: s.zh, en: s.en })
        .collect();
    Ok(Suggestions {
        category: judgement.category,
        abstained: judgement.abstained,
        kind: judgement.kind,
        rank: judgement.rank,
        entities: judgement.entities,
        places: judgement.places,
        digest: judgement.digest,
        grounds: judgement.grounds,
        routes,
        repeats,
        version: judgement.version,
    })
}

/// What the index keeps of a report.
fn document(open: &OpenReport, organ: &Organ, lists: &Lists, judgement: &Judgement) -> Document {
    let narrative = &open.narrative;
    let state: &Report = &open.state;
    let digest = narrative.digest.as_ref().map_or("", |d| d.text.as_str());
    let words = [narrative.title.as_str(), narrative.text.as_str(), digest].map(|part| {
        triage::tokens_for_search(part).into_iter().map(|t| (t.text.to_owned(), t.start)).collect::<Vec<_>>()
    });
    let places = narrative
        .division
        .iter()
        .cloned()
        .chain(judgement.places.iter().map(|p| p.code.clone()))
        .flat_map(|code| {
            let above: Vec<String> = organ.divisions.ancestors(&code).into_iter().map(|d| d.code.to_string()).collect();
            std::iter::once(code).chain(above)
        })
        .collect::<BTreeSet<_>>();
    let named = |kind: EntityKind| {
        judgement.entities.iter().filter(move |e| e.kind == kind).map(|e| e.text.clone()).collect::<Vec<_>>()
    };
    let text = |field: fn(&domain::content::Subject) -> Option<&String>| {
        narrative.subjects.iter().filter_map(field).cloned().collect::<Vec<_>>()
    };
    let mut document = Document::new(open.id, state.received_on, open.number.serial, state.channel);
    document.words = Word::join(words);
    document.subjects = text(|s| s.name.as_ref());
    document.units = text(|s| s.unit.as_ref());
    document.posts = text(|s| s.post.as_ref());
    document.ranks =
        narrative.subjects.iter().filter_map(|s| s.rank).chain(judgement.rank.iter().map(|r| r.value)).collect();
    document.categories = vec![judgement.category.label.clone()];
    document.categories.extend(narrative.allegations.iter().filter_map(|a| a.problem.as_deref()).flat_map(|code| {
        // A class is found by its group too.
        let group = lists.problems.get(code).map(|(group, _)| group.code.as_str());
        group.into_iter().chain([code]).map(crate::desk::problem_term).collect::<BTreeSet<_>>()
    }));
    document.places = places.into_iter().collect();
    document.projects = named(EntityKind::Project);
    document.accounts = [named(EntityKind::Account), named(EntityKind::Phone)].concat();
    document.letters = narrative.source_note.iter().cloned().collect();
    document.kind = state.kind.or(judgement.kind.as_ref().map(|k| k.value));
    document.holder = match &state.holder {
        Holder::Office { office } => Some(office.clone()),
        Holder::Organ { .. } | Holder::Outside { .. } => None,
    };
    document.offices = document.holder.iter().chain(&state.watcher).chain([&state.office]).cloned().collect();
    document.assignee = state.assignee.clone();
    document.recused = state.recused.clone();
    document.fingerprints = triage::fingerprint(&narrative.text).terms;
    document
}

impl Hall {
    /// What the index keeps of a report, from what was suggested about it before.
    pub(crate) async fn document_of(&self, tenant: &TenantCode, report: ReportId) -> Result<Document, Error> {
        let open = self.open_for_program(tenant, report).await?;
        let organ = self.organ(tenant)?;
        let judgement = match &open.suggestions {
            Some(earlier) => judgement_of(earlier),
            None => self.judge(tenant)?.judge(&Input { text: &open.narrative.text, ..Input::default() }),
        };
        let lists = self.lists(organ.edition())?;
        Ok(document(&open, &organ, &lists, &judgement))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_acts_on_a_report_first_is_no_fault_unless_it_never_ends() {
        assert!(overtaken(&Error::Conflict, 1));
        assert!(!overtaken(&Error::Conflict, OFTEN));
        assert!(!overtaken(&Error::Store("gone".to_owned()), 1));
    }
}
