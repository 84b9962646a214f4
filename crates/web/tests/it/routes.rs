//! Roles × routes of the desk, as a checked-in table: what each role gets when it opens each page.
//! A route that is missing here fails the test that reads the router's source.

use std::fmt::Write as _;

use domain::words::{Channel, Role, Source, Urgency};
use office::intake::{Entry, NewReport};

use crate::house::{House, get, hidden, post, upload_as};

/// Every GET of the desk; `{id}` is a report in the register.
const PAGES: &[&str] = &[
    "/sign-in",
    "/invitation/{token}",
    "/",
    "/done",
    "/overdue",
    "/register",
    "/assigned",
    "/named",
    "/repeated",
    "/visits",
    "/calls",
    "/new",
    "/drafts",
    "/drafts/{id}",
    "/import",
    "/reports/{id}/split",
    "/template",
    "/search",
    "/reports/{id}",
    "/reports/{id}/do/{command}",
    "/reports/{id}/files/{blob}",
    "/reports/{id}/papers/{paper}/file",
    "/reports/{id}/papers/{paper}/proof",
    "/cockpit",
    "/directory",
    "/directory/staff/{id}",
    "/operations",
    "/audit",
];

/// Every route that changes something or must not stand in an address.
const POSTS: &[&str] = &[
    "/sign-in",
    "/invitation",
    "/sign-out",
    "/language",
    "/search",
    "/new",
    "/new/repeats",
    "/new/draft",
    "/new/more",
    "/new/tags",
    "/drafts/{id}/delete",
    "/import",
    "/import/faults",
    "/reports/{id}/split",
    "/reports/{id}/evidence",
    "/reports/{id}/do/{command}",
    "/reports/{id}/papers/{paper}",
    "/",
    "/done",
    "/overdue",
    "/register",
    "/assigned",
    "/named",
    "/repeated",
    "/visits",
    "/calls",
    "/lists/export",
    "/search/export",
    "/directory/export",
    "/directory/offices",
    "/directory/offices/leader",
    "/directory/staff",
    "/directory/staff/{id}/{deed}",
    "/operations/retry",
    "/audit/export",
];

async fn report(house: &House) -> String {
    let opening = house.hall.open_report(&house.tenant, &[]).expect("opened");
    let new = NewReport {
        entry: Entry::Public,
        token: seal::fresh_id(&mut seal::SystemEntropy).to_vec(),
        body: Vec::new(),
        channel: Channel::Web,
        source: Source::Own,
        received_on: None,
        urgency: Urgency::Normal,
        superior_due: None,
        title: String::new(),
        text: "某村修路的钱没有公开，村民多次询问没有答复。".to_owned(),
        subjects: Vec::new(),
        division: None,
        problem: None,
        source_note: None,
        named: None,
    };
    house.hall.receive(opening, new).await.expect("received").report.to_string()
}

fn address(pattern: &str, id: &str) -> String {
    pattern
        .replace("{id}", id)
        .replace("{command}", "accept")
        .replace("{blob}", "00000000000000000000000000000000")
        .replace("{paper}", "presentation_form")
        .replace("{token}", "none")
        .replace("{deed}", "confirm")
}

/// Everyone who may ask: nobody, then each role with her session.
async fn askers(house: &House) -> Vec<(String, String)> {
    let mut cookies = vec![("nobody".to_owned(), String::new())];
    for role in Role::ALL {
        cookies.push((role.to_string(), house.cookie(*role).await));
    }
    cookies
}

/// The table as it is now must be the one that was read and kept.
fn is_kept(table: &str, name: &str) {
    let file = format!("{}/tests/it/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::fs::read_to_string(&file).unwrap_or_default() != table {
        let fresh = format!("{}/{name}", env!("CARGO_TARGET_TMPDIR"));
        std::fs::write(&fresh, table).expect("the new table is kept");
        panic!("the table of roles and routes changed: compare {fresh} with {file} and copy it if it is right");
    }
}

#[tokio::test]
async fn what_each_role_gets_on_each_page_is_the_checked_in_table() {
    let house = House::new().await;
    let id = report(&house).await;
    let mut table = String::from("# GET of each page by each role; generated, read it before you change it.\n");
    let askers = askers(&house).await;
    for page in PAGES {
        for (role, cookie) in &askers {
            let answer = get(house.desk(), &address(page, &id), cookie).await;
            assert_eq!(answer.headers["cache-control"], "no-store", "{page} {role}");
            writeln!(table, "{page:<32} {role:<12} {}", answer.status.as_u16()).expect("text");
        }
    }
    is_kept(&table, "routes-matrix.txt");
}

/// Every change by every role, with her own session and its secret and next to nothing in the form:
/// who may is told what is missing (422) or sent on (303), who may not is refused (403) or is told
/// that nothing is there (404).
#[tokio::test]
async fn what_each_role_gets_on_each_change_is_the_checked_in_table() {
    let house = House::new().await;
    let mut table =
        String::from("# POST of each change by each role, an empty form; generated, read it before you change it.\n");
    let tried = POSTS.iter().filter(|p| !["/sign-in", "/invitation", "/sign-out"].contains(*p));
    for path in tried {
        // A report and sessions of its own for each: what one did must not be in another's way.
        let id = report(&house).await;
        for (role, cookie) in &askers(&house).await {
            let page = get(house.desk(), "/drafts", cookie).await.body;
            let secret = hidden(&page).into_iter().find(|(name, _)| name == "csrf");
            let mut form = Vec::from_iter(secret);
            form.push(("kind".to_owned(), "accusation".to_owned()));
            let to = address(path, &id);
            let mut answer = post(house.desk(), &to, cookie, &form).await;
            if answer.status == 400 {
                // It takes files, and so another kind of form.
                answer = upload_as(house.desk(), &to, cookie, &form, &[]).await;
            }
            assert_ne!(answer.status.as_u16(), 500, "{path} {role}");
            writeln!(table, "{path:<32} {role:<12} {}", answer.status.as_u16()).expect("text");
        }
    }
    is_kept(&table, "changes-matrix.txt");
}

#[tokio::test]
async fn every_change_needs_a_session_its_secret_and_this_origin() {
    let house = House::new().await;
    let id = report(&house).await;
    let cookie = house.cookie(Role::Head).await;
    for path in POSTS.iter().filter(|p| !["/sign-in", "/invitation"].contains(*p)) {
        let to = address(path, &id);
        let nobody = post(house.desk(), &to, "", &[("csrf".to_owned(), "x".to_owned())]).await;
        assert_eq!(nobody.status, 401, "{path} without a session");
        for secret in ["", "x"] {
            let answer = post(house.desk(), &to, &cookie, &[("csrf".to_owned(), secret.to_owned())]).await;
            assert!([400, 403].contains(&answer.status.as_u16()), "{path} with {secret:?}: {}", answer.status);
        }
    }
}

#[test]
fn no_route_of_the_desk_is_missing_here() {
    let source = include_str!("../../src/desk/mod.rs");
    for (at, _) in source.match_indices(".route(\"") {
        let rest = &source[at + 8..];
        let (path, methods) = rest.split_once('"').expect("a path");
        let methods = methods.lines().next().unwrap_or_default();
        if methods.contains("get(") {
            assert!(PAGES.contains(&path), "GET {path} has no row");
        }
        if methods.contains("post(") {
            assert!(POSTS.contains(&path), "POST {path} is not tried");
        }
    }
}
