//! Sealed files that came to belong to no report are deleted in time, and no others.

use std::time::SystemTime;

use rstest::rstest;

use crate::world::*;

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_uploaded_and_never_filed_goes_and_nothing_else(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let upload = async |text: &str| {
        let new = public(text, stranger(), None);
        let mut opening = hall.open_report(&tenant(JW), &new.subjects).unwrap();
        hall.attach(&mut opening, "照片.png", crate::journey::picture()).await.unwrap();
        (opening, new)
    };
    // Late on the first evening: one is filed, one is given up.
    world.pass(13 * 60 + 59);
    let (opening, new) = upload(TEXT).await;
    let filed = hall.receive(opening, new).await.unwrap();
    drop(upload("没有提交的一件。").await);
    let began: SystemTime = zone().to_timestamp(TODAY.at(0, 0, 0, 0)).unwrap().into();
    for blob in hall.blobs.list().await.unwrap() {
        let name = hex::encode(blob);
        let file = std::fs::metadata(hall.places.blobs().join(&name[..2]).join(&name)).unwrap();
        assert_eq!((file.modified().unwrap(), file.accessed().unwrap()), (began, began), "the time of filing shows");
    }
    assert_eq!(hall.blobs.list().await.unwrap().len(), 2);
    // Minutes later it is another day, and hours later it may still be about to be named.
    for minutes in [2, 20 * 60] {
        world.pass(minutes);
        assert_eq!(hall.sweep_files().await.unwrap(), Some(0));
    }
    // The day after that it goes; what was given up a moment ago stays.
    world.on(TODAY.tomorrow().unwrap().tomorrow().unwrap());
    drop(upload("刚刚才上传的一件。").await);
    // One process does it at a time.
    let now = hall.clock.micros();
    let organs = hall.organs();
    let lease = hall.store.lease(&organs[0].tenant, "sweep", "another", now, now + 60_000_000).await.unwrap();
    assert_eq!(hall.sweep_files().await.unwrap(), None);
    hall.store.lease_release(&lease.unwrap()).await.unwrap();
    assert_eq!(hall.sweep_files().await.unwrap(), Some(1));
    assert_eq!(hall.blobs.list().await.unwrap().len(), 2);
    let kept = hall.store.blobs(&tenant(JW), filed.report).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(hall.blobs.read(&kept[0].blob).await.is_ok());
    world.settle().await;
    world.sound().await;
}
