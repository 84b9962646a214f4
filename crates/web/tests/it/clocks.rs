//! Every due date on a page explains itself as the clock does, given and extended ones too.

use axum::http::StatusCode;
use domain::clock::Clock;
use domain::report::Command;
use domain::words::*;
use office::intake::{Entry, NewReport};
use office::report::Act;

use crate::house::{House, get, post};

fn assigned(house: &House, due: jiff::civil::Date) -> NewReport {
    NewReport {
        entry: Entry::Api,
        token: seal::fresh_id(&mut seal::SystemEntropy).to_vec(),
        body: Vec::new(),
        channel: Channel::Letter,
        source: Source::SuperiorAssign,
        received_on: Some(house.hall.clock.today()),
        urgency: Urgency::Normal,
        superior_due: Some(due),
        title: "水渠".to_owned(),
        text: "2025年春修水渠没有招标，村民多次询问没有答复。".to_owned(),
        subjects: Vec::new(),
        division: None,
        problem: None,
        source_note: None,
        named: None,
    }
}

#[tokio::test]
async fn the_report_page_tells_given_and_extended_days_as_they_came_about() {
    let house = House::new().await;
    let today = house.hall.clock.today();
    // A day in the letter that is no working day stays what it is.
    let mut due = today.checked_add(jiff::Span::new().days(20)).expect("a day");
    while due.weekday() != jiff::civil::Weekday::Sunday {
        due = due.tomorrow().expect("a day");
    }
    let opening = house.hall.open_report(&house.tenant, &[]).expect("an opening");
    let filed = house.hall.receive(opening, assigned(&house, due)).await.expect("received");
    let edition = house.hall.organ(&house.tenant).expect("an organ").edition();
    let me = |role: Role| house.hall.me(&house.tenant, &domain::ids::StaffId(format!("r-{role}"))).expect("staff");
    let until = due.checked_add(jiff::Span::new().days(9)).expect("a day");
    let clock = "assigned_finish".to_owned();
    let extend = Command::Extend { clock, until, ground: ExtensionGround::Complex };
    house.hall.act(&me(Role::Chief), filed.report, Act::plain(extend)).await.expect("extended");

    let cookie = house.cookie(Role::Chief).await;
    let page = get(house.desk(), &format!("/reports/{}", filed.report), &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    let open = house.hall.view(&me(Role::Chief), filed.report).await.expect("seen");
    let rules = house.hall.rules();
    let told = |clock: &Clock| clock.explain(edition, &rules, Lang::Zh);
    for clock in &open.state.clocks {
        assert!(page.body.contains(&told(clock)), "{} is not explained as it runs: {}", clock.id, told(clock));
    }
    let assigned = open.state.clock("assigned_finish").expect("it runs");
    assert!(told(assigned).contains("来文或者批示所定期限") && told(assigned).contains("经批准延期至"));
    assert_eq!((assigned.due, assigned.last_day()), (due, until));
}

#[tokio::test]
async fn the_status_page_says_how_the_day_of_the_next_step_is_reckoned() {
    let house = House::new().await;
    let due = house.hall.clock.today().checked_add(jiff::Span::new().days(30)).expect("a day");
    let opening = house.hall.open_report(&house.tenant, &[]).expect("an opening");
    let filed = house.hall.receive(opening, assigned(&house, due)).await.expect("received");
    let page =
        post(house.public(), &format!("/{}/status", house.tenant), "", &[("code".to_owned(), filed.code.clone())])
            .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("这一天是这样算出的："), "the date of the next step stands there without its reckoning");
}
