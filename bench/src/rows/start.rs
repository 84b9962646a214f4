//! From nothing to the first page, from a full register to the first page, and memory at rest.

use std::time::Duration;

use crate::city::City;
use crate::http::Client;
use crate::process::{Output, Serving, cpu_seconds, memory};
use crate::row::Row;
use crate::{Fault, Setting};

/// Starts of each kind.
const STARTS: usize = 3;
/// What is called at rest: this long after the first page, nobody asking for anything.
const REST: Duration = Duration::from_secs(5);

/// Start and rest.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(50, 10_000);
    let mut row = Row::new("start, rest, size", size, format!("reports, {}", setting.engine.name()));
    let (mut founding, mut cpu) = (Vec::new(), 0.0_f64);
    for _ in 0..STARTS {
        let folder = tempfile::tempdir()?;
        let mut command = std::process::Command::new(&setting.program);
        command.arg("--data").arg(folder.path().join("city"));
        command.args(["demo", "--listen", "127.0.0.1:0", "--reports", "0", "--json"]);
        let serving = Serving::start(command, Output::Standard)?;
        cpu = cpu_seconds(serving.pid())?;
        founding.push(serving.took);
        serving.stop()?;
    }
    row.times("an empty city founded and served (SQLite) ", &mut founding);
    row.add("its CPU", cpu, "s");

    let mut city = City::found(setting)?;
    city.import(0, size)?;
    let mut starts = Vec::new();
    let mut rest = 0.0;
    for _ in 0..STARTS {
        let serving = city.demo()?;
        let begun = std::time::Instant::now();
        Client::connect(city.word("public")?)?.send("GET", "/", "", b"")?.success()?;
        starts.push(serving.took + begun.elapsed());
        self::rest(setting);
        rest = memory(serving.pid(), "VmRSS")?;
        serving.stop()?;
    }
    row.times("first page on the imported register ", &mut starts);
    row.add("memory at rest, judging what was imported", rest, "MiB");

    let mut empty = City::found(setting)?;
    let serving = empty.demo()?;
    Client::connect(empty.word("public")?)?.send("GET", "/", "", b"")?.success()?;
    self::rest(setting);
    row.add("memory at rest, empty", memory(serving.pid(), "VmRSS")?, "MiB");
    serving.stop()?;
    row.add("program", std::fs::metadata(&setting.program)?.len() as f64 / 1_048_576.0, "MiB");
    Ok(row)
}

/// Waits until a process may be called at rest.
pub fn rest(setting: &Setting) {
    if !setting.smallest {
        std::thread::sleep(REST);
    }
}
