//! Filing and coming back over HTTP, and what happens when something is not there.

use ledger::Policy;
use ledger::note::{KeyKind, Signer};

use crate::house::*;

const TEXT: &str = "2025年6月，某局副局长李某某收受施工方礼金两万元，事后在验收单上签字。<b>&\"引号\"";

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

/// Through who and what to the review: the fields its form would send.
async fn review(house: &House) -> Vec<(String, String)> {
    let base = format!("/{}", house.tenant);
    let who = [pair("name1", "李某某"), pair("unit1", "某局"), pair("own_leader", "")];
    let page = post(house.public(), &format!("{base}/report/who"), "", &who).await;
    assert_eq!(page.status, 200);
    let mut what = hidden(&page.body);
    what.extend([pair("text", TEXT), pair("when", "2025年6月"), pair("signing", "anonymous")]);
    let page = post(house.public(), &format!("{base}/report/what"), "", &what).await;
    assert_eq!(page.status, 200);
    let mut fields = hidden(&page.body);
    assert!(fields.iter().any(|(n, v)| n == "text" && v == TEXT), "the text is carried as it was written");
    fields.push(pair("read", "yes"));
    fields
}

/// Pays for the ticket the way a browser with scripts does.
fn solve(fields: &mut [(String, String)]) {
    let ticket = fields.iter().find(|(n, _)| n == "ticket").expect("a ticket").1.clone();
    let answer = (0u64..).map(|n| n.to_string()).find(|n| seal::work_is_done(&ticket, n, 17)).expect("an answer");
    fields.iter_mut().find(|(n, _)| n == "solution").expect("a field").1 = answer;
}

fn code(html: &str) -> Option<String> {
    let code: String = html
        .split("<p class=\"dw-code\"")
        .nth(1)?
        .split("</p>")
        .next()?
        .split("<span>")
        .skip(1)
        .filter_map(|s| s.split('<').next())
        .collect();
    (code.len() == 20).then_some(code)
}

#[tokio::test]
async fn a_report_is_filed_once_however_often_the_last_step_is_sent() {
    let house = House::new().await;
    let mut fields = review(&house).await;
    solve(&mut fields);
    let to = format!("/{}/report/submit", house.tenant);
    let first = upload(house.public(), &to, &fields, &[]).await;
    assert_eq!(first.status, 200);
    let first_code = code(&first.body).expect("a code");
    let again = upload(house.public(), &to, &fields, &[]).await;
    assert_eq!(code(&again.body).as_deref(), Some(first_code.as_str()));
    assert_eq!(again.headers["cache-control"], "no-store");
    assert!(!again.headers.contains_key("set-cookie"));

    let status = post(house.public(), &format!("/{}/status", house.tenant), "", &[pair("code", &first_code)]).await;
    assert_eq!(status.status, 200);
    assert!(!status.body.contains("李某某") && !status.body.contains("礼金"), "the matter is never shown again");
    let message = [pair("code", &first_code), pair("message", "补充一句：<i>票据</i>在二楼。")];
    let sent = post(house.public(), &format!("/{}/status/message", house.tenant), "", &message).await;
    assert_eq!(sent.status, 200);
    assert!(sent.body.contains("&#60;i&#62;票据"), "plain text, shown as it was written");
}

#[tokio::test]
async fn without_a_solution_there_is_a_wait_and_never_a_refusal() {
    let house = House::new().await;
    let fields = review(&house).await;
    let to = format!("/{}/report/submit", house.tenant);
    let wait = upload(house.public(), &to, &fields, &[]).await;
    assert_eq!(wait.status, 200);
    let kept = hidden(&wait.body);
    assert!(kept.iter().any(|(n, v)| n == "text" && v == TEXT));
    assert!(kept.iter().any(|(n, v)| n == "waited" && !v.is_empty()));
    let early = upload(house.public(), &to, &kept, &[]).await;
    assert_eq!(early.status, 200);
    assert!(code(&early.body).is_none());
    // A ticket of another form or a made-up one leads to the wait too.
    let mut forged = fields.clone();
    forged.iter_mut().find(|(n, _)| n == "ticket").expect("a ticket").1 = "1.X.report.99.0.00.00".into();
    solve_with(&mut forged, "0");
    let answer = upload(house.public(), &to, &forged, &[]).await;
    assert!(answer.status == 200 && hidden(&answer.body).iter().any(|(n, _)| n == "waited"));
}

fn solve_with(fields: &mut [(String, String)], solution: &str) {
    fields.iter_mut().find(|(n, _)| n == "solution").expect("a field").1 = solution.to_owned();
}

#[tokio::test]
async fn the_text_is_kept_when_the_register_is_away() {
    let house = House::new().await;
    let mut fields = review(&house).await;
    solve(&mut fields);
    house.hall.store.close().await;
    let to = format!("/{}/report/submit", house.tenant);
    let answer = upload(house.public(), &to, &fields, &[]).await;
    assert_eq!(answer.status, 503);
    assert!(code(&answer.body).is_none());
    let kept = hidden(&answer.body);
    for name in ["text", "name1", "unit1", "when", "ticket", "solution", "read"] {
        let sent = fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        let back = kept.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str());
        assert_eq!(back, sent, "{name}");
    }
    assert!(answer.body.contains("readonly"), "and can be read and copied");
    // The steps before need no register at all.
    review(&house).await;
}

/// A report filed through the form: the organ's address and her code.
async fn filed(house: &House) -> (String, String) {
    let mut fields = review(house).await;
    solve(&mut fields);
    let base = format!("/{}", house.tenant);
    let answer = upload(house.public(), &format!("{base}/report/submit"), &fields, &[]).await;
    (base, code(&answer.body).expect("a code"))
}

#[tokio::test]
async fn what_she_adds_later_is_kept_too_when_the_register_is_away() {
    let house = House::new().await;
    let (base, code) = filed(&house).await;
    // A slip in the code keeps her words as well.
    let slip = [pair("code", "AAAAA"), pair("message", "又想起一件事。")];
    let told = post(house.public(), &format!("{base}/status/message"), "", &slip).await;
    assert_eq!(told.status, 404);
    assert!(told.body.contains("又想起一件事。") && told.body.contains("readonly"));

    house.hall.store.close().await;
    for (to, field) in [("message", "message"), ("object", "objection")] {
        let sent = [pair("code", &code), pair(field, "这句话不能丢。")];
        let away = post(house.public(), &format!("{base}/status/{to}"), "", &sent).await;
        assert_eq!(away.status, 503, "{to}");
        assert!(away.body.contains("这句话不能丢。"), "{to}");
    }
    let sent = [pair("code", &code), pair("evidence", "这句话不能丢。")];
    let away = upload(house.public(), &format!("{base}/status/evidence"), &sent, &[("收据.png", PIXEL)]).await;
    assert_eq!(away.status, 503);
    assert!(away.body.contains("这句话不能丢。"));
}

#[tokio::test]
async fn a_page_sent_again_adds_nothing_and_keeps_the_words() {
    let house = House::new().await;
    let (base, code) = filed(&house).await;
    let page = post(house.public(), &format!("{base}/status"), "", &[pair("code", &code)]).await;
    let form = |name: &str, body: &str| {
        let form = body.split(&format!("/status/{name}\"")).nth(1).expect("the form");
        hidden(form.split("</form>").next().expect("its end"))
    };
    let mut message = form("message", &page.body);
    message.push(pair("message", "只说一遍。"));
    let to = format!("{base}/status/message");
    assert_eq!(post(house.public(), &to, "", &message).await.status, 200);
    let again = post(house.public(), &to, "", &message).await;
    assert_eq!(again.status, 422);
    assert_eq!(again.body.matches("只说一遍。").count(), 2, "once in the thread, once in the field");
    let mut evidence = form("evidence", &page.body);
    evidence.push(pair("evidence", "一张收据"));
    let stale = upload(house.public(), &format!("{base}/status/evidence"), &evidence, &[("a.png", PIXEL)]).await;
    assert_eq!(stale.status, 422, "a page made before another act of hers");
    // The page that says so is a new one: pressing once more sends it.
    let mut message = form("message", &again.body);
    message.push(pair("message", "另一件事。"));
    assert_eq!(post(house.public(), &to, "", &message).await.status, 200);
}

#[tokio::test]
async fn a_wrong_or_too_many_files_are_told_in_words_with_the_text_kept() {
    let house = House::new().await;
    let to = format!("/{}/report/submit", house.tenant);
    let program: &[u8] = b"MZ\x90\x00 not a picture";
    let many: Vec<(&str, &[u8])> = vec![("a.png", PIXEL); 11];
    for files in [vec![("x.exe", program)], many] {
        let mut fields = review(&house).await;
        solve(&mut fields);
        let answer = upload(house.public(), &to, &fields, &files).await;
        assert_eq!(answer.status, 422);
        assert!(hidden(&answer.body).iter().any(|(n, v)| n == "text" && v == TEXT));
        assert!(answer.body.contains("id=\"errors\""));
    }
    let mut fields = review(&house).await;
    solve(&mut fields);
    let answer = upload(house.public(), &to, &fields, &[("a.png", PIXEL)]).await;
    assert!(code(&answer.body).is_some());
}

#[tokio::test]
async fn with_the_code_she_adds_evidence_objects_replaces_and_destroys() {
    let house = House::new().await;
    let (base, first) = filed(&house).await;

    let evidence = [pair("code", &first), pair("evidence", "又找到一张收据。")];
    let to = format!("{base}/status/evidence");
    let sent = upload(house.public(), &to, &evidence, &[("收据.png", PIXEL)]).await;
    assert_eq!(sent.status, 200);
    assert!(sent.body.contains("dw-done") && !sent.body.contains("又找到一张"), "taken, and not shown again");
    let wrong = upload(house.public(), &to, &evidence, &[("a.exe", b"MZ not a picture")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains("又找到一张收据。"), "what she wrote is kept");
    let empty = upload(house.public(), &to, &[pair("code", &first), pair("evidence", " ")], &[]).await;
    assert_eq!(empty.status, 422);

    // Before there is an answer there is nothing to object to; her words are kept all the same.
    let early = [pair("code", &first), pair("objection", "我不同意。")];
    let refused = post(house.public(), &format!("{base}/status/object"), "", &early).await;
    assert_eq!(refused.status, 409);
    let page = post(house.public(), &format!("{base}/status"), "", &[pair("code", &first)]).await;
    assert!(!page.body.contains("/status/object\""), "and the page does not offer it");

    // A new code; the form sent twice, because the answer was lost, gives the same one.
    let replace =
        hidden(page.body.split("/status/replace\"").nth(1).expect("the form").split("</form>").next().unwrap());
    let to = format!("{base}/status/replace");
    let second = code(&post(house.public(), &to, "", &replace).await.body).expect("a new code");
    assert_ne!(first, second);
    assert_eq!(code(&post(house.public(), &to, "", &replace).await.body).as_deref(), Some(second.as_str()));
    let old = post(house.public(), &format!("{base}/status"), "", &[pair("code", &first)]).await;
    assert_eq!(old.status, 404, "the old code opens nothing");

    let to = format!("{base}/status/destroy");
    assert_eq!(post(house.public(), &to, "", &[pair("code", &second)]).await.status, 422, "only when she is sure");
    let gone = post(house.public(), &to, "", &[pair("code", &second), pair("sure", "yes")]).await;
    assert_eq!(gone.status, 200);
    let shut = post(house.public(), &format!("{base}/status"), "", &[pair("code", &second)]).await;
    assert_eq!(shut.status, 404);
}

#[tokio::test]
async fn the_foot_of_the_page_of_organs_leads_to_the_verification_page() {
    let house = House::new().await;
    let answer = get(house.public(), "/verify", "").await;
    assert_eq!(
        (answer.status.as_u16(), answer.headers["location"].to_str().expect("text")),
        (303, &*format!("/{}/verify", house.tenant))
    );
}

#[tokio::test]
async fn the_verification_page_knows_the_witnesses_and_demands_none() {
    let house = House::new().await;
    let city = Signer::from_seed("city.example/witness", KeyKind::Witness, &[1; 32]).expect("a witness");
    let key = city.verifier().to_string();
    let policy = format!("witness city {key} http://127.0.0.1:1\nquorum city\n");
    house.hall.replace_policy(Some(Policy::parse(policy.as_bytes()).expect("a policy")));
    house.hall.publish(&house.tenant).await.expect("a log");
    let page = get(house.public(), &format!("/{}/verify", house.tenant), "").await;
    let shown = page.body.replace("&#43;", "+").replace("&#x2b;", "+").replace("&#x2B;", "+");
    assert!(shown.contains(&format!("witness city {key}\nquorum none\n")), "{shown}");
    assert!(!shown.contains("127.0.0.1:1"), "where the witness is, is for whoever brings it checkpoints");
}

/// A whole PNG of one pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0xf8, 0xff, 0xff, 0x3f, 0x00, 0x05, 0xfe, 0x02, 0xfe, 0x0d, 0xef, 0x46, 0xb8,
    0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[tokio::test]
async fn steps_opened_directly_and_unknown_organs_are_told_in_words() {
    let house = House::new().await;
    let base = format!("/{}", house.tenant);
    for path in ["/report/who", "/report/submit", "/status/message", "/status/destroy"] {
        let answer = get(house.public(), &format!("{base}{path}"), "").await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body.contains(&base), "{path} leads back");
    }
    for path in ["/990000XXX", "/nowhere/report", "/990000XXX/en/status"] {
        assert_eq!(get(house.public(), path, "").await.status, 404, "{path}");
    }
    let nothing = post(house.public(), &format!("{base}/status"), "", &[pair("code", "7KQ2M9XW4T8RB1CDH5NZ")]).await;
    assert_eq!(nothing.status, 404);
}
