//! The work behind the listeners, in loops that end when the process does: judging what came in,
//! sequencing and publishing the logs, sweeping what expired. Every loop goes over all organs, and
//! one organ's trouble never stops another's.

use std::sync::Arc;
use std::time::Duration;

use domain::ids::TenantCode;
use office::Hall;
use office::log::{Published, head_log};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::cosign;
use crate::setup::Fault;

/// Pauses of the judging loop while there is nothing to do.
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// Rounds without work after which the index's writers are ended.
const IDLE_ROUNDS: u32 = 20;
/// Time between two looks at what waits to be sequenced.
const SEQUENCE_EVERY: Duration = Duration::from_secs(1);
/// Time between two sweeps of sealed files nobody names; every folder is read.
const SWEEP_FILES_EVERY: Duration = Duration::from_secs(6 * 3600);
/// Time between two looks for a newer directory; the look is one row by its key.
const FOLLOW_EVERY: Duration = Duration::from_secs(2);
/// Time between two sweeps of what idled out.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// A lease left by a process that died ends within this time; it is waited for.
const LEASE_PATIENCE: u32 = 75;

/// Begins all loops.
pub fn begin(hall: &Arc<Hall>, publish_every: u64, stop: &watch::Receiver<bool>, tasks: &mut JoinSet<()>) {
    tasks.spawn(judge(hall.clone(), stop.clone()));
    tasks.spawn(sequence(hall.clone(), stop.clone()));
    tasks.spawn(publish(hall.clone(), Duration::from_secs(publish_every.max(1)), stop.clone()));
    tasks.spawn(super::cosign::again(hall.clone(), stop.clone()));
    tasks.spawn(sweep(hall.clone(), stop.clone()));
    tasks.spawn(sweep_files(hall.clone(), stop.clone()));
}

/// Takes up directories that another process changed, in every process: a role taken away is gone
/// everywhere, and the public pages decide recusal by the directory in force.
pub async fn follow(hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    while !ends_within(FOLLOW_EVERY, &mut stop).await {
        if let Err(fault) = hall.follow_organs().await {
            tracing::warn!(error = fault.slug(), "the directories were not looked at; it will be tried again");
        }
    }
}

/// Sleeps; true if the process ends meanwhile.
pub(super) async fn ends_within(time: Duration, stop: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(time) => false,
        _ = stop.wait_for(|s| *s) => true,
    }
}

async fn judge(hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    let (mut pause, mut idle) = (SHORTEST_PAUSE, 0);
    loop {
        let mut done = 0;
        for organ in hall.organs() {
            // In a task of its own: a panic over one report must not end the judging of all others.
            let (house, tenant) = (hall.clone(), organ.tenant.clone());
            match tokio::spawn(async move { house.work(&tenant).await }).await {
                Ok(Ok(count)) => done += count,
                Ok(Err(fault)) => trouble(&organ.tenant, "judging", &fault),
                Err(_) => trouble(&organ.tenant, "judging", &office::Error::Io("judging broke off".to_owned())),
            }
        }
        pause = if done > 0 { SHORTEST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        // After a while without work the memory for it goes back, and another process may write.
        idle = if done > 0 { 0 } else { idle + 1 };
        if idle == IDLE_ROUNDS {
            hall.settle_indexes();
        }
        let rest = if done > 0 { Duration::ZERO } else { pause };
        if ends_within(rest, &mut stop).await {
            return;
        }
    }
}

async fn sequence(hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    while !ends_within(SEQUENCE_EVERY, &mut stop).await {
        for organ in hall.organs() {
            // The lease is a write: it is taken only where something waits.
            let outcome = match hall.leaves_waiting(&organ.tenant).await {
                Ok(0) => continue,
                Ok(_) => hall.sequence(&organ.tenant).await.map(drop),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = outcome {
                trouble(&organ.tenant, "sequencing", &fault);
            }
        }
    }
}

async fn publish(hall: Arc<Hall>, every: Duration, mut stop: watch::Receiver<bool>) {
    let mut said = cosign::Said::new();
    loop {
        for organ in hall.organs() {
            match hall.publish(&organ.tenant).await {
                Ok(Some(published)) => web::figures::published(organ.tenant.as_str(), published.size),
                Ok(None) => {}
                Err(fault) => trouble(&organ.tenant, "publishing", &fault),
            }
        }
        match hall.publish_head().await {
            Ok(Some(published)) => web::figures::published("head", published.size),
            Ok(None) => {}
            Err(fault) => trouble(&head_log(), "publishing", &fault),
        }
        if let Err(fault) = cosign::round(&hall, cosign::Whom::Wanting, &mut said).await {
            tracing::warn!(%fault, "witnesses were not asked; it will be tried again");
        }
        // Last, so that the copy has the witnesses' lines too.
        for log in hall.organs().into_iter().map(|organ| organ.tenant.clone()).chain([head_log()]) {
            if let Err(fault) = hall.mirror(&log).await {
                trouble(&log, "copying the log into the bucket", &fault);
            }
        }
        if ends_within(every, &mut stop).await {
            return;
        }
    }
}

async fn sweep(hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    while !ends_within(SWEEP_EVERY, &mut stop).await {
        if let Err(fault) = hall.sweep_sessions().await {
            tracing::warn!(error = fault.slug(), "idle sessions were not swept");
        }
        if let Err(fault) = hall.record_failures().await {
            tracing::warn!(error = fault.slug(), "failed sign-ins were counted and not recorded");
        }
    }
}

async fn sweep_files(hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    loop {
        match hall.sweep_files().await {
            Ok(Some(files)) if files > 0 => tracing::info!(files, "sealed files that belong to no report were deleted"),
            Ok(_) => {}
            Err(fault) => tracing::warn!(error = fault.slug(), "sealed files that belong to no report were not swept"),
        }
        if ends_within(SWEEP_FILES_EVERY, &mut stop).await {
            return;
        }
    }
}

fn trouble(tenant: &TenantCode, what: &str, fault: &office::Error) {
    tracing::warn!(organ = %tenant, error = %fault, "{what} failed and will be tried again");
}

/// Publishes one organ's log now, waiting for a lease another process left.
///
/// # Errors
/// The disk or the store fails, or the lease does not end.
pub async fn publish_one(hall: &Hall, tenant: &TenantCode) -> Result<Published, Fault> {
    for _ in 0..LEASE_PATIENCE {
        if let Some(published) = hall.publish(tenant).await? {
            return Ok(published);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    Err(Fault::Say(format!("another process sequences the log of {tenant}; try again in a minute")))
}
