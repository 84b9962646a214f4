//! Who works here, and the work that was given up: nobody who runs the machine gives herself, or a name
//! she made up, what she must not have.

use domain::directory::{OfficeKind, Relation};
use domain::ids::{OfficeId, StaffId};
use domain::words::Role;
use office::Error;
use office::audit::Deed;
use office::staffing::{NewOffice, NewStaff};
use rstest::rstest;
use store::Queue;

use crate::world::*;

const PASSWORD: &str = "shan-song-lu-ning";

fn new(user: &str, roles: Vec<Role>) -> NewStaff {
    NewStaff { name: "苏予安".into(), user: user.into(), office: OfficeId("xf".into()), roles, near: Vec::new() }
}

/// The petition office's key in the made-up city.
fn petition(world: &World) -> OfficeId {
    world.hall.organ(&tenant(JW)).unwrap().directory.petition_office().unwrap().id.clone()
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomer_needs_two_people(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let (hall, admin, security) = (&world.hall, world.me("admin"), world.me("security"));
    let office = petition(&world);
    let wanted = NewStaff { office: office.clone(), ..new("suyuan", vec![Role::Clerk]) };
    assert!(matches!(hall.add_staff(&world.me("head"), wanted.clone()).await, Err(Error::Forbidden(_))));
    let id = hall.add_staff(&admin, wanted.clone()).await.unwrap();
    assert_eq!(hall.add_staff(&admin, wanted).await.unwrap_err().slug(), "user-taken");
    assert!(hall.me(&tenant(JW), &id).unwrap().roles.is_empty(), "proposed is not held");
    // Not the administrator herself, and nobody from another office.
    for user in ["admin", "head", "auditor", "chief"] {
        assert!(matches!(hall.confirm(&world.me(user), &id, true, None).await, Err(Error::Forbidden(_))), "{user}");
    }
    // The link is locked until the other person gives out its code.
    let link = hall.issue_link(&admin, &id).await.unwrap();
    assert!(matches!(hall.release_link(&admin, &id).await, Err(Error::Forbidden(_))));
    assert!(matches!(hall.issue_link(&security, &id).await, Err(Error::Forbidden(_))));
    for code in ["", "locked", "00000000"] {
        assert_eq!(hall.use_invitation(&link, code, PASSWORD).await.unwrap_err().slug(), "link-code", "{code}");
    }
    let code = hall.release_link(&security, &id).await.unwrap();
    hall.confirm(&security, &id, true, None).await.unwrap();
    assert!(matches!(hall.confirm(&security, &id, true, None).await, Err(Error::NotFound)), "once");
    let signed = hall.use_invitation(&link, &code.to_lowercase(), PASSWORD).await.unwrap();
    assert_eq!(signed.me.roles, [Role::Clerk]);
    assert_eq!(signed.me.office, office);
    assert!(matches!(hall.use_invitation(&link, &code, PASSWORD).await, Err(Error::NotFound)), "used up");
    assert!(hall.counts(&signed.me).await.is_ok());
    // Another role is proposed and declined: nothing changes.
    hall.propose(&admin, &id, vec![Role::Head], office.clone()).await.unwrap();
    assert_eq!(hall.me(&tenant(JW), &id).unwrap().roles, [Role::Clerk]);
    hall.confirm(&security, &id, false, None).await.unwrap();
    assert_eq!(hall.me(&tenant(JW), &id).unwrap().roles, [Role::Clerk]);
    // Her service ends: session, password and links with it.
    let late = hall.issue_link(&admin, &id).await.unwrap();
    hall.end_service(&admin, &id).await.unwrap();
    assert!(hall.session(&signed.token).await.is_err());
    assert!(hall.sign_in("suyuan", PASSWORD).await.is_err());
    assert!(matches!(hall.use_invitation(&late, "", PASSWORD).await, Err(Error::NotFound)));
    assert!(matches!(hall.propose(&admin, &id, vec![Role::Clerk], office).await, Err(Error::NotFound)));
    let entries = hall.audit(&world.me("auditor"), TODAY, TODAY).await.unwrap();
    let changes = entries.iter().filter(|e| matches!(e.deed, Deed::DirectoryChanged { .. })).count();
    assert!(changes >= 7, "every step is recorded: {changes}");
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_relation_is_never_given_to_everybody_who_could_read() {
    let world = World::new(Engine::Sqlite).await;
    let (hall, admin) = (&world.hall, world.me("admin"));
    let near = || vec![Relation { name: "蒋立诚".into(), relation: "同学".into() }];
    let readers = ["clerk", "clerk2", "head", "leader", "leader2", "chief"];
    for reader in &readers[..5] {
        hall.set_near(&admin, &StaffId((*reader).into()), near()).await.unwrap();
    }
    let last = StaffId("chief".into());
    assert_eq!(hall.set_near(&admin, &last, near()).await.unwrap_err().slug(), "near-everybody");
    // A handler takes nothing in hand that nobody sent him.
    hall.set_near(&admin, &StaffId("handler".into()), near()).await.unwrap();
    let filed = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    // One is left who could read it and nobody who could judge it: it goes to the superior.
    assert_eq!(filed.tenant, tenant(ABOVE));
    for user in ["chief", "leader"] {
        assert!(matches!(hall.view(&world.me(user), filed.report).await, Err(Error::NotFound)), "{user}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_must_not_be_is_refused_in_words() {
    let world = World::new(Engine::Sqlite).await;
    let (hall, admin, security) = (&world.hall, world.me("admin"), world.me("security"));
    let office = petition(&world);
    let slug = async |wanted: NewStaff| {
        hall.add_staff(&admin, NewStaff { office: office.clone(), ..wanted }).await.unwrap_err().slug().to_owned()
    };
    assert_eq!(slug(new("Su Yuan", vec![Role::Clerk])).await, "user-malformed");
    assert_eq!(slug(new("suyuan", vec![])).await, "role-missing");
    assert_eq!(slug(new("suyuan", vec![Role::Admin, Role::Head])).await, "roles-apart");
    assert_eq!(slug(NewStaff { name: " ".into(), ..new("suyuan", vec![Role::Clerk]) }).await, "name-missing");
    let nowhere = NewStaff { office: OfficeId("nowhere".into()), ..new("suyuan", vec![Role::Clerk]) };
    assert_eq!(hall.add_staff(&admin, nowhere).await.unwrap_err().slug(), "office-missing");
    assert_eq!(hall.end_service(&admin, &admin.staff).await.unwrap_err().slug(), "end-own");
    assert_eq!(hall.end_service(&admin, &security.staff).await.unwrap_err().slug(), "last-officer");
    // Nobody confirms what is about herself.
    hall.propose(&admin, &security.staff, vec![Role::Head], office.clone()).await.unwrap();
    assert_eq!(hall.confirm(&security, &security.staff, true, None).await.unwrap_err().slug(), "confirm-own");
    let none = hall.release_link(&security, &world.me("clerk").staff).await.unwrap_err();
    assert_eq!(none.slug(), "link-none");
    let wanted =
        NewOffice {
            name: "第八监督检查室".into(), kind: OfficeKind::Supervision, leader: None, phone: "".into()
        };
    let added = hall.add_office(&admin, wanted.clone()).await.unwrap();
    assert_eq!(hall.add_office(&admin, wanted).await.unwrap_err().slug(), "office-twice");
    let leader = world.me("leader").staff;
    hall.set_leader(&admin, &added, Some(leader.clone())).await.unwrap();
    let organ = hall.organ(&tenant(JW)).unwrap();
    assert_eq!(organ.directory.office(&added).unwrap().leader.as_ref(), Some(&leader));
    let missing = hall.set_leader(&admin, &added, Some(StaffId("nobody".into()))).await.unwrap_err();
    assert_eq!(missing.slug(), "directory");
}

#[rstest]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_reaches_every_process(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let other = world.process(&world.keys(), office::keys::Holding::Public).await;
    assert!(!other.follow_organs().await.unwrap(), "nothing changed yet");
    let clerk = world.me("clerk2").staff;
    let near = vec![Relation { name: "苏予安".into(), relation: "配偶".into() }];
    world.hall.set_near(&world.me("admin"), &clerk, near.clone()).await.unwrap();
    assert!(other.follow_organs().await.unwrap());
    assert_eq!(other.organ(&tenant(JW)).unwrap().directory.staff(&clerk).unwrap().near, near);
    assert!(!other.follow_organs().await.unwrap());
    // Whoever made her change from an older directory is told, and nothing is overwritten.
    world.hall.set_near(&world.me("admin"), &clerk, Vec::new()).await.unwrap();
    other.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_up_work_is_shown_to_the_administrator_and_started_again() {
    let world = World::new(Engine::Sqlite).await;
    let (hall, admin) = (&world.hall, world.me("admin"));
    let filed = world.file(JW, TEXT, stranger(), None).await;
    assert!(hall.given_up(&admin).await.unwrap().is_empty());
    // A worker dies over it ten times.
    let store = &hall.store;
    for _ in 0..10 {
        let now = hall.clock.micros();
        for work in store.work_claim(Queue::Jobs, &tenant(JW), now, 1_000_000, 9).await.unwrap() {
            store.work_failed(Queue::Jobs, &tenant(JW), &work, "internal", now).await.unwrap();
        }
        world.pass(120);
    }
    let given_up = hall.given_up(&admin).await.unwrap();
    assert_eq!(given_up.len(), 1);
    assert_eq!((given_up[0].work.kind.as_str(), given_up[0].work.attempts), ("judge", 10));
    assert_eq!(given_up[0].work.error.as_deref(), Some("internal"));
    assert_eq!(hall.given_up_count(&tenant(JW)).await.unwrap(), 1);
    let id = given_up[0].work.id;
    for user in ["clerk", "head", "security", "auditor"] {
        let me = world.me(user);
        assert!(matches!(hall.given_up(&me).await, Err(Error::Forbidden(_))), "{user}");
        assert!(matches!(hall.retry(&me, Queue::Jobs, id).await, Err(Error::Forbidden(_))), "{user}");
    }
    assert!(matches!(hall.retry(&admin, Queue::Jobs, [0; 16]).await, Err(Error::NotFound)));
    hall.retry(&admin, Queue::Jobs, id).await.unwrap();
    assert_eq!(hall.given_up_count(&tenant(JW)).await.unwrap(), 0);
    world.settle().await;
    let open = hall.view(&world.me("clerk2"), filed.report).await.unwrap();
    assert!(open.suggestions.is_some(), "it is done now");
    let entries = hall.audit(&world.me("auditor"), TODAY, TODAY.tomorrow().unwrap()).await.unwrap();
    assert!(entries.iter().any(|e| matches!(e.deed, Deed::Retried { .. })));
}
