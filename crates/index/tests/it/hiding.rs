//! Permission and recusal are part of every answer (attacks 9 and 10).

use domain::permission::{Scope, scope};
use domain::words::Kind;
use index::{Document, Index, Order, Query, Viewer, Words};
use tempfile::TempDir;

use crate::{all, empty, office, report, staff};

const TOKEN: &str = "c0ffee00c0ffee00c0ffee00c0ffee00";

fn filled() -> (TempDir, Index) {
    let (dir, index) = empty();
    let documents = [
        report(1, "修路 拖欠 工资"),
        Document { recused: vec![TOKEN.into(), "another".into()], ..report(2, "主任 拖欠 工资") },
        Document {
            holder: Some(office("second")),
            offices: vec![office("second"), office("petition")],
            assignee: Some(staff("h-1")),
            ..report(3, "拖欠 工资")
        },
        Document {
            holder: Some(office("second")),
            offices: vec![office("second"), office("petition")],
            ..report(4, "拖欠 工资")
        },
        Document {
            holder: Some(office("second")),
            offices: vec![office("second")],
            assignee: Some(staff("h-2")),
            recused: vec![TOKEN.into()],
            ..report(5, "拖欠 工资")
        },
    ];
    for document in &documents {
        index.put(document).expect("room on the disk");
    }
    index.commit(5).expect("room on the disk");
    (dir, index)
}

fn viewer(scope: Scope, me: &str) -> Viewer {
    Viewer { scope, me: me.into() }
}

fn found(index: &Index, query: &Query, viewer: &Viewer) -> Vec<u128> {
    let hits = index.search(query, viewer).expect("an answer");
    let counted = index.search(&Query { limit: 0, ..query.clone() }, viewer).expect("an answer");
    assert_eq!((hits.total, counted.total), (hits.reports.len(), hits.reports.len()));
    let mut ids: Vec<u128> = hits.reports.iter().map(|r| u128::from_be_bytes(r.0)).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn a_scope_shows_what_it_contains_and_counts_no_more() {
    let (_dir, index) = filled();
    let cases = [
        (viewer(Scope::Tenant, "x"), vec![1, 2, 3, 4, 5]),
        (viewer(Scope::None, "x"), vec![]),
        (viewer(Scope::Offices(vec![office("petition")]), "x"), vec![1, 2, 3, 4]),
        (viewer(Scope::Offices(vec![office("second")]), "x"), vec![3, 4, 5]),
        (viewer(Scope::Offices(vec![office("third")]), "x"), vec![]),
        (viewer(Scope::Offices(vec![]), "x"), vec![]),
        (viewer(Scope::Assigned { staff: staff("h-1"), office: office("second") }, "x"), vec![3, 4]),
        (viewer(Scope::Assigned { staff: staff("h-2"), office: office("second") }, "x"), vec![4, 5]),
        (viewer(Scope::Assigned { staff: staff("h-9"), office: office("third") }, "x"), vec![]),
    ];
    for (viewer, expected) in cases {
        let query = Query { words: Some(Words::All(vec!["工资".into()])), ..all() };
        assert_eq!(found(&index, &query, &viewer), expected, "{viewer:?}");
        assert_eq!(found(&index, &all(), &viewer), expected, "{viewer:?}");
    }
}

#[test]
fn a_report_about_someone_does_not_exist_for_him() {
    let (_dir, index) = filled();
    let recused = viewer(Scope::Tenant, TOKEN);
    for query in [
        all(),
        Query { words: Some(Words::All(vec!["工资".into()])), ..all() },
        Query { words: Some(Words::All(vec!["主任".into()])), ..all() },
        Query { order: Order::Relevance, words: Some(Words::All(vec!["拖欠".into()])), ..all() },
        Query { kinds: vec![Kind::Accusation], ..all() },
    ] {
        let seen = found(&index, &query, &recused);
        assert!(!seen.contains(&2) && !seen.contains(&5), "{query:?}");
    }
    assert_eq!(found(&index, &all(), &recused), [1, 3, 4]);
    let handler = viewer(Scope::Assigned { staff: staff("h-2"), office: office("second") }, TOKEN);
    assert_eq!(found(&index, &all(), &handler), [4]);
}

#[test]
fn someone_added_later_loses_it_with_the_next_put() {
    let (_dir, index) = filled();
    let recused = viewer(Scope::Tenant, TOKEN);
    assert!(found(&index, &all(), &recused).contains(&1));
    index.put(&Document { recused: vec![TOKEN.into()], ..report(1, "修路 拖欠 工资") }).unwrap();
    index.commit(6).unwrap();
    assert_eq!(found(&index, &all(), &recused), [3, 4]);
}

#[test]
fn a_forged_token_or_name_opens_nothing() {
    let (_dir, index) = filled();
    // The token stands in a clause of its own: it cannot be bent into another question.
    for me in ["", "*", "x OR recused:y", "\"", "token\0"] {
        assert_eq!(found(&index, &all(), &viewer(Scope::Tenant, me)).len(), 5);
    }
    // "Nobody" is no member of staff.
    for name in ["", "nobody", "staff:h-1"] {
        let nobody = viewer(Scope::Assigned { staff: staff(name), office: office("third") }, "x");
        assert_eq!(found(&index, &all(), &nobody), [0; 0], "{name}");
    }
}

#[test]
fn the_scope_of_every_role_means_here_what_it_means_in_the_domain() {
    // The register's predicate and this one come from the same value; roles without a list see none.
    use domain::permission::Who;
    use domain::words::Role;
    let (_dir, index) = filled();
    for &role in Role::ALL {
        let who =
            Who { staff: staff("h-1"), role, office: office("second"), kind: domain::directory::OfficeKind::Petition };
        let allowed = scope(&who);
        let seen = found(&index, &all(), &viewer(allowed.clone(), "x"));
        match allowed {
            Scope::None => assert!(seen.is_empty(), "{role}"),
            Scope::Tenant => assert_eq!(seen.len(), 5, "{role}"),
            Scope::Offices(_) | Scope::Assigned { .. } => assert!(!seen.contains(&1), "{role}"),
        }
    }
}
