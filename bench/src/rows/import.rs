//! A table of rows into the register by `dengwen import`, and the same table again.

use crate::city::{City, runtime};
use crate::row::Row;
use crate::{Fault, Setting};

/// Rows a second, CPU a row, memory, and how both grow over ten times the rows.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(200, 10_000);
    let city = City::found(setting)?;
    let mut row = Row::new("import, ends at `Received`", size, format!("rows, {}", setting.engine.name()));
    let nothing = city.import(0, 1)?;
    row.add("start and end of the command", nothing.took.as_secs_f64(), "s");
    let first = city.import(0, size)?;
    // What the command costs on a file of one row is no cost of the others.
    row.add("rate", size as f64 / (first.took.saturating_sub(nothing.took)).as_secs_f64(), "rows/s");
    row.add("rate, start and end included", size as f64 / first.took.as_secs_f64(), "rows/s");
    row.add("CPU", (first.cpu - nothing.cpu) * 1000.0 / size as f64, "ms/row");
    row.add("peak memory on one row", nothing.peak, "MiB");
    row.add("peak memory", first.peak, "MiB");
    let again = city.import(0, size)?;
    row.add("the same file again", size as f64 / again.took.as_secs_f64(), "rows/s");
    let stored = runtime()?.block_on(async {
        let store = city.store().await?;
        let count = store.streams_count(&city.organ()?, domain::ids::StreamKind::Report).await?;
        store.close().await;
        Ok::<_, Fault>(count)
    })?;
    if stored != size as u64 {
        return Err(format!("{stored} reports stand in the register instead of {size}").into());
    }
    row.count("reports in the register after both", size);
    Ok(row)
}
