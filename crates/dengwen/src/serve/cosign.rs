//! Brings the published logs to their witnesses and takes their answers up. Publishing never waits
//! for it: a witness that is away is asked again, and what is wanting is said once and counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::ids::TenantCode;
use ledger::policy::Witness;
use office::Hall;
use office::log::{Told, head_log};
use tokio::sync::watch;

use super::duties::ends_within;
use crate::setup::Fault;

/// Time between two rounds to witnesses that have not cosigned yet.
const AGAIN: Duration = Duration::from_secs(60);
/// Times a witness may answer that it stands elsewhere, for one checkpoint.
const TURNS: u32 = 3;

/// Whom to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// Witnesses that have not cosigned what is published.
    Wanting,
    /// Every witness: one may have seen more than is published here.
    All,
}

/// What is wrong, by log and witness, as it was said last.
pub type Said = BTreeMap<(String, String), String>;

/// One round over all logs and all witnesses with an address.
///
/// # Errors
/// A witness has seen more of a log than the register has: an older register was put in its place.
pub async fn round(hall: &Hall, whom: Whom, said: &mut Said) -> Result<(), Fault> {
    let Some(policy) = hall.policy() else { return Ok(()) };
    let mut away: BTreeSet<&str> = BTreeSet::new();
    let mut behind = None;
    for log in hall.logs() {
        for witness in &policy.witnesses {
            let Some(url) = witness.url.as_deref().filter(|url| !away.contains(url)) else { continue };
            if whom == Whom::Wanting && hall.is_cosigned_by(&log, &witness.key).await? {
                continue;
            }
            let place = (name_of(&log), witness.name.clone());
            match ask(hall, &log, witness, url).await {
                Ok(()) => {
                    if said.remove(&place).is_some() {
                        tracing::info!(log = place.0, witness = place.1, "cosigned again");
                    }
                }
                Err(Trouble::Behind(fault)) => {
                    if !said.contains_key(&place) {
                        tracing::error!(log = place.0, witness = place.1, %fault, "a witness has seen more of a log");
                    }
                    said.insert(place, fault.to_string());
                    behind = Some(fault);
                }
                Err(Trouble::Away(why)) => {
                    away.insert(url);
                    once(said, place, why);
                }
                Err(Trouble::Refused(why)) => once(said, place, why),
            }
        }
        figures(hall, &log).await?;
    }
    behind.map_or(Ok(()), Err)
}

fn once(said: &mut Said, place: (String, String), why: String) {
    if said.get(&place) != Some(&why) {
        tracing::warn!(log = place.0, witness = place.1, why, "not cosigned; it will be asked again");
        said.insert(place, why);
    }
}

/// Why a witness has not cosigned.
enum Trouble {
    /// It cannot be reached.
    Away(String),
    /// It does not want to.
    Refused(String),
    /// It has seen more than there is.
    Behind(Fault),
}

async fn ask(hall: &Hall, log: &TenantCode, witness: &Witness, url: &str) -> Result<(), Trouble> {
    let trouble = |fault: office::Error| match hall.goes_on(log) {
        Err(behind) => Trouble::Behind(behind.into()),
        Ok(()) => Trouble::Refused(fault.to_string()),
    };
    let mut old = None;
    for _ in 0..TURNS {
        let brought = hall.request_cosignature(log, &witness.key, old).await.map_err(trouble)?;
        let Some(brought) = brought else { return Ok(()) };
        let answer = gateways::courier::bring(url, &brought.request.to_string()).await.map_err(Trouble::Away)?;
        match hall.told_by_witness(&brought, answer.status, &answer.body).await.map_err(trouble)? {
            Told::Cosigned => return Ok(()),
            Told::AskFrom(size) => old = Some(size),
            Told::Refused(why) => return Err(Trouble::Refused(why)),
            Told::Ahead(sentence) => {
                return Err(Trouble::Behind(Fault::Say(format!(
                    "the witness {} says: {sentence}. If you know that it is mistaken, take its address out of the \
                     policy",
                    witness.name
                ))));
            }
        }
    }
    Err(Trouble::Refused("it keeps answering that it stands elsewhere".to_owned()))
}

async fn figures(hall: &Hall, log: &TenantCode) -> Result<(), Fault> {
    let status = hall.log_status(log).await?;
    let wanting = status.witnesses.iter().filter(|seen| !seen.current).count();
    web::figures::cosigned(&name_of(log), wanting, status.met);
    Ok(())
}

/// What a log is called in lines and figures.
pub fn name_of(log: &TenantCode) -> String {
    if *log == head_log() { "head".to_owned() } else { log.to_string() }
}

/// Asks again and again whoever has not cosigned yet.
pub async fn again(hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    let mut said = Said::new();
    while !ends_within(AGAIN, &mut stop).await {
        if let Err(fault) = round(&hall, Whom::Wanting, &mut said).await {
            tracing::warn!(%fault, "witnesses were not asked; it will be tried again");
        }
    }
}
