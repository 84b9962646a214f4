//! The door: accepts connections and hands their requests to a router. Slow, huge or idle
//! connections cost little and end; no answer names the program. It knows no page, and tells a
//! handler of the far end only what [`Origin`] lets it do. With a certificate it speaks TLS and
//! nothing else, and every answer tells browsers never to come without it again.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
pub use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt as _;
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::pace::Origin;
use crate::tls::{Encrypted, Tls};

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

/// A year, in seconds: for this long a browser refuses to come without TLS.
const ALWAYS_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// A bound address, and what it serves.
pub struct Door {
    listener: TcpListener,
    router: Router,
    address: SocketAddr,
    tls: Option<Arc<Tls>>,
}

impl Door {
    /// Binds an address. The system queues connections from here on. With `tls` every connection
    /// speaks it, without it plain HTTP.
    ///
    /// # Errors
    /// The address is taken or is not this machine's.
    pub async fn open(address: SocketAddr, router: Router, tls: Option<Arc<Tls>>) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let mut router = router.layer(RequestBodyTimeoutLayer::new(BODY_PAUSE));
        if tls.is_some() {
            router = router.layer(Extension(Encrypted)).layer(map_response(only_by_tls));
        }
        Ok(Self { listener, router, address, tls })
    }

    /// Where it is bound, with the port the system chose if any was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address for a browser.
    pub fn url(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
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
                    let guest = Guest { origin: Origin::of(far.ip()), stop: stop.clone(), _place: place };
                    tokio::spawn(guest.received(stream, self.tls.clone(), self.router.clone()));
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

/// Tells the browser never to come in clear again.
async fn only_by_tls(mut response: Response) -> Response {
    response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, ALWAYS_TLS);
    response
}

/// A connection and what it holds.
struct Guest {
    origin: Origin,
    stop: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
}

impl Guest {
    async fn received(self, stream: TcpStream, tls: Option<Arc<Tls>>, router: Router) {
        // An answer is written whole; waiting for more to send with it only adds delay.
        let _best_effort = stream.set_nodelay(true);
        let Some(tls) = tls else { return self.served(stream, router).await };
        // Whoever does not finish greeting costs a place, for a while.
        let Ok(Ok(stream)) = tokio::time::timeout(HEAD_TIME, tls.acceptor().accept(stream)).await else { return };
        self.served(stream, router).await;
    }

    async fn served(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, router: Router) {
        let Self { origin, mut stop, _place } = self;
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
}
