//! The commands and their options, as `--help` shows them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use web::tls::Pair;

use crate::config::{Config, TlsFiles};

/// 登闻 Dengwen: receives, judges, handles, answers and proves reports from the public.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Cli {
    /// Where things lie.
    #[command(flatten)]
    pub places: Places,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Folders and database, shared by all commands.
#[derive(Debug, Clone, Args)]
pub struct Places {
    /// Data folder: register (SQLite), sealed files, index, published logs.
    #[arg(long, global = true, env = "DENGWEN_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Database: sqlite:PATH or postgres://…; the SQLite register in the data folder if not given.
    #[arg(long, global = true, env = "DENGWEN_DATABASE")]
    pub database: Option<String>,
    /// Keys folder, outside the data folder; DATA.keys beside it if not given.
    #[arg(long, global = true, env = "DENGWEN_KEYS")]
    pub keys: Option<PathBuf>,
    /// Configuration file (TOML); DATA.toml beside the data folder if it exists.
    #[arg(long, global = true, env = "DENGWEN_CONFIG")]
    pub config: Option<PathBuf>,
    /// Open keys although this machine may write memory to an unencrypted swap.
    #[arg(long, global = true, env = "DENGWEN_ALLOW_SWAP", value_parser = FalseyValueParser::new())]
    pub allow_swap: bool,
}

/// Which parts of the program a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Public pages and the intake API, with public keys only.
    Public,
    /// The desk.
    Desk,
    /// Judging, sequencing, publishing.
    Worker,
    /// Everything in one process.
    All,
}

/// How a serving process listens; certificates may stand in the configuration file instead.
#[derive(Debug, Clone, Args)]
pub struct DoorOptions {
    /// Certificate for both sides (PEM, with those that vouch for it).
    #[arg(long, requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its private key (PEM).
    #[arg(long, requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Certificate of the desk, if it has one of its own.
    #[arg(long, requires = "desk_tls_key")]
    pub desk_tls_cert: Option<PathBuf>,
    /// Its private key.
    #[arg(long, requires = "desk_tls_cert")]
    pub desk_tls_key: Option<PathBuf>,
    /// Serve in clear beyond this machine: a proxy in front of it speaks TLS.
    #[arg(long)]
    pub plain_http: bool,
    /// Address for figures (Prometheus), of this machine alone; none if not given.
    #[arg(long)]
    pub metrics: Option<SocketAddr>,
}

impl DoorOptions {
    /// What the public side speaks TLS with.
    pub fn public_tls(&self, config: &Config) -> Option<Pair> {
        pair(&self.tls_cert, &self.tls_key).or_else(|| config.tls.as_ref().map(TlsFiles::pair))
    }

    /// What the desk speaks TLS with: its own, or the one for both; the command line goes first.
    pub fn desk_tls(&self, config: &Config) -> Option<Pair> {
        pair(&self.desk_tls_cert, &self.desk_tls_key)
            .or_else(|| pair(&self.tls_cert, &self.tls_key))
            .or_else(|| config.desk_tls.as_ref().map(TlsFiles::pair))
            .or_else(|| config.tls.as_ref().map(TlsFiles::pair))
    }
}

fn pair(cert: &Option<PathBuf>, key: &Option<PathBuf>) -> Option<Pair> {
    Some(Pair { cert: cert.clone()?, key: key.clone()? })
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serves a made-up city with staff, reports and clocks already running.
    Demo {
        /// Address of the public pages; the desk gets the next port.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Reports to make in an empty demo.
        #[arg(long, default_value_t = 300)]
        reports: u32,
        /// Print one JSON object instead of text once it serves.
        #[arg(long)]
        json: bool,
        /// How it listens.
        #[command(flatten)]
        doors: DoorOptions,
    },
    /// Founds the first organ: keys, directory, and three one-time links.
    Init {
        /// Directory of the organ (TOML, see rules/directory/example.toml).
        directory: PathBuf,
        /// Address of the desk, for the links.
        #[arg(long, default_value = "http://127.0.0.1:8081")]
        desk: String,
    },
    /// Serves.
    Serve {
        /// Which part.
        #[arg(long, value_enum, default_value_t = Role::All)]
        role: Role,
        /// Address of the public pages.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Address of the desk.
        #[arg(long, default_value = "127.0.0.1:8081")]
        desk: SocketAddr,
        /// How it listens.
        #[command(flatten)]
        doors: DoorOptions,
    },
    /// Brings the database schema up to date.
    Migrate,
    /// Imports reports from xlsx, csv or jsonl; safe to run twice.
    Import {
        /// The file.
        file: PathBuf,
        /// Organ to import into; the only one if there is one.
        #[arg(long)]
        organ: Option<String>,
        /// Name of the source; rows are known by (source, row). The file's name if not given.
        #[arg(long)]
        source: Option<String>,
        /// Mapping file (TOML): field = "heading".
        #[arg(long)]
        mapping: Option<PathBuf>,
        /// Where to list refused rows; FILE.errors.csv if not given.
        #[arg(long)]
        errors: Option<PathBuf>,
        /// Do not judge now; a worker will.
        #[arg(long)]
        no_judge: bool,
    },
    /// Writes the register of an organ to an Excel file.
    Export {
        /// Sign-in name of the member of staff who exports; the list is what she may see.
        #[arg(long = "as")]
        user: String,
        /// What it is for; recorded.
        #[arg(long)]
        purpose: String,
        /// The file.
        file: PathBuf,
    },
    /// Judges texts: JSON lines in, JSON lines out.
    Triage {
        /// A file, or - for standard input.
        file: PathBuf,
    },
    /// Trains the category model on classified JSON lines.
    Train {
        /// Rows: {"title"?, "text", "label"}.
        file: PathBuf,
        /// Where to write the weights.
        out: PathBuf,
    },
    /// Measures the category model by stratified 5-fold cross-validation.
    Eval {
        /// Rows: {"title"?, "text", "label"}.
        file: PathBuf,
    },
    /// Works out a due date: FROM LIMIT, e.g. 2026-02-11 5wd.
    Clock {
        /// Day 0.
        from: String,
        /// 5wd, 60d, 3mo or 4h.
        limit: String,
    },
    /// Verifies a proof, offline.
    Verify {
        /// The proof (.tlog-proof or JSON).
        file: PathBuf,
        /// Verifier keys of logs to trust; those of this installation if not given.
        #[arg(long)]
        vkey: Vec<String>,
        /// Policy file: its logs are trusted, and its quorum of witnesses must have cosigned.
        #[arg(long)]
        policy: Option<PathBuf>,
        /// The paper the proof was made for.
        #[arg(long)]
        paper: Option<PathBuf>,
    },
    /// Checks the whole history.
    Fsck {
        /// A checkpoint kept elsewhere, or a folder of them: it must be continued. May be given again.
        #[arg(long)]
        anchor: Vec<PathBuf>,
    },
    /// Witnesses other organs' logs: serves, or signs files for networks that never meet.
    Witness {
        /// Address to serve on.
        #[arg(long, default_value = "127.0.0.1:8090")]
        listen: SocketAddr,
        /// Serve in clear beyond this machine; all that is exchanged is public and signed.
        #[arg(long)]
        plain_http: bool,
        /// Something else than serving.
        #[command(subcommand)]
        command: Option<WitnessCommand>,
    },
    /// The transparency log.
    Log {
        /// What to do with it.
        #[command(subcommand)]
        command: LogCommand,
    },
    /// Rules.
    Rules {
        /// What to do with them.
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Builds the sealed index anew.
    Reindex,
    /// Makes a one-time link with which a member of staff sets a password.
    Invite {
        /// Her sign-in name, as in the directory.
        user: String,
        /// Address of the desk, for the link.
        #[arg(long, default_value = "http://127.0.0.1:8081")]
        desk: String,
    },
    /// Makes a new office key and wraps every content key to it.
    RotateKeys {
        /// Organ; the only one if there is one.
        #[arg(long)]
        organ: Option<String>,
        /// On PostgreSQL: every serving process, on every machine, was ended.
        #[arg(long)]
        nobody_serves: bool,
        /// Instead: destroys this former office key. Backups made before the rotation cannot be read any more.
        #[arg(long, value_name = "KEY")]
        forget: Option<String>,
    },
    /// Two networks that never meet: packages between them, as files.
    Ferry {
        /// What to do.
        #[command(subcommand)]
        command: FerryCommand,
    },
    /// Writes a backup into an empty folder; keys are not in it.
    Backup {
        /// The folder.
        folder: PathBuf,
    },
    /// Restores a backup into an empty data folder and database.
    Restore {
        /// The folder.
        folder: PathBuf,
    },
}

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Sequences and publishes now, and brings the logs to their witnesses.
    Publish,
    /// How every log stands: sequenced, published, cosigned by whom and when.
    Status,
    /// Writes a request to a witness into a file, for networks that never meet.
    Request {
        /// Which witness, as the policy names it.
        #[arg(long)]
        witness: String,
        /// Which log: an organ's code, or head. All of them if not given, into a folder.
        #[arg(long)]
        log: Option<String>,
        /// Where the witness stands, if it said so.
        #[arg(long)]
        old: Option<u64>,
        /// The file, or the folder for several.
        #[arg(long)]
        out: PathBuf,
    },
    /// Takes up what a witness signed in a file.
    Cosign {
        /// The file.
        file: PathBuf,
    },
    /// Verifies a published folder.
    Verify {
        /// The folder of one log.
        folder: PathBuf,
        /// Its verifier key.
        #[arg(long)]
        vkey: String,
    },
}

/// What to do between two networks.
#[derive(Debug, Subcommand)]
pub enum FerryCommand {
    /// Inside, once: makes the keys folder of the outside.
    Outfit {
        /// The folder to make.
        folder: PathBuf,
        /// Organ; the only one if there is one.
        #[arg(long)]
        organ: Option<String>,
    },
    /// Makes the next package for the other side.
    Out {
        /// The folder to put it into, for instance a disk.
        folder: PathBuf,
        /// Organ; the only one if there is one.
        #[arg(long)]
        organ: Option<String>,
        /// Hand out this one once more instead; it was lost on the way.
        #[arg(long, value_name = "N")]
        again: Option<u64>,
    },
    /// Takes packages of the other side; safe to run twice.
    In {
        /// Files, or folders with packages in them.
        #[arg(required = true)]
        from: Vec<PathBuf>,
        /// Organ; found out from the package if not given.
        #[arg(long)]
        organ: Option<String>,
    },
    /// Says which packages were made, taken and have arrived, and what waits.
    Status {
        /// Organ; all of them if not given.
        #[arg(long)]
        organ: Option<String>,
    },
}

/// What a witness does besides serving.
#[derive(Debug, Subcommand)]
pub enum WitnessCommand {
    /// Prints the witness's public key; makes it first if a name is given and there is none.
    Key {
        /// Name of the witness, a domain and path of its keeper: city.example/witness.
        #[arg(long)]
        name: Option<String>,
    },
    /// Cosigns a request that came as a file.
    Sign {
        /// The request.
        file: PathBuf,
        /// Where the cosigned checkpoint goes.
        #[arg(long)]
        out: PathBuf,
    },
}

/// What to do with the rules.
#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// Reads every file and says what is wrong.
    Check {
        /// Folder of rules; the built-in ones if not given.
        folder: Option<PathBuf>,
    },
}
