//! An empty made-up city, served by the real program in a folder of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use harness::{Database, Postgres};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::http::{Answer, send};

/// Which database a story is told on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A folder with a demo in it, and the program serving it.
pub struct City {
    pub root: TempDir,
    keys: Option<PathBuf>,
    database: Option<Database>,
    child: Option<Child>,
    /// Authorities it trusts instead of the system's, as PEM.
    pub trusts: Option<PathBuf>,
    pub announced: Value,
}

impl Drop for City {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _gone = child.kill();
            let _reaped = child.wait();
        }
    }
}

impl City {
    /// An empty register with directory and staff, serving.
    pub fn serving(engine: Engine) -> Self {
        let root = tempfile::tempdir().expect("a folder");
        let database = (engine == Engine::Postgres).then(|| Postgres::shared().database());
        let mut city = Self { root, keys: None, database, child: None, trusts: None, announced: Value::Null };
        city.start();
        city
    }

    /// Another, empty folder on embedded SQLite with the keys of this city; nothing serves it yet.
    pub fn beside(city: &Self, name: &str) -> Self {
        let root = tempfile::Builder::new().prefix(name).tempdir().expect("a folder");
        Self { root, keys: Some(city.keys()), database: None, child: None, trusts: None, announced: Value::Null }
    }

    pub fn data(&self) -> PathBuf {
        self.root.path().join("d")
    }

    pub fn keys(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.root.path().join("d.keys"))
    }

    /// What the program wrote to standard error so far.
    pub fn log(&self) -> PathBuf {
        self.root.path().join("log.txt")
    }

    /// The program with this city's folders.
    pub fn command(&self, keys: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dengwen"));
        command.arg("--data").arg(self.data()).arg("--keys").arg(keys).stdin(Stdio::null());
        // What the machine of the tests swaps to is not what they are about.
        command.env("DENGWEN_ALLOW_SWAP", "1");
        if let Some(authorities) = &self.trusts {
            command.env("SSL_CERT_FILE", authorities);
        }
        if let Some(database) = &self.database {
            command.arg("--database").arg(&database.url);
        }
        command
    }

    /// Everything in the database as text, where it is not a file of the folder.
    pub fn dump(&self) -> Option<Vec<u8>> {
        let database = self.database.as_ref()?;
        let output = Command::new("pg_dump").arg(&database.url).output().expect("pg_dump is beside PostgreSQL");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(output.stdout)
    }

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(&self.keys()).args(arguments).output().expect("the program starts")
    }

    /// Starts (again); returns how long it took to answer.
    pub fn start(&mut self) -> Duration {
        let begun = Instant::now();
        let log = File::options().create(true).append(true).open(self.log()).expect("a log");
        let mut child = self
            .command(&self.keys())
            .args(["demo", "--listen", "127.0.0.1:0", "--reports", "0", "--json", "--metrics", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line");
        self.child = Some(child);
        self.announced = serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e}: {line:?}\n{}", self.said()));
        begun.elapsed()
    }

    pub fn said(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Ends in order.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        terminate(&child);
        let status = child.wait().expect("it ends");
        assert!(status.success(), "{status}: {}", self.said());
    }

    pub fn api(&self) -> String {
        self.announced["api"].as_str().expect("an address").to_owned()
    }

    pub fn api_key(&self) -> String {
        format!("Bearer {}", self.announced["api_key"].as_str().expect("a key"))
    }

    /// Files a report with a key of its own.
    pub fn file(&self, body: &Value) -> Answer {
        self.file_as(&fresh_key(), body.to_string().as_bytes())
    }

    pub fn file_as(&self, idempotency_key: &str, body: &[u8]) -> Answer {
        file_at(&self.api(), &self.api_key(), idempotency_key, body)
    }

    pub fn status(&self, code: &str) -> Answer {
        let key = self.api_key();
        send("GET", &format!("{}/status", self.api()), &[("Query-Code", code), ("Authorization", &key)], b"")
    }
}

pub fn file_at(api: &str, api_key: &str, idempotency_key: &str, body: &[u8]) -> Answer {
    let headers =
        [("Authorization", api_key), ("Idempotency-Key", idempotency_key), ("Content-Type", "application/json")];
    send("POST", &format!("{api}/reports"), &headers, body)
}

/// Asks a process to end.
pub fn terminate(child: &Child) {
    let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(asked.success());
}

/// A key nobody used before in this run; the stories need it new, not secret.
pub fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}{:016x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15), n)
}

/// A small lawful report.
pub fn a_report(text: &str) -> Value {
    json!({ "channel": "web", "text": text })
}
