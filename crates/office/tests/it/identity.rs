//! Who reported lies under three shares and nowhere else.

use domain::content::Identity;
use office::Hall;
use rstest::rstest;
use seal::{Approver, Custodian, IdentityPlace, KeyFolder, Protection, Share};

use crate::world::*;

async fn envelope(hall: &Hall, report: domain::ids::ReportId) -> Vec<u8> {
    hall.store.identity(&tenant(JW), report).await.unwrap().unwrap().envelope
}

/// The identity of a report, opened by its three holders together; by any two of them it is not.
pub async fn opened(world: &World, report: domain::ids::ReportId) -> Option<Identity> {
    let envelope = envelope(&world.hall, report).await;
    let folder = KeyFolder::new(world.keys());
    let custodian = folder.member::<Custodian>(JW, "custodian", Protection::DemoPlain).unwrap();
    let approver = folder.member::<Approver>(JW, "approver", Protection::DemoPlain).unwrap();
    let gate = folder.gate(JW, Protection::DemoPlain).unwrap();
    let place = IdentityPlace { tenant: JW, report: report.0, part: 0 };
    let a = seal::open_share(&custodian, &place, &envelope).unwrap();
    let b = seal::open_share(&approver, &place, &envelope).unwrap();
    let c = seal::open_share(&gate, &place, &envelope).unwrap();
    let whole = seal::open_identity(&place, &envelope, &a, &b, &c).unwrap();
    assert!(seal::open_identity(&place, &envelope, &a, &b, &Share::from_bytes([0; 32])).is_err(), "without the gate");
    assert!(seal::open_identity(&place, &envelope, &Share::from_bytes([0; 32]), &b, &c).is_err(), "one person alone");
    whole.map(|bytes| serde_json::from_slice::<Identity>(&bytes).unwrap())
}

#[rstest]
#[case::sqlite(Engine::Sqlite)]
#[case::postgres(Engine::Postgres)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_custodian_approver_and_gate_together_learn_the_name(#[case] engine: Engine) {
    let world = World::new(engine).await;
    let filed = world.file(JW, TEXT, stranger(), signed()).await;
    let anonymous = world.file(JW, TEXT, stranger(), None).await;
    let custodian = KeyFolder::new(world.keys()).member::<Custodian>(JW, "custodian", Protection::DemoPlain).unwrap();
    let signed_envelope = envelope(&world.hall, filed.report).await;
    assert_eq!(opened(&world, filed.report).await, signed());
    let other = IdentityPlace { tenant: JW, report: anonymous.report.0, part: 0 };
    assert!(seal::open_share(&custodian, &other, &signed_envelope).is_err(), "it opens for no other report");
    let dummy = envelope(&world.hall, anonymous.report).await;
    assert_eq!(dummy.len(), signed_envelope.len(), "an anonymous report looks the same");
    assert_eq!(opened(&world, anonymous.report).await, None);
    // The desk, which opens every report, learns nothing of it.
    let view = world.hall.view(&world.me("chief"), filed.report).await.unwrap();
    let all = format!("{:?}{:?}", view.narrative, view.events);
    assert!(!all.contains("苗望春") && !all.contains("十七号信箱"));
}
