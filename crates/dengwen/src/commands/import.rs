//! `dengwen import`: rows of xlsx, csv or jsonl become reports; running twice adds nothing. Bad rows
//! are listed beside the file with row, column, reason and what to do, never with what they hold.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use office::import::{FAULT_HEAD, fault_line};
use office::keys::Holding;
use office::{Hall, Organ};
use papers::rows::{Format, Input, Mapping, Options, open as open_rows};

use crate::cli::Places;
use crate::config::keys_folder;
use crate::demo::city;
use crate::progress::Progress;
use crate::setup::{Fault, open};

/// Whether what came in is judged by this command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judging {
    /// By this command, before it ends.
    Now,
    /// By whichever process works next.
    Later,
}

/// What to import.
pub struct Task {
    /// The file.
    pub file: PathBuf,
    /// Into whose register.
    pub organ: Option<String>,
    /// Name of the source; the file's name if not given.
    pub source: Option<String>,
    /// Mapping file.
    pub mapping: Option<PathBuf>,
    /// Where to list refused rows.
    pub errors: Option<PathBuf>,
    /// Whether to judge.
    pub judging: Judging,
}

/// Exit code where at least one row was refused.
const REFUSED: u8 = 2;

/// Imports.
///
/// # Errors
/// The file cannot be read at all, another process is at work, or the store fails.
pub async fn run(places: &Places, task: Task) -> Result<ExitCode, Fault> {
    let _writing = super::writing(places)?;
    let house = open(places, Holding::Desk).await?;
    let hall = &house.hall;
    // A demo has several organs; its city is the one people mean.
    let named = task.organ.as_deref().or(keys_folder(places).join("demo.json").exists().then_some(city::CITY_JW));
    let organ = super::organ(hall, named)?;
    let source = match &task.source {
        Some(name) => name.clone(),
        None => task.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
    };
    let rows = rows(hall, &organ, &task)?;
    let mut bar = Progress::new("rows", 0);
    let mut list = FaultList::at(task.errors.unwrap_or_else(|| beside(&task.file)));
    let done = hall.import(&organ.tenant, &source, rows, &mut |f| list.add(f), &mut |seen| bar.at(seen)).await?;
    bar.done(done.added + done.known + done.refused);
    if task.judging == Judging::Now {
        judge(hall, &organ).await?;
    }
    hall.close().await;
    println!(
        "{}: {} reports added, {} were there already, {} rows refused",
        organ.tenant, done.added, done.known, done.refused
    );
    let Some(path) = list.end()? else { return Ok(ExitCode::SUCCESS) };
    println!(
        "why rows were refused, and what to do, is listed in {}; correct them and import the file again",
        path.display()
    );
    Ok(ExitCode::from(REFUSED))
}

/// The list of refused rows, written as they come; there is no file until there is one of them.
struct FaultList {
    path: PathBuf,
    file: Option<BufWriter<File>>,
}

impl FaultList {
    const fn at(path: PathBuf) -> Self {
        Self { path, file: None }
    }

    fn add(&mut self, fault: &office::import::Fault) -> Result<(), office::Error> {
        self.write(fault).map_err(|e| office::Error::Io(format!("{}: {e}", self.path.display())))
    }

    fn write(&mut self, fault: &office::import::Fault) -> std::io::Result<()> {
        if self.file.is_none() {
            let mut file = BufWriter::new(File::create(&self.path)?);
            file.write_all(FAULT_HEAD.as_bytes())?;
            self.file = Some(file);
        }
        self.file.iter_mut().try_for_each(|file| file.write_all(fault_line(fault).as_bytes()))
    }

    /// Where the list stands, once it is whole; none where nothing was refused.
    fn end(self) -> Result<Option<PathBuf>, Fault> {
        let Some(mut file) = self.file else { return Ok(None) };
        file.flush().map_err(|e| Fault::file(&self.path, &e))?;
        Ok(Some(self.path))
    }
}

fn rows(hall: &Hall, organ: &Organ, task: &Task) -> Result<papers::rows::Rows, Fault> {
    let mapping = match &task.mapping {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| Fault::file(path, &e))?;
            Mapping::from_toml(&text).map_err(|e| Fault::Say(format!("{}: {e}", path.display())))?
        }
        None => Mapping::default(),
    };
    let known = hall.organ(&organ.tenant)?;
    let options = Options {
        mapping,
        division: Some(Box::new(move |written| known.division(written))),
        zone: hall.clock.zone().clone(),
    };
    open_rows(Input::from(task.file.as_path()), Format::Guess, options)
        .map_err(|e| Fault::Say(format!("{}: {e}", task.file.display())))
}

async fn judge(hall: &Hall, organ: &Organ) -> Result<(), Fault> {
    let mut bar = Progress::new("judged", hall.jobs_waiting(&organ.tenant).await?);
    let mut judged = 0;
    loop {
        match hall.work(&organ.tenant).await? {
            0 => break,
            count => judged += count as u64,
        }
        bar.at(judged);
    }
    bar.done(judged);
    Ok(())
}

/// FILE.errors.csv beside the file.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".errors.csv");
    file.with_file_name(name)
}
