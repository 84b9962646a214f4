//! An empty made-up city of the program's own, in a folder that goes away, on either database.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use clap::ValueEnum;
use domain::ids::TenantCode;
use domain::rules::Rules;
use harness::{Database, Postgres};
use office::clock::Clock;
use office::keys::{Holding, Keys};
use office::{Hall, Places};
use seal::{KeyFolder, Protection};
use serde_json::Value;
use store::Store;
use tempfile::TempDir;

use crate::process::{Cost, Output, Serving, run};
use crate::{Fault, Setting};

/// The city's own organ, as `dengwen demo` founds it.
const ORGAN: &str = "990100J01";

/// The two databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// A server of our own, as the tests start it. It does not wait for the disk.
    Postgres,
}

impl Engine {
    /// For a row's size.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A founded city that nobody serves at the moment.
pub struct City {
    folder: TempDir,
    program: PathBuf,
    database: Option<Database>,
    /// What `demo --json` announced when it was founded.
    pub announced: Value,
}

impl City {
    /// Founds one: keys, organs, staff, no reports.
    pub fn found(setting: &Setting) -> Result<Self, Fault> {
        let folder = tempfile::Builder::new().prefix("dengwen-bench-").tempdir()?;
        let database = (setting.engine == Engine::Postgres).then(|| Postgres::shared().database());
        let mut city = Self { folder, program: setting.program.clone(), database, announced: Value::Null };
        city.demo()?.stop()?;
        Ok(city)
    }

    /// The folder for whatever a measurement needs beside the city.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder().join("city")
    }

    /// Where the register is.
    pub fn database(&self) -> String {
        match &self.database {
            Some(database) => database.url.clone(),
            None => format!("sqlite:{}", self.data().join("register.db").display()),
        }
    }

    /// Its organ.
    pub fn organ(&self) -> Result<TenantCode, Fault> {
        ORGAN.parse().map_err(|_| "the demo's organ has another code".into())
    }

    /// The program with this city's folders.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("--data").arg(self.data());
        if let Some(database) = &self.database {
            command.arg("--database").arg(&database.url);
        }
        command
    }

    /// Serves it as `dengwen demo` does: everything in one process.
    pub fn demo(&mut self) -> Result<Serving, Fault> {
        let mut command = self.command();
        command.args(["demo", "--listen", "127.0.0.1:0", "--reports", "0", "--json"]);
        let serving = Serving::start(command, Output::Standard)?;
        self.announced = serde_json::from_str(&serving.line)?;
        Ok(serving)
    }

    /// Serves one role alone, `public` with public keys only; gives its address as well.
    pub fn serve(&self, role: &str) -> Result<(Serving, String), Fault> {
        let mut command = self.command();
        command.args(["serve", "--role", role, "--listen", "127.0.0.1:0", "--desk", "127.0.0.1:0"]);
        let serving = Serving::start(command, Output::Error)?;
        let address = serving.line.split(": ").nth(1).unwrap_or_default().trim().to_owned();
        Ok((serving, address))
    }

    /// Something announced by the demo.
    pub fn word(&self, name: &str) -> Result<&str, Fault> {
        self.announced[name].as_str().ok_or_else(|| format!("the demo announced no {name}").into())
    }

    /// Imports reports number `from..to` without judging them.
    pub fn import(&self, from: usize, to: usize) -> Result<Cost, Fault> {
        let file = self.folder().join(format!("{from}-{to}.jsonl"));
        if !file.exists() {
            let mut rows = BufWriter::new(File::create(&file)?);
            for n in from..to {
                let row = serde_json::json!({ "id": format!("row-{n}"), "text": crate::texts::report(n as u64) });
                writeln!(rows, "{row}")?;
            }
            rows.flush()?;
        }
        let mut command = self.command();
        command.args(["import", "--no-judge", "--source", "bench", "--organ", ORGAN]).arg(&file);
        run(command)
    }

    /// Opens its register beside whoever serves it.
    pub async fn store(&self) -> Result<Store, Fault> {
        Ok(Store::connect(&self.database()).await?)
    }

    /// Opens the whole house in this process; nobody may serve it meanwhile.
    pub async fn hall(&self) -> Result<Arc<Hall>, Fault> {
        let store = self.store().await?;
        let organs: Vec<TenantCode> = store.tenants().await?.into_iter().map(|(tenant, _)| tenant).collect();
        let clock = Clock::system("Asia/Shanghai")?;
        let folder = KeyFolder::new(self.folder().join("city.keys"));
        let keys =
            Keys::load(&folder, &organs, Holding::Desk, clock.today(), Protection::DemoPlain, "dengwen.invalid")?;
        let places = Places { data: self.data(), fonts: None, bucket: None };
        Ok(Hall::open(store, keys, Rules::embedded().clone(), clock, places).await?)
    }
}

/// A runtime for what is measured in this process.
pub fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}
