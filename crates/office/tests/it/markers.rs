//! Words nobody may read on the disk: every field of every door carries a marker, and no file and
//! no table says one of them (attack 6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::content::Identity;
use domain::report::Command;
use domain::words::*;
use office::desk::{Ask, Ledger, Query, Sealed};
use office::report::Act;
use office::thread::Addition;
use rstest::rstest;
use store::{Filter, Order, Sort, SortBy};

use crate::world::*;

const MARKERS: [&str; 14] = [
    "标记正文甲zqkvwxjt01",
    "标记标题乙zqkvwxjt02",
    "标记姓名丙zqkvwxjt03",
    "标记联系丁zqkvwxjt04",
    "标记单位戊zqkvwxjt05",
    "标记职务己zqkvwxjt06",
    "标记文件庚zqkvwxjt07",
    "标记检索辛zqkvwxjt08",
    "标记用途壬zqkvwxjt09",
    "标记意见癸zqkvwxjt10",
    "标记留言子zqkvwxjt11",
    "标记告知丑zqkvwxjt12",
    "标记证据寅zqkvwxjt13",
    "标记对象卯zqkvwxjt14",
];

/// A marker as it could stand somewhere: as it is, in hexadecimal, escaped, in any of the three
/// alignments of base64, in UTF-16.
fn spellings(marker: &str) -> Vec<Vec<u8>> {
    let bytes = marker.as_bytes();
    let mut all = vec![
        bytes.to_vec(),
        bytes.iter().map(|b| format!("{b:02x}")).collect::<String>().into_bytes(),
        bytes.iter().map(|b| format!("{b:02X}")).collect::<String>().into_bytes(),
        marker.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        // The rare end of every marker, which an index would keep as a word of its own.
        bytes[bytes.len() - 10..].to_vec(),
    ];
    for skip in 0..3 {
        let padded = [&vec![0; skip], bytes].concat();
        let coded = STANDARD.encode(padded);
        // Without the characters that depend on the neighbours.
        all.push(coded.as_bytes()[4..coded.len() - 4].to_vec());
    }
    all
}

fn look(place: &str, bytes: &[u8]) {
    for marker in MARKERS {
        for spelling in spellings(marker) {
            assert!(!bytes.windows(spelling.len()).any(|w| w == spelling), "{marker} stands in {place}");
        }
    }
}

#[test]
fn a_marker_left_somewhere_would_be_found() {
    for held in [MARKERS[2].to_owned(), STANDARD.encode(format!("x{}yz", MARKERS[2])), format!("{:?}", MARKERS[2])] {
        let found = std::panic::catch_unwind(|| look("a file", held.as_bytes()));
        assert!(found.is_err(), "{held}");
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_written_stands_on_the_disk(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let hall = &world.hall;
    let [text, title, name, contact, unit, post, file, search, purpose, opinion, message, told, evidence, person] =
        MARKERS;
    let who = vec![subject(person, unit, post)];
    let long = format!("{text}{}", TEXT.repeat(3));
    let mut new =
        public(&long, who, Some(Identity { name: name.into(), contact: contact.into(), ..Identity::default() }));
    new.title = title.into();
    let mut opening = hall.open_report(&tenant(JW), &new.subjects).unwrap();
    hall.attach(&mut opening, &format!("{file}.png"), crate::journey::picture()).await.unwrap();
    let filed = hall.receive(opening, new).await.unwrap();
    world.settle().await;
    let clerk = world.me("clerk");
    for words in [search, text] {
        hall.search(&clerk, &Query { words: words.into(), subject: person.into(), ..Query::default() }).await.unwrap();
    }
    hall.look_for_repeats(&clerk, text).await.unwrap();
    world.export(&world.me("head"), Ledger::Register, purpose).await.unwrap();
    let sealed = Sealed { words: search.into(), subject: person.into(), unit: unit.into(), ..Sealed::default() };
    let found = hall.ledger(&clerk, Ledger::Todo, &Ask { sealed, ..Ask::of(Ledger::Todo) }).await.unwrap();
    assert!(found.rows.is_empty(), "nobody wrote the words searched for");
    world.act("clerk", filed.report, Act::plain(Command::Accept { kind: Kind::Accusation }).telling(told)).await;
    world.act("clerk", filed.report, Act::with_text(Command::Present { to: Role::Leader }, opinion)).await;
    let her = hall.present(&filed.code).await.unwrap();
    hall.add(&her, Addition::Message(message.into())).await.unwrap();
    hall.add(&her, Addition::Evidence(evidence.into(), vec![(format!("{file}.png"), crate::journey::picture())]))
        .await
        .unwrap();
    world.settle().await;
    hall.publish(&tenant(JW)).await.unwrap();
    // It is all there for who may read it.
    let open = hall.view(&clerk, filed.report).await.unwrap();
    assert!(open.narrative.text.contains(text) && open.narrative.title == title);
    let sort = Sort { by: SortBy::Received, order: Order::Descending };
    assert_eq!(
        hall.list(&clerk, "inbox", &Filter::default(), sort, 0, 9).await.unwrap().rows[0].narrative.title,
        title
    );

    let mut seen = 0;
    for path in files(&world.data()) {
        let bytes = std::fs::read(&path).unwrap();
        seen += bytes.len();
        look(&path.display().to_string(), &bytes);
    }
    assert!(seen > 50_000, "there is something to look through");
    let mut dump = Vec::new();
    hall.store.export_snapshot(&mut dump, &mut |_, _| {}).await.unwrap();
    assert!(dump.len() > 20_000);
    look("the database", &dump);
    // The code itself is kept nowhere either.
    let code = filed.code.replace('-', "");
    assert!(!dump.windows(code.len()).any(|w| w == code.as_bytes()));
    let backup = world.folder.path().join("backup");
    hall.backup(&backup, &mut |_, _| {}).await.unwrap();
    for path in files(&backup) {
        look(&path.display().to_string(), &std::fs::read(&path).unwrap());
    }
}
