//! Signing in: wrong names and wrong passwords look alike, links are used once, sessions idle out.

use domain::ids::StaffId;
use domain::words::Lang;
use office::Error;
use office::desk::{Lane, Stranger};
use rstest::rstest;
use seal::Cost;

use crate::world::*;

const PASSWORD: &str = "柳树下的三只灰鸭子划水";

fn from(browser: &str) -> Stranger<'_> {
    Stranger { browser: Some(browser), ..Stranger::default() }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_begins_with_the_password_and_ends_when_idle(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let clerk = StaffId("clerk".into());
    hall.set_password(&tenant(JW), &clerk, PASSWORD, Cost::Demo).await.unwrap();
    let wrong = hall.sign_in("clerk", "不是这个密码吧").await.unwrap_err();
    let nobody = hall.sign_in("nobody", PASSWORD).await.unwrap_err();
    assert_eq!(wrong.sentence(Lang::Zh), nobody.sentence(Lang::Zh));
    assert_eq!((wrong.slug(), nobody.slug()), ("sign-in", "sign-in"));

    let first = hall.sign_in(" clerk ", PASSWORD).await.unwrap();
    let second = hall.sign_in("clerk", PASSWORD).await.unwrap();
    assert_ne!((&first.token, &first.csrf), (&second.token, &second.csrf), "every sign-in is its own session");
    let (me, csrf) = hall.session(&first.token).await.unwrap();
    assert_eq!((me.staff, csrf), (clerk.clone(), first.csrf.clone()));
    assert!(matches!(hall.session("made up").await, Err(Error::NotFound)));

    world.pass(29);
    hall.session(&first.token).await.unwrap();
    world.pass(29);
    hall.session(&first.token).await.unwrap();
    assert!(matches!(hall.session(&second.token).await, Err(Error::NotFound)), "idle for an hour");
    world.pass(31);
    assert!(matches!(hall.session(&first.token).await, Err(Error::NotFound)), "idle for half an hour");

    let third = hall.sign_in("clerk", PASSWORD).await.unwrap();
    hall.sign_out(&third.token).await.unwrap();
    assert!(matches!(hall.session(&third.token).await, Err(Error::NotFound)), "signed out on the server");
    let fourth = hall.sign_in("clerk", PASSWORD).await.unwrap();
    hall.set_password(&tenant(JW), &clerk, "另外一个够长的密码呀", Cost::Demo).await.unwrap();
    assert!(matches!(hall.session(&fourth.token).await, Err(Error::NotFound)), "a new password ends every session");
    assert!(hall.sign_in("clerk", PASSWORD).await.is_err());
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_one_time_link_is_used_once_and_only_with_a_good_password(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let admin = StaffId("admin".into());
    let link = hall.invite(&tenant(JW), &admin).await.unwrap();
    for bad in ["short", "1234567890", "admin-2026-admin"] {
        assert_eq!(hall.use_invitation(&link, "", bad).await.unwrap_err().slug(), "password", "{bad}");
    }
    let signed = hall.use_invitation(&link, "", PASSWORD).await.unwrap();
    assert_eq!(signed.me.staff, admin);
    assert!(hall.session(&signed.token).await.is_ok());
    assert!(matches!(hall.use_invitation(&link, "", PASSWORD).await, Err(Error::NotFound)), "used up");
    hall.sign_in("admin", PASSWORD).await.unwrap();
    let late = hall.invite(&tenant(JW), &admin).await.unwrap();
    world.on(TODAY.tomorrow().unwrap().tomorrow().unwrap());
    assert!(matches!(hall.use_invitation(&late, "", PASSWORD).await, Err(Error::NotFound)), "two days old");
    assert!(matches!(hall.use_invitation("made up", "", PASSWORD).await, Err(Error::NotFound)));
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guessing_in_parallel_is_slowed_down_and_never_shuts_the_owner_out(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let clerk = StaffId("clerk".into());
    hall.set_password(&tenant(JW), &clerk, PASSWORD, Cost::Demo).await.unwrap();
    let before = hall.sign_in("clerk", PASSWORD).await.unwrap();

    // Forty at once: four are looked at now, five wait for their turn, the others are sent away
    // without any work being done for them.
    let mut guesses = tokio::task::JoinSet::new();
    for n in 0..40 {
        let hall = hall.clone();
        guesses.spawn(async move {
            hall.sign_in("clerk", &format!("猜的第{n}个密码呀呀")).await.unwrap_err().slug().to_owned()
        });
    }
    let (mut sent_away, mut looked_at) = (0, 0);
    while sent_away < 31 || looked_at == 0 {
        match guesses.join_next().await.unwrap().unwrap().as_str() {
            "sign-in-slow" => sent_away += 1,
            "sign-in" => looked_at += 1,
            other => panic!("{other}"),
        }
    }
    assert!(sent_away == 31 && looked_at <= 9, "{sent_away} {looked_at}");
    guesses.abort_all();

    // Her own browser is not slowed down by that, and neither is anybody else's name.
    hall.sign_in_from("clerk", PASSWORD, from(&before.browser)).await.unwrap();
    // Nor is she shut out of one that nobody knows, unless it comes from where the guesser does.
    let elsewhere = Stranger { lane: Lane::of(5), ..Stranger::default() };
    hall.sign_in_from("clerk", PASSWORD, elsewhere).await.unwrap();
    assert_eq!(hall.sign_in("clerk", PASSWORD).await.unwrap_err().slug(), "sign-in-slow");
    let forged = before.browser.replace(['a', '1'], "0");
    assert_eq!(hall.sign_in_from("clerk", PASSWORD, from(&forged)).await.unwrap_err().slug(), "sign-in-slow");
    assert_eq!(hall.sign_in("nobody", PASSWORD).await.unwrap_err().slug(), "sign-in");

    // The auditor sees that it happened and how often, in few lines.
    world.pass(11);
    hall.record_failures().await.unwrap();
    let failures: Vec<u32> = hall
        .audit(&world.me("auditor"), TODAY, TODAY)
        .await
        .unwrap()
        .iter()
        .filter_map(|entry| match entry.deed {
            office::audit::Deed::SignInFailed { times } => Some(times),
            _ => None,
        })
        .collect();
    assert_eq!(failures.len(), 2, "{failures:?}");
    let sum = failures.iter().sum::<u32>();
    assert!((34..=42).contains(&sum), "those looked at and those sent away: {failures:?}");
    // Later the name is as free as ever.
    world.pass(60);
    hall.sign_in("clerk", PASSWORD).await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_whose_password_could_not_be_set_is_still_good(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let link = hall.invite(&tenant(JW), &StaffId("clerk".into())).await.unwrap();
    // Somebody of another organ holds the same sign-in name.
    let mut taken = store::CredentialRow {
        lookup: seal::sha256(b"clerk"),
        kind: store::CredentialKind::Password,
        tenant: tenant(XF),
        staff: StaffId("xf-clerk".into()),
        secret: "held".to_owned(),
        expires_at: None,
    };
    hall.store.credential_put(&taken).await.unwrap();
    assert_eq!(hall.use_invitation(&link, "", PASSWORD).await.unwrap_err().slug(), "user-taken");
    taken.expires_at = Some(0);
    hall.store.credential_put(&taken).await.unwrap();
    let signed = hall.use_invitation(&link, "", PASSWORD).await.unwrap();
    assert_eq!(signed.me.staff, StaffId("clerk".into()));
    assert!(matches!(hall.use_invitation(&link, "", PASSWORD).await, Err(Error::NotFound)), "used up");
}
