//! Two networks that never meet: what a reporter does outside is decided inside, what is done inside
//! is told outside, and nothing is lost between them whichever way the report moves meanwhile.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::content::Subject;
use domain::report::{Command, Confirmed, Event, Review};
use domain::words::*;
use jiff::Timestamp;
use office::clock::Clock;
use office::ferry::{Came, Taken};
use office::intake::Received;
use office::keys::{Holding, Keys};
use office::report::Act;
use office::thread::{Addition, Status};
use office::{Error, Hall, Places};
use rstest::rstest;
use seal::{KeyFolder, Protection, SystemEntropy};
use store::{Store, ThreadFrom};
use tempfile::TempDir;

mod mishaps;

use crate::journey::picture;
use crate::world::*;

/// The inside is a world like any other; the outside a hall with a register and keys of its own.
struct Networks {
    inside: World,
    outside: Arc<Hall>,
    disk: TempDir,
    folder: TempDir,
}

/// An empty register in a data folder, or the one that is there.
async fn register_at(data: &Path) -> Store {
    let url = format!("sqlite:{}", data.join("register.db").display());
    Store::migrate(&url).await.unwrap();
    Store::connect(&url).await.unwrap()
}

/// What serves outside: the keys of `folder`, the clock of the world inside.
async fn public_role(folder: &Path, store: Store, data: PathBuf, inside: &World) -> Arc<Hall> {
    let now = inside.now.clone();
    let read = move || Timestamp::from_microsecond(now.load(std::sync::atomic::Ordering::Relaxed)).unwrap();
    let clock = Clock::from_fn(zone(), read);
    let (keys, plain) = (KeyFolder::new(folder.join("data.keys")), Protection::DemoPlain);
    let loaded = Keys::load(&keys, &[tenant(JW)], Holding::Public, TODAY, plain, "log.example.org").unwrap();
    let rules = domain::rules::Rules::embedded().clone();
    Hall::open(store, loaded, rules, clock, Places { data, fonts: None, bucket: None }).await.unwrap()
}

impl Networks {
    async fn new(engine: Engine) -> Self {
        let mut inside = World::new(engine).await;
        let folder = tempfile::tempdir().unwrap();
        let (data, keys) = (folder.path().join("data"), KeyFolder::new(folder.path().join("data.keys")));
        std::fs::create_dir(&data).unwrap();
        let plain = (Protection::DemoPlain, Protection::DemoPlain);
        KeyFolder::new(inside.keys()).outfit(JW, &keys, plain, &mut SystemEntropy).unwrap();
        inside.hall = inside.process(&inside.keys(), Holding::Desk).await;
        let store = register_at(&data).await;
        let outside = public_role(folder.path(), store, data, &inside).await;
        let disk = tempfile::tempdir().unwrap();
        let networks = Self { inside, outside, disk, folder };
        networks.out().await;
        networks
    }

    /// Where the outside's register is.
    fn register(&self) -> String {
        format!("sqlite:{}", self.outside.places.data.join("register.db").display())
    }

    /// What a reporter files outside.
    async fn filed(&self, subjects: Vec<Subject>) -> Received {
        let new = public(TEXT, subjects, None);
        let opening = self.outside.open_report(&tenant(JW), &new.subjects).unwrap();
        self.outside.receive(opening, new).await.unwrap()
    }

    async fn packed(&self, hall: &Hall) -> PathBuf {
        hall.ferry_out(&tenant(JW), self.disk.path(), b"", &mut |_| {}).await.unwrap().path
    }

    async fn take(&self, hall: &Hall, package: &Path) -> Came {
        hall.ferry_in(&tenant(JW), package, &mut |_| {}).await.unwrap()
    }

    /// Carries what there is to the inside.
    async fn inward(&self) -> Taken {
        taken(self.take(&self.inside.hall, &self.packed(&self.outside).await).await)
    }

    /// Carries what there is to the outside.
    async fn out(&self) -> Taken {
        taken(self.take(&self.outside, &self.packed(&self.inside.hall).await).await)
    }

    async fn told(&self, code: &str) -> Status {
        self.outside.status(&self.outside.present(code).await.unwrap(), Lang::Zh).await.unwrap()
    }

    async fn add(&self, code: &str, addition: Addition) -> Result<(), Error> {
        self.outside.add(&self.outside.present(code).await.unwrap(), addition).await
    }
}

fn taken(came: Came) -> Taken {
    match came {
        Came::Taken(taken) => taken,
        other => panic!("{other:?}"),
    }
}

fn from_office(status: &Status) -> Vec<&str> {
    status.messages.iter().filter(|m| m.from == ThreadFrom::Office).map(|m| m.text.as_str()).collect()
}

/// From acceptance to the answer.
async fn answered(world: &World, r: domain::ids::ReportId) {
    let telling = |command, words: &str| Act::plain(command).telling(words);
    world.act("clerk", r, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("clerk", r, telling(Command::TellAcceptance { way: TellingWay::System }, "您的反映已经受理。")).await;
    world.act("clerk", r, Act::with_text(Command::Present { to: Role::Leader }, "建议分办。")).await;
    let instruct = Command::Instruct { due: None, verdict: Confirmed::Yes };
    world.act("leader", r, Act::with_text(instruct, "同意。")).await;
    world.name_looked_into("clerk", r).await;
    world.act("clerk", r, dispatch("jj1")).await;
    world.act("leader2", r, assign("handler")).await;
    world
        .act("handler", r, telling(Command::RecordContact { way: ContactWay::Thread }, "请补充合同签订的时间。"))
        .await;
    world.act("handler", r, Act::plain(Command::Dispose { way: Disposal::PreliminaryCheck })).await;
    let finding = Command::RecordFinding { allegation: 1, finding: Finding::PartlyProved };
    world.act("handler", r, Act::with_text(finding, "两个标段确未招标。")).await;
    world.act("handler", r, Act::with_text(Command::DraftAnswer, "经核查，部分属实。")).await;
    world.act("leader2", r, Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })).await;
    world.act("handler", r, telling(Command::DeliverAnswer { way: TellingWay::System }, "经核查，部分属实。")).await;
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_law_refuses_inside_is_kept_shown_and_told(#[case] engine: Engine) {
    let networks = Networks::new(engine).await;
    let (world, outside) = (&networks.inside, &networks.outside);
    let new = public(TEXT, stranger(), signed());
    let mut opening = outside.open_report(&tenant(JW), &new.subjects).unwrap();
    outside.attach(&mut opening, "合同照片.png", picture()).await.unwrap();
    let filed = outside.receive(opening, new).await.unwrap();
    assert!(filed.number.to_string().contains("-W00001-"), "{}", filed.number);
    let (code, r) = (filed.code.as_str(), filed.report);
    let evidence = Addition::Evidence("补一张照片".to_owned(), vec![("现场.png".to_owned(), picture())]);
    networks.add(code, evidence).await.unwrap();
    let came = networks.inward().await;
    assert_eq!((came.filings, came.acts, came.kept), (1, 1, 0));
    // A letter inside takes the first number of its own series.
    let by_hand = world.file(JW, "来信反映另一件事情，内容写在这里。", vec![], None).await;
    assert!(by_hand.number.to_string().contains("-000001-"), "{}", by_hand.number);
    world.settle().await;
    let open = world.hall.view(&world.me("clerk"), r).await.unwrap();
    assert_eq!((open.narrative.text.as_str(), open.files().len()), (TEXT, 2));
    let file = world.hall.file(&world.me("clerk"), r, &open.files()[1].blob).await.unwrap();
    assert_eq!(file.name, "现场.png");

    answered(world, r).await;
    assert_eq!(networks.told(code).await.stage, Stage::AwaitingJudgement, "nothing came out yet");
    let refused = networks.add(code, Addition::Objection("没有说明其余标段。".to_owned())).await.unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    networks.out().await;
    let status = networks.told(code).await;
    assert_eq!(status.stage, world.hall.view(&world.me("head"), r).await.unwrap().state.stage);
    assert_eq!(from_office(&status), ["您的反映已经受理。", "请补充合同签订的时间。", "经核查，部分属实。"]);
    assert!(status.state.assignee.is_none() && status.state.recused.is_empty() && status.state.findings.is_empty());

    // She objects twice before anything comes back: inside the law takes one.
    networks.add(code, Addition::Objection("还有四个标段没有说明。".to_owned())).await.unwrap();
    networks.add(code, Addition::Objection("再次要求说明。".to_owned())).await.unwrap();
    let came = networks.inward().await;
    assert_eq!((came.acts, came.kept), (2, 1));
    let open = world.hall.view(&world.me("handler"), r).await.unwrap();
    assert!(open.texts(|e| matches!(e, Event::Objected)).any(|(_, t)| t.text == "还有四个标段没有说明。"));
    let kept = open.texts(|e| matches!(e, Event::EvidenceAdded { .. })).last().unwrap().1.clone();
    assert!(kept.text.contains("再次要求说明。") && kept.text.contains("未能按原样办理"), "{kept:?}");
    networks.out().await;
    let status = networks.told(code).await;
    assert!(from_office(&status).last().unwrap().contains("没有丢失"), "{:?}", status.messages);

    // The answer to her objection is on its way while she replaces her code.
    let explain =
        Act::plain(Command::ExplainObjection { review: Review::Here }).telling("其余四个标段经查有招标文件。");
    world.act("handler", r, explain).await;
    let underway = networks.packed(&world.hall).await;
    let her = outside.present(code).await.unwrap();
    let fresh = outside.replace_code(&her, code, outside.once().as_bytes()).await.unwrap();
    assert!(matches!(outside.present(code).await, Err(Error::NotFound)));
    assert!(networks.told(&fresh).await.messages.is_empty(), "what was sealed to the old code stays closed");
    taken(networks.take(outside, &underway).await);
    assert_eq!(from_office(&networks.told(&fresh).await), ["其余四个标段经查有招标文件。"]);
    networks.add(&fresh, Addition::Rating(Rating::Satisfied)).await.unwrap();
    networks.add(&fresh, Addition::Rating(Rating::Unsatisfied)).await.unwrap();
    let came = networks.inward().await;
    assert_eq!((came.acts, came.kept), (3, 1));
    assert!(matches!(world.hall.present(code).await, Err(Error::NotFound)));
    world.hall.present(&fresh).await.unwrap();
    let open = world.hall.view(&world.me("head"), r).await.unwrap();
    assert_eq!(open.state.rating, Some(Rating::Satisfied));
    let kept = open.texts(|e| matches!(e, Event::EvidenceAdded { .. })).last().unwrap().1.clone();
    assert!(kept.text.ends_with("评价：不满意"), "what she chose the second time is not lost: {kept:?}");

    world.settle().await;
    world.sound().await;
    let checked = outside.fsck(&mut |_| {}).await.unwrap_or_else(|e| panic!("{e}"));
    assert!(!checked.skipped.is_empty(), "it opens nothing");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_cut_off_in_the_middle_is_taken_again_and_adds_nothing_twice(#[case] engine: Engine) {
    let networks = Networks::new(engine).await;
    let (world, outside) = (&networks.inside, &networks.outside);
    let filed = networks.filed(stranger()).await;
    networks.add(&filed.code, Addition::Message("补充一句。".to_owned())).await.unwrap();
    let package = networks.packed(outside).await;
    assert_eq!(taken(networks.take(&world.hall, &package).await).acts, 1);
    // As after a crash behind the last record: everything is in, and nobody has said so.
    world.raw("DELETE FROM ferry_packages WHERE way = 'taken'").await;
    let again = taken(networks.take(&world.hall, &package).await);
    assert_eq!((again.filings, again.acts, again.last), (0, 0, 1));
    let events = world.hall.view(&world.me("clerk"), filed.report).await.unwrap().events.len();
    assert_eq!(networks.take(&world.hall, &package).await, Came::Before { number: 1 });

    // One that comes too early waits for the one before it.
    networks.add(&filed.code, Addition::Message("再补充一句。".to_owned())).await.unwrap();
    let third = networks.packed(outside).await;
    let fourth = networks.packed(outside).await;
    assert_eq!(networks.take(&world.hall, &fourth).await, Came::TooEarly { number: 3, from: 2, to: 2 });
    let both = taken(networks.take(&world.hall, &third).await);
    assert_eq!((both.first, both.last, both.acts), (2, 3, 1));
    assert_eq!(world.hall.view(&world.me("clerk"), filed.report).await.unwrap().events.len(), events + 1);
    world.settle().await;
    world.sound().await;
}

/// The outside keeps away whom its directory knows; when those who were left have gone inside meanwhile,
/// the filing is taken all the same, and it is said that nobody sees it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filing_that_is_left_to_nobody_is_taken_and_told() {
    let networks = Networks::new(Engine::Sqlite).await;
    let (world, outside) = (&networks.inside, &networks.outside);
    let hidden = networks.filed(["林晓舟", "余安禾", "温如岳"].map(|name| subject(name, "", "")).to_vec()).await;
    let plain = networks.filed(stranger()).await;
    let admin = world.me("admin");
    for who in ["chief", "leader", "head"] {
        let staff = world.me(who).staff;
        world.hall.end_service(&admin, &staff).await.unwrap();
    }
    let package = networks.packed(outside).await;
    let first = taken(networks.take(&world.hall, &package).await);
    // By the directory of the day it names everybody there is: its door was the superior's.
    assert_eq!((first.filings, first.for_nobody, first.upward), (2, 1, 1));
    // A run that broke off told nobody: the one that repeats it does, and so does the standing.
    world.raw("DELETE FROM ferry_packages WHERE way = 'taken'").await;
    let again = taken(networks.take(&world.hall, &package).await);
    assert_eq!((again.filings, again.for_nobody), (0, 1));
    assert_eq!(world.hall.ferry_standing(&tenant(JW)).await.unwrap().for_nobody, 1);
    assert!(world.hall.view(&world.me("clerk"), plain.report).await.is_ok());
    for reader in ["clerk", "clerk2", "leader2"] {
        assert!(world.hall.view(&world.me(reader), hidden.report).await.is_err(), "{reader}");
    }
}

/// The outside knows an older directory than the inside: what is filed there about the new secretary has
/// its number by then. He and those he leads are kept away at once, and it is said where it belongs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_about_a_leader_whom_the_outside_does_not_know_is_told() {
    let networks = Networks::new(Engine::Sqlite).await;
    let (world, outside) = (&networks.inside, &networks.outside);
    for _ in 0..2 {
        let mut directory = world.hall.organ(&tenant(JW)).unwrap().directory.clone();
        let chief = directory.staff.iter_mut().find(|p| p.user == "chief").unwrap();
        chief.name = "卓远山".into();
        world.hall.set_directory(directory).await.unwrap();
    }
    world.settle().await;
    let about = vec![subject("卓远山", "", "")];
    let filed = networks.filed(about.clone()).await;
    let came = networks.inward().await;
    assert_eq!((came.filings, came.upward, came.for_nobody), (1, 1, 0));
    let token = world.hall.keys.recusal_token(&tenant(JW), &world.me("chief").staff);
    let from = world.hall.store.recused_from(&tenant(JW), &token).await.unwrap();
    assert_eq!(from, [filed.report], "in the register's own list, not only when somebody looks");
    for kept_away in ["chief", "clerk", "head"] {
        assert!(world.hall.view(&world.me(kept_away), filed.report).await.is_err(), "{kept_away}");
    }
    assert!(world.hall.view(&world.me("leader"), filed.report).await.is_ok(), "who hands it over");

    networks.out().await;
    let opened = outside.open_report(&tenant(JW), &about).err().expect("it goes to the superior now");
    assert_eq!(opened.slug(), "goes-to-superior");
}

/// What left and what came stands in the audit of the inside, with the day and no time of it; and
/// whoever was overtaken records nothing any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn packages_stand_in_the_audit_and_whoever_is_overtaken_records_none() {
    let networks = Networks::new(Engine::Sqlite).await;
    let world = &networks.inside;
    networks.inward().await;
    let entries = world.hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    let kinds = |wanted: &str| entries.iter().filter(|entry| entry.deed.kind() == wanted).collect::<Vec<_>>();
    assert_eq!((kinds("package_made").len(), kinds("package_taken").len()), (1, 1));
    let began = zone().to_timestamp(TODAY.at(0, 0, 0, 0)).unwrap().as_microsecond();
    assert!(kinds("package_taken").iter().all(|entry| entry.at == began), "the day and no time of it");

    let store = &world.hall.store;
    let minute = 60_000_000;
    let late = store.lease(&tenant(JW), "ferry", "late", minute * 60, minute * 61).await.unwrap();
    let late = late.expect("nobody holds it");
    store.lease(&tenant(JW), "ferry", "next", minute * 62, minute * 63).await.unwrap().expect("it has run out");
    let recorded = store.ferry_taken(&late, 9, &[1; 32], 0).await;
    assert!(matches!(recorded, Err(store::StoreError::Fenced)), "{recorded:?}");
}
