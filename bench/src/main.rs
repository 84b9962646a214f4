//! `bench`: one command per row of `docs/performance.md`. Each measures the real program or the
//! real room on made-up texts, prints one row of the table and, with `--json`, the figures alone.
//!
//! Figures of a shared machine are noise by the clock: every row also gives CPU seconds of the
//! server, and `--size` shows how a cost grows. Nothing here asserts a time.

mod city;
mod http;
mod plot;
mod process;
mod row;
mod rows;
mod texts;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};

use crate::city::Engine;
use crate::row::Row;

/// Anything that ends a measurement, as a sentence.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Measures rows of docs/performance.md.
#[derive(Debug, Parser)]
#[command(about)]
struct Cli {
    /// Which rows; all of them if none is named.
    #[arg(value_enum)]
    rows: Vec<Which>,
    /// How many reports, texts or leaves; each row has a size of its own if not given.
    #[arg(long)]
    size: Option<usize>,
    /// The smallest size of every row: only to see that none has rotted.
    #[arg(long, conflicts_with = "size")]
    smallest: bool,
    /// The database.
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// The program to measure; the one beside this if not given.
    #[arg(long)]
    program: Option<PathBuf>,
    /// Print a line of JSON for each row instead of the table.
    #[arg(long)]
    json: bool,
    /// Measure nothing: draw how costs grow, as SVG pictures in this folder, from lines of JSON.
    #[arg(long, value_name = "FOLDER", requires = "from")]
    plot: Option<PathBuf>,
    /// The lines of JSON to draw.
    #[arg(long, value_name = "FILE", requires = "plot")]
    from: Option<PathBuf>,
}

/// The rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Reports over HTTP at 1, 8 and 64 clients; nothing else runs in the process.
    Intake,
    /// The same where one process does everything, judging included.
    IntakeAll,
    /// Appends without HTTP and without sealing, against the database's own limit.
    Store,
    /// A table of rows into the register.
    Import,
    /// The funnel alone: one text after another on one core.
    Funnel,
    /// Waiting reports judged in the register.
    Judging,
    /// Repeats and words found among N reports in the sealed index.
    Index,
    /// Pages of the desk over N reports.
    Pages,
    /// A register of N reports: import, first page, memory, pages, check.
    Size,
    /// Leaves sequenced, published, proved; the whole history checked.
    Log,
    /// One letter after another.
    Letter,
    /// Start and memory at rest.
    Start,
    /// What a public page loads.
    PublicPage,
}

/// What a row is measured with.
pub struct Setting {
    /// The program.
    pub program: PathBuf,
    /// The database.
    pub engine: Engine,
    size: Option<usize>,
    smallest: bool,
}

impl Setting {
    /// The size asked for, or the row's own.
    pub fn size(&self, smallest: usize, usual: usize) -> usize {
        self.size.unwrap_or(if self.smallest { smallest } else { usual })
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), Fault> {
    if let (Some(folder), Some(file)) = (&cli.plot, &cli.from) {
        return plot::draw(file, folder);
    }
    let beside = || Ok::<_, Fault>(std::env::current_exe()?.with_file_name("dengwen"));
    let program = cli.program.clone().map_or_else(beside, Ok)?;
    if !program.exists() {
        return Err(format!("{} is not there; build it first: cargo build -p dengwen", program.display()).into());
    }
    let setting = Setting { program, engine: cli.engine, size: cli.size, smallest: cli.smallest };
    let wanted = if cli.rows.is_empty() { Which::value_variants().to_vec() } else { cli.rows.clone() };
    if !cli.json {
        println!("{}", row::heading());
    }
    for which in wanted {
        let row = measure(which, &setting)?;
        println!("{}", if cli.json { row.json() } else { row.markdown() });
    }
    Ok(())
}

fn measure(which: Which, setting: &Setting) -> Result<Row, Fault> {
    match which {
        Which::Intake => rows::intake::public(setting),
        Which::IntakeAll => rows::intake::all(setting),
        Which::Store => rows::store::row(setting),
        Which::Import => rows::import::row(setting),
        Which::Funnel => rows::judging::funnel(setting),
        Which::Judging => rows::judging::register(setting),
        Which::Index => rows::index::row(setting),
        Which::Pages => rows::pages::row(setting),
        Which::Size => rows::size::row(setting),
        Which::Log => rows::log::row(setting),
        Which::Letter => rows::letter::row(setting),
        Which::Start => rows::start::row(setting),
        Which::PublicPage => rows::public_page::row(setting),
    }
}
