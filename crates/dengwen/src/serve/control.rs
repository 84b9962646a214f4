//! The local socket of a serving process: other commands on this machine ask it to do what only
//! one process may do. A word or two in, lines out, the last of them `done` or
//! `failed SLUG: …`.
//!
//! The socket lies in a folder only its owner may enter; its path stands in the data folder, because
//! a data folder's own path may be longer than a socket's may be.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use office::Hall;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::ferry::Errand;
use crate::setup::Fault;

/// Name of the file in the data folder that says where the socket is.
const POINTER: &str = "control";
/// Begins the answer where it did not go well.
const FAILED: &str = "failed";
/// A line longer than this is none; the longest carries a signed key directory.
const WORD_LIMIT: u64 = 256 * 1024;
/// Nobody needs longer to say one word.
const PATIENCE: Duration = Duration::from_secs(5);

/// The open socket; dropped, its traces are removed.
pub struct Post {
    folder: PathBuf,
    pointer: PathBuf,
}

impl Drop for Post {
    fn drop(&mut self) {
        // Best effort: what stays behind points to a socket nobody answers, and is told apart.
        let _gone = std::fs::remove_file(&self.pointer);
        let _gone = std::fs::remove_dir_all(&self.folder);
    }
}

impl Post {
    /// Opens the socket. Without one the process serves all the same; commands then refuse.
    pub fn open(data: &Path, hall: Arc<Hall>, stop: watch::Receiver<bool>, tasks: &mut JoinSet<()>) -> Option<Self> {
        match Self::bind(data) {
            Ok((post, listener)) => {
                tasks.spawn(answer(listener, hall, stop));
                Some(post)
            }
            Err(error) => {
                tracing::warn!(%error, "no local socket; `dengwen log publish` and `dengwen invite` will not reach this process");
                None
            }
        }
    }

    fn bind(data: &Path) -> std::io::Result<(Self, UnixListener)> {
        let name = seal::fresh_token(&mut seal::SystemEntropy);
        let folder = std::env::temp_dir().join(format!("dengwen-{}", &name[..12]));
        DirBuilder::new().mode(0o700).create(&folder)?;
        let post = Self { folder, pointer: data.join(POINTER) };
        let socket = post.folder.join("socket");
        let listener = UnixListener::bind(&socket)?;
        std::fs::write(&post.pointer, socket.as_os_str().as_encoded_bytes())?;
        Ok((post, listener))
    }
}

async fn answer(listener: UnixListener, hall: Arc<Hall>, mut stop: watch::Receiver<bool>) {
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|s| *s) => return,
        };
        match stream {
            // One after the other: these are things only one may do at a time.
            Ok((stream, _)) => {
                if let Err(error) = converse(stream, &hall).await {
                    tracing::debug!(%error, "a local command went away");
                }
            }
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

async fn converse(mut stream: UnixStream, hall: &Hall) -> std::io::Result<()> {
    let mut word = String::new();
    {
        let mut reader = BufReader::new((&mut stream).take(WORD_LIMIT));
        let read = tokio::time::timeout(PATIENCE, reader.read_line(&mut word)).await;
        read.map_err(|_| std::io::ErrorKind::TimedOut)??;
    }
    let answer = match word.trim().split_once(' ') {
        None if word.trim() == "publish" => publish(hall).await,
        Some(("ferry", _)) => match Errand::of_line(word.trim()) {
            Some(errand) => errand.run(hall, &mut |_| {}).await,
            None => Err(unknown()),
        },
        Some(("invite", user)) => invite(hall, user).await.map(|token| format!("{token}\n")),
        _ => Err(unknown()),
    };
    let said = match answer {
        Ok(lines) => format!("{lines}done\n"),
        Err(fault) => format!("{FAILED} {}: {fault}\n", fault.slug()),
    };
    stream.write_all(said.as_bytes()).await?;
    stream.shutdown().await
}

/// A fault as the serving process told it.
fn failed(said: &str) -> Fault {
    let told = said.strip_prefix(FAILED).and_then(|rest| rest.trim().split_once(':'));
    match told {
        Some((slug, said)) => Fault::Told { slug: slug.to_owned(), said: said.trim().to_owned() },
        None => Fault::Say(said.trim().to_owned()),
    }
}

fn unknown() -> Fault {
    Fault::Say("the serving process does not know this command; is it of another version?".to_owned())
}

/// Publishes the logs of all organs and the head log over them, one line for each, and brings them
/// to their witnesses.
///
/// # Errors
/// The disk or the store fails, or another process keeps the lease for longer than it may.
pub async fn publish(hall: &Hall) -> Result<String, Fault> {
    let mut lines = String::new();
    for organ in hall.organs() {
        let published = super::duties::publish_one(hall, &organ.tenant).await?;
        lines.push_str(&format!("{} {} {}\n", published.origin, published.size, published.vkey));
    }
    if let Some(head) = hall.publish_head().await? {
        lines.push_str(&format!("{} {} {}\n", head.origin, head.size, head.vkey));
    }
    super::cosign::round(hall, super::cosign::Whom::Wanting, &mut Default::default()).await?;
    for log in hall.organs().into_iter().map(|organ| organ.tenant.clone()).chain([office::log::head_log()]) {
        hall.mirror(&log).await?;
    }
    Ok(lines)
}

/// Makes a one-time link's token for the member of staff with this sign-in name.
///
/// # Errors
/// Nobody has this sign-in name, or the store fails.
pub async fn invite(hall: &Hall, user: &str) -> Result<String, Fault> {
    let found = hall
        .organs()
        .into_iter()
        .find_map(|organ| Some((organ.tenant.clone(), organ.directory.user(user)?.id.clone())));
    let Some((tenant, staff)) = found else {
        return Err(Fault::Say(format!("nobody here signs in as {user}; the directory names the sign-in names")));
    };
    Ok(hall.invite(&tenant, &staff).await?)
}

/// Asks the process that serves this data folder; `None` if there is none.
pub async fn ask(data: &Path, word: &str) -> Option<Result<String, Fault>> {
    let bytes = std::fs::read(data.join(POINTER)).ok()?;
    let socket = PathBuf::from(String::from_utf8(bytes).ok()?);
    let mut stream = UnixStream::connect(&socket).await.ok()?;
    let lost = |e: std::io::Error| Fault::Say(format!("the serving process did not answer: {e}"));
    let exchange = async {
        stream.write_all(format!("{word}\n").as_bytes()).await.map_err(lost)?;
        let mut said = String::new();
        stream.read_to_string(&mut said).await.map_err(lost)?;
        match said.strip_suffix("done\n") {
            Some(lines) => Ok(lines.to_owned()),
            None => Err(failed(&said)),
        }
    };
    Some(exchange.await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_keeps_its_name_on_the_way_whatever_its_words() {
        let own = office::Error::input("ferry-own-side", "本侧：自己的包。", "it was made here: carry it over");
        for fault in [Fault::from(own), Fault::Say("no such folder: /m".to_owned())] {
            let told = failed(&format!("{FAILED} {}: {fault}\n", fault.slug()));
            assert_eq!((told.slug(), told.to_string()), (fault.slug(), fault.to_string()));
        }
        assert_eq!(failed("it ended\n").to_string(), "it ended");
    }
}
