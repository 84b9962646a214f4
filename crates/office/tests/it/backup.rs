//! A backup, restored elsewhere and on the other engine: the same register, under a log that says
//! it begins anew.

use office::Error;
use office::backup::restore;
use office::keys::Holding;
use rstest::rstest;
use store::{BlobStore, Store};

use crate::world::*;

#[rstest]
#[case::sqlite_to_sqlite(Engine::Sqlite, Engine::Sqlite)]
#[case::sqlite_to_postgres(Engine::Sqlite, Engine::Postgres)]
#[case::postgres_to_sqlite(Engine::Postgres, Engine::Sqlite)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_becomes_the_same_register_elsewhere(#[case] from: Engine, #[case] to: Engine) {
    let world = World::new(from).await;
    let organ = tenant(JW);
    let new = public(TEXT, stranger(), signed());
    let mut opening = world.hall.open_report(&organ, &new.subjects).unwrap();
    world.hall.attach(&mut opening, "照片.png", crate::journey::picture()).await.unwrap();
    let filed = world.hall.receive(opening, new).await.unwrap();
    world.settle().await;
    world.hall.publish(&organ).await.unwrap();
    let folder = world.folder.path().join("backup");
    let saved = world.hall.backup(&folder, &mut |_, _| {}).await.unwrap();
    assert_eq!(saved.files, 1);
    let again = world.hall.backup(&folder, &mut |_, _| {}).await.unwrap_err();
    assert_eq!(again.slug(), "backup-folder", "an old backup is never overwritten");
    for path in files(&folder) {
        assert!(path.extension().is_none_or(|e| e != "key"), "a backup holds no keys: {path:?}");
    }

    let data = world.folder.path().join("restored");
    std::fs::create_dir(&data).unwrap();
    let (url, _database) = place(to, &data);
    Store::migrate(&url).await.unwrap();
    let store = Store::connect(&url).await.unwrap();
    let blobs = BlobStore::open(data.join("blobs"), None).unwrap();
    let back = restore(&store, &blobs, &data, &folder, &mut |_, _| {}).await.unwrap();
    assert_eq!(back, saved);
    assert!(restore(&store, &blobs, &data, &folder, &mut |_, _| {}).await.is_err(), "only into an empty register");
    store.close().await;
    let hall = open(&url, &data, &world.keys(), &world.now, Holding::Desk).await.unwrap();
    assert!(hall.view(&world.me("clerk"), filed.report).await.unwrap().suggestions.is_some());
    let open = hall.view(&world.me("clerk"), filed.report).await.unwrap();
    hall.file(&world.me("clerk"), filed.report, &open.files()[0].blob).await.unwrap();
    let her = hall.present(&filed.code).await.unwrap();
    assert_eq!(hall.status(&her, domain::words::Lang::Zh).await.unwrap().number, filed.number);

    // The sequencer of the house that was lost still holds its lease for a moment.
    world.pass(2);
    let published = hall.publish(&organ).await.unwrap().unwrap();
    assert!(published.origin.ends_with("/log/990100JW1/2"), "{}", published.origin);
    sound(&hall).await;
    assert!(hall.places.log(&organ, 1).join("checkpoint").exists(), "the former log is written again");
    let next = public(TEXT, stranger(), None);
    let opening = hall.open_report(&organ, &next.subjects).unwrap();
    assert_eq!(hall.receive(opening, next).await.unwrap().number.serial, 2, "numbers go on");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_backup_is_refused() {
    let world = World::new(Engine::Sqlite).await;
    let folder = world.folder.path().join("backup");
    world.hall.backup(&folder, &mut |_, _| {}).await.unwrap();
    std::fs::remove_file(folder.join("COMPLETE")).unwrap();
    let data = world.folder.path().join("restored");
    std::fs::create_dir(&data).unwrap();
    let (url, _) = place(Engine::Sqlite, &data);
    Store::migrate(&url).await.unwrap();
    let store = Store::connect(&url).await.unwrap();
    let refused = restore(&store, &BlobStore::open(data.join("blobs"), None).unwrap(), &data, &folder, &mut |_, _| {})
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Input { slug: "backup-incomplete", .. }));
}
