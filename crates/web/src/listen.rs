//! The door: accepts connections and hands their requests to a router. Slow, huge or idle
//! connections cost little and end; no answer names the program. It knows no page, and tells a
//! handler of the far end only what [`Origin`] lets it do.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

pub use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt as _;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::pace::Origin;

/// Connections held at once; the next one waits in the system's queue.
const CONNECTIONS: usize = 4096;
/// A request's head has to be whole within this long (slow-loris), and an idle connection ends.
const HEAD_TIME: Duration = Duration::from_secs(20);
/// Longest pause between two pieces of a request's body; a slow phone is never this slow.
const BODY_PAUSE: Duration = Duration::from_secs(60);
/// Longest head of a request, in bytes.
const HEAD_SIZE: usize = 16 * 1024;
/// Most headers of a request.
const HEADERS: usize = 64;
/// After the end was asked for, requests under way get this long.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// A bound address, and what it serves.
pub struct Door {
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
}

impl Door {
    /// Binds an address. The system queues connections from here on.
    ///
    /// # Errors
    /// The address is taken or is not this machine's.
    pub async fn open(address: SocketAddr, router: Router) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let router = router.layer(RequestBodyTimeoutLayer::new(BODY_PAUSE));
        Ok(Self { listener, router, address })
    }

    /// Where it is bound, with the port the system chose if any was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `stop` turns true or its sender is gone; then requests under way are finished,
    /// within ten seconds.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) {
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let accepted = tokio::select! {
                accepted = self.listener.accept() => accepted,
                _ = stop.wait_for(|s| *s) => break,
            };
            match accepted {
                Ok((stream, far)) => {
                    tokio::spawn(connection(stream, Origin::of(far.ip()), self.router.clone(), stop.clone(), place));
                }
                // Out of file descriptors, or the far end was gone already: neither ends the service.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        drop(self.listener);
        let everyone = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        // Whoever is still here after that is cut off with the process.
        let _all_gone = tokio::time::timeout(LAST_WORDS, places.acquire_many(everyone)).await;
    }
}

async fn connection(
    stream: TcpStream,
    origin: Origin,
    router: Router,
    mut stop: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    // An answer is written whole; waiting for more to send with it only adds delay.
    let _best_effort = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(origin);
        request.map(Body::new)
    });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_header_size(HEAD_SIZE).max_headers(HEADERS);
    let mut serving = pin!(builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service)));
    tokio::select! {
        // A connection that broke is the far end's business and leaves no trace here.
        _ = serving.as_mut() => return,
        _ = stop.wait_for(|s| *s) => serving.as_mut().graceful_shutdown(),
    }
    let _finished = tokio::time::timeout(LAST_WORDS, serving).await;
}
