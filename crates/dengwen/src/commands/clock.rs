//! `dengwen clock FROM LIMIT`: a due date alone on the first line, then why, in both languages.

use std::process::ExitCode;

use domain::calendar::Limit;
use jiff::civil::Date;
use office::Lang;

use crate::cli::Places;
use crate::config::Config;
use crate::setup::{self, Fault};

/// Works a due date out.
///
/// # Errors
/// The date or the limit is not one.
pub fn run(places: &Places, from: &str, limit: &str) -> Result<ExitCode, Fault> {
    let from: Date = from
        .parse()
        .map_err(|_| Fault::Say(format!("`{from}` is not a day; write it as YYYY-MM-DD, for example 2026-02-11")))?;
    let limit: Limit = limit.parse().map_err(|e: domain::calendar::LimitError| Fault::Say(e.to_string()))?;
    let rules = setup::rules(Config::read(places)?.rules.as_deref())?;
    let due = rules.calendar().due(from, limit);
    println!("{}", due.date);
    println!("{}", due.explain(Lang::Zh));
    println!("{}", due.explain(Lang::En));
    Ok(ExitCode::SUCCESS)
}
