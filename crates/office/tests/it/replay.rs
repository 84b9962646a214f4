//! A request sent again, and very many at once: one report each, and no number left out.

use std::collections::BTreeSet;

use office::Error;
use office::intake::{NewReport, Replayed};
use rstest::rstest;

use crate::world::*;

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_request_is_the_same_report(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let new = public(TEXT, stranger(), None);
    let again = new.clone();
    let send = async |new: office::intake::NewReport| {
        let opening = world.hall.open_report(&tenant(JW), &new.subjects).unwrap();
        world.hall.receive(opening, new).await
    };
    let first = send(new).await.unwrap();
    world.on(TODAY.tomorrow().unwrap());
    let second = send(again.clone()).await.unwrap();
    assert_eq!(second.replayed, Replayed::Yes);
    assert_eq!(
        (&second.number, &second.code, second.received_on, second.commitment, second.report),
        (&first.number, &first.code, first.received_on, first.commitment, first.report)
    );
    let mut other = again;
    other.body = b"something else".to_vec();
    assert!(matches!(send(other).await, Err(Error::KeyReused)));
    let next = world.file(JW, TEXT, stranger(), None).await;
    assert_eq!((next.number.serial, first.number.serial), (2, 1), "a retry takes no number");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_token_is_one_request_whichever_register_it_goes_into(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let send = async |new: NewReport| {
        let opening = world.hall.open_report(&tenant(JW), &new.subjects).unwrap();
        world.hall.receive(opening, new).await
    };
    let leader = || vec![subject("顾长风", "望澜市纪委监委", "书记")];
    let other = |first: &NewReport, subjects| {
        let mut other = public("同一个凭据，另一件事。", subjects, None);
        other.token.clone_from(&first.token);
        other
    };
    // One that stays, then another body under its token that would go up.
    let stays = public(TEXT, stranger(), None);
    assert_eq!(send(stays.clone()).await.unwrap().tenant, tenant(JW));
    assert!(matches!(send(other(&stays, leader())).await, Err(Error::KeyReused)));
    // One that goes up, then another that would stay.
    let goes = public(TEXT, leader(), None);
    let first = send(goes.clone()).await.unwrap();
    assert_eq!((first.tenant.clone(), first.number.serial), (tenant(ABOVE), 1), "the one before took no number");
    assert!(matches!(send(other(&goes, stranger())).await, Err(Error::KeyReused)));
    // The lost answer of either is the same answer.
    let again = send(goes).await.unwrap();
    assert_eq!(again, office::intake::Received { replayed: Replayed::Yes, ..first });
    assert_eq!(send(stays).await.unwrap().replayed, Replayed::Yes);
    let next = world.file(JW, TEXT, stranger(), None).await;
    assert_eq!(next.number.serial, 2);
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_at_once_get_numbers_without_gaps(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let mut people = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let hall = world.hall.clone();
        people.spawn(async move {
            let mut serials = Vec::new();
            for _ in 0..20 {
                let new = public("同一时间有很多人来反映。", stranger(), None);
                // A full queue says so and keeps the text: then it is sent again.
                loop {
                    let opening = hall.open_report(&tenant(JW), &new.subjects).unwrap();
                    match hall.receive(opening, new.clone()).await {
                        Ok(received) => break serials.push(received.number.serial),
                        Err(Error::Busy) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
                        Err(other) => panic!("{other:?}"),
                    }
                }
            }
            serials
        });
    }
    let serials: BTreeSet<u32> = people.join_all().await.into_iter().flatten().collect();
    assert_eq!(serials, (1..=1280).collect());
}
