//! Judgement: of a text alone, and of a report in the register with its envelope, its repeats and
//! the index.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::divisions::Divisions;
use store::Queue;
use triage::{Input, Judge, Models};

use crate::city::{City, runtime};
use crate::process::{cpu_seconds, memory};
use crate::row::Row;
use crate::{Fault, Setting, texts};

/// One text after another on one core.
pub fn funnel(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(50, 5_000);
    let judge = Judge::new(&Models::embedded()?, Arc::new(triage::Divisions::new(Divisions::with_extra(&[]))));
    let made: Vec<String> = (0..size).map(|n| texts::report(n as u64)).collect();
    // The dictionary is loaded when first needed.
    judge.judge(&Input { text: &made[0], ..Input::default() });
    let before = cpu_seconds(std::process::id())?;
    let mut times = Vec::with_capacity(size);
    for text in &made {
        let begun = Instant::now();
        std::hint::black_box(judge.judge(&Input { text, ..Input::default() }));
        times.push(begun.elapsed());
    }
    let cpu = cpu_seconds(std::process::id())? - before;
    let all: Duration = times.iter().sum();
    let mut row = Row::new("judgement of a text, whole funnel", size, "texts of 215 characters");
    row.add("rate", size as f64 / all.as_secs_f64(), "/s");
    row.add("CPU", cpu * 1000.0 / size as f64, "ms/text");
    row.times("", &mut times);
    Ok(row)
}

/// Reports imported without judging, then judged by a process that does nothing else.
pub fn register(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(100, 3_000);
    let mut city = City::found(setting)?;
    city.import(0, size)?;
    let tenant = city.organ()?;
    let mut row = Row::new("judging in the register", size, format!("reports, {}", setting.engine.name()));
    let serving = city.demo()?;
    let (begun, before) = (Instant::now(), cpu_seconds(serving.pid())?);
    let left = runtime()?.block_on(async {
        let store = city.store().await?;
        let first = store.work_waiting(Queue::Jobs, &tenant).await?;
        while store.work_waiting(Queue::Jobs, &tenant).await? > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        store.close().await;
        Ok::<_, Fault>(first)
    })?;
    let took = begun.elapsed().as_secs_f64();
    let cpu = cpu_seconds(serving.pid())? - before;
    row.count("waiting at first", left as usize);
    row.add("rate", left as f64 / took, "reports/s");
    row.add("CPU", cpu * 1000.0 / left.max(1) as f64, "ms/report");
    row.add("peak memory", memory(serving.pid(), "VmHWM")?, "MiB");
    serving.stop()?;
    Ok(row)
}
