//! Columns of a list are as wide as somebody wants them: by a field of the panel without scripts, by
//! what a script sends when a heading was drawn; the first three stay where they are.

use axum::http::StatusCode;
use domain::words::{Channel, Role, Source, Urgency};
use office::intake::{Entry, NewReport};

use crate::house::{House, get, hidden, post};

async fn report(house: &House) {
    let opening = house.hall.open_report(&house.tenant, &[]).expect("opened");
    let new = NewReport {
        entry: Entry::Public,
        token: vec![7; 16],
        body: Vec::new(),
        channel: Channel::Web,
        source: Source::Own,
        received_on: None,
        urgency: Urgency::Normal,
        superior_due: None,
        title: "修路".to_owned(),
        text: "修路的钱没有公开。".to_owned(),
        subjects: Vec::new(),
        division: None,
        problem: None,
        source_note: None,
        named: None,
    };
    house.hall.receive(opening, new).await.expect("received");
}

#[tokio::test]
async fn a_column_is_as_wide_as_she_wants_it_with_and_without_scripts() {
    let house = House::new().await;
    report(&house).await;
    let cookie = house.cookie(Role::Clerk).await;
    let page = get(house.desk(), "/register", &cookie).await.body;
    assert!(page.contains("name=\"width.subject\" value=\"\"") && !page.contains(" w-"));
    assert!(!page.contains("name=\"width.number\"") && !page.contains("name=\"width.colour\""), "these are frozen");
    let secret: Vec<(String, String)> = hidden(&page).into_iter().filter(|(n, _)| n == "csrf").collect();
    let with = |given: &[(&str, &str)]| {
        let given = given.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        secret.iter().cloned().chain(given).collect::<Vec<_>>()
    };

    // A script sends the widths alone: nothing else of the view changes, and no page comes back.
    let drawn = with(&[("save", "widths"), ("width.subject", "21"), ("width.number", "40"), ("width.digest", "")]);
    let kept = post(house.desk(), "/register", &cookie, &drawn).await;
    assert_eq!((kept.status, kept.body.as_str()), (StatusCode::NO_CONTENT, ""));
    let page = get(house.desk(), "/register", &cookie).await.body;
    assert!(page.contains("c-subject w-22") && page.contains("name=\"width.subject\" value=\"22\""));
    assert!(!page.contains("c-number w-") && !page.contains("c-digest w-"));
    assert!(page.contains("c-platform"), "the columns are those of the list");

    // The panel keeps columns, their order and their widths together; the third is frozen, whatever it is.
    let chosen = with(&[("col", "subject"), ("col", "stage"), ("width.subject", "30"), ("save", "view")]);
    assert_eq!(post(house.desk(), "/register", &cookie, &chosen).await.status, StatusCode::SEE_OTHER);
    let page = get(house.desk(), "/register", &cookie).await.body;
    assert!(page.contains("c-subject w-30 dw-third") && !page.contains("c-platform\""));
    assert!(!get(house.desk(), "/", &cookie).await.body.contains(" w-30"), "another list is as it was");
    let other = house.cookie(Role::Head).await;
    assert!(!get(house.desk(), "/register", &other).await.body.contains(" w-30"), "it is hers alone");

    let back = with(&[("reset", "view")]);
    assert_eq!(post(house.desk(), "/register", &cookie, &back).await.status, StatusCode::SEE_OTHER);
    assert!(!get(house.desk(), "/register", &cookie).await.body.contains(" w-30"));
}
