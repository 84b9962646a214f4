//! Signing in at a browser: one session in one browser, and what it keeps for the next time.

use axum::http::{StatusCode, header};
use domain::ids::StaffId;
use domain::words::Role;
use seal::Cost;

use crate::house::{Answer, House, PASSWORD, get, post};

fn cookie(answer: &Answer, name: &str) -> String {
    let set = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
    let found = set.filter_map(|v| v.split(';').next()).find(|pair| pair.starts_with(&format!("{name}=")));
    found.expect("the cookie is set").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_signs_in_ends_the_session_that_was_in_this_browser() {
    let house = House::new().await;
    for role in [Role::Clerk, Role::Head] {
        let staff = StaffId(format!("r-{role}"));
        house.hall.set_password(&house.tenant, &staff, PASSWORD, Cost::Demo).await.expect("a password");
    }
    let sign_in = async |user: &str, cookie: &str| {
        let pairs = [("user", user), ("password", PASSWORD)].map(|(n, v)| (n.to_owned(), v.to_owned()));
        let answer = post(house.desk(), "/sign-in", cookie, &pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer
    };
    let inside = async |cookie: &str| get(house.desk(), "/", cookie).await.status == StatusCode::OK;

    let answer = sign_in("r-clerk", "").await;
    let (first, browser) = (cookie(&answer, "dengwen_desk"), cookie(&answer, "dengwen_desk_browser"));
    assert!(inside(&first).await);
    // The same person again, then another one at the same machine.
    let second = cookie(&sign_in("r-clerk", &format!("{first}; {browser}")).await, "dengwen_desk");
    assert_ne!(first, second);
    assert!(inside(&second).await && !inside(&first).await, "the older one is dead on the server");
    let third = cookie(&sign_in("r-head", &second).await, "dengwen_desk");
    assert!(inside(&third).await && !inside(&second).await);
    // A session elsewhere lives on.
    let elsewhere = cookie(&sign_in("r-head", "").await, "dengwen_desk");
    assert!(inside(&third).await && inside(&elsewhere).await);
}
