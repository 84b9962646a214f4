//! `dengwen import FILE`: good rows become reports, bad ones a list that quotes nothing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::tz::TimeZone;
use office::import::Fault as RowFault;
use office::keys::Holding;
use papers::rows::{self, Format, Input, Mapping, Options};

use super::the_organ;
use crate::cli::Places;
use crate::progress::Progress;
use crate::serve::lock;
use crate::setup::{Fault, open};

/// What was asked for.
pub struct Wanted {
    pub file: PathBuf,
    pub organ: Option<String>,
    pub source: Option<String>,
    pub mapping: Option<PathBuf>,
    pub errors: Option<PathBuf>,
    pub no_judge: bool,
}

pub async fn run(places: &Places, wanted: Wanted) -> Result<ExitCode, Fault> {
    let _guard = lock(&places.data)?;
    let house = open(places, Holding::Desk).await?;
    let tenant = the_organ(&house.hall, wanted.organ.as_deref())?;
    let organ = house.hall.organ(&tenant)?;
    let mapping = match &wanted.mapping {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| Fault::file(path, &e))?;
            Mapping::from_toml(&text).map_err(|e| Fault::Say(format!("{}: {e}", path.display())))?
        }
        None => Mapping::default(),
    };
    let divisions = organ.divisions.clone();
    let options = Options {
        mapping,
        division: Some(Box::new(move |written| {
            let exact = divisions.get(written).map(|d| d.code.to_string());
            exact.or_else(|| match divisions.find(written).as_slice() {
                [only] => Some(only.code.to_string()),
                // Several of one name, or none: the deepest part of a chain of names decides.
                _ => divisions.locate(written).map(|d| d.code.to_string()),
            })
        })),
        zone: TimeZone::get(&house.config.zone).map_err(|e| Fault::Say(e.to_string()))?,
    };
    let rows = rows::open(Input::File(wanted.file.clone()), Format::Guess, options)
        .map_err(|e| Fault::Say(format!("{}: {e}", wanted.file.display())))?;
    let name = wanted.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = wanted.source.unwrap_or(name);
    let mut progress = Progress::new("rows", 0);
    let done = house.hall.import(&tenant, &source, rows, &mut |n| progress.at(n)).await?;
    progress.done(done.added + done.known + done.refused);
    if !wanted.no_judge {
        judge(&house.hall, &tenant, done.added).await?;
    }
    println!("added {}, known before {}, refused {}", done.added, done.known, done.refused);
    if done.faults.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let path = wanted.errors.unwrap_or_else(|| errors_beside(&wanted.file));
    write_errors(&path, &done.faults)?;
    println!("the refused rows, with column, reason and what to do: {}", path.display());
    Ok(ExitCode::FAILURE)
}

async fn judge(hall: &office::Hall, tenant: &domain::ids::TenantCode, expected: u64) -> Result<(), Fault> {
    let mut progress = Progress::new("judged", expected);
    let mut judged = 0;
    loop {
        match hall.work(tenant).await? {
            0 => break,
            n => judged += n as u64,
        }
        progress.at(judged);
    }
    progress.done(judged);
    Ok(())
}

fn errors_beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".errors.csv");
    file.with_file_name(name)
}

fn write_errors(path: &Path, faults: &[RowFault]) -> Result<(), Fault> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = "\u{FEFF}行 row,列 column,原因 reason,怎么办,what to do\r\n".to_owned();
    for fault in faults {
        let cells = [fault.line.to_string(), quoted(&fault.column), quoted(&fault.slug), quoted(&fault.zh), quoted(&fault.en)];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    std::fs::write(path, text).map_err(|e| Fault::file(path, &e))
}
