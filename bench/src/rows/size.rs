//! One register of N reports and everything whose cost could grow with it: taken in, opened, looked
//! through, checked. Nothing judges meanwhile; that is a row of its own.

use super::{log, pages, start};
use crate::city::City;
use crate::http::Client;
use crate::process::{folder_size, memory};
use crate::row::Row;
use crate::{Fault, Setting};

/// Imported, served by the desk role alone, checked by `fsck`.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(50, 10_000);
    let city = City::found(setting)?;
    let mut row = Row::new("a register of this size", size, format!("reports, {}", setting.engine.name()));
    let nothing = city.import(0, 1)?;
    let import = city.import(0, size)?;
    row.add("import", size as f64 / import.took.saturating_sub(nothing.took).as_secs_f64(), "rows/s");
    row.add("import: CPU", (import.cpu - nothing.cpu) * 1000.0 / size as f64, "ms/row");
    row.add("import: peak memory", import.peak, "MiB");
    row.add("on disk", folder_size(&city.data())? as f64 / size as f64 / 1024.0, "KiB/report");

    let (serving, desk) = city.serve("desk")?;
    let begun = std::time::Instant::now();
    Client::connect(&desk)?.send("GET", "/sign-in", "", b"")?.success()?;
    row.add("first page", (serving.took + begun.elapsed()).as_secs_f64() * 1000.0, "ms");
    start::rest(setting);
    row.add("memory at rest", memory(serving.pid(), "VmRSS")?, "MiB");
    pages::measured(&mut row, setting, &city, &serving, &desk)?;
    row.add("memory after the pages", memory(serving.pid(), "VmHWM")?, "MiB");
    serving.stop()?;

    log::check(&mut row, &city)?;
    Ok(row)
}
