//! The transparency log and the check of the whole history.

use std::time::Instant;

use domain::ids::StreamKind;
use jiff::civil::date;
use ledger::{Checkpoint, Folder, Reader, TlogProof};
use store::LeafRow;

use crate::city::{City, runtime};
use crate::process::run;
use crate::row::Row;
use crate::texts::{Chance, id};
use crate::{Fault, Setting};

/// Proofs made.
const PROOFS: usize = 200;
/// Leaves handed over at a time.
const HANDED: usize = 5_000;

/// Leaves sequenced and published, proofs from the folder, then `fsck` over a tenth as many reports.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(500, 50_000);
    let city = City::found(setting)?;
    let tenant = city.organ()?;
    let of = format!("leaves, {} reports, {}", size / 10, setting.engine.name());
    let mut row = Row::new("log and history", size, of);
    runtime()?.block_on(async {
        let hall = city.hall().await?;
        let mut chance = Chance::new(3);
        let leaves: Vec<LeafRow> = (0..size)
            .map(|_| {
                let (a, b) = (id(&mut chance), id(&mut chance));
                let commitment = std::array::from_fn(|i| if i < 16 { a[i] } else { b[i - 16] });
                LeafRow { commitment, day: date(2026, 3, 2), salt: None }
            })
            .collect();
        for some in leaves.chunks(HANDED) {
            hall.store.log_add(&tenant, some).await?;
        }
        let begun = Instant::now();
        hall.sequence(&tenant).await?;
        row.add("sequenced", size as f64 / begun.elapsed().as_secs_f64(), "leaves/s");
        let begun = Instant::now();
        let published = hall.publish(&tenant).await?.ok_or("another process holds the log")?;
        row.add("published", published.size as f64 / begun.elapsed().as_secs_f64(), "leaves/s");

        let folder = Folder::at(hall.places.log(&tenant, 1));
        let note = String::from_utf8(folder.checkpoint()?.ok_or("nothing was published")?)?;
        let body = note.split("\n\n").next().map(|b| format!("{b}\n")).unwrap_or_default();
        let checkpoint = Checkpoint::parse(&body)?;
        let mut times = Vec::new();
        for _ in 0..PROOFS {
            let index = chance.below(size) as u64;
            let begun = Instant::now();
            let mut reader = Reader::open(&folder, &checkpoint)?;
            TlogProof::make(&mut reader, index, &note)?;
            times.push(begun.elapsed());
        }
        row.times("a proof ", &mut times);
        hall.close().await;
        Ok::<_, Fault>(())
    })?;
    // The leaves above belong to no event, which a check of the history rightly calls unsound.
    let city = City::found(setting)?;
    city.import(0, size / 10)?;
    check(&mut row, &city)?;
    Ok(row)
}

/// `fsck` over all a city holds, every envelope opened, into `row`.
pub fn check(row: &mut Row, city: &City) -> Result<(), Fault> {
    let events = runtime()?.block_on(async {
        let store = city.store().await?;
        let count = store.streams_count(&city.organ()?, StreamKind::Report).await?;
        store.close().await;
        Ok::<_, Fault>(count)
    })?;
    let mut command = city.command();
    command.arg("fsck");
    let cost = run(command)?;
    row.add("fsck", events as f64 * 60.0 / cost.took.as_secs_f64(), "events/min");
    row.add("fsck: CPU", cost.cpu * 1000.0 / events.max(1) as f64, "ms/event");
    row.add("fsck: peak memory", cost.peak, "MiB");
    Ok(())
}
