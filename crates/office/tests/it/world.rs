//! Builds houses for the stories: made-up organs, keys in a folder of their own, a clock that is
//! moved by hand, and the people who do things in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::content::{Identity, Subject};
use domain::directory::*;
use domain::ids::{OfficeId, ReportId, StaffId, TenantCode};
use domain::report::{Command, Event, Holder};
use domain::rules::Rules;
use domain::words::*;
use harness::{Database, Postgres};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use office::clock::Clock;
use office::desk::{Ask, Ledger, Me};
use office::export::Take;
use office::intake::{Entry, NewReport, Received};
use office::keys::{Holding, Keys};
use office::report::{Act, Acted};
use office::{Error, Hall, Places};
use seal::{KeyFolder, Protection, SystemEntropy, TenantHolders};
use store::Store;
use tempfile::TempDir;

/// The day the stories begin: a Monday without holidays near.
pub const TODAY: Date = date(2026, 3, 2);
/// 市纪委监委
pub const JW: &str = "990100JW1";
/// 省纪委监委, its superior
pub const ABOVE: &str = "990000JW1";
/// 市信访局
pub const XF: &str = "990100XF1";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A house with three organs and an empty register.
pub struct World {
    pub hall: Arc<Hall>,
    pub url: String,
    pub engine: Engine,
    pub now: Arc<AtomicI64>,
    pub folder: TempDir,
    _database: Option<Database>,
}

pub fn tenant(code: &str) -> TenantCode {
    code.parse().unwrap()
}

pub fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

/// A fresh place for a register: its address, and what keeps it alive.
pub fn place(engine: Engine, data: &Path) -> (String, Option<Database>) {
    match engine {
        Engine::Sqlite => (format!("sqlite:{}", data.join("register.db").display()), None),
        Engine::Postgres => {
            let database = Postgres::shared().database();
            (database.url.clone(), Some(database))
        }
    }
}

impl World {
    pub async fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let keys = KeyFolder::new(folder.path().join("data.keys"));
        keys.init_shared(Protection::DemoPlain, &mut SystemEntropy).unwrap();
        keys.init_head(Protection::DemoPlain, &mut SystemEntropy).unwrap();
        for organ in organs() {
            let holders = TenantHolders {
                custodian: "custodian",
                approver: "approver",
                from: date(2026, 1, 1),
                until: date(2036, 1, 1),
                program: Protection::DemoPlain,
                custodian_file: Protection::DemoPlain,
                approver_file: Protection::DemoPlain,
                root_file: Protection::DemoPlain,
            };
            keys.init_tenant(organ.organ.tenant.as_str(), &holders, &mut SystemEntropy).unwrap();
        }
        let (url, database) = place(engine, &data);
        Store::migrate(&url).await.unwrap();
        let now = Arc::new(AtomicI64::new(0));
        set(&now, TODAY);
        let hall = open(&url, &data, keys.path(), &now, Holding::Desk).await.unwrap();
        for organ in organs() {
            hall.set_directory(organ).await.unwrap();
        }
        Self { hall, url, engine, now, folder, _database: database }
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn keys(&self) -> PathBuf {
        self.folder.path().join("data.keys")
    }

    /// Turns the clock to ten in the morning of a day.
    pub fn on(&self, day: Date) {
        set(&self.now, day);
    }

    /// Lets some minutes pass.
    pub fn pass(&self, minutes: i64) {
        self.now.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    /// Another process over the same register.
    pub async fn process(&self, keys: &Path, holding: Holding) -> Arc<Hall> {
        open(&self.url, &self.data(), keys, &self.now, holding).await.unwrap()
    }

    /// A member of staff by sign-in name.
    pub fn me(&self, user: &str) -> Me {
        for organ in self.hall.organs() {
            if let Some(staff) = organ.directory.user(user) {
                return self.hall.me(&organ.tenant, &staff.id).unwrap();
            }
        }
        panic!("nobody signs in as {user}");
    }

    /// Files a report through the public pages.
    pub async fn file(&self, organ: &str, text: &str, subjects: Vec<Subject>, named: Option<Identity>) -> Received {
        let new = public(text, subjects, named);
        let opening = self.hall.open_report(&tenant(organ), &new.subjects).unwrap();
        self.hall.receive(opening, new).await.unwrap()
    }

    /// Lets the worker do all that waits.
    pub async fn settle(&self) {
        for organ in self.hall.organs() {
            while self.hall.work(&organ.tenant).await.unwrap() > 0 {}
            let dead = self.hall.store.work_dead(store::Queue::Jobs, &organ.tenant).await.unwrap();
            assert!(dead.is_empty(), "{dead:?}");
            assert_eq!(self.hall.jobs_waiting(&organ.tenant).await.unwrap(), 0, "a job failed and waits");
        }
    }

    pub async fn act(&self, user: &str, report: ReportId, act: Act) -> Acted {
        self.hall.act(&self.me(user), report, act).await.unwrap_or_else(|e| panic!("{user}: {e:?}"))
    }

    /// Has the name of a signed report looked into, as is done before it goes on.
    pub async fn name_looked_into(&self, user: &str, report: ReportId) {
        let state = self.hall.view(&self.me(user), report).await.unwrap().state;
        if state.signing == Signing::NamedPending && !state.name_checked {
            self.act(user, report, Act::plain(Command::VerifyName { signing: Signing::NamedVerified })).await;
        }
    }

    /// The whole of a list as a spreadsheet, sealed columns included; words stay as they are spelt.
    pub async fn export(&self, me: &Me, ledger: Ledger, purpose: &str) -> Result<Vec<u8>, Error> {
        let take = Take { columns: ledger.columns(), sealed: true, purpose: purpose.to_owned() };
        self.hall.export(me, ledger, &Ask::of(ledger), &take, &|bit| format!("{bit:?}")).await
    }

    /// What is said to a person who may not or cannot.
    pub async fn refused(&self, user: &str, report: ReportId, act: Act) -> Error {
        self.hall.act(&self.me(user), report, act).await.expect_err("this was to be refused")
    }

    /// Nothing is wrong with the history.
    pub async fn sound(&self) -> office::fsck::Checked {
        sound(&self.hall).await
    }

    /// A statement past the store, as somebody with the password could send it.
    pub async fn raw(&self, sql: &str) {
        let sql = sqlx::AssertSqlSafe(sql.to_owned());
        match self.engine {
            Engine::Sqlite => {
                let pool = sqlx::SqlitePool::connect(&self.url).await.unwrap();
                sqlx::raw_sql(sql).execute(&pool).await.unwrap();
                pool.close().await;
            }
            Engine::Postgres => {
                let pool = sqlx::PgPool::connect(&self.url).await.unwrap();
                sqlx::raw_sql(sql).execute(&pool).await.unwrap();
                pool.close().await;
            }
        }
    }
}

pub async fn sound(hall: &Hall) -> office::fsck::Checked {
    let checked = hall.fsck(&mut |_| {}).await.unwrap_or_else(|e| panic!("{e}"));
    assert!(checked.skipped.is_empty(), "{:?}", checked.skipped);
    checked
}

pub async fn open(
    url: &str,
    data: &Path,
    keys: &Path,
    now: &Arc<AtomicI64>,
    holding: Holding,
) -> Result<Arc<Hall>, Error> {
    let store = Store::connect(url).await.unwrap();
    let reading = now.clone();
    let clock = Clock::from_fn(zone(), move || Timestamp::from_microsecond(reading.load(Ordering::Relaxed)).unwrap());
    let tenants: Vec<TenantCode> = organs().into_iter().map(|d| d.organ.tenant).collect();
    let keys =
        Keys::load(&KeyFolder::new(keys), &tenants, holding, clock.today(), Protection::DemoPlain, "log.example.org")
            .unwrap();
    Hall::open(
        store,
        keys,
        Rules::embedded().clone(),
        clock,
        Places { data: data.to_owned(), fonts: None, bucket: None },
    )
    .await
}

fn set(now: &AtomicI64, day: Date) {
    now.store(zone().to_timestamp(day.at(10, 0, 0, 0)).unwrap().as_microsecond(), Ordering::Relaxed);
}

/// A report as the public form hands it in.
pub fn public(text: &str, subjects: Vec<Subject>, named: Option<Identity>) -> NewReport {
    let token = seal::fresh_id(&mut SystemEntropy).to_vec();
    NewReport {
        entry: Entry::Public,
        body: text.as_bytes().to_vec(),
        token,
        channel: Channel::Web,
        source: Source::Own,
        received_on: None,
        urgency: Urgency::Normal,
        superior_due: None,
        title: "关于工程发包的反映".to_owned(),
        text: text.to_owned(),
        subjects,
        division: Some("990121".to_owned()),
        problem: None,
        source_note: None,
        named,
    }
}

pub fn subject(name: &str, unit: &str, post: &str) -> Subject {
    let some = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    Subject { name: some(name), unit: some(unit), post: some(post), rank: None }
}

/// Nobody of the staff, and nobody above them.
pub fn stranger() -> Vec<Subject> {
    vec![subject("蒋立诚", "澜东县住建局", "局长")]
}

pub fn signed() -> Option<Identity> {
    Some(Identity { name: "苗望春".to_owned(), contact: "十七号信箱".to_owned(), ..Identity::default() })
}

pub const TEXT: &str = "2025年10月，澜东县住建局局长蒋立诚把县城道路改造工程拆成六个标段，\
    未经招标直接交给他妻弟开的澜通建设有限公司，合同价合计四百二十万元，群众多次询问都没有人答复。";

pub fn to_office(id: &str) -> Holder {
    Holder::Office { office: OfficeId(id.to_owned()) }
}

pub fn dispatch(id: &str) -> Act {
    Act::plain(Command::Dispatch { way: DispatchWay::Move, to: to_office(id), watcher: None, ground: None, due: None })
}

pub fn assign(staff: &str) -> Act {
    Act::plain(Command::Assign { staff: StaffId(staff.to_owned()) })
}

/// Whether something of this sort happened.
pub fn happened(acted: &Acted, wanted: impl Fn(&Event) -> bool) -> bool {
    acted.events.iter().any(wanted)
}

/// Every file under a folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn office(id: &str, name: &str, kind: OfficeKind, divisions: &[&str], leader: Option<&str>) -> Office {
    Office {
        id: OfficeId(id.into()),
        name: name.into(),
        aliases: vec![],
        kind,
        divisions: divisions.iter().map(|d| (*d).to_owned()).collect(),
        leader: leader.map(|l| StaffId(l.into())),
        phone: String::new(),
    }
}

fn staff(id: &str, name: &str, role: Role, office: &str) -> Staff {
    Staff {
        id: StaffId(id.into()),
        user: id.into(),
        name: name.into(),
        roles: vec![role],
        office: OfficeId(office.into()),
        post: None,
        near: vec![],
        leaves: vec![],
        proposed: None,
        ended_on: None,
    }
}

fn organ(code: &str, name: &str, aliases: &[&str], edition: Edition, level: Level, superior: Option<&str>) -> Organ {
    Organ {
        tenant: tenant(code),
        name: name.into(),
        aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
        edition,
        level,
        superior: superior.map(str::to_owned),
        division: code[..4].trim_end_matches('0').to_owned(),
        letterhead: Letterhead { mark: name.into(), short: "澜".into(), ..Letterhead::default() },
    }
}

fn divisions() -> Vec<ExtraDivision> {
    [("99", "澜江省"), ("9901", "望澜市"), ("990121", "澜东县"), ("990122", "澜西县")]
        .map(|(code, name)| ExtraDivision { code: code.into(), name: name.into() })
        .into()
}

fn others(relation: OrganRelation, key: &str, name: &str, code: Option<&str>) -> OtherOrgan {
    OtherOrgan {
        key: key.into(),
        name: name.into(),
        aliases: vec![],
        tenant: code.map(tenant),
        relation,
        division: None,
        address: "澜江大道1号".into(),
        phone: "0990-0000000".into(),
    }
}

/// The three organs of every story.
pub fn organs() -> Vec<Directory> {
    let committee = |id: &str, accepts: Accepts| Committee { id: CommitteeId(id.into()), name: id.into(), accepts };
    let mut clerk = staff("clerk", "林晓舟", Role::Clerk, "xfs");
    clerk.near = vec![Relation { name: "林建平".into(), relation: "父亲".into() }];
    let city = Directory {
        organ: organ(JW, "望澜市纪委监委", &["市纪委监委", "市纪委"], Edition::Jw, Level::City, Some("above")),
        organs: vec![
            others(OrganRelation::Superior, "above", "澜江省纪委监委", Some(ABOVE)),
            others(OrganRelation::Lower, "landong", "澜东县纪委监委", None),
        ],
        committees: vec![committee("city", Accepts::Own), committee("province", Accepts::Organ("above".into()))],
        offices: vec![
            office("xfs", "信访室", OfficeKind::Petition, &["9901"], Some("leader")),
            office("ld", "委领导", OfficeKind::Leadership, &["9901"], None),
            office("ags", "案件监督管理室", OfficeKind::CaseManagement, &["9901"], Some("leader2")),
            office("jj1", "第一监督检查室", OfficeKind::Supervision, &["990121"], Some("leader2")),
            office("jj2", "第二监督检查室", OfficeKind::Supervision, &["990122"], Some("leader2")),
            office("xxzx", "信息中心", OfficeKind::Department, &[], None),
        ],
        units: vec![],
        posts: vec![],
        staff: vec![
            clerk,
            staff("clerk2", "余安禾", Role::Clerk, "xfs"),
            staff("head", "贺知秋", Role::Head, "xfs"),
            staff("leader", "秦远山", Role::Leader, "ld"),
            staff("leader2", "温如岳", Role::Leader, "ld"),
            staff("chief", "顾长风", Role::Chief, "ld"),
            staff("supervisor", "章慎之", Role::Supervisor, "ags"),
            staff("analyst", "钟映雪", Role::Analyst, "ags"),
            staff("handler", "陆鸣谦", Role::Handler, "jj1"),
            staff("handler1", "岳松年", Role::Handler, "jj1"),
            staff("handler2", "崔望舒", Role::Handler, "jj2"),
            staff("custodian", "温以宁", Role::Custodian, "ags"),
            staff("approver", "杜若衡", Role::Approver, "ags"),
            staff("auditor", "尹明澈", Role::Auditor, "ags"),
            staff("admin", "石敬亭", Role::Admin, "xxzx"),
            staff("security", "白砚清", Role::Security, "xxzx"),
        ],
        divisions: divisions(),
    };
    let above = Directory {
        organ: organ(ABOVE, "澜江省纪委监委", &["省纪委"], Edition::Jw, Level::Province, None),
        organs: vec![],
        committees: vec![committee("province", Accepts::Own)],
        offices: vec![
            office("xfs", "信访室", OfficeKind::Petition, &["99"], None),
            office("ld", "领导", OfficeKind::Leadership, &["99"], None),
        ],
        units: vec![],
        posts: vec![],
        staff: vec![
            staff("above-clerk", "江照晚", Role::Clerk, "xfs"),
            staff("above-leader", "方致和", Role::Leader, "ld"),
        ],
        divisions: divisions(),
    };
    let bureau = Directory {
        organ: organ(XF, "望澜市信访局", &["市信访局"], Edition::Xf, Level::City, None),
        organs: vec![others(OrganRelation::Peer, "jw", "望澜市纪委监委", Some(JW))],
        committees: vec![committee("city", Accepts::Own)],
        offices: vec![
            office("bxc", "办信处", OfficeKind::Petition, &["9901"], Some("xf-leader")),
            office("ld", "局领导", OfficeKind::Leadership, &["9901"], None),
            office("dc", "督查处", OfficeKind::Department, &["9901"], Some("xf-leader")),
        ],
        units: vec![],
        posts: vec![],
        staff: vec![
            staff("xf-clerk", "沈未晞", Role::Clerk, "bxc"),
            staff("xf-head", "柳成荫", Role::Head, "bxc"),
            staff("xf-leader", "孟见山", Role::Leader, "ld"),
            staff("xf-handler", "叶知微", Role::Handler, "dc"),
        ],
        divisions: divisions(),
    };
    vec![city, above, bureau]
}
