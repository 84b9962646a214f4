//! A serving process: listeners, the work behind them, and an orderly end. What is served is
//! `web`'s, what is done `office`'s; this knows ports, signals and when to stop.

mod control;
mod duties;
mod lock;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use office::Hall;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use web::listen::{Door, Router};
use web::sides;

use crate::setup::{self, Fault};

pub use control::{ask, publish as publish_all};
pub use lock::{Guard, lock};

/// Where to listen; `None` is not at all.
#[derive(Debug, Clone, Copy)]
pub struct Listen {
    /// Public pages and the interface for programs.
    pub public: Option<SocketAddr>,
    /// The desk.
    pub desk: Option<SocketAddr>,
}

/// What a process does behind its listeners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duties {
    /// Judging, sequencing, publishing, sweeping.
    All,
    /// Nothing: another process does it.
    None,
}

/// A process that serves.
pub struct Served {
    /// Where the public pages are.
    pub public: Option<SocketAddr>,
    /// Where the desk is.
    pub desk: Option<SocketAddr>,
    duties: Duties,
    rules: Option<PathBuf>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    control: Option<control::Post>,
    signals: Signals,
}

/// What the system may ask of a serving process.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    fn heard() -> Result<Self, Fault> {
        let of = |kind| signal(kind).map_err(|e| Fault::Say(format!("the system gives no signals: {e}")));
        Ok(Self {
            interrupt: of(SignalKind::interrupt())?,
            terminate: of(SignalKind::terminate())?,
            hang_up: of(SignalKind::hangup())?,
        })
    }
}

/// Binds the listeners and begins to serve.
///
/// # Errors
/// An address is taken or is not this machine's; the system gives no signals.
pub async fn start(hall: Arc<Hall>, listen: Listen) -> Result<Served, Fault> {
    // Before anybody is told that it serves: whoever knows it may already ask it to end.
    let signals = Signals::heard()?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let mut bound = [None, None];
    // Both are bound before one answers: a process that cannot serve whole does not serve at all.
    let mut doors = Vec::new();
    if let Some(address) = listen.public {
        doors.push((0, open(address, sides::public(hall.clone())).await?));
    }
    if let Some(address) = listen.desk {
        doors.push((1, open(address, sides::desk(hall.clone())).await?));
    }
    for (side, door) in doors {
        bound[side] = Some(door.address());
        tasks.spawn(door.serve(stopped.clone()));
    }
    let control = control::Post::open(&hall.places.data, hall.clone(), stopped, &mut tasks);
    let [public, desk] = bound;
    Ok(Served { public, desk, duties: Duties::All, rules: None, stop, tasks, control, signals })
}

async fn open(address: SocketAddr, router: Router) -> Result<Door, Fault> {
    Door::open(address, router).await.map_err(|e| {
        let what = match e.kind() {
            std::io::ErrorKind::AddrInUse => "is taken by another program; choose another port",
            std::io::ErrorKind::AddrNotAvailable => "is no address of this machine",
            std::io::ErrorKind::PermissionDenied => "may not be used by this user; choose a port above 1023",
            _ => "cannot be listened on",
        };
        Fault::Say(format!("{address} {what} ({e})"))
    })
}

impl Served {
    /// Leaves the work behind the listeners to another process, or takes it.
    pub fn with_duties(mut self, duties: Duties) -> Self {
        self.duties = duties;
        self
    }

    /// Which folder of rules SIGHUP reads again; the built-in ones do not change.
    pub fn with_rules(mut self, folder: Option<PathBuf>) -> Self {
        self.rules = folder;
        self
    }

    /// Serves until Ctrl-C or SIGTERM, then ends in order: no new requests, those under way are
    /// finished, appends in hand are committed.
    pub async fn until_ended(mut self, hall: Arc<Hall>, publish_every: u64) {
        if self.duties == Duties::All {
            duties::begin(&hall, publish_every, &self.stop.subscribe(), &mut self.tasks);
        }
        loop {
            tokio::select! {
                _ = self.signals.interrupt.recv() => break,
                _ = self.signals.terminate.recv() => break,
                _ = self.signals.hang_up.recv() => reload(&hall, self.rules.as_deref()).await,
            }
        }
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        drop(self.control);
        hall.close().await;
    }
}

/// Rules and directories again, all or nothing: what does not hold together leaves the old in force.
async fn reload(hall: &Hall, folder: Option<&std::path::Path>) {
    match folder.map(|folder| setup::rules(Some(folder))) {
        None => tracing::info!("the built-in rules are in force; there is no folder to read again"),
        Some(Ok(rules)) => {
            tracing::info!(version = rules.version(), "these rules are in force now");
            hall.replace_rules(rules);
        }
        Some(Err(fault)) => tracing::error!(%fault, "the rules were not read again; the old ones stay in force"),
    }
    if let Err(fault) = hall.reload_organs().await {
        tracing::error!(error = fault.slug(), "the directories were not read again; the old ones stay in force");
    }
}
