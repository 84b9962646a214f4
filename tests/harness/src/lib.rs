//! A PostgreSQL server of our own for tests, on `initdb` and `postgres`, with a fresh database for
//! each test.
//!
//! One server per test process, started when first asked for, on a Unix socket in a folder of its
//! own; nothing listens on a network. It goes away with the process, however that ends: a small
//! shell holds the other end of a pipe and, when the pipe closes, stops the server and deletes the
//! folder. This crate knows nothing of schemas; the store makes those.
//!
//! With `DENGWEN_TEST_POSTGRES=postgres://…` (a Citus coordinator, for example) the tests use that
//! server instead and drop their databases again.

use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    bin: PathBuf,
    /// Arguments that lead the client programs to it.
    client: Vec<String>,
    place: Place,
    databases: AtomicU32,
}

#[derive(Debug)]
enum Place {
    /// Ours: its socket's folder, and the pipe whose closing ends it.
    Own { socket: PathBuf, _alive: ChildStdin },
    /// Somebody else's, at this address without a database name.
    Given { address: String },
}

/// A fresh, empty database.
#[derive(Debug)]
pub struct Database {
    /// `postgres://…`, as `--database` takes it.
    pub url: String,
    name: String,
    server: &'static Postgres,
}

impl Postgres {
    /// The server of this test process, started if need be.
    ///
    /// # Panics
    /// If it cannot be started; the message says what is missing and how to get it.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| match Self::start() {
            Ok(server) => server,
            Err(reason) => panic!("PostgreSQL for the tests could not be started: {reason}"),
        })
    }

    /// A fresh, empty database on it.
    ///
    /// # Panics
    /// If the server refuses.
    pub fn database(&'static self) -> Database {
        let serial = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("dengwen_{}_{serial}", std::process::id());
        self.client("createdb", &[&name]).unwrap_or_else(|e| panic!("no database for the test: {e}"));
        let url = match &self.place {
            Place::Own { socket, .. } => format!("postgres://postgres@localhost/{name}?host={}", socket.display()),
            Place::Given { address } => format!("{address}/{name}"),
        };
        Database { url, name, server: self }
    }

    /// Runs one of PostgreSQL's client programs against the server.
    fn client(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let output = Command::new(self.bin.join(program))
            .args(&self.client)
            .args(arguments)
            .stdin(Stdio::null())
            .output()
            .map_err(|e| format!("{program}: {e}"))?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).trim()))
    }

    fn start() -> Result<Self, String> {
        let bin = programs()?;
        if let Ok(address) = std::env::var("DENGWEN_TEST_POSTGRES") {
            let address = address.trim_end_matches('/').to_owned();
            let client = vec![format!("--maintenance-db={address}/postgres")];
            let place = Place::Given { address };
            return Ok(Self { bin, client, place, databases: AtomicU32::new(0) });
        }
        // The folder outlives this value on purpose: the watching shell deletes it.
        let folder = tempfile::Builder::new()
            .prefix("dengwen-pg-")
            .tempdir()
            .map_err(|e| format!("no temporary folder: {e}"))?
            .keep();
        let (data, log) = (folder.join("data"), folder.join("log"));
        let account = account(&folder).map_err(|e| format!("account for the server: {e}"))?;

        let mut initdb = Command::new(bin.join("initdb"));
        initdb.arg("-D").arg(&data);
        initdb.args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
        become_account(&mut initdb, account, &folder);
        let made = initdb.stdin(Stdio::null()).output().map_err(|e| format!("initdb: {e}"))?;
        if !made.status.success() {
            let _ = fs::remove_dir_all(&folder);
            return Err(format!("initdb: {}", String::from_utf8_lossy(&made.stderr).trim()));
        }

        let alive = serve(&bin, &folder, &log, account).map_err(|e| format!("postgres: {e}"))?;
        let client = ["-h", &folder.to_string_lossy(), "-U", "postgres"].map(str::to_owned).to_vec();
        let place = Place::Own { socket: folder, _alive: alive };
        let server = Self { bin, client, place, databases: AtomicU32::new(0) };
        let mut waited = Duration::ZERO;
        while let Err(reason) = server.client("pg_isready", &[]) {
            if waited > PATIENCE {
                let said = fs::read_to_string(&log).unwrap_or_default();
                return Err(format!("it does not answer ({reason}); it said:\n{said}"));
            }
            sleep(Duration::from_millis(50));
            waited += Duration::from_millis(50);
        }
        Ok(server)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // On our own server the whole folder goes away; elsewhere we tidy up after each test.
        if matches!(self.server.place, Place::Given { .. })
            && let Err(reason) = self.server.client("dropdb", &["--force", "--if-exists", &self.name])
        {
            eprintln!("database {} stays behind: {reason}", self.name);
        }
    }
}

/// Starts the server under a shell that stops it when our end of the pipe closes, even if this
/// process is killed.
fn serve(bin: &Path, folder: &Path, log: &Path, account: Option<Account>) -> io::Result<ChildStdin> {
    // Its own process group: an interrupt at the terminal must not reach the server before the shell.
    const WATCH: &str = r#"
        trap '' INT TERM HUP
        "$1" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c synchronous_commit=off \
            -c full_page_writes=off -c max_connections=300 -c shared_buffers=64MB -c jit=off &
        server=$!
        read -r _
        kill -INT "$server"
        wait "$server"
        rm -rf "$2"
    "#;
    let said = fs::File::create(log)?;
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", WATCH, "watch"]).arg(bin.join("postgres")).arg(folder);
    become_account(&mut shell, account, folder);
    shell.process_group(0).stdin(Stdio::piped()).stdout(said.try_clone()?).stderr(said);
    let mut child: Child = shell.spawn()?;
    child.stdin.take().ok_or_else(|| io::Error::other("the pipe to the server is missing"))
}

/// A user and group, by number.
#[derive(Debug, Clone, Copy)]
struct Account {
    user: u32,
    group: u32,
}

/// PostgreSQL refuses to run as root: then the folder is given to `postgres`, or else `nobody`.
/// `None`: this process's own account will do.
fn account(folder: &Path) -> io::Result<Option<Account>> {
    use std::os::unix::fs::MetadataExt as _;
    // We made the folder, so it belongs to whoever we are.
    if fs::metadata(folder)?.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let find = |name: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next()? == name).then_some(())?;
            let mut numbers = fields.skip(1).map(str::parse::<u32>);
            Some(Account { user: numbers.next()?.ok()?, group: numbers.next()?.ok()? })
        })
    };
    let account = find("postgres")
        .or_else(|| find("nobody"))
        .ok_or_else(|| io::Error::other("neither a user postgres nor a user nobody exists"))?;
    chown(folder, Some(account.user), Some(account.group))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    Ok(Some(account))
}

fn become_account(command: &mut Command, account: Option<Account>, folder: &Path) {
    command.current_dir(folder);
    if let Some(account) = account {
        command.uid(account.user).gid(account.group);
    }
}

/// The folder of PostgreSQL's programs: on the path, or where Debian keeps them (newest first).
fn programs() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    versions.sort_unstable_by_key(|(version, _)| std::cmp::Reverse(*version));
    folders.extend(versions.into_iter().map(|(_, folder)| folder));
    folders
        .into_iter()
        .find(|f| ["initdb", "postgres", "createdb", "dropdb", "pg_isready"].iter().all(|p| f.join(p).is_file()))
        .ok_or_else(|| {
            "initdb and postgres are neither on the path nor under /usr/lib/postgresql; \
             `make test` installs them (Debian: apt-get install postgresql)"
                .to_owned()
        })
}
