//! What a process has cost so far, as the system counts it: CPU seconds and memory. Read from
//! outside, so that nothing of the measurement is in the figures.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::Fault;

/// Ticks of `/proc/PID/stat` in a second: 100 on every Linux of today.
const TICKS: f64 = 100.0;

/// CPU seconds of a process, in its own code and in the system's for it.
pub fn cpu_seconds(pid: u32) -> Result<f64, Fault> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name in brackets may hold spaces.
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut fields = rest.split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|f| f.parse::<f64>().ok()).ok_or("a process without its times");
    Ok((ticks()? + ticks()?) / TICKS)
}

/// A line of `/proc/PID/status` in MiB: `VmRSS` is memory now, `VmHWM` the most it ever was.
pub fn memory(pid: u32, line: &str) -> Result<f64, Fault> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let found = text.lines().find_map(|l| l.strip_prefix(line)?.strip_prefix(':'));
    let kib: f64 = found.and_then(|v| v.split_whitespace().next()?.parse().ok()).ok_or("no such line")?;
    Ok(kib / 1024.0)
}

/// The program while it serves.
pub struct Serving {
    child: Child,
    /// The first line it printed.
    pub line: String,
    /// How long until it printed it.
    pub took: Duration,
}

impl Serving {
    /// Starts the program and waits for its first line.
    pub fn start(mut command: Command, on: Output) -> Result<Self, Fault> {
        let begun = Instant::now();
        command.stdin(Stdio::null());
        match on {
            Output::Standard => command.stdout(Stdio::piped()).stderr(Stdio::null()),
            Output::Error => command.stderr(Stdio::piped()).stdout(Stdio::null()),
        };
        let mut child = command.spawn()?;
        let mut line = String::new();
        let read = match on {
            Output::Standard => child.stdout.take().map(|out| BufReader::new(out).read_line(&mut line)),
            Output::Error => child.stderr.take().map(|out| {
                let mut out = BufReader::new(out);
                let read = out.read_line(&mut line);
                // Whatever else it says must not fill the pipe.
                std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
                read
            }),
        };
        read.ok_or("no pipe")??;
        if line.is_empty() {
            let _gone = child.kill();
            return Err(format!("the program ended before it served: {}", child.wait()?).into());
        }
        Ok(Self { child, line, took: begun.elapsed() })
    }

    /// Its process number.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> Result<(), Fault> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let ended = self.child.wait()?;
        if ended.success() { Ok(()) } else { Err(format!("the program ended with {ended}").into()) }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _gone = self.child.kill();
            let _reaped = self.child.wait();
        }
    }
}

/// Where a program prints its first line.
#[derive(Debug, Clone, Copy)]
pub enum Output {
    /// Standard output.
    Standard,
    /// Standard error.
    Error,
}

/// What a command cost from its start to its end.
pub struct Cost {
    /// By the clock.
    pub took: Duration,
    /// CPU seconds.
    pub cpu: f64,
    /// The most memory it held, MiB.
    pub peak: f64,
}

/// Runs a command to its end and says what it cost; looked at every few milliseconds, because the
/// figures of a process end with it.
pub fn run(mut command: Command) -> Result<Cost, Fault> {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let pid = child.id();
    let ended = Arc::new(AtomicBool::new(false));
    let over = ended.clone();
    let watching: JoinHandle<(f64, f64)> = std::thread::spawn(move || {
        let (mut cpu, mut peak) = (0.0, 0.0);
        while !over.load(Ordering::Relaxed) {
            cpu = cpu_seconds(pid).unwrap_or(cpu);
            peak = memory(pid, "VmHWM").unwrap_or(peak);
            std::thread::sleep(Duration::from_millis(5));
        }
        (cpu, peak)
    });
    let said = child.stderr.take().map(|out| BufReader::new(out).lines().map_while(Result::ok).last());
    let status: ExitStatus = child.wait()?;
    let took = begun.elapsed();
    ended.store(true, Ordering::Relaxed);
    let (cpu, peak) = watching.join().map_err(|_| "the watcher of a command broke off")?;
    if !status.success() {
        return Err(format!("a command ended with {status}: {}", said.flatten().unwrap_or_default()).into());
    }
    Ok(Cost { took, cpu, peak })
}

/// Bytes of a folder with everything in it.
pub fn folder_size(folder: &Path) -> Result<u64, Fault> {
    let mut size = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let known = entry.metadata()?;
        size += if known.is_dir() { folder_size(&entry.path())? } else { known.len() };
    }
    Ok(size)
}
