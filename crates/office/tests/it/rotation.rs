//! The office key is changed: old reports still open, and the old key can be destroyed.

use domain::words::Form;
use jiff::civil::date;
use office::keys::Holding;
use rstest::rstest;
use seal::{KeyFolder, Protection, SystemEntropy};

use crate::world::*;

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_outlive_the_key_they_were_sealed_to(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let organ = tenant(JW);
    let mut filed = Vec::new();
    for _ in 0..3 {
        filed.push(world.file(JW, TEXT, stranger(), None).await);
    }
    world.settle().await;
    world
        .hall
        .search(&world.me("clerk"), &office::desk::Query { words: "招标".into(), ..Default::default() })
        .await
        .unwrap();
    let typed = vec![("title".to_owned(), "写了一半".to_owned())];
    let (mine, hers) = ("0a".repeat(16), "0b".repeat(16));
    world.hall.save_draft(&world.me("clerk"), &mine, Form::Letter, &typed).await.unwrap();
    world.hall.save_draft(&world.me("clerk2"), &hers, Form::Visit, &typed).await.unwrap();
    let old = world.hall.keys.office(&organ).unwrap().id();
    let plain = Protection::DemoPlain;
    let folder = KeyFolder::new(world.keys());
    let term = (date(2026, 1, 1), date(2036, 1, 1));
    let (ring, _) = folder.rotate_office(JW, term, plain, plain, &mut SystemEntropy).unwrap();
    let left = world.hall.keys_to_rewrap(&organ, &ring).await.unwrap();
    let mut told = Vec::new();
    let done = world.hall.rewrap(&organ, &ring, &mut |n| told.push(n)).await.unwrap();
    assert_eq!((done, told.last().copied()), (left, Some(left)));
    assert!(left >= 6, "three reports, the words of a search and two drafts: {left}");
    assert_eq!(world.hall.keys_to_rewrap(&organ, &ring).await.unwrap(), 0);
    assert_eq!(world.hall.rewrap(&organ, &ring, &mut |_| {}).await.unwrap(), 0, "run again, it has nothing to do");
    folder.forget_office_key(JW, old, plain, plain, &mut SystemEntropy).unwrap();

    world.hall.store.close().await;
    let hall = world.process(&world.keys(), Holding::Desk).await;
    assert_ne!(hall.keys.office(&organ).unwrap().id(), old);
    for report in &filed {
        assert_eq!(hall.view(&world.me("clerk"), report.report).await.unwrap().narrative.text, TEXT);
    }
    for (who, draft) in [("clerk", &mine), ("clerk2", &hers)] {
        let draft = hall.draft(&world.me(who), draft).await.unwrap();
        assert_eq!(draft.pairs.as_ref(), Some(&typed), "a draft outlives the key too");
    }
    let new = public("换了密钥以后来的。", stranger(), None);
    let opening = hall.open_report(&organ, &new.subjects).unwrap();
    let later = hall.receive(opening, new).await.unwrap();
    assert!(hall.view(&world.me("clerk"), later.report).await.is_ok());
    sound(&hall).await;
}
