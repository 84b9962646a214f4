//! The main journey with a database that fails at its n-th call, for every n: whoever was told that
//! something failed tries again as people do, and afterwards nothing is lost, doubled or stuck.

use domain::report::{Command, Confirmed, Event};
use domain::words::*;
use office::Error;
use office::report::Act;
use office::thread::{Addition, Presented};
use store::Moment;

use crate::world::*;

/// Tries of one thing: a call fails once, so that the second look or the second try goes through.
const TRIES: usize = 4;

/// Tries again until it is done.
async fn again<T>(what: &str, attempt: impl AsyncFn() -> Result<T, Error>) -> T {
    let mut said = Vec::new();
    for _ in 0..TRIES {
        match attempt().await {
            Ok(done) => return done,
            Err(error) => said.push(format!("{error:?}")),
        }
    }
    panic!("{what} never went through: {said:?}");
}

/// One report's life, as those who live it remember it.
struct Life<'a> {
    world: &'a World,
    report: domain::ids::ReportId,
}

impl Life<'_> {
    /// A member of staff acts; told that it failed, she looks at the report before she tries again.
    async fn act(&self, user: &str, act: Act, happened: impl Fn(&Event) -> bool) {
        let hall = &self.world.hall;
        let mut said = Vec::new();
        for _ in 0..TRIES {
            match hall.act(&self.world.me(user), self.report, act.clone()).await {
                Ok(_) => return,
                Err(error) => said.push(format!("{error:?}")),
            }
            let seen = again("a look at the report", async || hall.view(&self.world.me(user), self.report).await).await;
            if seen.events.iter().any(|event| happened(&event.recorded.event)) {
                return;
            }
        }
        panic!("{user} never got {:?} through: {said:?}", act.command);
    }

    /// The reporter writes; told that it failed, she looks at her thread before she writes again.
    async fn write(&self, her: &Presented, text: &str) {
        let hall = &self.world.hall;
        let mut said = Vec::new();
        for _ in 0..TRIES {
            match hall.add(her, Addition::Message(text.to_owned())).await {
                Ok(_) => return,
                Err(error) => said.push(format!("{error:?}")),
            }
            let seen = again("a look at the thread", async || hall.status(her, Lang::Zh).await).await;
            if seen.messages.iter().any(|message| message.text == text) {
                return;
            }
        }
        panic!("the message never went through: {said:?}");
    }
}

/// Lets the worker do all that waits, whatever fails meanwhile; a job that failed waits its time.
async fn settle(world: &World) {
    let organ = tenant(JW);
    for _ in 0..40 {
        let done = world.hall.work(&organ).await;
        let waits = again("a count of jobs", async || world.hall.jobs_waiting(&organ).await).await;
        if done.is_ok() && waits == 0 {
            return;
        }
        world.pass(2);
    }
    panic!("a job is stuck");
}

/// A word that stands in one report alone.
fn mark(nth: u64) -> String {
    format!("mark{nth:04}")
}

/// Lives the journey once while the armed call fails; what was acknowledged is checked at once.
async fn live(world: &World, nth: u64) {
    let hall = &world.hall;
    let organ = tenant(JW);
    let text = format!("{TEXT}记号{}。", mark(nth));
    let new = public(&text, stranger(), signed());
    let filed = again("the filing", async || {
        let mut opening = hall.open_report(&organ, &new.subjects)?;
        hall.attach(&mut opening, "现场.png", crate::journey::picture()).await?;
        hall.receive(opening, new.clone()).await
    })
    .await;
    let code = filed.code.clone();
    let told = again("the same filing once more", async || {
        let opening = hall.open_report(&organ, &new.subjects)?;
        hall.receive(opening, new.clone()).await
    })
    .await;
    assert_eq!((&told.code, &told.number), (&code, &filed.number), "a retry is told the same");
    settle(world).await;

    let life = Life { world, report: filed.report };
    let plain = Act::plain;
    let telling = |command, words: &str| Act::plain(command).telling(words);
    let accept = plain(Command::Accept { kind: Kind::Accusation });
    life.act("clerk", accept, |e| matches!(e, Event::ScopeDecided { .. })).await;
    let tell = telling(Command::TellAcceptance { way: TellingWay::System }, "您的反映已经受理。");
    life.act("clerk", tell, |e| matches!(e, Event::AcceptanceTold { .. })).await;
    let present = Act::with_text(Command::Present { to: Role::Leader }, "建议分办。");
    life.act("clerk", present, |e| matches!(e, Event::Presented { .. })).await;
    let instruct = Act::with_text(
        Command::Instruct { due: Some(jiff::civil::date(2026, 3, 20)), verdict: Confirmed::Yes },
        "同意。",
    );
    life.act("leader", instruct, |e| matches!(e, Event::Instructed { .. })).await;
    let known = plain(Command::VerifyName { signing: Signing::NamedVerified });
    life.act("clerk", known, |e| matches!(e, Event::NameVerified { .. })).await;
    life.act("clerk", dispatch("jj1"), |e| matches!(e, Event::Dispatched { .. })).await;
    life.act("leader2", assign("handler"), |e| matches!(e, Event::Assigned { .. })).await;
    let her = again("the code", async || hall.present(&code).await).await;
    life.write(&her, "合同是去年十月签的。").await;
    let contact = telling(Command::RecordContact { way: ContactWay::Thread }, "请补充。");
    life.act("handler", contact, |e| matches!(e, Event::ContactHeld { .. })).await;
    let dispose = plain(Command::Dispose { way: Disposal::PreliminaryCheck });
    life.act("handler", dispose, |e| matches!(e, Event::Disposed { .. })).await;
    let finding = Command::RecordFinding { allegation: 1, finding: Finding::PartlyProved };
    life.act("handler", Act::with_text(finding, "确未招标。"), |e| matches!(e, Event::FindingRecorded { .. })).await;
    let draft = Act::with_text(Command::DraftAnswer, "经核查，部分属实。");
    life.act("handler", draft, |e| matches!(e, Event::FeedbackDrafted)).await;
    let approve = plain(Command::ApproveAnswer { verdict: Confirmed::Yes });
    life.act("leader2", approve, |e| matches!(e, Event::FeedbackApproved { .. })).await;
    let answer = telling(Command::DeliverAnswer { way: TellingWay::System }, "经核查，部分属实。");
    life.act("handler", answer, |e| matches!(e, Event::FeedbackDelivered { .. })).await;
    let answered = Act::with_text(Command::AnswerInstruction, "已办结。");
    life.act("handler", answered, |e| matches!(e, Event::InstructionAnswered)).await;
    life.act("handler", plain(Command::Close), |e| matches!(e, Event::Closed)).await;
    settle(world).await;
    again("the publication", async || hall.publish(&organ).await).await;
}

/// What must hold of the life that was just lived, with nothing failing any more.
async fn holds(world: &World, nth: u64) {
    let hall = &world.hall;
    let head = world.me("head");
    let ask = office::desk::Sealed { words: mark(nth), ..Default::default() };
    let ask = office::desk::Ask { sealed: ask, ..office::desk::Ask::of(office::desk::Ledger::Register) };
    let found = hall.ledger(&head, office::desk::Ledger::Register, &ask).await.unwrap();
    assert_eq!(found.rows.len(), 1, "call {nth}: the index has it, and once");
    let row = &found.rows[0].row;
    assert_eq!(u64::from(row.number.serial), nth, "numbers are gapless");
    let open = hall.view(&head, row.report).await.unwrap();
    assert_eq!(open.state.stage, Stage::Closed, "call {nth}");
    let count = |wanted: fn(&Event) -> bool| open.events.iter().filter(|e| wanted(&e.recorded.event)).count();
    for (what, wanted) in [
        ("accepted", (|e| matches!(e, Event::ScopeDecided { .. })) as fn(&Event) -> bool),
        ("dispatched", |e| matches!(e, Event::Dispatched { .. })),
        ("found", |e| matches!(e, Event::FindingRecorded { .. })),
        ("answered", |e| matches!(e, Event::FeedbackDelivered { .. })),
        ("closed", |e| matches!(e, Event::Closed)),
        ("judged", |e| matches!(e, Event::Judged { .. })),
        ("written to", |e| matches!(e, Event::MessageSent { .. })),
    ] {
        assert_eq!(count(wanted), 1, "call {nth}: {what} once");
    }
    assert_eq!(open.files().len(), 1);
    assert!(hall.store.work_dead(store::Queue::Jobs, &tenant(JW)).await.unwrap().is_empty());
}

/// Fails every `stride`-th call of the journey, from a first one on; returns how many lives were lived.
async fn every_call(world: &World, moment: Moment, first: u64, stride: u64, lived: &mut u64) {
    let mut nth = first;
    loop {
        *lived += 1;
        world.hall.store.faults().arm(nth, moment);
        live(world, *lived).await;
        let struck = world.hall.store.faults().disarm();
        holds(world, *lived).await;
        if !struck {
            println!("{moment:?}: calls up to {nth}, every {stride}");
            return;
        }
        nth += stride;
    }
}

/// All calls one after another with `DENGWEN_FAULTS=all`; else every seventh, each moment at others.
async fn journey(engine: Engine) {
    let world = World::new(engine).await;
    let all = std::env::var("DENGWEN_FAULTS").is_ok_and(|v| v == "all");
    let stride = if all { 1 } else { 7 };
    let mut lived = 0;
    every_call(&world, Moment::Before, 1, stride, &mut lived).await;
    every_call(&world, Moment::After, if all { 1 } else { 4 }, stride, &mut lived).await;
    assert!(lived > 20, "the journey makes more calls than {lived}");
    world.sound().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journey_survives_a_call_that_fails_sqlite() {
    journey(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journey_survives_a_call_that_fails_postgres() {
    journey(Engine::Postgres).await;
}
