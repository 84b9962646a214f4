//! Coarse figures for whoever runs the machine, in Prometheus' format: so coarse that they tell
//! nobody when a report came in. Requests that succeeded are added up and shown by the hour,
//! failures at once; receipts are shown for the day before, without those that are hidden from
//! somebody; what waits is rounded down to tens. It knows no address, no report and no member of staff.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::{counter, describe_counter, describe_gauge, gauge};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use office::Hall;

const REQUESTS: &str = "dengwen_requests_total";
const RECEIVED: &str = "dengwen_received_previous_day";
const WAITING: &str = "dengwen_jobs_waiting_tens";
const GIVEN_UP: &str = "dengwen_jobs_given_up";
const LOG: &str = "dengwen_log_published_size";
const WANTING: &str = "dengwen_log_witnesses_wanting";
const QUORUM: &str = "dengwen_log_quorum_met";

/// Successes are shown this often.
const HELD: Duration = Duration::from_secs(3600);

/// Which listener a request came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The public pages and the interface for programs.
    Public,
    /// The desk.
    Desk,
}

impl Side {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Desk => "desk",
        }
    }
}

/// Successes not shown yet.
struct Held {
    since: Instant,
    counts: BTreeMap<(Side, &'static str), u64>,
}

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
static SUCCESSES: Mutex<Option<Held>> = Mutex::new(None);

/// The recorder of this process, installed on first use; `None` where another one is installed.
fn handle() -> Option<&'static PrometheusHandle> {
    HANDLE
        .get_or_init(|| {
            let handle = PrometheusBuilder::new().install_recorder().ok()?;
            describe_counter!(REQUESTS, "Requests by side, class and outcome; successes by the hour");
            describe_gauge!(RECEIVED, "Reports received the day before that nobody is recused from, by organ");
            describe_gauge!(WAITING, "Jobs waiting, rounded down to tens, by organ");
            describe_gauge!(GIVEN_UP, "Jobs given up after ten attempts, by organ");
            describe_gauge!(LOG, "Leaves of the published log, padding included, by organ");
            describe_gauge!(WANTING, "Witnesses that have not cosigned the published log, by log");
            describe_gauge!(QUORUM, "Whether the published log fulfils the policy (1) or not (0), by log");
            Some(handle)
        })
        .as_ref()
}

/// Counts requests by side, class and outcome.
pub async fn count(State(side): State<Side>, request: Request, next: Next) -> Response {
    let class = class(request.uri().path());
    let response = next.run(request).await;
    if let Some(class) = class {
        handle();
        let status = response.status();
        if status.is_client_error() || status.is_server_error() {
            let outcome = if status.is_client_error() { "refused" } else { "failed" };
            counter!(REQUESTS, "side" => side.as_str(), "class" => class, "outcome" => outcome).increment(1);
        } else {
            succeeded(side, class, Instant::now());
        }
    }
    response
}

/// What kind of request; health and the figures themselves are not counted.
fn class(path: &str) -> Option<&'static str> {
    match path.split('/').nth(1).unwrap_or_default() {
        "health" | "metrics" => None,
        "api" => Some("api"),
        "assets" => Some("asset"),
        _ => Some("page"),
    }
}

fn succeeded(side: Side, class: &'static str, now: Instant) {
    let mut held = SUCCESSES.lock().unwrap_or_else(PoisonError::into_inner);
    let held = held.get_or_insert_with(|| Held { since: now, counts: BTreeMap::new() });
    *held.counts.entry((side, class)).or_default() += 1;
}

/// Shows the successes of the hours gone by.
fn show_successes(now: Instant) {
    let mut held = SUCCESSES.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(due) = held.take_if(|h| now.duration_since(h.since) >= HELD) else { return };
    for ((side, class), count) in due.counts {
        counter!(REQUESTS, "side" => side.as_str(), "class" => class, "outcome" => "done").increment(count);
    }
}

/// Says how many leaves an organ's published log has: a multiple of sixteen by design.
pub fn published(organ: &str, size: u64) {
    handle();
    gauge!(LOG, "organ" => organ.to_owned()).set(size as f64);
}

/// Says how many witnesses have not cosigned a published log, and whether its policy is fulfilled.
pub fn cosigned(log: &str, wanting: usize, met: Option<bool>) {
    handle();
    gauge!(WANTING, "log" => log.to_owned()).set(wanting as f64);
    if let Some(met) = met {
        gauge!(QUORUM, "log" => log.to_owned()).set(f64::from(u8::from(met)));
    }
}

/// GET /metrics, on its own listener only.
pub async fn show(State(hall): State<Arc<Hall>>) -> Response {
    let Some(handle) = handle() else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    show_successes(Instant::now());
    for organ in hall.organs() {
        let name = organ.tenant.to_string();
        // A figure that cannot be read now keeps its last value.
        if let Ok(count) = hall.received_previous_day(&organ.tenant).await {
            gauge!(RECEIVED, "organ" => name.clone()).set(count as f64);
        }
        if let Ok(count) = hall.jobs_waiting(&organ.tenant).await {
            gauge!(WAITING, "organ" => name.clone()).set((count - count % 10) as f64);
        }
        // Exact: it should be nought, and a single one calls for somebody.
        if let Ok(count) = hall.given_up_count(&organ.tenant).await {
            gauge!(GIVEN_UP, "organ" => name).set(count as f64);
        }
    }
    ([("content-type", "text/plain; version=0.0.4; charset=utf-8")], handle.render()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_is_shown_only_when_its_hour_is_over() {
        let now = Instant::now();
        let shown = || handle().map(PrometheusHandle::render).unwrap_or_default();
        handle();
        succeeded(Side::Public, "api", now);
        show_successes(now + Duration::from_secs(60));
        assert!(!shown().contains("outcome=\"done\""), "{}", shown());
        show_successes(now + HELD);
        let line = "dengwen_requests_total{side=\"public\",class=\"api\",outcome=\"done\"} 1";
        assert!(shown().contains(line), "{}", shown());
    }
}
