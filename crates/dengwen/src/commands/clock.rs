//! `dengwen clock FROM LIMIT`: the due date alone, then how it was worked out.

use std::process::ExitCode;

use domain::calendar::Limit;
use domain::rules::Rules;
use domain::words::Lang;
use jiff::civil::Date;

use crate::setup::Fault;

pub fn run(from: &str, limit: &str) -> Result<ExitCode, Fault> {
    let from: Date = from.parse().map_err(|_| Fault::Say(format!("{from} is not a date; write it as 2026-02-11")))?;
    let limit: Limit =
        limit.parse().map_err(|_| Fault::Say(format!("{limit} is not a limit; write 5wd, 60d, 3mo or 4h")))?;
    let due = Rules::embedded().calendar().due(from, limit);
    println!("{}", due.date);
    println!("{}", due.explain(Lang::En));
    println!("{}", due.explain(Lang::Zh));
    Ok(ExitCode::SUCCESS)
}
