//! The head log over all organs: every published checkpoint stands in it, and an organ whose log was
//! rolled back, forked or left out is named. And checkpoints kept elsewhere, and older registers.

use ledger::commit::successor_commitment;
use ledger::note::{KeyKind, Signer};
use ledger::{Checkpoint, Folder, Leaf, Policy, Reader};
use office::backup::restore;
use office::fsck::Ended;
use office::keys::Holding;
use office::log::{Told, head_log};
use rstest::rstest;
use store::{BlobStore, Store};

use crate::world::*;

async fn told(world: &World) -> String {
    match world.hall.fsck(&mut |_| {}).await {
        Err(Ended::Unsound(fault)) => fault.to_string(),
        other => panic!("this was to be found: {other:?}"),
    }
}

/// Every organ publishes, then the head log; its size.
async fn publish(world: &World) -> u64 {
    for organ in world.hall.organs() {
        world.hall.publish(&organ.tenant).await.unwrap().unwrap();
    }
    world.hall.publish_head().await.unwrap().unwrap().size
}

/// The published head log, read as anybody would.
fn entries(folder: &std::path::Path, key: ledger::Verifier) -> Vec<String> {
    let note = Folder::at(folder).checkpoint().unwrap().unwrap();
    let checkpoint = ledger::Trust::log(key).checkpoint("checkpoint", &note).unwrap().checkpoint;
    let mut reader = Reader::open(Folder::at(folder), &checkpoint).unwrap();
    (0..checkpoint.size).map(|index| String::from_utf8(reader.entry(index).unwrap()).unwrap()).collect()
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_published_checkpoint_stands_in_the_head_log(#[case] engine: Engine) {
    let world = World::new(engine).await;
    world.file(JW, TEXT, stranger(), None).await;
    assert_eq!(publish(&world).await, 3, "one entry for each organ");
    world.pass(60);
    assert_eq!(publish(&world).await, 6);
    // Published again without news it stays as it is.
    assert_eq!(world.hall.publish_head().await.unwrap().unwrap().size, 6);
    let log = head_log();
    let key = world.hall.keys.log_signer(&log, 1).unwrap().verifier();
    assert_eq!(key.name(), "log.example.org/log/head");
    let said = entries(&world.hall.places.log(&log, 1), key);
    for organ in world.hall.organs() {
        let note = std::fs::read_to_string(world.hall.places.log(&organ.tenant, 1).join("checkpoint")).unwrap();
        let text = note.split("\n\n").next().unwrap().to_owned() + "\n";
        assert!(said.contains(&text), "{text} is not in {said:?}");
    }
    world.sound().await;
}

#[rstest]
#[case::rolled_back(
    "DELETE FROM log_rows WHERE tenant = '990100JW1' AND (idx >= 16 OR idx IS NULL); \
     UPDATE log_heads SET size = 16, root = (SELECT root FROM kept), frontier = (SELECT frontier FROM kept), \
     checkpoint = (SELECT checkpoint FROM kept) WHERE tenant = '990100JW1'",
    "990100JW1, log: 32 leaves of log.example.org/log/990100JW1 were published and it has 16: it was rolled back"
)]
#[case::left_out(
    "DELETE FROM head_leaves WHERE idx >= 3; UPDATE log_heads SET size = 3, root = (SELECT root FROM kept_head), \
     frontier = (SELECT frontier FROM kept_head), checkpoint = (SELECT checkpoint FROM kept_head) \
     WHERE tenant = 'HEAD00000'",
    "does not stand in the head log"
)]
#[case::an_entry_taken_out("DELETE FROM head_leaves WHERE idx = 1", "leaves 0 to 6 are not all there")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organ_whose_log_was_rolled_back_or_left_out_is_named(#[case] change: &str, #[case] says: &str) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let world = World::new(engine).await;
        publish(&world).await;
        world.raw("CREATE TABLE kept AS SELECT * FROM log_heads WHERE tenant = '990100JW1'").await;
        world.raw("CREATE TABLE kept_head AS SELECT * FROM log_heads WHERE tenant = 'HEAD00000'").await;
        world.pass(60);
        publish(&world).await;
        world.sound().await;
        world.raw(change).await;
        // The owner of the database owns the folder, too.
        std::fs::remove_dir_all(world.hall.places.log(&head_log(), 1)).unwrap();
        if says.contains("rolled back") {
            std::fs::remove_dir_all(world.hall.places.log(&tenant(JW), 1)).unwrap();
        }
        let fault = told(&world).await;
        assert!(fault.contains(says), "{engine:?}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organ_that_published_another_history_is_named() {
    let world = World::new(Engine::Sqlite).await;
    publish(&world).await;
    // As if it had once been published otherwise: the entry is exchanged, and the head signed anew.
    let text = Checkpoint { origin: "log.example.org/log/990100JW1".into(), size: 16, root: [7; 32] }.text();
    let log = head_log();
    let signer = world.hall.keys.log_signer(&log, 1).unwrap();
    let mut said = entries(&world.hall.places.log(&log, 1), signer.verifier());
    let at = said.iter().position(|entry| entry.contains("990100JW1")).unwrap();
    said[at] = text.clone();
    let mut frontier = ledger::tree::Frontier::new();
    for entry in &said {
        frontier.push(ledger::tree::leaf_hash(entry.as_bytes()));
    }
    let (size, root) = (frontier.size(), frontier.root());
    let note = Checkpoint { origin: signer.name().into(), size, root }.sign(&signer).unwrap().to_string();
    world
        .raw(&format!(
            "UPDATE head_leaves SET entry = x'{}' WHERE idx = {at}; \
             UPDATE log_heads SET root = x'{}', checkpoint = x'{}' WHERE tenant = 'HEAD00000'",
            hex::encode(&text),
            hex::encode(root),
            hex::encode(&note)
        ))
        .await;
    std::fs::remove_dir_all(world.hall.places.log(&log, 1)).unwrap();
    let fault = told(&world).await;
    assert!(fault.contains("990100JW1, log: its first 16 leaves are not those"), "{fault}");
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_register_does_not_go_on_and_a_restored_one_names_what_it_follows(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let organ = tenant(JW);
    let filed = world.file(JW, TEXT, stranger(), None).await;
    publish(&world).await;
    let folder = world.folder.path().join("backup");
    world.hall.backup(&folder, &mut |_, _| {}).await.unwrap();
    world.pass(60);
    world.file(JW, TEXT, stranger(), None).await;
    publish(&world).await;
    world.hall.logs_are_not_behind().await.unwrap();
    let newest = std::fs::read(world.hall.places.log(&organ, 1).join("checkpoint")).unwrap();

    // The old rows put in place by hand, the folders still there: as before the backup was taken.
    let data = world.folder.path().join("older");
    std::fs::create_dir(&data).unwrap();
    let (url, _database) = place(engine, &data);
    Store::migrate(&url).await.unwrap();
    let store = Store::connect(&url).await.unwrap();
    let mut rows = std::io::BufReader::new(std::fs::File::open(folder.join("register.jsonl")).unwrap());
    store.import_snapshot(&mut rows, &mut |_, _| {}).await.unwrap();
    store.close().await;
    copy(&world.data().join("log"), &data.join("log"));
    let older = open(&url, &data, &world.keys(), &world.now, Holding::Desk).await.unwrap();
    let sentence = older.logs_are_not_behind().await.unwrap_err().to_string();
    assert!(sentence.contains("dengwen restore") && sentence.contains("an older register"), "{sentence}");
    world.pass(2);
    assert!(older.publish(&organ).await.unwrap_err().to_string().contains("an older register"));
    // Against the checkpoint kept elsewhere it is found without the folder, too.
    let fault = older.check_anchor("printed", &newest).await.unwrap_err().to_string();
    assert!(fault.contains("rolled back"), "{fault}");
    older.close().await;

    // Restored as it should be, beside the folders of the lost house.
    let data = world.folder.path().join("restored");
    std::fs::create_dir(&data).unwrap();
    let (url, _database) = place(engine, &data);
    Store::migrate(&url).await.unwrap();
    let store = Store::connect(&url).await.unwrap();
    restore(&store, &BlobStore::open(data.join("blobs"), None).unwrap(), &data, &folder, &mut |_, _| {}).await.unwrap();
    store.close().await;
    copy(&world.data().join("log"), &data.join("log"));
    let hall = open(&url, &data, &world.keys(), &world.now, Holding::Desk).await.unwrap();
    hall.logs_are_not_behind().await.unwrap();
    world.pass(2);
    let published = hall.publish(&organ).await.unwrap().unwrap();
    assert!(published.origin.ends_with("/log/990100JW1/2"), "{}", published.origin);
    hall.publish_head().await.unwrap().unwrap();
    let trust = hall.trust(&organ).await.unwrap();
    let note = Folder::at(hall.places.log(&organ, 2)).checkpoint().unwrap().unwrap();
    let checkpoint = trust.checkpoint("checkpoint", &note).unwrap().checkpoint;
    let first = Reader::open(Folder::at(hall.places.log(&organ, 2)), &checkpoint).unwrap().entry(0).unwrap();
    let text = String::from_utf8(newest.clone()).unwrap().split("\n\n").next().unwrap().to_owned() + "\n";
    assert_eq!(
        Leaf::from_bytes(&first).unwrap().commitment,
        successor_commitment(&text),
        "it names the last one known"
    );
    assert_eq!(std::fs::read(hall.places.log(&organ, 1).join("checkpoint")).unwrap(), newest, "the old folder stays");
    // The next head log begins with the last checkpoint of the former, word for word.
    let key = hall.keys.log_signer(&head_log(), 2).unwrap().verifier();
    let said = entries(&hall.places.log(&head_log(), 2), key);
    assert!(said[0].starts_with("log.example.org/log/head\n6\n"), "{said:?}");
    assert!(said[1].starts_with("log.example.org/log/990100JW1/2\n"), "{said:?}");
    sound(&hall).await;

    // What was filed before stands in the former log, and its proof and the page beside it name that one.
    let her = hall.present(&filed.code).await.unwrap();
    let proof = hall.proof(&her).await.unwrap();
    let former = hall.keys.log_signer(&organ, 1).unwrap().verifier();
    ledger::verify_bundle(&proof.bytes, &ledger::Trust::log(former.clone())).unwrap();
    match hall.proof_page(&her).await {
        Ok(page) => {
            let Some(words) = crate::papers::words(&page.bytes, page.name) else { return };
            let key = hall.keys.log_signer(&organ, 2).unwrap().verifier().to_string();
            assert!(words.contains(&former.to_string()) && !words.contains(&key), "{words}");
        }
        Err(error) => assert_eq!(error.slug(), "paper", "{error}"),
    }
}

/// The head key is younger than the organ's log: until the head log is first published there is nothing
/// that could have left the organ out, and from then on there is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_organ_that_published_before_there_was_a_head_log_is_sound() {
    let world = World::new(Engine::Sqlite).await;
    world.hall.publish(&tenant(JW)).await.unwrap().unwrap();
    world.sound().await;
    world.pass(60);
    world.hall.publish_head().await.unwrap().unwrap();
    world.sound().await;
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { std::fs::copy(&path, &there).map(drop).unwrap() }
    }
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proof_is_given_at_the_checkpoint_that_has_its_witnesses(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let organ = tenant(JW);
    let city = Signer::from_seed("city.example/witness", KeyKind::Witness, &[1; 32]).unwrap();
    let text = format!("witness city {} http://127.0.0.1:1\nquorum city\n", city.verifier());
    let policy = Policy::parse(text.as_bytes()).unwrap();
    world.hall.replace_policy(Some(policy.clone()));
    let filed = world.file(JW, TEXT, stranger(), None).await;
    publish(&world).await;
    let key = city.verifier();
    let brought = world.hall.request_cosignature(&organ, &key, None).await.unwrap().unwrap();
    assert_eq!((brought.request.old, brought.checkpoint.size), (0, 16));
    assert!(!world.hall.is_cosigned_by(&organ, &key).await.unwrap());

    // Answers that are none change nothing.
    let stranger = Signer::from_seed("other.example/witness", KeyKind::Witness, &[2; 32]).unwrap();
    let foreign = stranger.cosign(&brought.checkpoint.text(), 1_770_000_000).unwrap();
    let forged = format!("{foreign}\n").replace("other.example", "city.example");
    for (status, body) in [(200, format!("{foreign}\n")), (200, forged), (200, String::new()), (503, "away".into())] {
        let told = world.hall.told_by_witness(&brought, status, &body).await.unwrap();
        assert!(matches!(told, Told::Refused(_)), "{status} {body}: {told:?}");
    }
    let told = world.hall.told_by_witness(&brought, 409, "8\n").await.unwrap();
    assert_eq!(told, Told::AskFrom(8));
    let line = city.cosign(&brought.checkpoint.text(), 1_770_000_000).unwrap();
    assert_eq!(world.hall.told_by_witness(&brought, 200, &format!("{line}\n")).await.unwrap(), Told::Cosigned);
    assert!(world.hall.is_cosigned_by(&organ, &key).await.unwrap());
    let status = world.hall.log_status(&organ).await.unwrap();
    assert_eq!((status.met, status.witnesses[0].last), (Some(true), Some((16, 1_770_000_000))));

    // The next hour's checkpoint waits for the witness; the proof is given at the one that has it.
    world.pass(60);
    publish(&world).await;
    assert_eq!(world.hall.log_status(&organ).await.unwrap().met, Some(false));
    let again = world.hall.request_cosignature(&organ, &key, None).await.unwrap().unwrap();
    assert_eq!((again.request.old, again.checkpoint.size), (16, 32), "it is known where the witness stands");
    let her = world.hall.present(&filed.code).await.unwrap();
    let proof = world.hall.proof(&her).await.unwrap();
    let trust = policy.trust_in(world.hall.keys.log_signer(&organ, 1).unwrap().verifier());
    let verified = ledger::verify_bundle(&proof.bytes, &trust).unwrap();
    assert!(verified.to_string().contains("city.example/witness at 2026-02-02T"), "{verified}");
    world.sound().await;

    // That it has seen more is its word alone, and stops nothing that runs.
    let told = world.hall.told_by_witness(&again, 409, "4096\n").await.unwrap();
    assert!(matches!(&told, Told::Ahead(sentence) if sentence.contains("an older register")), "{told:?}");
    assert!(world.hall.publish(&organ).await.is_ok());
    // Signed by the log and by a witness there is no doubt: nothing of the log is published any more.
    let ahead = Checkpoint { origin: brought.checkpoint.origin.clone(), size: 4096, root: [7; 32] };
    let mut note = ahead.sign(&world.hall.keys.log_signer(&organ, 1).unwrap()).unwrap();
    note.add(city.cosign(&ahead.text(), 1_770_000_000).unwrap());
    let fault = world.hall.take_cosigned(note.to_string().as_bytes()).await.unwrap_err().to_string();
    assert!(fault.contains("an older register"), "{fault}");
    assert!(world.hall.publish(&organ).await.is_err() && world.hall.publish(&tenant(XF)).await.is_ok());
}

/// The timetable publishes, somebody asks for a publication, reports come in and witnesses answer, all
/// at once: nothing shows how many came, and no witness's line is lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn publishers_and_witnesses_at_once_lose_nothing() {
    let world = World::new(Engine::Sqlite).await;
    let organ = tenant(JW);
    let names = ["city", "province", "peer", "people"];
    let seeds = [[1; 32], [2; 32], [3; 32], [4; 32]];
    let signer = |at: usize| Signer::from_seed(&format!("{}.example/witness", names[at]), KeyKind::Witness, &seeds[at]);
    let signers = [0, 1, 2, 3].map(|at| signer(at).unwrap());
    let line = |(name, key): (&&str, &Signer)| format!("witness {name} {}\n", key.verifier());
    let lines: String = names.iter().zip(&signers).map(line).collect();
    let policy = format!("{lines}group all4 all {}\nquorum all4\n", names.join(" "));
    world.hall.replace_policy(Some(Policy::parse(policy.as_bytes()).unwrap()));
    for _ in 0..4 {
        let publish = async || {
            let published = world.hall.publish(&organ).await.unwrap().unwrap();
            assert_eq!(published.size % 16, 0, "a size that tells how many came");
            world.hall.publish_head().await.unwrap().unwrap();
        };
        let file = || world.file(JW, TEXT, stranger(), None);
        let sequence = async || world.hall.sequence(&organ).await.unwrap();
        tokio::join!(publish(), file(), sequence(), publish(), file(), publish(), sequence());
        let ask = async |signer: &Signer| {
            let brought = world.hall.request_cosignature(&organ, &signer.verifier(), None).await.unwrap().unwrap();
            let line = signer.cosign(&brought.checkpoint.text(), 1_770_000_000).unwrap();
            world.hall.told_by_witness(&brought, 200, &format!("{line}\n")).await.unwrap()
        };
        let [a, b, c, d] = &signers;
        let told = tokio::join!(ask(a), ask(b), ask(c), ask(d));
        assert_eq!(told, (Told::Cosigned, Told::Cosigned, Told::Cosigned, Told::Cosigned));
        let status = world.hall.log_status(&organ).await.unwrap();
        assert_eq!((status.met, status.published.map(|size| size % 16)), (Some(true), Some(0)), "{status:?}");
    }
    world.sound().await;
}
