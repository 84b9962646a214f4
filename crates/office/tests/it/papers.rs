//! The five papers and the proof out of live reports of both editions, read back from the PDF: what
//! stands on them was decided by people or reckoned by the rules, and what is missing is refused.
//! `PAPERS_OUT` names a folder to look at them as they are.

use std::collections::BTreeMap;
use std::process::Command as Program;

use domain::content::{Allegation, Registration};
use domain::registration::{Completed, Signed};
use domain::report::command::{Confirmed, NewFacts};
use domain::report::{Command, Review};
use domain::words::*;
use office::Error;
use office::desk::ByHand;
use office::paper::PaperKind;
use office::report::Act;
use office::thread::Addition;
use rstest::rstest;

use crate::world::*;

/// The words of a paper without blanks; `None` where no font or no poppler is installed.
async fn read(world: &World, user: &str, report: domain::ids::ReportId, kind: PaperKind) -> Option<String> {
    let names = |family: &str, spelling: &str| match (family, spelling) {
        ("rank", "section") => "乡科级".to_owned(),
        ("finding", "partly_proved") => "部分属实".to_owned(),
        _ => format!("{family}={spelling}"),
    };
    let issued = match world.hall.issue_paper(&world.me(user), report, kind, &names).await {
        Ok(issued) => issued,
        Err(error) if error.slug() == "paper" => {
            println!("skipped: {error}");
            return None;
        }
        Err(other) => panic!("{kind:?}: {other:?}"),
    };
    words(&issued.pdf, &issued.name)
}

/// The words of a PDF without blanks; `None` where no poppler is installed.
pub fn words(pdf: &[u8], name: &str) -> Option<String> {
    if let Some(folder) = std::env::var_os("PAPERS_OUT") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("paper.pdf");
    std::fs::write(&file, pdf).unwrap();
    match Program::new("pdftotext").args(["-enc", "UTF-8"]).arg(&file).arg("-").output() {
        Ok(output) => Some(String::from_utf8(output.stdout).unwrap().chars().filter(|c| !c.is_whitespace()).collect()),
        Err(_) => {
            println!("skipped: pdftotext (Debian package poppler-utils) is not installed");
            None
        }
    }
}

async fn refused(world: &World, user: &str, report: domain::ids::ReportId, kind: PaperKind) -> Error {
    world.hall.issue_paper(&world.me(user), report, kind, &|_, s| s.to_owned()).await.expect_err("too early")
}

fn has(text: &str, wanted: &[&str]) {
    for word in wanted {
        assert!(text.contains(word), "{word} is missing in {text}");
    }
}

/// A letter as a clerk registers it.
fn registered() -> Completed {
    let mut who = subject("方某某", "澜东县柳堰镇政府", "副镇长");
    who.rank = Some(Rank::Section);
    let fields = [("secrecy", "none"), ("opinion", "forward"), ("opinion_text", "线索具体，附合同复印件")];
    Completed {
        form: Form::Letter,
        received_on: TODAY,
        channel: Channel::Letter,
        source: Source::Own,
        urgency: Urgency::Normal,
        superior_due: None,
        platform_number: None,
        title: "关于反映工程未招标的问题".into(),
        text: TEXT.into(),
        digest: None,
        subjects: vec![who],
        allegations: vec![Allegation {
            id: 1,
            subject: Some(0),
            problem: Some("91".into()),
            summary: "把道路工程交给亲属".into(),
        }],
        division: Some("990121".into()),
        tags: Default::default(),
        source_note: None,
        signed: Signed::Unverified,
        identity: signed(),
        registration: Registration {
            form: "letter".into(),
            version: "2026.1".into(),
            fields: fields.map(|(k, v)| (k.to_owned(), vec![v.to_owned()])).into_iter().collect::<BTreeMap<_, _>>(),
        },
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_papers_of_a_report_say_what_was_done_with_it(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let by_hand = ByHand { token: vec![7; 32], form: registered(), files: Vec::new() };
    let filed = hall.register(&world.me("clerk"), by_hand).await.unwrap();
    world.settle().await;
    let r = filed.report;

    // 呈批单, before anything was presented: as registered.
    let Some(form) = read(&world, "clerk", r, PaperKind::PresentationForm).await else { return };
    has(
        &form,
        &["密级无", "乡科级", "方某某", "拟转送有关单位", "线索具体，附合同复印件", "经办人：林晓舟", "初次反映"],
    );
    assert_eq!(refused(&world, "clerk", r, PaperKind::AcceptanceNotice).await.slug(), "paper-not-yet");

    world.act("clerk", r, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    let told = Command::TellAcceptance { way: TellingWay::Written };
    world.act("clerk", r, Act::plain(told).telling("已经受理。")).await;
    let notice = read(&world, "clerk", r, PaperKind::AcceptanceNotice).await.unwrap();
    has(&notice, &["2026年3月2日受理", "15个工作日内"]);
    world.act("clerk", r, Act::with_text(Command::Present { to: Role::Leader }, "拟分办第一监督检查室。")).await;
    let form = read(&world, "clerk", r, PaperKind::PresentationForm).await.unwrap();
    has(&form, &["拟分办第一监督检查室"]);
    assert!(!form.contains("拟转送有关单位"), "what was presented stands in place of what was registered");
    let instruct = Command::Instruct { due: None, verdict: Confirmed::Yes };
    world.act("leader", r, Act::with_text(instruct, "同意。")).await;
    world.name_looked_into("clerk", r).await;
    world.act("clerk", r, dispatch("jj1")).await;
    world.act("leader2", r, assign("handler")).await;
    world.act("handler", r, Act::plain(Command::Dispose { way: Disposal::PreliminaryCheck })).await;
    let finding = Command::RecordFinding { allegation: 1, finding: Finding::PartlyProved };
    world.act("handler", r, Act::with_text(finding, "两个标段确未招标。")).await;

    let her = hall.present(&filed.code).await.unwrap();
    hall.add(&her, Addition::Evidence("又找到一张收条".to_owned(), Vec::new())).await.unwrap();
    world.act("handler", r, Act::with_text(Command::CheckEvidence, "收条与账目一致")).await;
    world.act("handler", r, Act::with_text(Command::DraftAnswer, "经核查，部分属实。")).await;
    world.act("leader2", r, Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })).await;
    assert_eq!(refused(&world, "handler", r, PaperKind::FeedbackRecord).await.slug(), "paper-not-yet");
    let deliver = Command::DeliverAnswer { way: TellingWay::InPerson };
    world.act("handler", r, Act::plain(deliver).telling("经核查，部分属实。")).await;
    hall.add(&her, Addition::Objection("还有四个标段没有说明".to_owned())).await.unwrap();
    let explained = Act::plain(Command::ExplainObjection { review: Review::Here }).telling("其余四个标段有招标文件");
    world.act("handler", r, explained).await;
    let record = read(&world, "handler", r, PaperKind::FeedbackRecord).await.unwrap();
    has(
        &record,
        &[
            "把道路工程交给亲属",
            "还有四个标段没有说明",
            "其余四个标段有招标文件",
            "认定后补充：又找到一张收条",
            "已核查：收条与账目一致",
            // 15 working days from Monday 2 March.
            "2026年3月23日前",
        ],
    );
    assert!(!record.contains("未提供"), "{record}");
    world.act("handler", r, Act::plain(Command::Close)).await;

    // A repeat: its 呈批单 names the main report and how that ended.
    let again = world.file(JW, TEXT, stranger(), None).await;
    world.settle().await;
    world.act("clerk", again.report, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("clerk", again.report, Act::plain(Command::Link { to: r, new_facts: NewFacts::Some })).await;
    let form = read(&world, "clerk", again.report, PaperKind::PresentationForm).await.unwrap();
    let number = filed.number.to_string();
    has(&form, &[number.as_str(), "认定：部分属实1项；2026年3月2日办结", "密级工作秘密"]);

    // The proof of filing, which holds no word of it.
    world.settle().await;
    hall.publish(&tenant(JW)).await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_decide_what_becomes_of_a_request_and_by_which_law(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let text = "澜东县城南小区去年冬天暖气一直不热，请求责令退还采暖费。";
    let filed = world.file(XF, text, vec![], signed()).await;
    world.settle().await;
    let r = filed.report;
    assert_eq!(refused(&world, "xf-clerk", r, PaperKind::AcceptanceLetter).await.slug(), "paper-not-yet");
    world.act("xf-clerk", r, Act::plain(Command::Accept { kind: Kind::Petition })).await;
    let told = Act::plain(Command::TellAcceptance { way: TellingWay::Written }).telling("已经受理。");
    world.act("xf-clerk", r, told).await;
    world.name_looked_into("xf-clerk", r).await;
    world.act("xf-clerk", r, dispatch("dc")).await;
    let state = world.hall.view(&world.me("xf-clerk"), r).await.unwrap().state;
    let due = state.clock("petition_finish").unwrap().last_day();
    if let Some(letter) = read(&world, "xf-handler", r, PaperKind::AcceptanceLetter).await {
        has(&letter, &[&format!("{}年{}月{}日前出具书面答复", due.year(), due.month(), due.day())]);
    }
    world.act("xf-leader", r, assign("xf-handler")).await;
    // Nothing could be verified, and the office still answers with more than a refusal.
    let finding = Command::RecordFinding { allegation: 1, finding: Finding::CannotVerify };
    world.act("xf-handler", r, Act::with_text(finding, "当时没有测温记录。")).await;
    let undecided = world.refused("xf-handler", r, Act::with_text(Command::DraftAnswer, "退还一半采暖费。")).await;
    assert_eq!(undecided.slug(), "answer-undecided");
    let lawless = Act::reply("退还一半采暖费。", Disposition::PartlySupported, " \n ");
    assert_eq!(world.refused("xf-handler", r, lawless).await.slug(), "answer-undecided");
    let basis = "《信访工作条例》第三十二条\n《望澜市城市供热管理办法》第二十四条";
    world.act("xf-handler", r, Act::reply("退还一半采暖费。", Disposition::PartlySupported, basis)).await;
    let open = world.hall.view(&world.me("xf-leader"), r).await.unwrap();
    let drafted = open.texts(|e| matches!(e, domain::report::Event::ReplyDrafted)).last().unwrap().1;
    assert_eq!(drafted.disposition(), Some(Disposition::PartlySupported), "who approves it sees what was decided");
    assert_eq!(drafted.basis().len(), 2);
    assert_eq!(refused(&world, "xf-handler", r, PaperKind::HandlingOpinion).await.slug(), "paper-not-yet");
    world.act("xf-leader", r, Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })).await;
    if let Some(opinion) = read(&world, "xf-handler", r, PaperKind::HandlingOpinion).await {
        has(
            &opinion,
            &[
                "部分予以支持",
                "退还一半采暖费",
                "1.《信访工作条例》第三十二条",
                "2.《望澜市城市供热管理办法》",
                "30日内",
            ],
        );
        for made_up in ["不予支持", "条件尚不具备", "第三十一条"] {
            assert!(!opinion.contains(made_up), "{made_up} was decided by nobody: {opinion}");
        }
    }
    let reply = Act::plain(Command::DeliverAnswer { way: TellingWay::Written });
    world.act("xf-handler", r, reply).await;
    let late = refused(&world, "xf-handler", r, PaperKind::AcceptanceLetter).await;
    assert_eq!(late.slug(), "paper-not-yet", "no clock runs: no date is made up");
    world.settle().await;
    world.sound().await;
}
