//! Pages of the desk over N reports, for one member of staff and for fifty at once.

use std::time::{Duration, Instant};

use domain::ids::TenantCode;
use store::{Filter, Order, Scope, Sort, SortBy};

use crate::city::{City, runtime};
use crate::http::Client;
use crate::process::{Serving, cpu_seconds, memory};
use crate::row::Row;
use crate::{Fault, Setting};

/// Staff at once.
const STAFF: usize = 50;
/// Each of them asks for a page this often, without ever stopping to read it.
const RHYTHM: Duration = Duration::from_secs(1);
/// Times each page is asked for by each of them.
const EACH: usize = 8;

/// Inbox, register, due list and a report's page, while what was imported is being judged.
pub fn row(setting: &Setting) -> Result<Row, Fault> {
    let size = setting.size(50, 5_000);
    let mut city = City::found(setting)?;
    city.import(0, size)?;
    let serving = city.demo()?;
    let desk = city.word("desk")?.to_owned();
    let mut row = Row::new("pages of the desk while it judges", size, format!("reports, {}", setting.engine.name()));
    measured(&mut row, setting, &city, &serving, &desk)?;
    row.add("peak memory", memory(serving.pid(), "VmHWM")?, "MiB");
    serving.stop()?;
    Ok(row)
}

/// Times every page of the desk that `serving` shows at `desk`, into `row`.
pub fn measured(row: &mut Row, setting: &Setting, city: &City, serving: &Serving, desk: &str) -> Result<(), Fault> {
    let tenant = city.organ()?;
    let report = runtime()?.block_on(first(city, &tenant))?;
    let (user, password) = head(city, &tenant)?;
    let form = format!("user={user}&password={password}");
    let origin = format!("Origin: {desk}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    let signed = Client::connect(desk)?.send("POST", "/sign-in", &origin, form.as_bytes())?;
    let cookie = signed.cookie.ok_or_else(|| format!("no session for {user}: {}", signed.status))?;
    let pages = [
        ("inbox", "/".to_owned()),
        ("overdue", "/overdue".to_owned()),
        ("register", "/register".to_owned()),
        ("report", format!("/reports/{report}")),
        ("cockpit", "/cockpit".to_owned()),
    ];
    for (name, path) in &pages {
        let before = cpu_seconds(serving.pid())?;
        let mut alone = asked(desk, path, &cookie, 1, None)?;
        row.add(format!("{name}: CPU"), (cpu_seconds(serving.pid())? - before) * 1000.0 / alone.len() as f64, "ms");
        row.times(&format!("{name}, alone: "), &mut alone);
        let (staff, rhythm) = if setting.smallest { (4, None) } else { (STAFF, Some(RHYTHM)) };
        let mut together = asked(desk, path, &cookie, staff, rhythm)?;
        row.times(&format!("{name}, {staff} staff: "), &mut together);
    }
    Ok(())
}

/// A report to look at.
async fn first(city: &City, tenant: &TenantCode) -> Result<String, Fault> {
    let store = city.store().await?;
    let sort = Sort { by: SortBy::Received, order: Order::Ascending };
    let today = jiff::civil::date(2026, 1, 1);
    let page = store.list(&Scope::program(tenant.clone()), &Filter::default(), sort, today, 0, 1).await?;
    store.close().await;
    Ok(page.rows.first().ok_or("nothing was imported")?.report.to_string())
}

/// The head of the petition office, who may also see the cockpit, as the demo announced her.
fn head(city: &City, tenant: &TenantCode) -> Result<(String, String), Fault> {
    let found = city.announced["sign_ins"].as_array().into_iter().flatten().find_map(|s| {
        let is = s["organ"] == tenant.as_str() && s["role"] == "head";
        is.then(|| Some((s["user"].as_str()?.to_owned(), s["password"].as_str()?.to_owned())))?
    });
    found.ok_or_else(|| "the demo has no head of the petition office".into())
}

/// The page again and again for each of `staff` from a connection of their own; with a `rhythm` one
/// request in each of its beats, spread evenly over it, and timed from when it was to be sent, so that a
/// slow answer does not hide the wait of the next.
fn asked(desk: &str, path: &str, cookie: &str, staff: usize, rhythm: Option<Duration>) -> Result<Vec<Duration>, Fault> {
    let headers = format!("Cookie: {cookie}\r\n");
    let headers = headers.as_str();
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let windows: Vec<_> = (0..staff)
            .map(|who| {
                scope.spawn(move || {
                    let mut client = Client::connect(desk)?;
                    let mut times = Vec::with_capacity(EACH);
                    for turn in 0..EACH {
                        let due = rhythm.map_or_else(Instant::now, |beat| {
                            begun + beat * turn as u32 + beat * who as u32 / staff as u32
                        });
                        std::thread::sleep(due.saturating_duration_since(Instant::now()));
                        client.send("GET", path, headers, b"")?.success()?;
                        times.push(due.elapsed());
                    }
                    Ok::<_, Fault>(times)
                })
            })
            .collect();
        let mut all = Vec::new();
        for window in windows {
            all.append(&mut window.join().map_err(|_| "a client broke off")??);
        }
        Ok(all)
    })
}
