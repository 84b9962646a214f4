//! 运行: the work that was given up, for the administrator. It names jobs, never reports.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use office::Error;
use store::Queue;

use super::page::{GivenUpLine, Operations};
use super::site::{Filled, Seated};
use crate::answers::value;
use crate::public::page;

/// GET /operations.
pub async fn show(seat: Seated) -> Response {
    let given_up = match seat.hall().given_up(&seat.me).await {
        Ok(given_up) => given_up,
        Err(error) => return seat.trouble(&error).await,
    };
    let voice = seat.voice();
    let lines = given_up
        .into_iter()
        .map(|g| {
            let day = jiff::Timestamp::from_microsecond(g.work.given_up_at)
                .map(|at| at.to_zoned(seat.hall().clock.zone().clone()).date().to_string());
            let key = format!("job-{}", g.work.kind);
            GivenUpLine {
                queue: queue_name(g.queue),
                id: hex(&g.work.id),
                what: if crate::locale::knows(&key) { voice.t(&key) } else { g.work.kind },
                attempts: g.work.attempts,
                error: g.work.error.unwrap_or_default(),
                day: day.unwrap_or_default(),
            }
        })
        .collect();
    page(StatusCode::OK, &Operations { p: seat.page("/operations").await, lines })
}

/// POST /operations/retry.
pub async fn retry(filled: Filled) -> Response {
    let Filled { seat, pairs } = filled;
    let queue = match value(&pairs, "queue") {
        "jobs" => Queue::Jobs,
        "outbox" => Queue::Outbox,
        _ => return seat.trouble(&Error::NotFound).await,
    };
    let Some(id) = unhex(value(&pairs, "id")) else { return seat.trouble(&Error::NotFound).await };
    match seat.hall().retry(&seat.me, queue, id).await {
        Ok(()) => Redirect::to("/operations").into_response(),
        Err(error) => seat.trouble(&error).await,
    }
}

fn queue_name(queue: Queue) -> &'static str {
    match queue {
        Queue::Jobs => "jobs",
        Queue::Outbox => "outbox",
    }
}

fn hex(id: &[u8; 16]) -> String {
    id.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let number = u128::from_str_radix(text, 16).ok().filter(|_| text.len() == 32)?;
    Some(number.to_be_bytes())
}
