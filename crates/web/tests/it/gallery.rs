//! Every template × sample × language × edition is rendered, checked for what no page may have,
//! and left as a file under the target folder, where a person can look at it.

use std::path::PathBuf;
use std::sync::Arc;

use askama::Template;
use domain::words::{Edition, Lang};
use jiff::civil::date;
use triage::caution;
use web::locale::Voice;
use web::public::draft::{Draft, SubjectDraft};
use web::public::page::*;

fn folder() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("gallery");
    std::fs::create_dir_all(&path).expect("the gallery's folder");
    path
}

/// Checks and keeps one rendered page.
pub fn keep(name: &str, voice: Voice, html: &str) {
    assert!(!html.contains('⟦'), "{name}: a message is missing: {}", excerpt(html, "⟦"));
    assert!(!html.contains("/assets/missing"), "{name}: a file is missing");
    assert!(!html.contains(" style="), "{name}: inline style");
    let opened = html.matches("<form").count();
    assert_eq!(opened, html.matches("</form>").count(), "{name}: forms");
    let file = format!("{name}.{}.{}.html", voice.edition, voice.lang);
    std::fs::write(folder().join(file), html).expect("the gallery is writable");
}

fn excerpt(html: &str, what: &str) -> String {
    let at = html.find(what).unwrap_or(0);
    html[at..].chars().take(60).collect()
}

pub fn voices() -> impl Iterator<Item = Voice> {
    [Edition::Jw, Edition::Xf].into_iter().flat_map(|edition| [Lang::Zh, Lang::En].map(|lang| Voice { lang, edition }))
}

fn page(voice: Voice, here: &str) -> PublicPage {
    let organ = match (voice.edition, voice.lang) {
        (Edition::Jw, Lang::Zh) => "云澜市纪委监委",
        (Edition::Jw, Lang::En) => "Yunlan Discipline Inspection Commission",
        (Edition::Xf, Lang::Zh) => "云澜市信访局",
        (Edition::Xf, Lang::En) => "Yunlan Petition Bureau",
    };
    PublicPage {
        voice,
        organ: organ.to_owned(),
        here: here.to_owned(),
        base: "/990100J01".to_owned(),
        divisions: Arc::new(vec![
            place("990102", "青禾县", ""),
            place("990102100", "柳河镇", "青禾县"),
            place("990103", "临江县", ""),
        ]),
        problems: Arc::new(vec![("4".to_owned(), "村里的钱和地".to_owned())]),
    }
}

fn place(code: &str, name: &str, above: &str) -> Place {
    Place { code: code.to_owned(), name: name.to_owned(), above: above.to_owned() }
}

fn draft() -> Draft {
    let mut d = Draft::new();
    d.subjects[0] = SubjectDraft {
        name: "周某某".into(),
        unit: "青禾县柳河镇东湾村".into(),
        post: "村委会主任".into(),
        rank: "village_head".into(),
    };
    d.division = "990102".into();
    d.text = "2024年春天，东湾村修水渠，村委会主任周某某把工程交给妻弟，没有公开招标，报账比市价高出一倍，共套取三万多元。\n我是村里的会计，这件事只有我和他知道。详情可打 138 0000 0000。<script>alert(1)</script>".into();
    d.when = "2024年3月至5月".into();
    d.place = "东湾村".into();
    d
}

fn status() -> Status {
    Status {
        once: "0".repeat(43),
        acts: 1,
        code: "7KQ2M9XW4T8RB1CDH5NZ".into(),
        number: "990100J01-2026-000217-K".into(),
        state: "承办部门正在核查".into(),
        next: vec!["下一步：最迟 2026年11月25日前告知是否受理。".into()],
        timeline: vec![
            Step { on: date(2026, 11, 21), text: "收到，已登记编号。".into() },
            Step { on: date(2026, 11, 23), text: "属于受理范围，已受理。".into() },
        ],
        messages: vec![
            Message { on: date(2026, 11, 24), from_office: true, text: "水渠在村东还是村西？<b>".into() },
            Message { on: date(2026, 11, 25), from_office: false, text: "村东头，靠近公路。".into() },
        ],
        may_add: true,
        may_object: true,
        may_rate: true,
    }
}

#[test]
fn the_assets_lie_beside_the_pages() {
    for name in [
        "weui.min.css",
        "public.css",
        "public.js",
        "tabler.min.css",
        "desk.css",
        "desk.js",
        "htmx.min.js",
        "echarts.min.js",
        "cockpit.js",
    ] {
        let path = folder().join(web::assets::path(name).trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("assets");
        std::fs::write(path, web::assets::bytes(name).unwrap_or_default()).expect("assets");
    }
}

#[test]
fn every_public_page_renders_in_both_languages_and_editions() {
    for voice in voices() {
        let p = |here: &str| page(voice, here);
        let say = |name: &str, html: askama::Result<String>| {
            let html = html.expect("renders");
            assert!(html.len() < 40_000, "{name} is {} bytes", html.len());
            assert!(!html.contains("<script>alert"), "{name}: her text became markup");
            keep(name, voice, &html);
        };
        let organs = vec![("/990100J01".to_owned(), "云澜市纪委监委".to_owned())];
        say("organs", Organs { p: p("/"), organs }.render());
        say("home", Home { p: p("/") }.render());
        say("guide", Guide { p: p("/guide") }.render());
        let log = office::log::TrustedLog {
            organ: "云澜市纪委监委".into(),
            vkey: "dengwen.invalid/log/990100J01+1a2b3c4d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh".into(),
            fingerprint: "0123456789abcdef".repeat(4),
        };
        let policy = format!("log {}\nquorum none\n", log.vkey);
        say("verify", Verify { p: p("/verify"), logs: vec![log], policy }.render());
        say("verify-before", Verify { p: p("/verify"), logs: Vec::new(), policy: String::new() }.render());
        let d = draft();
        say("who-empty", Who { p: p("/report"), d: Draft::new(), errors: vec![] }.render());
        let empty = Draft::new();
        let errors = empty.check_who(&p("/report"));
        assert_eq!(errors.len(), 1);
        say("who-error", Who { p: p("/report"), d: empty.clone(), errors }.render());
        say("what", What { p: p("/report"), d: d.clone(), errors: vec![] }.render());
        let mut wrong = empty;
        wrong.signing = "named".into();
        let errors = wrong.check_what(&p("/report"));
        assert_eq!(errors.len(), 3);
        say("what-error", What { p: p("/report"), d: wrong, errors }.render());
        let cautions = caution::cautions(&d.text);
        assert_eq!(cautions.len(), 3);
        let pieces = caution::pieces(&d.text, &cautions);
        let review = Review {
            p: p("/report"),
            d: d.clone(),
            errors: vec![],
            cautions,
            pieces,
            ticket: "1.990100J01.report".into(),
            bits: 4,
        };
        say("review", review.render());
        let wait =
            Wait { p: p("/report"), pairs: d.pairs(), ticket: "1.990100J01.report".into(), seconds: 12, files: true };
        say("wait", wait.render());
        let code = Code {
            p: p("/status"),
            lead: "code-lead",
            code: "7KQ2M9XW4T8RB1CDH5NZ".into(),
            number: "990100J01-2026-000217-K".into(),
            received_on: date(2026, 11, 21),
        };
        let html = code.render();
        assert!(html.as_ref().is_ok_and(|h| h.contains("<span>7KQ2M</span>")));
        say("code", html);
        let error = FieldError { field: "code".into(), text: voice.t("enter-error") };
        say(
            "enter",
            Enter { p: p("/status"), code: "7KQ2".into(), errors: vec![error], kept: "又想起一件事。".into() }.render(),
        );
        let shown = StatusPage {
            p: p("/status"),
            s: status(),
            errors: vec![],
            done: voice.t("status-message-sent"),
            kept: Kept::default(),
        };
        say("status", shown.render());
        say("away", Away { p: p("/") }.render());
        let said = Said::new(p("/"), voice.t("status-code-destroyed-heading"), voice.t("status-code-destroyed"));
        say("said", said.render());
        let problem = Problem {
            p: p("/report"),
            sentence: voice.t("error-broken-form"),
            action: "/report/submit",
            pairs: d.pairs(),
            files: true,
            said: d.full_text(),
        };
        say("problem", problem.render());
    }
}
