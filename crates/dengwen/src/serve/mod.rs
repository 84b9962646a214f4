//! A serving process: listeners, the work behind them, and an orderly end. What is served is
//! `web`'s, what is done `office`'s; this knows ports, signals and when to stop.

mod control;
mod cosign;
mod duties;
mod ferry;
mod lock;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use office::Hall;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use web::listen::{Door, Router};
use web::sides;
use web::tls::{self, Pair, Tls};

use crate::setup::{self, Fault};

pub use control::{ask, invite, publish as publish_all};
pub use ferry::{Errand, MISSING, STOPPED, key_directory};
pub use lock::{Guard, lock};

/// Where a side listens, and what it speaks there.
#[derive(Debug, Clone)]
pub struct Side {
    /// Address.
    pub address: SocketAddr,
    /// Certificate and key; plain HTTP without.
    pub tls: Option<Pair>,
}

/// Where to listen; `None` is not at all.
#[derive(Debug, Clone)]
pub struct Listen {
    /// Public pages and the interface for programs.
    pub public: Option<Side>,
    /// The desk.
    pub desk: Option<Side>,
    /// Figures, for the machine that watches: always in clear, never beyond this machine.
    pub metrics: Option<SocketAddr>,
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
    /// Where the public pages are, for a browser.
    pub public: Option<String>,
    /// Where the desk is, for a browser.
    pub desk: Option<String>,
    /// Where the figures are.
    pub metrics: Option<String>,
    duties: Duties,
    certificates: Vec<Arc<Tls>>,
    rules: Option<PathBuf>,
    policy: Option<PathBuf>,
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
/// An address is taken or is not this machine's; a certificate cannot be used; the system gives no
/// signals.
pub async fn start(hall: Arc<Hall>, listen: Listen) -> Result<Served, Fault> {
    // Before anybody is told that it serves: whoever knows it may already ask it to end.
    let signals = Signals::heard()?;
    let (stop, stopped) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let mut certificates = Vec::new();
    // All are bound before one answers: a process that cannot serve whole does not serve at all.
    let public = match listen.public {
        Some(side) => Some(open(side, sides::public(hall.clone()), &mut certificates).await?),
        None => None,
    };
    let desk = match listen.desk {
        Some(side) => Some(open(side, sides::desk(hall.clone()), &mut certificates).await?),
        None => None,
    };
    let metrics = match listen.metrics {
        Some(address) if !address.ip().is_loopback() => {
            return Err(Fault::Say(format!(
                "{address} is no place for figures: give --metrics an address of this machine alone (127.0.0.1:PORT)"
            )));
        }
        Some(address) => Some(bind(address, sides::metrics(hall.clone()), None).await?),
        None => None,
    };
    let at = |door: &Option<Door>| door.as_ref().map(Door::url);
    let (urls, doors) = ([at(&public), at(&desk), at(&metrics)], [public, desk, metrics]);
    for door in doors.into_iter().flatten() {
        tasks.spawn(door.serve(stopped.clone()));
    }
    let control = control::Post::open(&hall.places.data, hall.clone(), stopped, &mut tasks);
    let [public, desk, metrics] = urls;
    Ok(Served {
        public,
        desk,
        metrics,
        duties: Duties::All,
        certificates,
        rules: None,
        policy: None,
        stop,
        tasks,
        control,
        signals,
    })
}

async fn open(side: Side, router: Router, certificates: &mut Vec<Arc<Tls>>) -> Result<Door, Fault> {
    let tls = match side.tls {
        Some(pair) => Some(Tls::open(pair).map_err(|e| Fault::Say(e.to_string()))?),
        None => None,
    };
    certificates.extend(tls.clone());
    bind(side.address, router, tls).await
}

async fn bind(address: SocketAddr, router: Router, tls: Option<Arc<Tls>>) -> Result<Door, Fault> {
    Door::open(address, router, tls).await.map_err(|e| {
        let what = match e.kind() {
            std::io::ErrorKind::AddrInUse => "is taken by another program; choose another port",
            std::io::ErrorKind::AddrNotAvailable => "is no address of this machine",
            std::io::ErrorKind::PermissionDenied => "may not be used by this user; choose a port above 1023",
            _ => "cannot be listened on",
        };
        Fault::Say(format!("{address} {what} ({e})"))
    })
}

/// Refuses where others have seen more of a log than this register has. Looked at before anything
/// is served: an older register that goes on would show two histories under one name. Witnesses are
/// asked where this process brings them the logs; one that is away is believed to know no more.
///
/// # Errors
/// Which log is behind, and what to do.
pub async fn not_behind(hall: &Hall, duties: Duties) -> Result<(), Fault> {
    hall.logs_are_not_behind().await?;
    match duties {
        Duties::All => cosign::round(hall, cosign::Whom::All, &mut cosign::Said::new()).await,
        Duties::None => Ok(()),
    }
}

/// Serves one router on one address until Ctrl-C or SIGTERM; tells where, once it is bound.
///
/// # Errors
/// The address cannot be listened on; the system gives no signals.
pub async fn until_ended(address: SocketAddr, router: Router, bound: impl FnOnce(&str)) -> Result<(), Fault> {
    let mut signals = Signals::heard()?;
    let door = bind(address, router, None).await?;
    bound(&door.url());
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(door.serve(stopped));
    tokio::select! {
        _ = signals.interrupt.recv() => (),
        _ = signals.terminate.recv() => (),
    }
    stop.send_replace(true);
    serving.await.map_err(|e| Fault::Say(format!("serving broke off: {e}")))
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

    /// Which policy SIGHUP reads again.
    pub fn with_policy(mut self, file: Option<PathBuf>) -> Self {
        self.policy = file;
        self
    }

    /// Serves until Ctrl-C or SIGTERM, then ends in order: no new requests, those under way are
    /// finished, appends in hand are committed.
    pub async fn until_ended(mut self, hall: Arc<Hall>, publish_every: u64) {
        self.tasks.spawn(duties::follow(hall.clone(), self.stop.subscribe()));
        if self.duties == Duties::All {
            duties::begin(&hall, publish_every, &self.stop.subscribe(), &mut self.tasks);
        }
        loop {
            tokio::select! {
                _ = self.signals.interrupt.recv() => break,
                _ = self.signals.terminate.recv() => break,
                _ = self.signals.hang_up.recv() => {
                    reload(&hall, self.rules.as_deref(), self.policy.as_deref(), &self.certificates).await;
                }
            }
        }
        self.stop.send_replace(true);
        while self.tasks.join_next().await.is_some() {}
        drop(self.control);
        hall.close().await;
    }
}

/// Rules, the policy of witnesses, certificates and directories again, all or nothing: whatever does
/// not hold together leaves everything as it was. Connections that are open go on with the certificate
/// they have.
async fn reload(hall: &Hall, folder: Option<&Path>, policy: Option<&Path>, certificates: &[Arc<Tls>]) {
    let rules = folder.map(|folder| setup::rules(Some(folder))).transpose();
    let policy = policy.map(setup::policy).transpose();
    let pairs: Result<Vec<_>, _> = certificates.iter().map(|tls| tls::read(tls.pair())).collect();
    let (rules, policy, pairs) = match (rules, policy, pairs) {
        (Ok(rules), Ok(policy), Ok(pairs)) => (rules, policy, pairs),
        (Err(fault), ..) | (_, Err(fault), _) => return kept(hall, &fault),
        (.., Err(fault)) => return kept(hall, &fault),
    };
    // Last of what can fail, because it is in force at once.
    if let Err(fault) = hall.reload_organs().await {
        return kept(hall, &fault);
    }
    for (tls, pair) in certificates.iter().zip(pairs) {
        tls.replace(pair);
    }
    hall.replace_policy(policy);
    // Without a folder they are built in, and there is nothing to read again.
    if let Some(rules) = rules {
        hall.replace_rules(rules);
    }
    let rules = hall.rules();
    tracing::info!(version = rules.version(), certificates = certificates.len(), "read again and in force now");
}

fn kept(hall: &Hall, fault: &dyn std::fmt::Display) {
    let rules = hall.rules();
    tracing::error!(%fault, version = rules.version(), "not read again: rules, policy, certificates and directories stay in force");
}
