//! From the public page to the closing and back to the code, in both editions.

use domain::report::{Command, Confirmed, Event, Review};
use domain::words::*;
use office::Error;
use office::desk::{Ask, Ledger};
use office::report::{Act, OpenWords};
use office::thread::Addition;
use rstest::rstest;
use store::ThreadFrom;

use crate::world::*;

/// The smallest PNG: one black point.
pub fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(1, 1).write_to(&mut out, image::ImageFormat::Png).unwrap();
    out.into_inner()
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_signed_accusation_is_judged_handled_answered_and_closed(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let mut new = public(TEXT, stranger(), signed());
    new.title = "道路改造工程未招标".to_owned();
    let mut opening = hall.open_report(&tenant(JW), &new.subjects).unwrap();
    hall.attach(&mut opening, "合同照片.png", picture()).await.unwrap();
    let filed = hall.receive(opening, new).await.unwrap();
    assert_eq!(filed.number.to_string().split('-').take(3).collect::<Vec<_>>(), [JW, "2026", "000001"]);
    assert_eq!(filed.received_on, TODAY);

    let unjudged = hall.view(&world.me("clerk"), filed.report).await.unwrap();
    assert!(unjudged.suggestions.is_none());
    world.settle().await;
    let open = hall.view(&world.me("clerk"), filed.report).await.unwrap();
    assert_eq!(open.narrative.text, TEXT);
    assert_eq!(open.narrative.subjects, stranger());
    let suggested = open.suggestions.as_ref().unwrap();
    assert!(!suggested.grounds.is_empty() && !suggested.category.label.is_empty(), "{suggested:?}");
    assert!(suggested.places.iter().any(|p| p.code == "990121"), "{:?}", suggested.places);
    assert!(suggested.entities.iter().any(|e| e.text.contains("四百二十万元")), "{:?}", suggested.entities);
    assert!(suggested.repeats.is_empty());
    let files = open.files();
    assert_eq!(files.len(), 1);
    let file = hall.file(&world.me("clerk"), filed.report, &files[0].blob).await.unwrap();
    assert_eq!((file.name.as_str(), file.media_type.as_str()), ("合同照片.png", "image/png"));

    let r = filed.report;
    let telling = |command, words: &str| Act::plain(command).telling(words);
    world.act("clerk", r, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    world.act("clerk", r, telling(Command::TellAcceptance { way: TellingWay::System }, "您的反映已经受理。")).await;
    world.act("clerk", r, Act::with_text(Command::Present { to: Role::Leader }, "线索具体，建议分办。")).await;
    let refused = world.refused("clerk", r, Act::plain(Command::Instruct { due: None, verdict: Confirmed::Yes })).await;
    assert!(matches!(refused, Error::Forbidden(_)), "{refused:?}");
    let instruct = Command::Instruct { due: Some(jiff::civil::date(2026, 3, 20)), verdict: Confirmed::Yes };
    world.act("leader", r, Act::with_text(instruct, "同意，3月20日前报结果。")).await;
    world.name_looked_into("clerk", r).await;
    world.act("clerk", r, dispatch("jj1")).await;
    world.act("leader2", r, assign("handler")).await;
    world
        .act("handler", r, telling(Command::RecordContact { way: ContactWay::Thread }, "请补充合同签订的时间。"))
        .await;

    let her = hall.present(&filed.code).await.unwrap();
    let status = hall.status(&her, Lang::Zh).await.unwrap();
    assert_eq!((status.number.clone(), status.stage), (filed.number.clone(), Stage::InHandling));
    assert!(status.timeline.len() >= 4, "{:?}", status.timeline);
    assert!(status.messages.iter().any(|m| m.from == ThreadFrom::Office && m.text == "请补充合同签订的时间。"));
    let shown = format!("{:?}{:?}", status.timeline, status.messages);
    for secret in ["蒋立诚", "四百二十万元", "林晓舟", "陆鸣谦", "苗望春", "十七号信箱"] {
        assert!(!shown.contains(secret), "{secret} is shown to whoever has the code");
    }
    hall.add(&her, Addition::Message("合同是去年十月签的。".to_owned())).await.unwrap();
    hall.add(&her, Addition::Evidence("补一张照片".to_owned(), vec![("现场.png".to_owned(), picture())]))
        .await
        .unwrap();
    let status = hall.status(&her, Lang::Zh).await.unwrap();
    assert!(status.messages.iter().any(|m| m.from == ThreadFrom::Reporter && m.text == "合同是去年十月签的。"));

    let open = hall.view(&world.me("handler"), r).await.unwrap();
    assert!(open.texts(|e| matches!(e, Event::MessageSent { .. })).any(|(_, t)| t.text == "合同是去年十月签的。"));
    assert_eq!(open.files().len(), 2);
    let file = hall.file(&world.me("handler"), r, &open.files()[1].blob).await.unwrap();
    assert_eq!(file.name, "现场.png");

    world.act("handler", r, Act::plain(Command::Dispose { way: Disposal::PreliminaryCheck })).await;
    let finding = Command::RecordFinding { allegation: 1, finding: Finding::PartlyProved };
    world.act("handler", r, Act::with_text(finding, "两个标段确未招标。")).await;
    world.act("handler", r, Act::with_text(Command::DraftAnswer, "经核查，您反映的问题部分属实，已按规定处理。")).await;
    let refused = world.refused("handler", r, Act::plain(Command::Close)).await;
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    world.act("leader2", r, Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })).await;
    let answer = Command::DeliverAnswer { way: TellingWay::System };
    world.act("handler", r, telling(answer, "经核查，您反映的问题部分属实，已按规定处理。")).await;
    world.act("handler", r, Act::with_text(Command::AnswerInstruction, "已办结。")).await;
    hall.add(&her, Addition::Objection("还有四个标段没有说明。".to_owned())).await.unwrap();
    world
        .act("handler", r, telling(Command::ExplainObjection { review: Review::Here }, "其余四个标段经查有招标文件。"))
        .await;
    let closed = world.act("handler", r, Act::plain(Command::Close)).await;
    assert!(happened(&closed, |e| matches!(e, Event::Closed)), "{closed:?}");
    hall.add(&her, Addition::Rating(Rating::FairlySatisfied)).await.unwrap();
    let twice = hall.add(&her, Addition::Rating(Rating::Satisfied)).await.unwrap_err();
    assert_eq!(twice.slug(), "rate_once");

    let open = hall.view(&world.me("head"), r).await.unwrap();
    assert_eq!(open.state.stage, Stage::Closed);
    assert_eq!(open.state.rating, Some(Rating::FairlySatisfied));
    let reasons = open.events.iter().find_map(|e| match &e.words {
        OpenWords::Finding(finding) => Some(finding.reasons.clone()),
        _ => None,
    });
    assert_eq!(reasons.as_deref(), Some("两个标段确未招标。"));

    let fresh = hall.replace_code(&her, &filed.code, hall.once().as_bytes()).await.unwrap();
    assert!(matches!(hall.present(&filed.code).await, Err(Error::NotFound)));
    let her = hall.present(&fresh).await.unwrap();
    let status = hall.status(&her, Lang::En).await.unwrap();
    assert!(status.messages.is_empty(), "what was sealed to the old code stays closed");
    hall.destroy_code(&her).await.unwrap();
    assert!(matches!(hall.present(&fresh).await, Err(Error::NotFound)));

    world.settle().await;
    hall.publish(&tenant(JW)).await.unwrap().unwrap();
    let checked = world.sound().await;
    assert!(checked.envelopes > 10, "{checked:?}");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_petition_is_accepted_answered_in_writing_and_closed(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let text = "澜东县城南小区去年冬天暖气一直不热，物业说是供热公司的事，供热公司说是管道的事，请求责令退还采暖费。";
    let filed = world.file(XF, text, vec![], signed()).await;
    world.settle().await;
    let r = filed.report;
    let open = hall.view(&world.me("xf-clerk"), r).await.unwrap();
    assert!(open.suggestions.is_some());
    world.act("xf-clerk", r, Act::plain(Command::Accept { kind: Kind::Petition })).await;
    let told = Act::plain(Command::TellAcceptance { way: TellingWay::Written }).telling("您的信访事项已经受理。");
    world.act("xf-clerk", r, told).await;
    world.name_looked_into("xf-clerk", r).await;
    world.act("xf-clerk", r, dispatch("dc")).await;
    world.act("xf-leader", r, assign("xf-handler")).await;
    let finding = Command::RecordFinding { allegation: 1, finding: Finding::Proved };
    world.act("xf-handler", r, Act::with_text(finding, "室温记录低于标准。")).await;
    world
        .act("xf-handler", r, Act::reply("支持请求，责令退费。", Disposition::Supported, "《信访工作条例》第三十二条"))
        .await;
    world.act("xf-leader", r, Act::plain(Command::ApproveAnswer { verdict: Confirmed::Yes })).await;
    let refused = world.refused("xf-handler", r, Act::plain(Command::DeliverAnswer { way: TellingWay::Phone })).await;
    assert!(matches!(refused, Error::Refused(_)), "a reply is in writing: {refused:?}");
    let written = Act::plain(Command::DeliverAnswer { way: TellingWay::Written });
    assert_eq!(world.refused("xf-handler", r, written).await.slug(), "opinion-first", "there is nothing to hand over");
    world
        .act("xf-handler", r, Act::plain(Command::IssuePaper { paper: "handling_opinion".into(), number: None }))
        .await;
    let other = Act::plain(Command::DeliverAnswer { way: TellingWay::Written }).telling("不支持请求。");
    assert_eq!(world.refused("xf-handler", r, other).await.slug(), "answer-changed", "what was approved is delivered");
    let reply = Act::plain(Command::DeliverAnswer { way: TellingWay::Written });
    let delivered = world.act("xf-handler", r, reply).await;
    assert!(happened(&delivered, |e| matches!(e, Event::ReplyDelivered { .. })), "{delivered:?}");
    world.act("xf-handler", r, Act::plain(Command::Close)).await;
    let her = hall.present(&filed.code).await.unwrap();
    let status = hall.status(&her, Lang::Zh).await.unwrap();
    assert_eq!(status.stage, Stage::Closed);
    assert!(status.messages.iter().any(|m| m.text == "支持请求，责令退费。"), "{:?}", status.messages);
    hall.add(&her, office::thread::Addition::Objection("请求复查。".to_owned())).await.unwrap();
    // Nobody reviews his own answer, and it waits for whoever can.
    let review = || Act::plain(Command::ExplainObjection { review: Review::Here }).telling("经复查，维持原处理意见。");
    for party in ["xf-handler", "xf-leader"] {
        assert!(matches!(world.refused(party, r, review()).await, Error::Refused(_)), "{party}");
    }
    let todo = hall.ledger(&world.me("xf-head"), Ledger::Todo, &Ask::of(Ledger::Todo)).await.unwrap();
    assert_eq!(todo.rows.iter().map(|row| row.row.report).collect::<Vec<_>>(), [r]);
    world.act("xf-head", r, review()).await;
    // Once everybody in charge had a part in it, she is sent to the superior organ, and it ends.
    hall.add(&her, office::thread::Addition::Objection("请求复核。".to_owned())).await.unwrap();
    for party in ["xf-handler", "xf-leader", "xf-head"] {
        assert!(matches!(world.refused(party, r, review()).await, Error::Refused(_)), "{party}");
    }
    let superior = Act::plain(Command::ExplainObjection { review: Review::Superior });
    world.act("xf-head", r, superior.telling("请自收到本答复之日起三十日内，向上一级机关请求复核。")).await;
    let todo = hall.ledger(&world.me("xf-head"), Ledger::Todo, &Ask::of(Ledger::Todo)).await.unwrap();
    assert!(todo.rows.is_empty());
    world.settle().await;
    hall.publish(&tenant(XF)).await.unwrap().unwrap();
    world.sound().await;
}

/// An anonymous report asks nobody to be told anything, and the law says so in words.
#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_anonymous_report_is_told_by_its_code_alone(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), None).await;
    let r = filed.report;
    world.act("clerk", r, Act::plain(Command::Accept { kind: Kind::Accusation })).await;
    let told = Act::plain(Command::TellAcceptance { way: TellingWay::Phone });
    assert_eq!(world.refused("clerk", r, told).await.slug(), "no_one_to_tell");
    let seen = Act { seen: Some(1), ..Act::plain(Command::Present { to: Role::Leader }) };
    assert!(matches!(world.refused("clerk", r, seen).await, Error::Conflict));
    let buttons =
        world.hall.buttons(&world.me("clerk"), &world.hall.view(&world.me("clerk"), r).await.unwrap(), Lang::Zh);
    let present = buttons.iter().find(|b| b.command == CommandKind::Present).unwrap();
    assert_eq!(present.why_not, None);
    let close = buttons.iter().find(|b| b.command == CommandKind::Close).unwrap();
    assert!(close.why_not.as_ref().is_some_and(|why| !why.is_empty()), "an unlawful button says why");
}
