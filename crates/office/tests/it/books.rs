//! 来访簿 and 来电簿: what the forms asked stands in their columns, in the line below and in what leaves
//! the house, and in no table of the register.

use domain::registration::{Answers, complete};
use domain::rules::Rules;
use domain::words::*;
use office::desk::{Ask, Bit, ByHand, Call, Column, Ledger, Visit, cell};
use office::export::Take;
use rstest::rstest;

use crate::hiding::holds;
use crate::world::*;

const SHARED: &[(&str, &str)] = &[
    ("received_on", "2026-03-02"),
    ("source", "own"),
    ("urgency", "normal"),
    ("secrecy", "none"),
    ("division", "unknown"),
    ("sector", "unknown"),
    ("title", "关于水渠工程的问题"),
    ("text", "村里修水渠没有招标，多次询问没有答复。"),
    ("signing", "anonymous"),
    ("opinion", "keep"),
];

async fn register(world: &World, form: Form, token: u8, own: &[(&str, &str)]) {
    let pairs = [SHARED, own].concat().into_iter().map(|(n, v)| (n.to_owned(), v.to_owned()));
    let form = complete(&Rules::embedded().form(form).of(Edition::Jw), &Answers::of(pairs)).unwrap();
    let by_hand = ByHand { token: vec![token; 16], form, files: Vec::new() };
    world.hall.register(&world.me("clerk2"), by_hand).await.unwrap();
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_of_visits_and_calls_show_what_their_forms_asked(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let clerk = world.me("clerk2");
    let received = [("receiver_one", "clerk2"), ("receiver_two", "head")];
    let visit = |who: &'static str, kind: &'static str| {
        [&received[..], &[("visitors", who), ("visit_type", kind), ("arrived_at", "2026-03-02T09:30")]].concat()
    };
    register(&world, Form::Visit, 1, &visit("1", "single")).await;
    register(&world, Form::Visit, 2, &visit("6", "booked")).await;
    let call = |until: &'static str, recording: &'static str| {
        [("called_at", "2026-03-02T09:30"), ("ended_at", until), ("taken_by", "head"), ("recording", recording)]
    };
    register(&world, Form::Call, 3, &call("2026-03-02T09:42", "told")).await;
    register(&world, Form::Call, 4, &call("", "none")).await;

    let list = async |ledger: Ledger| world.hall.ledger(&clerk, ledger, &Ask::of(ledger)).await.unwrap();
    let visits = list(Ledger::Visits).await;
    let receivers = vec!["余安禾".to_owned(), "贺知秋".to_owned()];
    let shown: Vec<Visit> = visits.rows.iter().filter_map(|row| row.visit.clone()).collect();
    assert_eq!(
        shown,
        [
            Visit { persons: 6, receivers: receivers.clone(), group: true },
            Visit { persons: 1, receivers, group: false },
        ]
    );
    assert_eq!((visits.attendance.batches, visits.attendance.persons), (2, 7));
    assert!(visits.rows.iter().all(|row| row.call.is_none()));
    let calls = list(Ledger::Calls).await;
    let shown: Vec<Call> = calls.rows.iter().filter_map(|row| row.call.clone()).collect();
    let taken_by = "贺知秋".to_owned();
    assert_eq!(
        shown,
        [
            Call { taken_by: taken_by.clone(), minutes: None, recorded: Some(false) },
            Call { taken_by, minutes: Some(12), recorded: Some(true) },
        ]
    );
    let words = |column| cell(column, &calls.rows[1], 1, TODAY);
    assert_eq!(words(Column::TakenBy), [[Bit::Text("贺知秋".into())]]);
    assert_eq!(words(Column::Duration), [[Bit::Say("row-minutes", "n", "12".into())]]);
    assert_eq!(words(Column::Recording), [[Bit::Say("row-recorded", "n", String::new())]]);
    for (ledger, own) in [
        (Ledger::Visits, [Column::Persons, Column::Receivers, Column::Group]),
        (Ledger::Calls, [Column::TakenBy, Column::Duration, Column::Recording]),
    ] {
        assert!(own.iter().all(|c| ledger.columns().contains(c) && c.is_sealed()), "{ledger:?}");
    }

    // What the columns show leaves for a purpose only, with a last row that adds up everything.
    let head = world.me("head");
    let speak = |bit: &Bit| match bit {
        Bit::Text(text) => text.clone(),
        Bit::Say(key, _, value) => format!("{key}={value}"),
        _ => String::new(),
    };
    let take = Take { columns: Ledger::Visits.columns(), sealed: true, purpose: "月报".into() };
    let whole = world.hall.export(&head, Ledger::Visits, &Ask::of(Ledger::Visits), &take, &speak).await.unwrap();
    for words in ["余安禾", "row-persons=6", "row-sum=0", "row-batches=2 / row-all-persons=7"] {
        assert!(holds(&whole, words), "{words}");
    }
    let plain = Take { sealed: false, ..take };
    let plain = world.hall.export(&head, Ledger::Visits, &Ask::of(Ledger::Visits), &plain, &speak).await.unwrap();
    assert!(!holds(&plain, "余安禾") && !holds(&plain, "row-batches"));
    world.sound().await;
}
