//! What goes wrong on the way: restored sides, damaged and missing files, disks that do not take a
//! package. Nothing is lost by it, and what is said names what to do.

use office::backup::restore;
use office::error::Lang;
use store::BlobStore;

use super::*;

/// The outside is restored to a time before its first package, and carries other things under that
/// number. The inside has the first one and says so: nothing that it never saw is dropped for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_restored_outside_carries_anew_is_not_taken_for_arrived() {
    let networks = Networks::new(Engine::Sqlite).await;
    let (world, outside) = (&networks.inside, &networks.outside);
    let filed = networks.filed(stranger()).await;
    networks.inward().await;
    let agreed = networks.out().await;
    assert_eq!(agreed.unlike, None);
    let before = networks.packed(outside).await;
    assert!(matches!(networks.take(&world.hall, &before).await, Came::Taken(_)));

    // The outside forgets its second package, as a backup taken before it would; she writes, and the
    // number is used again.
    let sent = outside.places.data.join("ferry").join(JW).join("sent");
    std::fs::remove_file(sent.join("000002.ferry")).unwrap();
    let pool = sqlx::SqlitePool::connect(&networks.register()).await.unwrap();
    sqlx::raw_sql("DELETE FROM ferry_packages WHERE way = 'sent' AND number = 2").execute(&pool).await.unwrap();
    networks.add(&filed.code, Addition::Message("还有一份合同复印件在我这里。".into())).await.unwrap();
    let anew = networks.packed(outside).await;
    assert!(world.hall.ferry_in(&tenant(JW), &anew, &mut |_| {}).await.is_err());

    let told = networks.out().await;
    assert_eq!(told.unlike, Some(2));
    assert!(sent.join("000002.ferry").exists(), "what carries it is kept");
    let acts: i64 = sqlx::query_scalar("SELECT count(*) FROM ferry_acts").fetch_one(&pool).await.unwrap();
    assert_eq!(acts, 1, "and so is what she wrote");
    pool.close().await;
}

/// A file left by a run that broke off before it was recorded is never handed out: the next package
/// will have its number.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_that_was_never_recorded_is_not_handed_out() {
    let networks = Networks::new(Engine::Sqlite).await;
    networks.packed(&networks.outside).await;
    let sent = networks.outside.places.data.join("ferry").join(JW).join("sent");
    std::fs::copy(sent.join("000001.ferry"), sent.join("000002.ferry")).unwrap();
    let again = async |number| networks.outside.ferry_again(&tenant(JW), number, networks.disk.path()).await;
    assert!(again(1).await.is_ok());
    assert_eq!(again(2).await.unwrap_err().slug(), "ferry-not-kept");
}

/// What lies here under a number must be what was made under it; and whoever could not write a package
/// to the disk is told its number, because what it carries counts as carried.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_package_is_handed_out_as_it_was_made_or_not_at_all() {
    let networks = Networks::new(Engine::Sqlite).await;
    let (outside, disk) = (&networks.outside, networks.disk.path());
    let pair = outside.ferry_standing(&tenant(JW)).await.unwrap().pair;
    let in_the_way = disk.join(format!("{}-in-000001.part", &pair[..8]));
    std::fs::create_dir(&in_the_way).unwrap();
    let refused = outside.ferry_out(&tenant(JW), disk, b"", &mut |_| {}).await.unwrap_err();
    assert_eq!(refused.slug(), "ferry-not-written");
    assert!(refused.sentence(Lang::En).contains("--again 1"), "{refused:?}");
    std::fs::remove_dir(&in_the_way).unwrap();
    let package = outside.ferry_again(&tenant(JW), 1, disk).await.unwrap().path;
    taken(networks.take(&networks.inside.hall, &package).await);

    let second = networks.packed(outside).await;
    let kept = outside.places.data.join("ferry").join(JW).join("sent").join("000002.ferry");
    let mut bytes = std::fs::read(&kept).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&kept, &bytes).unwrap();
    let refused = outside.ferry_again(&tenant(JW), 2, disk).await.unwrap_err();
    assert_eq!(refused.slug(), "ferry-not-the-same");
    std::fs::copy(&second, &kept).unwrap();
    assert!(outside.ferry_again(&tenant(JW), 2, disk).await.is_ok());
}

/// Of two packages that wait the second does not hold: the first is taken, told and stays taken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_before_a_package_that_does_not_hold_is_told() {
    let networks = Networks::new(Engine::Sqlite).await;
    let (world, outside) = (&networks.inside, &networks.outside);
    networks.filed(stranger()).await;
    let first = networks.packed(outside).await;
    let second = networks.packed(outside).await;
    assert!(matches!(networks.take(&world.hall, &second).await, Came::TooEarly { .. }));
    let waits = world.data().join("ferry").join(JW).join("came").join("000002.ferry");
    let mut bytes = std::fs::read(&waits).unwrap();
    bytes[9000] ^= 1;
    std::fs::write(&waits, bytes).unwrap();
    let came = taken(networks.take(&world.hall, &first).await);
    assert_eq!((came.last, came.filings), (1, 1));
    assert!(came.stopped.is_some_and(|why| why.contains("signature does not hold")));
    assert_eq!(taken(networks.take(&world.hall, &second).await).last, 2);
}

/// A sealed file of a report cannot be read: nothing is marked, and it is named.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_gone_is_named_and_nothing_counts_as_carried() {
    let networks = Networks::new(Engine::Sqlite).await;
    let outside = &networks.outside;
    let new = public(TEXT, stranger(), None);
    let mut opening = outside.open_report(&tenant(JW), &new.subjects).unwrap();
    outside.attach(&mut opening, "照片.png", picture()).await.unwrap();
    outside.receive(opening, new).await.unwrap();
    let blobs = files(&outside.places.data.join("blobs"));
    let [blob] = &blobs[..] else { panic!("{blobs:?}") };
    let aside = networks.disk.path().join("aside");
    std::fs::rename(blob, &aside).unwrap();
    let refused = outside.ferry_out(&tenant(JW), networks.disk.path(), b"", &mut |_| {}).await.unwrap_err();
    assert_eq!(refused.slug(), "ferry-file-gone");
    let name = blob.file_name().unwrap().to_string_lossy();
    assert!(refused.sentence(Lang::Zh).contains(&*name), "{refused:?}");
    assert_eq!(outside.ferry_standing(&tenant(JW)).await.unwrap().filings, 1, "it waits");
    std::fs::rename(&aside, blob).unwrap();
    assert_eq!(networks.inward().await.filings, 1);
}

/// The office key to which an act was sealed outside was destroyed inside meanwhile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_act_sealed_to_a_destroyed_key_waits_until_the_key_is_back() {
    let mut networks = Networks::new(Engine::Sqlite).await;
    let filed = networks.filed(stranger()).await;
    networks.inward().await;
    networks.add(&filed.code, Addition::Message("再补充一句。".to_owned())).await.unwrap();
    let package = networks.packed(&networks.outside).await;

    let organ = tenant(JW);
    let old = networks.inside.hall.keys.office(&organ).unwrap().id();
    let (plain, folder) = (Protection::DemoPlain, KeyFolder::new(networks.inside.keys()));
    let term = (jiff::civil::date(2026, 1, 1), jiff::civil::date(2036, 1, 1));
    let (ring, _) = folder.rotate_office(JW, term, plain, plain, &mut SystemEntropy).unwrap();
    networks.inside.hall.rewrap(&organ, &ring, &mut |_| {}).await.unwrap();
    let both: Vec<_> = files(&networks.inside.keys()).into_iter().map(|p| (std::fs::read(&p).unwrap(), p)).collect();
    folder.forget_office_key(JW, old, plain, plain, &mut SystemEntropy).unwrap();
    networks.inside.hall = networks.inside.process(&networks.inside.keys(), Holding::Desk).await;
    let refused = networks.inside.hall.ferry_in(&organ, &package, &mut |_| {}).await.unwrap_err();
    assert_eq!(refused.slug(), "ferry-lost-key");

    for (bytes, path) in both {
        std::fs::write(path, bytes).unwrap();
    }
    networks.inside.hall = networks.inside.process(&networks.inside.keys(), Holding::Desk).await;
    assert_eq!(taken(networks.take(&networks.inside.hall, &package).await).acts, 1);
}

/// A backup holds the packages that have not arrived: the register in it says that they were made.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_holds_what_has_not_arrived() {
    let networks = Networks::new(Engine::Sqlite).await;
    let outside = &networks.outside;
    networks.filed(stranger()).await;
    networks.packed(outside).await;
    let backup = networks.disk.path().join("backup");
    assert_eq!(outside.backup(&backup, &mut |_, _| {}).await.unwrap().packages, 1);

    let data = networks.disk.path().join("restored");
    std::fs::create_dir(&data).unwrap();
    let store = register_at(&data).await;
    let blobs = BlobStore::open(data.join("blobs"), None).unwrap();
    assert_eq!(restore(&store, &blobs, &data, &backup, &mut |_, _| {}).await.unwrap().packages, 1);
    let hall = public_role(networks.folder.path(), store, data, &networks.inside).await;
    let package = hall.ferry_again(&tenant(JW), 1, networks.disk.path()).await.unwrap().path;
    assert_eq!(taken(networks.take(&networks.inside.hall, &package).await).filings, 1);
}
