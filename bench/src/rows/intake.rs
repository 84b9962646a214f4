//! Reports over HTTP: what one process takes, what each costs it, and whether every one that was
//! acknowledged is there afterwards, with numbers that follow each other.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use domain::ids::ReportNumber;
use serde_json::Value;
use store::{Queue, Scope};

use crate::city::{City, runtime};
use crate::http::Client;
use crate::process::{Serving, cpu_seconds, memory};
use crate::row::Row;
use crate::{Fault, Setting, texts};

/// Clients side by side, each with a connection of its own.
const CLIENTS: [usize; 3] = [1, 8, 64];

/// The public role alone.
pub fn public(setting: &Setting) -> Result<Row, Fault> {
    let city = City::found(setting)?;
    let (serving, address) = city.serve("public")?;
    measured("intake over HTTP, public role", setting, city, serving, &address)
}

/// One process for everything, as `demo` and `serve` without a role.
pub fn all(setting: &Setting) -> Result<Row, Fault> {
    let mut city = City::found(setting)?;
    let serving = city.demo()?;
    let address = city.word("public")?.to_owned();
    measured("intake over HTTP, one process for everything", setting, city, serving, &address)
}

fn measured(what: &'static str, setting: &Setting, city: City, serving: Serving, address: &str) -> Result<Row, Fault> {
    let each = setting.size(64, 4000);
    let mut row = Row::new(what, each, format!("reports each, {}", setting.engine.name()));
    let key = city.word("api_key")?.to_owned();
    let mut numbers = Vec::new();
    for clients in CLIENTS {
        let before = cpu_seconds(serving.pid())?;
        let begun = Instant::now();
        let mut filed = file(address, &key, clients, each, numbers.len())?;
        let took = begun.elapsed().as_secs_f64();
        let cpu = cpu_seconds(serving.pid())? - before;
        let name = |figure: &str| format!("{clients} clients: {figure}");
        row.add(name("rate"), filed.times.len() as f64 / took, "reports/s");
        row.add(name("CPU"), cpu * 1000.0 / filed.times.len() as f64, "ms/report");
        row.times(&name(""), &mut filed.times);
        numbers.append(&mut filed.numbers);
    }
    row.add("peak memory", memory(serving.pid(), "VmHWM")?, "MiB");
    serving.stop()?;
    let (lost, waiting) = runtime()?.block_on(left(&city, &numbers))?;
    row.count("acknowledged", numbers.len());
    row.count("lost", lost);
    row.count("waiting to be judged", waiting as usize);
    Ok(row)
}

struct Filed {
    times: Vec<Duration>,
    numbers: Vec<String>,
}

/// Files `all` reports from `clients` connections.
fn file(address: &str, key: &str, clients: usize, all: usize, from: usize) -> Result<Filed, Fault> {
    let mut filed = Filed { times: Vec::with_capacity(all), numbers: Vec::with_capacity(all) };
    std::thread::scope(|scope| {
        let windows: Vec<_> = (0..clients)
            .map(|client| scope.spawn(move || file_at(address, key, (client..all).step_by(clients).map(|n| from + n))))
            .collect();
        for window in windows {
            let mut one = window.join().map_err(|_| "a client broke off")??;
            filed.times.append(&mut one.times);
            filed.numbers.append(&mut one.numbers);
        }
        Ok(filed)
    })
}

fn file_at(address: &str, key: &str, numbers: impl Iterator<Item = usize>) -> Result<Filed, Fault> {
    let mut client = Client::connect(address)?;
    let mut filed = Filed { times: Vec::new(), numbers: Vec::new() };
    for n in numbers {
        let body = serde_json::json!({ "channel": "web", "text": texts::report(n as u64) }).to_string();
        let token = texts::Chance::new(n as u64 ^ 0x00F1_1E00).next();
        let headers = format!(
            "Authorization: Bearer {key}\r\nContent-Type: application/json\r\nIdempotency-Key: {token:016x}{n:016x}\r\n"
        );
        let begun = Instant::now();
        let answer = client.send("POST", "/api/v1/reports", &headers, body.as_bytes())?;
        filed.times.push(begun.elapsed());
        let made: Value = serde_json::from_slice(answer.success()?)?;
        filed.numbers.push(made["number"].as_str().ok_or("an answer without a number")?.to_owned());
    }
    Ok(filed)
}

/// How many acknowledged numbers the register does not know, and how many jobs wait.
async fn left(city: &City, numbers: &[String]) -> Result<(usize, u64), Fault> {
    let store = city.store().await?;
    let tenant = city.organ()?;
    let scope = Scope::program(tenant.clone());
    let mut lost = 0;
    let mut serials = BTreeSet::new();
    for number in numbers {
        let number: ReportNumber = number.parse().map_err(|_| "an answer with something that is no number")?;
        serials.insert(number.serial);
        if store.report_by_number(&scope, &number).await?.is_none() {
            lost += 1;
        }
    }
    if serials.len() != numbers.len() || serials.last().is_some_and(|last| *last as usize != numbers.len()) {
        return Err("numbers were given twice or left out".into());
    }
    let waiting = store.work_waiting(Queue::Jobs, &tenant).await?;
    store.close().await;
    Ok((lost, waiting))
}
