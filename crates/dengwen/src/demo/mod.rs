//! `dengwen demo`: a made-up city that looks alive, on embedded SQLite, with nothing to configure.
//!
//! The first start makes keys, organs, staff and reports; every later start finds them and adds
//! nothing. Sign-ins are kept in the keys folder, which marks it as a demo's.

mod by_hand;
pub mod city;
mod lives;
pub mod texts;

use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::ids::TenantCode;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use office::clock::Clock;
use office::keys::Holding;
use seal::{Cost, Entropy, KeyFolder, Protection, SystemEntropy, TenantHolders};
use serde::{Deserialize, Serialize};
use store::{ApiKeyRow, Store};

use crate::cli::{DoorOptions, Places};
use crate::config::{Config, database, keys_folder};
use crate::serve::{self, Listen, Side};
use crate::setup::{Fault, House, Lock, open, open_store};

/// Sign-ins and the API key of a demo, kept so that every start prints the same.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    api_key: String,
    password: String,
}

/// One sign-in as printed.
#[derive(Debug, Serialize)]
struct SignIn {
    role: String,
    user: String,
    password: String,
    organ: String,
}

/// The JSON line of `--json`.
#[derive(Debug, Serialize)]
struct Announced {
    public: String,
    desk: String,
    api: String,
    api_key: String,
    sign_ins: Vec<SignIn>,
    log: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<String>,
}

/// Runs the demo until it is ended.
///
/// # Errors
/// A sentence that says what to do.
pub async fn run(
    places: &Places,
    listen: SocketAddr,
    reports: u32,
    json: bool,
    doors: &DoorOptions,
) -> Result<ExitCode, Fault> {
    std::fs::create_dir_all(&places.data).map_err(|e| Fault::file(&places.data, &e))?;
    let folder = keys_folder(places);
    let _guard = serve::lock(&places.data)?;
    let kept = match std::fs::read_to_string(folder.join("demo.json")) {
        Ok(text) => serde_json::from_str(&text).map_err(|e| Fault::Say(format!("{}: {e}", folder.display())))?,
        Err(_) => found(places, &folder, reports, json).await?,
    };
    let house = open(places, Holding::Desk).await?;
    let public = Side { address: listen, tls: doors.public_tls(&house.config) };
    let desk = Side { address: next_port(listen), tls: doors.desk_tls(&house.config) };
    if public.tls.is_none() && !listen.ip().is_loopback() && !doors.plain_http {
        eprintln!("dengwen: {listen} is served in clear beyond this machine; never use it so for real reports");
    }
    serve::not_behind(&house.hall, serve::Duties::All).await?;
    let served =
        serve::start(house.hall.clone(), Listen { public: Some(public), desk: Some(desk), metrics: doors.metrics })
            .await?;
    let announced = announce(&house, &kept, &served, places)?;
    if json {
        println!("{}", serde_json::to_string(&announced).map_err(|e| Fault::Say(e.to_string()))?);
    } else {
        print_sheet(&announced);
    }
    served
        .with_rules(house.config.rules.clone())
        .with_policy(house.config.policy.clone())
        .until_ended(house.hall, house.config.publish_every)
        .await;
    Ok(ExitCode::SUCCESS)
}

/// The port after; any free one if that is taken, or where any was asked for.
fn next_port(listen: SocketAddr) -> SocketAddr {
    let port = if listen.port() == 0 { 0 } else { listen.port().checked_add(1).unwrap_or(0) };
    let next = SocketAddr::new(listen.ip(), port);
    match std::net::TcpListener::bind(next) {
        Ok(_free) => next,
        Err(_) => SocketAddr::new(listen.ip(), 0),
    }
}

/// Makes keys, organs, staff and reports.
async fn found(places: &Places, folder: &Path, reports: u32, json: bool) -> Result<Kept, Fault> {
    if folder.join(MARK).exists() {
        return Err(Fault::Say(broken_off(&places.data, folder, &database(places))));
    }
    if KeyFolder::new(folder).has_shared() {
        return Err(Fault::Say(format!(
            "{} holds the keys of a real installation; choose another --data folder for the demo",
            folder.display()
        )));
    }
    let config = Config::read(places)?;
    let zone = TimeZone::get(&config.zone).map_err(|e| Fault::Say(e.to_string()))?;
    let now = Clock::system(&config.zone).map_err(|e| Fault::Say(e.to_string()))?;
    let today = now.today();
    let begins = if reports == 0 { today } else { today.checked_sub(150.days()).unwrap_or(today) };

    // Written first: whatever stops the making, the folders say what they are.
    std::fs::create_dir_all(folder).map_err(|e| Fault::file(folder, &e))?;
    write_private(&folder.join(MARK), "a demo is being made here; every name in it is made up\n")?;
    let keys = KeyFolder::new(folder);
    let mut rng = SystemEntropy;
    keys.init_shared(Protection::DemoPlain, &mut rng)?;
    keys.init_head(Protection::DemoPlain, &mut rng)?;
    let organs = city::organs();
    for organ in &organs {
        let holders = TenantHolders {
            custodian: "baoguan",
            approver: "shenpi",
            from: begins,
            until: today.checked_add(10.years()).unwrap_or(Date::MAX),
            program: Protection::DemoPlain,
            custodian_file: Protection::DemoPlain,
            approver_file: Protection::DemoPlain,
            root_file: Protection::DemoPlain,
        };
        keys.init_tenant(organ.directory.organ.tenant.as_str(), &holders, &mut rng)?;
    }
    let url = database(places);
    Store::migrate(&url).await?;
    let store = Store::connect(&url).await?;

    // The past is lived through under a clock of its own.
    let instant = Arc::new(AtomicI64::new(noon(begins, &zone)));
    let reading = instant.clone();
    let clock = Clock::from_fn(zone.clone(), move || {
        Timestamp::from_microsecond(reading.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
    });
    let tenants: Vec<TenantCode> = organs.iter().map(|o| o.directory.organ.tenant.clone()).collect();
    let house = open_store(places, config, Holding::Desk, clock, store, &tenants, &Lock::Plain).await?;
    let kept = Kept { api_key: seal::fresh_token(&mut rng), password: spoken_password(&mut rng) };
    for organ in &organs {
        house.hall.set_directory(organ.directory.clone()).await?;
        for person in &organ.directory.staff {
            house.hall.set_password(&organ.directory.organ.tenant, &person.id, &kept.password, Cost::Demo).await?;
        }
    }
    house
        .hall
        .store
        .api_key_put(&ApiKeyRow {
            key: seal::token_digest(&kept.api_key),
            tenant: tenants[0].clone(),
            name: "demo front end".to_owned(),
            created_on: today,
        })
        .await?;
    if reports > 0 {
        let days = lives::Days { begins, today, now: now.micros(), zone: &zone, instant: &instant };
        lives::live(&house.hall, &organs, reports, &days, json).await?;
    }
    instant.store(now.micros(), Ordering::Relaxed);
    for tenant in &tenants {
        house.hall.publish(tenant).await?;
    }
    house.hall.publish_head().await?;
    house.hall.close().await;
    // Written last: its presence says that the demo is whole.
    let text = serde_json::to_string_pretty(&kept).map_err(|e| Fault::Say(e.to_string()))?;
    write_private(&folder.join("demo.json"), &text)?;
    std::fs::remove_file(folder.join(MARK)).map_err(|e| Fault::file(folder, &e))?;
    Ok(kept)
}

/// Stands in the keys folder from before the first key until the demo is whole.
const MARK: &str = "demo.making";

/// What to do about a demo that was not finished: exactly which folders to delete.
fn broken_off(data: &Path, keys: &Path, url: &str) -> String {
    let (data, keys) = (data.display(), keys.display());
    let database = if url.starts_with("sqlite:") {
        String::new()
    } else {
        "\n  并清空所用的 PostgreSQL 数据库 (and empty the PostgreSQL database it used)".to_owned()
    };
    format!(
        "上次建演示城市时中断了，没有建完；里面全是虚构内容，可以删除后重来 \
         (the demo was broken off while it was made; all in it is made up. Delete it and start again):\n  \
         rm -r '{data}' '{keys}'{database}"
    )
}

fn write_private(path: &Path, text: &str) -> Result<(), Fault> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(|e| Fault::file(path, &e))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| Fault::file(path, &e))
}

/// Noon of a day, Unix microseconds.
fn noon(day: Date, zone: &TimeZone) -> i64 {
    zone.to_timestamp(day.at(12, 0, 0, 0)).map_or(0, |t| t.as_microsecond())
}

/// A password a person can type: made once per demo.
fn spoken_password(rng: &mut dyn Entropy) -> String {
    const SYLLABLES: [&str; 16] =
        ["lan", "xi", "yun", "qing", "he", "mu", "shan", "song", "zhu", "tao", "mai", "lu", "an", "ning", "wen", "gu"];
    let mut bytes = [0; 6];
    rng.fill(&mut bytes);
    let words: Vec<&str> = bytes.iter().map(|b| SYLLABLES[usize::from(b % 16)]).collect();
    format!("{}-{}-{}", words[..2].concat(), words[2..4].concat(), words[4..].concat())
}

fn announce(house: &House, kept: &Kept, served: &serve::Served, places: &Places) -> Result<Announced, Fault> {
    let public = served.public.clone().unwrap_or_default();
    let mut sign_ins = Vec::new();
    for organ in house.hall.organs() {
        for person in &organ.directory.staff {
            sign_ins.push(SignIn {
                role: person.roles.first().map(|r| r.as_str().to_owned()).unwrap_or_default(),
                user: person.user.clone(),
                password: kept.password.clone(),
                organ: organ.tenant.to_string(),
            });
        }
    }
    // The city's own staff first, in the order of the directory.
    sign_ins.sort_by_key(|s| (s.organ != city::CITY_JW, s.organ != city::CITY_XF));
    let log =
        std::path::absolute(places.data.join("log").join(city::CITY_JW)).map_err(|e| Fault::file(&places.data, &e))?;
    Ok(Announced {
        api: format!("{public}/api/v1"),
        public,
        desk: served.desk.clone().unwrap_or_default(),
        metrics: served.metrics.clone().map(|at| format!("{at}/metrics")),
        api_key: kept.api_key.clone(),
        sign_ins,
        log: log.display().to_string(),
    })
}

fn print_sheet(a: &Announced) {
    println!("\n登闻 Dengwen · 望澜市 (a made-up city)\n");
    println!("  公众页面 public  {}", a.public);
    println!("  办案端   desk    {}", a.desk);
    println!("  接口     api     {}   (key: {})", a.api, a.api_key);
    println!("  日志     log     {}", a.log);
    if let Some(metrics) = &a.metrics {
        println!("  指标     figures {metrics}");
    }
    println!();
    println!(
        "  登录 sign-ins (one password for all: {})",
        a.sign_ins.first().map(|s| s.password.as_str()).unwrap_or_default()
    );
    for s in a.sign_ins.iter().filter(|s| s.organ == city::CITY_JW || s.organ == city::CITY_XF) {
        println!("    {:<10} {:<14} {}", s.organ, s.role, s.user);
    }
    println!("\n  Ctrl+C 结束 ends it; the city is kept.\n");
}
