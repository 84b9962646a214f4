//! The contract of `/api/v1`: what outside programs rely on.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::json;

use crate::city::{City, Engine, a_report, file_at, fresh_key};
use crate::http::send;

#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
fn a_report_goes_in_and_its_code_opens_it(#[case] engine: Engine) {
    let city = City::serving(engine);
    let body = json!({
        "channel": "letter", "source": "own", "title": "路灯不亮", "text": "青禾路的路灯坏了三个月，多次反映没有人修。",
        "named": {"name": "林一言", "contact": "000-1234"},
        "subjects": [{"unit": "市政工程处", "post": "主任"}, {"name": "何某"}], "division": "990100",
    })
    .to_string();
    let key = fresh_key();
    let first = city.file_as(&key, body.as_bytes());
    assert_eq!(first.status, 201, "{}", first.text());
    assert_eq!(first.headers["content-type"], "application/json");
    assert_eq!(first.headers["cache-control"], "no-store");
    assert!(!first.headers.contains_key("server"));
    let made = first.json();
    let fields: BTreeSet<&str> = made.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, BTreeSet::from(["number", "code", "received_on", "commitment"]));
    let number = made["number"].as_str().expect("a number");
    assert!(number.starts_with("990100J01-") && number.contains("-000001-"), "{number}");
    let code = made["code"].as_str().expect("a code");
    assert_eq!(code.replace('-', "").len(), 20, "{code}");
    assert_eq!(made["commitment"].as_str().map(str::len), Some(64));

    // A lost answer: the same request again is the same report and shows the same code.
    let again = city.file_as(&key, body.as_bytes());
    assert_eq!((again.status, &again.body), (201, &first.body));
    // The same key for something else is refused, and nothing is filed.
    let other = city.file_as(&key, a_report("另一件事情的内容在这里。").to_string().as_bytes());
    assert_eq!(other.problem(422)["type"], "urn:dengwen:problem:idempotency-key-reused");
    assert!(
        city.file(&a_report("第二件反映的内容。")).json()["number"].as_str().is_some_and(|n| n.contains("-000002-"))
    );

    let status = city.status(&code.to_lowercase().replace('-', " "));
    assert_eq!(status.status, 200, "{}", status.text());
    let shown = status.json();
    assert_eq!(shown["number"], number);
    assert!(shown["state"].is_string() && shown["messages"].as_array().is_some_and(Vec::is_empty));
    assert_eq!(shown["timeline"][0]["on"], made["received_on"]);
    for hidden in ["路灯", "林一言", "000-1234", "市政工程处"] {
        assert!(!status.text().contains(hidden), "the status shows {hidden}");
    }
    let english = send(
        "GET",
        &format!("{}/status", city.api()),
        &[("Query-Code", code), ("Accept-Language", "en"), ("Authorization", &city.api_key())],
        b"",
    );
    assert!(english.json()["timeline"][0]["text"].as_str().is_some_and(str::is_ascii), "{}", english.text());
}

#[test]
fn guessing_is_slowed_down_and_a_trusted_front_end_is_not() {
    let city = City::serving(Engine::Sqlite);
    let url = format!("{}/status", city.api());
    let key = city.api_key();
    let guess = |trusted: bool| {
        let headers = [("Query-Code", "00000-00000-00000-00000"), ("Authorization", key.as_str())];
        let answer = send("GET", &url, &headers[..if trusted { 2 } else { 1 }], b"");
        assert_eq!(answer.status, 404, "{}", answer.text());
    };
    // Ten slips are free; the next five wait 50, 100, 200, 400 and 800 ms. Waiting can only take longer.
    let begun = std::time::Instant::now();
    (0..16).for_each(|_| guess(false));
    let guessing = begun.elapsed();
    assert!(guessing >= std::time::Duration::from_millis(1500), "{guessing:?}");
    // At that pace forty more would take over two minutes.
    let begun = std::time::Instant::now();
    (0..40).for_each(|_| guess(true));
    let trusted = begun.elapsed();
    assert!(trusted < std::time::Duration::from_secs(60), "{trusted:?}");
}

#[test]
fn a_code_that_opens_nothing_and_no_code_at_all_look_alike() {
    let city = City::serving(Engine::Sqlite);
    let made = city.file(&a_report("有一个查询码的反映。")).json();
    let mut slip = made["code"].as_str().expect("a code").to_owned();
    let last = slip.pop().expect("a character");
    slip.push(if last == '0' { '1' } else { '0' });
    let answers: Vec<_> =
        ["00000-00000-00000-00000", &slip, "short", "", "好好好"].map(|code| city.status(code)).into();
    for answer in &answers {
        assert_eq!(answer.problem(404)["type"], "urn:dengwen:problem:not-found");
        assert_eq!(answer.body, answers[0].body);
        let names: Vec<&String> = answer.headers.keys().collect();
        assert_eq!(names, answers[0].headers.keys().collect::<Vec<_>>());
    }
}

#[test]
fn whatever_is_wrong_is_said_and_nothing_is_filed() {
    let city = City::serving(Engine::Sqlite);
    let good = a_report("内容没有问题的反映。").to_string();
    let url = format!("{}/reports", city.api());
    let (key, json_type) = (city.api_key(), ("Content-Type", "application/json"));
    let once = fresh_key();

    let nobody = send("POST", &url, &[("Idempotency-Key", &once), json_type], good.as_bytes());
    nobody.problem(401);
    assert_eq!(nobody.headers["www-authenticate"], "Bearer");
    send("POST", &url, &[("Authorization", "Bearer nonsense"), ("Idempotency-Key", &once), json_type], good.as_bytes())
        .problem(401);
    send("POST", &url, &[("Authorization", &key), json_type], good.as_bytes()).problem(400);
    send("POST", &url, &[("Authorization", &key), ("Idempotency-Key", "short"), json_type], good.as_bytes())
        .problem(400);
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    send("POST", &url, &[("Authorization", &key), ("Idempotency-Key", &once), form], good.as_bytes()).problem(415);
    send("GET", &url, &[("Authorization", &key)], b"").problem(405);
    send("GET", &format!("{}/nothing", city.api()), &[], b"").problem(404);

    let refused = |body: &str, status| city.file_as(&fresh_key(), body.as_bytes()).problem(status);
    assert!(
        refused(r#"{"channel":"web","text":"x","stage":"closed"}"#, 422)["detail"]
            .as_str()
            .is_some_and(|d| d.contains("stage"))
    );
    assert!(
        refused(r#"{"channel":"web","text":"x","tenant":"990100X01"}"#, 422)["detail"]
            .as_str()
            .is_some_and(|d| d.contains("tenant"))
    );
    refused(r#"{"channel":"pigeon","text":"x"}"#, 422);
    refused(r#"{"channel":"web","text":"   "}"#, 422);
    refused(r#"{"channel":"web","text":"x","division":"000000"}"#, 422);
    refused(r#"{"channel":"web","text":"x","named":{"name":"","contact":""}}"#, 422);
    refused(r#"{"channel":"web","text":"\udc00"}"#, 400);
    refused(&format!(r#"{{"channel":"web","text":"x","subjects":{}"#, "[".repeat(50_000)), 422);
    refused(&a_report(&"长".repeat(30_000)).to_string(), 413);
    refused(&a_report(&"a".repeat(1_000_000)).to_string(), 413);
    let huge = "x".repeat(100_000);
    assert_eq!(send("GET", &url, &[("X-Huge", &huge)], b"").status, 431);

    assert!(city.file(&a_report("这是第一件。")).json()["number"].as_str().is_some_and(|n| n.contains("-000001-")));
    let said = send("POST", &url, &[("Accept-Language", "en-GB"), ("Idempotency-Key", &once)], b"").problem(401);
    assert!(said["detail"].as_str().is_some_and(|d| d.starts_with("Give a valid API key")), "{said}");
}

/// Attack 1 of the security design, at the size a test can afford.
#[rstest]
#[case(Engine::Sqlite)]
#[case(Engine::Postgres)]
fn parallel_submissions_are_all_stored_with_numbers_unique_and_gapless(#[case] engine: Engine) {
    const CLIENTS: usize = 64;
    const EACH: usize = 20;
    let city = City::serving(engine);
    let (api, key) = (city.api(), city.api_key());
    let answers: Vec<(String, String)> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (api, key) = (&api, &key);
                scope.spawn(move || {
                    (0..EACH)
                        .map(|n| {
                            let body = a_report(&format!("第{client}号窗口的第{n}件反映。")).to_string();
                            let answer = file_at(api, key, &fresh_key(), body.as_bytes());
                            assert_eq!(answer.status, 201, "{}", answer.text());
                            let json = answer.json();
                            let field = |name: &str| json[name].as_str().expect("a field").to_owned();
                            (field("number"), field("code"))
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|c| c.join().expect("a client")).collect()
    });
    let serials: BTreeSet<u32> =
        answers.iter().map(|(n, _)| n.split('-').nth(2).expect("a serial").parse().expect("digits")).collect();
    let all = (CLIENTS * EACH) as u32;
    assert_eq!(serials, (1..=all).collect::<BTreeSet<_>>());
    let codes: BTreeSet<&String> = answers.iter().map(|(_, code)| code).collect();
    assert_eq!(codes.len(), answers.len());
    for (number, code) in answers.iter().step_by(97) {
        assert_eq!(city.status(code).json()["number"], *number);
    }
}

#[test]
fn health_is_on_both_sides_and_figures_only_on_the_desks() {
    let city = City::serving(Engine::Sqlite);
    let at = |side: &str, path: &str| {
        send("GET", &format!("{}{path}", city.announced[side].as_str().expect("an address")), &[], b"")
    };
    for side in ["public", "desk"] {
        assert_eq!(at(side, "/health/live").status, 200);
        assert_eq!(at(side, "/health/ready").status, 200);
    }
    assert_eq!(city.file(&a_report("不应出现在指标里的一件。")).status, 201);
    // Figures are for the machine that watches, not for whoever reaches a page.
    for side in ["public", "desk"] {
        assert_eq!(at(side, "/metrics").status, 404, "{side}");
    }
    let figures = at("metrics", "");
    assert_eq!(figures.status, 200);
    assert!(figures.text().contains("dengwen_received_previous_day{organ=\"990100J01\"} 0"), "{}", figures.text());
    // The report just filed moves nothing that could be read off now.
    assert!(!figures.text().contains("outcome=\"done\""), "{}", figures.text());
    let specification = send("GET", &format!("{}/openapi.json", city.api()), &[], b"").json();
    assert!(specification["paths"]["/reports"]["post"].is_object(), "{specification}");
}
